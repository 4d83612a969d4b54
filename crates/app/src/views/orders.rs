//! 注文: what one office wants from another. Both read it whole; nobody else knows of it.

use super::{
    ViewError,
    names::{self, Named},
    reference,
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    acts::{Act, order::Order},
    calendar::{Day, business_day},
    decide::act_of,
    entry::Entry,
    id::{EntryId, OfficeId},
    masters::Masters,
    money::UnitPrice,
    refs::EntryRef,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashSet;
use store::Search;
use utoipa::ToSchema;

/// Orders that are looked through: those of a dozen buyers for weeks ahead.
const LATELY: u32 = 1_000;
/// Entries of an office that are looked through for them: the better part of a busy one's year.
const AMONG: u32 = 5_000;

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WantedView {
    /// From whom.
    pub from: Named,
    /// Day of delivery.
    pub wanted_on: Day,
    /// What, and how much.
    pub lines: Vec<WantedLine>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WantedLine {
    /// Product.
    pub product: Named,
    /// How much, in the product's unit.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// Price that was frozen with the order, with its decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
}

/// An order that nothing was sent for yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenOrder {
    /// Its entry.
    pub order: EntryId,
    /// Who wants it.
    pub by: Named,
    /// What.
    pub wanted: WantedView,
}

/// What an entry wants; nothing for one that is no order.
pub(super) fn wanted(masters: &Masters, entry: &Entry, day: Day) -> Option<WantedView> {
    let order = order_of(entry)?;
    let to = masters.office_by_code(&order.to)?.id;
    let line = |line: &domain::acts::order::OrderLine| {
        let of = match &line.product.office {
            Some(code) => masters.office_by_code(code)?.id,
            None => to,
        };
        let product = masters.product_by_code(of, &line.product.code)?;
        let quantity = product.unit.read(&line.quantity).ok()?;
        Some(WantedLine {
            product: names::product(masters, product, day),
            quantity: product.unit.decimal(quantity.get()),
            unit: product.unit.name.clone(),
            unit_price: line.unit_price,
        })
    };
    Some(WantedView {
        from: names::party(masters, to.into(), day),
        wanted_on: order.wanted_on,
        lines: order.lines.iter().filter_map(line).collect(),
    })
}

/// The order of an entry, also of one that puts an order right.
fn order_of(entry: &Entry) -> Option<Order> {
    match act_of(entry)? {
        Act::Order(order) => Some(*order),
        Act::Correct(correct) => match correct.right {
            Act::Order(order) => Some(*order),
            _ => None,
        },
        _ => None,
    }
}

/// Orders by and to an office for which nothing was sent yet, in the order of the days they are wanted on.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn open_orders(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
) -> Result<Vec<OpenOrder>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let found = lately(&moment, office).await?;
    let undone = moment.snapshot.mirrors_of(&found).await?;
    let sent = moment.snapshot.sent_for(&found).await?;
    let open: Vec<u64> = (found.into_iter())
        .filter(|seq| !undone.contains_key(seq) && !sent.contains(seq))
        .collect();
    let orders = moment.snapshot.whole_entries(&open).await?;
    let orders: Vec<Entry> = orders.into_values().map(|whole| whole.entry).collect();
    // what was sent for an order before it was put right was sent for it
    let before: Vec<EntryId> = orders.iter().filter_map(|order| order.reverses).collect();
    let before = sent_before(&moment, &before).await?;
    let masters = &moment.masters;
    let open = orders
        .iter()
        .filter(|order| order.reverses.is_none_or(|id| !before.contains(&id)));
    let mut open: Vec<OpenOrder> = open
        .filter_map(|order| {
            Some(OpenOrder {
                order: order.id,
                by: names::party(masters, order.acting.office()?.into(), today),
                wanted: wanted(masters, order, today)?,
            })
        })
        .collect();
    open.sort_by_key(|order| (order.wanted.wanted_on, order.order));
    Ok(open)
}

/// An order to an office as a shipment names it, whether or not something was sent for it; none of anything else.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn order_to(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    order: EntryId,
) -> Result<Option<EntryRef>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    if !viewer.gate(masters).follows(office, today) {
        return Ok(None);
    }
    let entry = moment.snapshot.entry(order).await?;
    let is_to = |entry: &Entry| {
        let to = order_of(entry).and_then(|order| masters.office_by_code(&order.to));
        to.is_some_and(|to| to.id == office)
    };
    Ok(entry.filter(is_to).map(|entry| reference(masters, &entry)))
}

/// Positions of the newest orders by and to an office, and of what puts entries right.
async fn lately(moment: &Moment, office: OfficeId) -> Result<Vec<u64>, ViewError> {
    let search = Search {
        offices: Some(vec![office]),
        kinds: ["order", "correct"].map(str::to_owned).to_vec(),
        newest: Some(AMONG),
        ..Search::default()
    };
    Ok(moment.snapshot.search(&search, LATELY).await?)
}

/// Those of these orders for which something was sent.
async fn sent_before(moment: &Moment, orders: &[EntryId]) -> Result<HashSet<EntryId>, ViewError> {
    if orders.is_empty() {
        return Ok(HashSet::new());
    }
    let orders = moment.snapshot.entries_by_id(orders).await?;
    let seqs: Vec<u64> = orders.iter().map(|order| order.seq).collect();
    let sent = moment.snapshot.sent_for(&seqs).await?;
    let sent = orders.iter().filter(|order| sent.contains(&order.seq));
    Ok(sent.map(|order| order.id).collect())
}
