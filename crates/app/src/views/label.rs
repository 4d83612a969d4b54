//! ラベル: all that a label of a lot can say: what it is, who made it and where, 期限, allergens of the whole chain, 食品表示,
//! the price in the shop, and the address behind its QR.

use super::{
    ViewError,
    names::{self, Named},
    paper::{Letterhead, letterhead},
    public_lot::PublicCode,
    trace::{made_of, may_trace},
};
use crate::{Book, viewer::Viewer};
use domain::{
    allergen,
    calendar::{Day, business_day},
    id::OfficeId,
    lot::BestBefore,
    masters::{Channel, FoodLabel, Masters, Product},
    money::{Rounding, Yen},
    tax::{PriceBasis, SupplyMode},
    text::{LotCode, Name},
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

/// What a label can say.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LabelView {
    /// Code of the lot.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// Unit.
    pub unit: String,
    /// Who made it, or bought it in.
    pub maker: Letterhead,
    /// Made on.
    pub made_on: Day,
    /// 期限.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
    /// 産地.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Allergens of all that went in.
    pub allergens: LabelAllergens,
    /// 食品表示 as it was when the lot was made; else the first one that was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub food: Option<FoodLabel>,
    /// Price of a unit in the shop today, tax included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Yen>,
    /// An office that it names says that it is not its own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
    /// What stands behind `/l/` in the address of the public page.
    pub public_code: String,
}

/// Allergens in the order of the law's tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabelAllergens {
    /// 含む.
    pub contains: Vec<Name>,
    /// Those of them that the law wants named on the day it was made.
    pub must: Vec<Name>,
    /// 含む可能性.
    pub may_contain: Vec<Name>,
    /// Of something that went in nobody has stated it.
    pub unknown: bool,
}

/// What the label of a lot can say.
///
/// # Errors
/// [`ViewError::LotUnknown`] for a lot that is not there for the viewer, or was taken back; [`ViewError::Store`].
pub async fn label(book: &Book, viewer: &Viewer, code: &LotCode) -> Result<LabelView, ViewError> {
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    let today = business_day(book.outside().clock.now());
    let unknown = || ViewError::LotUnknown {
        code: code.to_string(),
    };
    let kept = moment.snapshot.lot_by_code(code).await?.ok_or_else(unknown)?;
    if !may_trace(&moment.snapshot, gate, &kept).await? {
        return Err(unknown());
    }
    let found = made_of(&moment, &kept).await?.ok_or_else(unknown)?;
    let seed = moment.snapshot.seed_of_birth(&kept).await?;
    let (lot, masters) = (&kept.lot, &*moment.masters);
    let product = masters
        .product(lot.product)
        .ok_or(ViewError::Broken { what: "product" })?;
    let in_order = |names| allergen::in_order(names, lot.made_on).into_iter().cloned();
    let contains: Vec<Name> = in_order(&found.allergens.contains).collect();
    let is_must = |name: &&Name| {
        let duty = allergen::duty(name.as_str(), lot.made_on);
        duty.is_some_and(|duty| duty < allergen::Duty::Should)
    };
    Ok(LabelView {
        lot: lot.code.to_string(),
        product: names::product(masters, product, lot.made_on),
        unit: product.unit.name.clone(),
        maker: letterhead(masters, OfficeId(lot.maker.0), lot.made_on),
        made_on: lot.made_on,
        best_before: lot.best_before,
        origin: lot.origin.as_ref().map(ToString::to_string),
        allergens: LabelAllergens {
            must: contains.iter().filter(is_must).cloned().collect(),
            contains,
            may_contain: in_order(&found.allergens.may_contain).collect(),
            unknown: found.allergens.unknown,
        },
        food: food(product, lot.made_on),
        price: Some(product)
            .filter(|product| gate.knows_price(product, &Channel::Retail, today))
            .and_then(|product| price(masters, product, today)),
        contested: masters.disowned_by(&lot.code).next().is_some(),
        public_code: PublicCode::of(lot, &seed).to_string(),
    })
}

/// The 食品表示 of the day a lot was made, else the first one stated after it.
fn food(product: &Product, day: Day) -> Option<FoodLabel> {
    let of_day = product
        .facts
        .on_or_first(day)
        .and_then(|facts| facts.label.clone());
    let later = || {
        let mut stated = product.facts.iter().filter(|(from, _)| *from > day);
        stated.find_map(|(_, facts)| facts.label.clone())
    };
    of_day.or_else(later)
}

/// 総額表示: what a customer pays for a unit, tax included, fractions cut off.
fn price(masters: &Masters, product: &Product, day: Day) -> Option<Yen> {
    let price = masters.price(product.id, &Channel::Retail, day)?;
    let amount = match price.basis {
        PriceBasis::Inclusive => price.unit_price.get(),
        PriceBasis::Exclusive => {
            let category = product.facts.on_or_first(day)?.tax_for(SupplyMode::TakeAway);
            let rate = masters.rates().rate_on(category, day)?;
            let percent = Decimal::from(100 + u32::from(rate.percent));
            price.unit_price.get().checked_mul(percent)? / Decimal::ONE_HUNDRED
        }
    };
    Rounding::Down.round(amount).ok()
}
