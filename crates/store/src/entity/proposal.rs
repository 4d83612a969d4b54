//! 申し出: an act that waits for another office's yes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `proposal`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "proposal")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `office:ID` or `network:ID`.
    pub acting: String,
    /// Idempotency key of the act.
    pub key: String,
    /// Kind of the act. As JSON a row has its table as `kind`.
    #[serde(rename = "act")]
    pub kind: String,
    /// The act as JSON.
    pub command: String,
    /// Who proposed.
    pub made_by: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// Last day for a yes, yyyymmdd.
    pub due_on: i32,
    /// `open`, `done`, `contested`, `withdrawn`.
    pub state: String,
    /// What it became.
    pub entry: Option<Uuid>,
    /// UTC milliseconds.
    pub closed_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
