//! What is valid from a day on: a change is a new row, an old row is never overwritten.

use crate::calendar::Day;
use std::collections::BTreeMap;

/// Rows of one thing by the day each is valid from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    rows: BTreeMap<Day, T>,
}

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Dated {
            rows: BTreeMap::new(),
        }
    }
}

impl<T> Dated<T> {
    /// A first row.
    pub fn from(day: Day, row: T) -> Dated<T> {
        Dated {
            rows: [(day, row)].into(),
        }
    }

    /// A row valid from a day; what was recorded for the same day before is superseded (the later entry holds).
    pub fn set(&mut self, from: Day, row: T) {
        self.rows.insert(from, row);
    }

    /// The row valid on a day; `None` before the first.
    pub fn on(&self, day: Day) -> Option<&T> {
        self.rows.range(..=day).next_back().map(|(_, row)| row)
    }

    /// The row valid on a day, or the first one for days before it: an office has a name also on older slips.
    pub fn on_or_first(&self, day: Day) -> Option<&T> {
        self.on(day).or_else(|| self.rows.values().next())
    }

    /// The newest row.
    pub fn latest(&self) -> Option<&T> {
        self.rows.values().next_back()
    }

    /// All rows with the day each is valid from, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Day, &T)> {
        self.rows.iter().map(|(day, row)| (*day, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_of_the_day_holds() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let mut rows = Dated::from(day("2026-04-01"), "old");
        rows.set(day("2026-06-01"), "new");
        assert_eq!(rows.on(day("2026-03-31")), None);
        assert_eq!(rows.on_or_first(day("2026-03-31")), Some(&"old"));
        assert_eq!(rows.on(day("2026-05-31")), Some(&"old"));
        assert_eq!(rows.on(day("2026-06-01")), Some(&"new"));
        assert_eq!(rows.latest(), Some(&"new"));
    }
}
