//! close 締め: ends a book month of an office. A closed month stays closed.

use super::Rules;
use crate::{
    calendar::Month,
    draft::Draft,
    entry::Entry,
    id::OfficeId,
    masters::Masters,
    refusal::{Refusal, Stop, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Closes a month and with it all before: months close in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// The month.
    pub month: Month,
    /// The office, where a coordinator or the keeper closes for it; the acting office when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Code>,
}

impl Rules for Close {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = match &self.of {
            None => draft.office()?,
            Some(code) => {
                let office = draft.office_of("of", code)?;
                if draft.acting().office().is_some_and(|acting| acting != office) {
                    return Err(Refusal::at("of", Why::NotAParty).into());
                }
                office
            }
        };
        if self.month >= draft.today().month() {
            return Err(Refusal::at("month", Why::MonthNotOver { month: self.month }).into());
        }
        if let Some(closed) = draft.masters().closed_through(office) {
            if self.month <= closed {
                return Err(Refusal::at("month", Why::MonthClosed { month: self.month }).into());
            }
            if let Some(expected) = closed.next().filter(|expected| *expected != self.month) {
                let why = Why::MonthsNotInOrder {
                    month: self.month,
                    expected,
                };
                return Err(Refusal::at("month", why).into());
            }
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let office: Option<OfficeId> = match &self.of {
            None => entry.acting.office(),
            Some(code) => masters.office_by_code(code).map(|office| office.id),
        };
        if let Some(office) = office {
            masters.closed.insert(office, self.month);
        }
    }
}
