//! Rows that belong to nothing: behind the end of the log, or pointing to what is not there.

use super::{Rows, number};
use crate::{
    StoreError,
    entity::{entry, entry_ref},
};
use sea_orm::{EntityTrait, Value};

/// How many loose rows of a kind are named.
const NAMED: i64 = 100;

/// Tables with positions of the log, and the column that has them.
pub const SEQ_TABLES: [(&str, &str); 12] = [
    ("entry", "seq"),
    ("entry_text", "seq"),
    ("entry_office", "seq"),
    ("entry_ref", "seq"),
    ("numbered", "seq"),
    ("movement", "seq"),
    ("posting", "seq"),
    ("link", "seq"),
    ("lot", "birth_seq"),
    ("lot_amendment", "seq"),
    ("party", "seq"),
    ("product", "seq"),
];

/// Rows that no entry can have written: table, and a statement that gives the numbers which name the row.
pub const LOOSE: [(&str, &str); 12] = [
    (
        "entry_office",
        "SELECT o.office_no, o.seq FROM entry_office o LEFT JOIN party p ON p.no = o.office_no AND p.kind = 0 WHERE p.no IS NULL",
    ),
    (
        "stock",
        "SELECT s.lot_no, s.place_no FROM stock s LEFT JOIN lot l ON l.no = s.lot_no WHERE l.no IS NULL",
    ),
    (
        "stock",
        "SELECT s.lot_no, s.place_no FROM stock s LEFT JOIN place p ON p.no = s.place_no WHERE p.no IS NULL",
    ),
    (
        "place",
        "SELECT p.no, p.no FROM place p LEFT JOIN (SELECT DISTINCT place_no FROM stock) s ON s.place_no = p.no WHERE s.place_no IS NULL",
    ),
    (
        "balance",
        "SELECT b.account_no, b.account_no FROM balance b LEFT JOIN account a ON a.no = b.account_no WHERE a.no IS NULL",
    ),
    (
        "balance_month",
        "SELECT b.account_no, CAST(b.month AS bigint) FROM balance_month b LEFT JOIN account a ON a.no = b.account_no WHERE a.no IS NULL",
    ),
    (
        "account",
        "SELECT a.no, a.no FROM account a LEFT JOIN balance b ON b.account_no = a.no WHERE b.account_no IS NULL",
    ),
    (
        "entry",
        "SELECT MIN(seq), MAX(seq) FROM entry GROUP BY id HAVING COUNT(*) > 1",
    ),
    (
        "entry",
        "SELECT MIN(seq), MAX(seq) FROM entry WHERE reverses_seq IS NOT NULL GROUP BY reverses_seq HAVING COUNT(*) > 1",
    ),
    (
        "lot",
        "SELECT MIN(no), MAX(no) FROM lot GROUP BY id HAVING COUNT(*) > 1",
    ),
    (
        "lot",
        "SELECT MIN(no), MAX(no) FROM lot GROUP BY code HAVING COUNT(*) > 1",
    ),
    (
        "lot_amendment",
        "SELECT m.lot_no, m.seq FROM lot_amendment m LEFT JOIN lot l ON l.no = m.lot_no WHERE l.no IS NULL",
    ),
];

/// A row that belongs to nothing, by two of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LooseRow {
    /// First number of its key.
    pub first: i64,
    /// Second number of its key.
    pub second: i64,
}

/// Tables whose rows are looked up from the entries only, and so are counted as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// `entry_ref`.
    References,
    /// `lot_amendment`.
    Amendments,
    /// `lot`.
    Births,
}

impl Counted {
    /// Name of the table.
    pub const fn table(self) -> &'static str {
        match self {
            Counted::References => "entry_ref",
            Counted::Amendments => "lot_amendment",
            Counted::Births => "lot",
        }
    }
}

impl Rows<'_> {
    /// Positions in a table at or behind the end of the log, or before its beginning.
    ///
    /// # Errors
    /// As any statement.
    pub async fn beyond_the_log(&self, (table, column): (&str, &str)) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT {column} FROM {table} WHERE {column} < 0 OR {column} >= (SELECT size FROM log_head WHERE id = 1) \
             ORDER BY {column} LIMIT {NAMED}"
        );
        let rows = self.select(&sql, Vec::new()).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    /// Rows that a statement of [`LOOSE`] finds.
    ///
    /// # Errors
    /// As any statement.
    pub async fn loose_rows(&self, sql: &str) -> Result<Vec<LooseRow>, StoreError> {
        let rows = self
            .select(&format!("{sql} ORDER BY 1, 2 LIMIT {NAMED}"), Vec::new())
            .await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(LooseRow {
                first: row.try_get_by_index(0)?,
                second: row.try_get_by_index(1)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Pieces of tiles that reach behind the end of the log: level, tile and slot.
    ///
    /// # Errors
    /// As any statement.
    pub async fn tiles_beyond_the_log(&self) -> Result<Vec<(i64, i64, i64)>, StoreError> {
        // a tile of level n stands for 256^(n+1) leaves; no engine shifts by 64
        let whole = "(CASE WHEN t.level = 7 THEN 0 ELSE h.size >> (8 * t.level + 8) END)";
        let rest = "((h.size >> (8 * t.level)) & 255)";
        let sql = format!(
            "SELECT CAST(t.level AS bigint), t.tile_index, CAST(t.slot AS bigint) FROM log_tile t CROSS JOIN log_head h \
             WHERE t.level < 0 OR t.level > 7 OR t.tile_index < 0 OR t.tile_index > {whole} \
             OR t.tile_index = {whole} AND t.slot + length(t.hashes) / 32 > {rest} ORDER BY 1, 2, 3 LIMIT {NAMED}"
        );
        let rows = self.select(&sql, Vec::new()).await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok((
                row.try_get_by_index(0)?,
                row.try_get_by_index(1)?,
                row.try_get_by_index(2)?,
            ))
        };
        rows.iter().map(read).collect()
    }

    /// How many rows of a table belong to entries before a position.
    ///
    /// # Errors
    /// As any statement.
    pub async fn count_before(&self, counted: Counted, size: u64) -> Result<u64, StoreError> {
        let (table, seq) = (
            counted.table(),
            if counted == Counted::Births {
                "birth_seq"
            } else {
                "seq"
            },
        );
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {seq} >= 0 AND {seq} < {{1}}");
        let rows = self.select(&sql, vec![number(size)?.into()]).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// References in the order of their key, after one.
    ///
    /// # Errors
    /// As any statement.
    pub async fn references_after(
        &self,
        after: Option<&entry_ref::Model>,
        limit: i64,
    ) -> Result<Vec<entry_ref::Model>, StoreError> {
        let (target, seq, role) = after.map_or((i64::MIN, i64::MIN, ""), |last| {
            (last.target_seq, last.seq, last.role.as_str())
        });
        let sql = "SELECT * FROM entry_ref WHERE (target_seq, seq, role) > ({1}, {2}, {3}) \
                   ORDER BY target_seq, seq, role LIMIT {4}";
        let values: Vec<Value> = vec![target.into(), seq.into(), role.into(), limit.into()];
        let statement = self.statement(sql, values);
        Ok(entry_ref::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?)
    }

    /// Amendments in the order of their key, after one: lot and position.
    ///
    /// # Errors
    /// As any statement.
    pub async fn amendments_after(
        &self,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT lot_no, seq FROM lot_amendment WHERE (lot_no, seq) > ({1}, {2}) ORDER BY lot_no, seq LIMIT {3}";
        let rows = self
            .select(sql, vec![after.0.into(), after.1.into(), limit.into()])
            .await?;
        rows.iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect()
    }

    /// Entries by position.
    ///
    /// # Errors
    /// As any statement.
    pub async fn entries_at(&self, positions: &[i64]) -> Result<Vec<entry::Model>, StoreError> {
        let (among, list) = self.among("seq", positions);
        let statement = self.statement(&format!("SELECT * FROM entry WHERE {among}"), vec![list]);
        Ok(entry::Entity::find()
            .from_raw_sql(statement)
            .all(&self.store.scanner)
            .await?)
    }
}
