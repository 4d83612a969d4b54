//! 消費税: classes, dated rates, and the tax of a document, worked out once per rate and never per line.
//!
//! Rates are rows with dates and a source, never constants: the food rate has changed before and a change
//! is planned again.

mod deduction;
mod document;
mod rates;
mod taxation;

pub use deduction::{deductible, deductible_percent};
pub use document::{DocumentTax, RateTotal};
pub use rates::{RateError, RateRow, RateStatus, RateTable};
pub use taxation::Taxation;

use crate::money::{Rounding, Yen, YenOverflow};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Tax class of a supply (税区分): of a product *in a way of supply on a day*, not of the product alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaxCategory {
    /// 標準税率.
    Standard,
    /// 軽減税率: food and drink to take away or delivered.
    Reduced,
    /// 非課税: welfare benefits, land, vouchers …
    NonTaxable,
    /// 対象外・不課税: wages, compensation, moves inside one corporation.
    OutOfScope,
}

impl TaxCategory {
    /// True for the classes that have a rate.
    pub const fn is_taxed(self) -> bool {
        matches!(self, TaxCategory::Standard | TaxCategory::Reduced)
    }

    /// The number in rows and canonical bytes: classes may be added, never changed.
    pub const fn number(self) -> u8 {
        match self {
            TaxCategory::OutOfScope => 0,
            TaxCategory::Standard => 1,
            TaxCategory::Reduced => 2,
            TaxCategory::NonTaxable => 3,
        }
    }

    /// From the number.
    pub const fn from_number(number: u8) -> Option<TaxCategory> {
        match number {
            0 => Some(TaxCategory::OutOfScope),
            1 => Some(TaxCategory::Standard),
            2 => Some(TaxCategory::Reduced),
            3 => Some(TaxCategory::NonTaxable),
            _ => None,
        }
    }
}

impl fmt::Display for TaxCategory {
    /// As pages and documents name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            TaxCategory::Standard => "標準税率",
            TaxCategory::Reduced => "軽減税率",
            TaxCategory::NonTaxable => "非課税",
            TaxCategory::OutOfScope => "対象外",
        })
    }
}

/// A class with the rate used: what a posting and a document line carry. Two classes with the same percent
/// stay apart on a document, because the reduced rate must be marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaxRate {
    /// The class.
    pub category: TaxCategory,
    /// Whole percent, 0 to 100; 0 where the class is not taxed.
    #[cfg_attr(feature = "openapi", schema(maximum = 255))]
    pub percent: u8,
}

impl TaxRate {
    /// 対象外 at nought: wages, compensation, internal moves.
    pub const OUT_OF_SCOPE: TaxRate = TaxRate {
        category: TaxCategory::OutOfScope,
        percent: 0,
    };
}

impl fmt::Display for TaxRate {
    /// `10%`, `8%(軽減)`, `非課税`, `対象外`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.category {
            TaxCategory::Standard => write!(f, "{}%", self.percent),
            TaxCategory::Reduced => write!(f, "{}%(軽減)", self.percent),
            untaxed => untaxed.fmt(f),
        }
    }
}

/// Way of supply (提供方法); with the product and the day it decides the tax class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SupplyMode {
    /// 持帰り.
    TakeAway,
    /// 配達.
    Delivery,
    /// 店内飲食, also at seats others provide by agreement (tables at an event).
    EatIn,
    /// ケータリング: serving at the customer's place.
    Catering,
    /// 役務: work without goods.
    Service,
}

impl fmt::Display for SupplyMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SupplyMode::TakeAway => "持帰り",
            SupplyMode::Delivery => "配達",
            SupplyMode::EatIn => "店内",
            SupplyMode::Catering => "ケータリング",
            SupplyMode::Service => "役務",
        })
    }
}

/// Whether prices contain the tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PriceBasis {
    /// 内税: the tax is inside the price.
    #[default]
    Inclusive,
    /// 外税: the tax comes on top, once per rate of the document.
    Exclusive,
}

impl fmt::Display for PriceBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            PriceBasis::Inclusive => "内税",
            PriceBasis::Exclusive => "外税",
        })
    }
}

/// The tax inside a tax-inclusive amount: `inclusive × percent / (100 + percent)`. For the sum of a document
/// per rate, not for its lines.
pub fn tax_within(inclusive: Yen, percent: u8, rounding: Rounding) -> Result<Yen, YenOverflow> {
    let percent = i128::from(percent);
    rounding.divide(i128::from(inclusive.get()) * percent, 100 + percent)
}

/// The tax on top of a tax-exclusive amount: `exclusive × percent / 100`. For the sum of a document per
/// rate, not for its lines.
pub fn tax_on(exclusive: Yen, percent: u8, rounding: Rounding) -> Result<Yen, YenOverflow> {
    rounding.divide(i128::from(exclusive.get()) * i128::from(percent), 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_thousand_one_hundred_holds_one_hundred() {
        // 1100 / 1.1 in floating point is 999.999…
        assert_eq!(tax_within(Yen::new(1_100), 10, Rounding::Down), Ok(Yen::new(100)));
        assert_eq!(tax_within(Yen::new(108), 8, Rounding::Down), Ok(Yen::new(8)));
        assert_eq!(tax_within(Yen::new(101), 1, Rounding::Down), Ok(Yen::new(1)));
        assert_eq!(tax_within(Yen::new(500), 0, Rounding::Up), Ok(Yen::ZERO));
        // a return mirrors the sale: 20,000 × 8/108 = 1,481.48…
        assert_eq!(
            tax_within(Yen::new(-20_000), 8, Rounding::Down),
            Ok(Yen::new(-1_481))
        );
        assert_eq!(
            tax_within(Yen::new(-20_000), 8, Rounding::Up),
            Ok(Yen::new(-1_482))
        );
        assert_eq!(tax_on(Yen::new(4_277), 10, Rounding::Down), Ok(Yen::new(427)));
        assert_eq!(tax_on(Yen::new(-4_275), 10, Rounding::HalfUp), Ok(Yen::new(-428)));
        assert_eq!(
            tax_on(Yen::new(crate::money::YEN_MAX), 200, Rounding::Down),
            Err(YenOverflow)
        );
    }

    #[test]
    fn words_of_json_and_pages() {
        let rate = TaxRate {
            category: TaxCategory::Reduced,
            percent: 8,
        };
        assert_eq!(
            serde_json::to_string(&rate).unwrap(),
            r#"{"category":"reduced","percent":8}"#
        );
        assert_eq!(rate.to_string(), "8%(軽減)");
        assert_eq!(TaxRate::OUT_OF_SCOPE.to_string(), "対象外");
        assert_eq!(
            serde_json::to_string(&SupplyMode::TakeAway).unwrap(),
            "\"take_away\""
        );
        assert_eq!(
            serde_json::to_string(&TaxCategory::NonTaxable).unwrap(),
            "\"non_taxable\""
        );
        assert!(serde_json::from_str::<TaxRate>(r#"{"category":"reduced","percent":8,"x":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn taking_the_tax_out_and_putting_it_on_again_meets(net in 0..1_000_000_000_i64, percent in 0..=30_u8) {
            let on = tax_on(Yen::new(net), percent, Rounding::HalfUp).unwrap();
            let gross = Yen::new(net).checked_add(on).unwrap();
            prop_assert_eq!(tax_within(gross, percent, Rounding::HalfUp).unwrap(), on);
        }
    }
}
