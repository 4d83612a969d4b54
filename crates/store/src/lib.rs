//! Rows in, rows out: connections, the writer's transaction, readers. It decides nothing.
//!
//! A [`Store`] is one book: one SQLite file or one PostgreSQL schema, named by a [`DatabaseUrl`]. All
//! writing goes through the one connection of `writer`, in transactions that [`Store::begin_write`] starts; readers
//! cannot write, their connections refuse it. Where the engines differ, [`Engine`] knows.

pub mod access;
pub mod entity;
pub mod inspect;
pub mod verify;

mod book;
mod engine;
mod error;
mod migrate;
mod plans;
mod pool;
mod read;
mod url;
mod write;

use std::collections::BTreeMap;

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};

pub use book::Identity;
pub use engine::Engine;
pub use error::StoreError;
pub use plans::Plan;
pub use read::{
    balances::AccountSum,
    between::{PostedLine, Window},
    ledger::LedgerLine,
    log::{LogHead, StoredEntry},
    lots::KeptLot,
    numbered::NumberedEntry,
    referring::Referring,
    search::Search,
    snapshot::Snapshot,
    stock::StockRow,
    trace::{EntryHead, Moved, WholeEntry},
};
pub use url::{DatabaseUrl, UrlError};
pub use write::{Batch, WriterState};

/// An open book.
#[derive(Debug, Clone)]
pub struct Store {
    /// The one connection that writes; waiting for it is waiting for the writer before.
    pub writer: DatabaseConnection,
    /// Connections that can only read, from keys through indexes: on PostgreSQL their plans are fixed.
    pub reader: DatabaseConnection,
    /// Connections that can only read, whole tables too: plans as the planner likes. Opened when first used.
    pub scanner: DatabaseConnection,
    /// What is kept beside the book is written here. On SQLite it is the writer: a second connection would fight for the
    /// lock. On PostgreSQL connections of its own, opened when first used, so that the head's lock holds nobody up.
    pub access: DatabaseConnection,
    /// What the book is kept in.
    pub engine: Engine,
}

impl Store {
    /// Opens the book, making the SQLite file or the PostgreSQL schema where there is none. The tables come with
    /// [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another program holds the file for some seconds, [`StoreError::Unavailable`] when
    /// the file or the server cannot be reached.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        pool::connect(url).await
    }

    /// Starts the transaction of a batch: `BEGIN IMMEDIATE` on SQLite, `READ COMMITTED` on PostgreSQL, where the lock
    /// is the head's row. Dropped without commit it is rolled back.
    ///
    /// # Errors
    /// As any statement.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction, StoreError> {
        Ok(self
            .writer
            .begin_with_options(self.engine.write_options())
            .await?)
    }

    /// What the writer's connection really runs with, read back from the engine: the settings on which it depends that
    /// an answered entry survives a power cut.
    ///
    /// # Errors
    /// As any statement.
    pub async fn settings_of_writer(&self) -> Result<BTreeMap<&'static str, String>, StoreError> {
        self.engine.settings(&self.writer).await
    }

    /// Closes all pools after the work at hand.
    ///
    /// # Errors
    /// As any statement.
    pub async fn close(self) -> Result<(), StoreError> {
        // on SQLite two are one pool; closing it twice does nothing
        self.access.close().await?;
        self.scanner.close().await?;
        self.reader.close().await?;
        self.writer.close().await?;
        Ok(())
    }
}
