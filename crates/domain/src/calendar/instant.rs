//! Moments: when the server recorded an entry.

use super::{CalendarError, Day};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use std::{fmt, str::FromStr};

/// Japan's offset to UTC. Fixed: the country has had no summer time since 1951, so no time zone
/// database is needed and none can change a day of the book.
const TOKYO: TimeDelta = TimeDelta::hours(9);

/// A moment in milliseconds since 1970-01-01T00:00:00Z; its day in Tokyo is a [`Day`]. Written
/// `2026-11-22T03:04:05.678Z`, always in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Instant = Instant(DateTime::UNIX_EPOCH);

    /// The moment of a number of milliseconds; out of range when its day in Tokyo is none of the book's.
    pub fn from_millis(millis: i64) -> Result<Instant, CalendarError> {
        let utc = DateTime::from_timestamp_millis(millis).ok_or(CalendarError::OutOfRange)?;
        let tokyo = utc.checked_add_signed(TOKYO).ok_or(CalendarError::OutOfRange)?;
        Day::from_date(tokyo.date_naive())?;
        Ok(Instant(utc))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// For people, on the clock of Tokyo: `2026-11-22 12:04`.
    pub fn in_tokyo(self) -> String {
        (self.0 + TOKYO).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The hour on the clock of Tokyo, 0 to 23.
    pub fn hour_in_tokyo(self) -> u32 {
        chrono::Timelike::hour(&(self.0 + TOKYO))
    }

    /// A moment as other systems write it: any offset and precision of RFC 3339; what is finer than a
    /// millisecond is dropped.
    pub fn from_rfc3339(text: &str) -> Result<Instant, CalendarError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| CalendarError::Instant)?;
        Instant::from_millis(time.timestamp_millis())
    }
}

/// The day in Asia/Tokyo on which a moment falls.
pub fn business_day(moment: Instant) -> Day {
    Day((moment.0 + TOKYO).date_naive())
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Instant {
    type Err = CalendarError;

    /// Strict: the one spelling that `Display` writes.
    fn from_str(text: &str) -> Result<Instant, CalendarError> {
        let moment = Instant::from_rfc3339(text)?;
        if moment.to_string() == text {
            Ok(moment)
        } else {
            Err(CalendarError::Instant)
        }
    }
}
