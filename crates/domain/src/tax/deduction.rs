//! 経過措置: which share of the tax within a purchase from a seller without a registration number can be deducted. Dated
//! rows, because the law changes the share every few years.
//!
//! Source: 所得税法等の一部を改正する法律(平成28年法律第15号)附則52条・53条 for 80 %; the steps from 2026-10-01 on as in the
//! 令和8年度税制改正の大綱 (December 2025): 70 % for two years, 50 % for two, 30 % for one, then nothing.

use super::{Rounding, Yen, YenOverflow};
use crate::calendar::Day;

/// First day as year, month and day, and the share from then on.
const STEPS: [((i32, u32, u32), u8); 5] = [
    ((2023, 10, 1), 80),
    ((2026, 10, 1), 70),
    ((2028, 10, 1), 50),
    ((2030, 10, 1), 30),
    ((2031, 10, 1), 0),
];

/// Percent of the tax that can be deducted of what a seller without a number supplied on a day: all of it before the
/// number was asked for.
pub fn deductible_percent(day: Day) -> u8 {
    let mut begun = STEPS.iter().filter(|((year, month, of_month), _)| {
        Day::from_ymd(*year, *month, *of_month).is_ok_and(|first| first <= day)
    });
    begun.next_back().map_or(100, |(_, percent)| *percent)
}

/// The part of a tax that can be deducted, fractions dropped.
///
/// # Errors
/// [`YenOverflow`].
pub fn deductible(tax: Yen, percent: u8) -> Result<Yen, YenOverflow> {
    Rounding::Down.divide(i128::from(tax.get()) * i128::from(percent), 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_follows_the_day_of_supply() {
        for (day, percent) in [
            ("2023-09-30", 100),
            ("2023-10-01", 80),
            ("2026-09-30", 80),
            ("2026-10-01", 70),
            ("2028-09-30", 70),
            ("2028-10-01", 50),
            ("2030-09-30", 50),
            ("2030-10-01", 30),
            ("2031-09-30", 30),
            ("2031-10-01", 0),
        ] {
            assert_eq!(deductible_percent(day.parse().unwrap()), percent, "{day}");
        }
    }

    #[test]
    fn commission_of_an_unregistered_shop() {
        // 4,650 and 6,200 yen of commission hold 422 and 563 yen of tax: 295.4 and 394.1
        assert_eq!(deductible(Yen::new(422), 70), Ok(Yen::new(295)));
        assert_eq!(deductible(Yen::new(563), 70), Ok(Yen::new(394)));
        assert_eq!(deductible(Yen::new(-422), 70), Ok(Yen::new(-295)));
        assert_eq!(deductible(Yen::new(422), 0), Ok(Yen::ZERO));
    }
}
