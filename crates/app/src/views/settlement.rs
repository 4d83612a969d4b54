//! 精算書: a pair of offices, a period, the same numbers for both. Before both have agreed it is a draft that changes with the book;
//! then it is what the book said at that moment, for ever.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    account::BookUnit,
    acts::{Act, confirm::Confirm},
    calendar::{Day, business_day},
    decide::act_of,
    entry::Entry,
    id::{AgreementId, OfficeId},
    masters::{Agreement, ConsignForm, Masters},
    money::{Rounding, Yen},
    numbered::Series,
    registration::RegistrationNumber,
    statement::{self, Matter, Statement},
    tax::{PriceBasis, RateTotal},
    text::Code,
};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{NumberedEntry, Window};
use utoipa::ToSchema;

/// Statements of a pair that are listed.
const LIST: u32 = 100;

/// A 精算書 as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementView {
    /// From whose side.
    pub office: SettlementParty,
    /// The other side.
    pub counterparty: SettlementParty,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Its number, once both have agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// When both had agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<Day>,
    /// What stood before: above nought is owed to the office.
    pub opening: Yen,
    /// Gross sales of both sides, per rate.
    pub sold: Vec<SettlementSold>,
    /// Commissions of both sides, with the tax in them.
    pub charged: Vec<SettlementCharged>,
    /// What changed by each matter.
    pub changes: Vec<SettlementChange>,
    /// Entry by entry.
    pub lines: Vec<SettlementLine>,
    /// What stands at the end: above nought is owed to the office.
    pub closing: Yen,
    /// Last day to pay what stands, where one was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_by: Option<Day>,
    /// Agreements of the two with sales in the period that are still to be settled (commission, tax on top).
    pub unsettled: Vec<Code>,
}

/// A side of a 精算書.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementParty {
    /// The office.
    pub office: Named,
    /// Its corporation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporation: Option<String>,
    /// 登録番号, where it has one on the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub registration: Option<RegistrationNumber>,
}

/// What a side sold.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementSold {
    /// Who.
    pub seller: Named,
    /// 内税 or 外税 prices.
    pub basis: PriceBasis,
    /// Per rate, rounded once.
    pub rates: Vec<RateTotal>,
}

/// What a side took as commission.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementCharged {
    /// Who took it.
    pub by: Named,
    /// Per rate.
    pub rates: Vec<RateTotal>,
}

/// What changed by a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettlementChange {
    /// 売上, 支払 …
    pub label: &'static str,
    /// Above nought in the office's favour.
    pub yen: Yen,
}

/// An entry of a 精算書.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementLine {
    /// The entry.
    pub entry: domain::id::EntryId,
    /// Its number.
    pub seq: u64,
    /// Kind of act, for people.
    pub act: &'static str,
    /// 売上, 支払 …
    pub matter: &'static str,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Of an earlier period, recorded after its statement.
    pub is_late: bool,
    /// Above nought in the office's favour.
    pub yen: Yen,
}

/// A 精算書 that both agreed on, in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementHeading {
    /// Its number among the two offices'.
    pub number: u64,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// What stood at the end: above nought was owed to the office.
    pub closing: Yen,
    /// It was taken back.
    pub is_taken_back: bool,
}

/// Statements of a pair, and the days of the next one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementList {
    /// The newest first.
    pub statements: Vec<SettlementHeading>,
    /// First day of the next one; none before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_from: Option<Day>,
    /// Last day of the next one, by the agreements' closing day; none while its period is not over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_to: Option<Day>,
}

/// Which 精算書.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one in the making: from the day after the last one (else this day), up to this day.
    Next(Option<Day>, Day),
    /// One that both agreed on.
    Number(u64),
}

/// A pair whose dealings the viewer may see.
struct Pair {
    own: OfficeId,
    other: OfficeId,
}

fn pair(moment: &Moment, viewer: &Viewer, office: &Code, with: &Code, day: Day) -> Option<Pair> {
    let masters = &moment.masters;
    let gate = viewer.gate(masters);
    let own = masters.office_by_code(office)?.id;
    // what was before a coordinator's network began is one sum to them: they see whole statements only
    if !gate.sees_books(BookUnit::production(own), day) {
        return None;
    }
    let other = masters.office_by_code(with)?.id;
    (gate.knows_office(other) && own != other).then_some(Pair { own, other })
}

/// What a statement says by itself.
fn confirmed(entry: &Entry) -> Option<Confirm> {
    match act_of(entry)? {
        Act::Confirm(confirm) => Some(*confirm),
        _ => None,
    }
}

/// Its balance as one side sees it.
fn closing(entry: &Entry, confirm: &Confirm, own: OfficeId) -> Yen {
    if entry.acting.office() == Some(own) {
        confirm.balance
    } else {
        confirm.balance.negated()
    }
}

/// Agreements of the two that hold on a day or ran out, either way round.
fn agreements<'m>(masters: &'m Masters, pair: &Pair) -> Vec<&'m Agreement> {
    let sides = [(pair.own, pair.other), (pair.other, pair.own)];
    let of_pair = masters
        .agreements()
        .filter(|agreement| sides.contains(&(agreement.producer, agreement.other)));
    of_pair.collect()
}

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
    let found = moment
        .snapshot
        .numbered(Series::statements(pair.own, pair.other), None, LIST)
        .await?;
    let last = found.iter().find(|statement| statement.reversed_by.is_none());
    let last = last.and_then(|statement| confirmed(&statement.entry));
    let next_from = last.as_ref().and_then(|last| last.to.succ());
    let closing_day = agreements(&moment.masters, &pair)
        .iter()
        .find_map(|agreement| agreement.terms.on(today)?.closing_day);
    let next_to = statement::last_closing(closing_day, today);
    let statements = found.iter().filter_map(|statement| {
        let confirm = confirmed(&statement.entry)?;
        Some(SettlementHeading {
            number: statement.number,
            from: confirm.from,
            to: confirm.to,
            closing: closing(&statement.entry, &confirm, pair.own),
            is_taken_back: statement.reversed_by.is_some(),
        })
    });
    Ok(Some(SettlementList {
        statements: statements.collect(),
        next_from,
        next_to: next_to.filter(|to| next_from.is_none_or(|from| from <= *to)),
    }))
}

/// A statement; `None` when it does not exist for the viewer.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn settlement(
    book: &Book,
    viewer: &Viewer,
    office: &Code,
    with: &Code,
    which: Which,
) -> Result<Option<SettlementView>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let day = match which {
        Which::Next(_, to) => to,
        Which::Number(_) => today,
    };
    let Some(pair) = pair(&moment, viewer, office, with, day) else {
        return Ok(None);
    };
    let series = Series::statements(pair.own, pair.other);
    let below = match which {
        Which::Next(..) => None,
        Which::Number(number) => Some(number.saturating_add(1)),
    };
    let mut found = moment.snapshot.numbered(series, below, LIST).await?;
    let own = match which {
        Which::Next(..) => None,
        Which::Number(number) => {
            if found.first().is_none_or(|statement| statement.number != number) {
                return Ok(None);
            }
            Some(found.remove(0))
        }
    };
    let seen = read(&moment, &pair, which, own.as_ref(), &found).await?;
    let Some((window, seen, entries)) = seen else {
        return Ok(None);
    };
    Ok(Some(view(&moment, &pair, own.as_ref(), window, &seen, &entries)))
}

/// The statement folded from the entries that it covers.
async fn read(
    moment: &Moment,
    pair: &Pair,
    which: Which,
    own: Option<&NumberedEntry>,
    before: &[NumberedEntry],
) -> Result<Option<(Window, Statement, Vec<Entry>)>, ViewError> {
    // one that was taken back later was agreed on then
    let stood = |statement: &&NumberedEntry| statement.reversed_by.is_none();
    let last = before.iter().find(stood);
    let last_said = last.and_then(|last| Some((last, confirmed(&last.entry)?)));
    let said = own.and_then(|own| Some((own, confirmed(&own.entry)?)));
    let (from, to) = match (&said, which) {
        (Some((_, confirm)), _) => (confirm.from, confirm.to),
        (None, Which::Next(from, to)) => {
            let after = last_said.as_ref().and_then(|(_, last)| last.to.succ());
            let Some(from) = after.or(from) else {
                return Ok(None);
            };
            (from, to)
        }
        (None, Which::Number(_)) => return Ok(None),
    };
    let window = Window {
        from,
        to,
        after: last.map(|last| last.entry.seq),
        before: own.map(|own| own.entry.seq),
    };
    let seqs = moment
        .snapshot
        .covered(pair.own, pair.other.into(), window)
        .await?;
    let whole = moment.snapshot.whole_entries(&seqs).await?;
    let wanted: BTreeSet<u64> = seqs.into_iter().collect();
    let entries: Vec<Entry> = (whole.into_values())
        .map(|whole| whole.entry)
        .filter(|entry| wanted.contains(&entry.seq))
        .collect();
    let opening = if let Some((last, confirm)) = &last_said {
        closing(&last.entry, confirm, pair.own)
    } else {
        let sums = moment
            .snapshot
            .sums_with(pair.own, pair.other.into(), from)
            .await?;
        Yen::sum(sums.iter().map(|sum| sum.yen)).map_err(beyond)?
    };
    let rounding = agreements(&moment.masters, pair)
        .iter()
        .find_map(|agreement| agreement.terms.on(to).map(|terms| terms.rounding));
    let seen = statement::fold(
        (pair.own, pair.other),
        opening,
        &entries,
        rounding.unwrap_or(Rounding::Down),
    );
    Ok(Some((window, seen.map_err(beyond)?, entries)))
}

fn view(
    moment: &Moment,
    pair: &Pair,
    own: Option<&NumberedEntry>,
    window: Window,
    seen: &Statement,
    entries: &[Entry],
) -> SettlementView {
    let masters = &*moment.masters;
    let name = |office: OfficeId| names::party(masters, office.into(), window.to);
    let party = |office: OfficeId| {
        let corporation = masters.corporation_of(office, window.to);
        let facts = corporation.and_then(|id| masters.corporation(id)?.facts.on_or_first(window.to));
        SettlementParty {
            office: name(office),
            corporation: facts.map(|facts| facts.name.to_string()),
            registration: facts.and_then(|facts| facts.registration),
        }
    };
    let lines = seen.lines.iter().map(|line| SettlementLine {
        entry: line.entry,
        seq: line.seq,
        act: Act::label(&line.kind),
        matter: line.matter.label(),
        supplied_on: line.supplied_on,
        book_on: line.book_on,
        is_late: line.supplied_on < window.from,
        yen: line.yen,
    });
    let changes = seen.by_matter.iter().map(|(matter, yen)| SettlementChange {
        label: matter.label(),
        yen: *yen,
    });
    let sold = seen.sold.iter().map(|sold| SettlementSold {
        seller: name(sold.seller),
        basis: sold.basis,
        rates: sold.tax.rates().to_vec(),
    });
    let charged = seen.charged.iter().map(|charged| SettlementCharged {
        by: name(charged.by),
        rates: charged.tax.rates().to_vec(),
    });
    let known = agreements(masters, pair);
    SettlementView {
        office: party(pair.own),
        counterparty: party(pair.other),
        from: window.from,
        to: window.to,
        number: own.map(|own| own.number),
        confirmed_on: own.map(|own| own.entry.supplied_on),
        opening: seen.opening,
        sold: sold.collect(),
        charged: charged.collect(),
        changes: changes.collect(),
        lines: lines.collect(),
        closing: seen.closing,
        pay_by: known
            .iter()
            .find_map(|agreement| statement::pay_on(agreement.terms.on(window.to)?, window.to)),
        unsettled: unsettled(&known, seen, entries, window),
    }
}

/// Agreements with something to settle once for the period that was not settled up to its end.
fn unsettled(known: &[&Agreement], seen: &Statement, entries: &[Entry], window: Window) -> Vec<Code> {
    let settled: BTreeSet<AgreementId> = entries
        .iter()
        .filter_map(|entry| match act_of(entry)? {
            Act::Settle(settle) if settle.to >= window.to => entry.agreement,
            _ => None,
        })
        .collect();
    let sells = |agreement: &Agreement| {
        let Some(terms) = agreement.terms.on(window.to) else {
            return false;
        };
        let takes = matches!(terms.consign, Some(ConsignForm::Commission(_)));
        seen.sold
            .iter()
            .any(|sold| sold.seller == agreement.producer && (takes || sold.basis == PriceBasis::Exclusive))
    };
    let has_sales = seen.lines.iter().any(|line| line.matter == Matter::Sales);
    let open = known
        .iter()
        .filter(|agreement| has_sales && !settled.contains(&agreement.id) && sells(agreement));
    open.map(|agreement| agreement.code.clone()).collect()
}

fn beyond(_: domain::money::YenOverflow) -> ViewError {
    ViewError::Broken { what: "金額" }
}
