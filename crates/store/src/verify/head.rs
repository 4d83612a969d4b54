//! The head row, with the numbers that were really given out, in one statement.

use super::Rows;
use crate::StoreError;

/// Tables whose rows have numbers, and the column of the head row that has the next one.
pub const NUMBERED: [(&str, &str); 5] = [
    ("lot", "next_lot_no"),
    ("place", "next_place_no"),
    ("account", "next_account_no"),
    ("party", "next_party_no"),
    ("product", "next_product_no"),
];

/// The head of the log as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// Entries.
    pub size: i64,
    /// Root, 32 bytes.
    pub root: Vec<u8>,
    /// Frontier.
    pub frontier: Vec<u8>,
    /// UTC milliseconds.
    pub last_recorded_at: i64,
    /// Next numbers, in the order of [`NUMBERED`].
    pub next: [i64; 5],
    /// Largest numbers given out, 0 for none.
    pub largest: [i64; 5],
}

impl Rows<'_> {
    /// The head row; none where it was taken away.
    ///
    /// # Errors
    /// As any statement.
    pub async fn head_row(&self) -> Result<Option<HeadRow>, StoreError> {
        let next: Vec<&str> = NUMBERED.iter().map(|(_, column)| *column).collect();
        let maxima = NUMBERED.map(|(table, _)| format!("(SELECT COALESCE(MAX(no), 0) FROM {table})"));
        let sql = format!(
            "SELECT size, root, frontier, last_recorded_at, {}, {} FROM log_head WHERE id = 1",
            next.join(", "),
            maxima.join(", ")
        );
        let rows = self.select(&sql, Vec::new()).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (mut next, mut largest) = ([0_i64; 5], [0_i64; 5]);
        for (n, number) in next.iter_mut().chain(&mut largest).enumerate() {
            *number = row.try_get_by_index(4 + n)?;
        }
        Ok(Some(HeadRow {
            size: row.try_get_by_index(0)?,
            root: row.try_get_by_index(1)?,
            frontier: row.try_get_by_index(2)?,
            last_recorded_at: row.try_get_by_index(3)?,
            next,
            largest,
        }))
    }
}
