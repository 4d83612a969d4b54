//! What columns hold, and how many rows of them become the parameters of one statement.

use sea_orm::{Value, sea_query::ArrayType};

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

/// A column with its name.
pub(crate) type Named = (&'static str, Column);

/// One row: values in the order of the columns.
pub(crate) type Row = Vec<Value>;

impl Column {
    /// How SQL reads the column `name` of unnested arrays.
    pub fn select(self, name: &str) -> String {
        match self {
            Column::BigOrNone => format!("NULLIF({name}, -1)"),
            Column::IntOrNone => format!("NULLIF({name}, 0)"),
            Column::TextOrNone => format!("NULLIF({name}, '')"),
            Column::BytesOrNone => format!("NULLIF({name}, ''::bytea)"),
            Column::UuidOrNone => format!("NULLIF({name}, '00000000-0000-0000-0000-000000000000'::uuid)"),
            _ => name.to_owned(),
        }
    }

    /// NULL as a parameter: equal to nothing, so a row of it looks up nothing.
    pub fn null(self) -> Value {
        match self {
            Column::Big | Column::BigOrNone => Value::BigInt(None),
            Column::Int | Column::IntOrNone => Value::Int(None),
            Column::Small => Value::SmallInt(None),
            Column::Bool => Value::Bool(None),
            Column::Text | Column::TextOrNone => Value::String(None),
            Column::Bytes | Column::BytesOrNone => Value::Bytes(None),
            Column::Uuid | Column::UuidOrNone => Value::Uuid(None),
        }
    }

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

/// `UNNEST($1::bigint[], $2::text[])`: rows on PostgreSQL, from the n-th parameter on.
pub(crate) fn unnest(columns: &[Named], first: usize) -> String {
    let arrays: Vec<String> = (columns.iter().enumerate())
        .map(|(n, (_, column))| format!("${}::{}[]", first + n, column.array().1))
        .collect();
    format!("UNNEST({})", arrays.join(", "))
}

/// Rows turned into one array a column: the parameters of [`unnest`].
pub(crate) fn arrays(columns: &[Named], rows: Vec<Row>) -> impl Iterator<Item = Value> {
    let mut sides: Vec<Vec<Value>> = columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for ((side, (_, column)), value) in sides.iter_mut().zip(columns).zip(row) {
            side.push(column.stand_in(value));
        }
    }
    sides
        .into_iter()
        .zip(columns)
        .map(|(values, (_, column))| Value::Array(column.array().0, Some(Box::new(values))))
}

/// `(?, ?), (?, ?)`: rows on SQLite.
pub(crate) fn tuples(columns: usize, rows: usize) -> String {
    let tuple = format!("({})", vec!["?"; columns].join(", "));
    vec![tuple; rows].join(", ")
}
