//! 注文の締切: until when an office takes orders.

use crate::access::settings::Setting;
use domain::calendar::{Day, Instant, business_day};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Until when an office takes orders. What comes later is not refused, but its sender is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrderLikes {
    /// The last moment; none: any time will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
}

impl Setting for OrderLikes {
    const NAME: &'static str = "orders";
}

/// The last moment for an order: so many days before the day of delivery, at an hour on the clock of Tokyo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Days before the day of delivery, 0 to 30.
    #[schema(maximum = 30)]
    pub days_before: u8,
    /// Hour of that day, 0 to 24.
    #[schema(maximum = 24)]
    pub hour: u8,
}

impl Deadline {
    /// Days before at most.
    pub const DAYS: u8 = 30;
    /// Hours at most.
    pub const HOURS: u8 = 24;

    /// Whether it can be kept at all.
    pub const fn is_sound(self) -> bool {
        self.days_before <= Deadline::DAYS && self.hour <= Deadline::HOURS
    }

    /// Whether an order of now for a day comes too late.
    pub fn is_over(self, now: Instant, wanted_on: Day) -> bool {
        let today = business_day(now);
        let left = today.days_until(wanted_on);
        let (days, hour) = (i64::from(self.days_before), now.hour_in_tokyo());
        left < days || left == days && hour >= u32::from(self.hour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_late_after_its_hour() {
        let deadline = Deadline {
            days_before: 2,
            hour: 15,
        };
        let late = |now: &str, day: &str| {
            let now = Instant::from_rfc3339(now).unwrap();
            deadline.is_over(now, day.parse().unwrap())
        };
        // for Sunday the 12th until Friday the 10th, 15:00 in Tokyo
        assert!(!late("2026-07-10T05:59:59Z", "2026-07-12"));
        assert!(late("2026-07-10T06:00:00Z", "2026-07-12"));
        assert!(!late("2026-07-10T06:00:00Z", "2026-07-13"));
        assert!(late("2026-07-10T20:00:00Z", "2026-07-12"));
        let until_midnight = Deadline {
            days_before: 1,
            hour: 24,
        };
        let now = Instant::from_rfc3339("2026-07-10T14:59:59Z").unwrap();
        assert!(!until_midnight.is_over(now, "2026-07-11".parse().unwrap()));
    }
}
