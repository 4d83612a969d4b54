//! 棚: what lies on the shelves of an office and whose it is, what of its own lies on the shelves of others, and what of that was
//! sold lately, as soon as the shop has recorded it.

use super::{
    ViewError,
    names::{self, Named},
    stock::{StockLine, stock},
};
use crate::{Book, viewer::Viewer};
use domain::{
    calendar::{Day, business_day},
    id::{LotId, OfficeId, PartyId, ProductId},
    place::PlaceKind,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use store::Search;
use utoipa::ToSchema;

/// Days that are looked back, before today.
const DAYS: u64 = 6;
/// Entries that may say so.
const ENTRIES: u32 = 1_000;
/// Entries of an office that are looked through for them: more than a week of a busy one.
const AMONG: u32 = 3_000;

/// The shelves of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShelfView {
    /// Goods of others on its shelves, by owner.
    pub here: Vec<StockLine>,
    /// Its own goods on the shelves of others, by shop.
    pub elsewhere: Vec<StockLine>,
    /// What of its own others sold in the last seven days, what sold most first.
    pub sold: Vec<SoldLately>,
}

/// A product that a shop sold for its owner. Quantities alone: what the customer paid is the shop's under 消化仕入型.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SoldLately {
    /// Who sold it.
    pub shop: Named,
    /// Product.
    pub product: Named,
    /// How much, returns taken off.
    pub sold: Decimal,
    /// What is left there now.
    pub left: Decimal,
    /// Unit.
    pub unit: String,
    /// Less is left than was sold: at this pace the shelf is empty within as many days again.
    pub refill: bool,
}

/// The shelves of an office.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn shelf(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<ShelfView, ViewError> {
    let today = business_day(book.outside().clock.now());
    let moment = book.moment().await?;
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(ShelfView::default());
    }
    let own = names::party(&moment.masters, PartyId::from(office), today);
    let rows = stock(book, viewer, None, Some(office)).await?.rows;
    let on_shelves = rows
        .into_iter()
        .filter(|row| row.place == PlaceKind::Shelf.label());
    let (elsewhere, here): (Vec<StockLine>, Vec<StockLine>) = on_shelves.partition(|row| row.owner == own);
    let sold = sold(&moment, office, today, &elsewhere).await?;
    Ok(ShelfView {
        here,
        elsewhere,
        sold,
    })
}

async fn sold(
    moment: &crate::moment::Moment,
    office: OfficeId,
    today: Day,
    left: &[StockLine],
) -> Result<Vec<SoldLately>, ViewError> {
    // sales, and what takes them back or puts them right
    let kinds = ["sell", "return", "reverse", "correct"].map(str::to_owned);
    let search = Search {
        offices: Some(vec![office]),
        kinds: kinds.into(),
        newest: Some(AMONG),
        ..Search::default()
    };
    let found = moment.snapshot.search(&search, ENTRIES).await?;
    let found = moment.snapshot.whole_entries(&found).await?;
    let own = PartyId::from(office);
    let mut steps: BTreeMap<(PartyId, LotId), i64> = BTreeMap::new();
    let is_lately = |day: Day| day <= today && day.days_later(DAYS).is_some_and(|last| last >= today);
    for whole in found
        .into_values()
        .filter(|whole| is_lately(whole.entry.supplied_on))
    {
        for movement in &whole.entry.movements {
            let (from, to) = (movement.from, movement.to);
            let is_own = |place: domain::place::Place| place.kind == PlaceKind::Shelf && place.owner == own;
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
