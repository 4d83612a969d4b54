//! Numbers without gaps: statements of a pair of offices, documents of a corporation and fiscal year. Each number is given when
//! its entry is decided, under the head's lock, as one more than the last; the entry commits to it by a reference.

use crate::{
    calendar::{Day, FiscalYear},
    entry::{Entry, Reference, ReferenceRole},
    id::{CorporationId, OfficeId},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What is numbered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series(u64);

/// A number of a series, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numbered {
    /// Of what.
    pub series: Series,
    /// Which one.
    pub number: u64,
}

impl Series {
    /// 精算書 between two offices, whichever is named first.
    pub fn statements(one: OfficeId, other: OfficeId) -> Series {
        let (first, second) = (one.min(other), one.max(other));
        Series::of("statement", &[first.0.as_bytes(), second.0.as_bytes()])
    }

    /// 書類 of a corporation in the fiscal year of a day (April to March).
    pub fn documents(corporation: CorporationId, day: Day) -> Series {
        let year = FiscalYear::of(day).year().to_be_bytes();
        Series::of("document", &[corporation.0.as_bytes(), &year])
    }

    fn of(what: &str, parts: &[&[u8]]) -> Series {
        let mut hash = Sha256::new();
        for part in [b"yokoito series 1", what.as_bytes()]
            .into_iter()
            .chain(parts.iter().copied())
        {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut key = [0_u8; 8];
        for (to, from) in key.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        Series(u64::from_be_bytes(key))
    }

    /// As a signed number of rows.
    pub const fn key(self) -> i64 {
        self.0.cast_signed()
    }
}

impl Numbered {
    /// As the reference by which an entry commits to it.
    pub const fn reference(self) -> Reference {
        Reference {
            role: ReferenceRole::Number,
            id: Uuid::from_u64_pair(self.series.0, self.number),
        }
    }

    /// The number of an entry, if it has one.
    pub fn of(entry: &Entry) -> Option<Numbered> {
        let mut references = entry.references.iter();
        let own = references.find(|reference| reference.role == ReferenceRole::Number)?;
        let (series, number) = own.id.as_u64_pair();
        Some(Numbered {
            series: Series(series),
            number,
        })
    }

    /// The first of a series.
    pub const fn first(series: Series) -> Numbered {
        Numbered { series, number: 1 }
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Numbered {
        Numbered {
            series: self.series,
            number: self.number + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_one_series_and_a_fiscal_year_another() {
        let office = |n| OfficeId(Uuid::from_u128(n));
        assert_eq!(
            Series::statements(office(1), office(2)),
            Series::statements(office(2), office(1))
        );
        assert_ne!(
            Series::statements(office(1), office(2)),
            Series::statements(office(1), office(3))
        );
        let documents =
            |day: &str| Series::documents(CorporationId(Uuid::from_u128(1)), day.parse().unwrap());
        assert_eq!(documents("2026-04-01"), documents("2027-03-31"));
        assert_ne!(documents("2026-03-31"), documents("2026-04-01"));
    }
}
