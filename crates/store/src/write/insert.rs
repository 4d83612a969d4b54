//! Many rows in few statements of constant text: UNNEST arrays on PostgreSQL, VALUES chunks of fixed sizes on SQLite.
//! Texts that change with the batch would be parsed anew each time.

use crate::{Engine, StoreError};
use sea_orm::{ConnectionTrait, Statement, Value, sea_query::ArrayType};

/// What a column holds. A nullable column is sent to PostgreSQL with a stand-in for "none", because its arrays carry
/// no nulls here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Big,
    /// Nullable; −1 stands for none.
    BigOrNone,
    Int,
    /// Nullable; 0 stands for none.
    IntOrNone,
    Small,
    Bool,
    Text,
    /// Nullable; the empty text stands for none.
    TextOrNone,
    Bytes,
    /// Nullable; no bytes stand for none.
    BytesOrNone,
    Uuid,
    /// Nullable; the nil id stands for none.
    UuidOrNone,
}

impl Column {
    fn array(self) -> (ArrayType, &'static str) {
        match self {
            Column::Big | Column::BigOrNone => (ArrayType::BigInt, "bigint"),
            Column::Int | Column::IntOrNone => (ArrayType::Int, "integer"),
            Column::Small => (ArrayType::SmallInt, "smallint"),
            Column::Bool => (ArrayType::Bool, "boolean"),
            Column::Text | Column::TextOrNone => (ArrayType::String, "text"),
            Column::Bytes | Column::BytesOrNone => (ArrayType::Bytes, "bytea"),
            Column::Uuid | Column::UuidOrNone => (ArrayType::Uuid, "uuid"),
        }
    }

    fn select(self, n: usize) -> String {
        match self {
            Column::BigOrNone => format!("NULLIF(c{n}, -1)"),
            Column::IntOrNone => format!("NULLIF(c{n}, 0)"),
            Column::TextOrNone => format!("NULLIF(c{n}, '')"),
            Column::BytesOrNone => format!("NULLIF(c{n}, ''::bytea)"),
            Column::UuidOrNone => format!("NULLIF(c{n}, '00000000-0000-0000-0000-000000000000'::uuid)"),
            _ => format!("c{n}"),
        }
    }

    fn stand_in(self, value: Value) -> Value {
        match (self, value) {
            (Column::BigOrNone, Value::BigInt(None)) => Value::BigInt(Some(-1)),
            (Column::IntOrNone, Value::Int(None)) => Value::Int(Some(0)),
            (Column::TextOrNone, Value::String(None)) => Value::String(Some(String::new())),
            (Column::BytesOrNone, Value::Bytes(None)) => Value::Bytes(Some(Vec::new())),
            (Column::UuidOrNone, Value::Uuid(None)) => Value::Uuid(Some(uuid::Uuid::nil())),
            (_, value) => value,
        }
    }
}

/// A table as written to.
pub(super) struct Table {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Column)],
    /// `ON CONFLICT …`, if any; the same text does on both engines.
    pub conflict: &'static str,
}

/// One row: values in the order of the table's columns.
pub(super) type Row = Vec<Value>;

/// Rows of one VALUES statement on SQLite, largest first.
const CHUNKS: [usize; 3] = [64, 8, 1];

/// Inserts all rows.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    engine: Engine,
    table: &Table,
    rows: Vec<Row>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    match engine {
        Engine::Postgres => postgres(tx, table, rows).await,
        Engine::Sqlite => sqlite(tx, table, rows).await,
    }
}

fn names(table: &Table) -> String {
    table
        .columns
        .iter()
        .map(|(name, _)| *name)
        .collect::<Vec<_>>()
        .join(", ")
}

async fn postgres(tx: &impl ConnectionTrait, table: &Table, rows: Vec<Row>) -> Result<(), StoreError> {
    let mut columns: Vec<Vec<Value>> = table
        .columns
        .iter()
        .map(|_| Vec::with_capacity(rows.len()))
        .collect();
    for row in rows {
        for ((column, (_, kind)), value) in columns.iter_mut().zip(table.columns).zip(row) {
            column.push(kind.stand_in(value));
        }
    }
    let numbered = || table.columns.iter().enumerate();
    let list = |parts: Vec<String>| parts.join(", ");
    let select = list(numbered().map(|(n, (_, kind))| kind.select(n)).collect());
    let arrays = list(
        numbered()
            .map(|(n, (_, kind))| format!("${}::{}[]", n + 1, kind.array().1))
            .collect(),
    );
    let aliases = list(numbered().map(|(n, _)| format!("c{n}")).collect());
    let sql = format!(
        "INSERT INTO {} ({}) SELECT {select} FROM UNNEST({arrays}) AS t({aliases}) {}",
        table.name,
        names(table),
        table.conflict
    );
    let values = columns.into_iter().zip(table.columns);
    let values = values.map(|(values, (_, kind))| Value::Array(kind.array().0, Some(Box::new(values))));
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        sql,
        values,
    ))
    .await?;
    Ok(())
}

async fn sqlite(tx: &impl ConnectionTrait, table: &Table, rows: Vec<Row>) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let left = rows.len();
        let size = CHUNKS.into_iter().find(|size| *size <= left).unwrap_or(1);
        let tuple = format!("({})", vec!["?"; table.columns.len()].join(", "));
        let sql = format!(
            "INSERT INTO {} ({}) VALUES {} {}",
            table.name,
            names(table),
            vec![tuple; size].join(", "),
            table.conflict
        );
        let values: Vec<Value> = rows.by_ref().take(size).flatten().collect();
        tx.execute_raw(Statement::from_sql_and_values(
            tx.get_database_backend(),
            sql,
            values,
        ))
        .await?;
    }
    Ok(())
}

/// Reads rows for many keys: the statement's `{keys}` becomes a constant list. On SQLite keys are padded to a fixed
/// number by repeating the last one.
pub(crate) async fn select_in(
    db: &impl ConnectionTrait,
    engine: Engine,
    sql: &str,
    kind: Column,
    keys: Vec<Value>,
) -> Result<Vec<sea_orm::QueryResult>, StoreError> {
    let mut found = Vec::new();
    match engine {
        Engine::Postgres => {
            let sql = sql.replace("{keys}", &format!("(SELECT UNNEST($1::{}[]))", kind.array().1));
            let keys = Value::Array(kind.array().0, Some(Box::new(keys)));
            found = db
                .query_all_raw(Statement::from_sql_and_values(
                    db.get_database_backend(),
                    sql,
                    [keys],
                ))
                .await?;
        }
        Engine::Sqlite => {
            let mut keys = keys.into_iter().peekable();
            while keys.peek().is_some() {
                let size = if keys.len() > CHUNKS[1] {
                    CHUNKS[0]
                } else {
                    CHUNKS[1]
                };
                let mut values: Vec<Value> = keys.by_ref().take(size).collect();
                if let Some(last) = values.last().cloned() {
                    values.resize(size, last);
                }
                let sql = sql.replace("{keys}", &format!("({})", vec!["?"; size].join(", ")));
                let read = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
                found.extend(db.query_all_raw(read).await?);
            }
        }
    }
    Ok(found)
}
