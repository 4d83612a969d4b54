//! The few places where the engines differ, one match each.

use std::collections::BTreeMap;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, QueryResult, SqliteTransactionMode, Statement,
    TransactionOptions,
};

use crate::StoreError;

/// What a book is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: one file.
    Sqlite,
    /// A server: one schema.
    Postgres,
}

impl Engine {
    /// How a writing transaction begins.
    pub(crate) fn write_options(self) -> TransactionOptions {
        match self {
            // Deferred, two writers would both read and then fail (SQLITE_BUSY_SNAPSHOT), whatever the timeout.
            Self::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
            // READ COMMITTED is the session's default (see pool); saying it here costs a round trip.
            Self::Postgres => TransactionOptions::default(),
        }
    }

    /// Reads back the settings that durability and locking rest on.
    pub(crate) async fn settings(
        self,
        db: &DatabaseConnection,
    ) -> Result<BTreeMap<&'static str, String>, StoreError> {
        let mut settings = BTreeMap::new();
        for name in self.setting_names() {
            let sql = match self {
                Self::Sqlite => format!("PRAGMA {name}"),
                Self::Postgres => format!("SHOW {name}"),
            };
            let row = db
                .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
                .await?;
            let value = row.map(|row| text_or_number(&row)).transpose()?;
            settings.insert(*name, value.unwrap_or_default());
        }
        Ok(settings)
    }

    fn setting_names(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "recursive_triggers",
                "busy_timeout",
                "wal_autocheckpoint",
                "secure_delete",
                "query_only",
            ],
            Self::Postgres => &[
                "fsync",
                "full_page_writes",
                "synchronous_commit",
                "default_transaction_isolation",
                "default_transaction_read_only",
                "lock_timeout",
                "idle_in_transaction_session_timeout",
                "search_path",
            ],
        }
    }
}

/// Some pragmas answer with a word, some with a number.
fn text_or_number(row: &QueryResult) -> Result<String, DbErr> {
    row.try_get_by_index::<String>(0)
        .or_else(|_| row.try_get_by_index::<i64>(0).map(|number| number.to_string()))
}

impl Engine {
    /// How the n-th parameter of a statement is written, counted from 1.
    pub(crate) fn parameter(self, n: usize) -> String {
        match self {
            Self::Sqlite => format!("?{n}"),
            Self::Postgres => format!("${n}"),
        }
    }
}
