//! What lies of a lot at a place: the sum of its movements.

use sea_orm::entity::prelude::*;

/// A row of `stock`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stock")]
pub struct Model {
    /// Lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_no: i64,
    /// Place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_no: i64,
    /// Never below zero here.
    pub inner_place: bool,
    /// In the smallest step of the unit.
    pub quantity: i64,
    /// Latest day of a movement, yyyymmdd.
    pub last_day: i32,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
