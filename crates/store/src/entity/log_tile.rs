//! A piece of a tile of the tree.

use sea_orm::entity::prelude::*;

/// A row of `log_tile`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_tile")]
pub struct Model {
    /// Level of the tile.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i16,
    /// Number within the level.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tile_index: i64,
    /// Where in the tile the piece begins, 0 to 255.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i16,
    /// Hashes of 32 bytes, one after the other.
    pub hashes: Vec<u8>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
