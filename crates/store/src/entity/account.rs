//! 勘定: unit, kind, counterparty, cash place.

use sea_orm::entity::prelude::*;

/// A row of `account`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Number in this book.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// Office or head office.
    pub unit_kind: i16,
    /// Office or corporation.
    pub unit: Uuid,
    /// Section of the office.
    pub section: i16,
    /// Kind of account.
    pub kind: i16,
    /// Counterparty; nil for none.
    pub party: Uuid,
    /// Till, safe, bank account; nil for none.
    pub cash_place: Uuid,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
