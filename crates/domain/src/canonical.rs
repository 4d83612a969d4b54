//! Canonical bytes of an entry: the only thing ever hashed.
//!
//! An entry is written as *parts*, so that a proof can show an office its own part and of the others only a salted
//! hash: the shared part (header, births, movements, links), the acting body's part (key, agreement, texts, payload),
//! one part of postings per bookkeeping unit, and the record part (who typed it, when).
//! All numbers are big-endian, all texts and lists carry their length in front: no separator can be forged.

mod bytes;
mod content;
mod part;

use crate::entry::Entry;
pub use bytes::CanonicalError;
use bytes::{Reader, Writer};
pub use content::{ActingPart, Content, PostingsPart, RecordPart, SharedPart};
pub use part::{Part, PartRole};
use sha2::{Digest, Sha256};

/// Version of the byte form. A new form gets a new number; old entries keep theirs.
pub const VERSION: u8 = 1;

/// The entry's parts, in their one order.
pub fn parts(entry: &Entry) -> Vec<Part> {
    part::of(entry)
}

/// All parts as one blob, as kept in the book and in exports.
pub fn encode(parts: &[Part]) -> Vec<u8> {
    let mut out = Writer::default();
    out.u8(VERSION);
    out.list(parts, |out, part| {
        out.u8(part.role.number());
        out.owner(part.role.owner());
        out.bytes(&part.bytes);
    });
    out.finish()
}

/// The parts of a blob.
pub fn split(blob: &[u8]) -> Result<Vec<Part>, CanonicalError> {
    let mut input = Reader::new(blob);
    input.version(VERSION)?;
    let parts = input.list(|input| {
        let (number, owner) = (input.u8()?, input.owner()?);
        let role = PartRole::from_number(number, owner).ok_or_else(|| input.error("part"))?;
        Ok(Part {
            role,
            bytes: input.bytes()?.to_vec(),
        })
    })?;
    input.end()?;
    Ok(parts)
}

/// The entry of a blob. Fails on any byte that does not belong there: `encode(parts(decode(x))) == x`.
pub fn decode(blob: &[u8]) -> Result<Entry, CanonicalError> {
    let entry = content::join(&split(blob)?)?;
    if encode(&parts(&entry)) == blob {
        Ok(entry)
    } else {
        Err(CanonicalError { at: 0, what: "form" })
    }
}

/// Salt of a part, derived from the entry's seed: showing it reveals nothing about the other parts' salts.
pub fn salt(seed: &[u8; 32], role: PartRole) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"yokoito part salt 1");
    hash.update(seed);
    hash.update([role.number()]);
    hash.update(role.owner().map_or([0; 16], |owner| *owner.as_bytes()));
    hash.finalize().into()
}

/// What the log's leaf hashes: position and the salted hash of each part.
pub fn leaf_content(seq: u64, parts: &[Part], seed: &[u8; 32]) -> Vec<u8> {
    leaf(
        seq,
        parts
            .iter()
            .map(|part| (part.role, part.salted_hash(&salt(seed, part.role)))),
    )
}

/// The leaf from the parts' roles and salted hashes alone: what the holder of one part can rebuild.
pub fn leaf(seq: u64, parts: impl IntoIterator<Item = (PartRole, [u8; 32])>) -> Vec<u8> {
    let mut out = Writer::default();
    out.u8(VERSION);
    out.u64(seq);
    out.list(&parts.into_iter().collect::<Vec<_>>(), |out, (role, hash)| {
        out.u8(role.number());
        out.owner(role.owner());
        out.raw(hash);
    });
    out.finish()
}

/// Hash of what was recorded without recorder, time, group and salts: equal for the same acts by file, bulk or API. Of a
/// free text, whose commitment is salted, only the role counts.
pub fn content_hash(entry: &Entry) -> [u8; 32] {
    let mut content = entry.clone();
    content.group = None;
    for seal in &mut content.texts {
        seal.commitment = [0; 32];
    }
    let mut out = Writer::default();
    out.u8(VERSION);
    for part in parts(&content)
        .iter()
        .filter(|part| part.role != PartRole::Record)
    {
        out.u8(part.role.number());
        out.owner(part.role.owner());
        out.bytes(&part.bytes);
    }
    Sha256::digest(out.finish()).into()
}

/// Commitment of a free text.
pub fn text_commitment(salt: &[u8; 32], text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"yokoito text 1");
    hash.update(salt);
    hash.update(text.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests;
