//! order 注文: what an office wants from another, and when. Moves nothing; a price may be frozen here.

use super::{Act, Rules};
use crate::{
    calendar::Day,
    decide::act_of,
    draft::Draft,
    entry::Entry,
    id::ProductId,
    money::UnitPrice,
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An order to another office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Producing office.
    pub to: Code,
    /// Day of delivery.
    pub wanted_on: Day,
    /// What is wanted.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<OrderLine>,
}

/// A product and how much of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// Product of the producing office (`carrot`, or `hidamari/carrot`).
    pub product: ProductRef,
    /// How much.
    pub quantity: StatedQuantity,
    /// Price frozen with the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
}

impl Rules for Order {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.office()?;
        let to = draft.other_office("to", &self.to)?;
        draft.lines_are_sound("lines", self.lines.len())?;
        if self.wanted_on < draft.supplied_on() {
            return Err(Refusal::at("wanted_on", Why::PeriodEndsBeforeStart).into());
        }
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}].product");
            let unknown = || {
                Refusal::at(
                    &field,
                    Why::ProductUnknown {
                        code: line.product.to_string(),
                    },
                )
            };
            let product = draft.product_as(Some(to), &line.product).ok_or_else(unknown)?;
            draft.quantity(&format!("lines[{n}].quantity"), product, &line.quantity)?;
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }
}

/// Prices frozen with an order, by product.
pub(super) fn prices(draft: &Draft<'_>, order: &Entry) -> BTreeMap<ProductId, UnitPrice> {
    let Some(Act::Order(act)) = act_of(order) else {
        return BTreeMap::new();
    };
    let to = draft.masters().office_by_code(&act.to).map(|office| office.id);
    let rows = act
        .lines
        .iter()
        .filter_map(|line| Some((draft.product_as(to, &line.product)?.id, line.unit_price?)));
    rows.collect()
}
