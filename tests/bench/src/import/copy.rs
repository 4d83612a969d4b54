//! COPY: the rows of an imported book, table by table, in one transaction, into tables with the same indexes, triggers
//! and constraints. In the binary form, which is the faster one.

use super::TABLES;
use crate::place::Place;
use anyhow::{Context, ensure};
use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Bytes of one message.
const CHUNK: usize = 64 << 10;

/// Loads all rows.
pub async fn load(cache: &Path, from: &Place, to: &Place) -> anyhow::Result<Duration> {
    let folder = tempfile::tempdir_in(cache)?;
    let mut source = from.postgres().await?;
    let mut files: Vec<(&str, PathBuf)> = Vec::new();
    for table in TABLES {
        let path = folder.path().join(table);
        dump(&mut source, table, &path).await.context(table)?;
        files.push((table, path));
    }
    let mut target = to.postgres().await?;
    let begun = Instant::now();
    let mut transaction = target.begin().await?;
    for (table, path) in &files {
        let statement = format!("COPY {table} FROM STDIN (FORMAT binary)");
        let mut copy = transaction.copy_in_raw(&statement).await?;
        let (mut file, mut chunk) = (File::open(path)?, vec![0; CHUNK]);
        loop {
            let read = file.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            copy.send(chunk.get(..read).unwrap_or_default()).await?;
        }
        copy.finish().await.context(*table)?;
    }
    transaction.commit().await?;
    let time = begun.elapsed();
    for table in TABLES {
        let (here, there) = (count(&mut target, table).await?, count(&mut source, table).await?);
        ensure!(here == there, "{table}: {here} rows instead of {there}");
    }
    Ok(time)
}

async fn dump(source: &mut PgConnection, table: &str, path: &Path) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let statement = format!("COPY {table} TO STDOUT (FORMAT binary)");
    let mut rows = source.copy_out_raw(&statement).await?;
    while let Some(bytes) = rows.try_next().await? {
        file.write_all(&bytes)?;
    }
    file.flush()?;
    Ok(())
}

async fn count(connection: &mut PgConnection, table: &str) -> anyhow::Result<i64> {
    let count = format!("SELECT COUNT(*) FROM {table}");
    let row = sqlx::query(AssertSqlSafe(count)).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
