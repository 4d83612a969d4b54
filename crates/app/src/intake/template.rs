//! Files to begin with: the headings, and a row that shows how to write.

use super::fields::{Field, Kind};
use crate::table::{Cell, List};
use domain::calendar::Day;
use rust_decimal::Decimal;

/// The template of a kind of file, with an example of today.
pub fn template(kind: Kind, today: Day) -> List {
    let cell = |field: &Field| match field {
        Field::Day => Cell::Day(today),
        Field::Product | Field::Name | Field::Kana => Cell::text("にんじん"),
        Field::Quantity | Field::Counted => Cell::Number(Decimal::new(125, 1)),
        Field::Unit => Cell::text("kg"),
        Field::Supplier => Cell::text("たね屋"),
        Field::UnitPrice => Cell::Number(Decimal::from(150)),
        Field::Amount => Cell::Number(Decimal::from(1_875)),
        Field::Purpose => Cell::text("材料"),
        Field::Paid => Cell::text("現金"),
        Field::Reason => Cell::text("棚卸"),
        Field::Code => Cell::text("carrot"),
        Field::Decimals => Cell::Number(Decimal::from(3)),
        Field::Tax => Cell::text("軽減"),
        Field::KeepsDays => Cell::Number(Decimal::from(14)),
        Field::UseBy => Cell::text("いいえ"),
        Field::Lot | Field::BestBefore | Field::Origin | Field::Note | Field::Work => Cell::Empty,
    };
    List {
        name: format!("{}のひな型", kind.label()),
        headings: kind
            .fields()
            .iter()
            .map(|field| field.heading().to_owned())
            .collect(),
        rows: vec![kind.fields().iter().map(cell).collect()],
    }
}
