//! ロット: one batch of one product.

use sea_orm::entity::prelude::*;

/// A row of `lot`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lot")]
pub struct Model {
    /// Number in this book.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// Id in the canonical bytes.
    pub id: Uuid,
    /// What people call it, unique in the book.
    pub code: String,
    /// Product.
    pub product_no: i64,
    /// Party that made it.
    pub maker_no: i64,
    /// Entry it was born in.
    pub birth_seq: i64,
    /// Day it was made, yyyymmdd.
    pub made_on: Option<i32>,
    /// Best before or use by, yyyymmdd.
    pub best_before: Option<i32>,
    /// Canonical JSON of the rest.
    pub facts: String,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
