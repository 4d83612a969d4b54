//! The keys of a book (帳簿の鍵): one signs its checkpoints, the other, public, checks them.
//!
//! Text forms of the C2SP signed-note ecosystem: `name+hash+key` for the public key and
//! `PRIVATE+KEY+name+hash+key` for the content of the key file.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Signature type of signed-note for Ed25519 over the note's text.
const ED25519: u8 = 0x01;
const SECRET_MARK: &str = "PRIVATE+KEY+";

/// A key that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The name is empty or has a space, a plus sign or a control character.
    #[error("鍵の名前には、空白・「+」・制御文字を使えません。例: yokoito.example/mihon")]
    Name,
    /// Not of the form name+hash+key.
    #[error("鍵の形が正しくありません。「名前+番号+鍵」の1行を、切らずに貼り付けてください")]
    Format,
    /// A public key where the secret one is needed, or the other way round.
    #[error("公開鍵と秘密鍵を取り違えています")]
    WrongHalf,
    /// Not an Ed25519 key (signature type 1).
    #[error("この種類の鍵は使えません。Ed25519 の鍵を指定してください")]
    Algorithm,
    /// The four bytes in the middle do not belong to this name and key.
    #[error("鍵の番号が名前と鍵に合いません。写し間違いがないか確かめてください")]
    Id,
    /// The bytes are no usable point of the curve.
    #[error("公開鍵の値が正しくありません")]
    Point,
}

/// The name of a key, by recommendation a URL without scheme, such as `yokoito.example/mihon`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let unfit = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.contains(unfit) {
            Err(KeyError::Name)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The public key of a book. Its text form (`Display`, `FromStr`) is `name+hash+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The name that stands in the signature lines.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The 32 bytes of the Ed25519 public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The first 4 bytes of SHA-256(name, newline, 0x01, public key); with the name it tells keys apart. It is no
    /// proof of anything.
    pub fn id(&self) -> [u8; 4] {
        let hasher = Sha256::new()
            .chain_update(self.name.as_str())
            .chain_update([b'\n', ED25519]);
        let [a, b, c, d, ..] = <[u8; 32]>::from(hasher.chain_update(self.as_bytes()).finalize());
        [a, b, c, d]
    }

    /// Whether `signature` is this key's over `text`; strict, so that no second signature passes for the same text.
    pub(super) fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}+{}+{}",
            self.name,
            hex::encode(self.id()),
            encode(self.as_bytes())
        )
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    /// Reads `name+hash+key`; blanks around it are no matter, as people paste it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        if text.starts_with(SECRET_MARK) {
            return Err(KeyError::WrongHalf);
        }
        let (name, id, bytes) = parse(text)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Point)?;
        // for a key of small order anybody can make signatures
        if key.is_weak() {
            return Err(KeyError::Point);
        }
        checked(Self { name, key }, id)
    }
}

/// The secret key of a book, with its name. Never shown: `Debug` names the public key only, and the memory is
/// wiped when it is dropped.
#[derive(Clone)]
pub struct BookKey {
    name: KeyName,
    key: SigningKey,
}

impl BookKey {
    /// Makes the key of 32 secret bytes, which the caller draws from the system's randomness.
    pub fn from_secret(name: KeyName, secret: &[u8; 32]) -> Self {
        Self {
            name,
            key: SigningKey::from_bytes(secret),
        }
    }

    /// The public half, to be given to everybody who keeps checkpoints.
    pub fn public(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The content of the key file, one line, **secret**: `PRIVATE+KEY+name+hash+key`.
    pub fn to_text(&self) -> String {
        let id = hex::encode(self.public().id());
        format!(
            "{SECRET_MARK}{}+{id}+{}\n",
            self.name,
            encode(self.key.as_bytes())
        )
    }

    /// Reads the content of a key file.
    ///
    /// # Errors
    /// [`KeyError`]; its text never holds any part of the key.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let text = text.trim();
        let Some(rest) = text.strip_prefix(SECRET_MARK) else {
            return Err(if text.parse::<VerifierKey>().is_ok() {
                KeyError::WrongHalf
            } else {
                KeyError::Format
            });
        };
        let (name, id, secret) = parse(rest)?;
        let key = Self::from_secret(name, &secret);
        checked(key.public(), id)?;
        Ok(key)
    }

    /// The 64 bytes of the Ed25519 signature over `text`.
    pub(super) fn sign(&self, text: &str) -> [u8; 64] {
        self.key.sign(text.as_bytes()).to_bytes()
    }
}

impl fmt::Debug for BookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BookKey")
            .field("public", &self.public().to_string())
            .finish_non_exhaustive()
    }
}

fn encode(key: &[u8; 32]) -> String {
    STANDARD.encode([[ED25519].as_slice(), key].concat())
}

/// Takes `name+hash+key` apart. The key's base64 may hold further plus signs.
fn parse(text: &str) -> Result<(KeyName, [u8; 4], [u8; 32]), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Format)?;
    let (id_text, key) = rest.split_once('+').ok_or(KeyError::Format)?;
    let mut id = [0; 4];
    hex::decode_to_slice(id_text, &mut id).map_err(|_| KeyError::Format)?;
    let bytes = STANDARD.decode(key).map_err(|_| KeyError::Format)?;
    match bytes.split_first() {
        Some((&ED25519, key)) => {
            let key = key.try_into().map_err(|_| KeyError::Format)?;
            Ok((name.parse()?, id, key))
        }
        Some(_) => Err(KeyError::Algorithm),
        None => Err(KeyError::Format),
    }
}

fn checked(key: VerifierKey, id: [u8; 4]) -> Result<VerifierKey, KeyError> {
    if key.id() == id {
        Ok(key)
    } else {
        Err(KeyError::Id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both halves from the documentation of golang.org/x/mod/sumdb/note.
    const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    #[test]
    fn text_forms_of_the_reference_key() {
        let key = BookKey::from_text(SECRET).unwrap();
        assert_eq!(key.to_text(), format!("{SECRET}\n"));
        assert_eq!(key.public().to_string(), PUBLIC);
        assert_eq!(key.public().id(), [0xc7, 0x4f, 0x20, 0xa3]);
        assert_eq!(format!(" {PUBLIC}\n").parse(), Ok(key.public()));
        assert_eq!(key.public().name().as_str(), "PeterNeumann");
    }

    #[test]
    fn the_secret_is_not_shown() {
        let shown = format!("{:?}", BookKey::from_text(SECRET).unwrap());
        assert_eq!(shown, format!("BookKey {{ public: {PUBLIC:?}, .. }}"));
        assert!(!shown.contains("YEKFALV"));
    }

    #[test]
    fn secret_bytes_make_the_same_key_each_time() {
        let key = |secret| BookKey::from_secret("yokoito.example/mihon".parse().unwrap(), &[secret; 32]);
        assert_eq!(key(1).to_text(), key(1).to_text());
        assert_ne!(key(1).public(), key(2).public());
        assert_eq!(
            BookKey::from_text(&key(1).to_text()).unwrap().public(),
            key(1).public()
        );
    }

    #[test]
    fn mangled_keys_are_refused() {
        for cut in 0..PUBLIC.len() {
            assert!(
                PUBLIC[..cut].parse::<VerifierKey>().is_err(),
                "{}",
                &PUBLIC[..cut]
            );
            assert!(
                cut == 0 || PUBLIC[cut..].parse::<VerifierKey>().is_err(),
                "{}",
                &PUBLIC[cut..]
            );
            assert!(BookKey::from_text(&SECRET[..cut]).is_err());
        }
        let error = |text: String| text.parse::<VerifierKey>().unwrap_err();
        assert_eq!(error(PUBLIC.replace("c74f20a3", "c74f20a4")), KeyError::Id);
        assert_eq!(error(PUBLIC.replace("Peter", "Petra")), KeyError::Id);
        assert_eq!(error(PUBLIC.replace("Peter", "Peter ")), KeyError::Name);
        assert_eq!(error(PUBLIC.replace("+AR", "+BR")), KeyError::Algorithm);
        assert_eq!(error(SECRET.to_owned()), KeyError::WrongHalf);
        assert_eq!(BookKey::from_text(PUBLIC).unwrap_err(), KeyError::WrongHalf);
        assert_eq!(
            BookKey::from_text(&SECRET.replace("AYEK", "AYEL")).unwrap_err(),
            KeyError::Id
        );
        // the neutral point: everything verifies under it
        let neutral = format!(
            "a+00000000+{}",
            encode(&std::array::from_fn(|i| u8::from(i == 0)))
        );
        assert_eq!(error(neutral), KeyError::Point);
    }

    #[test]
    fn names() {
        for good in ["yokoito.example/mihon", "横糸/見本市", "a"] {
            assert_eq!(good.parse::<KeyName>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a　b", "a+b", "a\nb", "a\u{7f}b"] {
            assert_eq!(bad.parse::<KeyName>(), Err(KeyError::Name), "{bad:?}");
        }
    }
}
