//! 平均工賃月額: the average monthly wage of an office, from the year's totals; never per person.

use crate::money::{Rounding, Yen, YenOverflow};

/// Why there is no average. No days or no users is an error, not ¥0 (留意事項通知).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WageAverageError {
    /// 年間延べ利用者数 is nought.
    #[error("延べ利用者数が0のため、平均工賃月額を計算できません。月ごとの延べ利用者数を記録してください。")]
    NoPersonDays,
    /// 年間開所日数 is nought.
    #[error("開所日数が0のため、平均工賃月額を計算できません。月ごとの開所日数を記録してください。")]
    NoOpenDays,
    /// 工賃を支払った延べ人数 is nought (formula to fiscal 2022).
    #[error("工賃を支払った延べ人数が0のため、平均工賃を計算できません。延べ人数を入力してください。")]
    NoPersonMonths,
    /// Wages below nought: reversals exceed what was recorded.
    #[error("年間の工賃の合計がマイナスです。訂正した工賃の記録を確かめてください。")]
    NegativeWages,
    /// The result is beyond the range of yen.
    #[error(transparent)]
    Overflow(#[from] YenOverflow),
}

/// The average monthly wage and the average it was divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AverageWage {
    /// 開所日1日当たりの平均利用者数 in tenths of a person: 147 is 14.7 people.
    pub daily_average_tenths: u64,
    /// 平均工賃月額 in yen.
    pub monthly: Yen,
}

impl AverageWage {
    /// The daily average as forms show it: `14.7`.
    pub fn daily_average(self) -> String {
        format!(
            "{}.{}",
            self.daily_average_tenths / 10,
            self.daily_average_tenths % 10
        )
    }
}

/// 平均工賃月額 of a fiscal year by the formula since fiscal 2024: wages ÷ average users per open day ÷ 12.
///
/// `wages` is everything paid to users of B型 in yen, `person_days` their 延べ利用者数 on open days,
/// `open_days` the days with production activity. The average is rounded **up** at the second decimal
/// and the result half-up to the yen; the divisor is 12 even for an office open for part of the year.
/// Source: MHLW 報酬留意事項, Q&A VOL.2 問24 with the correction of 2024-04-26 (the first print said 四捨五入).
pub fn average_monthly_wage(
    wages: Yen,
    person_days: u64,
    open_days: u64,
) -> Result<AverageWage, WageAverageError> {
    if wages.get() < 0 {
        return Err(WageAverageError::NegativeWages);
    }
    if person_days == 0 {
        return Err(WageAverageError::NoPersonDays);
    }
    if open_days == 0 {
        return Err(WageAverageError::NoOpenDays);
    }
    let tenths = (u128::from(person_days) * 10).div_ceil(u128::from(open_days));
    let daily_average_tenths = u64::try_from(tenths).map_err(|_| YenOverflow)?;
    // wages ÷ (tenths / 10) ÷ 12
    let monthly = Rounding::HalfUp.divide(
        i128::from(wages.get()) * 10,
        i128::from(daily_average_tenths) * 12,
    )?;
    Ok(AverageWage {
        daily_average_tenths,
        monthly,
    })
}

/// The average by the formula to fiscal 2022: wages ÷ 支払対象者延べ人数 (people paid, counted each month),
/// half-up to the yen (rounding of the prefectures' tables). Still published beside the new one, never
/// used for the band (報酬区分).
pub fn old_average(wages: Yen, paid_person_months: u64) -> Result<Yen, WageAverageError> {
    if wages.get() < 0 {
        return Err(WageAverageError::NegativeWages);
    }
    if paid_person_months == 0 {
        return Err(WageAverageError::NoPersonMonths);
    }
    Ok(Rounding::HalfUp.divide(i128::from(wages.get()), i128::from(paid_person_months))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        wages: Yen,
        person_days: u64,
        open_days: u64,
        daily_average: Option<String>,
        average_monthly_wage: Option<Yen>,
        error: Option<String>,
    }

    #[test]
    fn golden_averages() {
        let golden: Golden =
            serde_json::from_str(include_str!("../../../tests/golden/wage_average.json")).unwrap();
        assert_eq!(golden.cases.len(), 6);
        for case in golden.cases {
            match (
                average_monthly_wage(case.wages, case.person_days, case.open_days),
                case.error.as_deref(),
            ) {
                (Ok(average), None) => {
                    assert_eq!(Some(average.daily_average()), case.daily_average);
                    assert_eq!(Some(average.monthly), case.average_monthly_wage);
                }
                (Err(WageAverageError::NoPersonDays), Some("no person-days"))
                | (Err(WageAverageError::NoOpenDays), Some("no open days")) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn any_digit_after_the_first_decimal_rounds_up() {
        // 1,001 ÷ 1,000 = 1.001 → 1.1; 13,200 ÷ 1.1 ÷ 12 = 1,000
        let average = average_monthly_wage(Yen::new(13_200), 1_001, 1_000).unwrap();
        assert_eq!(
            (average.daily_average_tenths, average.monthly),
            (11, Yen::new(1_000))
        );
        assert_eq!(average_monthly_wage(Yen::ZERO, 1, 1).unwrap().monthly, Yen::ZERO);
        assert_eq!(
            average_monthly_wage(Yen::new(-1), 1, 1),
            Err(WageAverageError::NegativeWages)
        );
    }

    #[test]
    fn the_old_formula_divides_by_people_paid() {
        // 定員25, ¥7.2M over 359 person-months: 20,055.7
        assert_eq!(old_average(Yen::new(7_200_000), 359), Ok(Yen::new(20_056)));
        assert_eq!(old_average(Yen::new(5), 2), Ok(Yen::new(3)));
        assert_eq!(old_average(Yen::new(5), 0), Err(WageAverageError::NoPersonMonths));
        assert_eq!(old_average(Yen::new(-5), 1), Err(WageAverageError::NegativeWages));
    }

    proptest! {
        // the integer form of the ministry's formula: d = ⌈10N/D⌉, (20W + 12d) ÷ 24d
        #[test]
        fn the_integer_form_agrees(w in 0..100_000_000_i64, n in 1..100_000_u64, d in 1..=366_u64) {
            let average = average_monthly_wage(Yen::new(w), n, d).unwrap();
            let tenths = (10 * n).div_ceil(d);
            prop_assert_eq!(average.daily_average_tenths, tenths);
            let tenths = i64::try_from(tenths).unwrap();
            prop_assert_eq!(average.monthly.get(), (20 * w + 12 * tenths) / (24 * tenths));
        }
    }
}
