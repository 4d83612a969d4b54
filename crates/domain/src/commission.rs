//! 販売手数料: the commission of a consignment period, worked out once per period and not per sale.
//!
//! What it is taken from, how it is taxed and rounded is agreed between the two offices; all of it stands in
//! the [`CommissionTerms`] of their agreement.

use crate::{
    decimal,
    money::{Rounding, UnitPrice, Yen, YenOverflow},
    tax::{DocumentTax, PriceBasis, TaxRate, tax_on, tax_within},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::fmt;

/// A percentage of an agreement: 0 to 100, at most four decimals. A string in JSON: `"15"`, `"12.5"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Percent(Decimal);

/// The number is no percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("率は0から100まで、小数は4桁までの数字で入力してください(例 15、12.5)。")]
pub struct PercentError;

impl Percent {
    /// A percentage; see the range of the type.
    pub fn try_new(percent: Decimal) -> Result<Percent, PercentError> {
        let percent = percent.normalize();
        let in_range = percent >= Decimal::ZERO && percent <= Decimal::ONE_HUNDRED;
        if in_range && percent.scale() <= 4 {
            Ok(Percent(percent))
        } else {
            Err(PercentError)
        }
    }

    /// The number, 15 for 15 %.
    pub const fn get(self) -> Decimal {
        self.0
    }

    /// The share of an amount, rounded once.
    pub fn of(self, amount: Yen, rounding: Rounding) -> Result<Yen, YenOverflow> {
        let hundred = 100 * 10_i128.pow(self.0.scale()); // at most four decimals
        let numerator = i128::from(amount.get()) * self.0.mantissa(); // below 2^53 · 10^6
        rounding.divide(numerator, hundred)
    }
}

impl fmt::Display for Percent {
    /// `12.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let number = decimal::read(&text).ok_or_else(|| D::Error::custom(PercentError))?;
        Percent::try_new(number).map_err(D::Error::custom)
    }
}

/// From a base in yen upwards, this percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CommissionTier))]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Smallest base the tier holds for, in yen.
    pub from: Yen,
    /// Its percent, of the **whole** base.
    pub percent: Percent,
}

/// Steps of a commission by sales. The tier reached applies to the whole base of the period (slab, 全額方式),
/// not only to what lies above its beginning. At least one; the first begins at ¥0, each later one higher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Tiers(Vec<Tier>);

/// The tiers do not follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("手数料の段階は、0円から始めて、金額の小さい順に重ならないように入力してください。")]
pub struct TiersError;

impl Tiers {
    /// Tiers in order; see the rule of the type.
    pub fn try_new(tiers: Vec<Tier>) -> Result<Tiers, TiersError> {
        let begins_at_zero = tiers.first().is_some_and(|tier| tier.from.is_zero());
        if begins_at_zero && tiers.is_sorted_by(|a, b| a.from < b.from) {
            Ok(Tiers(tiers))
        } else {
            Err(TiersError)
        }
    }

    /// The tiers in order.
    pub fn as_slice(&self) -> &[Tier] {
        &self.0
    }

    /// The percent for a base; a base below nought (more returned than sold) is in the first tier.
    fn reached(&self, base: Yen) -> Option<Percent> {
        let reached = self.0.iter().rev().find(|tier| tier.from <= base);
        reached.or(self.0.first()).map(|tier| tier.percent)
    }
}

impl<'de> Deserialize<'de> for Tiers {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Tiers::try_new(Vec::deserialize(input)?).map_err(D::Error::custom)
    }
}

/// What the commission is counted by. JSON: `{"percent":"15"}`, `{"per_unit":"5"}`,
/// `{"tiers":[{"from":0,"percent":"20"},{"from":100000,"percent":"15"}]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CommissionCharge))]
#[serde(rename_all = "snake_case")]
pub enum Charge {
    /// A percentage of the period's sales.
    Percent(Percent),
    /// Yen for each unit sold, whatever its price.
    PerUnit(UnitPrice),
    /// A percentage that depends on the period's sales.
    Tiers(Tiers),
}

/// The agreed terms of a commission (手数料の条件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CommissionTerms {
    /// What it is counted by.
    pub charge: Charge,
    /// Least commission of a period that is settled, also of one without sales; in the same tax mode as
    /// the charge. Not below ¥0.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "not_negative"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991_i64))]
    pub minimum: Option<Yen>,
    /// Which price the percent is of: with tax (税込) or without (税抜). Without, the tax is taken out of the
    /// period's sales once per rate.
    pub base: PriceBasis,
    /// Whether the charge contains the tax on the commission (内税) or it comes on top (外税).
    pub tax: PriceBasis,
    /// Rounding of the commission, of its tax and of the tax taken out of the base; 切捨て where absent.
    #[serde(default)]
    pub rounding: Rounding,
}

fn not_negative<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Yen>, D::Error> {
    let minimum = Option::<Yen>::deserialize(input)?;
    if minimum.is_some_and(|yen| yen < Yen::ZERO) {
        return Err(D::Error::custom("最低手数料は0円以上にしてください。"));
    }
    Ok(minimum)
}

/// What was sold in a period for one consignor, returns taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodSales {
    /// Customer prices with tax; several amounts of one rate are summed first.
    pub gross: Vec<(TaxRate, Yen)>,
    /// Units sold, as shown (1.5 for 1.5 kg); used by [`Charge::PerUnit`] alone.
    pub units: Decimal,
}

/// The commission of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commission {
    /// The sales it was taken from, with or without tax by the terms.
    pub base: Yen,
    /// The percent used; none for a charge per unit.
    pub percent: Option<Percent>,
    /// What the consignor pays, tax included.
    pub amount: Yen,
    /// The tax inside `amount`.
    pub tax_within: Yen,
}

/// Works out the commission of a period, rounded once. `tax_percent` is the rate on commissions (standard) on
/// the settlement's day. An error only when an amount leaves the range of [`Yen`].
pub fn commission_of_period(
    sales: &PeriodSales,
    terms: &CommissionTerms,
    tax_percent: u8,
) -> Result<Commission, YenOverflow> {
    let sums = DocumentTax::of(sales.gross.iter().copied(), PriceBasis::Inclusive, terms.rounding)?;
    let base = match terms.base {
        PriceBasis::Inclusive => sums.gross()?,
        PriceBasis::Exclusive => sums.net()?,
    };
    let percent = match &terms.charge {
        Charge::Percent(percent) => Some(*percent),
        Charge::Tiers(tiers) => tiers.reached(base),
        Charge::PerUnit(_) => None,
    };
    let counted = match (&terms.charge, percent) {
        (Charge::PerUnit(price), _) => terms
            .rounding
            .round(price.get().checked_mul(sales.units).ok_or(YenOverflow)?)?,
        (_, Some(percent)) => percent.of(base, terms.rounding)?,
        (_, None) => Yen::ZERO,
    };
    let charged = terms.minimum.map_or(counted, |minimum| counted.max(minimum));
    let (amount, tax_within) = match terms.tax {
        PriceBasis::Inclusive => (charged, tax_within(charged, tax_percent, terms.rounding)?),
        PriceBasis::Exclusive => {
            let tax = tax_on(charged, tax_percent, terms.rounding)?;
            (charged.checked_add(tax)?, tax)
        }
    };
    Ok(Commission {
        base,
        percent,
        amount,
        tax_within,
    })
}

#[cfg(test)]
mod tests;
