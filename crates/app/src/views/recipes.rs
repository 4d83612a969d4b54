//! レシピ as a form begins with it: what goes in for so many batches, what of it is there and which lots would be used,
//! and what comes out.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, viewer::Viewer};
use domain::{
    calendar::{Day, business_day},
    id::OfficeId,
    masters::{Masters, Product, RecipeLine},
    place::Place,
    text::Code,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use store::KeptLot;
use utoipa::ToSchema;

/// A recipe in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecipeName {
    /// Code within the office.
    pub code: String,
    /// What it makes.
    pub makes: Vec<Named>,
}

/// A recipe for so many batches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledRecipe {
    /// Code within the office.
    pub code: String,
    /// What goes in.
    pub inputs: Vec<FilledInput>,
    /// What comes out.
    pub outputs: Vec<FilledLine>,
}

/// A product and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledLine {
    /// As an act names it.
    pub reference: String,
    /// Product.
    pub product: Named,
    /// How much the recipe says.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
}

/// What goes in, and what of it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FilledInput {
    /// How much is wanted.
    pub line: FilledLine,
    /// How much is in the store.
    pub there: Decimal,
    /// Lots in the order in which they are used: the first to expire first.
    pub lots: Vec<LotThere>,
}

/// A lot in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LotThere {
    /// Code.
    pub lot: String,
    /// How much of it there is.
    pub quantity: Decimal,
}

/// Recipes of an office that hold today.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn recipes(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<RecipeName>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    if !viewer.gate(masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let own = masters.recipes().filter(|(of, ..)| *of == office);
    let mut own: Vec<RecipeName> = own
        .filter_map(|(_, code, dated)| {
            let recipe = dated.on(today)?;
            let makes = recipe.outputs.iter();
            let makes = makes
                .filter_map(|line| Some(names::product(masters, product(masters, office, line)?, today)));
            Some(RecipeName {
                code: code.to_string(),
                makes: makes.collect(),
            })
        })
        .collect();
    own.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(own)
}

/// A recipe times so many batches; none where the office has no such recipe today.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn filled(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    code: &Code,
    batches: Decimal,
) -> Result<Option<FilledRecipe>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    let recipe = masters.recipe(office, code, today);
    let Some(recipe) = recipe.filter(|_| viewer.gate(masters).follows(office, today)) else {
        return Ok(None);
    };
    let rows = moment.snapshot.stock_of_parties(&[office.into()]).await?;
    let in_store: HashMap<i64, i64> = rows
        .iter()
        .filter(|row| row.place == Place::store(office))
        .map(|row| (row.lot, row.quantity))
        .collect();
    let numbers: Vec<i64> = in_store.keys().copied().collect();
    let mut lots = moment.snapshot.lots(&numbers).await?;
    // as the rules take them: by expiry, those without a day last, then the oldest
    lots.sort_by_key(|kept| {
        let lot = &kept.lot;
        (lot.best_before.is_none(), lot.best_before, lot.made_on, kept.no)
    });
    let input = |line: &RecipeLine| -> Option<FilledInput> {
        let product = product(masters, office, line)?;
        let of_product = lots.iter().filter(|kept| kept.lot.product == product.id);
        let there = |kept: &KeptLot| in_store.get(&kept.no).copied().unwrap_or_default();
        let lots: Vec<LotThere> = of_product
            .map(|kept| LotThere {
                lot: kept.lot.code.to_string(),
                quantity: product.unit.decimal(there(kept)),
            })
            .collect();
        Some(FilledInput {
            line: filled_line(masters, product, line, batches, today)?,
            there: lots.iter().map(|lot| lot.quantity).sum(),
            lots,
        })
    };
    let output = |line: &RecipeLine| {
        let product = product(masters, office, line)?;
        filled_line(masters, product, line, batches, today)
    };
    Ok(Some(FilledRecipe {
        code: code.to_string(),
        inputs: recipe.inputs.iter().filter_map(input).collect(),
        outputs: recipe.outputs.iter().filter_map(output).collect(),
    }))
}

fn product<'a>(masters: &'a Masters, office: OfficeId, line: &RecipeLine) -> Option<&'a Product> {
    let of = match &line.product.office {
        Some(code) => masters.office_by_code(code)?.id,
        None => office,
    };
    masters.product_by_code(of, &line.product.code)
}

fn filled_line(
    masters: &Masters,
    product: &Product,
    line: &RecipeLine,
    batches: Decimal,
    day: Day,
) -> Option<FilledLine> {
    let one = product.unit.read(&line.quantity).ok()?;
    let all = product.unit.decimal(one.get()).checked_mul(batches)?;
    Some(FilledLine {
        reference: line.product.to_string(),
        product: names::product(masters, product, day),
        // what the unit cannot say is said a little larger: too little of something spoils a batch
        quantity: all
            .round_dp_with_strategy(
                product.unit.decimals.into(),
                rust_decimal::RoundingStrategy::ToPositiveInfinity,
            )
            .normalize(),
        unit: product.unit.name.clone(),
    })
}
