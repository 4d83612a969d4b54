//! How acts name things: by the codes people see. Codes never change and are never used again.

use crate::text::{Code, Key, LotCode};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A product: `carrot` of the acting office, or `hidamari/carrot` of another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductRef {
    /// Office that made the product known; the acting office when missing.
    pub office: Option<Code>,
    /// Its code there.
    pub code: Code,
}

impl FromStr for ProductRef {
    type Err = crate::text::TextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once('/') {
            None => ProductRef {
                office: None,
                code: text.parse()?,
            },
            Some((office, code)) => ProductRef {
                office: Some(office.parse()?),
                code: code.parse()?,
            },
        })
    }
}

impl fmt::Display for ProductRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.office {
            None => self.code.fmt(f),
            Some(office) => write!(f, "{office}/{}", self.code),
        }
    }
}

impl Serialize for ProductRef {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProductRef {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Another entry, by the key it was recorded under: of the acting body, or of the office or body named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryRef {
    /// Office that recorded it; the acting body when missing. `keeper` for the book's keeper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Code>,
    /// Its key.
    pub key: Key,
}

/// Where an act may state a code for the thing it makes, or leave it to the book.
pub type NewLotCode = Option<LotCode>;
