//! Months from … to: over which a cost is spread, or for which a bonus is paid.

use crate::{
    calendar::Month,
    refusal::{Refusal, Why},
};
use serde::{Deserialize, Serialize};

/// A range of months, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MonthRange))]
#[serde(deny_unknown_fields)]
pub struct Months {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
}

impl Months {
    /// Refuses a range that ends before it begins.
    pub fn check(self, field: &str) -> Result<(), Refusal> {
        if self.to < self.from {
            return Err(Refusal::at(format!("{field}.to"), Why::PeriodEndsBeforeStart));
        }
        Ok(())
    }
}
