//! 品目, 値段, レシピ, 現金・預金の置き場.

use super::{Reading, Versioned, version::versioned};
use crate::views::names::{Named, product};
use domain::{
    calendar::Day,
    lot::Allergens,
    masters::{CashPlaceKind, Channel, FoodLabel, RecipeLine},
    money::UnitPrice,
    quantity::Unit,
    tax::{PriceBasis, SupplyMode, TaxCategory},
    text::{Code, Kana, Name},
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// 品目.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProductView {
    /// Who makes or buys it.
    pub office: Named,
    /// Code, unique within the office.
    pub code: Code,
    /// Unit; fixed for ever.
    pub unit: Unit,
    /// Facts by the day each is valid from.
    pub rows: Vec<ProductRow>,
}

/// What holds for a product from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProductRow {
    /// First day.
    pub from: Day,
    /// Name.
    pub name: Name,
    /// How the name is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<Kana>,
    /// Tax class.
    pub tax: TaxCategory,
    /// Tax class by way of supply, where it is another one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub modes: BTreeMap<SupplyMode, TaxCategory>,
    /// Allergens as stated.
    pub allergens: Allergens,
    /// Days it keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeps_days: Option<u16>,
    /// The date on the pack is 消費期限.
    pub use_by: bool,
    /// 作業種別.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Code>,
    /// 食品表示.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<FoodLabel>,
}

/// 値段 from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PriceView {
    /// Of what.
    pub product: Named,
    /// Where it holds.
    pub channel: Channel,
    /// First day.
    pub from: Day,
    /// Yen per unit.
    pub unit_price: UnitPrice,
    /// 内税 or 外税.
    pub basis: PriceBasis,
}

/// レシピ.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecipeView {
    /// Whose.
    pub office: Named,
    /// Code, unique within the office.
    pub code: Code,
    /// Versions by the day each is valid from.
    pub rows: Vec<RecipeRow>,
}

/// A recipe from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecipeRow {
    /// First day.
    pub from: Day,
    /// What goes in for one batch.
    pub inputs: Vec<RecipeLine>,
    /// What comes out of one batch.
    pub outputs: Vec<RecipeLine>,
}

/// 現金・預金の置き場.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CashPlaceView {
    /// Whose.
    pub office: Named,
    /// Code, unique within the office.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// Kind.
    pub holds: CashPlaceKind,
}

pub(super) fn products(reading: &Reading<'_>) -> Vec<Versioned<ProductView>> {
    let known = reading.masters.products();
    let mut views: Vec<Versioned<ProductView>> = known
        .filter(|product| reading.wants(Some(product.office), &product.code))
        .filter(|product| reading.gate.knows_product(product, reading.today))
        .map(|product| {
            let view = ProductView {
                office: reading.office(product.office),
                code: product.code.clone(),
                unit: product.unit.clone(),
                rows: product
                    .facts
                    .iter()
                    .map(|(from, facts)| ProductRow {
                        from,
                        name: facts.name.clone(),
                        kana: facts.kana.clone(),
                        tax: facts.tax,
                        modes: facts.modes.clone(),
                        allergens: facts.allergens.clone(),
                        keeps_days: facts.keeps_days,
                        use_by: facts.use_by,
                        work: facts.work.clone(),
                        label: facts.label.clone(),
                    })
                    .collect(),
            };
            versioned(product, view)
        })
        .collect();
    views.sort_by(|one, other| {
        (&one.thing.office, &one.thing.code).cmp(&(&other.thing.office, &other.thing.code))
    });
    views
}

pub(super) fn prices(reading: &Reading<'_>) -> Vec<Versioned<PriceView>> {
    let mut views = Vec::new();
    for ((id, channel), rows) in reading.masters.prices() {
        let Some(of) = reading.masters.product(*id) else {
            continue;
        };
        if !reading.gate.knows_price(of, channel, reading.today) {
            continue;
        }
        views.extend(rows.iter().map(|(from, price)| {
            let view = PriceView {
                product: product(reading.masters, of, from),
                channel: channel.clone(),
                from,
                unit_price: price.unit_price,
                basis: price.basis,
            };
            versioned(price, view)
        }));
    }
    views.sort_by(|one, other| {
        (&one.thing.product.code, &one.thing.channel, one.thing.from).cmp(&(
            &other.thing.product.code,
            &other.thing.channel,
            other.thing.from,
        ))
    });
    views
}

pub(super) fn recipes(reading: &Reading<'_>) -> Vec<Versioned<RecipeView>> {
    let mut views: Vec<Versioned<RecipeView>> = reading
        .masters
        .recipes()
        .filter(|(office, code, _)| reading.wants(Some(*office), code))
        .filter(|(office, _, _)| reading.gate.follows(*office, reading.today))
        .map(|(office, code, rows)| {
            let view = RecipeView {
                office: reading.office(office),
                code: code.clone(),
                rows: rows
                    .iter()
                    .map(|(from, recipe)| RecipeRow {
                        from,
                        inputs: recipe.inputs.clone(),
                        outputs: recipe.outputs.clone(),
                    })
                    .collect(),
            };
            versioned(rows, view)
        })
        .collect();
    views.sort_by(|one, other| {
        (&one.thing.office, &one.thing.code).cmp(&(&other.thing.office, &other.thing.code))
    });
    views
}

pub(super) fn cash_places(reading: &Reading<'_>) -> Vec<Versioned<CashPlaceView>> {
    let mut views: Vec<Versioned<CashPlaceView>> = reading
        .masters
        .cash_places()
        .filter(|place| reading.gate.follows(place.office, reading.today))
        .map(|place| {
            let view = CashPlaceView {
                office: reading.office(place.office),
                code: place.code.clone(),
                name: place.name.clone(),
                holds: place.kind,
            };
            versioned(place, view)
        })
        .collect();
    views.sort_by(|one, other| {
        (&one.thing.office, &one.thing.code).cmp(&(&other.thing.office, &other.thing.code))
    });
    views
}
