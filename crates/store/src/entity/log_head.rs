//! The one row that every writer locks.

use sea_orm::entity::prelude::*;

/// A row of `log_head`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Entries in the log.
    pub size: i64,
    /// Root of the tree, 32 bytes.
    pub root: Vec<u8>,
    /// `domain::log::Frontier` as bytes.
    pub frontier: Vec<u8>,
    /// UTC milliseconds of the last batch.
    pub last_recorded_at: i64,
    /// Number of the next lot.
    pub next_lot_no: i64,
    /// Number of the next place.
    pub next_place_no: i64,
    /// Number of the next account.
    pub next_account_no: i64,
    /// Number of the next party.
    pub next_party_no: i64,
    /// Number of the next product.
    pub next_product_no: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
