//! 消込: the sales, purchases and papers that a payment is for.

use crate::{
    acts::{Act, debt::Side},
    decide::act_of,
    draft::Draft,
    entry::ReferenceRole,
    facts::EntryFact,
    id::{EntryId, PartyId},
    money::Yen,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Entries named at most.
const MOST: usize = 500;

/// What of a payment is for one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClearedItem {
    /// The sale, receipt, purchase or expense that raised the debt, or the paper that bills it.
    pub entry: EntryRef,
    /// Yen of the payment for it; never more than it comes to.
    pub yen: Yen,
}

/// Checks what is named and refers to it. What is named must have raised the debt: a paper by its two parties, any other entry by
/// its own postings in the version that holds.
pub(super) fn refer(
    draft: &mut Draft<'_>,
    items: &[ClearedItem],
    side: Side,
    owes: bool,
    yen: Yen,
) -> Result<(), Stop> {
    let total = Yen::sum(items.iter().map(|item| item.yen)).map_err(|_| too_large())?;
    if items.len() > MOST || total > yen {
        let (expected, found) = (yen.get(), total.get());
        return refuse("items", Why::AmountsDoNotAddUp { expected, found });
    }
    let (mut facts, mut missing) = (Vec::with_capacity(items.len()), Vec::new());
    for (n, item) in items.iter().enumerate() {
        match draft.entry(&format!("items[{n}].entry"), &item.entry) {
            Ok(fact) => facts.push(fact),
            Err(Stop::Need(needs)) => missing.extend(needs),
            Err(refused) => return Err(refused),
        }
    }
    if !missing.is_empty() {
        return Err(Stop::Need(missing));
    }
    let mut named: BTreeSet<EntryId> = BTreeSet::new();
    for (n, (item, fact)) in items.iter().zip(facts).enumerate() {
        let field = format!("items[{n}]");
        if !item.yen.is_positive() {
            return refuse(format!("{field}.yen"), Why::AmountNotPositive);
        }
        let first = draft.first_of(fact)?;
        if !named.insert(first.entry.id) {
            let key = item.entry.key.to_string();
            return refuse(format!("{field}.entry"), Why::ClearedTwice { key });
        }
        let raised = raised(draft, &field, first, side, owes)?;
        if !raised.is_positive() {
            let key = item.entry.key.to_string();
            return refuse(format!("{field}.entry"), Why::NotThisDebt { key });
        }
        if item.yen > raised {
            let (key, of, amount) = (item.entry.key.to_string(), raised.get(), item.yen.get());
            return refuse(format!("{field}.yen"), Why::MoreThanItem { key, of, amount });
        }
        draft.refer(ReferenceRole::Cleared, first.entry.id.0);
    }
    Ok(())
}

/// By how much an entry raised the debt; nought where it has nothing to do with it.
fn raised<'a>(
    draft: &Draft<'a>,
    field: &str,
    fact: &'a EntryFact,
    side: Side,
    owes: bool,
) -> Result<Yen, Stop> {
    if let Some(Act::Issue(paper)) = act_of(&fact.entry) {
        let with = match (&paper.with_office, &paper.partner) {
            (Some(code), _) => draft
                .masters()
                .office_by_code(code)
                .map(|office| office.id.into()),
            (None, Some(code)) => {
                let issuer = fact.entry.acting.office();
                draft.masters().partner_by_code(issuer, code).map(PartyId::from)
            }
            (None, None) => None,
        };
        let parties = (fact.entry.acting.office().map(PartyId::from), with);
        let ours = (Some(PartyId::from(side.office)), side.account.party);
        if parties != ours && (parties.1, parties.0) != ours {
            return Ok(Yen::ZERO);
        }
        let gross = paper.rates.iter().map(|total| total.gross);
        return Ok(Yen::sum(gross).map_err(|_| too_large())?);
    }
    let newest = draft.newest_version(fact).map_err(|stop| at(field, stop))?;
    let (_, postings) = draft.held(&newest.entry)?;
    let on_it = postings.iter().filter(|posting| posting.account == side.account);
    let sum = Yen::sum(on_it.map(|posting| posting.yen)).map_err(|_| too_large())?;
    Ok(if owes { sum.negated() } else { sum })
}

fn at(field: &str, stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) => Refusal::at(format!("{field}.entry"), refusal.why).into(),
        need @ Stop::Need(_) => need,
    }
}

fn too_large() -> Refusal {
    Refusal::at("items", Why::AmountTooLarge)
}
