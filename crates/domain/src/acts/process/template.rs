//! A recipe as a template: it fills in what was left out, never more. What was really used is what is recorded.

use super::{Input, Output, Process, malformed};
use crate::{
    draft::{Draft, NewLot},
    id::OfficeId,
    masters::{Recipe, RecipeLine},
    quantity::{QuantityError, StatedQuantity},
    refusal::{Stop, Why, refuse},
};
use std::borrow::Cow;

/// The recipe named.
pub(super) fn recipe<'a>(
    draft: &Draft<'a>,
    office: OfficeId,
    act: &Process,
) -> Result<Option<&'a Recipe>, Stop> {
    let Some(code) = &act.recipe else {
        return match act.batches {
            Some(_) => malformed(
                "batches",
                "batches は、recipe(レシピ)といっしょに書いてください。",
            ),
            None => Ok(None),
        };
    };
    let recipe = draft.masters().recipe(office, code, draft.supplied_on());
    let code = code.to_string();
    recipe.map_or_else(
        || refuse("recipe", Why::RecipeUnknown { code }),
        |recipe| Ok(Some(recipe)),
    )
}

/// The inputs stated, else the recipe's.
pub(super) fn inputs<'c>(act: &'c Process, recipe: Option<&Recipe>) -> Result<Cow<'c, [Input]>, Stop> {
    match (act.inputs.is_empty(), recipe, &act.batches) {
        (true, Some(recipe), Some(batches)) => {
            let input = |line: &RecipeLine| {
                Ok(Input {
                    lot: None,
                    product: Some(line.product.clone()),
                    quantity: times(&line.quantity, batches)?,
                })
            };
            recipe
                .inputs
                .iter()
                .map(input)
                .collect::<Result<_, Stop>>()
                .map(Cow::Owned)
        }
        _ => Ok(Cow::Borrowed(&act.inputs)),
    }
}

/// The outputs stated, else the recipe's.
pub(super) fn outputs<'c>(act: &'c Process, recipe: Option<&Recipe>) -> Result<Cow<'c, [Output]>, Stop> {
    match (act.outputs.is_empty(), recipe, &act.batches) {
        (true, Some(recipe), Some(batches)) => {
            let output = |line: &RecipeLine| {
                Ok(Output {
                    product: line.product.clone(),
                    quantity: times(&line.quantity, batches)?,
                    lot: NewLot::default(),
                    weight: line.weight,
                    shares: Vec::new(),
                })
            };
            recipe
                .outputs
                .iter()
                .map(output)
                .collect::<Result<_, Stop>>()
                .map(Cow::Owned)
        }
        _ => Ok(Cow::Borrowed(&act.outputs)),
    }
}

/// Exact: a fraction that the unit does not know is refused when the quantity is read, never rounded away.
fn times(one: &StatedQuantity, batches: &StatedQuantity) -> Result<StatedQuantity, Stop> {
    let wrong = |problem: QuantityError| {
        let problem = problem.to_string();
        refuse("batches", Why::QuantityWrong { problem })
    };
    if let Some(unit) = &batches.unit {
        return wrong(QuantityError::UnknownUnit(unit.clone()));
    }
    if batches.amount.is_sign_negative() || batches.amount.is_zero() {
        return wrong(QuantityError::NotPositive);
    }
    match one.amount.checked_mul(batches.amount) {
        None => wrong(QuantityError::TooLarge),
        Some(amount) => Ok(StatedQuantity {
            amount,
            unit: one.unit.clone(),
        }),
    }
}
