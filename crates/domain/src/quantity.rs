//! Quantities and units: integers of a unit's smallest step, shown as decimals.

use crate::decimal;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of goods in the smallest step of its product's unit (個: 1; kg with three decimals: g).
/// Movements carry only positive quantities. Range: 0 ..= 10¹⁵.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(i64);

/// Largest quantity of one movement.
pub const QUANTITY_MAX: i64 = 1_000_000_000_000_000;

/// Why a text was not a quantity of the product's unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Nought or below.
    #[error("数量は0より大きくしてください。")]
    NotPositive,
    /// Finer than the unit allows.
    #[error("この品目の数量は小数{0}桁までです。")]
    TooPrecise(u8),
    /// Beyond the range.
    #[error("数量が大きすぎます。桁を確かめてください。")]
    TooLarge,
    /// No number.
    #[error("数量は 12 や 0.5 のような数字で書いてください。")]
    NotANumber,
    /// The product has no such unit or pack.
    #[error("この品目に「{0}」という単位はありません。")]
    UnknownUnit(String),
    /// A pack count that is not a whole number of the smallest steps.
    #[error("この単位では端数が残ります。小さい単位で入力してください。")]
    NotWhole,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity(0);

    /// A quantity in smallest steps, 0 ..= [`QUANTITY_MAX`].
    pub fn try_new(steps: i64) -> Result<Quantity, QuantityError> {
        match steps {
            i64::MIN..0 => Err(QuantityError::NotPositive),
            0..=QUANTITY_MAX => Ok(Quantity(steps)),
            _ => Err(QuantityError::TooLarge),
        }
    }

    /// The number of smallest steps.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Sum, or an error beyond the range.
    pub fn checked_add(self, other: Quantity) -> Result<Quantity, QuantityError> {
        Quantity::try_new(self.0.saturating_add(other.0))
    }

    /// Difference, or an error below nought.
    pub fn checked_sub(self, other: Quantity) -> Result<Quantity, QuantityError> {
        Quantity::try_new(self.0.saturating_sub(other.0))
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// A pack of a product: `one` of it holds `numerator / denominator` of the base unit's smallest steps,
/// as an exact ratio (1 箱 = 9 個 leaves no 0.001).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Name as written on slips: 箱, 袋, ケース.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub name: String,
    /// Smallest steps in `denominator` packs.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 4_294_967_295_u32))]
    pub numerator: u32,
    /// Usually 1.
    #[serde(default = "one")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 4_294_967_295_u32))]
    pub denominator: u32,
}

fn one() -> u32 {
    1
}

/// Unit of a product with its own fixed number of decimals, and its packs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Name: 個, kg, 枚.
    #[cfg_attr(feature = "openapi", schema(min_length = 1))]
    pub name: String,
    /// Decimals of the smallest step, 0 ..= 6. Fixed for ever: another scale is another product.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(maximum = 6))]
    pub decimals: u8,
    /// Packs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<Pack>,
}

impl Unit {
    /// Whether the definition makes sense.
    pub fn is_sound(&self) -> bool {
        !self.name.trim().is_empty()
            && self.decimals <= 6
            && self.packs.iter().all(|pack| {
                pack.numerator > 0 && pack.denominator > 0 && !pack.name.is_empty() && pack.name != self.name
            })
    }

    /// Reads a stated quantity in smallest steps; above nought.
    pub fn read(&self, stated: &StatedQuantity) -> Result<Quantity, QuantityError> {
        let quantity = self.read_or_zero(stated)?;
        if quantity.is_zero() {
            Err(QuantityError::NotPositive)
        } else {
            Ok(quantity)
        }
    }

    /// Like [`Unit::read`], but a count may be nought.
    pub fn read_or_zero(&self, stated: &StatedQuantity) -> Result<Quantity, QuantityError> {
        let amount = stated.amount;
        if amount.is_sign_negative() && !amount.is_zero() {
            return Err(QuantityError::NotPositive);
        }
        match stated.unit.as_deref() {
            None => self.in_steps(amount),
            Some(unit) if unit == self.name => self.in_steps(amount),
            Some(unit) => {
                let pack = (self.packs.iter().find(|pack| pack.name == unit))
                    .ok_or_else(|| QuantityError::UnknownUnit(unit.to_owned()))?;
                let count = amount.normalize();
                if count.scale() > 0 {
                    return Err(QuantityError::NotWhole);
                }
                let count = count.to_i128().ok_or(QuantityError::TooLarge)?;
                let steps = count
                    .checked_mul(i128::from(pack.numerator))
                    .ok_or(QuantityError::TooLarge)?;
                if steps % i128::from(pack.denominator) != 0 {
                    return Err(QuantityError::NotWhole);
                }
                let steps = i64::try_from(steps / i128::from(pack.denominator));
                Quantity::try_new(steps.map_err(|_| QuantityError::TooLarge)?)
            }
        }
    }

    fn in_steps(&self, amount: Decimal) -> Result<Quantity, QuantityError> {
        let amount = amount.normalize();
        if amount.scale() > u32::from(self.decimals) {
            return Err(QuantityError::TooPrecise(self.decimals));
        }
        let scale = Decimal::from(10_i64.pow(u32::from(self.decimals.min(6))));
        let steps = amount.checked_mul(scale).and_then(|steps| steps.to_i64());
        Quantity::try_new(steps.ok_or(QuantityError::TooLarge)?)
    }

    /// The quantity as people read it: `12.5` for 12,500 steps of a unit with three decimals.
    pub fn show(&self, quantity: Quantity) -> String {
        self.decimal(quantity.get()).to_string()
    }

    /// Signed steps as the decimal people read.
    pub fn decimal(&self, steps: i64) -> Decimal {
        Decimal::new(steps, u32::from(self.decimals.min(6))).normalize()
    }
}

/// A quantity as stated by a person or file: a decimal, and a unit or pack where it is not the base unit.
/// In JSON `"12.5"`, `12`, or `{"amount": "2", "unit": "箱"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedQuantity {
    /// The number.
    pub amount: Decimal,
    /// Unit or pack; the product's base unit when missing.
    pub unit: Option<String>,
}

impl StatedQuantity {
    /// A whole number of base units.
    pub fn whole(amount: i64) -> StatedQuantity {
        StatedQuantity {
            amount: Decimal::from(amount),
            unit: None,
        }
    }
}

impl fmt::Display for StatedQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.unit.as_deref().unwrap_or(""))
    }
}

impl Serialize for StatedQuantity {
    fn serialize<S: serde::Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let amount = self.amount.normalize().to_string();
        match &self.unit {
            None => output.serialize_str(&amount),
            Some(unit) => {
                let mut map = output.serialize_map(Some(2))?;
                map.serialize_entry("amount", &amount)?;
                map.serialize_entry("unit", unit)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for StatedQuantity {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            deny_unknown_fields,
            expecting = "数量は \"12.5\" のような文字列か整数で書いてください。"
        )]
        enum Form {
            Whole(i64),
            Text(String),
            Pack { amount: String, unit: String },
        }
        let (text, unit) = match Form::deserialize(input)? {
            Form::Whole(amount) => return Ok(StatedQuantity::whole(amount)),
            Form::Text(text) => (text, None),
            Form::Pack { amount, unit } => (amount, Some(unit)),
        };
        let amount =
            decimal::read(&text).ok_or_else(|| serde::de::Error::custom(QuantityError::NotANumber))?;
        Ok(StatedQuantity { amount, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(decimals: u8) -> Unit {
        let packs = vec![Pack {
            name: "箱".into(),
            numerator: 9,
            denominator: 1,
        }];
        Unit {
            name: "個".into(),
            decimals,
            packs,
        }
    }

    fn stated(json: &str) -> StatedQuantity {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn kilograms_are_grams() {
        let kg = unit(3);
        assert_eq!(kg.read(&stated("\"12.5\"")), Ok(Quantity(12_500)));
        assert_eq!(kg.show(Quantity(12_500)), "12.5");
        assert_eq!(kg.read(&stated("\"0.0005\"")), Err(QuantityError::TooPrecise(3)));
        assert_eq!(kg.read(&stated("\"1.5000\"")), Ok(Quantity(1_500)));
    }

    #[test]
    fn packs_are_exact() {
        let pieces = unit(0);
        assert_eq!(
            pieces.read(&stated(r#"{"amount":"2","unit":"箱"}"#)),
            Ok(Quantity(18))
        );
        assert_eq!(
            pieces.read(&stated(r#"{"amount":"0.5","unit":"箱"}"#)),
            Err(QuantityError::NotWhole)
        );
        assert_eq!(
            pieces.read(&stated(r#"{"amount":"1","unit":"樽"}"#)),
            Err(QuantityError::UnknownUnit("樽".into()))
        );
    }

    #[test]
    fn nought_and_below_are_refused() {
        let pieces = unit(0);
        assert_eq!(pieces.read(&stated("0")), Err(QuantityError::NotPositive));
        assert_eq!(pieces.read(&stated("\"-3\"")), Err(QuantityError::NotPositive));
        assert_eq!(pieces.read_or_zero(&stated("0")), Ok(Quantity::ZERO));
        assert_eq!(
            pieces.read(&stated("\"99999999999999999\"")),
            Err(QuantityError::TooLarge)
        );
        for wrong in [
            "1.5",
            "\"1_000\"",
            r#"["2","箱"]"#,
            r#"{"amount":"2"}"#,
            r#"{"amount":"2","unit":"箱","x":1}"#,
        ] {
            assert!(serde_json::from_str::<StatedQuantity>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_stated_is_written_back() {
        for json in ["\"12.5\"", r#"{"amount":"2","unit":"箱"}"#] {
            assert_eq!(serde_json::to_string(&stated(json)).unwrap(), json);
        }
    }
}
