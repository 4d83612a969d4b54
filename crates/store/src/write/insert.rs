//! Many rows in few statements of constant text. On PostgreSQL all rows of a batch and its head are one statement with
//! an UNNEST a table; on SQLite, where a statement costs a thread's hop but no round trip, VALUES chunks of fixed sizes.
//! Texts that change with the batch would be parsed anew each time.

use super::{
    column::{Named, Row, arrays, tuples, unnest},
    head::{HEAD_COLUMNS, HeadValues},
    tables::{ALL, TABLES},
};
use crate::{Engine, StoreError};
use sea_orm::{ConnectionTrait, Statement, Value};
use std::sync::OnceLock;

/// A table as written to.
pub(super) struct Table {
    pub name: &'static str,
    pub columns: &'static [Named],
    /// `ON CONFLICT …`, if any; the same text does on both engines.
    pub conflict: &'static str,
}

/// Rows of one VALUES statement on SQLite, largest first.
const CHUNKS: [usize; 3] = [64, 8, 1];

/// Rows for each table in the order of [`ALL`].
pub(super) type Batch = [Vec<Row>; TABLES];

/// Writes the rows and moves the head on from where it was read. A head that is not there any more, whatever locks
/// failed to hold, is [`StoreError::Moved`]; then the transaction must be given up.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    engine: Engine,
    rows: Batch,
    head: HeadValues,
) -> Result<(), StoreError> {
    match engine {
        Engine::Postgres => {
            let mut values: Vec<Value> = Vec::with_capacity(128);
            for (table, rows) in ALL.iter().zip(rows) {
                values.extend(arrays(table.columns, rows));
            }
            values.extend(head);
            moved(execute(tx, everything(), values).await?)
        }
        Engine::Sqlite => {
            for ((table, rows), texts) in ALL.iter().zip(rows).zip(chunks()) {
                chunked(tx, table, rows, texts).await?;
            }
            moved(execute(tx, head_alone(), head.into()).await?)
        }
    }
}

fn moved(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Moved) }
}

async fn execute(tx: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), text, values);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}

fn names(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// `UPDATE log_head …`, its parameters from the n-th on.
fn update_head(first: usize, parameter: impl Fn(usize) -> String) -> String {
    let set: Vec<String> = (HEAD_COLUMNS.iter().enumerate())
        .map(|(n, column)| format!("{column} = {}", parameter(first + n)))
        .collect();
    let read = parameter(first + HEAD_COLUMNS.len());
    format!(
        "UPDATE log_head SET {} WHERE id = 1 AND size = {read}",
        set.join(", ")
    )
}

/// PostgreSQL: one statement for all tables. Foreign keys are looked at when it ends, so their order does not matter.
pub(crate) fn everything() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut first = 1;
        let mut parts = Vec::with_capacity(TABLES);
        for table in ALL {
            let columns = || table.columns.iter().enumerate();
            let aliases: Vec<String> = columns().map(|(n, _)| format!("c{n}")).collect();
            let select: Vec<String> = columns()
                .map(|(n, (_, column))| column.select(&format!("c{n}")))
                .collect();
            parts.push(format!(
                "{}_rows AS (INSERT INTO {} ({}) SELECT {} FROM {} AS t({}) {})",
                table.name,
                table.name,
                names(table),
                select.join(", "),
                unnest(table.columns, first),
                aliases.join(", "),
                table.conflict
            ));
            first += table.columns.len();
        }
        let head = update_head(first, |n| Engine::Postgres.parameter(n));
        format!("WITH {} {head}", parts.join(", "))
    })
}

/// Parameters of [`everything`].
pub(crate) fn parameters() -> usize {
    let columns: usize = ALL.iter().map(|table| table.columns.len()).sum();
    columns + HEAD_COLUMNS.len() + 1
}

fn head_alone() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| update_head(1, |n| Engine::Sqlite.parameter(n)))
}

/// SQLite: the statements of each table, one a size.
fn chunks() -> &'static [[String; CHUNKS.len()]] {
    static TEXTS: OnceLock<Vec<[String; CHUNKS.len()]>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let text = |table: &Table, size| {
            let tuples = tuples(table.columns.len(), size);
            format!(
                "INSERT INTO {} ({}) VALUES {tuples} {}",
                table.name,
                names(table),
                table.conflict
            )
        };
        ALL.iter()
            .map(|table| CHUNKS.map(|size| text(table, size)))
            .collect()
    })
}

async fn chunked(
    tx: &impl ConnectionTrait,
    table: &Table,
    rows: Vec<Row>,
    texts: &[String; CHUNKS.len()],
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter();
    for (size, text) in CHUNKS.into_iter().zip(texts) {
        while rows.len() >= size {
            let mut values: Vec<Value> = Vec::with_capacity(size * table.columns.len());
            values.extend(rows.by_ref().take(size).flatten());
            execute(tx, text, values).await?;
        }
    }
    Ok(())
}
