//! Sum of the postings of an account in a month.

use sea_orm::entity::prelude::*;

/// A row of `balance_month`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "balance_month")]
pub struct Model {
    /// Account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_no: i64,
    /// yyyymm.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: i32,
    /// Debit above zero.
    pub yen: i64,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
