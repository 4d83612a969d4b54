//! Card with a QR code, by which a tablet that many share comes in.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `card`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "card")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret.
    #[serde(with = "super::in_base64")]
    pub secret_hash: Vec<u8>,
    /// The account that is the card's alone.
    pub person: Uuid,
    /// Office for which it is.
    pub office: Uuid,
    /// Where it lies.
    pub name: String,
    /// Who made it.
    pub made_by: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; none while it counts.
    pub stopped_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
