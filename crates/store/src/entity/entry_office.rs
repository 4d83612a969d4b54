//! An office that an entry touches.

use sea_orm::entity::prelude::*;

/// A row of `entry_office`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_office")]
pub struct Model {
    /// Party number of the office.
    #[sea_orm(primary_key, auto_increment = false)]
    pub office_no: i64,
    /// Entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
