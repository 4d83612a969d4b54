//! Rows found by many keys at once. The order of the join is fixed by how it is written, so that it stays a walk from
//! the keys through the indexes: with the statistics of an empty table a planner chose to read the whole table, and kept
//! to it while the table grew.

use super::column::{Named, Row, arrays, tuples, unnest};
use crate::{Engine, StoreError};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::fmt::Write;

/// A question: keys `k`, then tables joined one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup {
    keys: &'static [Named],
    select: &'static str,
    joins: &'static [Join],
    tail: &'static str,
}

/// A table that is joined.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Join {
    table: &'static str,
    alias: &'static str,
    columns: &'static str,
    on: &'static str,
    outer: bool,
    /// By this index only, said to SQLite.
    index: &'static str,
}

impl Join {
    /// Rows of `table`, called `alias`, for which `on` holds; an index begins with its columns. `columns` are those that
    /// the rest of the question reads.
    pub const fn inner(
        table: &'static str,
        alias: &'static str,
        columns: &'static str,
        on: &'static str,
    ) -> Join {
        Join {
            table,
            alias,
            columns,
            on,
            outer: false,
            index: "",
        }
    }

    /// By a named index: SQLite reads the whole table where it has counted that most rows match.
    pub const fn by_index(self, index: &'static str) -> Join {
        Join { index, ..self }
    }

    /// [`Join::inner`], but what was found before stays also without such a row.
    pub const fn outer(
        table: &'static str,
        alias: &'static str,
        columns: &'static str,
        on: &'static str,
    ) -> Join {
        Join {
            table,
            alias,
            columns,
            on,
            outer: true,
            index: "",
        }
    }
}

/// Keys of one statement on SQLite, largest first; what is missing is filled up with NULL, which finds nothing.
const CHUNKS: [usize; 2] = [64, 8];

impl Lookup {
    /// Reads `select` by key columns that are called `k.NAME`.
    pub const fn by(keys: &'static [Named], select: &'static str, joins: &'static [Join]) -> Lookup {
        Lookup {
            keys,
            select,
            joins,
            tail: "",
        }
    }

    /// With a `GROUP BY …`.
    pub const fn grouped(self, tail: &'static str) -> Lookup {
        Lookup { tail, ..self }
    }

    /// Reads the rows for distinct keys, in no order.
    pub async fn read(
        &self,
        db: &impl ConnectionTrait,
        engine: Engine,
        keys: Vec<Row>,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let backend = db.get_database_backend();
        let mut found = Vec::new();
        if keys.is_empty() {
            return Ok(found);
        }
        match engine {
            Engine::Postgres => {
                let values: Vec<Value> = arrays(self.keys, keys).collect();
                let read = Statement::from_sql_and_values(backend, self.postgres(), values);
                found = db.query_all_raw(read).await?;
            }
            Engine::Sqlite => {
                let mut keys = keys.into_iter();
                while keys.len() > 0 {
                    let size = if keys.len() > CHUNKS[1] {
                        CHUNKS[0]
                    } else {
                        CHUNKS[1]
                    };
                    let mut values: Vec<Value> = keys.by_ref().take(size).flatten().collect();
                    while values.len() < size * self.keys.len() {
                        values.extend(self.keys.iter().map(|(_, column)| column.null()));
                    }
                    let read = Statement::from_sql_and_values(backend, self.sqlite(size), values);
                    found.extend(db.query_all_raw(read).await?);
                }
            }
        }
        Ok(found)
    }

    /// How many parameters a statement has on PostgreSQL.
    pub(crate) fn parameters(&self) -> usize {
        self.keys.len()
    }

    fn names(&self) -> String {
        let names: Vec<&str> = self.keys.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    /// `OFFSET 0` keeps a subquery apart, and what is apart cannot be joined in another order.
    pub(crate) fn postgres(&self) -> String {
        let mut text = format!(
            "SELECT {} FROM {} AS k({})",
            self.select,
            unnest(self.keys, 1),
            self.names()
        );
        for Join {
            table,
            alias,
            columns,
            on,
            outer,
            ..
        } in self.joins
        {
            let (join, always) = if *outer {
                ("LEFT", " ON true")
            } else {
                ("CROSS", "")
            };
            let _ = write!(
                text,
                " {join} JOIN LATERAL (SELECT {columns} FROM {table} {alias} WHERE {on} OFFSET 0) {alias}{always}"
            );
        }
        text + " " + self.tail
    }

    /// SQLite never reorders a CROSS JOIN, nor a LEFT one.
    pub(crate) fn sqlite(&self, rows: usize) -> String {
        let mut text = format!(
            "WITH k({}) AS (VALUES {}) SELECT {} FROM k",
            self.names(),
            tuples(self.keys.len(), rows),
            self.select
        );
        for Join {
            table,
            alias,
            on,
            outer,
            index,
            ..
        } in self.joins
        {
            let join = if *outer { "LEFT" } else { "CROSS" };
            let by = if index.is_empty() { "" } else { " INDEXED BY " };
            let _ = write!(text, " {join} JOIN {table} {alias}{by}{index} ON {on}");
        }
        text + " " + self.tail
    }
}
