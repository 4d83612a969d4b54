//! Products, prices, recipes, cash places.

use crate::{
    dated::Dated,
    id::{CashPlaceId, OfficeId, ProductId},
    lot::Allergens,
    money::{Rounding, UnitPrice, Yen, YenOverflow},
    quantity::{Quantity, StatedQuantity, Unit},
    refs::ProductRef,
    tax::{PriceBasis, SupplyMode, TaxCategory},
    text::{Code, Kana, LabelText, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 品目: what an office makes or buys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Id.
    pub id: ProductId,
    /// Office that makes or buys it.
    pub office: OfficeId,
    /// Code, unique within the office.
    pub code: Code,
    /// Unit; fixed for ever.
    pub unit: Unit,
    /// Dated facts.
    pub facts: Dated<ProductFacts>,
}

impl Product {
    /// Quantity × unit price, rounded once.
    ///
    /// # Errors
    /// When it leaves the range of [`Yen`].
    pub fn amount_of(
        &self,
        quantity: Quantity,
        unit_price: UnitPrice,
        rounding: Rounding,
    ) -> Result<Yen, YenOverflow> {
        let amount = self.unit.decimal(quantity.get()).checked_mul(unit_price.get());
        rounding.round(amount.ok_or(YenOverflow)?)
    }
}

/// What is known of a product from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFacts {
    /// Name.
    pub name: Name,
    /// How the name is read, for people who read with difficulty.
    pub kana: Option<Kana>,
    /// Tax class of a supply that has no row of its own in `modes`.
    pub tax: TaxCategory,
    /// Tax class by way of supply (持帰り 8 %, 店内 10 %).
    pub modes: BTreeMap<SupplyMode, TaxCategory>,
    /// Allergens as stated by the maker.
    pub allergens: Allergens,
    /// Days it keeps from the day it is made; proposes the date of a lot.
    pub keeps_days: Option<u16>,
    /// The date on the pack is 消費期限.
    pub use_by: bool,
    /// 作業種別 its making belongs to.
    pub work: Option<Code>,
    /// 食品表示, where it is food that is labelled.
    pub label: Option<FoodLabel>,
}

/// 食品表示: what a label of the food says beside what its lot, its maker and its allergens say (食品表示基準).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FoodLabel {
    /// 生鮮食品: then only 名称 and 原産地 stand on the label.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fresh: bool,
    /// 名称, the common name of such goods; the product's name when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_name: Option<LabelText>,
    /// 原材料名 in the order of weight, with 原料原産地, without additives and without the sentence on allergens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ingredients: Option<LabelText>,
    /// 添加物 in the order of weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additives: Option<LabelText>,
    /// 内容量.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<LabelText>,
    /// 保存方法.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<LabelText>,
    /// 栄養成分表示; small makers need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nutrition: Option<LabelText>,
}

impl ProductFacts {
    /// Tax class of a supply.
    pub fn tax_for(&self, mode: SupplyMode) -> TaxCategory {
        self.modes.get(&mode).copied().unwrap_or(self.tax)
    }
}

/// Where a price holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 店頭: to customers.
    Retail,
    /// 卸: to offices.
    Supply,
    /// 法人内: between offices of one corporation.
    Internal,
    /// 消化仕入の仕入値: what the shop owes the producer per unit sold.
    Cost,
    /// Under the agreement of this code.
    Agreement(Code),
}

/// A price from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Yen per unit.
    pub unit_price: UnitPrice,
    /// 内税 or 外税.
    pub basis: PriceBasis,
}

/// A recipe: a template for processing, never a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// What goes in for one batch.
    pub inputs: Vec<RecipeLine>,
    /// What comes out of one batch, with the weight by which inputs are shared among several outputs.
    pub outputs: Vec<RecipeLine>,
}

/// A line of a recipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecipeLine {
    /// Product.
    pub product: ProductRef,
    /// Quantity of one batch.
    pub quantity: StatedQuantity,
    /// Weight of an output in sharing the inputs; 0 for a by-product. 1 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295_u32))]
    pub weight: Option<u32>,
}

/// Kinds of cash places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CashPlaceKind {
    /// 金庫・小口現金.
    Cash,
    /// 預金口座.
    Bank,
    /// レジ.
    Till,
}

/// Where an office keeps money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashPlace {
    /// Id.
    pub id: CashPlaceId,
    /// Office.
    pub office: OfficeId,
    /// Code, unique within the office.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// Kind.
    pub kind: CashPlaceKind,
    /// How many cash places the book had before it.
    pub ordinal: usize,
}
