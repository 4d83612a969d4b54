//! How an office likes something.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `setting`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "setting")]
pub struct Model {
    /// Office.
    #[sea_orm(primary_key, auto_increment = false)]
    pub office: Uuid,
    /// What is set.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// JSON.
    pub value: String,
    /// Who set it.
    pub person: Uuid,
    /// UTC milliseconds.
    pub set_at: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
