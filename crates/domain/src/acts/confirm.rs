//! confirm 精算書の確認: two offices agree on what stands between them at the end of a period. The statement covers every entry
//! between the two up to its last day that no earlier statement covers: what is recorded later, though dated in the
//! period, is a line of the next one. So a confirmed statement never changes.

use super::Rules;
use crate::{
    calendar::Day,
    draft::Draft,
    facts::{Answer, EntryFact, Question},
    id::OfficeId,
    money::Yen,
    numbered::{Numbered, Series},
    refusal::{LaterAct, Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// A statement is agreed on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The other office.
    pub with: Code,
    /// First day: the one after the last statement of the two.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// What stands between the two at the end of that day: above nought is owed to the acting office.
    pub balance: Yen,
    /// The other office's yes.
    pub agreed: Vec<Code>,
}

/// Statements looked at to find the last one that holds: so many of the newest may have been taken back.
const LOOKED_AT: u32 = 24;

impl Rules for Confirm {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let other = draft.other_office("with", &self.with)?;
        draft.touch(other);
        if self.to < self.from {
            return refuse("to", Why::PeriodEndsBeforeStart);
        }
        if self.to > draft.supplied_on() {
            let (to, day) = (self.to, draft.supplied_on());
            return refuse("to", Why::PeriodNotOver { to, day });
        }
        if !self.agreed.contains(&self.with) {
            let code = self.with.to_string();
            return refuse("agreed", Why::NotAgreed { code });
        }
        let statements = statements(draft, office, other)?;
        let last = statements.iter().find(|fact| fact.reversed_by.is_none());
        if let Some(expected) = last.and_then(|fact| to_of(fact)).and_then(Day::succ)
            && expected != self.from
        {
            return refuse("from", Why::StatementNotInOrder { expected });
        }
        let found = debts(draft, office, other, self.to)?;
        if found != self.balance {
            let (stated, found) = (self.balance.get(), found.get());
            return refuse("balance", Why::StatementChanged { stated, found });
        }
        let newest = statements.first().and_then(|fact| Numbered::of(&fact.entry));
        let number = newest.map_or(Numbered::first(Series::statements(office, other)), Numbered::next);
        let reference = number.reference();
        draft.refer(reference.role, reference.id);
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }
}

/// Statements of a pair, the newest first, also those that were taken back.
fn statements<'a>(draft: &Draft<'a>, office: OfficeId, other: OfficeId) -> Result<Vec<&'a EntryFact>, Stop> {
    let question = Question::LastNumbered(Series::statements(office, other), LOOKED_AT);
    match draft.facts().answer(&question)? {
        Answer::Entries(found) => Ok(found.iter().collect()),
        _ => refuse("", Why::Broken { what: "answer" }),
    }
}

fn debts(draft: &Draft<'_>, office: OfficeId, other: OfficeId, day: Day) -> Result<Yen, Stop> {
    match draft.facts().answer(&Question::Debts(office, other, day))? {
        Answer::Yen(yen) => Ok(*yen),
        _ => refuse("", Why::Broken { what: "answer" }),
    }
}

fn to_of(fact: &EntryFact) -> Option<Day> {
    match super::original::act_in(&fact.entry) {
        Some(super::Act::Confirm(confirm)) => Some(confirm.to),
        _ => None,
    }
}

/// A statement is taken back only while no later one of the two rests on it.
pub(super) fn is_last(draft: &Draft<'_>, fact: &EntryFact) -> Result<(), Stop> {
    let Some(own) = Numbered::of(&fact.entry) else {
        return Ok(());
    };
    let mut offices = fact.entry.offices.iter();
    let (Some(one), Some(other)) = (offices.next(), offices.next()) else {
        return Ok(());
    };
    let later = statements(draft, *one, *other)?.into_iter().filter(|later| {
        let number = Numbered::of(&later.entry);
        later.reversed_by.is_none() && number.is_some_and(|number| number > own)
    });
    let acts: Vec<LaterAct> = later
        .map(|later| LaterAct {
            kind: later.entry.kind.clone(),
            key: later.entry.key.to_string(),
            book_on: later.entry.book_on,
            seq: later.entry.seq,
        })
        .collect();
    if acts.is_empty() {
        Ok(())
    } else {
        Err(Refusal::at("entry", Why::MustGoFirst { acts }).into())
    }
}
