//! What was placed on shelves lately, with what of it lies there now: the shop compares it with what came.

use crate::{
    moment::Moment,
    viewer::Gate,
    views::{
        ViewError,
        close::held::Held,
        names::{self, Named},
        stock::StockLine,
    },
};
use domain::{
    calendar::Day,
    entry::Movement,
    id::{EntryId, LotId},
    lot::Lot,
    place::PlaceKind,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Days that are looked back, before today: as long as a difference is of interest.
const DAYS: u64 = 13;

/// Goods that an owner placed on a shop's shelf in one go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Placement {
    /// Its entry.
    pub entry: EntryId,
    /// Whose goods.
    pub owner: Named,
    /// On whose shelf.
    pub shop: Named,
    /// Day it was placed.
    pub placed_on: Day,
    /// What was placed.
    pub lines: Vec<PlacedLine>,
}

/// A lot that was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlacedLine {
    /// Code of the lot.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// How much was placed.
    pub placed: Decimal,
    /// How much of the lot lies on that shelf now.
    pub there: Decimal,
    /// Unit.
    pub unit: String,
}

/// Placements of the last two weeks that hold, the newest first.
pub(super) async fn placed(
    moment: &Moment,
    gate: Gate<'_>,
    held: &Held,
    (here, elsewhere): (&[StockLine], &[StockLine]),
    today: Day,
) -> Result<Vec<Placement>, ViewError> {
    let masters = &moment.masters;
    let is_lately = |day: Day| day <= today && day.days_later(DAYS).is_some_and(|last| last >= today);
    let is_placing = |movement: &&Movement| {
        let (from, to) = (movement.from, movement.to);
        from.kind == PlaceKind::Store && to.kind == PlaceKind::Shelf
    };
    let mut found: Vec<(&_, Vec<&Movement>)> = Vec::new();
    for of in held.iter().filter(|held| is_lately(held.entry.supplied_on)) {
        let sees = |movement: &&Movement| {
            let to = movement.to;
            is_placing(movement) && gate.sees_goods(to.owner, to.holder, of.entry.book_on)
        };
        let lines: Vec<&Movement> = of.movements.iter().filter(sees).collect();
        if !lines.is_empty() {
            found.push((&of.entry, lines));
        }
    }
    let ids: Vec<LotId> = (found.iter().flat_map(|(_, lines)| lines))
        .map(|line| line.lot)
        .collect();
    let lots = moment.snapshot.lots_by_id(&ids).await?;
    let lots: HashMap<LotId, Lot> = lots.into_iter().map(|kept| (kept.lot.id, kept.lot)).collect();
    let mut placements = Vec::new();
    for (entry, movements) in found {
        let Some(to) = movements.first().map(|movement| movement.to) else {
            continue;
        };
        let owner = names::party(masters, to.owner, today);
        let shop = names::party(masters, to.holder, today);
        let line = |movement: &&Movement| {
            let lot = lots.get(&movement.lot).ok_or(ViewError::Broken { what: "lot" })?;
            let product = masters.product(lot.product);
            let product = product.ok_or(ViewError::Broken { what: "product" })?;
            let code = lot.code.to_string();
            let of_lot = |line: &&StockLine| line.lot == code && line.owner == owner && line.holder == shop;
            let there = here.iter().chain(elsewhere).filter(of_lot);
            Ok(PlacedLine {
                there: there.map(|line| line.quantity).sum(),
                lot: code.clone(),
                product: names::product(masters, product, today),
                placed: product.unit.decimal(movement.quantity.get()),
                unit: product.unit.name.clone(),
            })
        };
        let lines = movements.iter().map(line).collect::<Result<_, ViewError>>()?;
        placements.push((
            (entry.supplied_on, entry.seq),
            Placement {
                entry: entry.id,
                owner: owner.clone(),
                shop: shop.clone(),
                placed_on: entry.supplied_on,
                lines,
            },
        ));
    }
    placements.sort_by_key(|(when, _)| std::cmp::Reverse(*when));
    Ok(placements.into_iter().map(|(_, placement)| placement).collect())
}
