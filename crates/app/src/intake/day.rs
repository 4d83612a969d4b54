//! Days as people write them in sheets: `2026-11-22`, `2026/11/22`, `2026年11月22日(日)`, `令和8年11月22日`, `R8.11.22`, `20261122`,
//! and the number that Excel keeps when it forgets that a cell is a day.

use domain::calendar::{Day, wareki};
use unicode_normalization::UnicodeNormalization;

/// Eras that a sheet may name, and the year before their first.
const ERAS: [(&str, char, i32); 5] = [
    ("令和", 'r', 2018),
    ("平成", 'h', 1988),
    ("昭和", 's', 1925),
    ("大正", 't', 1911),
    ("明治", 'm', 1867),
];
/// Excel's number of 1970-01-01, and up to which a number is taken for one: 2099-12-31.
const EXCELS_1970: i64 = 25_569;
const EXCELS_2099: i64 = 73_050;

/// Why a text is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDay {
    /// Month and day alone, or a year of two digits.
    YearMissing,
    /// No such day in the calendar, or in that era.
    NotInCalendar,
    /// Something else.
    NotADay,
}

/// Reads a day.
pub fn read(text: &str) -> Result<Day, NoDay> {
    let folded: String = text.nfkc().collect();
    let folded = folded.trim().to_lowercase();
    // the day of the week, and a time of day
    let folded = folded.split('(').next().unwrap_or_default().trim();
    let folded = match folded.split_once([' ', 't']) {
        Some((day, time)) if is_time(time) && !day.is_empty() => day,
        _ => folded,
    };
    if folded.bytes().all(|byte| byte.is_ascii_digit()) {
        return in_one_number(folded);
    }
    let named = ERAS.iter().find_map(|era| {
        let rest = folded
            .strip_prefix(era.0)
            .or_else(|| folded.strip_prefix(era.1))?;
        Some((era, rest.trim_start()))
    });
    let Some(((name, _, before), rest)) = named else {
        let (year, month, day) = parts(folded)?;
        if year.chars().count() < 4 {
            return Err(NoDay::YearMissing);
        }
        return of(number(year)?, month, day);
    };
    let (year, month, day) = parts(rest)?;
    let year = if year == "元" { 1 } else { number(year)? };
    let found = of(before + year, month, day)?;
    // 平成40年 is no year
    if wareki(found).starts_with(name) {
        Ok(found)
    } else {
        Err(NoDay::NotInCalendar)
    }
}

fn is_time(text: &str) -> bool {
    text.contains(':')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'z'))
}

fn in_one_number(text: &str) -> Result<Day, NoDay> {
    let number: i64 = text.parse().map_err(|_| NoDay::NotADay)?;
    if text.len() == 8 {
        let number = i32::try_from(number).map_err(|_| NoDay::NotADay)?;
        return Day::from_number(number).map_err(|_| NoDay::NotInCalendar);
    }
    if !(EXCELS_1970..=EXCELS_2099).contains(&number) {
        return Err(NoDay::NotADay);
    }
    let days = u64::try_from(number - EXCELS_1970).map_err(|_| NoDay::NotADay)?;
    let first = chrono::NaiveDate::default();
    let date = first
        .checked_add_days(chrono::Days::new(days))
        .ok_or(NoDay::NotADay)?;
    Day::from_date(date).map_err(|_| NoDay::NotInCalendar)
}

/// Year, month and day between whatever separates them.
fn parts(text: &str) -> Result<(&str, &str, &str), NoDay> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['年', '月', '/', '-', '.']).map(str::trim).collect();
    match parts[..] {
        [year, month, day] => Ok((year, month, day)),
        [month, day] if number(month).is_ok() && number(day).is_ok() => Err(NoDay::YearMissing),
        _ => Err(NoDay::NotADay),
    }
}

fn number(text: &str) -> Result<i32, NoDay> {
    let is_short = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_short).ok_or(NoDay::NotADay)
}

fn of(year: i32, month: &str, day: &str) -> Result<Day, NoDay> {
    let part = |text| number(text).map(i32::cast_unsigned);
    Day::from_ymd(year, part(month)?, part(day)?).map_err(|_| NoDay::NotInCalendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_written() {
        for text in [
            "2026-11-22",
            "2026/11/22",
            " ２０２６／１１／２２ ",
            "2026.11.22",
            "20261122",
            "2026年11月22日",
            "2026年11月22日(日)",
            "2026/11/22 (日)",
            "令和8年11月22日",
            "令和８年１１月２２日",
            "R8.11.22",
            "r8/11/22",
            "R08-11-22",
            "2026-11-22 00:00:00",
            "2026-11-22T09:30",
            "46348",
        ] {
            assert_eq!(
                read(text).map(|day| day.to_string()),
                Ok("2026-11-22".to_owned()),
                "{text}"
            );
        }
        for (text, day) in [
            ("2026/1/2", "2026-01-02"),
            ("令和元年5月1日", "2019-05-01"),
            ("平成31年4月30日", "2019-04-30"),
            ("昭和64年1月7日", "1989-01-07"),
            ("25569", "1970-01-01"),
        ] {
            assert_eq!(
                read(text).map(|day| day.to_string()),
                Ok(day.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        for (text, why) in [
            ("11/22", NoDay::YearMissing),
            ("11月22日", NoDay::YearMissing),
            ("26/11/22", NoDay::YearMissing),
            ("2026-02-29", NoDay::NotInCalendar),
            ("2026/13/1", NoDay::NotInCalendar),
            ("20260231", NoDay::NotInCalendar),
            // the era had ended
            ("平成40年1月1日", NoDay::NotInCalendar),
            ("令和元年4月30日", NoDay::NotInCalendar),
            ("", NoDay::NotADay),
            ("きのう", NoDay::NotADay),
            ("12", NoDay::NotADay),
            ("2026-11", NoDay::YearMissing),
            ("2026-11-22-1", NoDay::NotADay),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
    }
}
