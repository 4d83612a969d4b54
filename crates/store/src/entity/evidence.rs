//! 証拠書類: a file that entries name by hash.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `evidence`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// SHA-256 of the bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    #[serde(with = "super::in_base64")]
    pub hash: Vec<u8>,
    /// Type of the content.
    pub media_type: String,
    /// Bytes, at most 5 MiB.
    pub size: i32,
    /// The file.
    #[serde(with = "super::in_base64")]
    pub bytes: Vec<u8>,
    /// UTC milliseconds.
    pub made_at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
