//! Days as people say them: 「2026年6月2日(火)」, and in やさしい 「6月2日」 with the readings that days really have (ふつか).

use super::{Mode, ruby};
use askama::filters::HtmlSafe;
use domain::calendar::Day;
use std::fmt;

/// A day.
pub struct SaidDay {
    day: Day,
    mode: Mode,
}

impl SaidDay {
    /// As this mode says it.
    pub fn new(day: Day, mode: Mode) -> SaidDay {
        SaidDay { day, mode }
    }
}

impl HtmlSafe for SaidDay {}

impl fmt::Display for SaidDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.day.month().year(), self.day.month().number());
        let (number, weekday) = (self.day.as_number() % 100, self.day.weekday());
        if !self.mode.is_easy() {
            return write!(f, "{year}年{month}月{number}日({weekday})");
        }
        write!(f, "{month}")?;
        ruby(f, "月", "がつ")?;
        ruby(f, &format!("{number}日"), &reading(number))
    }
}

/// How the day of a month is read.
fn reading(day: i32) -> String {
    let own = match day {
        1 => "ついたち",
        2 => "ふつか",
        3 => "みっか",
        4 => "よっか",
        5 => "いつか",
        6 => "むいか",
        7 => "なのか",
        8 => "ようか",
        9 => "ここのか",
        10 => "とおか",
        14 => "じゅうよっか",
        20 => "はつか",
        24 => "にじゅうよっか",
        _ => return format!("{day}にち"),
    };
    own.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_said_as_it_is_read() {
        let said = |day: &str, mode| SaidDay::new(day.parse().unwrap(), mode).to_string();
        assert_eq!(said("2026-06-02", Mode::Plain), "2026年6月2日(火)");
        assert_eq!(
            said("2026-06-20", Mode::Easy),
            "6<ruby>月<rt>がつ</rt></ruby><ruby>20日<rt>はつか</rt></ruby>"
        );
        assert_eq!(reading(21), "21にち");
    }
}
