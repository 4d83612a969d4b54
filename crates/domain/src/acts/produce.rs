//! produce 生産: made → store; new lots. No money moves.

use super::Rules;
use crate::{
    draft::{Draft, NewLot},
    place::{Place, PlaceKind},
    quantity::StatedQuantity,
    refs::ProductRef,
    refusal::Stop,
};
use serde::{Deserialize, Serialize};

/// 今日の生産.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Produce {
    /// What was made: one lot a line.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<ProduceLine>,
}

/// One lot made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProduceLine {
    /// Product of the acting office.
    pub product: ProductRef,
    /// How much.
    pub quantity: StatedQuantity,
    /// Facts of the new lot.
    #[serde(default)]
    pub lot: NewLot,
}

impl Rules for Produce {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().filter_map(|line| line.lot.code.as_ref()))?;
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let product = draft.product(&format!("{field}.product"), &line.product)?;
            let quantity = draft.quantity(&format!("{field}.quantity"), product, &line.quantity)?;
            let lot = draft.make_lot(
                &format!("{field}.lot"),
                product,
                &line.lot,
                office.into(),
                None,
                None,
            )?;
            draft.move_goods(
                &field,
                lot,
                Place::own(PlaceKind::Made, office),
                Place::store(office),
                quantity,
            )?;
        }
        Ok(())
    }
}
