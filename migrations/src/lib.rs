//! The tables of the book, for both engines, and the one way to bring a database up to them.
//!
//! A migration is a pair of SQL files under `sql/`, `NAME.sqlite.sql` and `NAME.postgres.sql`, listed in [`PAIRS`] and
//! in `sql/SHA256SUMS`. It goes forward only, never changes ledger rows, and is never edited once released: a later
//! one adds tables or nullable columns. `schema/` holds what the migrated databases look like.

mod objects;
mod pair;

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{DbErr, MigrationTrait, MigratorTrait};

pub use objects::{Object, ObjectKind, objects};
pub use pair::SqlPair;

/// All migrations in their order.
pub const PAIRS: &[SqlPair] = &[
    SqlPair {
        name: "m20261122_000001_book",
        sqlite: include_str!("../sql/m20261122_000001_book.sqlite.sql"),
        postgres: include_str!("../sql/m20261122_000001_book.postgres.sql"),
    },
    SqlPair {
        name: "m20261126_000002_access",
        sqlite: include_str!("../sql/m20261126_000002_access.sqlite.sql"),
        postgres: include_str!("../sql/m20261126_000002_access.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000003_stock_there",
        sqlite: include_str!("../sql/m20261127_000003_stock_there.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000003_stock_there.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000004_setting",
        sqlite: include_str!("../sql/m20261127_000004_setting.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000004_setting.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000005_doors",
        sqlite: include_str!("../sql/m20261127_000005_doors.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000005_doors.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000006_group",
        sqlite: include_str!("../sql/m20261127_000006_group.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000006_group.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000007_numbered",
        sqlite: include_str!("../sql/m20261127_000007_numbered.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000007_numbered.postgres.sql"),
    },
    SqlPair {
        name: "m20261127_000008_settlement",
        sqlite: include_str!("../sql/m20261127_000008_settlement.sqlite.sql"),
        postgres: include_str!("../sql/m20261127_000008_settlement.postgres.sql"),
    },
];

/// PostgreSQL's advisory lock that one migrator holds until its commit: the letters "yokoito". It counts for the
/// whole database, so migrators of two schemas wait for each other too, which does no harm.
const MIGRATION_LOCK: i64 = 0x79_6f6b_6f69_746f;

/// Why a database could not be brought up to date. Nothing was changed: all migrations are one transaction.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database was migrated by a newer program; carries the names this program does not know.
    #[error(
        "この帳簿は新しい版のプログラムで使われています（{}）。プログラムを新しい版に替えてください。",
        unknown.join("、")
    )]
    Newer {
        /// Names of the migrations that were applied and are unknown here.
        unknown: Vec<String>,
    },
    /// The database refused or could not be reached.
    #[error("帳簿の表を作れませんでした。")]
    Database(#[from] DbErr),
}

/// Hands the pairs to sea-orm-migration, which keeps the list of applied names in `seaql_migrations`.
struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        PAIRS
            .iter()
            .map(|pair| Box::new(*pair) as Box<dyn MigrationTrait>)
            .collect()
    }
}

/// Applies what is missing, in one transaction and under a lock, so that programs that start together do not race.
///
/// # Errors
/// [`MigrateError::Newer`] when the database is ahead of this program, else what the database said.
pub async fn run(db: &DatabaseConnection) -> Result<(), MigrateError> {
    let tx = begin_locked(db).await?;
    let applied = Migrator::get_migration_models(&tx).await?;
    let unknown: Vec<String> = applied
        .into_iter()
        .map(|row| row.version)
        .filter(|version| PAIRS.iter().all(|pair| pair.name != version))
        .collect();
    if !unknown.is_empty() {
        return Err(MigrateError::Newer { unknown });
    }
    Migrator::up(&tx, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Names of the migrations that [`run`] would apply; changes nothing, works on a read-only connection.
///
/// # Errors
/// What the database said; also when it is ahead of this program.
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, MigrateError> {
    let pending = Migrator::get_pending_migrations_read_only(db).await?;
    Ok(pending
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect())
}

/// SQLite: `BEGIN IMMEDIATE` is the lock. PostgreSQL: an advisory lock, because `CREATE TABLE IF NOT EXISTS` itself
/// fails when two run at once.
async fn begin_locked(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            .await?;
    }
    Ok(tx)
}
