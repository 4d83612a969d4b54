//! 和暦: the year counted by era. An era begins in the midst of a year (on the day of the accession; 平成 on
//! the day after, by 政令), so one year may bear two names.

use super::{Day, Month};
use chrono::Datelike;

/// First day of each era (year, month, day) and its name, the newest first.
const ERAS: [((i32, u32, u32), &str); 5] = [
    ((2019, 5, 1), "令和"),
    ((1989, 1, 8), "平成"),
    ((1926, 12, 25), "昭和"),
    ((1912, 7, 30), "大正"),
    ((1868, 1, 25), "明治"),
];

/// `令和8年11月22日`; the first year of an era is 元年.
pub fn wareki(day: Day) -> String {
    let date = day.date();
    format!("{}{}月{}日", era_year(day), date.month(), date.day())
}

/// `令和8年11月`. A month in which an era began goes by its last day, as calendars print it.
pub fn wareki_month(month: Month) -> String {
    format!("{}{}月", era_year(month.last_day()), month.number())
}

fn era_year(day: Day) -> String {
    let date = day.date();
    let today = (date.year(), date.month(), date.day());
    // every day of the book is later than the first era's beginning
    let Some((first, name)) = ERAS.iter().find(|(first, _)| *first <= today) else {
        return format!("{}年", date.year());
    };
    match date.year() - first.0 + 1 {
        1 => format!("{name}元年"),
        year => format!("{name}{year}年"),
    }
}
