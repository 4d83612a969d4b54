//! Goods that left although the book did not have them (帳簿より先に出たもの): a count of their place settles it.

use super::{ClosePoint, Context, PointKind, TargetKind, ViewError, held::HeldEntry};
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
    let mut found: Vec<(&HeldEntry, LotId, Place, i64)> = Vec::new();
    let of_month = context.held.iter().filter(|held| context.has(held.entry.book_on));
    for held in of_month.filter(|held| !matches!(held.act, Some(Act::Count(_)))) {
        for movement in &held.movements {
            let is_ours = movement.to.holder == context.own.into();
            let is_kept = matches!(movement.to.kind, PlaceKind::Store | PlaceKind::Shelf);
            if movement.from.kind == PlaceKind::Found && is_ours && is_kept {
                found.push((held, movement.lot, movement.to, movement.quantity.get()));
            }
        }
    }
    let lots: Vec<LotId> = found.iter().map(|(_, lot, ..)| *lot).collect();
    let lots = snapshot.lots_by_id(&lots).await?;
    let lots: HashMap<LotId, Lot> = lots.into_iter().map(|kept| (kept.lot.id, kept.lot)).collect();
    let mut open: BTreeMap<LotId, i64> = BTreeMap::new();
    for (held, lot, place, quantity) in found {
        let facts = lots.get(&lot).ok_or(ViewError::Broken { what: "ロット" })?;
        let is_counted = context
            .held
            .iter()
            .any(|count| settles(context, count, held, facts, place));
        if !is_counted {
            let sum = open.entry(lot).or_default();
            *sum = sum.saturating_add(quantity);
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

/// Whether a count came after goods were found, at their place, and named their lot or product.
fn settles(context: &Context<'_>, count: &HeldEntry, found: &HeldEntry, lot: &Lot, place: Place) -> bool {
    let Some(Act::Count(act)) = &count.act else {
        return false;
    };
    let acting = count.entry.acting.office();
    count.entry.seq > found.entry.seq
        && count.entry.book_on >= found.entry.book_on
        && acting.is_some_and(|acting| {
            place.holder == acting.into()
                && owner(context.masters, act, acting).is_some_and(|owner| {
                    place.owner == owner.into() && names(context.masters, act, acting, lot)
                })
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
