//! もとの伝票: what returns and allowances look back at, in the version that holds, and what already came back of it.

use super::Act;
use crate::{
    account::Class,
    calendar::Day,
    decide::act_of,
    draft::Draft,
    entry::{Entry, Movement, Posting, Reference, ReferenceRole},
    facts::{Answer, EntryFact, Need, Question},
    id::{EntryId, OfficeId},
    money::Yen,
    refs::EntryRef,
    refusal::{LaterAct, Refusal, Stop, Why, refuse},
    tax::TaxRate,
};
use std::collections::BTreeMap;

/// Kinds of acts that take something back of an original, and name it.
const FOLLOWERS: [&str; 2] = ["return", "allowance"];

/// A sale or receipt in the version that holds.
pub(super) struct Original<'a> {
    /// Of the first version: later acts refer to this one, whichever version they name.
    pub id: EntryId,
    /// The version that holds.
    pub entry: &'a Entry,
    /// What was stated in it.
    pub act: Act,
    /// Goods it moved.
    pub movements: &'a [Movement],
    /// Money it posted.
    pub postings: &'a [Posting],
}

/// Looks an original up; refused when it is of another kind, was taken back, or is later than the act. The act then
/// refers to it and stands under its agreement.
pub(super) fn original<'a>(
    draft: &mut Draft<'a>,
    field: &str,
    reference: &EntryRef,
    kind: &str,
) -> Result<Original<'a>, Stop> {
    let first = draft.first_of(draft.entry(field, reference)?)?;
    let found = first.entry.kind.as_str();
    if found != kind {
        let (key, kind) = (reference.key.to_string(), found.to_owned());
        return refuse(field, Why::WrongKindOfEntry { key, kind });
    }
    let newest = draft.newest_version(first).map_err(|stop| at(field, stop))?;
    let entry: &'a Entry = &newest.entry;
    if draft.supplied_on() < entry.supplied_on {
        let (day, original) = (draft.supplied_on(), entry.supplied_on);
        return refuse("supplied_on", Why::DateBeforeOriginal { day, original });
    }
    let (movements, postings) = draft.held(entry)?;
    want_lots(draft, movements)?;
    let broken = || Refusal::at(field, Why::Broken { what: "payload" });
    draft.refer(ReferenceRole::Original, first.entry.id.0);
    if let Some(agreement) = entry.agreement {
        draft.under(agreement);
    }
    Ok(Original {
        id: first.entry.id,
        entry,
        act: act_in(entry).ok_or_else(broken)?,
        movements,
        postings,
    })
}

impl<'a> Original<'a> {
    /// The returns and allowances that refer to it and hold; without the one that is being put right.
    pub fn followers(&self, draft: &Draft<'a>) -> Result<Vec<&'a Entry>, Stop> {
        match self.entry.acting.office() {
            Some(office) => followers(draft, office, self.id, self.entry.supplied_on),
            None => Ok(Vec::new()),
        }
    }

    /// What is left of an office's income per tax rate after earlier returns and allowances.
    pub fn income_left(
        &self,
        draft: &Draft<'a>,
        office: OfficeId,
        followers: &[&'a Entry],
    ) -> Result<BTreeMap<TaxRate, Yen>, Stop> {
        let mut left: BTreeMap<TaxRate, Yen> = BTreeMap::new();
        let mut add = |postings: &[Posting]| {
            postings
                .iter()
                .filter(|posting| is_income_of(posting, office))
                .try_for_each(|posting| {
                    let sum = left.entry(posting.tax).or_default();
                    *sum = sum.checked_sub(posting.yen).map_err(|_| too_large())?;
                    Ok::<_, Refusal>(())
                })
        };
        add(self.postings)?;
        for follower in followers {
            add(draft.held(follower)?.1)?;
        }
        Ok(left)
    }
}

/// Whether a posting is an office's income.
pub(super) fn is_income_of(posting: &Posting, office: OfficeId) -> bool {
    posting.account.unit.office() == Some(office) && posting.account.kind.class() == Class::Income
}

/// The act an entry states: of a correction the right version.
pub(super) fn act_in(entry: &Entry) -> Option<Act> {
    match act_of(entry)? {
        Act::Correct(correct) => Some(correct.right),
        act => Some(act),
    }
}

/// Refuses to take back or put right a sale or receipt of which something already came back: that must go first.
pub(super) fn nothing_came_back<'a>(draft: &Draft<'a>, fact: &'a EntryFact) -> Result<(), Stop> {
    let first = draft.first_of(fact)?;
    let Some(office) = fact.entry.acting.office() else {
        return Ok(());
    };
    if !["sell", "receive"].contains(&first.entry.kind.as_str()) {
        return Ok(());
    }
    let followers = followers(draft, office, first.entry.id, first.entry.supplied_on)?;
    if followers.is_empty() {
        return Ok(());
    }
    let acts = followers.into_iter().map(|entry| LaterAct {
        kind: entry.kind.clone(),
        key: entry.key.to_string(),
        book_on: entry.book_on,
        seq: entry.seq,
    });
    refuse("entry", Why::MustGoFirst { acts: acts.collect() })
}

fn followers<'a>(
    draft: &Draft<'a>,
    office: OfficeId,
    original: EntryId,
    since: Day,
) -> Result<Vec<&'a Entry>, Stop> {
    let reference = Reference {
        role: ReferenceRole::Original,
        id: original.0,
    };
    let kinds = FOLLOWERS.into_iter().chain(["correct"]);
    let questions = kinds.map(|kind| Question::OfKind(office, kind.to_owned(), since, draft.today()));
    let mut following = Vec::new();
    for fact in ask(draft, questions)? {
        let holds = fact.reversed_by.is_none() && Some(fact.entry.id) != draft.replaces();
        if holds
            && fact.entry.references.contains(&reference)
            && FOLLOWERS.contains(&draft.corrected_kind(fact)?)
        {
            following.push(fact.entry.as_ref());
        }
    }
    Ok(following)
}

/// The entries that answer several questions, each once, in the order of the book; asks for all answers at once.
pub(super) fn ask<'a>(
    draft: &Draft<'a>,
    questions: impl IntoIterator<Item = Question>,
) -> Result<Vec<&'a EntryFact>, Stop> {
    let (mut found, mut missing) = (BTreeMap::new(), Vec::new());
    for question in questions {
        match draft.facts().answer(&question) {
            Ok(Answer::Entries(entries)) => found.extend(entries.iter().map(|fact| (fact.entry.seq, fact))),
            Ok(_) => return refuse("", Why::Broken { what: "answer" }),
            Err(Stop::Need(needs)) => missing.extend(needs),
            Err(refused) => return Err(refused),
        }
    }
    if missing.is_empty() {
        Ok(found.into_values().collect())
    } else {
        Err(Stop::Need(missing))
    }
}

/// Asks for the lots of many movements at once.
pub(super) fn want_lots<'m>(
    draft: &Draft<'_>,
    movements: impl IntoIterator<Item = &'m Movement>,
) -> Result<(), Stop> {
    let lots = movements.into_iter().map(|movement| movement.lot);
    let missing: Vec<Need> = lots
        .filter(|lot| draft.facts().lot(*lot).is_err())
        .map(Need::LotById)
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Stop::Need(missing))
    }
}

fn at(field: &str, stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) => Refusal::at(field, refusal.why).into(),
        need @ Stop::Need(_) => need,
    }
}

pub(super) fn too_large() -> Refusal {
    Refusal::at("", Why::AmountTooLarge)
}
