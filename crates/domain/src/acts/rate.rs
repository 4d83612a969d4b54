//! rate 税率: a dated row with its source; a planned one is known but not used.

use super::Rules;
use crate::{
    calendar::Day,
    draft::Draft,
    entry::Entry,
    masters::Masters,
    refusal::{Refusal, Stop, Why},
    tax::{RateRow, RateStatus, TaxCategory},
    text::Note,
};
use serde::{Deserialize, Serialize};

/// A rate from the day of the act on. It ends the open row of its category the day before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RateFacts))]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// 標準 or 軽減.
    pub category: TaxCategory,
    /// Percent.
    #[cfg_attr(feature = "openapi", schema(maximum = 100))]
    pub percent: u8,
    /// Last day, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Enacted or planned.
    pub status: RateStatus,
    /// Law or decision.
    pub source: Note,
}

impl Rate {
    fn add(&self, masters: &mut Masters, from: Day) -> Result<(), Refusal> {
        let row = RateRow {
            category: self.category,
            percent: self.percent,
            from,
            to: self.to,
            status: self.status,
            source: self.source.clone(),
        };
        let open = masters.rates.rows().iter().any(|row| {
            row.category == self.category && row.status == self.status && row.from < from && row.to.is_none()
        });
        if let (true, Some(last)) = (open, from.pred()) {
            masters
                .rates
                .end(self.category, self.status, last)
                .map_err(overlaps)?;
        }
        masters.rates.add(row).map_err(overlaps)
    }
}

fn overlaps(_: crate::tax::RateError) -> Refusal {
    Refusal::at("supplied_on", Why::RateOverlaps)
}

impl Rules for Rate {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.keeper_acts()?;
        let mut masters = Masters {
            rates: draft.masters().rates.clone(),
            ..Masters::default()
        };
        Ok(self.add(&mut masters, draft.supplied_on())?)
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        // decided on the same rows, so it cannot fail here
        drop(self.add(masters, entry.supplied_on));
    }
}
