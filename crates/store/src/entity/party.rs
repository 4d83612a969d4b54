//! 事業所, 取引先, 法人, 連絡会.

use sea_orm::entity::prelude::*;

/// A row of `party`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "party")]
pub struct Model {
    /// Number in this book.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// Which of them.
    pub kind: i16,
    /// Id in the canonical bytes.
    pub id: Uuid,
    /// Short code.
    pub code: String,
    /// Entry that named it.
    pub seq: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
