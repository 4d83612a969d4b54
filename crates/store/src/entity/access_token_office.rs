//! Office a token is limited to.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `access_token_office`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "access_token_office")]
pub struct Model {
    /// Token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token: Uuid,
    /// Office.
    #[sea_orm(primary_key, auto_increment = false)]
    pub office: Uuid,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
