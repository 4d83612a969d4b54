//! How acts name things: by the codes people see. Codes never change and are never used again.

use crate::{
    command::ActingRef,
    id::{Acting, EntryId},
    masters::Masters,
    text::{Code, Key, LotCode},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

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

/// Another entry, by the key it was recorded under: of the acting body, or of the office or network named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EntryRef {
    /// Office that recorded it; the acting body when missing. `keeper` for the book's keeper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<Code>,
    /// Network that recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<Code>,
    /// Its key.
    pub key: Key,
}

impl EntryRef {
    /// Who recorded it, where `by` names it; none when the office or network is unknown, or both are named.
    pub fn acting(&self, masters: &Masters, by: Acting) -> Option<Acting> {
        match (&self.office, &self.network) {
            (None, None) => Some(by),
            (Some(code), None) if code.as_ref() == "keeper" => Some(Acting::Keeper),
            (Some(code), None) => Some(Acting::Office(masters.office_by_code(code)?.id)),
            (None, Some(code)) => Some(Acting::Network(masters.network_by_code(code)?.id)),
            (Some(_), Some(_)) => None,
        }
    }
}

/// Where an act may state a code for the thing it makes, or leave it to the book.
pub type NewLotCode = Option<LotCode>;

/// An entry as people point at it on the command line: by its number in the log (`12`, counted from 0, as `verify` prints
/// it), by its id, or by who recorded it and the key (`kitchen/r-0605`, `keeper/rate-10`, `network:minami/k-1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryPointer {
    /// Position in the log, from 0.
    Position(u64),
    /// Id.
    Id(EntryId),
    /// Acting body and key.
    Key {
        /// Who recorded it.
        acting: ActingRef,
        /// Its key.
        key: Key,
    },
}

/// A text that points at no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "伝票は、番号(例: 12)、ID、または「事業所のコード/キー」(例: kitchen/r-0605。管理者の伝票は keeper/キー、連絡会のは network:コード/キー)で書いてください。"
)]
pub struct NoEntryPointer;

impl FromStr for EntryPointer {
    type Err = NoEntryPointer;

    fn from_str(text: &str) -> Result<EntryPointer, NoEntryPointer> {
        let Some((acting, key)) = text.split_once('/') else {
            let position = text.parse().ok().filter(|_| !text.starts_with('+'));
            let id = || Uuid::try_parse(text).ok().map(|id| EntryPointer::Id(EntryId(id)));
            return position
                .map(EntryPointer::Position)
                .or_else(id)
                .ok_or(NoEntryPointer);
        };
        let code = |text: &str| text.parse::<Code>().map_err(|_| NoEntryPointer);
        let acting = match (acting, acting.strip_prefix("network:")) {
            ("keeper", _) => ActingRef::Keeper,
            (_, Some(network)) => ActingRef::Network(code(network)?),
            (office, None) => ActingRef::Office(code(office)?),
        };
        Ok(EntryPointer::Key {
            acting,
            key: key.parse().map_err(|_| NoEntryPointer)?,
        })
    }
}

impl fmt::Display for EntryPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EntryPointer::Position(seq) => seq.fmt(f),
            EntryPointer::Id(id) => id.fmt(f),
            EntryPointer::Key { acting, key } => match acting {
                ActingRef::Keeper => write!(f, "keeper/{key}"),
                ActingRef::Network(code) => write!(f, "network:{code}/{key}"),
                ActingRef::Office(code) => write!(f, "{code}/{key}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_pointed_at_by_number_id_or_key() {
        let id = Uuid::from_u128(0xa1);
        let by_key = |acting, key: &str| EntryPointer::Key {
            acting,
            key: key.parse().unwrap(),
        };
        let code = |text: &str| text.parse::<Code>().unwrap();
        for (text, expected) in [
            ("0", EntryPointer::Position(0)),
            ("1565", EntryPointer::Position(1_565)),
            (&id.hyphenated().to_string(), EntryPointer::Id(EntryId(id))),
            ("a/12", by_key(ActingRef::Office(code("a")), "12")),
            (
                "kitchen/r-0605/2",
                by_key(ActingRef::Office(code("kitchen")), "r-0605/2"),
            ),
            ("keeper/rate-10", by_key(ActingRef::Keeper, "rate-10")),
            (
                "network:minami/k-1",
                by_key(ActingRef::Network(code("minami")), "k-1"),
            ),
        ] {
            let read: EntryPointer = text.parse().unwrap();
            assert_eq!(read, expected, "{text}");
            assert_eq!(read.to_string(), text);
        }
        for wrong in [
            "",
            "-1",
            "+1",
            "1.5",
            "s-0605",
            "/k",
            "a/",
            "A/k",
            "a/k k",
            "network:/k",
        ] {
            assert_eq!(wrong.parse::<EntryPointer>(), Err(NoEntryPointer), "{wrong}");
        }
    }
}
