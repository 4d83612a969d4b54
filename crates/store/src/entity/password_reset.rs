//! Link by which an account gets another password.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `password_reset`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "password_reset")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret.
    #[serde(with = "super::in_base64")]
    pub secret_hash: Vec<u8>,
    /// Whose password.
    pub person: Uuid,
    /// Who made it.
    pub made_by: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; when it was taken back, where it was.
    pub expires_at: i64,
    /// UTC milliseconds.
    pub used_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
