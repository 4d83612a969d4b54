//! Somebody is logged in.

use sea_orm::entity::prelude::*;

/// A row of `session`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    /// Who.
    pub person: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds, written now and then.
    pub seen_at: i64,
    /// UTC milliseconds.
    pub expires_at: i64,
    /// UTC milliseconds; none while it runs.
    pub ended_at: Option<i64>,
    /// Card by which it was begun; none for a password.
    pub card: Option<Uuid>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
