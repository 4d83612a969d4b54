//! What the ids in an entry are called (呼び名). An entry's bytes carry ids only; the names stand in the entries that made
//! the things known, with much else that is not for everybody. So the keeper states names and signs them as a note of
//! their own:
//!
//! ```text
//! yokoito names 1
//! yokoito/00000000-0000-0000-0000-000000000000      the book
//! 12                                                position of the entry
//! {"is":"party","id":"…","kind":"office","code":"b","name":"Bキッチン"}
//! …
//! ```
//!
//! The first line keeps such a note from ever being read as a checkpoint.

use super::{NotProved, keys_of};
use crate::{
    id::{AgreementId, CashPlaceId, LotId, NetworkId, PartyId, ProductId},
    log::{BookKey, NoteError, VerifierKey, open_note, sign_note},
    quantity::Unit,
    refs::ProductRef,
    text::{Code, LotCode, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const HEADER: &str = "yokoito names 1";

/// What a party is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 事業所.
    Office,
    /// 取引先.
    Partner,
    /// 本部 of a corporation.
    Head,
    /// 一般客.
    Public,
}

/// What one id is called on the entry's day of supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "id, code and name of each thing, as in the master data"
)]
pub enum Label {
    Party {
        id: PartyId,
        kind: PartyKind,
        code: Code,
        name: Name,
    },
    Network {
        id: NetworkId,
        code: Code,
        name: Name,
    },
    Product {
        id: ProductId,
        code: ProductRef,
        name: Name,
        unit: Name,
        decimals: u8,
    },
    Lot {
        id: LotId,
        code: LotCode,
        product: ProductId,
    },
    CashPlace {
        id: CashPlaceId,
        name: Name,
    },
    Agreement {
        id: AgreementId,
        code: Code,
    },
}

impl Label {
    const fn id(&self) -> uuid::Uuid {
        match self {
            Label::Party { id, .. } => id.0,
            Label::Network { id, .. } => id.0,
            Label::Product { id, .. } => id.0,
            Label::Lot { id, .. } => id.0,
            Label::CashPlace { id, .. } => id.0,
            Label::Agreement { id, .. } => id.0,
        }
    }
}

/// Labels by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<uuid::Uuid, Label>);

impl FromIterator<Label> for Names {
    fn from_iter<T: IntoIterator<Item = Label>>(labels: T) -> Names {
        Names(labels.into_iter().map(|label| (label.id(), label)).collect())
    }
}

impl Names {
    /// All labels, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Label> {
        self.0.values()
    }

    /// A party: `b Bキッチン`; the id where it has no label.
    pub fn party(&self, id: PartyId) -> String {
        match self.0.get(&id.0) {
            Some(Label::Party { kind, code, name, .. }) => match kind {
                PartyKind::Office | PartyKind::Partner => format!("{name}({code})"),
                PartyKind::Head => format!("{name} 本部({code})"),
                PartyKind::Public => name.to_string(),
            },
            _ => id.to_string(),
        }
    }

    /// A network.
    pub fn network(&self, id: NetworkId) -> String {
        match self.0.get(&id.0) {
            Some(Label::Network { code, name, .. }) => format!("{name}({code})"),
            _ => id.to_string(),
        }
    }

    /// A lot with its product: `N-0 布小物(a/craft)`.
    pub fn lot(&self, id: LotId) -> String {
        match self.0.get(&id.0) {
            Some(Label::Lot { code, product, .. }) => format!("{code} {}", self.product(*product)),
            _ => id.to_string(),
        }
    }

    /// A product.
    pub fn product(&self, id: ProductId) -> String {
        match self.0.get(&id.0) {
            Some(Label::Product { code, name, .. }) => format!("{name}({code})"),
            _ => id.to_string(),
        }
    }

    /// A quantity of a lot in the unit of its product; in smallest steps where the unit has no label.
    pub fn quantity(&self, lot: LotId, steps: i64) -> String {
        let product = match self.0.get(&lot.0) {
            Some(Label::Lot { product, .. }) => self.0.get(&product.0),
            _ => None,
        };
        match product {
            Some(Label::Product { unit, decimals, .. }) => {
                let scale = Unit {
                    name: String::new(),
                    decimals: *decimals,
                    packs: Vec::new(),
                };
                format!("{} {unit}", scale.decimal(steps))
            }
            _ => format!("{steps}(最小単位)"),
        }
    }

    /// A cash or bank place.
    pub fn cash_place(&self, id: CashPlaceId) -> String {
        match self.0.get(&id.0) {
            Some(Label::CashPlace { name, .. }) => name.to_string(),
            _ => id.to_string(),
        }
    }

    /// An agreement.
    pub fn agreement(&self, id: AgreementId) -> String {
        match self.0.get(&id.0) {
            Some(Label::Agreement { code, .. }) => code.to_string(),
            _ => id.to_string(),
        }
    }

    /// The signed note for the entry at a position.
    pub fn sign(&self, origin: &str, seq: u64, key: &BookKey) -> String {
        let mut text = format!("{HEADER}\n{origin}\n{seq}\n");
        for label in self.iter() {
            // ids, codes and names can always be written
            text += &serde_json::to_string(label).unwrap_or_default();
            text.push('\n');
        }
        sign_note(&text, key)
    }

    /// Reads the note; it must be signed by the book's key, for this entry.
    pub(super) fn open(note: &str, origin: &str, seq: u64, keys: &[VerifierKey]) -> Result<Names, NotProved> {
        let wrong = |what: &dyn ToString| NotProved::Names(what.to_string());
        let text = open_note(note, &keys_of(origin, keys)?).map_err(|error: NoteError| wrong(&error))?;
        let mut lines = text.lines();
        if [lines.next(), lines.next(), lines.next()]
            != [Some(HEADER), Some(origin), Some(seq.to_string().as_str())]
        {
            return Err(wrong(&"この帳簿のこの伝票のものではありません"));
        }
        let labels: Vec<Label> = lines
            .map(serde_json::from_str)
            .collect::<Result<_, _>>()
            .map_err(|_| wrong(&"読めない行があります"))?;
        let count = labels.len();
        let names: Names = labels.into_iter().collect();
        if names.0.len() == count {
            Ok(names)
        } else {
            Err(wrong(&"同じものの呼び名が二つあります"))
        }
    }
}
