//! 精算書: a pair of offices, a period, the same numbers for both. Before both have agreed it is a draft that changes with the book;
//! then it is what the book said at that moment, for ever.

mod goods;
mod lines;
mod list;
mod payment;
mod read;
mod shape;

pub use list::{partners, settlements};
pub use shape::{
    SettlementAsked, SettlementChange, SettlementCharged, SettlementGoods, SettlementHeading, SettlementLine,
    SettlementList, SettlementPartner, SettlementParty, SettlementPayment, SettlementSold, SettlementView,
};

use super::{ViewError, names};
use crate::{Book, log, moment::Moment, viewer::Viewer};
use domain::{
    account::BookUnit,
    acts::{Act, confirm::Confirm},
    calendar::{Day, business_day},
    decide::act_of,
    entry::Entry,
    id::{AgreementId, OfficeId},
    masters::{Agreement, ConsignForm, Masters},
    money::Yen,
    numbered::Series,
    statement::{Matter, Statement},
    tax::PriceBasis,
    text::Code,
};
use read::Read;
use std::collections::BTreeSet;
use store::Window;

/// Statements of a pair that are listed.
const LIST: u32 = 100;

/// Which 精算書.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one in the making: from the day after the last one (else this day), up to this day.
    Next(Option<Day>, Day),
    /// One that both agreed on.
    Number(u64),
}

/// A pair whose dealings the viewer may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Agreements of the two, either way round, also those that ran out.
fn agreements(masters: &Masters, pair: Pair) -> Vec<&Agreement> {
    let sides = [(pair.own, pair.other), (pair.other, pair.own)];
    let of_pair = masters
        .agreements()
        .filter(|agreement| sides.contains(&(agreement.producer, agreement.other)));
    of_pair.collect()
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
    let Some(read) = read::read(&moment, pair, which, own, &found).await? else {
        return Ok(None);
    };
    view(book, &moment, pair, &read).await.map(Some)
}

async fn view(book: &Book, moment: &Moment, pair: Pair, read: &Read) -> Result<SettlementView, ViewError> {
    let masters = &*moment.masters;
    let today = business_day(book.outside().clock.now());
    let (window, seen) = (read.window, &read.statement);
    let name = |office: OfficeId| names::party(masters, office.into(), window.to);
    let covered = read.covered().map(|(entry, _)| entry);
    let mut goods_of = lines::goods_of(moment, pair, covered, window.to).await?;
    let lines = seen.lines.iter().map(|line| SettlementLine {
        entry: line.entry,
        seq: line.seq,
        act: Act::label(&line.kind),
        goods: goods_of.remove(&line.seq),
        matter: line.matter.label(),
        supplied_on: line.supplied_on,
        book_on: line.book_on,
        is_late: line.supplied_on < window.from,
        yen: line.yen,
    });
    let lines = lines.collect();
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
    let own = read.own.as_ref();
    let log_size = own.map_or(moment.size, |own| own.entry.seq.saturating_add(1));
    Ok(SettlementView {
        office: party(masters, pair.own, window.to),
        counterparty: party(masters, pair.other, window.to),
        from: window.from,
        to: window.to,
        number: own.map(|own| own.number),
        confirmed_on: own.map(|own| own.entry.supplied_on),
        is_taken_back: own.is_some_and(|own| own.reversed_by.is_some()),
        opening: seen.opening,
        goods: goods::goods(moment, pair, read).await?,
        sold: sold.collect(),
        charged: charged.collect(),
        changes: changes.collect(),
        lines,
        closing: seen.closing,
        payment: payment::payment(moment, pair, read, &known, today).await?,
        unsettled: unsettled(&known, read),
        log_size,
        log_root: log::root_at(book.store(), log_size)
            .await
            .map_err(|_| ViewError::Broken { what: "ログ" })?
            .to_string(),
    })
}

fn party(masters: &Masters, office: OfficeId, day: Day) -> SettlementParty {
    let corporation = masters.corporation_of(office, day);
    let facts = corporation.and_then(|id| masters.corporation(id)?.facts.on_or_first(day));
    SettlementParty {
        office: names::party(masters, office.into(), day),
        corporation: facts.map(|facts| facts.name.to_string()),
        registration: facts.and_then(|facts| facts.registration),
    }
}

/// Agreements with something to settle once for the period that was not settled up to its end.
fn unsettled(known: &[&Agreement], read: &Read) -> Vec<Code> {
    let (seen, window): (&Statement, Window) = (&read.statement, read.window);
    let settled: BTreeSet<AgreementId> = read
        .covered()
        .filter_map(|(entry, _)| match act_of(entry)? {
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
