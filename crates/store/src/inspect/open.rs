//! Opening without leaving a trace.

use super::file::SqliteFile;
use crate::{
    DatabaseUrl, Engine, Store, StoreError,
    pool::{self, READERS},
    url::Location,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use sqlx::{
    ConnectOptions, Connection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};
use std::{fmt::Write, path::Path, time::Duration};

impl Store {
    /// Opens a book that is there, on connections that cannot write: `writer` is one of them too. Nothing is made, no
    /// table, no file, no schema; nothing is left behind.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no such file or server, [`StoreError::Corrupt`] when it is no
    /// database at all.
    pub async fn open_read_only(url: &DatabaseUrl) -> Result<Store, StoreError> {
        match &url.0 {
            Location::Sqlite { path } => sqlite(path).await,
            Location::Postgres { options, schema } => postgres(options, schema).await,
        }
    }
}

async fn sqlite(path: &Path) -> Result<Store, StoreError> {
    let file = SqliteFile::look(path).map_err(|error| StoreError::from(sqlx::Error::Io(error)))?;
    let store = open_sqlite(options(path, &file)?).await?;
    let Err(StoreError::Corrupt { .. }) = probe(&store.reader).await else {
        return Ok(store);
    };
    // what is left of a file that was cut off can still be read, if one insists
    let insisting = options(path, &file)?.pragma("writable_schema", "ON");
    let second = open_sqlite(insisting).await?;
    if probe(&second.reader).await.is_ok() {
        drop(store.close().await);
        return Ok(second);
    }
    drop(second.close().await);
    // each reading says by itself that it cannot be read
    Ok(store)
}

/// How the file is opened depends on what lies beside it.
///
/// - Nothing: as a file that does not change, without locks, so that no write-ahead log is made.
/// - A log and its index: they are read as they are. Where no program is using them, SQLite builds an index of its own
///   in memory (`readonly_shm`); where one is, its locks are honoured.
/// - A log without index: nobody uses the book. Without locks (there is nobody to keep out) and exclusively, so that
///   the index is built in memory and not beside the book.
fn options(path: &Path, file: &SqliteFile) -> Result<SqliteConnectOptions, StoreError> {
    let options = SqliteConnectOptions::new()
        .read_only(true)
        .create_if_missing(false)
        .foreign_keys(false)
        .busy_timeout(pool::BUSY)
        .pragma("query_only", "ON")
        .disable_statement_logging();
    if file.is_alone() {
        return Ok(options.filename(path).immutable(true));
    }
    let name = path.to_str().ok_or_else(|| {
        let unfit = std::io::Error::new(std::io::ErrorKind::InvalidInput, "the name is not UTF-8");
        StoreError::from(sqlx::Error::Io(unfit))
    })?;
    let name = escaped(name);
    if !cfg!(unix) {
        // the other ways are those of Unix
        return Ok(options.filename(path));
    }
    Ok(if file.shm {
        options.filename(format!("file:{name}?readonly_shm=1"))
    } else {
        options
            .filename(format!("file:{name}?vfs=unix-none"))
            .locking_mode(SqliteLockingMode::Exclusive)
    })
}

/// A path in a `file:` address: only what cannot be misread stands for itself.
fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => text.push(byte.into()),
            byte => {
                // writing to a text cannot fail
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

async fn open_sqlite(options: SqliteConnectOptions) -> Result<Store, StoreError> {
    let reader = pool::of_file(READERS).connect_with(options).await?;
    Ok(read_only(reader.into(), Engine::Sqlite))
}

/// Whether the list of tables can be read.
async fn probe(db: &DatabaseConnection) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM sqlite_schema";
    db.query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await?;
    Ok(())
}

async fn postgres(options: &PgConnectOptions, schema: &str) -> Result<Store, StoreError> {
    let options = pool::session(options, schema).options([("default_transaction_read_only", "on")]);
    // once without the pool, which would not say why
    options.connect().await?.close().await?;
    let reader = pool::of_server(READERS, Duration::ZERO)
        .connect_with(options)
        .await?;
    Ok(read_only(reader.into(), Engine::Postgres))
}

fn read_only(reader: DatabaseConnection, engine: Engine) -> Store {
    Store {
        writer: reader.clone(),
        scanner: reader.clone(),
        access: reader.clone(),
        reader,
        engine,
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_address_cannot_be_misread() {
        assert_eq!(escaped("/a/b-c_1.db"), "/a/b-c_1.db");
        assert_eq!(escaped("帳/a?b#c%d e"), "%E5%B8%B3/a%3Fb%23c%25d%20e");
    }
}
