//! Dated tax rates.

use super::{TaxCategory, TaxRate};
use crate::{
    calendar::{CalendarError, Day, Period},
    text::Note,
};
use serde::{Deserialize, Serialize};

/// Whether a rate is law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RateStatus {
    /// 施行・公布済み.
    Enacted,
    /// 予定: announced, not passed. Shown as an outlook, never used for a dealing.
    Planned,
}

/// One rate of one class for a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RateRow {
    /// [`TaxCategory::Standard`] or [`TaxCategory::Reduced`]; the other classes have no rate.
    pub category: TaxCategory,
    /// Whole percent, 0 to 100.
    pub percent: u8,
    /// First day of supply it holds for.
    pub from: Day,
    /// Last day; open when unknown.
    #[serde(default)]
    pub to: Option<Day>,
    /// Law or plan.
    pub status: RateStatus,
    /// Where it is written (出典).
    pub source: Note,
}

/// Why a rate was not taken into the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// The days contradict each other.
    #[error(transparent)]
    Days(#[from] CalendarError),
    /// Above 100 percent.
    #[error("税率は0から100までの整数にしてください。")]
    Percent,
    /// 非課税 and 対象外 have no rate.
    #[error("{0}には税率を登録できません。標準税率か軽減税率を選んでください。")]
    Untaxed(TaxCategory),
    /// Two rows of one class and status share a day.
    #[error(
        "{category}にはこの期間と重なる税率({percent}%、{from}から)があります。先にその終わりの日を入れてください。"
    )]
    Overlap {
        /// Class of both rows.
        category: TaxCategory,
        /// Percent of the row already there.
        percent: u8,
        /// First day of the row already there.
        from: Day,
    },
    /// No open row to end.
    #[error("{0}には終わりの日を入れる税率がありません。")]
    NothingOpen(TaxCategory),
}

/// All rates known. Within one class the enacted rows share no day, nor do the planned ones; a planned row
/// may lie over an enacted one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateTable(Vec<RateRow>);

impl RateTable {
    /// Takes a row, unless it contradicts the table.
    pub fn add(&mut self, row: RateRow) -> Result<(), RateError> {
        let period = Period::new(row.from, row.to)?;
        if !row.category.is_taxed() {
            return Err(RateError::Untaxed(row.category));
        }
        if row.percent > 100 {
            return Err(RateError::Percent);
        }
        for other in self
            .0
            .iter()
            .filter(|other| (other.category, other.status) == (row.category, row.status))
        {
            if Period::new(other.from, other.to)?.overlaps(period) {
                let RateRow {
                    category,
                    percent,
                    from,
                    ..
                } = *other;
                return Err(RateError::Overlap {
                    category,
                    percent,
                    from,
                });
            }
        }
        self.0.push(row);
        Ok(())
    }

    /// Gives the open row of a class and status its last day, so that the next rate can be added.
    pub fn end(&mut self, category: TaxCategory, status: RateStatus, last: Day) -> Result<(), RateError> {
        let is_open = |row: &&mut RateRow| (row.category, row.status, row.to) == (category, status, None);
        let row = self
            .0
            .iter_mut()
            .find(is_open)
            .ok_or(RateError::NothingOpen(category))?;
        row.to = Period::new(row.from, Some(last))?.to();
        Ok(())
    }

    /// The rate by law on a day of supply; none when the table has no row for the day. Classes that are not
    /// taxed are at nought on every day.
    pub fn rate_on(&self, category: TaxCategory, day: Day) -> Option<TaxRate> {
        self.rate_by(category, day, &[RateStatus::Enacted])
    }

    /// The rate on a day if every plan becomes law: for outlooks and price lists ahead, not for dealings.
    pub fn rate_as_planned(&self, category: TaxCategory, day: Day) -> Option<TaxRate> {
        self.rate_by(category, day, &[RateStatus::Planned, RateStatus::Enacted])
    }

    /// All rows, in the order they were added.
    pub fn rows(&self) -> &[RateRow] {
        &self.0
    }

    fn rate_by(&self, category: TaxCategory, day: Day, statuses: &[RateStatus]) -> Option<TaxRate> {
        if !category.is_taxed() {
            return Some(TaxRate { category, percent: 0 });
        }
        let holds = |row: &&RateRow| Period::new(row.from, row.to).is_ok_and(|period| period.contains(day));
        let row_by = |status: &RateStatus| {
            self.0
                .iter()
                .filter(|row| (row.category, row.status) == (category, *status))
                .find(holds)
        };
        let row = statuses.iter().find_map(row_by)?;
        Some(TaxRate {
            category,
            percent: row.percent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn row(category: TaxCategory, percent: u8, from: &str, to: Option<&str>, status: RateStatus) -> RateRow {
        let source = "消費税法".parse().unwrap();
        RateRow {
            category,
            percent,
            from: day(from),
            to: to.map(day),
            status,
            source,
        }
    }

    fn japan() -> RateTable {
        use RateStatus::{Enacted, Planned};
        use TaxCategory::{Reduced, Standard};
        let mut table = RateTable::default();
        for row in [
            row(Standard, 8, "2014-04-01", Some("2019-09-30"), Enacted),
            row(Standard, 10, "2019-10-01", None, Enacted),
            row(Reduced, 8, "2019-10-01", None, Enacted),
            row(Reduced, 1, "2027-04-01", Some("2029-03-31"), Planned),
        ] {
            table.add(row).unwrap();
        }
        table
    }

    #[test]
    fn the_rate_is_that_of_the_day_of_supply() {
        let table = japan();
        let percent = |category, on| table.rate_on(category, day(on)).map(|rate| rate.percent);
        assert_eq!(percent(TaxCategory::Standard, "2019-09-30"), Some(8));
        assert_eq!(percent(TaxCategory::Standard, "2019-10-01"), Some(10));
        assert_eq!(percent(TaxCategory::Reduced, "2019-09-30"), None);
        assert_eq!(percent(TaxCategory::OutOfScope, "1950-01-01"), Some(0));
    }

    #[test]
    fn plans_are_used_only_when_asked_for() {
        let table = japan();
        let on = day("2027-04-01");
        assert_eq!(table.rate_on(TaxCategory::Reduced, on).unwrap().percent, 8);
        assert_eq!(
            table.rate_as_planned(TaxCategory::Reduced, on).unwrap().percent,
            1
        );
        assert_eq!(
            table
                .rate_as_planned(TaxCategory::Reduced, day("2029-04-01"))
                .unwrap()
                .percent,
            8
        );
        assert_eq!(
            table.rate_as_planned(TaxCategory::Standard, on).unwrap().percent,
            10
        );
    }

    #[test]
    fn a_plan_becomes_law_by_ending_the_open_row() {
        let mut table = japan();
        let law = row(
            TaxCategory::Reduced,
            1,
            "2027-04-01",
            Some("2029-03-31"),
            RateStatus::Enacted,
        );
        let overlap = RateError::Overlap {
            category: TaxCategory::Reduced,
            percent: 8,
            from: day("2019-10-01"),
        };
        assert_eq!(table.add(law.clone()), Err(overlap));
        table
            .end(TaxCategory::Reduced, RateStatus::Enacted, day("2027-03-31"))
            .unwrap();
        table.add(law).unwrap();
        assert_eq!(
            table
                .rate_on(TaxCategory::Reduced, day("2027-03-31"))
                .unwrap()
                .percent,
            8
        );
        assert_eq!(
            table
                .rate_on(TaxCategory::Reduced, day("2027-04-01"))
                .unwrap()
                .percent,
            1
        );
        assert_eq!(
            table.end(TaxCategory::Reduced, RateStatus::Enacted, day("2027-03-31")),
            Err(RateError::NothingOpen(TaxCategory::Reduced))
        );
    }

    #[test]
    fn rows_that_make_no_sense_are_refused() {
        use RateStatus::Enacted;
        let mut table = japan();
        assert_eq!(
            table.add(row(TaxCategory::NonTaxable, 0, "2026-01-01", None, Enacted)),
            Err(RateError::Untaxed(TaxCategory::NonTaxable))
        );
        assert_eq!(
            table.add(row(
                TaxCategory::Standard,
                101,
                "1990-01-01",
                Some("1990-01-02"),
                Enacted
            )),
            Err(RateError::Percent)
        );
        assert_eq!(
            table.add(row(
                TaxCategory::Standard,
                3,
                "1990-01-02",
                Some("1990-01-01"),
                Enacted
            )),
            Err(RateError::Days(CalendarError::Backwards))
        );
        // one shared day is enough
        assert!(
            table
                .add(row(
                    TaxCategory::Standard,
                    5,
                    "1997-04-01",
                    Some("2014-04-01"),
                    Enacted
                ))
                .is_err()
        );
        assert!(
            table
                .add(row(
                    TaxCategory::Standard,
                    5,
                    "1997-04-01",
                    Some("2014-03-31"),
                    Enacted
                ))
                .is_ok()
        );
        assert_eq!(table.rows().len(), 5);
    }
}
