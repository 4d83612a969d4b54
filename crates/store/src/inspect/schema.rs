//! What a database has of what the migrations make, and what its engine says of itself.

use crate::{Engine, Store, StoreError};
use migrations::{Object, ObjectKind, PAIRS};
use sea_orm::{ConnectionTrait, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// How many of its findings SQLite's own check is asked for.
const PAGES: u32 = 50;

/// The tables of a book, compared with those it should have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    /// Whether any migration was ever applied: else it is no book.
    pub is_book: bool,
    /// Applied migrations that this program does not know.
    pub unknown: Vec<String>,
    /// Migrations of this program that are not applied yet.
    pub pending: Vec<String>,
    /// What the applied migrations made and is not there.
    pub missing: Vec<Object>,
    /// Triggers that are there and switched off (PostgreSQL).
    pub disabled: Vec<String>,
}

impl Store {
    /// Compares the tables, indexes and triggers with those that the applied migrations make.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the list of tables cannot be read, else as any statement.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let found = self.objects().await?;
        let list = Object::new(ObjectKind::Table, "seaql_migrations");
        let has_tables = PAIRS.iter().any(|pair| {
            let made = migrations::objects([pair.name], self.reader.get_database_backend());
            made.iter().any(|object| found.contains(object))
        });
        if !found.contains(&list) && !has_tables {
            return Ok(Schema::default());
        }
        let applied: Vec<String> = if found.contains(&list) {
            self.names("SELECT version FROM seaql_migrations ORDER BY version")
                .await?
        } else {
            // the list itself was lost: the tables that are there say that it was a book
            PAIRS.iter().map(|pair| pair.name.to_owned()).collect()
        };
        let known = |name: &str| PAIRS.iter().any(|pair| pair.name == name);
        let pending = PAIRS
            .iter()
            .filter(|pair| applied.iter().all(|name| name != pair.name));
        let mut expected = migrations::objects(
            applied.iter().map(String::as_str),
            self.reader.get_database_backend(),
        );
        expected.insert(list);
        Ok(Schema {
            is_book: true,
            unknown: applied.iter().filter(|name| !known(name)).cloned().collect(),
            pending: pending.map(|pair| pair.name.to_owned()).collect(),
            missing: expected.difference(&found).cloned().collect(),
            disabled: self.disabled().await?,
        })
    }

    async fn objects(&self) -> Result<BTreeSet<Object>, StoreError> {
        let mut objects = BTreeSet::new();
        for (kind, sqlite, postgres) in [
            (
                ObjectKind::Table,
                "SELECT name FROM sqlite_schema WHERE type = 'table'",
                "SELECT relname::text FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'r'",
            ),
            (
                ObjectKind::Index,
                "SELECT name FROM sqlite_schema WHERE type = 'index'",
                "SELECT relname::text FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind = 'i'",
            ),
            (
                ObjectKind::Trigger,
                "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
                "SELECT tgname::text FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid \
                 WHERE relnamespace = to_regnamespace(current_schema()) AND NOT tgisinternal",
            ),
        ] {
            let sql = match self.engine {
                Engine::Sqlite => sqlite,
                Engine::Postgres => postgres,
            };
            let names = self.names(sql).await?;
            objects.extend(names.into_iter().map(|name| Object::new(kind, name)));
        }
        Ok(objects)
    }

    async fn disabled(&self) -> Result<Vec<String>, StoreError> {
        match self.engine {
            Engine::Sqlite => Ok(Vec::new()),
            Engine::Postgres => {
                let sql = "SELECT tgname::text FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid \
                           WHERE relnamespace = to_regnamespace(current_schema()) AND NOT tgisinternal \
                           AND tgenabled NOT IN ('O', 'A') ORDER BY 1";
                self.names(sql).await
            }
        }
    }

    /// What the engine finds by its own check of all pages: one line each. PostgreSQL has none that may be run by
    /// everybody.
    ///
    /// # Errors
    /// As any statement; that pages are damaged is no error but a line.
    pub async fn damaged_pages(&self) -> Result<Vec<String>, StoreError> {
        if self.engine == Engine::Postgres {
            return Ok(Vec::new());
        }
        match self.names(&format!("PRAGMA integrity_check({PAGES})")).await {
            Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").collect()),
            Err(StoreError::Corrupt { what }) => Ok(vec![what]),
            Err(error) => Err(error),
        }
    }

    /// What the engine runs with, read back on a connection that reads: on PostgreSQL the server's own settings.
    ///
    /// # Errors
    /// As any statement.
    pub async fn settings_of_reader(&self) -> Result<BTreeMap<&'static str, String>, StoreError> {
        self.engine.settings(&self.reader).await
    }

    async fn names(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let db = &self.reader;
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }
}
