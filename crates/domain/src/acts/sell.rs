//! sell 販売: own goods store(A) → sold(A); consigned goods by the form of the agreement between owner and shop:
//!
//! - 手数料型: shelf(A,S) → sold(A). The shop takes the gross in for the owner: S 受託預り金(A), A 委託売掛金(S) and
//!   sales. The commission is the period's: [`settle`](super::settle).
//! - 消化仕入型: shelf(A,S) → sold(S). Ownership passes A → S → customer in the same entry: S sales at retail, and
//!   between the two offices a sale at the agreed cost price.
//!
//! A true sale is never refused for lack of stock: what the book is short of is found in the same entry, ahead of the
//! count.

mod price;
mod source;

pub(super) use price::{Line, Priced, post, price};
pub(super) use source::{Source, consigned, last_placed, product_of};

use super::{
    Rules,
    means::{Direction, Means},
};
use crate::{
    account::BookUnit,
    draft::Draft,
    money::{UnitPrice, Yen},
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::Stop,
    tax::SupplyMode,
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Goods are sold to a customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Sell {
    /// What was sold. A lot, or a product whose lots are taken by earliest expiry.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<SellLine>,
    /// How it was paid; also says who the customer is. Cash when missing.
    #[serde(default)]
    pub paid: Means,
}

/// A line of a sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SellLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// Whose goods they are, when they are consigned; when missing, whoever's they are where they were placed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Code>,
    /// How much.
    pub quantity: StatedQuantity,
    /// Yen per unit with tax; the price list's when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
    /// What the customer paid for the line, tax included and all discounts off; instead of price and discount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Yen>,
    /// Yen off the line's price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Yen>,
    /// How it was supplied; 持帰り when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<SupplyMode>,
}

impl Rules for Sell {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let seller = draft.office()?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (n, stated) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let wanted = source::find(draft, &field, stated, seller)?;
            let (source, product) = (wanted.source, wanted.product);
            let quantity = draft.quantity(&format!("{field}.quantity"), product, &stated.quantity)?;
            for (lot, quantity, assumed) in wanted.take(draft, &field, seller, quantity)? {
                draft.sell_goods(lot, source.place(seller), source.sold(seller), quantity, assumed)?;
            }
            lines.push(Line {
                field,
                stated,
                product,
                quantity,
                source,
            });
        }
        let priced = price(draft, seller, draft.supplied_on(), &lines)?;
        let account = |draft: &Draft<'_>| {
            (self.paid).account(draft, "paid", BookUnit::production(seller), Direction::In)
        };
        Ok(post(draft, seller, account, &priced)?)
    }
}
