//! dispose 廃棄・紛失: store or shelf → lost, with a reason. Who bears it decides whether money moves.

use super::{Rules, loss::Keeping};
use crate::{
    draft::{Draft, Goods},
    money::UnitPrice,
    quantity::{Quantity, StatedQuantity},
    refs::ProductRef,
    refusal::{Refusal, Stop, Why},
    shelf::Loss,
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Goods thrown away or lost. A reason is due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Dispose {
    /// Owner of goods that lie on the acting office's shelf; goods of the own store when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf_of: Option<Code>,
    /// It was not thrown away but is not there: lost, or placed in the book and never come. Whoever bears what is missing
    /// bears it, as after a count, and not whoever bears breakages.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub missing: bool,
    /// What was thrown away.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<DisposeLine>,
}

/// A lot, or a product whose lots are chosen by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DisposeLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted (`hidamari/carrot` on a shelf).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much.
    pub quantity: StatedQuantity,
    /// Price that the shop owes for it where it bears the loss; the agreed one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
}

impl Rules for Dispose {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.reason_is_due()?;
        let loss = if self.missing { Loss::Missing } else { Loss::Broken };
        let mut keeping = Keeping::of(draft, self.shelf_of.as_ref(), loss)?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let goods = Goods {
                lot: line.lot.as_ref(),
                product: line.product.as_ref(),
            };
            let mut total = Quantity::ZERO;
            let mut product = None;
            for (lot, quantity, assumed) in draft.pick(&field, &goods, &line.quantity, keeping.place)? {
                keeping.lose(draft, &field, lot.id, quantity, assumed)?;
                product = Some(draft.product_of(&lot)?);
                total = total
                    .checked_add(quantity)
                    .map_err(|_| Refusal::at(format!("{field}.quantity"), Why::AmountTooLarge))?;
            }
            if let Some(product) = product {
                keeping.owe(draft, &field, product, total, line.unit_price)?;
            }
        }
        keeping.post(draft)
    }
}
