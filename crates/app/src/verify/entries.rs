//! The entries, page by page: their bytes, their leaves, the rules, and all their rows.

use super::{Audit, rows::Around, rows::Compare, tiles::Leaf};
use domain::{
    canonical,
    entry::Entry,
    log::leaf_hash,
    verify::{EntryName, Invariant, Problem, Subject},
};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    StoreError,
    entity::{entry, entry_office, entry_text, link, movement, posting},
    verify::EntryPage,
};
use uuid::Uuid;

/// Entries of a page: two tiles of leaves.
const PAGE: u64 = 512;
/// Missing entries that are gone through one by one; a head that was set to any number must not keep us for ever.
const GAP: u64 = 1_000_000;

/// The rows of one entry.
#[derive(Default)]
pub(super) struct OwnRows {
    pub texts: Vec<entry_text::Model>,
    pub movements: Vec<movement::Model>,
    pub postings: Vec<posting::Model>,
    pub links: Vec<link::Model>,
    pub offices: Vec<entry_office::Model>,
}

impl OwnRows {
    fn tables(&self) -> [(&'static str, usize); 5] {
        [
            ("entry_text", self.texts.len()),
            ("movement", self.movements.len()),
            ("posting", self.postings.len()),
            ("link", self.links.len()),
            ("entry_office", self.offices.len()),
        ]
    }
}

/// An entry as read: the row, and what its bytes say if they say anything.
struct Read {
    row: entry::Model,
    entry: Option<Entry>,
}

impl Audit {
    /// Verifies the entries `from <= seq < to`.
    pub async fn entries(&mut self, mut from: u64, to: u64) -> Result<(), StoreError> {
        while from < to {
            // pages begin where tiles do
            let end = to.min((from / PAGE + 1) * PAGE);
            let page = self.store.rows().entry_page(from, end).await;
            let is_empty = page.entries.as_ref().is_ok_and(Vec::is_empty);
            self.page(from, end, page).await?;
            from = end;
            if is_empty {
                let next = self
                    .store
                    .rows()
                    .next_entry(end)
                    .await?
                    .map_or(to, |next| next.min(to));
                if next - end > GAP {
                    self.add(
                        Invariant::Logged,
                        [Subject::Positions(end, next - 1)],
                        Problem::EntryMissing,
                    );
                    self.log = None;
                    from = next;
                }
            }
        }
        Ok(())
    }

    async fn page(&mut self, from: u64, to: u64, page: EntryPage) -> Result<(), StoreError> {
        let rows = self.readable("entry", page.entries)?;
        let mut own: BTreeMap<i64, OwnRows> = BTreeMap::new();
        for row in self.readable("entry_text", page.texts)? {
            own.entry(row.seq).or_default().texts.push(row);
        }
        for row in self.readable("movement", page.movements)? {
            own.entry(row.seq).or_default().movements.push(row);
        }
        for row in self.readable("posting", page.postings)? {
            own.entry(row.seq).or_default().postings.push(row);
        }
        for row in self.readable("link", page.links)? {
            own.entry(row.seq).or_default().links.push(row);
        }
        for row in self.readable("entry_office", page.offices)? {
            own.entry(row.seq).or_default().offices.push(row);
        }
        let mut reads: BTreeMap<u64, Read> = BTreeMap::new();
        for row in rows {
            let seq = u64::try_from(row.seq).unwrap_or_default();
            let entry = canonical::decode(&row.canonical);
            if let Err(error) = &entry {
                let about = [Subject::Position(seq)];
                self.add(Invariant::Logged, about, Problem::Unreadable(error.to_string()));
            }
            reads.insert(
                seq,
                Read {
                    row,
                    entry: entry.ok(),
                },
            );
        }
        let around = self.around(from, to, &reads, &own).await?;
        let mut leaves = Vec::new();
        let mut missing: Option<(u64, u64)> = None;
        for seq in from..to {
            let own = i64::try_from(seq)
                .ok()
                .and_then(|seq| own.remove(&seq))
                .unwrap_or_default();
            let Some(read) = reads.remove(&seq) else {
                missing = Some((missing.map_or(seq, |(first, _)| first), seq));
                self.without_entry(seq, &own);
                leaves.push(Leaf {
                    seq,
                    hash: None,
                    name: None,
                });
                continue;
            };
            self.say_missing(missing.take());
            leaves.push(self.entry(seq, &read, &own, &around));
        }
        self.say_missing(missing);
        self.tiles(&leaves).await
    }

    fn say_missing(&mut self, missing: Option<(u64, u64)>) {
        if let Some((first, last)) = missing {
            self.gap = true;
            self.add(
                Invariant::Logged,
                [Subject::Positions(first, last)],
                Problem::EntryMissing,
            );
        }
    }

    fn without_entry(&mut self, seq: u64, own: &OwnRows) {
        for (table, count) in own.tables() {
            if count > 0 {
                self.add(
                    Invariant::Projected,
                    [Subject::Position(seq)],
                    Problem::RowWithoutEntry { table },
                );
            }
        }
    }

    /// One entry; answers its leaf.
    fn entry(&mut self, seq: u64, read: &Read, own: &OwnRows, around: &Around) -> Leaf {
        let hash = canonical::split(&read.row.canonical).ok().and_then(|parts| {
            let seed = <[u8; 32]>::try_from(read.row.salt.as_slice()).ok()?;
            Some(leaf_hash(&canonical::leaf_content(seq, &parts, &seed)))
        });
        let Some(entry) = &read.entry else {
            self.gap = true;
            return Leaf {
                seq,
                hash,
                name: None,
            };
        };
        let name = EntryName::from(entry);
        if hash.is_none_or(|hash| hash.as_bytes().as_slice() != read.row.leaf_hash) {
            self.add(
                Invariant::Logged,
                [Subject::Entry(name.clone())],
                Problem::LeafDiffers,
            );
        }
        self.named.apply(entry);
        self.last_recorded_at = self.last_recorded_at.max(entry.recorded_at.millis());
        let rules = self.checks.check(entry);
        let mut compare = Compare::new(entry, around, &self.named, self.last_lot, self.gap);
        compare.all(&read.row, own);
        let (findings, last_lot, seen) = compare.finish();
        if last_lot != self.last_lot {
            (self.last_lot, self.gap) = (last_lot, false);
        }
        self.seen.references += seen.references;
        self.seen.amendments += seen.amendments;
        self.seen.births += seen.births;
        for mut finding in rules.into_iter().chain(findings) {
            around.name_lots(&mut finding);
            self.report.add(finding);
        }
        Leaf {
            seq,
            hash,
            name: Some(name),
        }
    }

    /// Reads what the rows and entries of a page point to.
    async fn around(
        &mut self,
        from: u64,
        to: u64,
        reads: &BTreeMap<u64, Read>,
        own: &BTreeMap<i64, OwnRows>,
    ) -> Result<Around, StoreError> {
        let entries = || reads.values().filter_map(|read| read.entry.as_ref());
        let distinct = |numbers: &mut dyn Iterator<Item = i64>| -> Vec<i64> {
            numbers.collect::<BTreeSet<_>>().into_iter().collect()
        };
        let moved = || own.values().flat_map(|own| &own.movements);
        let linked = own
            .values()
            .flat_map(|own| &own.links)
            .flat_map(|link| [link.input_no, link.output_no]);
        let lots = distinct(&mut moved().map(|row| row.lot_no).chain(linked));
        let places = distinct(&mut moved().flat_map(|row| [row.from_no, row.to_no]));
        let accounts = distinct(
            &mut own
                .values()
                .flat_map(|own| &own.postings)
                .map(|row| row.account_no),
        );
        let references = entries().flat_map(|entry| {
            entry
                .references
                .iter()
                .map(|reference| reference.id)
                .chain(entry.reverses.map(|id| id.0))
        });
        let references: Vec<Uuid> = references.collect::<BTreeSet<_>>().into_iter().collect();
        let born: Vec<Uuid> = entries()
            .flat_map(|entry| &entry.births)
            .map(|birth| birth.lot.id.0)
            .collect();
        let rows = self.store.rows();
        let (lots, places, accounts, positions, born) = tokio::join!(
            rows.lot_names(&lots),
            rows.places(&places),
            rows.accounts(&accounts),
            rows.positions(&references),
            rows.lots(&born),
        );
        let positions = positions?;
        let targets = distinct(&mut positions.values().copied());
        let born = self.readable("lot", born)?;
        let amended = entries()
            .flat_map(|entry| &entry.births)
            .filter(|birth| birth.amends);
        let amended = distinct(
            &mut amended
                .filter_map(|birth| born.get(&birth.lot.id.0))
                .map(|lot| lot.no),
        );
        let rows = self.store.rows();
        let (references, amendments) =
            tokio::join!(rows.references_to(&targets, from, to), rows.amendments(&amended));
        let mut around = Around::default();
        around.lots = self.readable("lot", lots)?;
        around.places = self.readable("place", places)?;
        around.accounts = self.readable("account", accounts)?;
        (around.positions, around.born) = (positions, born);
        for row in self.readable("entry_ref", references)? {
            around
                .references
                .entry(row.seq)
                .or_default()
                .insert((row.target_seq, row.role));
        }
        for (lot, seq, facts) in self.readable("lot_amendment", amendments)? {
            around.amendments.insert((lot, seq), facts);
        }
        around.collect_codes();
        Ok(around)
    }
}
