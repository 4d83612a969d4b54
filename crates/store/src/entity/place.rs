//! 置き場: where goods are and whose they are.

use sea_orm::entity::prelude::*;

/// A row of `place`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// Number in this book.
    #[sea_orm(primary_key, auto_increment = false)]
    pub no: i64,
    /// `domain::place::PlaceKind`.
    pub kind: i16,
    /// Whose goods.
    pub owner: Uuid,
    /// Who has them.
    pub holder: Uuid,
    /// Shipment, event or job; nil for none.
    #[sea_orm(column_name = "ref")]
    pub reference: Uuid,
}

/// None: rows are joined by hand where they are read.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
