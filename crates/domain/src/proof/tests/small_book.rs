//! A small book in memory whose entries can be proved.

use super::*;
use crate::{
    book::Book,
    calendar::Instant,
    canonical::{self, leaf_content, salt},
    command::Command,
    decide::{Context, Decided, Decision},
    entry::Entry,
    id::{OfficeId, PartyId},
    log::{leaf_hash, root_of},
};
use serde_json::json;

pub(super) const ORIGIN: &str = "yokoito/00000000-0000-8000-8000-00000000002a";

pub(super) fn key(secret: u8) -> BookKey {
    BookKey::from_secret(ORIGIN.parse().unwrap(), &[secret; 32])
}

fn noon() -> Instant {
    Instant::from_rfc3339("2026-07-10T03:00:00Z").unwrap()
}

/// The small world's master data, then carrots made, shipped with a note, received.
pub(super) struct SmallBook {
    decided: Vec<Decided>,
    leaves: Vec<Hash>,
    book: Book,
}

impl SmallBook {
    pub fn new() -> SmallBook {
        let mut acts: Vec<String> = include_str!("../../../../../tests/data/small-world.jsonl")
            .lines()
            .map(str::to_owned)
            .collect();
        for act in [
            json!({"kind": "produce", "office": "a", "key": "p1", "supplied_on": "2026-06-01",
                "lines": [{"product": "carrot", "quantity": "20", "lot": {"code": "A-0601"}}]}),
            json!({"kind": "ship", "office": "a", "key": "s1", "supplied_on": "2026-06-02", "to": "b",
                "note": "朝の便", "lines": [{"lot": "A-0601", "quantity": "12.5"}]}),
            json!({"kind": "receive", "office": "b", "key": "r1", "supplied_on": "2026-06-02",
                "shipment": {"office": "a", "key": "s1"}, "all": true}),
        ] {
            acts.push(act.to_string());
        }
        let mut small = SmallBook {
            decided: Vec::new(),
            leaves: Vec::new(),
            book: Book::default(),
        };
        for (n, act) in (0_u8..).zip(&acts) {
            let context = Context {
                now: noon(),
                recorder: "test".to_owned(),
                seed: [n; 32],
            };
            let decision = small.book.record(&Command::parse(act).unwrap(), &context);
            let Ok(Decision::New(decided)) = decision else {
                panic!("{act}: {decision:?}");
            };
            let parts = canonical::parts(&decided.entry);
            small
                .leaves
                .push(leaf_hash(&leaf_content(decided.entry.seq, &parts, &decided.seed)));
            small.decided.push(*decided);
        }
        small
    }

    pub fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    pub fn entry(&self, seq: u64) -> &Entry {
        &self.decided(seq).entry
    }

    fn decided(&self, seq: u64) -> &Decided {
        &self.decided[usize::try_from(seq).unwrap()]
    }

    pub fn seq(&self, key: &str) -> u64 {
        let found = (self.decided.iter()).find(|decided| decided.entry.key.as_ref() == key);
        found.unwrap().entry.seq
    }

    pub fn office(&self, code: &str) -> OfficeId {
        let masters = &self.book.facts().masters;
        masters.office_by_code(&code.parse().unwrap()).unwrap().id
    }

    pub fn root(&self, size: u64) -> Hash {
        root_of(&self.leaves[..usize::try_from(size).unwrap()])
    }

    pub fn note(&self, size: u64) -> String {
        let head = Checkpoint::new(ORIGIN, size, self.root(size)).unwrap();
        head.signed_at(noon()).sign(&key(1))
    }

    pub fn proof(&self, seq: u64, shows: impl Fn(PartRole) -> bool) -> EntryProof {
        self.proof_at(seq, self.size(), shows)
    }

    pub fn proof_at(&self, seq: u64, size: u64, shows: impl Fn(PartRole) -> bool) -> EntryProof {
        let decided = self.decided(seq);
        let parts = canonical::parts(&decided.entry);
        let leaves = &self.leaves[..usize::try_from(size).unwrap()];
        let texts = (0..)
            .zip(&decided.texts)
            .filter(|_| shows(PartRole::Acting))
            .map(|(line, text)| {
                let kept = text.kept.clone().unwrap();
                ProvedText {
                    line,
                    salt: kept.salt,
                    text: kept.text,
                }
            });
        EntryProof {
            origin: ORIGIN.to_owned(),
            checkpoint: self.note(size),
            seq,
            parts: (parts.iter())
                .map(|part| {
                    let salt = salt(&decided.seed, part.role);
                    if shows(part.role) {
                        ProvedPart::shown(part, salt)
                    } else {
                        ProvedPart::hidden(part, salt)
                    }
                })
                .collect(),
            texts: texts.collect(),
            path: inclusion_proof_of(leaves, usize::try_from(seq).unwrap()).unwrap(),
            names: self.names().sign(ORIGIN, seq, &key(1)),
        }
    }

    fn names(&self) -> Names {
        let label = |(code, name): (&str, &str)| Label::Party {
            id: PartyId::from(self.office(code)),
            kind: PartyKind::Office,
            code: code.parse().unwrap(),
            name: name.parse().unwrap(),
        };
        [("a", "A農園"), ("b", "Bキッチン")]
            .map(label)
            .into_iter()
            .collect()
    }

    pub fn consistency(&self, old: u64, new: u64) -> ConsistencyProof {
        let leaves = &self.leaves[..usize::try_from(new).unwrap()];
        ConsistencyProof {
            origin: ORIGIN.to_owned(),
            old: self.note(old),
            new: self.note(new),
            path: consistency_proof_of(leaves, usize::try_from(old).unwrap()).unwrap(),
        }
    }
}
