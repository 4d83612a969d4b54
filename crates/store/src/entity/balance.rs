//! Sum of the postings of an account.

use sea_orm::entity::prelude::*;

/// A row of `balance`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "balance")]
pub struct Model {
    /// Account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_no: i64,
    /// Debit above zero.
    pub yen: i64,
    /// Latest day of a posting, yyyymmdd.
    pub last_day: i32,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
