//! The book as of one moment: what several statements read belongs together, whatever is recorded meanwhile.

use crate::{
    Engine, Store, StoreError,
    write::{
        load::{self, count},
        lookup::Lookup,
    },
};
use domain::masters::Masters;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, IsolationLevel, QueryResult, Statement, TransactionOptions,
    TransactionTrait, Value,
};
use std::collections::BTreeSet;

/// A reading transaction on a connection that cannot write. Dropped, it ends; it never holds up the writer.
pub struct Snapshot {
    pub(crate) tx: DatabaseTransaction,
    pub(super) engine: Engine,
}

impl Store {
    /// Begins to read the book as it is now.
    ///
    /// # Errors
    /// As any statement.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let options = match self.engine {
            // a deferred transaction keeps to what its first statement saw
            Engine::Sqlite => TransactionOptions::default(),
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                ..TransactionOptions::default()
            },
        };
        let tx = self.reader.begin_with_options(options).await?;
        Ok(Snapshot {
            tx,
            engine: self.engine,
        })
    }
}

impl Snapshot {
    /// Entries in the log.
    ///
    /// # Errors
    /// As any statement.
    pub async fn size(&self) -> Result<u64, StoreError> {
        let rows = self
            .all("SELECT size FROM log_head WHERE id = 1", Vec::new())
            .await?;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("log_head"))?;
        count(row.try_get_by_index(0)?)
    }

    /// Master data.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an entry that cannot be read, else as any statement.
    pub async fn masters(&self) -> Result<Masters, StoreError> {
        load::masters(&self.tx, self.engine, None).await
    }

    /// Whether master data were recorded from a position on.
    ///
    /// # Errors
    /// As any statement.
    pub async fn has_masters_since(&self, from: u64) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT seq FROM entry WHERE is_master AND seq >= {} ORDER BY seq LIMIT 1",
            self.parameter(1)
        );
        Ok(!self.all(&sql, vec![number(from)?.into()]).await?.is_empty())
    }

    /// Master data that were read before, with what was recorded from a position on.
    ///
    /// # Errors
    /// As [`Snapshot::masters`].
    pub async fn more_masters(&self, masters: Masters, from: u64) -> Result<Masters, StoreError> {
        load::more_masters(&self.tx, self.engine, masters, number(from)?, None).await
    }

    pub(super) async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values);
        Ok(self.tx.query_all_raw(statement).await?)
    }

    /// Rows for many keys of one column, each asked for once.
    pub(super) async fn by_keys<K: Copy + Ord + Into<Value>>(
        &self,
        lookup: &Lookup,
        keys: &[K],
    ) -> Result<Vec<QueryResult>, StoreError> {
        let keys: BTreeSet<K> = keys.iter().copied().collect();
        let keys = keys.into_iter().map(|key| vec![key.into()]).collect();
        lookup.read(&self.tx, self.engine, keys).await
    }

    pub(super) fn parameter(&self, n: usize) -> String {
        self.engine.parameter(n)
    }
}

/// A position as it stands in rows.
pub(super) fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::corrupt("seq"))
}
