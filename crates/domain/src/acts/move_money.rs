//! move_money 資金移動: cash ↔ bank ↔ till of an office, to another office of the corporation, to or from its head office.
//!
//! The head office (本部) keeps its own money outside this book. Its unit shows only what it owes its offices and is owed
//! by them: 内部勘定 against 次期繰越活動増減差額, so that 内部勘定 of a corporation sum to zero.

use super::{Rules, means::cash_account, purse::purse_or_usual};
use crate::{
    account::{Account, AccountKind, BookUnit},
    draft::Draft,
    id::OfficeId,
    masters::CashPlaceKind,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Money goes from a place to a place.
///
/// `from` and `to` alone: between own places. With `head`, just one of them: the other end is the head office. With
/// `to_office` or `from_office` the place at that end is the other office's, its bank account when not named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MoveMoney {
    /// Place the money leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Code>,
    /// Place it comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Code>,
    /// The other end is the head office.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub head: bool,
    /// It comes to this office of the same corporation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_office: Option<Code>,
    /// It comes from this office of the same corporation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_office: Option<Code>,
    /// How much.
    pub yen: Yen,
}

impl Rules for MoveMoney {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        if !self.yen.is_positive() {
            return refuse("yen", Why::AmountNotPositive);
        }
        match (self.head, &self.from_office, &self.to_office) {
            (false, None, None) => self.within(draft, office),
            (true, None, None) => self.with_head(draft, office),
            (false, None, Some(other)) => {
                let other = sister(draft, "to_office", office, other)?;
                let from = own(draft, "from", office, self.from.as_ref())?;
                let to = theirs(draft, "to", other, self.to.as_ref())?;
                self.between(draft, (office, from), (other, to));
                Ok(())
            }
            (false, Some(other), None) => {
                let other = sister(draft, "from_office", office, other)?;
                let from = theirs(draft, "from", other, self.from.as_ref())?;
                let to = own(draft, "to", office, self.to.as_ref())?;
                self.between(draft, (other, from), (office, to));
                Ok(())
            }
            _ => {
                let problem = "head、from_office、to_office は、どれか1つだけ書いてください。".to_owned();
                refuse("head", Why::Malformed { problem })
            }
        }
    }
}

impl MoveMoney {
    fn within(&self, draft: &mut Draft<'_>, office: OfficeId) -> Result<(), Stop> {
        let from = own(draft, "from", office, self.from.as_ref())?;
        let to = own(draft, "to", office, self.to.as_ref())?;
        if from == to {
            return refuse("to", Why::SamePlace);
        }
        draft.post(to, self.yen);
        draft.post(from, self.yen.negated());
        Ok(())
    }

    fn between(&self, draft: &mut Draft<'_>, from: (OfficeId, Account), to: (OfficeId, Account)) {
        let ((giver, out), (taker, into)) = (from, to);
        let claim = Account::with(out.unit, AccountKind::Internal, taker);
        let debt = Account::with(into.unit, AccountKind::Internal, giver);
        draft.post(claim, self.yen);
        draft.post(out, self.yen.negated());
        draft.post(into, self.yen);
        draft.post(debt, self.yen.negated());
    }

    fn with_head(&self, draft: &mut Draft<'_>, office: OfficeId) -> Result<(), Stop> {
        let (place, yen) = match (&self.from, &self.to) {
            (Some(from), None) => (own(draft, "from", office, Some(from))?, self.yen),
            (None, Some(to)) => (own(draft, "to", office, Some(to))?, self.yen.negated()),
            _ => {
                let problem = "本部へは from、本部からは to の、どちらか1つだけを書いてください。".to_owned();
                return refuse("head", Why::Malformed { problem });
            }
        };
        let corporation = draft.masters().corporation_of(office, draft.supplied_on());
        let Some(corporation) = corporation else {
            return refuse("head", Why::Broken { what: "corporation" });
        };
        let head = BookUnit::Head(corporation);
        draft.post(Account::with(place.unit, AccountKind::Internal, corporation), yen);
        draft.post(place, yen.negated());
        draft.post(Account::with(head, AccountKind::Internal, office), yen.negated());
        draft.post(Account::plain(head, AccountKind::Retained), yen);
        Ok(())
    }
}

/// A place of the acting office; it has to be named.
fn own(draft: &Draft<'_>, field: &str, office: OfficeId, code: Option<&Code>) -> Result<Account, Refusal> {
    let Some(code) = code else {
        let problem = "自分の事業所の置き場を書いてください。".to_owned();
        return Err(Refusal::at(field, Why::Malformed { problem }));
    };
    place(draft, field, office, code)
}

fn place(draft: &Draft<'_>, field: &str, office: OfficeId, code: &Code) -> Result<Account, Refusal> {
    let (place, kind) = draft.cash_place_of(field, office, CashPlaceKind::Cash, Some(code))?;
    Ok(Account::cash(
        BookUnit::production(office),
        cash_account(kind),
        place,
    ))
}

fn theirs(draft: &Draft<'_>, field: &str, office: OfficeId, code: Option<&Code>) -> Result<Account, Refusal> {
    match code {
        Some(code) => place(draft, field, office, code),
        None => purse_or_usual(None, draft, field, office, BookUnit::production(office)),
    }
}

/// Another office of the same corporation.
fn sister(draft: &mut Draft<'_>, field: &str, office: OfficeId, code: &Code) -> Result<OfficeId, Refusal> {
    let other = draft.other_office(field, code)?;
    if draft.same_corporation(office, other) {
        Ok(other)
    } else {
        Err(Refusal::at(field, Why::NotSameCorporation))
    }
}
