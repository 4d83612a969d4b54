//! 書類: what stands on a delivery note and on an order form. Only for those who may see the entry; a price only where it was
//! frozen and the viewer may know it.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{
    Book,
    moment::Moment,
    viewer::{Parts, Viewer},
};
use domain::{
    acts::{Act, order::Order, ship::ShipLine},
    calendar::Day,
    decide::act_of,
    entry::{Entry, Movement, ReferenceRole},
    id::{EntryId, LotId, OfficeId, PartyId},
    lot::BestBefore,
    masters::{Masters, Product},
    money::{Rounding, UnitPrice, Yen},
    place::PlaceKind,
    refs::ProductRef,
    tax::{SupplyMode, TaxCategory},
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use store::KeptLot;
use utoipa::ToSchema;

/// An office as papers and labels name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Letterhead {
    /// Office.
    pub office: Named,
    /// Its corporation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporation: Option<String>,
    /// 所在地.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What became of the entry that a paper is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It was taken back.
    TakenBack,
    /// It was put right by the entry of this number.
    PutRight(u64),
}

/// What goods are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveredAs {
    /// 出荷.
    Shipment,
    /// 委託: they stay the sender's until they are sold.
    Consignment,
}

/// 納品書.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryNote {
    /// Number of the entry.
    pub number: u64,
    /// What became of it.
    pub standing: Standing,
    /// As what the goods are delivered.
    pub delivered_as: DeliveredAs,
    /// Who delivers.
    pub from: Letterhead,
    /// To whom.
    pub to: Letterhead,
    /// Day of delivery.
    pub on: Day,
    /// Number of the order that is filled.
    pub order: Option<u64>,
    /// Goods.
    pub lines: Vec<PaperLine>,
}

/// 注文書.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderForm {
    /// Number of the entry.
    pub number: u64,
    /// What became of it.
    pub standing: Standing,
    /// Who orders.
    pub from: Letterhead,
    /// From whom.
    pub to: Letterhead,
    /// Day of the order.
    pub on: Day,
    /// Day it is wanted on.
    pub wanted_on: Day,
    /// Goods.
    pub lines: Vec<PaperLine>,
}

/// Goods on a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperLine {
    /// Product.
    pub product: Named,
    /// Code of the lot; none on an order.
    pub lot: Option<String>,
    /// 期限.
    pub best_before: Option<BestBefore>,
    /// How much.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// Price that was frozen, where the viewer may know it.
    pub unit_price: Option<UnitPrice>,
    /// Quantity times price, fractions of a yen cut off.
    pub amount: Option<Yen>,
    /// 軽減税率の対象.
    pub is_reduced: bool,
}

/// The sum of all lines; none where one has no price.
pub fn total(lines: &[PaperLine]) -> Option<Yen> {
    let amounts: Option<Vec<Yen>> = lines.iter().map(|line| line.amount).collect();
    amounts.and_then(|amounts| Yen::sum(amounts).ok())
}

/// The delivery note of a shipment or consignment, or of one that puts such a one right; none for any other entry, or one that
/// the viewer may not know of.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn delivery_note(
    book: &Book,
    viewer: &Viewer,
    entry: EntryId,
) -> Result<Option<DeliveryNote>, ViewError> {
    let moment = book.moment().await?;
    let Some((entry, parts)) = seen(&moment, viewer, entry).await? else {
        return Ok(None);
    };
    let act = right_version(&entry);
    let (delivered_as, onto) = match &act {
        Some(Act::Ship(_)) => (DeliveredAs::Shipment, PlaceKind::Transit),
        Some(Act::Consign(_)) => (DeliveredAs::Consignment, PlaceKind::Shelf),
        _ => return Ok(None),
    };
    // of a correction only what it puts there: its mirror takes away what was there
    let left = |movement: &&Movement| movement.from.kind == PlaceKind::Store && movement.to.kind == onto;
    let moved: Vec<&Movement> = entry.movements.iter().filter(left).collect();
    let Some(place) = moved.first().map(|movement| movement.to) else {
        return Ok(None);
    };
    let ordered = match entry.references.iter().find(|to| to.role == ReferenceRole::Order) {
        Some(order) => moment.snapshot.entry(EntryId(order.id)).await?,
        None => None,
    };
    let prices = Prices {
        masters: &moment.masters,
        shipped: act.filter(|_| parts.acting),
        ordered: ordered.as_ref().and_then(order_of),
    };
    let day = entry.supplied_on;
    let ids: Vec<LotId> = moved.iter().map(|movement| movement.lot).collect();
    let lots = moment.snapshot.lots_by_id(&ids).await?;
    let lots: HashMap<LotId, KeptLot> = lots.into_iter().map(|kept| (kept.lot.id, kept)).collect();
    let line = |movement: &&Movement| -> Result<PaperLine, ViewError> {
        let lot = &lots
            .get(&movement.lot)
            .ok_or(ViewError::Broken { what: "lot" })?
            .lot;
        let product = moment.masters.product(lot.product);
        let product = product.ok_or(ViewError::Broken { what: "product" })?;
        let price = prices.of(lot.code.as_str(), product);
        let line = line(&moment.masters, product, day, movement.quantity.get(), price);
        Ok(PaperLine {
            lot: Some(lot.code.to_string()),
            best_before: lot.best_before,
            ..line
        })
    };
    let head = |party: PartyId| letterhead(&moment.masters, OfficeId(party.0), day);
    Ok(Some(DeliveryNote {
        number: entry.seq,
        standing: standing(&moment, &entry).await?,
        delivered_as,
        from: head(place.owner),
        to: head(place.holder),
        on: day,
        order: ordered.map(|order| order.seq),
        lines: moved.iter().map(line).collect::<Result<_, _>>()?,
    }))
}

/// The order form of an order, or of one that puts an order right; none for any other entry, or one that the viewer may not
/// know of.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn order_form(
    book: &Book,
    viewer: &Viewer,
    entry: EntryId,
) -> Result<Option<OrderForm>, ViewError> {
    let moment = book.moment().await?;
    let Some((entry, _)) = seen(&moment, viewer, entry).await? else {
        return Ok(None);
    };
    let masters = &*moment.masters;
    let (Some(order), Some(by)) = (order_of(&entry), entry.acting.office()) else {
        return Ok(None);
    };
    let Some(to) = masters.office_by_code(&order.to).map(|office| office.id) else {
        return Ok(None);
    };
    let day = entry.supplied_on;
    let lines = order.lines.iter().filter_map(|wanted| {
        let product = product_of_order(masters, &order, &wanted.product)?;
        let quantity = product.unit.read(&wanted.quantity).ok()?;
        Some(line(masters, product, day, quantity.get(), wanted.unit_price))
    });
    Ok(Some(OrderForm {
        number: entry.seq,
        standing: standing(&moment, &entry).await?,
        from: letterhead(masters, by, day),
        to: letterhead(masters, to, day),
        on: day,
        wanted_on: order.wanted_on,
        lines: lines.collect(),
    }))
}

/// An entry with the parts of it that the viewer sees.
async fn seen(moment: &Moment, viewer: &Viewer, entry: EntryId) -> Result<Option<(Entry, Parts)>, ViewError> {
    let gate = viewer.gate(&moment.masters);
    let entry = moment.snapshot.entry(entry).await?;
    Ok(entry.and_then(|entry| {
        let parts = gate.parts(&entry)?;
        Some((entry, parts))
    }))
}

/// The act that an entry holds: of a correction its right version.
fn right_version(entry: &Entry) -> Option<Act> {
    match act_of(entry)? {
        Act::Correct(correct) => Some(correct.right),
        act => Some(act),
    }
}

fn order_of(entry: &Entry) -> Option<Order> {
    match right_version(entry)? {
        Act::Order(order) => Some(*order),
        _ => None,
    }
}

fn product_of_order<'a>(masters: &'a Masters, order: &Order, product: &ProductRef) -> Option<&'a Product> {
    let of = product.office.as_ref().unwrap_or(&order.to);
    masters.product_by_code(masters.office_by_code(of)?.id, &product.code)
}

async fn standing(moment: &Moment, entry: &Entry) -> Result<Standing, ViewError> {
    let mirrors = moment.snapshot.mirrors_of(&[entry.seq]).await?;
    let Some(mirror) = mirrors.get(&entry.seq) else {
        return Ok(Standing::Holds);
    };
    let mirror = moment.snapshot.entry(*mirror).await?;
    Ok(match mirror {
        Some(mirror) if mirror.kind == "correct" => Standing::PutRight(mirror.seq),
        _ => Standing::TakenBack,
    })
}

/// Prices that were frozen with the shipment, or with the order that it fills.
struct Prices<'a> {
    masters: &'a Masters,
    /// The act, for those who see what was written there.
    shipped: Option<Act>,
    /// Both offices know it.
    ordered: Option<Order>,
}

impl Prices<'_> {
    fn of(&self, lot: &str, product: &Product) -> Option<UnitPrice> {
        self.of_shipment(lot, product).or_else(|| self.of_order(product))
    }

    fn of_shipment(&self, lot: &str, product: &Product) -> Option<UnitPrice> {
        let Some(Act::Ship(ship)) = &self.shipped else {
            return None;
        };
        let is_of = |line: &&ShipLine| match (&line.lot, &line.product) {
            (Some(code), _) => code.as_str() == lot,
            (None, Some(named)) => named.code == product.code,
            (None, None) => false,
        };
        ship.lines.iter().find(is_of)?.unit_price
    }

    fn of_order(&self, product: &Product) -> Option<UnitPrice> {
        let order = self.ordered.as_ref()?;
        let mut lines = order.lines.iter();
        let line = lines.find(|line| {
            product_of_order(self.masters, order, &line.product).is_some_and(|wanted| wanted.id == product.id)
        })?;
        line.unit_price
    }
}

fn line(
    masters: &Masters,
    product: &Product,
    day: Day,
    steps: i64,
    unit_price: Option<UnitPrice>,
) -> PaperLine {
    let quantity = product.unit.decimal(steps);
    let amount = unit_price.and_then(|price| {
        let amount = price.get().checked_mul(quantity)?;
        Rounding::Down.round(amount).ok()
    });
    let facts = product.facts.on_or_first(day);
    PaperLine {
        product: names::product(masters, product, day),
        lot: None,
        best_before: None,
        quantity,
        unit: product.unit.name.clone(),
        unit_price,
        amount,
        is_reduced: facts.is_some_and(|facts| facts.tax_for(SupplyMode::Delivery) == TaxCategory::Reduced),
    }
}

/// An office as papers of a day name it. An address that was stated later is better than none.
pub(super) fn letterhead(masters: &Masters, office: OfficeId, day: Day) -> Letterhead {
    let known = masters.office(office);
    let facts = known.and_then(|known| known.facts.on_or_first(day));
    let later = known.into_iter().flat_map(|known| known.facts.iter());
    let later = later
        .map(|(_, facts)| facts)
        .find(|facts| facts.address.is_some());
    let placed = facts.filter(|facts| facts.address.is_some()).or(later);
    let corporation = facts.and_then(|facts| masters.corporation(facts.corporation));
    let corporation = corporation.and_then(|corporation| corporation.facts.on_or_first(day));
    Letterhead {
        office: names::party(masters, office.into(), day),
        corporation: corporation.map(|facts| facts.name.to_string()),
        address: placed
            .and_then(|facts| facts.address.as_ref())
            .map(ToString::to_string),
        phone: placed
            .and_then(|facts| facts.phone.as_ref())
            .map(ToString::to_string),
    }
}
