//! Yen and unit prices. 税込経理: an amount is whole yen, rounded once by the agreement's rule.

use crate::decimal;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whole yen (円). Debit is positive, credit negative. Range: ±9,007,199,254,740,991 (2⁵³−1), so that
/// JSON readers which keep numbers as doubles lose no digit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Yen(i64);

/// Largest amount the book holds.
pub const YEN_MAX: i64 = 9_007_199_254_740_991;

/// Largest amount of one posting: 百億円, a hundred times what a large office turns over in a year. The book adds postings
/// of an account up and can never take one out again; bounded so, it takes nine hundred thousand absurd ones until their sum
/// leaves the range of [`Yen`], not two.
pub const POSTED_MAX: i64 = 10_000_000_000;

/// An amount left the range of [`Yen`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("金額が大きすぎます。桁を確かめてください。")]
pub struct YenOverflow;

impl Yen {
    /// No yen.
    pub const ZERO: Yen = Yen(0);

    /// An amount; values beyond the range are an error.
    pub fn try_new(yen: i64) -> Result<Yen, YenOverflow> {
        if (-YEN_MAX..=YEN_MAX).contains(&yen) {
            Ok(Yen(yen))
        } else {
            Err(YenOverflow)
        }
    }

    /// An amount known to be in range (constants, tests); saturates at the ends of the range.
    pub const fn new(yen: i64) -> Yen {
        if yen > YEN_MAX {
            Yen(YEN_MAX)
        } else if yen < -YEN_MAX {
            Yen(-YEN_MAX)
        } else {
            Yen(yen)
        }
    }

    /// From a wider intermediate result.
    pub fn from_i128(yen: i128) -> Result<Yen, YenOverflow> {
        i64::try_from(yen).map_err(|_| YenOverflow).and_then(Yen::try_new)
    }

    /// The number of yen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Sum, or an error when it leaves the range.
    pub fn checked_add(self, other: Yen) -> Result<Yen, YenOverflow> {
        self.0
            .checked_add(other.0)
            .ok_or(YenOverflow)
            .and_then(Yen::try_new)
    }

    /// Difference, or an error when it leaves the range.
    pub fn checked_sub(self, other: Yen) -> Result<Yen, YenOverflow> {
        self.checked_add(other.negated())
    }

    /// The same amount on the other side. Never overflows: the range is symmetric.
    #[must_use]
    pub const fn negated(self) -> Yen {
        Yen(-self.0)
    }

    /// Sum of many, or an error when it leaves the range.
    pub fn sum(all: impl IntoIterator<Item = Yen>) -> Result<Yen, YenOverflow> {
        all.into_iter().try_fold(Yen::ZERO, Yen::checked_add)
    }

    /// True for amounts above nought.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// True for nought.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Yen {
    /// `1,234`, `-1,234`: as people read it, without the sign 円.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if self.0 < 0 {
            text.push('-');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

impl<'de> Deserialize<'de> for Yen {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        Yen::try_new(i64::deserialize(input)?).map_err(serde::de::Error::custom)
    }
}

/// How a fraction of a yen is dropped. Free to agree on; 切捨て where nothing is agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// 切捨て: toward zero.
    #[default]
    Down,
    /// 四捨五入: half away from zero.
    HalfUp,
    /// 切上げ: away from zero.
    Up,
}

impl Rounding {
    /// `numerator / denominator` as whole yen. The denominator must be positive (an error otherwise).
    pub fn divide(self, numerator: i128, denominator: i128) -> Result<Yen, YenOverflow> {
        if denominator <= 0 {
            return Err(YenOverflow);
        }
        let sign = if numerator < 0 { -1 } else { 1 };
        let size = numerator.checked_abs().ok_or(YenOverflow)?;
        let (whole, rest) = (size / denominator, size % denominator);
        let away = match self {
            Rounding::Down => false,
            Rounding::HalfUp => rest >= denominator - rest,
            Rounding::Up => rest > 0,
        };
        Yen::from_i128(sign * (whole + i128::from(away)))
    }

    /// A decimal amount as whole yen.
    pub fn round(self, amount: Decimal) -> Result<Yen, YenOverflow> {
        use rust_decimal::RoundingStrategy as S;
        let strategy = match self {
            Rounding::Down => S::ToZero,
            Rounding::HalfUp => S::MidpointAwayFromZero,
            Rounding::Up => S::AwayFromZero,
        };
        let whole = amount.round_dp_with_strategy(0, strategy);
        whole.to_i64().ok_or(YenOverflow).and_then(Yen::try_new)
    }
}

/// Yen for one unit of a product, with decimals (内職 pays ¥0.5 a piece). 0 ..= 1,000,000,000, at most
/// four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UnitPrice(Decimal);

/// Why a unit price was not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitPriceError {
    /// Below nought.
    #[error("単価は0円以上にしてください。")]
    Negative,
    /// More than four decimals.
    #[error("単価の小数は4桁までです。")]
    TooPrecise,
    /// Above a thousand million yen.
    #[error("単価が大きすぎます。")]
    TooLarge,
}

impl UnitPrice {
    /// A price; see the range of the type.
    pub fn try_new(price: Decimal) -> Result<UnitPrice, UnitPriceError> {
        let price = price.normalize();
        if price.is_sign_negative() && !price.is_zero() {
            Err(UnitPriceError::Negative)
        } else if price.scale() > 4 {
            Err(UnitPriceError::TooPrecise)
        } else if price > Decimal::from(1_000_000_000) {
            Err(UnitPriceError::TooLarge)
        } else {
            Ok(UnitPrice(price))
        }
    }

    /// The price as a decimal.
    pub const fn get(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for UnitPrice {
    /// Decimals come as strings; a whole number may come as a number.
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "単価は \"150\" のような文字列か整数で書いてください。")]
        enum Form {
            Whole(i64),
            Text(String),
        }
        let price = match Form::deserialize(input)? {
            Form::Whole(yen) => Decimal::from(yen),
            Form::Text(text) => decimal::read(&text).ok_or_else(|| {
                serde::de::Error::custom("単価は 150 や 0.5 のような数字で書いてください。")
            })?,
        };
        UnitPrice::try_new(price).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        assert_eq!(Yen::new(0).to_string(), "0");
        assert_eq!(Yen::new(999).to_string(), "999");
        assert_eq!(Yen::new(1_234_567).to_string(), "1,234,567");
        assert_eq!(Yen::new(-1_000).to_string(), "-1,000");
    }

    #[test]
    fn the_range_is_kept() {
        assert_eq!(Yen::try_new(YEN_MAX + 1), Err(YenOverflow));
        assert_eq!(Yen::new(YEN_MAX).checked_add(Yen::new(1)), Err(YenOverflow));
        assert_eq!(Yen::new(-YEN_MAX).checked_sub(Yen::new(1)), Err(YenOverflow));
    }

    #[test]
    fn rounding_has_three_ways_and_mirrors() {
        for (rounding, seven, minus) in [
            (Rounding::Down, 2, -2),
            (Rounding::HalfUp, 3, -3),
            (Rounding::Up, 3, -3),
        ] {
            assert_eq!(rounding.divide(5, 2), Ok(Yen::new(seven)));
            assert_eq!(rounding.divide(-5, 2), Ok(Yen::new(minus)));
            assert_eq!(rounding.round(Decimal::new(25, 1)), Ok(Yen::new(seven)));
        }
        assert_eq!(Rounding::HalfUp.divide(7, 3), Ok(Yen::new(2)));
        assert_eq!(Rounding::Up.divide(7, 3), Ok(Yen::new(3)));
        assert!(Rounding::Down.divide(1, 0).is_err());
    }

    #[test]
    fn unit_prices_are_parsed_at_the_border() {
        let parse = serde_json::from_str::<UnitPrice>;
        assert_eq!(parse("\"0.50\"").unwrap().to_string(), "0.5");
        assert_eq!(parse("150").unwrap().to_string(), "150");
        for bad in [
            "\"-1\"",
            "\"0.12345\"",
            "\"1e3\"",
            "1.5",
            "\"\"",
            "\"10000000000\"",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
