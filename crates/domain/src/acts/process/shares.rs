//! What of each input went into which output. Per input lot the links add up to the quantity used.

use super::{Output, Part, Used, malformed};
use crate::{
    draft::Draft,
    id::LotId,
    masters::Recipe,
    quantity::Quantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
    split::split_quantity,
};
use std::collections::BTreeMap;

pub(super) fn sum(field: &str, one: Quantity, other: Quantity) -> Result<Quantity, Refusal> {
    let problem = |error: crate::quantity::QuantityError| Why::QuantityWrong {
        problem: error.to_string(),
    };
    one.checked_add(other)
        .map_err(|error| Refusal::at(format!("{field}.quantity"), problem(error)))
}

/// Reads the stated waste: part of what was used, never more.
pub(super) fn waste(draft: &Draft<'_>, stated: &[Part], used: &mut [Used]) -> Result<(), Stop> {
    for (n, part) in stated.iter().enumerate() {
        let field = format!("waste[{n}]");
        let wasted = read(draft, &field, part, used)?;
        if stated.iter().take(n).any(|other| other.input == part.input) {
            return refuse(format!("{field}.input"), Why::LineTwice);
        }
        if let Some(used) = used.get_mut(part.input) {
            if wasted > used.total {
                return malformed(
                    format!("{field}.quantity"),
                    "捨てた量が、使った量より多くなっています。",
                );
            }
            used.wasted = wasted;
        }
    }
    Ok(())
}

/// Reads a part of an input in the unit of the input's product.
fn read(draft: &Draft<'_>, field: &str, part: &Part, used: &[Used]) -> Result<Quantity, Stop> {
    let lot = used.get(part.input).and_then(|used| used.pieces.first());
    let Some((lot, _)) = lot else {
        let last = used.len().saturating_sub(1);
        return malformed(
            format!("{field}.input"),
            format!("inputs の番号は 0 から {last} までです。"),
        );
    };
    let product = draft.product_of(&draft.lot_by_id(*lot)?)?;
    Ok(draft.quantity_or_zero(&format!("{field}.quantity"), product, &part.quantity)?)
}

/// Links every input lot to the outputs.
pub(super) fn link(
    draft: &mut Draft<'_>,
    used: &[Used],
    outputs: &[Output],
    made: &[LotId],
    recipe: Option<&Recipe>,
) -> Result<(), Stop> {
    let stated = stated_shares(draft, used, outputs)?;
    let weights = weights(draft, outputs, recipe);
    let mut links: BTreeMap<(LotId, LotId), Quantity> = BTreeMap::new();
    for (line, stated) in used.iter().zip(&stated) {
        let mut rest = shares_of(draft, line, stated.as_deref(), &weights)?;
        for (lot, quantity) in &line.pieces {
            // each lot by what is still open of each share: rows and columns both add up, and the last lot fills up
            let open: Vec<u64> = rest.iter().map(|share| share.get().unsigned_abs()).collect();
            let parts = split_quantity(*quantity, &open).unwrap_or_default();
            for ((output, rest), part) in made.iter().zip(&mut rest).zip(parts) {
                *rest = rest.checked_sub(part).unwrap_or_default();
                let link = links.entry((*lot, *output)).or_default();
                *link = sum(&line.field, *link, part)?;
            }
        }
    }
    for ((input, output), quantity) in links {
        draft.link(input, output, quantity);
    }
    Ok(())
}

/// Per input line the quantity that each output states of it; `None` where no output states any.
fn stated_shares(
    draft: &Draft<'_>,
    used: &[Used],
    outputs: &[Output],
) -> Result<Vec<Option<Vec<Quantity>>>, Stop> {
    let mut stated: Vec<Option<Vec<Quantity>>> = vec![None; used.len()];
    for (n, output) in outputs.iter().enumerate() {
        for (m, part) in output.shares.iter().enumerate() {
            let field = format!("outputs[{n}].shares[{m}]");
            if output
                .shares
                .iter()
                .take(m)
                .any(|other| other.input == part.input)
            {
                return refuse(format!("{field}.input"), Why::LineTwice);
            }
            let quantity = read(draft, &field, part, used)?;
            let row = stated.get_mut(part.input);
            let row = row.map(|row| row.get_or_insert_with(|| vec![Quantity::ZERO; outputs.len()]));
            if let Some(share) = row.and_then(|row| row.get_mut(n)) {
                *share = quantity;
            }
        }
    }
    Ok(stated)
}

/// What each output takes of an input line. Stated shares add up to what was used, or to what was used without the
/// waste, which then is shared like the rest.
fn shares_of(
    draft: &Draft<'_>,
    line: &Used,
    stated: Option<&[Quantity]>,
    weights: &[u64],
) -> Result<Vec<Quantity>, Stop> {
    let Some(stated) = stated else {
        let by_weight = split_quantity(line.total, weights);
        return Ok(by_weight.map_err(|_| Refusal::at("outputs", Why::NoWeight))?);
    };
    let total: i64 = stated
        .iter()
        .fold(0, |total: i64, share| total.saturating_add(share.get()));
    let good = line.total.get() - line.wasted.get();
    if total != line.total.get() && total != good {
        let product = match line.pieces.first() {
            Some((lot, _)) => draft.product_of(&draft.lot_by_id(*lot)?)?,
            None => return refuse("", Why::Broken { what: "pieces" }),
        };
        let why = Why::SharesDoNotAddUp {
            used: product.unit.show(line.total),
            shared: product.unit.decimal(total).to_string(),
        };
        return refuse(format!("{}.quantity", line.field), why);
    }
    let stated: Vec<u64> = stated.iter().map(|share| share.get().unsigned_abs()).collect();
    let shares = split_quantity(line.total, &stated);
    Ok(shares.map_err(|_| Refusal::at("outputs", Why::NoWeight))?)
}

/// Weights of the outputs: their own, else the recipe's for the product, else 1 each. A single output takes all.
fn weights(draft: &Draft<'_>, outputs: &[Output], recipe: Option<&Recipe>) -> Vec<u64> {
    if outputs.len() == 1 {
        return vec![1];
    }
    let office = draft.acting().office();
    let product = |reference: &ProductRef| draft.product_as(office, reference).map(|product| product.id);
    let of_recipe = |output: &Output| {
        let made = product(&output.product);
        let line = (recipe?.outputs.iter()).find(|line| product(&line.product) == made)?;
        line.weight
    };
    let weight = |output: &Output| output.weight.or_else(|| of_recipe(output)).unwrap_or(1);
    outputs.iter().map(|output| weight(output).into()).collect()
}
