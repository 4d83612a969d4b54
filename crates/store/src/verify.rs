//! Rows for `verify`, in pages and short reads, never one long transaction: recording goes on meanwhile. Whatever has to
//! agree with what is being written (sums, head) is read in one statement with what it is compared with.

mod beyond;
mod entries;
mod head;
mod sums;

pub use beyond::{Counted, LOOSE, LooseRow, SEQ_TABLES};
pub use entries::{EntryPage, LotName};
pub use head::{HeadRow, NUMBERED};
pub use sums::{BalanceRow, LinkSum, StockRow};

use crate::{Engine, Store, StoreError};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use std::fmt::Write;
use uuid::Uuid;

/// A position of the log as the tables have it.
pub(crate) fn number(seq: u64) -> Result<i64, StoreError> {
    i64::try_from(seq).map_err(|_| StoreError::corrupt("seq"))
}

/// The book's rows, as they are.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'s> {
    store: &'s Store,
}

impl Store {
    /// The book's rows for `verify`.
    pub const fn rows(&self) -> Rows<'_> {
        Rows { store: self }
    }
}

impl Rows<'_> {
    /// Reads with a statement whose parameters are written `{1}`, `{2}` …
    async fn select(self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.statement(sql, values);
        Ok(self.store.scanner.query_all_raw(statement).await?)
    }

    fn statement(self, sql: &str, values: Vec<Value>) -> Statement {
        let mut text = sql.to_owned();
        for n in 1..=values.len() {
            text = text.replace(&format!("{{{n}}}"), &self.store.engine.parameter(n));
        }
        Statement::from_sql_and_values(self.store.scanner.get_database_backend(), text, values)
    }

    /// A condition "is one of these numbers" with one parameter, so that the statement's text stays the same.
    fn among(self, column: &str, numbers: &[i64]) -> (String, Value) {
        match self.store.engine {
            Engine::Postgres => (format!("{column} = ANY({{1}})"), numbers.to_vec().into()),
            Engine::Sqlite => {
                let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                let list = format!("[{}]", list.join(","));
                (
                    format!("{column} IN (SELECT value FROM json_each({{1}}))"),
                    list.into(),
                )
            }
        }
    }

    /// The same for ids.
    fn among_ids(self, column: &str, ids: &[Uuid]) -> (String, Value) {
        match self.store.engine {
            Engine::Postgres => (format!("{column} = ANY({{1}})"), ids.to_vec().into()),
            Engine::Sqlite => {
                let mut list = String::from("[");
                for (n, id) in ids.iter().enumerate() {
                    // writing to a text cannot fail
                    let _ = write!(list, "{}\"{}\"", if n == 0 { "" } else { "," }, id.simple());
                }
                list.push(']');
                (
                    format!("{column} IN (SELECT unhex(value) FROM json_each({{1}}))"),
                    list.into(),
                )
            }
        }
    }
}
