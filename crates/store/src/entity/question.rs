//! 質問: one office asks another about a line of their 精算書.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A row of `question`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[sea_orm(table_name = "question")]
pub struct Model {
    /// Stated by who made it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who asks.
    pub office: Uuid,
    /// Who is asked.
    pub other: Uuid,
    /// The entry it is about.
    pub entry: Uuid,
    /// The question.
    pub text: String,
    /// Account that asked.
    pub asked_by: Uuid,
    /// UTC milliseconds.
    pub asked_at: i64,
    /// The answer.
    pub answer: Option<String>,
    /// Account that answered.
    pub answered_by: Option<Uuid>,
    /// UTC milliseconds.
    pub answered_at: Option<i64>,
    /// UTC milliseconds: who asked has understood, or needs no answer any more.
    pub closed_at: Option<i64>,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
