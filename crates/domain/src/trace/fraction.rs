//! Parts of a lot as exact fractions of its smallest steps.

use rust_decimal::Decimal;

/// A fraction, nought or more, in lowest terms. Exact while it fits into 128 bits; where many processings one after the
/// other no longer do, numerator and denominator are cut to 62 bits alike, an error far behind any digit that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

/// Bits kept when a result no longer fits: products of two such numbers do, and their sum.
const KEPT_BITS: u32 = 62;

impl Fraction {
    /// Nothing.
    pub const ZERO: Fraction = Fraction {
        numerator: 0,
        denominator: 1,
    };

    /// `numerator / denominator`; nought where either is not above nought (a share of nothing is nothing).
    pub fn new(numerator: i128, denominator: i128) -> Fraction {
        if numerator <= 0 || denominator <= 0 {
            return Fraction::ZERO;
        }
        let divisor = gcd(numerator, denominator);
        Fraction {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        }
    }

    /// A whole number of steps.
    pub fn whole(steps: i64) -> Fraction {
        Fraction::new(steps.into(), 1)
    }

    /// Above the line.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// Below the line, above nought.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// `self × numerator ÷ denominator`; nought where either is not above nought.
    #[must_use]
    pub fn scaled(self, numerator: i128, denominator: i128) -> Fraction {
        self.times(Fraction::new(numerator, denominator))
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Fraction) -> Fraction {
        let exact = |one: Fraction, other: Fraction| {
            // crosswise in lowest terms first: what is multiplied stays small
            let left = Fraction::new(one.numerator, other.denominator);
            let right = Fraction::new(other.numerator, one.denominator);
            let numerator = left.numerator.checked_mul(right.numerator)?;
            Some(Fraction::new(
                numerator,
                left.denominator.checked_mul(right.denominator)?,
            ))
        };
        let cut = || exact(self.cut(), other.cut());
        exact(self, other).or_else(cut).unwrap_or(Fraction::ZERO)
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Fraction) -> Fraction {
        let exact = |one: Fraction, two: Fraction| {
            let divisor = gcd(one.denominator, two.denominator);
            let (left, right) = (two.denominator / divisor, one.denominator / divisor);
            let (left, below) = (
                one.numerator.checked_mul(left)?,
                one.denominator.checked_mul(left)?,
            );
            let above = left.checked_add(two.numerator.checked_mul(right)?)?;
            Some(Fraction::new(above, below))
        };
        exact(self, other)
            .or_else(|| exact(self.cut(), other.cut()))
            .unwrap_or(self)
    }

    /// This as a part of another, `self ÷ other`; nought of nothing.
    #[must_use]
    pub fn of(self, other: Fraction) -> Fraction {
        if other.is_zero() {
            return Fraction::ZERO;
        }
        self.times(Fraction {
            numerator: other.denominator,
            denominator: other.numerator,
        })
    }

    /// With `decimals` decimals (at most 12), half away from zero. Beyond the range of [`Decimal`] its largest number.
    pub fn decimal(self, decimals: u32) -> Decimal {
        let decimals = decimals.min(12);
        let scale = 10_i128.pow(decimals);
        let (whole, rest) = (
            self.numerator / self.denominator,
            self.numerator % self.denominator,
        );
        let Fraction {
            numerator,
            denominator,
        } = Fraction::new(rest, self.denominator).cut();
        let rest = numerator.saturating_mul(scale).saturating_add(denominator / 2) / denominator.max(1);
        let steps = whole.checked_mul(scale).and_then(|whole| whole.checked_add(rest));
        let decimal = steps.and_then(|steps| Decimal::try_from_i128_with_scale(steps, decimals).ok());
        decimal.map_or(Decimal::MAX, |decimal| decimal.normalize())
    }

    /// In a unit with this many decimals, shown with two more.
    pub fn shown(self, unit_decimals: u8) -> Decimal {
        let unit_decimals = u32::from(unit_decimals.min(6));
        self.of(Fraction::new(10_i128.pow(unit_decimals), 1))
            .decimal(unit_decimals + 2)
    }

    /// As percent with two decimals.
    pub fn percent(self) -> Decimal {
        self.scaled(100, 1).decimal(2)
    }

    fn cut(self) -> Fraction {
        let length = 128 - self.numerator.max(self.denominator).leading_zeros();
        let shift = length.saturating_sub(KEPT_BITS);
        Fraction::new(self.numerator >> shift, (self.denominator >> shift).max(1))
    }
}

fn gcd(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_exact() {
        let third = Fraction::new(1, 3);
        assert_eq!(third.plus(Fraction::new(1, 6)), Fraction::new(1, 2));
        assert_eq!(third.scaled(9, 2), Fraction::new(3, 2));
        assert_eq!(Fraction::whole(10).of(Fraction::whole(120)), Fraction::new(1, 12));
        assert_eq!(third.of(Fraction::ZERO), Fraction::ZERO);
        assert_eq!(third.scaled(5, 0), Fraction::ZERO);
    }

    #[test]
    fn fractions_are_shown_with_two_more_decimals() {
        // 10,000 g of 12,000 g × 1/7 = 1.428571… kg
        assert_eq!(Fraction::new(10_000, 7).shown(3).to_string(), "1.42857");
        assert_eq!(Fraction::new(5, 2).shown(0).to_string(), "2.5");
        assert_eq!(Fraction::new(1, 12).percent().to_string(), "8.33");
        assert_eq!(Fraction::new(2, 3).percent().to_string(), "66.67");
        assert_eq!(Fraction::whole(1).percent().to_string(), "100");
    }

    #[test]
    fn what_no_longer_fits_is_cut_far_behind_the_last_digit() {
        let primes = [
            1_000_003_i128,
            1_000_033,
            1_000_037,
            1_000_039,
            1_000_081,
            1_000_099,
            1_000_117,
            1_000_121,
        ];
        let mut part = Fraction::whole(1);
        for pair in primes.windows(2).cycle().take(70) {
            part = part.scaled(pair[0], pair[1]);
        }
        // ten rounds of 1,000,003 ÷ 1,000,121
        assert_eq!(part.decimal(12).to_string(), "0.998820768994");
        assert_eq!(
            Fraction::new(i128::MAX, 1).scaled(i128::MAX, 1).decimal(2),
            Decimal::MAX
        );
        assert_eq!(
            Fraction::new(1, i128::MAX).scaled(1, i128::MAX).decimal(12),
            Decimal::ZERO
        );
    }
}
