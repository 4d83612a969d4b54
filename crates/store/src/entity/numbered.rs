//! An entry with a number of a series without gaps.

use sea_orm::entity::prelude::*;

/// A row of `numbered`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "numbered")]
pub struct Model {
    /// What is numbered together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub series: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// The entry.
    pub seq: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
