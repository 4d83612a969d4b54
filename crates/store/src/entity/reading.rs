//! 閲覧記録: a coordinator read the dealings of an office.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `reading`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "reading")]
pub struct Model {
    /// Number in the order of writing.
    #[sea_orm(primary_key)]
    pub no: i64,
    /// UTC milliseconds.
    pub at: i64,
    /// Who read.
    pub person: Uuid,
    /// Whose dealings.
    pub office: Uuid,
    /// For which network.
    pub network: Uuid,
    /// Name of the operation.
    pub operation: String,
    /// What was asked for; ids and codes only.
    pub subject: String,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
