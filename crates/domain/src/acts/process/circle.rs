//! Lots form no circle (invariant 5). A new lot cannot be among its own ingredients; only a correction, whose outputs
//! may have been used since, could make one.

use super::Used;
use crate::{
    calendar::Day,
    draft::Draft,
    facts::{Answer, Question},
    id::{LotId, OfficeId},
    place::PlaceKind,
    refusal::{Refusal, Stop, Why, refuse},
};
use std::collections::BTreeSet;

/// Refuses an input that is an output, or was made out of one.
pub(super) fn refuse_own_ingredients(draft: &Draft<'_>, used: &[Used], made: &[LotId]) -> Result<(), Stop> {
    refuse_any(draft, used, made)?;
    let Some(original) = draft.replaces() else {
        return Ok(());
    };
    // what the entry put right used already cannot make a circle now
    let before: BTreeSet<LotId> = match draft.facts().entry(original)? {
        Some(fact) => (fact.entry.links.iter())
            .filter(|link| link.quantity > 0)
            .map(|link| link.input)
            .collect(),
        None => BTreeSet::new(),
    };
    let inputs = used.iter().flat_map(|line| &line.pieces);
    if inputs.into_iter().all(|(lot, _)| before.contains(lot)) {
        return Ok(());
    }
    let mut seen: BTreeSet<LotId> = made.iter().copied().collect();
    let mut open: Vec<LotId> = made.to_vec();
    while let Some(lot) = open.pop() {
        let next = made_of(draft, lot)?;
        refuse_any(draft, used, &next)?;
        open.extend(next.into_iter().filter(|lot| seen.insert(*lot)));
    }
    Ok(())
}

fn refuse_any(draft: &Draft<'_>, used: &[Used], made: &[LotId]) -> Result<(), Stop> {
    for line in used {
        if let Some((lot, _)) = line.pieces.iter().find(|(lot, _)| made.contains(lot)) {
            let code = draft.lot_by_id(*lot)?.code.to_string();
            let field = format!("{}.lot", line.field);
            return refuse(field, Why::LotIsItsOwnIngredient { code });
        }
    }
    Ok(())
}

/// The lots that a lot went into, by the entries that hold.
fn made_of(draft: &Draft<'_>, lot: LotId) -> Result<Vec<LotId>, Stop> {
    let Some(fact) = draft.facts().lot(lot)? else {
        return Ok(Vec::new());
    };
    let users = fact.stock.keys().filter(|place| place.kind == PlaceKind::Used);
    let users = users.filter_map(|place| draft.masters().as_office(place.owner));
    let mut made = Vec::new();
    for office in users.map(|office| office.id).collect::<BTreeSet<OfficeId>>() {
        for kind in ["process", "correct"] {
            let from = Day::from_ymd(1900, 1, 1).unwrap_or(draft.supplied_on());
            let question = Question::OfKind(office, kind.to_owned(), from, draft.today());
            let Answer::Entries(entries) = draft.facts().answer(&question)? else {
                return Err(Refusal::at("", Why::Broken { what: "answer" }).into());
            };
            let holding = entries.iter().filter(|fact| fact.reversed_by.is_none());
            let links = holding.flat_map(|fact| &fact.entry.links);
            made.extend(
                links
                    .filter(|link| link.input == lot && link.quantity > 0)
                    .map(|link| link.output),
            );
        }
    }
    Ok(made)
}
