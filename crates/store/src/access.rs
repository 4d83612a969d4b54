//! What is kept beside the book: people's accounts, sessions, tokens, invitations, cards, the reading register, proposals and
//! evidence files. Nothing of it is an entry, and none of it is decided here.
//!
//! It is read on the book's readers. A change that consists of several statements, or of a look and a change, is an
//! [`AccessChange`]: a short transaction, on SQLite between two batches of the writer.

mod cards;
mod copy;
mod evidence;
mod invitations;
mod people;
mod proposals;
mod questions;
mod readings;
mod resets;
mod sessions;
mod settings;
mod tokens;

pub use cards::CardHolder;
pub use copy::{Kept, Place};
pub use people::Account;
pub use proposals::Proposed;
pub use readings::READINGS;
pub use sessions::SessionHolder;
pub use tokens::{LimitedToken, TokenHolder};

use crate::{Engine, Store, StoreError};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement, TransactionTrait, Value};
use uuid::Uuid;

/// A role as it is stored: its name, and the office or network it is held of (nil for the book).
pub type StoredRole = (String, Uuid);

/// A change under way; dropped without commit it is undone.
pub struct AccessChange {
    tx: DatabaseTransaction,
    engine: Engine,
}

impl Store {
    /// Begins a change beside the book. Short: on SQLite the writer waits for it.
    ///
    /// # Errors
    /// As any statement.
    pub async fn change_access(&self) -> Result<AccessChange, StoreError> {
        let tx = self
            .access
            .begin_with_options(self.engine.write_options())
            .await?;
        Ok(AccessChange {
            tx,
            engine: self.engine,
        })
    }

    /// One statement that changes something; the answer is how many rows it changed.
    async fn change_one<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64, StoreError> {
        change(&self.access, self.engine, sql, values.into()).await
    }

    /// Rows of a statement with `{1}`, `{2}` … for its parameters.
    async fn found(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = statement(&self.reader, self.engine, sql, values);
        Ok(self.reader.query_all_raw(statement).await?)
    }
}

impl AccessChange {
    /// Makes it last.
    ///
    /// # Errors
    /// As any statement.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await?;
        Ok(())
    }

    /// Keeps others from changing who holds which role until this change has ended: two who take back each other's last
    /// role would both find that another one is left. SQLite has one who writes anyway.
    ///
    /// # Errors
    /// As any statement.
    pub async fn lock_roles(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Postgres {
            let lock = "LOCK TABLE person, person_role, invitation IN SHARE ROW EXCLUSIVE MODE";
            self.tx.execute_unprepared(lock).await?;
        }
        Ok(())
    }

    async fn change<const N: usize>(&self, sql: &str, values: [Value; N]) -> Result<u64, StoreError> {
        change(&self.tx, self.engine, sql, values.into()).await
    }

    async fn found(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = statement(&self.tx, self.engine, sql, values);
        Ok(self.tx.query_all_raw(statement).await?)
    }
}

async fn change(
    db: &impl ConnectionTrait,
    engine: Engine,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    let statement = statement(db, engine, sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

fn statement(db: &impl ConnectionTrait, engine: Engine, sql: &str, values: Vec<Value>) -> Statement {
    let mut text = sql.to_owned();
    for n in 1..=values.len() {
        text = text.replace(&format!("{{{n}}}"), &engine.parameter(n));
    }
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// The role in the columns `role` and `of` of a row, where there is one.
fn role(row: &QueryResult) -> Result<Option<StoredRole>, StoreError> {
    let name: Option<String> = row.try_get("", "role")?;
    let of: Option<Uuid> = row.try_get("", "of")?;
    Ok(name.zip(of))
}
