//! The nine invariants, by a full fold of the entries and nothing else.

use domain::{
    account::{Account, AccountKind, BookUnit},
    canonical,
    command::entry_id,
    entry::Entry,
    facts::Facts,
    id::{LotId, PartyId},
    log::{Frontier, leaf_hash, root_of},
    place::{Place, PlaceKind},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What the entries say of goods and money.
#[derive(Default)]
pub struct Fold {
    /// Per lot and place what moved on each day.
    pub goods: BTreeMap<(LotId, Place), BTreeMap<i32, i64>>,
    /// Per account what was posted in each month, and the last day of a posting.
    pub money: BTreeMap<Account, (BTreeMap<i32, i64>, i32)>,
}

impl Fold {
    /// Folds entries in order.
    pub fn of(entries: &[Arc<Entry>]) -> Fold {
        let mut fold = Fold::default();
        for entry in entries {
            let day = entry.book_on.as_number();
            for one in &entry.movements {
                for (place, steps) in [(one.from, -one.quantity.get()), (one.to, one.quantity.get())] {
                    *fold
                        .goods
                        .entry((one.lot, place))
                        .or_default()
                        .entry(day)
                        .or_default() += steps;
                }
            }
            for posting in &entry.postings {
                let (months, last) = fold.money.entry(posting.account).or_default();
                *months.entry(day / 100).or_default() += posting.yen.get();
                *last = day.max(*last);
            }
        }
        fold
    }
}

fn hold(what: bool, said: impl FnOnce() -> String) -> Result<(), String> {
    if what { Ok(()) } else { Err(said()) }
}

/// All nine.
pub fn check(entries: &[Arc<Entry>], seeds: &[[u8; 32]], facts: &Facts) -> Result<(), String> {
    let fold = Fold::of(entries);
    goods_are_conserved(&fold)?;
    no_day_ends_below_nought(&fold)?;
    units_balance(entries, &fold)?;
    debts_are_mirrored(&fold)?;
    lots_are_born_once(entries)?;
    links_account_for_all(entries)?;
    links_form_no_circle(entries)?;
    projections_are_the_fold(entries, &fold, facts)?;
    keys_are_unique(entries, facts)?;
    the_head_is_the_root(entries, seeds)?;
    no_yen_is_lost(&fold)
}

/// 1: over all places the movements of a lot sum to nought.
fn goods_are_conserved(fold: &Fold) -> Result<(), String> {
    let mut lots: BTreeMap<LotId, i64> = BTreeMap::new();
    for ((lot, _), days) in &fold.goods {
        *lots.entry(*lot).or_default() += days.values().sum::<i64>();
    }
    let wrong = lots.iter().find(|(_, sum)| **sum != 0);
    hold(wrong.is_none(), || format!("1: {wrong:?}"))
}

/// 2: no inner place is below nought at the end of any day.
fn no_day_ends_below_nought(fold: &Fold) -> Result<(), String> {
    for ((lot, place), days) in &fold.goods {
        let mut there = 0;
        for (day, steps) in days {
            there += steps;
            let is_inner = matches!(
                place.kind,
                PlaceKind::Store | PlaceKind::Transit | PlaceKind::Shelf | PlaceKind::Stall | PlaceKind::Held
            );
            hold(there >= 0 || !is_inner, || {
                format!("2: {lot} at {place:?} ends {day} with {there}")
            })?;
        }
    }
    Ok(())
}

/// 3: every unit balances in every entry; 内部勘定 sum to nought over the book.
fn units_balance(entries: &[Arc<Entry>], fold: &Fold) -> Result<(), String> {
    for entry in entries {
        let mut units: HashMap<BookUnit, i64> = HashMap::new();
        for posting in &entry.postings {
            *units.entry(posting.account.unit).or_default() += posting.yen.get();
            hold(posting.yen.get() != 0, || {
                format!("3: entry {} posts nought", entry.seq)
            })?;
        }
        hold(units.values().all(|sum| *sum == 0), || {
            format!("3: entry {} does not balance", entry.seq)
        })?;
    }
    let internal = fold
        .money
        .iter()
        .filter(|(account, _)| account.kind == AccountKind::Internal);
    let sum: i64 = internal.flat_map(|(_, (months, _))| months.values()).sum();
    hold(sum == 0, || format!("3: 内部勘定 sum to {sum}"))
}

/// 4: what one office says of another, the other says of the one.
fn debts_are_mirrored(fold: &Fold) -> Result<(), String> {
    let party = |unit: BookUnit| match unit {
        BookUnit::Office(office, _) => PartyId::from(office),
        BookUnit::Head(corporation) => PartyId::from(corporation),
    };
    let keep_books: BTreeSet<PartyId> = fold.money.keys().map(|account| party(account.unit)).collect();
    let mut sums: BTreeMap<(PartyId, PartyId, AccountKind), i64> = BTreeMap::new();
    for (account, (months, _)) in &fold.money {
        if let Some(other) = account.party {
            *sums
                .entry((party(account.unit), other, account.kind))
                .or_default() += months.values().sum::<i64>();
        }
    }
    for ((one, other, kind), sum) in &sums {
        let mirror = match kind {
            AccountKind::Receivable => AccountKind::Payable,
            AccountKind::Payable => AccountKind::Receivable,
            AccountKind::ConsignmentReceivable => AccountKind::ConsignmentDeposit,
            AccountKind::ConsignmentDeposit => AccountKind::ConsignmentReceivable,
            AccountKind::PaidForOthers => AccountKind::OwedForOthers,
            AccountKind::OwedForOthers => AccountKind::PaidForOthers,
            AccountKind::Internal => AccountKind::Internal,
            _ => continue,
        };
        if keep_books.contains(other) {
            let there = sums.get(&(*other, *one, mirror)).copied().unwrap_or(0);
            // the two sections of one office meet in one account of each
            let sum = if one == other { 0 } else { *sum };
            let there = if one == other {
                sums.get(&(*one, *one, *kind)).copied().unwrap_or(0)
            } else {
                there
            };
            hold(sum + there == 0, || {
                format!("4: {one} {kind:?} {other}: {sum} and {there}")
            })?;
        }
    }
    Ok(())
}

/// 5: a lot is born once, before anything moves it.
fn lots_are_born_once(entries: &[Arc<Entry>]) -> Result<(), String> {
    let (mut ids, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for entry in entries {
        for birth in &entry.births {
            if birth.amends {
                hold(ids.contains(&birth.lot.id), || {
                    format!("5: entry {} amends a lot unborn", entry.seq)
                })?;
            } else {
                let new = ids.insert(birth.lot.id) && codes.insert(birth.lot.code.clone());
                hold(new, || format!("5: {} is born twice", birth.lot.code))?;
            }
        }
        let moved = entry.movements.iter().map(|one| one.lot);
        let linked = entry.links.iter().flat_map(|link| [link.input, link.output]);
        let unborn = moved.chain(linked).find(|lot| !ids.contains(lot));
        hold(unborn.is_none(), || {
            format!("5: entry {} moves {unborn:?} before its birth", entry.seq)
        })?;
    }
    Ok(())
}

/// 5: per processing and input the links account for every quantity used.
fn links_account_for_all(entries: &[Arc<Entry>]) -> Result<(), String> {
    for entry in entries
        .iter()
        .filter(|entry| !entry.links.is_empty() || entry.kind == "process")
    {
        let mut open: BTreeMap<LotId, i64> = BTreeMap::new();
        for one in &entry.movements {
            for (place, steps) in [(one.from, -one.quantity.get()), (one.to, one.quantity.get())] {
                if place.kind == PlaceKind::Used {
                    *open.entry(one.lot).or_default() += steps;
                }
            }
        }
        for link in &entry.links {
            *open.entry(link.input).or_default() -= link.quantity;
        }
        hold(open.values().all(|steps| *steps == 0), || {
            format!("5: links of entry {}: {open:?}", entry.seq)
        })?;
    }
    Ok(())
}

/// 5: links form no circle, nor does any sum of them fall below nought.
fn links_form_no_circle(entries: &[Arc<Entry>]) -> Result<(), String> {
    let mut sums: BTreeMap<(LotId, LotId), i64> = BTreeMap::new();
    for link in entries.iter().flat_map(|entry| &entry.links) {
        *sums.entry((link.input, link.output)).or_default() += link.quantity;
    }
    let negative = sums.iter().find(|(_, steps)| **steps < 0);
    hold(negative.is_none(), || format!("5: {negative:?}"))?;
    let mut open: BTreeSet<(LotId, LotId)> = sums
        .iter()
        .filter(|(_, steps)| **steps > 0)
        .map(|(pair, _)| *pair)
        .collect();
    // what is made of nothing that is still open can go; in a circle nothing can
    loop {
        let outputs: BTreeSet<LotId> = open.iter().map(|(_, output)| *output).collect();
        let before = open.len();
        open.retain(|(input, _)| outputs.contains(input));
        if open.is_empty() {
            return Ok(());
        }
        hold(open.len() < before, || format!("5: a circle among {open:?}"))?;
    }
}

/// 6: what the book has in sum is the fold of its entries.
fn projections_are_the_fold(entries: &[Arc<Entry>], fold: &Fold, facts: &Facts) -> Result<(), String> {
    hold(facts.size == entries.len() as u64, || {
        format!("6: size {}", facts.size)
    })?;
    let mut lots: BTreeMap<LotId, BTreeMap<Place, (i64, i32)>> = BTreeMap::new();
    for ((lot, place), days) in &fold.goods {
        let last = days.keys().next_back().copied().unwrap_or(0);
        lots.entry(*lot)
            .or_default()
            .insert(*place, (days.values().sum(), last));
    }
    for (lot, places) in &lots {
        let fact = facts
            .lot(*lot)
            .ok()
            .flatten()
            .ok_or_else(|| format!("6: {lot} is not there"))?;
        let found: BTreeMap<Place, (i64, i32)> = fact
            .stock
            .iter()
            .map(|(place, stock)| (*place, (stock.quantity, stock.last_day)))
            .collect();
        hold(found == *places, || {
            format!("6: {}\n  {found:?}\n  {places:?}", fact.lot.code)
        })?;
    }
    Ok(())
}

/// 7: a key is one entry, at the place the book says.
fn keys_are_unique(entries: &[Arc<Entry>], facts: &Facts) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    for (n, entry) in entries.iter().enumerate() {
        hold(entry.seq == n as u64, || {
            format!("7: entry {} stands at {n}", entry.seq)
        })?;
        hold(keys.insert((entry.acting, entry.key.clone())), || {
            format!("7: {} is there twice", entry.key)
        })?;
        hold(entry.id == entry_id(entry.acting, &entry.key), || {
            format!("7: id of entry {n}")
        })?;
        let known = facts.known(entry.id).ok().flatten().map(|known| known.seq);
        hold(known == Some(entry.seq), || {
            format!("7: entry {n} is known as {known:?}")
        })?;
    }
    Ok(())
}

/// The head over the canonical leaves.
pub fn head(entries: &[Arc<Entry>], seeds: &[[u8; 32]]) -> Frontier {
    let mut frontier = Frontier::default();
    for (entry, seed) in entries.iter().zip(seeds) {
        frontier.append(leaf_hash(&canonical::leaf_content(
            entry.seq,
            &canonical::parts(entry),
            seed,
        )));
    }
    frontier
}

/// 8: the head is the Merkle root of the leaves, and the bytes of an entry say all of it.
fn the_head_is_the_root(entries: &[Arc<Entry>], seeds: &[[u8; 32]]) -> Result<(), String> {
    hold(entries.len() == seeds.len(), || {
        format!("8: {} seeds of {} entries", seeds.len(), entries.len())
    })?;
    let mut leaves = Vec::new();
    for (entry, seed) in entries.iter().zip(seeds) {
        let parts = canonical::parts(entry);
        leaves.push(leaf_hash(&canonical::leaf_content(entry.seq, &parts, seed)));
        let read = canonical::decode(&canonical::encode(&parts));
        hold(read.as_ref() == Ok(&**entry), || {
            format!("8: entry {} reads back as {read:?}", entry.seq)
        })?;
    }
    let (kept, root) = (head(entries, seeds).root(), root_of(&leaves));
    hold(kept == root, || format!("8: head {kept:?}, root {root:?}"))
}

/// 9: all that was ever shared, split or mirrored still sums to nought.
fn no_yen_is_lost(fold: &Fold) -> Result<(), String> {
    let sum: i64 = fold.money.values().flat_map(|(months, _)| months.values()).sum();
    hold(sum == 0, || format!("9: {sum} yen too many"))
}
