//! One migration: the same step written for each engine.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager};

/// A step forward as two SQL texts with one meaning.
#[derive(Debug, Clone, Copy)]
pub struct SqlPair {
    /// File stem and name in `seaql_migrations`: `mYYYYMMDD_NNNNNN_what`.
    pub name: &'static str,
    /// Statements for SQLite.
    pub sqlite: &'static str,
    /// Statements for PostgreSQL.
    pub postgres: &'static str,
}

impl MigrationName for SqlPair {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for SqlPair {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let sql = match db.get_database_backend() {
            DbBackend::Sqlite => self.sqlite,
            DbBackend::Postgres => self.postgres,
            other => return Err(DbErr::Migration(format!("no SQL for {other:?}"))),
        };
        // Unprepared: both engines then take the whole file, statement by statement.
        db.execute_unprepared(sql).await?;
        Ok(())
    }

    async fn down(&self, _manager: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration(format!(
            "{} goes forward only: restore a backup instead",
            self.name
        )))
    }

    /// SQLite would otherwise run outside of a transaction.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
