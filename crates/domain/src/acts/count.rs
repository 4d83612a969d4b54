//! count 棚卸: what is really there. A difference to the book is found, or lost to whoever bears it.
//!
//! The count says what lay there at the end of the day of supply, so it is compared with the book's end of that day,
//! not with today's stock. A difference booked late must still leave every later day at nought or above.

mod difference;

use super::{Rules, loss::Keeping};
use crate::{
    draft::{Draft, NewLot},
    money::UnitPrice,
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::Stop,
    shelf::Loss,
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// A count of the own store, or of another office's goods on the own shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Owner of the goods counted on the acting office's shelf; the own store when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf_of: Option<Code>,
    /// What was counted. What is not named was not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CountLine>,
    /// Goods that nobody knows the lot of: each becomes a lot with unknown origin.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownGoods>,
}

/// A lot, or a product over all its lots. Just one of the two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountLine {
    /// Lot counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted (`hidamari/carrot` on a shelf).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much was there, nought or more.
    pub counted: StatedQuantity,
    /// How a product's difference spreads over its lots.
    #[serde(default, skip_serializing_if = "Spread::is_usual")]
    pub spread: Spread,
    /// Price that the shop owes for what is missing where it bears the loss; the agreed one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
}

/// How a product count spreads over lots.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CountSpread))]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Missing goods are taken from the lots that expire first; a surplus goes to the last lot that is there.
    #[default]
    EarliestFirst,
    /// Lot by lot; lots not named are counted as nought.
    Lots(Vec<LotCount>),
}

impl Spread {
    fn is_usual(&self) -> bool {
        *self == Spread::EarliestFirst
    }
}

/// One lot's part of a product count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LotCount {
    /// Lot.
    pub lot: LotCode,
    /// How much of it was there, nought or more.
    pub counted: StatedQuantity,
}

/// Goods of an unknown lot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UnknownGoods {
    /// Product.
    pub product: ProductRef,
    /// How much.
    pub quantity: StatedQuantity,
    /// What can be read off them.
    #[serde(default)]
    pub lot: NewLot,
}

impl Rules for Count {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let mut keeping = Keeping::of(draft, self.shelf_of.as_ref(), Loss::Missing)?;
        draft.lines_are_sound("lines", self.lines.len() + self.unknown.len())?;
        draft.want_lots(self.lot_codes())?;
        // all differences first: they are measured against the book as it was before
        let differences = difference::find(draft, keeping.place, &self.lines)?;
        if !differences.is_empty() || !self.unknown.is_empty() {
            draft.reason_is_due()?;
        }
        for difference in differences {
            difference.book(draft, &mut keeping)?;
        }
        for (n, goods) in self.unknown.iter().enumerate() {
            let field = format!("unknown[{n}]");
            let product = draft.product(&format!("{field}.product"), &goods.product)?;
            let quantity = draft.quantity(&format!("{field}.quantity"), product, &goods.quantity)?;
            let maker = product.office.into();
            let lot = draft.found_lot(&format!("{field}.lot"), product, &goods.lot, maker)?;
            draft.move_goods(&field, lot, keeping.found(), keeping.place, quantity)?;
        }
        keeping.post(draft)
    }
}

impl Count {
    fn lot_codes(&self) -> impl Iterator<Item = &LotCode> {
        let spread = self.lines.iter().flat_map(|line| match &line.spread {
            Spread::EarliestFirst => &[],
            Spread::Lots(lots) => lots.as_slice(),
        });
        let lines = self.lines.iter().filter_map(|line| line.lot.as_ref());
        let unknown = self.unknown.iter().filter_map(|goods| goods.lot.code.as_ref());
        lines.chain(spread.map(|count| &count.lot)).chain(unknown)
    }
}
