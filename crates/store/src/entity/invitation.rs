//! Link by which somebody comes in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `invitation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "invitation")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret.
    #[serde(with = "super::in_base64")]
    pub secret_hash: Vec<u8>,
    /// Name of the role.
    pub role: String,
    /// Office or network; nil for the book.
    pub of: Uuid,
    /// Who invited; none for the link that sets the book up.
    pub made_by: Option<Uuid>,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; when it was withdrawn, where it was.
    pub expires_at: i64,
    /// UTC milliseconds.
    pub used_at: Option<i64>,
    /// Who came in.
    pub used_by: Option<Uuid>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
