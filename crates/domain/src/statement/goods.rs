//! The goods part of a 精算書: per product what lay on the shelf, came, was sold, went back, was lost, and lies there at the end.

use super::first_act;
use crate::{
    entry::Entry,
    id::{LotId, ProductId},
    place::{Place, PlaceKind},
};
use std::collections::BTreeMap;

/// A product on a shelf in a period, in smallest steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// 前回の残り.
    pub opening: i64,
    /// 納品, with what a count or a sale found that the book did not know of in [`Goods::found`].
    pub delivered: i64,
    /// 売れた, less what customers brought back.
    pub sold: i64,
    /// 返品: taken back by the producer.
    pub returned: i64,
    /// 廃棄・紛失.
    pub lost: i64,
    /// 数え直しで増えた.
    pub found: i64,
    /// 残り.
    pub closing: i64,
}

/// Folds what a statement covers of an owner's shelf at a holder. `None` for sums beyond all bounds, or a lot that is not known.
pub fn goods<'e>(
    shelf: Place,
    before: impl IntoIterator<Item = (LotId, i64)>,
    entries: impl IntoIterator<Item = (&'e Entry, &'static str)>,
    product: impl Fn(LotId) -> Option<ProductId>,
) -> Option<BTreeMap<ProductId, Goods>> {
    let mut goods: BTreeMap<ProductId, Goods> = BTreeMap::new();
    for (lot, steps) in before {
        let of = goods.entry(product(lot)?).or_default();
        of.opening = of.opening.checked_add(steps)?;
        of.closing = of.closing.checked_add(steps)?;
    }
    for (entry, first) in entries {
        for movement in &entry.movements {
            let (other, comes) = match (movement.from == shelf, movement.to == shelf) {
                (false, true) => (movement.from, true),
                (true, false) => (movement.to, false),
                _ => continue,
            };
            let of = goods.entry(product(movement.lot)?).or_default();
            let steps = movement.quantity.get();
            let (came, went) = if comes { (steps, -steps) } else { (-steps, steps) };
            let (column, counted) = match other.kind {
                PlaceKind::Sold => (&mut of.sold, went),
                PlaceKind::Lost => (&mut of.lost, went),
                PlaceKind::Found => (&mut of.found, came),
                // what is taken back, and what takes that back; all else undoes a placing
                PlaceKind::Store if first == "return" => (&mut of.returned, went),
                PlaceKind::Used => (&mut of.returned, went),
                _ => (&mut of.delivered, came),
            };
            *column = column.checked_add(counted)?;
            of.closing = of.closing.checked_add(came)?;
        }
    }
    goods.retain(|_, of| *of != Goods::default());
    Some(goods)
}

/// The kind of act at the start of a chain of reversals, as a lookup by id finds it; of a correction that of its right version.
pub fn first_kind<'e>(
    entry: &'e Entry,
    by_id: &impl Fn(crate::id::EntryId) -> Option<&'e Entry>,
) -> &'static str {
    let mut at = entry;
    // a chain is as long as the log at most; it is followed only while it goes back
    while at.kind == "reverse" {
        match at.reverses.and_then(by_id) {
            Some(before) if before.seq < at.seq => at = before,
            _ => return "reverse",
        }
    }
    first_act(at)
}
