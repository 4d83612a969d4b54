//! One big transaction on SQLite: the rows of an imported book, table by table, by prepared inserts of many rows, into
//! tables with the same indexes, triggers and constraints. Only the inserts and the commit are timed, not the reading.

use super::TABLES;
use crate::place::Place;
use anyhow::ensure;
use futures_util::TryStreamExt;
use sqlx::{
    AssertSqlSafe, Column, Connection, Row, Sqlite, SqliteConnection, TypeInfo, ValueRef,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use std::time::{Duration, Instant};

/// Rows of one statement.
const ROWS: usize = 64;
/// Rows read before they are written.
const READ: usize = 100 * ROWS;

/// What a column of a row holds.
enum Cell {
    None,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Loads all rows.
pub async fn load(from: &Place, to: &Place) -> anyhow::Result<Duration> {
    let mut source = from.sqlite().await?;
    let mut target = to.sqlite().await?;
    let begun = Instant::now();
    let mut transaction = target.begin_with("BEGIN IMMEDIATE").await?;
    let mut time = begun.elapsed();
    for table in TABLES {
        // what the engine makes itself cannot be written
        let stored = match table {
            "stock" => "lot_no, place_no, inner_place, quantity, last_day",
            _ => "*",
        };
        let select = format!("SELECT {stored} FROM {table}");
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut source);
        let (mut columns, mut read) = (String::new(), Vec::with_capacity(READ));
        while let Some(row) = rows.try_next().await? {
            if columns.is_empty() {
                columns = row
                    .columns()
                    .iter()
                    .map(sqlx::Column::name)
                    .collect::<Vec<_>>()
                    .join(", ");
            }
            read.push(cells(&row)?);
            if read.len() == READ {
                time += insert(&mut transaction, table, &columns, std::mem::take(&mut read)).await?;
            }
        }
        time += insert(&mut transaction, table, &columns, read).await?;
    }
    let ending = Instant::now();
    transaction.commit().await?;
    time += ending.elapsed();
    for table in TABLES {
        let (here, there) = (count(&mut target, table).await?, count(&mut source, table).await?);
        ensure!(here == there, "{table}: {here} rows instead of {there}");
    }
    Ok(time)
}

fn cells(row: &SqliteRow) -> anyhow::Result<Vec<Cell>> {
    let mut cells = Vec::with_capacity(row.len());
    for column in row.columns() {
        let at = column.ordinal();
        let value = row.try_get_raw(at)?;
        cells.push(if value.is_null() {
            Cell::None
        } else {
            match value.type_info().name() {
                "INTEGER" => Cell::Number(row.try_get(at)?),
                "TEXT" => Cell::Text(row.try_get(at)?),
                _ => Cell::Bytes(row.try_get(at)?),
            }
        });
    }
    Ok(cells)
}

async fn insert(
    db: &mut SqliteConnection,
    table: &str,
    columns: &str,
    rows: Vec<Vec<Cell>>,
) -> anyhow::Result<Duration> {
    let Some(width) = rows.first().map(Vec::len) else {
        return Ok(Duration::ZERO);
    };
    let tuple = format!("({})", vec!["?"; width].join(", "));
    let text = |rows: usize| {
        let tuples = vec![tuple.as_str(); rows].join(", ");
        format!("INSERT INTO {table} ({columns}) VALUES {tuples}")
    };
    let (many, one) = (text(ROWS), text(1));
    let begun = Instant::now();
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let (sql, size) = if rows.len() >= ROWS {
            (&many, ROWS)
        } else {
            (&one, 1)
        };
        let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
        for cell in rows.by_ref().take(size).flatten() {
            query = bound(query, cell);
        }
        query.execute(&mut *db).await?;
    }
    Ok(begun.elapsed())
}

fn bound(query: Query<'_, Sqlite, SqliteArguments>, cell: Cell) -> Query<'_, Sqlite, SqliteArguments> {
    match cell {
        Cell::None => query.bind(None::<i64>),
        Cell::Number(number) => query.bind(number),
        Cell::Text(text) => query.bind(text),
        Cell::Bytes(bytes) => query.bind(bytes),
    }
}

async fn count(connection: &mut SqliteConnection, table: &str) -> anyhow::Result<i64> {
    let count = format!("SELECT COUNT(*) FROM {table}");
    let row = sqlx::query(AssertSqlSafe(count)).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
