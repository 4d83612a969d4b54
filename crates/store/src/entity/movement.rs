//! Goods from a place to a place.

use sea_orm::entity::prelude::*;

/// A row of `movement`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "movement")]
pub struct Model {
    /// Entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Number within the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    /// Lot.
    pub lot_no: i64,
    /// Place they leave.
    pub from_no: i64,
    /// Place they reach.
    pub to_no: i64,
    /// Above zero, in the smallest step of the unit.
    pub quantity: i64,
    /// The lot was chosen by rule, not scanned.
    pub assumed: bool,
    /// Day it counts for, yyyymmdd.
    pub book_on: i32,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
