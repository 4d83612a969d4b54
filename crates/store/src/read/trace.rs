//! What a trace asks for: links by level, movements of lots, and the entries behind them.

use super::snapshot::{Snapshot, number};
use crate::{
    StoreError,
    write::{
        column::Column,
        load::{count, decode, read_place},
        lookup::{Join, Lookup},
    },
};
use domain::{
    calendar::Day,
    entry::Entry,
    id::EntryId,
    place::Place,
    trace::{Direction, Edge},
};
use sea_orm::QueryResult;
use std::collections::BTreeMap;

/// A movement of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Position of its entry.
    pub seq: u64,
    /// Number of the lot.
    pub lot: i64,
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// Smallest steps, above nought.
    pub quantity: i64,
}

/// What is known of an entry without decoding it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryHead {
    /// Kind of act.
    pub kind: String,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Position of the entry it mirrors.
    pub reverses: Option<u64>,
}

/// An entry with the position of the one it mirrors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeEntry {
    /// The entry.
    pub entry: Entry,
    /// Position of the entry it mirrors.
    pub reverses: Option<u64>,
}

pub(crate) const OUT_OF: Lookup = Lookup::by(
    &[("no", Column::Big)],
    "l.input_no, l.output_no, l.quantity",
    &[Join::inner(
        "link",
        "l",
        "l.input_no, l.output_no, l.quantity",
        "l.output_no = k.no",
    )],
);
pub(crate) const INTO: Lookup = Lookup::by(
    &[("no", Column::Big)],
    "l.input_no, l.output_no, l.quantity",
    &[Join::inner(
        "link",
        "l",
        "l.input_no, l.output_no, l.quantity",
        "l.input_no = k.no",
    )],
);
pub(crate) const MOVED: Lookup = Lookup::by(
    &[("no", Column::Big)],
    "m.seq, m.line, m.lot_no, m.quantity, f.kind, f.owner, f.holder, f.ref, t.kind, t.owner, t.holder, t.ref",
    &[
        Join::inner(
            "movement",
            "m",
            "m.seq, m.line, m.lot_no, m.quantity, m.from_no, m.to_no",
            "m.lot_no = k.no",
        )
        .by_index("movement_by_lot"),
        Join::inner(
            "place",
            "f",
            "f.kind, f.owner, f.holder, f.ref",
            "f.no = m.from_no",
        ),
        Join::inner("place", "t", "t.kind, t.owner, t.holder, t.ref", "t.no = m.to_no"),
    ],
);
pub(crate) const HEAD: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "e.seq, e.kind, e.supplied_on, e.book_on, e.reverses_seq",
    &[Join::inner(
        "entry",
        "e",
        "e.seq, e.kind, e.supplied_on, e.book_on, e.reverses_seq",
        "e.seq = k.seq",
    )],
);
pub(crate) const WHOLE: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "e.seq, e.canonical, e.reverses_seq",
    &[Join::inner(
        "entry",
        "e",
        "e.seq, e.canonical, e.reverses_seq",
        "e.seq = k.seq",
    )],
);
pub(crate) const BY_ID: Lookup = Lookup::by(
    &[("id", Column::Uuid)],
    "e.canonical",
    &[Join::inner("entry", "e", "e.canonical", "e.id = k.id")],
);

impl Snapshot {
    /// All links of these lots: backward those they came out of, forward those they went into. Mirrors included.
    ///
    /// # Errors
    /// As any statement.
    pub async fn links(&self, direction: Direction, lots: &[i64]) -> Result<Vec<Edge<i64>>, StoreError> {
        let near = match direction {
            Direction::Backward => &OUT_OF,
            Direction::Forward => &INTO,
        };
        let rows = self.by_keys(near, lots).await?;
        let edges = rows.iter().map(|row| {
            let (input, output) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok(Edge {
                input,
                output,
                quantity: row.try_get_by_index(2)?,
            })
        });
        edges.collect()
    }

    /// All movements of these lots in the order they were recorded, mirrors included.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a place that cannot be read, else as any statement.
    pub async fn movements(&self, lots: &[i64]) -> Result<Vec<Moved>, StoreError> {
        let mut moved: BTreeMap<(u64, i32), Moved> = BTreeMap::new();
        for row in self.by_keys(&MOVED, lots).await? {
            let seq = count(row.try_get_by_index(0)?)?;
            let movement = Moved {
                seq,
                lot: row.try_get_by_index(2)?,
                from: read_place(&row, 4)?,
                to: read_place(&row, 8)?,
                quantity: row.try_get_by_index(3)?,
            };
            moved.insert((seq, row.try_get_by_index(1)?), movement);
        }
        Ok(moved.into_values().collect())
    }

    /// Heads of entries and of all that they mirror, one after the other, by position.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a day that cannot be read, else as any statement.
    pub async fn entry_heads(&self, seqs: &[u64]) -> Result<BTreeMap<u64, EntryHead>, StoreError> {
        let mut heads = BTreeMap::new();
        let mut wanted: Vec<u64> = seqs.to_vec();
        while !wanted.is_empty() {
            let keys = wanted.drain(..).map(number).collect::<Result<Vec<i64>, _>>()?;
            for row in self.by_keys(&HEAD, &keys).await? {
                let reverses = position(&row, 4)?;
                wanted.extend(reverses.filter(|seq| !heads.contains_key(seq)));
                let head = EntryHead {
                    kind: row.try_get_by_index(1)?,
                    supplied_on: day(&row, 2, "entry.supplied_on")?,
                    book_on: day(&row, 3, "entry.book_on")?,
                    reverses,
                };
                heads.insert(count(row.try_get_by_index(0)?)?, head);
            }
        }
        Ok(heads)
    }

    /// Whole entries and all that they mirror, one after the other, by position.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for bytes that cannot be read, else as any statement.
    pub async fn whole_entries(&self, seqs: &[u64]) -> Result<BTreeMap<u64, WholeEntry>, StoreError> {
        let mut entries = BTreeMap::new();
        let mut wanted: Vec<u64> = seqs.to_vec();
        while !wanted.is_empty() {
            let keys = wanted.drain(..).map(number).collect::<Result<Vec<i64>, _>>()?;
            for row in self.by_keys(&WHOLE, &keys).await? {
                let reverses = position(&row, 2)?;
                wanted.extend(reverses.filter(|seq| !entries.contains_key(seq)));
                let entry = decode(&row.try_get_by_index::<Vec<u8>>(1)?)?;
                entries.insert(count(row.try_get_by_index(0)?)?, WholeEntry { entry, reverses });
            }
        }
        Ok(entries)
    }

    /// Entries by id, in no order.
    ///
    /// # Errors
    /// As [`Snapshot::whole_entries`].
    pub async fn entries_by_id(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = self.by_keys(&BY_ID, &ids).await?;
        rows.iter()
            .map(|row| decode(&row.try_get_by_index::<Vec<u8>>(0)?))
            .collect()
    }
}

fn position(row: &QueryResult, at: usize) -> Result<Option<u64>, StoreError> {
    row.try_get_by_index::<Option<i64>>(at)?.map(count).transpose()
}

fn day(row: &QueryResult, at: usize, what: &str) -> Result<Day, StoreError> {
    Day::from_number(row.try_get_by_index(at)?).map_err(|_| StoreError::corrupt(what))
}
