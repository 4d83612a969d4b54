//! The entries' bytes and salts, which make the leaves of the log: all that is needed to say which entries are as they
//! were signed, whatever became of the other tables.

use crate::{Store, StoreError, verify::number};
use sea_orm::{ConnectionTrait, Statement, Value};

/// What an entry's leaf is made of, as the row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// Position as stored.
    pub seq: i64,
    /// Canonical bytes.
    pub canonical: Vec<u8>,
    /// Seed of the salts.
    pub salt: Vec<u8>,
}

impl Store {
    /// Rows of the entries `from <= seq < to`, in order, as far as they are there.
    ///
    /// # Errors
    /// As any statement.
    pub async fn leaf_rows(&self, from: u64, to: u64) -> Result<Vec<LeafRow>, StoreError> {
        let p = |n| self.engine.parameter(n);
        let sql = format!(
            "SELECT seq, canonical, salt FROM entry WHERE seq >= {} AND seq < {} ORDER BY seq",
            p(1),
            p(2)
        );
        let db = &self.reader;
        let values: [Value; 2] = [number(from)?.into(), number(to)?.into()];
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        let rows = db.query_all_raw(statement).await?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(LeafRow {
                seq: row.try_get_by_index(0)?,
                canonical: row.try_get_by_index(1)?,
                salt: row.try_get_by_index(2)?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// One more than the largest position of an entry: how many there are when nothing is missing.
    ///
    /// # Errors
    /// As any statement.
    pub async fn entries_reach(&self) -> Result<u64, StoreError> {
        let db = &self.reader;
        let sql = "SELECT COALESCE(MAX(seq) + 1, 0) FROM entry";
        let row = db
            .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
            .await?;
        let reach: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(reach
            .and_then(|reach| u64::try_from(reach).ok())
            .unwrap_or_default())
    }
}
