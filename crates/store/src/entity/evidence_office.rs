//! Which office brought a file.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `evidence_office`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "evidence_office")]
pub struct Model {
    /// SHA-256 of the bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(with = "super::in_base64")]
    pub hash: Vec<u8>,
    /// Office.
    #[sea_orm(primary_key, auto_increment = false)]
    pub office: Uuid,
    /// Who brought it.
    pub person: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
