//! What shops sold of an office's goods lately: to see at once what sells, and to refill in time.

use super::SoldLately;
use crate::{
    moment::Moment,
    views::{ViewError, close::held::Held, names, stock::StockLine},
};
use domain::{
    calendar::Day,
    id::{LotId, OfficeId, PartyId, ProductId},
    place::{Place, PlaceKind},
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// Days that are looked back, before today.
const DAYS: u64 = 6;

pub(super) async fn sold(
    moment: &Moment,
    held: &Held,
    office: OfficeId,
    today: Day,
    left: &[StockLine],
) -> Result<Vec<SoldLately>, ViewError> {
    let own = PartyId::from(office);
    let mut steps: BTreeMap<(PartyId, LotId), i64> = BTreeMap::new();
    let is_lately = |day: Day| day <= today && day.days_later(DAYS).is_some_and(|last| last >= today);
    for of in held.iter().filter(|held| is_lately(held.entry.supplied_on)) {
        for movement in &of.movements {
            let (from, to) = (movement.from, movement.to);
            let is_own = |place: Place| place.kind == PlaceKind::Shelf && place.owner == own;
            if is_own(from) && to.kind == PlaceKind::Sold {
                *steps.entry((from.holder, movement.lot)).or_default() += movement.quantity.get();
            } else if is_own(to) && from.kind == PlaceKind::Sold {
                *steps.entry((to.holder, movement.lot)).or_default() -= movement.quantity.get();
            }
        }
    }
    let ids: Vec<LotId> = steps.keys().map(|(_, lot)| *lot).collect();
    let lots = moment.snapshot.lots_by_id(&ids).await?;
    let products: HashMap<LotId, ProductId> = lots
        .into_iter()
        .map(|kept| (kept.lot.id, kept.lot.product))
        .collect();
    let mut sums: BTreeMap<(PartyId, ProductId), i64> = BTreeMap::new();
    for ((shop, lot), steps) in steps {
        let product = products.get(&lot).ok_or(ViewError::Broken { what: "lot" })?;
        *sums.entry((shop, *product)).or_default() += steps;
    }
    let mut lately = Vec::new();
    for ((shop, product), steps) in sums.into_iter().filter(|(_, steps)| *steps > 0) {
        let product = moment.masters.product(product);
        let product = product.ok_or(ViewError::Broken { what: "product" })?;
        let (shop, named) = (
            names::party(&moment.masters, shop, today),
            names::product(&moment.masters, product, today),
        );
        let there = left
            .iter()
            .filter(|row| row.holder == shop && row.product == named);
        let there: Decimal = there.map(|row| row.quantity).sum();
        let sold = product.unit.decimal(steps);
        lately.push(SoldLately {
            refill: there < sold,
            left: there,
            sold,
            unit: product.unit.name.clone(),
            product: named,
            shop,
        });
    }
    lately.sort_by(|one, other| {
        let by = |of: &SoldLately| (of.shop.clone(), of.product.clone());
        other.sold.cmp(&one.sold).then_with(|| by(one).cmp(&by(other)))
    });
    Ok(lately)
}
