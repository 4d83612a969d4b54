//! 品目.

use sea_orm::entity::prelude::*;

/// A row of `product`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "product")]
pub struct Model {
    /// Number in this book.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// Id in the canonical bytes.
    pub id: Uuid,
    /// Party whose product it is.
    pub owner_no: i64,
    /// Short code.
    pub code: String,
    /// Entry that named it.
    pub seq: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
