//! product 品目: what an office makes or buys. The unit is fixed for ever; name, tax and allergens are dated.

use super::Rules;
use crate::{
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, ProductId},
    lot::Allergens,
    masters::{self, FoodLabel, Masters, ProductFacts},
    quantity::Unit,
    refusal::{Refusal, Stop, Why},
    tax::{SupplyMode, TaxCategory},
    text::{Code, Kana, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A product of the acting office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ProductFacts))]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Code within the office.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// How the name is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kana: Option<Kana>,
    /// Unit with its decimals and packs.
    pub unit: Unit,
    /// Tax class.
    pub tax: TaxCategory,
    /// Tax class by way of supply, where it differs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modes: BTreeMap<SupplyMode, TaxCategory>,
    /// Allergens; unknown when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Allergens>,
    /// Days it keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 65_535))]
    pub keeps_days: Option<u16>,
    /// The date on the pack is 消費期限.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub use_by: bool,
    /// 作業種別.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Code>,
    /// 食品表示.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<FoodLabel>,
}

impl Rules for Product {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        if !self.unit.is_sound() {
            return Err(Refusal::at("unit", Why::UnitUnsound).into());
        }
        let known = draft.masters().product_by_code(office, &self.code);
        if known.is_some_and(|product| product.unit != self.unit) {
            return Err(Refusal::at(
                "unit",
                Why::FixedForEver {
                    what: "品目の単位"
                },
            )
            .into());
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(office) = entry.acting.office() else {
            return;
        };
        let key = (office, self.code.clone());
        let known = masters.product_codes.get(&key).copied();
        let id = known.unwrap_or_else(|| ProductId(id::derive(&entry.acting, &entry.key, "product", 0)));
        let unknown = || Allergens {
            unknown: true,
            ..Allergens::default()
        };
        let facts = ProductFacts {
            name: self.name.clone(),
            kana: self.kana.clone(),
            tax: self.tax,
            modes: self.modes.clone(),
            allergens: self.allergens.clone().unwrap_or_else(unknown),
            keeps_days: self.keeps_days,
            use_by: self.use_by,
            work: self.work.clone(),
            label: self.label.clone(),
        };
        let product = masters.products.entry(id).or_insert_with(|| masters::Product {
            id,
            office,
            code: key.1.clone(),
            unit: self.unit.clone(),
            facts: Dated::default(),
        });
        product.facts.set(entry.supplied_on, facts);
        masters.product_codes.insert(key, id);
    }
}
