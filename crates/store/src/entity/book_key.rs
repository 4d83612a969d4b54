//! Public half of a key that signs checkpoints.

use sea_orm::entity::prelude::*;

/// A row of `book_key`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "book_key")]
pub struct Model {
    /// Id in signed notes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: String,
    /// Ed25519, 32 bytes.
    pub public_key: Vec<u8>,
    /// Name in signed notes.
    pub name: String,
    /// UTC milliseconds.
    pub from_at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
