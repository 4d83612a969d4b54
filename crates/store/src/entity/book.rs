//! 帳簿: the one row.

use sea_orm::entity::prelude::*;

/// A row of `book`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Id of the book.
    pub book_id: Uuid,
    /// Version of the book.
    pub format: i32,
    /// UTC milliseconds.
    pub made_at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
