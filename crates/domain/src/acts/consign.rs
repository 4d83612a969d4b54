//! consign 委託: store(A) → shelf(owner A, holder S). The goods stay the producer's; no money moves before they are sold.

use super::Rules;
use crate::{
    draft::{Draft, Goods},
    masters::{Agreement, AgreementKind},
    place::Place,
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why},
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Goods are put on another office's shelf. Recorded by the producer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Consign {
    /// Office whose shelf it is.
    pub to: Code,
    /// What is put there.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<ConsignLine>,
}

/// A lot, or a product whose lots are chosen by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsignLine {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much.
    pub quantity: StatedQuantity,
}

impl Rules for Consign {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let producer = draft.office()?;
        let shop = draft.other_office("to", &self.to)?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.as_ref()))?;
        let day = draft.supplied_on();
        let agreement = (draft.masters()).agreement_between(AgreementKind::Consign, producer, shop, day);
        let agreement = agreement.ok_or_else(|| Refusal::at("to", Why::AgreementMissing))?;
        may_place(agreement, draft)?;
        draft.under(agreement.id);
        let (store, shelf) = (Place::store(producer), Place::shelf(producer, shop));
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let goods = Goods {
                lot: line.lot.as_ref(),
                product: line.product.as_ref(),
            };
            for (lot, quantity, assumed) in draft.pick(&field, &goods, &line.quantity, store)? {
                draft.move_chosen(&field, lot.id, store, shelf, quantity, assumed)?;
            }
        }
        Ok(())
    }
}

/// After the agreement's end what is on the shelf is sold off or taken back; nothing new is put there.
fn may_place(agreement: &Agreement, draft: &Draft<'_>) -> Result<(), Refusal> {
    match agreement.until() {
        Some(last) if draft.supplied_on() > last => {
            Err(Refusal::at("supplied_on", Why::AgreementEnded { day: last }))
        }
        _ => Ok(()),
    }
}
