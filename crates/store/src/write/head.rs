//! The head row: the only write lock, and the last thing a batch changes.

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

    /// Moves the head on. Whatever locks failed to hold, a head that is not where it was read aborts the batch.
    pub async fn update(
        &self,
        tx: &DatabaseTransaction,
        engine: Engine,
        frontier: &Frontier,
        numbers: &Numbers,
    ) -> Result<(), StoreError> {
        let p = |n| engine.parameter(n);
        let sql = format!(
            "UPDATE log_head SET size = {}, root = {}, frontier = {}, last_recorded_at = {}, next_lot_no = {}, \
             next_place_no = {}, next_account_no = {}, next_party_no = {}, next_product_no = {} \
             WHERE id = 1 AND size = {}",
            p(1),
            p(2),
            p(3),
            p(4),
            p(5),
            p(6),
            p(7),
            p(8),
            p(9),
            p(10)
        );
        let size = i64::try_from(frontier.size()).map_err(|_| StoreError::corrupt("log size"))?;
        let before = i64::try_from(self.size).map_err(|_| StoreError::corrupt("log size"))?;
        let values: [Value; 10] = [
            size.into(),
            frontier.root().as_bytes().to_vec().into(),
            frontier.to_bytes().into(),
            self.last_recorded_at.into(),
            numbers.next_lot.into(),
            numbers.next_place.into(),
            numbers.next_account.into(),
            numbers.next_party.into(),
            numbers.next_product.into(),
            before.into(),
        ];
        let done = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                sql,
                values,
            ))
            .await?;
        if done.rows_affected() == 1 {
            Ok(())
        } else {
            Err(StoreError::Moved)
        }
    }
}
