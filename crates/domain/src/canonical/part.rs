//! What stands in which part of an entry.

use super::bytes::Writer;
use crate::{
    account::BookUnit,
    entry::{Entry, Posting},
    id::{CorporationId, OfficeId},
    place::Place,
    tax::PriceBasis,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whose part it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartRole {
    /// Header, births, movements, links: for every office the goods pass through.
    Shared,
    /// Key, agreement, texts, payload: for the acting body.
    Acting,
    /// Postings of an office: for that office alone.
    Office(OfficeId),
    /// Postings of a corporation's head office.
    Head(CorporationId),
    /// Who recorded it and when.
    Record,
}

impl PartRole {
    pub(super) const fn number(self) -> u8 {
        match self {
            PartRole::Shared => 1,
            PartRole::Acting => 2,
            PartRole::Office(_) => 3,
            PartRole::Head(_) => 4,
            PartRole::Record => 5,
        }
    }

    pub(super) const fn owner(self) -> Option<Uuid> {
        match self {
            PartRole::Office(office) => Some(office.0),
            PartRole::Head(corporation) => Some(corporation.0),
            PartRole::Shared | PartRole::Acting | PartRole::Record => None,
        }
    }

    pub(super) fn from_number(number: u8, owner: Option<Uuid>) -> Option<PartRole> {
        match (number, owner) {
            (1, None) => Some(PartRole::Shared),
            (2, None) => Some(PartRole::Acting),
            (3, Some(id)) => Some(PartRole::Office(OfficeId(id))),
            (4, Some(id)) => Some(PartRole::Head(CorporationId(id))),
            (5, None) => Some(PartRole::Record),
            _ => None,
        }
    }

    fn of_unit(unit: BookUnit) -> PartRole {
        match unit {
            BookUnit::Office(office, _) => PartRole::Office(office),
            BookUnit::Head(corporation) => PartRole::Head(corporation),
        }
    }
}

/// A part and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose.
    pub role: PartRole,
    /// The canonical bytes.
    pub bytes: Vec<u8>,
}

impl Part {
    /// What the leaf commits to.
    pub fn salted_hash(&self, salt: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"yokoito part 1");
        hash.update(salt);
        hash.update(&self.bytes);
        hash.finalize().into()
    }
}

pub(super) fn of(entry: &Entry) -> Vec<Part> {
    let mut parts = vec![
        Part {
            role: PartRole::Shared,
            bytes: shared(entry),
        },
        Part {
            role: PartRole::Acting,
            bytes: acting(entry),
        },
    ];
    let mut owners: Vec<PartRole> = entry
        .postings
        .iter()
        .map(|posting| PartRole::of_unit(posting.account.unit))
        .collect();
    owners.sort();
    owners.dedup();
    parts.extend(owners.into_iter().map(|role| Part {
        role,
        bytes: postings(entry, role),
    }));
    parts.push(Part {
        role: PartRole::Record,
        bytes: record(entry),
    });
    parts
}

fn shared(entry: &Entry) -> Vec<u8> {
    let mut out = Writer::default();
    out.u64(entry.seq);
    out.uuid(entry.id.0);
    out.text(&entry.kind);
    out.u16(entry.format);
    out.i32(entry.supplied_on.as_number());
    out.i32(entry.book_on.as_number());
    out.text(&entry.acting.to_string());
    out.list(&entry.references, |out, reference| {
        out.u8(reference.role.number());
        out.uuid(reference.id);
    });
    out.owner(entry.reverses.map(|id| id.0));
    out.list(&entry.births, |out, birth| {
        out.u8(u8::from(birth.amends));
        // the facts of a lot as JSON: written once, from one struct, in the struct's order
        out.bytes(&serde_json::to_vec(&birth.lot).unwrap_or_default());
    });
    out.list(&entry.movements, |out, movement| {
        out.uuid(movement.lot.0);
        place(out, &movement.from);
        place(out, &movement.to);
        out.i64(movement.quantity.get());
        out.u8(u8::from(movement.assumed));
    });
    out.list(&entry.links, |out, link| {
        out.uuid(link.input.0);
        out.uuid(link.output.0);
        out.i64(link.quantity);
    });
    out.list(&entry.offices.iter().collect::<Vec<_>>(), |out, office| {
        out.uuid(office.0);
    });
    out.finish()
}

fn acting(entry: &Entry) -> Vec<u8> {
    let mut out = Writer::default();
    out.text(entry.key.as_ref());
    out.owner(entry.group.map(|id| id.0));
    out.owner(entry.agreement.map(|id| id.0));
    out.list(&entry.evidence, |out, hash| out.raw(hash));
    out.list(&entry.texts, |out, seal| {
        out.u8(seal.role.number());
        out.raw(&seal.commitment);
    });
    out.bytes(&entry.payload);
    out.finish()
}

fn postings(entry: &Entry, role: PartRole) -> Vec<u8> {
    // the index keeps the order in which the lines were written across units
    let mine: Vec<(usize, &Posting)> = (entry.postings.iter().enumerate())
        .filter(|(_, posting)| PartRole::of_unit(posting.account.unit) == role)
        .collect();
    let mut out = Writer::default();
    out.owner(entry.agreement.map(|id| id.0));
    out.list(&mine, |out, (line, posting)| {
        out.u64(*line as u64);
        out.u8(match posting.account.unit {
            BookUnit::Office(_, section) => section as u8,
            BookUnit::Head(_) => 0,
        });
        out.u8(posting.account.kind.number());
        out.owner(posting.account.party.map(|id| id.0));
        out.owner(posting.account.cash_place.map(|id| id.0));
        out.i64(posting.yen.get());
        out.u8(posting.tax.category.number());
        out.u8(posting.tax.percent);
        out.u8(match posting.basis {
            None => 0,
            Some(PriceBasis::Inclusive) => 1,
            Some(PriceBasis::Exclusive) => 2,
        });
        out.text(posting.work.as_ref().map_or("", AsRef::as_ref));
    });
    out.finish()
}

fn record(entry: &Entry) -> Vec<u8> {
    let mut out = Writer::default();
    out.text(&entry.recorder);
    out.i64(entry.recorded_at.millis());
    out.finish()
}

fn place(out: &mut Writer, place: &Place) {
    out.u8(place.kind.number());
    out.uuid(place.owner.0);
    out.uuid(place.holder.0);
    out.owner(place.reference);
}
