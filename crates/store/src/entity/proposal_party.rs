//! An office whose yes is needed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `proposal_party`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "proposal_party")]
pub struct Model {
    /// Proposal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub proposal: Uuid,
    /// Office.
    #[sea_orm(primary_key, auto_increment = false)]
    pub office: Uuid,
    /// `agreed`, `contested`; none while it waits.
    pub answer: Option<String>,
    /// Who answered.
    pub person: Option<Uuid>,
    /// UTC milliseconds.
    pub at: Option<i64>,
    /// Why.
    pub note: Option<String>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
