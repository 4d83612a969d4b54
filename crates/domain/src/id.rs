//! Typed ids over UUIDs.
//!
//! A thing's id is either stated by the client or derived from who recorded it under which key: the same act sent
//! by file, API or page gets the same ids, so a retry names the same lot and the content of two books can be compared.

use crate::text::Key;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    )+};
}

ids! {
    /// 連絡会.
    NetworkId,
    /// 法人.
    CorporationId,
    /// 事業所.
    OfficeId,
    /// 取引先.
    PartnerId,
    /// An office or a partner: whoever can own, hold or owe.
    PartyId,
    /// 品目.
    ProductId,
    /// ロット.
    LotId,
    /// 伝票.
    EntryId,
    /// 取り決め.
    AgreementId,
    /// 現金・預金の置き場.
    CashPlaceId,
    /// 一括登録 (an import or a bulk): what is undone in one go.
    GroupId,
}

impl From<OfficeId> for PartyId {
    fn from(office: OfficeId) -> PartyId {
        PartyId(office.0)
    }
}

impl From<PartnerId> for PartyId {
    fn from(partner: PartnerId) -> PartyId {
        PartyId(partner.0)
    }
}

impl From<CorporationId> for PartyId {
    /// 本部: the head office stands on the other side of 内部勘定 under its corporation's id.
    fn from(corporation: CorporationId) -> PartyId {
        PartyId(corporation.0)
    }
}

/// Who records: the idempotency key is theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Acting {
    /// The book's keeper (the program at the machine's command line).
    Keeper,
    /// A network's coordinators.
    Network(NetworkId),
    /// An office.
    Office(OfficeId),
}

impl Acting {
    /// The office, where an office acts.
    pub fn office(self) -> Option<OfficeId> {
        match self {
            Acting::Office(office) => Some(office),
            Acting::Keeper | Acting::Network(_) => None,
        }
    }

    /// From the text form; `None` when it is not one.
    pub fn parse(text: &str) -> Option<Acting> {
        let uuid = |text: &str| Uuid::try_parse(text).ok();
        match text.split_once(':') {
            None if text == "keeper" => Some(Acting::Keeper),
            Some(("network", id)) => Some(Acting::Network(NetworkId(uuid(id)?))),
            Some(("office", id)) => Some(Acting::Office(OfficeId(uuid(id)?))),
            _ => None,
        }
    }
}

impl fmt::Display for Acting {
    /// `keeper`, `network:<uuid>`, `office:<uuid>`: the form kept in rows and canonical bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Acting::Keeper => f.write_str("keeper"),
            Acting::Network(id) => write!(f, "network:{id}"),
            Acting::Office(id) => write!(f, "office:{id}"),
        }
    }
}

/// The id of the `ordinal`-th thing of a `role` that the act under this key makes. UUID version 8 (RFC 9562: made by
/// the application's own rule), from SHA-256.
pub fn derive(acting: &Acting, key: &Key, role: &str, ordinal: usize) -> Uuid {
    let mut hash = Sha256::new();
    for part in [
        "yokoito id 1",
        &acting.to_string(),
        key.as_ref(),
        role,
        &ordinal.to_string(),
    ] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_depend_on_each_part_and_on_nothing_else() {
        let key = |text: &str| text.parse::<Key>().unwrap();
        let first = derive(&Acting::Keeper, &key("a"), "lot", 0);
        assert_eq!(first, derive(&Acting::Keeper, &key("a"), "lot", 0));
        assert_eq!(first.get_version_num(), 8);
        let office = Acting::Office(OfficeId(first));
        for other in [
            derive(&office, &key("a"), "lot", 0),
            derive(&Acting::Keeper, &key("b"), "lot", 0),
            derive(&Acting::Keeper, &key("a"), "entry", 0),
            derive(&Acting::Keeper, &key("a"), "lot", 1),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn acting_reads_its_own_writing() {
        let id = Uuid::from_u128(7);
        for acting in [
            Acting::Keeper,
            Acting::Network(NetworkId(id)),
            Acting::Office(OfficeId(id)),
        ] {
            assert_eq!(Acting::parse(&acting.to_string()), Some(acting));
        }
        assert_eq!(Acting::parse("office:x"), None);
    }
}
