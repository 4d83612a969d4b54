//! Goods that left although the book did not have them (帳簿より先に出たもの): a count of their place settles it.

use super::{
    ClosePoint, Context, PointKind, TargetKind, ViewError,
    held::{Held, HeldEntry},
};
use domain::{
    acts::{Act, count::Count},
    id::{LotId, OfficeId},
    lot::Lot,
    masters::Masters,
    place::{Place, PlaceKind},
};
use std::collections::{BTreeMap, HashMap};
use store::Snapshot;

/// Lots found ahead of a count in the month at places of the office, that were not counted since.
pub(super) async fn found_ahead(
    context: &Context<'_>,
    snapshot: &Snapshot,
) -> Result<Vec<ClosePoint>, ViewError> {
    let of_month = context.held.iter().filter(|held| context.has(held.entry.book_on));
    let is_ours = |place: Place| {
        place.holder == context.own.into() && matches!(place.kind, PlaceKind::Store | PlaceKind::Shelf)
    };
    let found = ahead(of_month, is_ours);
    let lots: Vec<LotId> = found.iter().map(|ahead| ahead.lot).collect();
    let lots = snapshot.lots_by_id(&lots).await?;
    let lots: HashMap<LotId, Lot> = lots.into_iter().map(|kept| (kept.lot.id, kept.lot)).collect();
    let mut open: BTreeMap<LotId, i64> = BTreeMap::new();
    for ahead in found {
        let facts = lots.get(&ahead.lot).ok_or(ViewError::Broken { what: "ロット" })?;
        if !ahead.is_counted(context.masters, context.held, facts) {
            let sum = open.entry(ahead.lot).or_default();
            *sum = sum.saturating_add(ahead.quantity);
        }
    }
    let mut points = Vec::new();
    for (lot, quantity) in open {
        let facts = lots.get(&lot).ok_or(ViewError::Broken { what: "ロット" })?;
        let product = context.masters.product(facts.product);
        let product = product.ok_or(ViewError::Broken { what: "品目" })?;
        let name = product
            .facts
            .on_or_first(facts.made_on)
            .map_or(product.code.as_str(), |known| known.name.as_str());
        let sentence = format!(
            "{name}({})が、帳簿にあるより{}{}多く出ています。数えて、棚卸を記録してください。",
            facts.code,
            product.unit.decimal(quantity).normalize(),
            product.unit.name
        );
        let target = Some((TargetKind::Lot, facts.code.to_string()));
        points.push(ClosePoint::warns(PointKind::FoundAhead, sentence, target));
    }
    Ok(points)
}

/// Goods of a lot that left a place although the book did not have them there.
pub(in crate::views) struct Ahead<'a> {
    /// What they left by.
    pub held: &'a HeldEntry,
    pub lot: LotId,
    /// The place they were found at.
    pub place: Place,
    pub quantity: i64,
}

/// What entries found at these places ahead of a count.
pub(in crate::views) fn ahead<'a>(
    held: impl Iterator<Item = &'a HeldEntry>,
    is_there: impl Fn(Place) -> bool,
) -> Vec<Ahead<'a>> {
    let mut found = Vec::new();
    for held in held.filter(|held| !matches!(held.act, Some(Act::Count(_)))) {
        for movement in &held.movements {
            if movement.from.kind == PlaceKind::Found && is_there(movement.to) {
                found.push(Ahead {
                    held,
                    lot: movement.lot,
                    place: movement.to,
                    quantity: movement.quantity.get(),
                });
            }
        }
    }
    found
}

impl Ahead<'_> {
    /// Whether a count came after it, at its place, and named the lot or its product.
    pub fn is_counted(&self, masters: &Masters, held: &Held, lot: &Lot) -> bool {
        held.iter().any(|count| settles(masters, count, self, lot))
    }
}

fn settles(masters: &Masters, count: &HeldEntry, found: &Ahead<'_>, lot: &Lot) -> bool {
    let Some(Act::Count(act)) = &count.act else {
        return false;
    };
    let (earlier, place) = (&found.held.entry, found.place);
    count.entry.seq > earlier.seq
        && count.entry.book_on >= earlier.book_on
        && count.entry.acting.office().is_some_and(|acting| {
            place.holder == acting.into()
                && owner(masters, act, acting)
                    .is_some_and(|owner| place.owner == owner.into() && names(masters, act, acting, lot))
        })
}

/// Whose goods were counted.
fn owner(masters: &Masters, count: &Count, acting: OfficeId) -> Option<OfficeId> {
    match &count.shelf_of {
        None => Some(acting),
        Some(code) => masters.office_by_code(code).map(|office| office.id),
    }
}

fn names(masters: &Masters, count: &Count, acting: OfficeId, lot: &Lot) -> bool {
    count.lines.iter().any(|line| {
        let is_product = line.product.as_ref().is_some_and(|named| {
            let of = match &named.office {
                None => Some(acting),
                Some(code) => masters.office_by_code(code).map(|office| office.id),
            };
            let product = of.and_then(|of| masters.product_by_code(of, &named.code));
            product.is_some_and(|product| product.id == lot.product)
        });
        is_product || line.lot.as_ref() == Some(&lot.code)
    })
}
