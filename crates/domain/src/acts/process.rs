//! process 加工: inputs store → used, outputs made → store, linked. Many lots in, many out.
//!
//! Links are stored when goods are used, and account for every quantity used: waste makes the good output dearer, it
//! does not vanish.

mod circle;
mod shares;
mod template;

use super::Rules;
use crate::{
    draft::{Draft, Goods, NewLot},
    id::{LotId, OfficeId},
    lot::Allergens,
    place::{Place, PlaceKind},
    quantity::{Quantity, StatedQuantity},
    refs::ProductRef,
    refusal::{Stop, Why, refuse},
    text::{Code, LotCode},
};
use serde::{Deserialize, Serialize};

/// Lots are made into lots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// What goes in. When empty, `recipe` × `batches`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// What comes out: one lot a line. When empty, `recipe` × `batches`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// Recipe of the acting office: a template, and weights for outputs that state none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Code>,
    /// How many batches of the recipe: a number above nought, without a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batches: Option<StatedQuantity>,
    /// Part of what was used that was thrown away on the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waste: Vec<Part>,
}

/// A lot, or a product whose lots are chosen by earliest expiry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProcessInput))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Lot scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<LotCode>,
    /// Product counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// How much was used, waste included.
    pub quantity: StatedQuantity,
}

/// One lot made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProcessOutput))]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Product.
    pub product: ProductRef,
    /// How much came out.
    pub quantity: StatedQuantity,
    /// Facts of the new lot.
    #[serde(default)]
    pub lot: NewLot,
    /// Weight in sharing the inputs, 0 for a by-product; the recipe's, else 1, when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub weight: Option<u32>,
    /// How much of an input went into this lot, where that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shares: Vec<Part>,
}

/// Part of an input line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProcessPart))]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Position of the input, from 0.
    #[cfg_attr(feature = "openapi", schema(maximum = 499))] // lines an act may have, less one
    pub input: usize,
    /// How much, in the unit of the input.
    pub quantity: StatedQuantity,
}

/// An input line and the lots that were used for it.
struct Used {
    field: String,
    pieces: Vec<(LotId, Quantity)>,
    total: Quantity,
    wasted: Quantity,
}

impl Rules for Process {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let recipe = template::recipe(draft, office, self)?;
        let inputs = template::inputs(self, recipe)?;
        let outputs = template::outputs(self, recipe)?;
        draft.lines_are_sound("inputs", inputs.len())?;
        draft.lines_are_sound("outputs", outputs.len())?;
        let stated = inputs.iter().filter_map(|input| input.lot.as_ref());
        draft.want_lots(stated.chain(outputs.iter().filter_map(|output| output.lot.code.as_ref())))?;

        let (mut used, allergens) = use_inputs(draft, office, &inputs)?;
        let made = make_outputs(draft, office, &outputs, &allergens)?;
        circle::refuse_own_ingredients(draft, &used, &made)?;
        shares::waste(draft, &self.waste, &mut used)?;
        shares::link(draft, &used, &outputs, &made, recipe)
    }
}

/// Takes the inputs; the second value is what their lots carry in allergens.
fn use_inputs(
    draft: &mut Draft<'_>,
    office: OfficeId,
    inputs: &[Input],
) -> Result<(Vec<Used>, Allergens), Stop> {
    let (store, spent) = (Place::store(office), Place::own(PlaceKind::Used, office));
    let mut used = Vec::with_capacity(inputs.len());
    let mut allergens = Allergens::default();
    for (n, input) in inputs.iter().enumerate() {
        let field = format!("inputs[{n}]");
        let goods = Goods {
            lot: input.lot.as_ref(),
            product: input.product.as_ref(),
        };
        let (mut pieces, mut total) = (Vec::new(), Quantity::ZERO);
        for (lot, quantity, assumed) in draft.pick(&field, &goods, &input.quantity, store)? {
            draft.move_chosen(&field, lot.id, store, spent, quantity, assumed)?;
            allergens = allergens.union(&lot.allergens);
            pieces.push((lot.id, quantity));
            total = shares::sum(&field, total, quantity)?;
        }
        used.push(Used {
            field,
            pieces,
            total,
            wasted: Quantity::ZERO,
        });
    }
    Ok((used, allergens))
}

/// Gives birth to the outputs.
fn make_outputs(
    draft: &mut Draft<'_>,
    office: OfficeId,
    outputs: &[Output],
    inherited: &Allergens,
) -> Result<Vec<LotId>, Stop> {
    let mut made = Vec::with_capacity(outputs.len());
    for (n, output) in outputs.iter().enumerate() {
        let field = format!("outputs[{n}]");
        let product = draft.product(&format!("{field}.product"), &output.product)?;
        let quantity = draft.quantity(&format!("{field}.quantity"), product, &output.quantity)?;
        let (at, maker) = (format!("{field}.lot"), office.into());
        let lot = draft.make_lot(&at, product, &output.lot, maker, Some(inherited), None)?;
        let from = Place::own(PlaceKind::Made, office);
        draft.move_goods(&field, lot, from, Place::store(office), quantity)?;
        made.push(lot);
    }
    Ok(made)
}

fn malformed<T>(field: impl Into<String>, problem: impl Into<String>) -> Result<T, Stop> {
    let problem = problem.into();
    refuse(field, Why::Malformed { problem })
}
