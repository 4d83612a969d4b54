//! What is left over: rows and tiles behind the end of the log, rows that point to nothing, and rows of the tables that
//! are looked up from the entries only and so are counted.

use super::{Audit, rows::references};
use domain::{
    canonical,
    entry::Entry,
    log::TileId,
    verify::{Invariant, Problem, Subject},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{
    StoreError,
    verify::{Counted, LOOSE, SEQ_TABLES},
};
use uuid::Uuid;

/// Rows looked at at once.
const PAGE: i64 = 500;

impl Audit {
    /// Finds what belongs to no entry. `size` is how far the entries were verified.
    pub async fn beyond(&mut self, size: u64) -> Result<(), StoreError> {
        for table in SEQ_TABLES {
            for seq in self.store.rows().beyond_the_log(table).await? {
                let about =
                    u64::try_from(seq).map_or_else(|_| Subject::Row(seq.to_string()), Subject::Position);
                self.add(
                    Invariant::Projected,
                    [about],
                    Problem::RowWithoutEntry { table: table.0 },
                );
            }
        }
        for (table, sql) in LOOSE {
            for row in self.store.rows().loose_rows(sql).await? {
                let about = Subject::Row(format!("{}, {}", row.first, row.second));
                let (invariant, problem) = match table {
                    "entry" if sql.contains("reverses_seq") => (Invariant::OneKey, Problem::ReversedTwice),
                    "entry" => (Invariant::OneKey, Problem::TwoEntries),
                    "lot" => (Invariant::BornOnce, Problem::BornTwice),
                    _ => (Invariant::Projected, Problem::RowWithoutEntry { table }),
                };
                self.add(invariant, [about], problem);
            }
        }
        for (level, index, slot) in self.store.rows().tiles_beyond_the_log().await? {
            let tile = u8::try_from(level).ok().zip(u64::try_from(index).ok());
            let about = tile.map_or_else(
                || Subject::Row(format!("{level}, {index}, {slot}")),
                |(level, index)| Subject::Tile(TileId { level, index }),
            );
            self.add(Invariant::Logged, [about], Problem::TileOverlaps);
        }
        self.counted(size).await
    }

    /// As many rows as the entries have: then there is no other one.
    async fn counted(&mut self, size: u64) -> Result<(), StoreError> {
        for (counted, seen) in [
            (Counted::References, self.seen.references),
            (Counted::Amendments, self.seen.amendments),
            (Counted::Births, self.seen.births),
        ] {
            if self.store.rows().count_before(counted, size).await? != seen {
                match counted {
                    Counted::References => self.all_references(size).await?,
                    Counted::Amendments => self.all_amendments(size).await?,
                    Counted::Births => self.all_births(size).await?,
                }
            }
        }
        Ok(())
    }

    fn not_of_an_entry(&mut self, seq: i64, row: String, table: &'static str) {
        let position = u64::try_from(seq).ok().map(Subject::Position);
        let about = position.into_iter().chain([Subject::Row(row)]);
        self.add(Invariant::Projected, about, Problem::RowWithoutEntry { table });
    }

    async fn decoded(&self, positions: BTreeSet<i64>) -> Result<BTreeMap<i64, Entry>, StoreError> {
        let positions: Vec<i64> = positions.into_iter().collect();
        let rows = self.store.rows().entries_at(&positions).await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| Some((row.seq, canonical::decode(&row.canonical).ok()?)))
            .collect())
    }

    async fn all_references(&mut self, size: u64) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.rows().references_after(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            let entries = self.decoded(page.iter().map(|row| row.seq).collect()).await?;
            let ids: BTreeSet<Uuid> = entries
                .values()
                .flat_map(|entry| &entry.references)
                .map(|reference| reference.id)
                .collect();
            let positions: HashMap<Uuid, i64> = self
                .store
                .rows()
                .positions(&ids.into_iter().collect::<Vec<_>>())
                .await?;
            for row in page.into_iter().filter(|row| is_before(row.seq, size)) {
                let expected = entries.get(&row.seq).map(|entry| references(entry, &positions));
                let reference = (row.target_seq, row.role);
                if expected.is_none_or(|expected| !expected.contains(&reference)) {
                    let text = format!("target_seq={} role={}", reference.0, reference.1);
                    self.not_of_an_entry(row.seq, text, "entry_ref");
                }
            }
        }
    }

    async fn all_amendments(&mut self, size: u64) -> Result<(), StoreError> {
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = self.store.rows().amendments_after(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = *last;
            let entries = self.decoded(page.iter().map(|(_, seq)| *seq).collect()).await?;
            let lots: Vec<i64> = page.iter().map(|(lot, _)| *lot).collect();
            let lots = self.store.rows().lot_names(&lots).await?;
            for (lot, seq) in page.into_iter().filter(|(_, seq)| is_before(*seq, size)) {
                let amends = |entry: &Entry| {
                    entry.births.iter().any(|birth| {
                        birth.amends && lots.get(&lot).is_some_and(|lot| lot.id == birth.lot.id.0)
                    })
                };
                if !entries.get(&seq).is_some_and(amends) {
                    self.not_of_an_entry(seq, format!("lot_no={lot}"), "lot_amendment");
                }
            }
        }
    }

    async fn all_births(&mut self, size: u64) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page = self.store.rows().lots_after(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.no;
            let entries = self
                .decoded(page.iter().map(|lot| lot.birth_seq).collect())
                .await?;
            for lot in page.into_iter().filter(|lot| is_before(lot.birth_seq, size)) {
                let bears = |entry: &Entry| {
                    entry
                        .births
                        .iter()
                        .any(|birth| !birth.amends && birth.lot.id.0 == lot.id)
                };
                if !entries.get(&lot.birth_seq).is_some_and(bears) {
                    self.not_of_an_entry(lot.birth_seq, format!("no={} {}", lot.no, lot.code), "lot");
                }
            }
        }
    }
}

fn is_before(seq: i64, size: u64) -> bool {
    u64::try_from(seq).is_ok_and(|seq| seq < size)
}
