//! The goods part of a 精算書.

use super::{Pair, Read, SettlementGoods, ViewError};
use crate::{moment::Moment, views::names};
use domain::{
    calendar::Day,
    id::{LotId, OfficeId, ProductId},
    masters::{AgreementKind, Channel, Masters, Product},
    money::UnitPrice,
    statement,
    tax::{SupplyMode, TaxCategory},
};
use std::collections::HashMap;

/// Goods on the shelves of both, the owner's by owner and name.
pub(super) async fn goods(
    moment: &Moment,
    pair: Pair,
    read: &Read,
) -> Result<Vec<SettlementGoods>, ViewError> {
    let (snapshot, masters, day) = (&moment.snapshot, &*moment.masters, read.window.to);
    let mut rows = Vec::new();
    let sides = [(pair.own, pair.other), (pair.other, pair.own)];
    for ((owner, holder), (shelf, moved)) in sides.into_iter().zip(&read.shelves) {
        let before = snapshot.shelf_before((owner, holder), read.window).await?;
        let covered: Vec<_> = read.with_kinds(moved).collect();
        let numbers: Vec<i64> = before.iter().map(|(lot, _)| *lot).collect();
        let ids: Vec<LotId> = (covered.iter())
            .flat_map(|(entry, _)| entry.movements.iter().map(|movement| movement.lot))
            .collect();
        let there = snapshot.lots(&numbers).await?;
        let by_number: HashMap<i64, LotId> = there.iter().map(|kept| (kept.no, kept.lot.id)).collect();
        let mut products: HashMap<LotId, ProductId> = HashMap::new();
        for kept in there.into_iter().chain(snapshot.lots_by_id(&ids).await?) {
            products.insert(kept.lot.id, kept.lot.product);
        }
        let before = before
            .into_iter()
            .map(|(lot, steps)| Some((*by_number.get(&lot)?, steps)));
        let before: Option<Vec<(LotId, i64)>> = before.collect();
        let broken = || ViewError::Broken { what: "ロット" };
        let folded = statement::goods(*shelf, before.ok_or_else(broken)?, covered, |lot| {
            products.get(&lot).copied()
        });
        for (product, of) in folded.ok_or_else(broken)? {
            let product = masters.product(product).ok_or_else(broken)?;
            let shown = |steps: i64| product.unit.decimal(steps).normalize();
            rows.push(SettlementGoods {
                owner: names::party(masters, owner.into(), day),
                shop: names::party(masters, holder.into(), day),
                product: names::product(masters, product, day),
                unit: product.unit.name.clone(),
                unit_price: price(masters, (owner, holder), product, day),
                reduced: is_reduced(product, day),
                opening: shown(of.opening),
                delivered: shown(of.delivered),
                sold: shown(of.sold),
                returned: shown(of.returned),
                lost: shown(of.lost),
                found: shown(of.found),
                closing: shown(of.closing),
            });
        }
    }
    rows.sort_by(|one, other| (&one.owner, &one.product).cmp(&(&other.owner, &other.product)));
    Ok(rows)
}

/// The agreement's price, else that of the price list.
fn price(
    masters: &Masters,
    (owner, holder): (OfficeId, OfficeId),
    product: &Product,
    day: Day,
) -> Option<UnitPrice> {
    let agreement = masters.agreement_between(AgreementKind::Consign, owner, holder, day);
    let agreed = agreement
        .and_then(|agreement| masters.price(product.id, &Channel::Agreement(agreement.code.clone()), day));
    let listed = || masters.price(product.id, &Channel::Retail, day);
    agreed.or_else(listed).map(|price| price.unit_price)
}

fn is_reduced(product: &Product, day: Day) -> bool {
    let facts = product.facts.on_or_first(day);
    facts.is_some_and(|facts| facts.tax_for(SupplyMode::TakeAway) == TaxCategory::Reduced)
}
