//! ship 出荷: store(A) → transit(A→B). No money moves: the receipt makes it a sale.

use super::Rules;
use crate::{
    draft::{Draft, Goods},
    entry::ReferenceRole,
    masters::AgreementKind,
    money::UnitPrice,
    place::Place,
    quantity::StatedQuantity,
    refs::{EntryRef, ProductRef},
    refusal::Stop,
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Goods leave for another office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ship {
    /// Receiving office.
    pub to: Code,
    /// The order that is filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<EntryRef>,
    /// What leaves.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<ShipLine>,
}

/// A lot, or a product whose lots are chosen by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShipLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much.
    pub quantity: StatedQuantity,
    /// Price, where it is fixed with the shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
}

impl Rules for Ship {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let to = draft.other_office("to", &self.to)?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        if let Some(order) = &self.order {
            let order = draft.entry_of_kind("order", order, &["order"])?;
            draft.refer(ReferenceRole::Order, order.entry.id.0);
        }
        let kind = if draft.same_corporation(office, to) {
            AgreementKind::Internal
        } else {
            AgreementKind::Supply
        };
        if let Some(agreement) = draft
            .masters()
            .agreement_between(kind, office, to, draft.supplied_on())
        {
            draft.under(agreement.id);
        }
        // a correction keeps the shipment's identity: later receipts refer to the original
        let transit = Place::transit(office, to, draft.shipment_id());
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let goods = Goods {
                lot: line.lot.as_ref(),
                product: line.product.as_ref(),
            };
            for (lot, quantity, assumed) in
                draft.pick(&field, &goods, &line.quantity, Place::store(office))?
            {
                draft.move_chosen(&field, lot.id, Place::store(office), transit, quantity, assumed)?;
            }
        }
        Ok(())
    }
}
