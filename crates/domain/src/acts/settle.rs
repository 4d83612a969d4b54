//! settle 精算: what one pair's agreement costs per period and not per sale. 手数料型: the commission, once. 外税
//! deliveries: their tax, once per rate.
//!
//! A settlement takes every entry under the agreement whose day of supply lies in its period, and what was recorded
//! late: dated in an earlier period that was settled already ([`due`]).

mod commission;
mod due;
mod on_top;

use super::Rules;
use crate::{
    calendar::Day,
    draft::Draft,
    id::Acting,
    masters::{Agreement, AgreementKind},
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Settles a period of an agreement. Recorded by either office, or by the book's keeper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// The agreement.
    pub agreement: Code,
    /// First day of the period.
    pub from: Day,
    /// Last day: its terms and its standard rate hold for the period.
    pub to: Day,
}

impl Rules for Settle {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let agreement = self.agreement(draft)?;
        draft.touch(agreement.producer);
        draft.touch(agreement.other);
        draft.under(agreement.id);
        if self.to < self.from {
            return refuse("to", Why::PeriodEndsBeforeStart);
        }
        if self.to > draft.supplied_on() {
            let (to, day) = (self.to, draft.supplied_on());
            return refuse("to", Why::PeriodNotOver { to, day });
        }
        let settled = due::settled(draft, agreement, self.from)?;
        if settled.iter().any(|other| other.holds_for(self.from, self.to)) {
            return refuse("from", Why::SettledAlready);
        }
        let entries = due::entries(draft, agreement, &settled, self.from, self.to)?;
        let charged = match agreement.kind {
            AgreementKind::Consign => commission::charge(draft, agreement, &entries, self.from, self.to)?,
            AgreementKind::Supply | AgreementKind::Internal => false,
        };
        let taxed = on_top::add_tax(draft, agreement, &entries, self.to)?;
        if charged || taxed {
            Ok(())
        } else {
            refuse("", Why::NothingToSettle)
        }
    }
}

impl Settle {
    fn agreement<'a>(&self, draft: &Draft<'a>) -> Result<&'a Agreement, Refusal> {
        let code = self.agreement.to_string();
        let agreement = draft.facts().masters_ref().agreement_by_code(&self.agreement);
        let agreement = agreement.ok_or_else(|| Refusal::at("agreement", Why::AgreementUnknown { code }))?;
        match draft.acting() {
            Acting::Keeper => Ok(agreement),
            Acting::Office(office) if office == agreement.producer || office == agreement.other => {
                Ok(agreement)
            }
            Acting::Office(_) | Acting::Network(_) => Err(Refusal::at("agreement", Why::NotAParty)),
        }
    }
}
