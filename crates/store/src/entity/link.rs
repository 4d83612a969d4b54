//! How much of one lot went into another.

use sea_orm::entity::prelude::*;

/// A row of `link`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// Entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Number within the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    /// Lot that was used.
    pub input_no: i64,
    /// Lot that was made.
    pub output_no: i64,
    /// Of the input, in its smallest step; below zero in a mirror.
    pub quantity: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
