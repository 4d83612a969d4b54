//! `apply(facts, entry) -> facts`: folds an entry into what is known. Never decides, never refuses: what stands in the
//! book has happened.

use crate::{
    acts::{Act, Rules},
    decide::act_of,
    entry::Entry,
    facts::{EntryFact, Facts, Known, LotFact, Stock},
    id::LotId,
    place::Place,
};
use std::{collections::BTreeMap, sync::Arc};

/// Folds an entry of a book into the loaded facts. `body_hash` is the hash of its command's body.
pub fn apply(facts: &mut Facts, entry: &Arc<Entry>, body_hash: [u8; 32]) {
    let act = act_of(entry);
    apply_act(facts, entry, act.as_ref(), body_hash);
}

/// [`apply`] for a caller that has the act at hand.
pub fn apply_act(facts: &mut Facts, entry: &Arc<Entry>, act: Option<&Act>, body_hash: [u8; 32]) {
    facts.size = entry.seq + 1;
    facts.answers.clear();
    facts.known.insert(
        entry.id,
        Some(Known {
            seq: entry.seq,
            body_hash,
        }),
    );
    births(facts, entry);
    for movement in &entry.movements {
        let (quantity, day) = (movement.quantity.get(), entry.book_on.as_number());
        leg(facts, movement.lot, movement.from, -quantity, day);
        leg(facts, movement.lot, movement.to, quantity, day);
    }
    facts.entries.insert(
        entry.id,
        Some(EntryFact {
            entry: Arc::clone(entry),
            reversed_by: None,
        }),
    );
    if let Some(target) = entry.reverses
        && let Some(Some(fact)) = facts.entries.get_mut(&target)
    {
        fact.reversed_by = Some(entry.id);
    }
    if let Some(act) = act {
        act.apply(&mut facts.masters, entry);
    }
}

fn births(facts: &mut Facts, entry: &Entry) {
    for birth in &entry.births {
        let lot = birth.lot.clone();
        match facts.lots.get_mut(&lot.id) {
            Some(Some(fact)) if birth.amends => fact.lot = lot,
            // not loaded: nothing to amend here
            None if birth.amends => {}
            _ => {
                facts.lot_codes.insert(lot.code.clone(), Some(lot.id));
                facts.lots.insert(
                    lot.id,
                    Some(LotFact {
                        lot,
                        born_in: entry.seq,
                        stock: BTreeMap::new(),
                    }),
                );
            }
        }
    }
}

fn leg(facts: &mut Facts, lot: LotId, place: Place, quantity: i64, day: i32) {
    if let Some(days) = facts.timelines.get_mut(&(lot, place)) {
        let moved = days.entry(day).or_insert(0);
        *moved = moved.saturating_add(quantity);
    }
    let Some(Some(fact)) = facts.lots.get_mut(&lot) else {
        // of which product it is, and so which lists of lots it changes, is not known: they are asked for again
        facts.lots_at.clear();
        return;
    };
    let Stock {
        quantity: before,
        last_day,
    } = fact.stock.get(&place).copied().unwrap_or_default();
    let stock = Stock {
        quantity: before.saturating_add(quantity),
        last_day: last_day.max(day),
    };
    let is_new = fact.stock.insert(place, stock).is_none();
    if let Some(there) = facts.lots_at.get_mut(&(fact.lot.product, place)) {
        if is_new && !there.all.contains(&lot) {
            there.all.push(lot);
        }
        if stock.quantity > 0 {
            there.in_stock.insert(lot);
        } else {
            there.in_stock.remove(&lot);
        }
    }
}
