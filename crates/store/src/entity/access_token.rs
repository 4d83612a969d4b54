//! Key of another program.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `access_token`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "access_token")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret.
    #[serde(with = "super::in_base64")]
    pub token_hash: Vec<u8>,
    /// Whose.
    pub person: Uuid,
    /// What it is for.
    pub name: String,
    /// Records nothing.
    pub only_reads: bool,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; none: for ever.
    pub expires_at: Option<i64>,
    /// UTC milliseconds; none while it counts.
    pub revoked_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
