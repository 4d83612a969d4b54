//! A SHA-256 hash as a value: of a leaf, of a subtree, or of the whole log.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// 32 bytes of SHA-256. People and JSON see 64 hexadecimal digits, in small letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Hash::LEN]);

/// A text or a row of bytes that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HashError {
    /// Not exactly 64 hexadecimal digits.
    #[error("ハッシュ値は16進数64桁です。写し間違いがないか確かめてください")]
    Text,
    /// Not exactly [`Hash::LEN`] bytes.
    #[error("ハッシュ値は32バイトです")]
    Length,
}

impl Hash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// Wraps a finished SHA-256 hash.
    pub const fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The bytes as stored and hashed.
    pub const fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError::Length)
    }
}

impl FromStr for Hash {
    type Err = HashError;

    /// Reads 64 hexadecimal digits; capitals are read too, as people may type them.
    fn from_str(text: &str) -> Result<Self, HashError> {
        let mut bytes = [0; Self::LEN];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| HashError::Text)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn text_and_json_are_hexadecimal() {
        let hash: Hash = ABC.parse().unwrap();
        assert_eq!(hash.as_bytes()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(hash.to_string(), ABC);
        assert_eq!(ABC.to_uppercase().parse(), Ok(hash));
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{ABC}\""));
        assert_eq!(serde_json::from_str::<Hash>(&format!("\"{ABC}\"")).unwrap(), hash);
    }

    #[test]
    fn wrong_length_or_letter_is_refused() {
        assert_eq!(ABC[1..].parse::<Hash>(), Err(HashError::Text));
        assert_eq!(format!("{ABC}00").parse::<Hash>(), Err(HashError::Text));
        assert_eq!(ABC.replace('b', "g").parse::<Hash>(), Err(HashError::Text));
        assert!(serde_json::from_str::<Hash>("\"00\"").is_err());
        assert_eq!(Hash::try_from([0; 31].as_slice()), Err(HashError::Length));
        assert_eq!(Hash::try_from([7; 32].as_slice()), Ok(Hash::new([7; 32])));
    }
}
