//! Connections: one that writes, some that read, and the settings each of them starts with.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement, TransactionTrait};
use sqlx::pool::{PoolConnectionMetadata, PoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Database, PgConnection, Postgres, Sqlite, SqliteConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::url::{DatabaseUrl, Location};
use crate::{Engine, Store, StoreError};

/// Connections that read at the same time.
pub(crate) const READERS: u32 = 4;
/// Connections that read whole tables at the same time.
const SCANNERS: u32 = 5;
/// Connections that write what is kept beside the book, on PostgreSQL.
const ACCESS: u32 = 2;
/// How long SQLite waits for another program's lock, and how long opening is tried.
pub(crate) const BUSY: Duration = Duration::from_secs(5);
/// How long a task waits for a connection of the pool.
const ACQUIRE: Duration = Duration::from_secs(15);
/// A writing connection that rested longer is asked whether it still lives before it is used: a busy writer pays no extra
/// round trip, and a batch is tried again anyway. A reading one is always asked, since nobody tries again for it.
const RESTED: Duration = Duration::from_secs(5);
/// How long a connection that comes back to its pool may take to say that it is well; then it is cut. One to a server
/// that has fallen silent would be held without end, and with it the pool.
const SILENCE: Duration = Duration::from_secs(5);
/// Pages of 4 KiB in the write-ahead log before SQLite folds it back. The default of 1,000 cost a tenth of the speed.
const CHECKPOINT_PAGES: &str = "10000";

/// SQLite's page caches, as it wants them: minus KiB. Its usual 2 MiB do not hold the upper levels of a grown book's
/// indexes.
const WRITER_CACHE: &str = "-16384";
const READER_CACHE: &str = "-4096";

/// What every PostgreSQL session is told. One paused program that holds the head stops all, so none may hold it long.
const SESSION: &[(&str, &str)] = &[
    ("synchronous_commit", "on"),
    ("default_transaction_isolation", "read committed"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "30s"),
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "30s"),
];

/// What sessions are told besides whose statements are walks from keys through indexes. Their plans are fixed: the
/// planner's guesses from a young table would be kept while the table grows a thousandfold.
const FIXED_PLANS: &[(&str, &str)] = &[
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("jit", "off"),
];

/// PostgreSQL's advisory lock around `CREATE SCHEMA`, which two programs must not do at once: the letters "schema".
const SCHEMA_LOCK: i64 = 0x7363_6865_6d61;

pub(crate) async fn connect(url: &DatabaseUrl) -> Result<Store, StoreError> {
    match &url.0 {
        Location::Sqlite { path } => sqlite(path).await,
        Location::Postgres { options, schema } => postgres(options, schema).await,
    }
}

async fn sqlite(path: &Path) -> Result<Store, StoreError> {
    let both = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        // without it INSERT OR REPLACE slips past the delete triggers
        .pragma("recursive_triggers", "ON")
        .disable_statement_logging();
    let writes = both
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // what is erased is overwritten, not only given free
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("cache_size", WRITER_CACHE);
    let reads = both.pragma("query_only", "ON").pragma("cache_size", READER_CACHE);

    let deadline = Instant::now() + BUSY;
    let writer = loop {
        match of_file(1)
            .connect_with(writes.clone())
            .await
            .map_err(StoreError::from)
        {
            Ok(writer) => break writer,
            // Two programs that open a new file together: the change to WAL does not wait, so we do.
            Err(StoreError::Locked { .. }) if Instant::now() < deadline => sleep(BUSY / 100).await,
            Err(error) => return Err(error),
        }
    };
    let reader: DatabaseConnection = of_file(READERS).connect_with(reads).await?.into();
    let writer = DatabaseConnection::from(writer);
    Ok(Store {
        access: writer.clone(),
        writer,
        scanner: reader.clone(),
        reader,
        engine: Engine::Sqlite,
    })
}

async fn postgres(options: &PgConnectOptions, schema: &str) -> Result<Store, StoreError> {
    let both = session(options, schema);
    let writes = both.clone().options(FIXED_PLANS.iter().copied());
    let scans = both.options([("default_transaction_read_only", "on")]);
    let reads = scans.clone().options(FIXED_PLANS.iter().copied());

    // Once without the pool, which would try a server that is not there again and again, and not say why.
    writes.connect().await?.close().await?;
    let writer = DatabaseConnection::from(of_server(1, RESTED).connect_with(writes.clone()).await?);
    make_schema(&writer, schema).await?;
    let reader = of_server(READERS, Duration::ZERO).connect_with(reads).await?;
    Ok(Store {
        writer,
        access: of_server(ACCESS, Duration::ZERO).connect_lazy_with(writes).into(),
        reader: reader.into(),
        scanner: of_server(SCANNERS, Duration::ZERO)
            .connect_lazy_with(scans)
            .into(),
        engine: Engine::Postgres,
    })
}

/// What every session is told, whatever it does.
pub(crate) fn session(options: &PgConnectOptions, schema: &str) -> PgConnectOptions {
    let both = options
        .clone()
        .options(SESSION.iter().copied())
        .options([("search_path", schema)]);
    let both = match both.get_application_name() {
        Some(_) => both,
        None => both.application_name("yokoito"),
    };
    both.disable_statement_logging()
}

/// The name was checked when the address was read, so it can stand in SQL; quoted, because it may be a word of SQL like
/// `full`. Looked up first, because `IF NOT EXISTS` asks for the right to create even where nothing is to be created.
async fn make_schema(writer: &DatabaseConnection, schema: &str) -> Result<(), StoreError> {
    let tx = writer
        .begin_with_options(Engine::Postgres.write_options())
        .await?;
    tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({SCHEMA_LOCK})"))
        .await?;
    let known = format!("SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'");
    if tx
        .query_one_raw(Statement::from_string(tx.get_database_backend(), known))
        .await?
        .is_none()
    {
        tx.execute_unprepared(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Connections to a file. One that still counts a transaction is given up: on a full disk SQLite rolls back by itself, the
/// driver's own rollback then fails, and from then on it would take each transaction for a part of that one and never
/// commit it.
pub(crate) fn of_file(size: u32) -> PoolOptions<Sqlite> {
    pool(size).before_acquire(|connection: &mut SqliteConnection, _| {
        let is_clean = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_clean) })
    })
}

/// Connections to a server. Those that rested so long are asked whether they live before they are used, and all when they
/// come back, for a limited time.
pub(crate) fn of_server(size: u32, rested: Duration) -> PoolOptions<Postgres> {
    pool(size)
        .before_acquire(
            move |connection: &mut PgConnection, resting: PoolConnectionMetadata| {
                let is_clean = !connection.is_in_transaction();
                Box::pin(async move {
                    if is_clean && resting.idle_for >= rested {
                        connection.ping().await?;
                    }
                    Ok(is_clean)
                })
            },
        )
        .after_release(|connection: &mut PgConnection, _| {
            Box::pin(async move {
                // the pool asks too, but would wait without end
                let answered = timeout(SILENCE, connection.ping()).await;
                answered.map_err(|elapsed| sqlx::Error::Io(elapsed.into()))??;
                Ok(true)
            })
        })
}

/// Connections stay open.
fn pool<DB: Database>(size: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(size)
        .acquire_timeout(ACQUIRE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}
