//! A role that somebody holds or held.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `person_role`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "person_role")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose.
    pub person: Uuid,
    /// Name of the role.
    pub role: String,
    /// Office or network; nil for the book.
    pub of: Uuid,
    /// UTC milliseconds.
    pub from_at: i64,
    /// UTC milliseconds; none while it runs.
    pub until_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
