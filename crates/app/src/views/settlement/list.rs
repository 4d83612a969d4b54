//! Lists of 精算書: of a pair, and with whom an office has something to settle.

use super::{
    LIST, Pair, SettlementAsked, SettlementHeading, SettlementList, SettlementPartner, ViewError, agreements,
    beyond, closing, confirmed, pair,
};
use crate::{
    Book,
    access::proposals::{Which, proposals},
    moment::Moment,
    viewer::Viewer,
    views::names,
};
use domain::{
    account::BookUnit,
    acts::{Act, confirm::Confirm},
    calendar::{Day, business_day},
    id::{Acting, OfficeId},
    money::Yen,
    numbered::Series,
    statement,
    text::Code,
};
use std::collections::{BTreeMap, BTreeSet};
use store::NumberedEntry;

/// Questions and proposals that are looked through.
const WAITING: u64 = 1_000;
/// Statements looked at for the last one that holds.
const NEWEST: u32 = 24;

/// Statements of a pair; `None` when they do not exist for the viewer.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn settlements(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    with: &Code,
) -> Result<Option<SettlementList>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let Some(pair) = pair(&moment, viewer, office, with, today) else {
        return Ok(None);
    };
    let series = Series::statements(pair.own, pair.other);
    let found = moment.snapshot.numbered(series, None, LIST).await?;
    let last = last(&found);
    let (next_from, next_to) = next(&moment, pair, last.as_ref(), today);
    Ok(Some(SettlementList {
        statements: found.iter().filter_map(|one| heading(one, pair)).collect(),
        next_from,
        next_to,
    }))
}

/// Offices with which an office has an agreement, something standing, or statements, by name; `None` when the office's books are
/// not for the viewer.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn partners(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
) -> Result<Option<Vec<SettlementPartner>>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &*moment.masters;
    let gate = viewer.gate(masters);
    let Some(own) = masters.office_by_code(office).map(|known| known.id) else {
        return Ok(None);
    };
    if !gate.sees_books(BookUnit::production(own), today) {
        return Ok(None);
    }
    let mut balances: BTreeMap<OfficeId, Vec<Yen>> = BTreeMap::new();
    for sum in moment.snapshot.sums_of_office(own).await? {
        let with = sum
            .account
            .party
            .and_then(|party| masters.office(OfficeId(party.0)));
        if let Some(with) = with
            && statement::is_debt_account(sum.account, own, with.id)
        {
            balances.entry(with.id).or_default().push(sum.yen);
        }
    }
    let of_agreements = masters.agreements().filter_map(|agreement| {
        match (agreement.producer == own, agreement.other == own) {
            (true, false) => Some(agreement.other),
            (false, true) => Some(agreement.producer),
            _ => None,
        }
    });
    let others: BTreeSet<OfficeId> = of_agreements
        .chain(balances.keys().copied())
        .filter(|other| gate.knows_office(*other))
        .collect();
    let waiting = proposals(
        book,
        &BTreeSet::from([own]),
        &BTreeSet::new(),
        Which::Open,
        WAITING,
    )
    .await?;
    let questions = book.store().questions(own.0, None, true, WAITING).await?;
    let mut partners = Vec::new();
    for other in others {
        let pair = Pair { own, other };
        let series = Series::statements(own, other);
        let found = moment.snapshot.numbered(series, None, NEWEST).await?;
        let (_, next_to) = next(&moment, pair, last(&found).as_ref(), today);
        let stands = found.iter().find(|one| one.reversed_by.is_none());
        let asked = waiting.iter().find_map(|proposal| match &proposal.command.act {
            Act::Confirm(confirm) => {
                let by = proposal.acting;
                let asks = proposal
                    .parties
                    .iter()
                    .any(|party| party.office == other || party.office == own);
                let is_theirs = [own, other].map(Acting::Office).contains(&by) && asks;
                let with = masters.office_by_code(&confirm.with).map(|office| office.id);
                let is_pair = is_theirs
                    && [Some(own), Some(other)].contains(&with)
                    && (by == Acting::Office(other) || with == Some(other));
                is_pair.then_some(SettlementAsked {
                    proposal: proposal.id,
                    to: confirm.to,
                    by_us: by == Acting::Office(own),
                })
            }
            _ => None,
        });
        let of_pair = questions
            .iter()
            .filter(|question| [question.office, question.other].contains(&other.0));
        partners.push(SettlementPartner {
            office: names::party(masters, other.into(), today),
            balance: Yen::sum(balances.remove(&other).unwrap_or_default()).map_err(beyond)?,
            last: stands.and_then(|one| heading(one, pair)),
            next_to,
            asked,
            questions: u32::try_from(of_pair.count()).unwrap_or(u32::MAX),
        });
    }
    partners.sort_by(|one, other| one.office.cmp(&other.office));
    Ok(Some(partners))
}

/// The last statement that holds.
fn last(found: &[NumberedEntry]) -> Option<Confirm> {
    let stands = found.iter().find(|one| one.reversed_by.is_none())?;
    confirmed(&stands.entry)
}

/// First and last day of the next one; no last day while its period is not over.
fn next(moment: &Moment, pair: Pair, last: Option<&Confirm>, today: Day) -> (Option<Day>, Option<Day>) {
    let from = last.and_then(|last| last.to.succ());
    let closing_day = agreements(&moment.masters, pair)
        .iter()
        .find_map(|agreement| agreement.terms.on(today)?.closing_day);
    let to = statement::last_closing(closing_day, today);
    (from, to.filter(|to| from.is_none_or(|from| from <= *to)))
}

fn heading(one: &NumberedEntry, pair: Pair) -> Option<SettlementHeading> {
    let confirm = confirmed(&one.entry)?;
    Some(SettlementHeading {
        number: one.number,
        from: confirm.from,
        to: confirm.to,
        closing: closing(&one.entry, &confirm, pair.own),
        is_taken_back: one.reversed_by.is_some(),
    })
}
