//! Money on an account.

use sea_orm::entity::prelude::*;

/// A row of `posting`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posting")]
pub struct Model {
    /// Entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Number within the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: i32,
    /// Account.
    pub account_no: i64,
    /// Debit above zero, credit below.
    pub yen: i64,
    /// Tax class as used.
    pub tax_category: i16,
    /// Tax rate as used.
    pub tax_percent: i16,
    /// 内税, 外税; 0 for none.
    pub basis: i16,
    /// 作業種別.
    pub work: Option<String>,
    /// Day of supply, yyyymmdd.
    pub supplied_on: i32,
    /// Day it counts for, yyyymmdd.
    pub book_on: i32,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
