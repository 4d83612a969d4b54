//! A signed head.

use sea_orm::entity::prelude::*;

/// A row of `log_checkpoint`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_checkpoint")]
pub struct Model {
    /// Entries it covers.
    #[sea_orm(primary_key, auto_increment = false)]
    pub size: i64,
    /// Signed note.
    pub note: String,
    /// UTC milliseconds.
    pub at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
