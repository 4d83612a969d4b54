//! An account of somebody who comes in over the network.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `person`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "person")]
pub struct Model {
    /// Random.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// A word for the account, never a person's name.
    pub login: String,
    /// Argon2id as a PHC string; none: nobody logs in by password.
    pub password: Option<String>,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; none while it may be used.
    pub disabled_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
