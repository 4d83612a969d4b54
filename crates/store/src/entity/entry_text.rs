//! Notes and reasons; erased ones have neither salt nor text.

use sea_orm::entity::prelude::*;

/// A row of `entry_text`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entry_text")]
pub struct Model {
    /// Entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Number within the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    /// `note` or `reason`.
    pub role: String,
    /// 32 bytes, hashed with the text.
    pub salt: Option<Vec<u8>>,
    /// The text.
    pub text: Option<String>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
