//! Days, months, fiscal years and instants. The book counts days in Asia/Tokyo; pages show 和暦 and 西暦.

mod instant;
mod wareki;

pub use instant::{Instant, business_day};
pub use wareki::{wareki, wareki_month};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// The years the book holds: no dealing is older, and a four-digit typing slip is caught.
const YEARS: RangeInclusive<i32> = 1900..=2199;

/// Why a day, month or instant was not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not `YYYY-MM-DD`, or a day the calendar does not have.
    #[error("日付は 2026-11-22 の形で、実際にある日を入力してください。")]
    Day,
    /// Not `YYYY-MM`.
    #[error("月は 2026-11 の形で入力してください。")]
    Month,
    /// Not `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    #[error("日時は 2026-11-22T03:04:05.678Z の形で入力してください。")]
    Instant,
    /// Outside the years 1900 to 2199.
    #[error("日付は1900年から2199年までにしてください。")]
    OutOfRange,
    /// A period that ends before it begins.
    #[error("終わりの日は始まりの日と同じか、それより後にしてください。")]
    Backwards,
}

/// A calendar day in Asia/Tokyo, 1900-01-01 to 2199-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day of a year, month (1-12) and day of the month, if the calendar has it.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Result<Day, CalendarError> {
        Day::from_date(NaiveDate::from_ymd_opt(year, month, day).ok_or(CalendarError::Day)?)
    }

    /// From a date of the database or of another crate.
    pub fn from_date(date: NaiveDate) -> Result<Day, CalendarError> {
        if YEARS.contains(&date.year()) {
            Ok(Day(date))
        } else {
            Err(CalendarError::OutOfRange)
        }
    }

    /// The day as `chrono` knows it.
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// `20261122`: how a day is stored, ordered like the day itself.
    pub fn as_number(self) -> i32 {
        self.month().as_number() * 100 + self.0.day0().cast_signed() + 1
    }

    /// The day of a number made by [`Day::as_number`].
    pub fn from_number(number: i32) -> Result<Day, CalendarError> {
        let part = |n: i32| u32::try_from(n % 100).map_err(|_| CalendarError::Day);
        Day::from_ymd(number / 10_000, part(number / 100)?, part(number)?)
    }

    /// The month the day lies in.
    pub fn month(self) -> Month {
        Month(self.0 - Days::new(u64::from(self.0.day0())))
    }

    /// The next day; none after 2199-12-31.
    pub fn succ(self) -> Option<Day> {
        self.0.succ_opt().and_then(|date| Day::from_date(date).ok())
    }

    /// The day before; none before 1900-01-01.
    pub fn pred(self) -> Option<Day> {
        self.0.pred_opt().and_then(|date| Day::from_date(date).ok())
    }

    /// The day so many days later, if the calendar goes that far.
    #[must_use]
    pub fn days_later(self, days: u64) -> Option<Day> {
        let date = self.0.checked_add_days(chrono::Days::new(days))?;
        Day::from_date(date).ok()
    }

    /// Days from this day to another: 1 for the next day, negative for an earlier one.
    pub fn days_until(self, other: Day) -> i64 {
        (other.0 - self.0).num_days()
    }

    /// The day of the week as one character, 日 to 土.
    pub fn weekday(self) -> char {
        match self.0.weekday() {
            Weekday::Sun => '日',
            Weekday::Mon => '月',
            Weekday::Tue => '火',
            Weekday::Wed => '水',
            Weekday::Thu => '木',
            Weekday::Fri => '金',
            Weekday::Sat => '土',
        }
    }
}

impl fmt::Display for Day {
    /// `2026-11-22`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Day, CalendarError> {
        let day = NaiveDate::from_str(text)
            .map_err(|_| CalendarError::Day)
            .and_then(Day::from_date)?;
        // chrono also reads `2026-1-2`; the book knows one spelling of a day
        if day.to_string() == text {
            Ok(day)
        } else {
            Err(CalendarError::Day)
        }
    }
}

/// A month of the calendar, 1900-01 to 2199-12; held as its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a year and a number 1-12.
    pub fn from_ym(year: i32, month: u32) -> Result<Month, CalendarError> {
        let first = NaiveDate::from_ymd_opt(year, month, 1).ok_or(CalendarError::Month)?;
        Ok(Day::from_date(first)?.month())
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The number of the month in its year, 1-12.
    pub fn number(self) -> u32 {
        self.0.month()
    }

    /// `202611`: how a month is stored, ordered like the month itself.
    pub fn as_number(self) -> i32 {
        self.0.year() * 100 + self.0.month0().cast_signed() + 1
    }

    /// The month of a number made by [`Month::as_number`].
    pub fn from_number(number: i32) -> Result<Month, CalendarError> {
        let month = u32::try_from(number % 100).map_err(|_| CalendarError::Month)?;
        Month::from_ym(number / 100, month)
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        Day(self.0)
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        Day(self.0 + Days::new(u64::from(self.0.num_days_in_month()) - 1))
    }

    /// The following month; none after 2199-12.
    pub fn next(self) -> Option<Month> {
        let first = self.0.checked_add_months(Months::new(1))?;
        Day::from_date(first).ok().map(Day::month)
    }

    /// The month before; none before 1900-01.
    pub fn prev(self) -> Option<Month> {
        let first = self.0.checked_sub_months(Months::new(1))?;
        Day::from_date(first).ok().map(Day::month)
    }

    /// True when the day lies in the month.
    pub fn contains(self, day: Day) -> bool {
        day.month() == self
    }
}

impl fmt::Display for Month {
    /// `2026-11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Month, CalendarError> {
        let (year, month) = text.split_once('-').ok_or(CalendarError::Month)?;
        let year = year.parse().map_err(|_| CalendarError::Month)?;
        let month = Month::from_ym(year, month.parse().map_err(|_| CalendarError::Month)?)?;
        // `2026-1` and `+2026-01` parse as numbers; the book knows one spelling of a month
        if month.to_string() == text {
            Ok(month)
        } else {
            Err(CalendarError::Month)
        }
    }
}

/// A fiscal year (年度), April to March, named after the year it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYear(i32);

impl FiscalYear {
    /// The fiscal year a day lies in: 2026-03-31 is in 2025, 2026-04-01 in 2026.
    pub fn of(day: Day) -> FiscalYear {
        FiscalYear(day.0.year() - i32::from(day.0.month() < 4))
    }

    /// The fiscal year beginning in April of a year, 1900 to 2198 (years whole inside the range of [`Day`]).
    pub fn from_year(year: i32) -> Result<FiscalYear, CalendarError> {
        if YEARS.contains(&year) && YEARS.contains(&(year + 1)) {
            Ok(FiscalYear(year))
        } else {
            Err(CalendarError::OutOfRange)
        }
    }

    /// The year it begins in.
    pub const fn year(self) -> i32 {
        self.0
    }

    /// April to March in order. Fewer than twelve only where the range of [`Month`] ends.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let spring = (4..=12).map(move |month| (self.0, month));
        let winter = (1..=3).map(move |month| (self.0 + 1, month));
        spring
            .chain(winter)
            .filter_map(|(year, month)| Month::from_ym(year, month).ok())
    }
}

impl fmt::Display for FiscalYear {
    /// `2026年度`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年度", self.0)
    }
}

/// Days from a first to a last one, both included; without a last one, open. Rates, prices, agreements
/// and registrations are rows valid for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: Day,
    to: Option<Day>,
}

impl Period {
    /// A period; refused when it ends before it begins.
    pub fn new(from: Day, to: Option<Day>) -> Result<Period, CalendarError> {
        if to.is_some_and(|to| to < from) {
            Err(CalendarError::Backwards)
        } else {
            Ok(Period { from, to })
        }
    }

    /// The first day.
    pub const fn from(self) -> Day {
        self.from
    }

    /// The last day, if one is known.
    pub const fn to(self) -> Option<Day> {
        self.to
    }

    /// True when the day lies in the period.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// True when the two share a day.
    pub fn overlaps(self, other: Period) -> bool {
        self.contains(other.from) || other.contains(self.from)
    }
}

/// Serialises a type as its `Display` and reads it by its `FromStr`: one spelling everywhere.
macro_rules! as_text {
    ($($type:ty),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
                output.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                String::deserialize(input)?.parse().map_err(D::Error::custom)
            }
        }
    )+};
}
as_text!(Day, Month, Instant);

#[cfg(test)]
mod tests;
