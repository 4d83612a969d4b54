//! The head row: the only write lock, and the last thing a write changes.

use super::numbers::Numbers;
use crate::{Engine, StoreError};
use domain::log::Frontier;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};

/// The head as read under its lock.
pub(super) struct Head {
    pub size: u64,
    pub frontier: Vec<u8>,
    pub last_recorded_at: i64,
    pub next_lot: i64,
    pub next_place: i64,
    pub next_account: i64,
    pub next_party: i64,
    pub next_product: i64,
}

const COLUMNS: &str = "size, frontier, last_recorded_at, next_lot_no, next_place_no, next_account_no, next_party_no, \
                       next_product_no";

/// The head's columns as they are written.
pub(super) const HEAD_COLUMNS: [&str; 9] = [
    "size",
    "root",
    "frontier",
    "last_recorded_at",
    "next_lot_no",
    "next_place_no",
    "next_account_no",
    "next_party_no",
    "next_product_no",
];

/// Values for [`HEAD_COLUMNS`], then the size that the head was read with.
pub(super) type HeadValues = [Value; HEAD_COLUMNS.len() + 1];

impl Head {
    /// Reads the head and holds it until the transaction ends. On PostgreSQL the lock is a statement of its own: read
    /// together with facts in one, the facts would be older than the head.
    pub async fn lock(tx: &DatabaseTransaction, engine: Engine) -> Result<Head, StoreError> {
        let lock = match engine {
            Engine::Sqlite => "",
            Engine::Postgres => " FOR UPDATE",
        };
        let sql = format!("SELECT {COLUMNS} FROM log_head WHERE id = 1{lock}");
        let row = tx
            .query_one_raw(Statement::from_string(tx.get_database_backend(), sql))
            .await?;
        let row = row.ok_or_else(|| StoreError::corrupt("log_head"))?;
        let size: i64 = row.try_get_by_index(0)?;
        Ok(Head {
            size: u64::try_from(size).map_err(|_| StoreError::corrupt("log_head.size"))?,
            frontier: row.try_get_by_index(1)?,
            last_recorded_at: row.try_get_by_index(2)?,
            next_lot: row.try_get_by_index(3)?,
            next_place: row.try_get_by_index(4)?,
            next_account: row.try_get_by_index(5)?,
            next_party: row.try_get_by_index(6)?,
            next_product: row.try_get_by_index(7)?,
        })
    }

    /// Entries were recorded at these times.
    pub fn recorded(&mut self, at: impl Iterator<Item = i64>) {
        self.last_recorded_at = at.fold(self.last_recorded_at, i64::max);
    }

    /// What is to stand in the row, in the order of [`HEAD_COLUMNS`], and the size it was read with.
    pub fn values(&self, frontier: &Frontier, numbers: &Numbers) -> Result<HeadValues, StoreError> {
        let size = |size| i64::try_from(size).map_err(|_| StoreError::corrupt("log size"));
        Ok([
            size(frontier.size())?.into(),
            frontier.root().as_bytes().to_vec().into(),
            frontier.to_bytes().into(),
            self.last_recorded_at.into(),
            numbers.next_lot.into(),
            numbers.next_place.into(),
            numbers.next_account.into(),
            numbers.next_party.into(),
            numbers.next_product.into(),
            size(self.size)?.into(),
        ])
    }
}
