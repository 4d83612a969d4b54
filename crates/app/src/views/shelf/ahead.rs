//! 数える前に売れた分: what was sold off a shelf although the book did not have it there. A true sale is never refused; what
//! the book was short of is listed until somebody counts.

use crate::{
    moment::Moment,
    viewer::Gate,
    views::{
        ViewError,
        close::{goods, held::Held},
        names::{self, Named},
    },
};
use domain::{
    calendar::Day,
    id::{EntryId, LotId, OfficeId, PartyId},
    lot::Lot,
    place::{Place, PlaceKind},
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Goods sold ahead of a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SoldAhead {
    /// The sale.
    pub entry: EntryId,
    /// Day of the sale.
    pub sold_on: Day,
    /// Whose goods.
    pub owner: Named,
    /// On whose shelf.
    pub shop: Named,
    /// Product.
    pub product: Named,
    /// Code of the lot.
    pub lot: String,
    /// How much the book was short of.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
}

/// What was sold ahead of a count on shelves that an office has or has goods on, in the order of the sales.
pub(super) async fn ahead(
    moment: &Moment,
    gate: Gate<'_>,
    held: &Held,
    office: OfficeId,
) -> Result<Vec<SoldAhead>, ViewError> {
    let (masters, own) = (&moment.masters, PartyId::from(office));
    let is_there =
        |place: Place| place.kind == PlaceKind::Shelf && (place.holder == own || place.owner == own);
    let found = goods::ahead(held.iter(), is_there);
    let lots: Vec<LotId> = found.iter().map(|ahead| ahead.lot).collect();
    let lots = moment.snapshot.lots_by_id(&lots).await?;
    let lots: HashMap<LotId, Lot> = lots.into_iter().map(|kept| (kept.lot.id, kept.lot)).collect();
    let mut open = Vec::new();
    for ahead in found {
        let lot = lots.get(&ahead.lot).ok_or(ViewError::Broken { what: "lot" })?;
        let (entry, place) = (&ahead.held.entry, ahead.place);
        let is_seen = gate.sees_goods(place.owner, place.holder, entry.book_on);
        if !is_seen || ahead.is_counted(masters, held, lot) {
            continue;
        }
        let product = masters.product(lot.product);
        let product = product.ok_or(ViewError::Broken { what: "product" })?;
        let day = entry.supplied_on;
        open.push(SoldAhead {
            entry: entry.id,
            sold_on: day,
            owner: names::party(masters, place.owner, day),
            shop: names::party(masters, place.holder, day),
            product: names::product(masters, product, day),
            lot: lot.code.to_string(),
            quantity: product.unit.decimal(ahead.quantity),
            unit: product.unit.name.clone(),
        });
    }
    Ok(open)
}
