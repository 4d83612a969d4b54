//! An entry that refers to another.

use sea_orm::entity::prelude::*;

/// A row of `entry_ref`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_ref")]
pub struct Model {
    /// Entry referred to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_seq: i64,
    /// Entry that refers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// As what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: String,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
