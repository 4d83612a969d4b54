//! 配送中: shipments on their way between two offices, each with what of it has not been received yet.

use super::{
    ViewError,
    names::{self, Named},
    reference,
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    calendar::{Day, business_day},
    entry::Entry,
    id::{EntryId, OfficeId},
    lot::BestBefore,
    masters::AgreementKind,
    place::{Place, PlaceKind},
    refs::EntryRef,
    text::Code,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use store::{KeptLot, StockRow};
use utoipa::ToSchema;

/// A shipment on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Delivery {
    /// Its entry.
    pub shipment: EntryId,
    /// As its receipt names it.
    pub named: EntryRef,
    /// Who sent it.
    pub from: Named,
    /// For whom it is.
    pub to: Named,
    /// Day it was sent.
    pub sent_on: Day,
    /// What is still on its way, in the order of the lots.
    pub lines: Vec<DeliveryLine>,
}

/// A lot on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeliveryLine {
    /// Code of the lot.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// How much of it has not been received.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// 期限.
    pub best_before: Option<BestBefore>,
}

/// Shipments that an office has sent or is to receive, the oldest first.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn deliveries(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<Delivery>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let rows = moment.snapshot.stock_of_parties(&[office.into()]).await?;
    let on_the_way = rows
        .into_iter()
        .filter(|row| row.place.kind == PlaceKind::Transit);
    let mut shipments: BTreeMap<EntryId, Vec<StockRow>> = BTreeMap::new();
    for row in on_the_way {
        if let Some(shipment) = row.place.reference {
            shipments.entry(EntryId(shipment)).or_default().push(row);
        }
    }
    let ids: Vec<EntryId> = shipments.keys().copied().collect();
    let entries = moment.snapshot.entries_by_id(&ids).await?;
    let numbers: Vec<i64> = shipments.values().flatten().map(|row| row.lot).collect();
    let lots = moment.snapshot.lots(&numbers).await?;
    let lots: HashMap<i64, KeptLot> = lots.into_iter().map(|lot| (lot.no, lot)).collect();
    let mut deliveries = Vec::new();
    for entry in entries {
        let rows = shipments.remove(&entry.id).unwrap_or_default();
        if let Some(place) = rows.first().map(|row| row.place) {
            deliveries.push(delivery(&moment, &lots, &entry, place, rows, today)?);
        }
    }
    deliveries.sort_by_key(|delivery| (delivery.sent_on, delivery.shipment));
    Ok(deliveries)
}

/// Days that the sender of goods has to answer when something is missing, where the two have agreed on none.
const USUAL_DAYS: u8 = 7;

/// Which agreement of two offices says how many days there are for an answer.
pub const OF_DELIVERIES: &[AgreementKind] = &[AgreementKind::Supply, AgreementKind::Internal];
/// The same for goods on a shelf.
pub const OF_SHELVES: &[AgreementKind] = &[AgreementKind::Consign];

/// Days that a sender has to answer a difference, as the two have agreed for a day by one of these.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn days_to_answer(
    book: &Book,
    viewer: &Viewer,
    kinds: &[AgreementKind],
    (buyer, seller): (OfficeId, &Code),
    day: Day,
) -> Result<u8, ViewError> {
    let moment = book.moment().await?;
    let masters = &moment.masters;
    if !viewer.gate(masters).follows(buyer, day) {
        return Ok(USUAL_DAYS);
    }
    let seller = masters.office_by_code(seller).map(|office| office.id);
    let agreed = seller.and_then(|seller| {
        let found = |kind: &AgreementKind| masters.agreement_between(*kind, seller, buyer, day);
        let terms = kinds.iter().find_map(found)?.terms.on(day)?;
        terms.confirm_days
    });
    Ok(agreed.unwrap_or(USUAL_DAYS))
}

/// A shipment to an office as its receipt names it, whether or not something of it is still on its way; none of anything else.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn shipment_to(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    shipment: EntryId,
) -> Result<Option<EntryRef>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(None);
    }
    let entry = moment.snapshot.entry(shipment).await?;
    let is_to = |entry: &Entry| {
        let mut to = entry.movements.iter().map(|movement| movement.to);
        to.any(|place| place.kind == PlaceKind::Transit && place.holder == office.into())
    };
    Ok(entry
        .filter(is_to)
        .map(|entry| reference(&moment.masters, &entry)))
}

fn delivery(
    moment: &Moment,
    lots: &HashMap<i64, KeptLot>,
    entry: &Entry,
    place: Place,
    mut rows: Vec<StockRow>,
    today: Day,
) -> Result<Delivery, ViewError> {
    let masters = &moment.masters;
    rows.sort_by_key(|row| row.lot);
    let line = |row: &StockRow| -> Result<DeliveryLine, ViewError> {
        let lot = &lots.get(&row.lot).ok_or(ViewError::Broken { what: "lot" })?.lot;
        let product = masters
            .product(lot.product)
            .ok_or(ViewError::Broken { what: "product" })?;
        Ok(DeliveryLine {
            lot: lot.code.to_string(),
            product: names::product(masters, product, today),
            quantity: product.unit.decimal(row.quantity),
            unit: product.unit.name.clone(),
            best_before: lot.best_before,
        })
    };
    Ok(Delivery {
        shipment: entry.id,
        named: reference(masters, entry),
        from: names::party(masters, place.owner, today),
        to: names::party(masters, place.holder, today),
        sent_on: entry.supplied_on,
        lines: rows.iter().map(line).collect::<Result<_, _>>()?,
    })
}
