//! Who pays whom by a 精算書, and what of it was paid since.

use super::{Pair, Read, SettlementPayment, ViewError, beyond};
use crate::{moment::Moment, views::names};
use domain::{
    calendar::Day,
    entry::Entry,
    masters::Agreement,
    money::Yen,
    statement::{self, Matter},
};
use std::collections::BTreeMap;
use store::Window;

/// Nothing where the two are even.
pub(super) async fn payment(
    moment: &Moment,
    pair: Pair,
    read: &Read,
    known: &[&Agreement],
    today: Day,
) -> Result<Option<SettlementPayment>, ViewError> {
    let (closing, to) = (read.statement.closing, read.window.to);
    let (payer, payee) = match closing.cmp(&Yen::ZERO) {
        std::cmp::Ordering::Equal => return Ok(None),
        std::cmp::Ordering::Greater => (pair.other, pair.own),
        std::cmp::Ordering::Less => (pair.own, pair.other),
    };
    let yen = if closing < Yen::ZERO {
        closing.negated()
    } else {
        closing
    };
    // the terms of the agreement by which the payer came to owe stand first
    let mut terms: Vec<_> = known
        .iter()
        .filter_map(|agreement| Some((agreement.producer == payee, agreement.terms.on(to)?)))
        .collect();
    terms.sort_by_key(|(is_payees, _)| !is_payees);
    let by = terms.iter().find_map(|(_, terms)| statement::pay_on(terms, to));
    let limit = terms.iter().find_map(|(_, terms)| terms.carry_below);
    let carried_below = limit.filter(|limit| yen < *limit);
    let paid = match &read.own {
        None => Yen::ZERO,
        Some(own) => paid_since(moment, pair, own.entry.seq, (to, today)).await?,
    };
    // what the payer gave counts; what came the other way does not
    let paid = if closing > Yen::ZERO { paid.negated() } else { paid };
    let paid = paid.clamp(Yen::ZERO, yen);
    let name = |office: domain::id::OfficeId| names::party(&moment.masters, office.into(), to);
    Ok(Some(SettlementPayment {
        payer: name(payer),
        payee: name(payee),
        open: yen.checked_sub(paid).map_err(beyond)?,
        yen,
        by: by.filter(|_| carried_below.is_none()),
        carried_below,
        paid,
    }))
}

/// What payments and set-offs after a statement changed, as the own side sees it.
async fn paid_since(
    moment: &Moment,
    pair: Pair,
    seq: u64,
    (to, today): (Day, Day),
) -> Result<Yen, ViewError> {
    let Some(from) = to.succ() else {
        return Ok(Yen::ZERO);
    };
    let window = Window {
        from,
        to: today,
        after: Some(seq),
        before: None,
    };
    let seqs = moment
        .snapshot
        .covered(pair.own, pair.other.into(), window)
        .await?;
    let whole = moment.snapshot.whole_entries(&seqs).await?;
    let by_id: BTreeMap<_, &Entry> = whole
        .values()
        .map(|whole| (whole.entry.id, &whole.entry))
        .collect();
    let find = |id| by_id.get(&id).copied();
    let paid = seqs.iter().filter_map(|seq| whole.get(seq)).filter(|whole| {
        let first = statement::first_kind(&whole.entry, &find);
        matches!(Matter::of(first), Matter::Paid | Matter::SetOff)
    });
    let debts = paid.flat_map(|whole| &whole.entry.postings);
    let debts = debts.filter(|posting| statement::is_debt(posting, pair.own, pair.other));
    Yen::sum(debts.map(|posting| posting.yen)).map_err(beyond)
}
