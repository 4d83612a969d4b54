//! What the lines of a 精算書 were about: the goods of the two in each entry. An entry with goods of several owners tells each only
//! of its own.

use super::{Pair, ViewError};
use crate::{moment::Moment, views::names};
use domain::{
    calendar::Day,
    entry::{Entry, Movement},
    id::{LotId, ProductId},
    place::{Place, PlaceKind},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Products named in a line at most; the rest is counted.
const NAMED: usize = 3;

/// Goods of the two by entry position, in words: `にんじん 6kg、きゅうり 3kg`.
pub(super) async fn goods_of<'e>(
    moment: &Moment,
    pair: Pair,
    entries: impl Iterator<Item = &'e Entry>,
    day: Day,
) -> Result<BTreeMap<u64, String>, ViewError> {
    let entries: Vec<(u64, Vec<(&Movement, bool)>)> =
        entries.map(|entry| (entry.seq, between(entry, pair))).collect();
    let lots: BTreeSet<LotId> = (entries.iter())
        .flat_map(|(_, moved)| moved.iter().map(|(movement, _)| movement.lot))
        .collect();
    let lots: Vec<LotId> = lots.into_iter().collect();
    let products: HashMap<LotId, ProductId> = (moment.snapshot.lots_by_id(&lots).await?.into_iter())
        .map(|kept| (kept.lot.id, kept.lot.product))
        .collect();
    let mut words = BTreeMap::new();
    for (seq, moved) in entries {
        let mut steps: BTreeMap<ProductId, i64> = BTreeMap::new();
        for (movement, is_out) in moved {
            if let Some(product) = products.get(&movement.lot) {
                let quantity = movement.quantity.get();
                let sum = steps.entry(*product).or_default();
                *sum = sum.saturating_add(if is_out { quantity } else { -quantity });
            }
        }
        steps.retain(|_, steps| *steps != 0);
        let named = steps.iter().filter_map(|(product, steps)| {
            let product = moment.masters.product(*product)?;
            let name = names::product(&moment.masters, product, day).name;
            let quantity = product.unit.decimal(*steps).normalize();
            Some(format!("{name} {quantity}{}", product.unit.name))
        });
        let mut named: Vec<String> = named.collect();
        named.sort_unstable();
        let more = named.len().saturating_sub(NAMED);
        named.truncate(NAMED);
        if more > 0 {
            named.push(format!("ほか{more}品目"));
        }
        let all = named.join("、");
        if !all.is_empty() {
            words.insert(seq, all);
        }
    }
    Ok(words)
}

/// What left a shelf or a way between the two, and what came back to it.
fn between(entry: &Entry, pair: Pair) -> Vec<(&Movement, bool)> {
    let is_ours = |place: &Place| {
        let parties = (place.owner, place.holder);
        let (own, other) = (pair.own.into(), pair.other.into());
        matches!(place.kind, PlaceKind::Shelf | PlaceKind::Transit)
            && (parties == (own, other) || parties == (other, own))
    };
    let moved = entry.movements.iter().filter_map(|movement| {
        if is_ours(&movement.from) {
            Some((movement, true))
        } else {
            is_ours(&movement.to).then_some((movement, false))
        }
    });
    moved.collect()
}
