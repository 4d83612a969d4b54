//! Secrets that are shown once: of a session, a token, an invitation, a card. 256 random bits as text with a prefix that tells
//! what was leaked, where one is found. Only the SHA-256 is kept: with so much chance in it, it needs no salt and can be
//! looked up.

use crate::outside::Outside;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// What a secret is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A session: `yks_…`.
    Session,
    /// A token of another program: `ykt_…`.
    Token,
    /// An invitation: `yki_…`.
    Invitation,
    /// A card of a tablet: `ykc_…`.
    Card,
    /// A link for another password: `ykr_…`.
    Reset,
}

impl SecretKind {
    /// How its texts begin.
    pub const fn prefix(self) -> &'static str {
        match self {
            SecretKind::Session => "yks_",
            SecretKind::Token => "ykt_",
            SecretKind::Invitation => "yki_",
            SecretKind::Card => "ykc_",
            SecretKind::Reset => "ykr_",
        }
    }

    /// The hash of a text that may be such a secret; none for what cannot be one.
    pub(super) fn hash(self, text: &str) -> Option<[u8; 32]> {
        let random = URL_SAFE_NO_PAD.decode(text.strip_prefix(self.prefix())?).ok()?;
        (random.len() == 32).then(|| Sha256::digest(text).into())
    }
}

/// A secret in clear, to be handed to its owner. Never shown by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one, with its hash.
    pub(super) fn new(kind: SecretKind, outside: &Outside) -> (Secret, [u8; 32]) {
        let text = format!(
            "{}{}",
            kind.prefix(),
            URL_SAFE_NO_PAD.encode(outside.random.seed())
        );
        let hash = Sha256::digest(&text).into();
        (Secret(text), hash)
    }

    /// The text, for the answer to its owner alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendar::Instant;

    #[test]
    fn a_secret_is_known_by_its_hash_and_shows_nothing() {
        let outside = Outside::fixed(Instant::EPOCH, 1);
        let (secret, hash) = Secret::new(SecretKind::Token, &outside);
        assert!(secret.expose().starts_with("ykt_"));
        assert_eq!(secret.expose().len(), 4 + 43);
        assert_eq!(SecretKind::Token.hash(secret.expose()), Some(hash));
        assert_eq!(SecretKind::Session.hash(secret.expose()), None);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        for bad in ["", "ykt_", "ykt_AAAA", "ykt_ä", &"x".repeat(1_000_000)] {
            assert_eq!(SecretKind::Token.hash(bad), None);
        }
    }
}
