//! receive 検収: what arrived is accepted, sent back, or missing; the receipt makes it a sale.
//!
//! Each partial receipt is an entry of its own and takes only what is still in transit: sent = accepted + rejected +
//! missing + still in transit, four moves that must sum.

use super::{Act, Rules, purpose::Purpose};
use crate::{
    account::AccountKind,
    decide::act_of,
    draft::{Amount, Draft},
    entry::{Entry, ReferenceRole},
    facts::EntryFact,
    id::{OfficeId, ProductId},
    lot::Lot,
    masters::{AgreementKind, AgreementTerms, Bearer, Channel, Product},
    money::{Rounding, UnitPrice},
    place::{Place, PlaceKind},
    quantity::{Quantity, StatedQuantity},
    refs::EntryRef,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, SupplyMode},
    text::LotCode,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Goods of a shipment arrive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// The shipment, named by the sender and its key.
    pub shipment: EntryRef,
    /// Everything still in transit is accepted as it is. Just one of `all` and `lines`.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub all: bool,
    /// What arrived, lot by lot.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ReceiveLine>,
    /// What the goods are for.
    #[serde(default)]
    pub purpose: Purpose,
    /// How they were supplied; 配達 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<SupplyMode>,
}

/// One lot of the shipment. Differences take the agreement's bearer, unless the two agreed otherwise here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReceiveLine {
    /// Lot.
    pub lot: LotCode,
    /// Taken over into the own store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<StatedQuantity>,
    /// Sent back to the producer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<StatedQuantity>,
    /// Spoilt on the way and thrown away, or not there: lost to the bearer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<StatedQuantity>,
    /// More than was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surplus: Option<StatedQuantity>,
    /// Price, where it was fixed only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<UnitPrice>,
    /// Who bears what is missing, as both agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Bearer>,
    /// Purpose where it differs from the whole receipt's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
}

/// A line with its quantities read.
struct Arrived {
    field: String,
    lot: Lot,
    accepted: Quantity,
    rejected: Quantity,
    missing: Quantity,
    surplus: Quantity,
    unit_price: Option<UnitPrice>,
    bearer: Option<Bearer>,
    purpose: Purpose,
}

struct Terms {
    bearer: Bearer,
    rounding: Rounding,
    basis: PriceBasis,
    channels: Vec<Channel>,
}

impl Rules for Receive {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let buyer = draft.office()?;
        let shipment = draft.shipment("shipment", &self.shipment)?;
        let (seller, transit) = transit_of(draft, &shipment.entry, buyer)?;
        draft.touch(seller);
        draft.refer(ReferenceRole::Shipment, shipment.entry.id.0);
        let terms = terms(draft, seller, buyer);
        let frozen = prices(draft, &shipment.entry)?;
        let arrived = self.arrived(draft, &shipment.entry, transit)?;
        let mut amounts: BTreeMap<Purpose, Vec<Amount>> = BTreeMap::new();
        for line in &arrived {
            let bearer = line.bearer.unwrap_or(terms.bearer);
            Receive::move_line(draft, line, transit, seller, buyer, bearer)?;
            let mut priced = line.accepted;
            let charged = if bearer == Bearer::Other {
                line.missing
            } else {
                Quantity::ZERO
            };
            for more in [line.surplus, charged] {
                priced = priced
                    .checked_add(more)
                    .map_err(|_| Refusal::at(&line.field, Why::AmountTooLarge))?;
            }
            if !priced.is_zero() {
                let amount = self.price(draft, line, priced, &terms, &frozen)?;
                amounts.entry(line.purpose).or_default().push(amount);
            }
        }
        for (purpose, amounts) in amounts {
            let amounts = Amount::gather(amounts)?;
            let expense = (purpose.unit(buyer), purpose.expense());
            draft.sell_between(seller, buyer, &amounts, AccountKind::Sales, expense)?;
        }
        Ok(())
    }
}

impl Receive {
    fn arrived(&self, draft: &Draft<'_>, shipment: &Entry, transit: Place) -> Result<Vec<Arrived>, Stop> {
        if self.all != self.lines.is_empty() {
            let problem = "all か lines の、どちらか1つを書いてください。".to_owned();
            return refuse("lines", Why::Malformed { problem });
        }
        if self.all {
            return self.all_in_transit(draft, shipment, transit);
        }
        draft.lines_are_sound("lines", self.lines.len())?;
        draft.want_lots(self.lines.iter().map(|line| &line.lot))?;
        let mut arrived: Vec<Arrived> = Vec::new();
        for (n, line) in self.lines.iter().enumerate() {
            let field = format!("lines[{n}]");
            let lot = draft.lot(&format!("{field}.lot"), &line.lot)?;
            if !shipment
                .movements
                .iter()
                .any(|movement| movement.lot == lot.id && movement.to == transit)
            {
                return refuse(
                    format!("{field}.lot"),
                    Why::NotInShipment {
                        lot: line.lot.to_string(),
                    },
                );
            }
            if arrived.iter().any(|other| other.lot.id == lot.id) {
                return refuse(format!("{field}.lot"), Why::LineTwice);
            }
            let product = draft.product_of(&lot)?;
            let read = |name: &str, stated: &Option<StatedQuantity>| match stated {
                Some(stated) => draft.quantity_or_zero(&format!("{field}.{name}"), product, stated),
                None => Ok(Quantity::ZERO),
            };
            arrived.push(Arrived {
                accepted: read("accepted", &line.accepted)?,
                rejected: read("rejected", &line.rejected)?,
                missing: read("missing", &line.missing)?,
                surplus: read("surplus", &line.surplus)?,
                field,
                lot,
                unit_price: line.unit_price,
                bearer: line.bearer,
                purpose: line.purpose.unwrap_or(self.purpose),
            });
        }
        Ok(arrived)
    }

    fn all_in_transit(
        &self,
        draft: &Draft<'_>,
        shipment: &Entry,
        transit: Place,
    ) -> Result<Vec<Arrived>, Stop> {
        let mut arrived: Vec<Arrived> = Vec::new();
        for movement in shipment
            .movements
            .iter()
            .filter(|movement| movement.to == transit)
        {
            if arrived.iter().any(|other| other.lot.id == movement.lot) {
                continue;
            }
            let there = draft.available(movement.lot, transit)?;
            let accepted =
                Quantity::try_new(there.max(0)).map_err(|_| Refusal::at("", Why::AmountTooLarge))?;
            if !accepted.is_zero() {
                arrived.push(Arrived {
                    field: "all".to_owned(),
                    lot: draft.lot_by_id(movement.lot)?,
                    accepted,
                    rejected: Quantity::ZERO,
                    missing: Quantity::ZERO,
                    surplus: Quantity::ZERO,
                    unit_price: None,
                    bearer: None,
                    purpose: self.purpose,
                });
            }
        }
        if arrived.is_empty() {
            let lot = "この出荷".to_owned();
            return refuse(
                "shipment",
                Why::MoreThanInTransit {
                    lot,
                    have: "0".into(),
                    wanted: "全部".into(),
                },
            );
        }
        Ok(arrived)
    }

    fn move_line(
        draft: &mut Draft<'_>,
        line: &Arrived,
        transit: Place,
        seller: OfficeId,
        buyer: OfficeId,
        bearer: Bearer,
    ) -> Result<(), Stop> {
        let lot = line.lot.id;
        let lost_by = if bearer == Bearer::Other { buyer } else { seller };
        let mut taken = 0_i64;
        for (quantity, to) in [
            (line.accepted, Place::store(buyer)),
            (line.rejected, Place::store(seller)),
            (line.missing, Place::own(PlaceKind::Lost, lost_by)),
        ] {
            taken = taken.saturating_add(quantity.get());
            let there = draft.available(lot, transit)?;
            if there < quantity.get() && !draft.is_correction() {
                let unit = &draft.product_of(&line.lot)?.unit;
                let (have, wanted) = (unit.decimal(there + taken - quantity.get()), unit.decimal(taken));
                let lot = line.lot.code.to_string();
                let (have, wanted) = (have.to_string(), wanted.to_string());
                return refuse(&line.field, Why::MoreThanInTransit { lot, have, wanted });
            }
            draft.move_goods(&line.field, lot, transit, to, quantity)?;
        }
        if taken == 0 && line.surplus.is_zero() {
            let problem = crate::quantity::QuantityError::NotPositive.to_string();
            return refuse(format!("{}.accepted", line.field), Why::QuantityWrong { problem });
        }
        // more than sent: the sender's own store held less than its book says; what the book lacks is found
        draft.sell_goods(
            lot,
            Place::store(seller),
            Place::store(buyer),
            line.surplus,
            false,
        )
    }

    fn price(
        &self,
        draft: &Draft<'_>,
        line: &Arrived,
        quantity: Quantity,
        terms: &Terms,
        frozen: &Frozen,
    ) -> Result<Amount, Stop> {
        let product = draft.product_of(&line.lot)?;
        let stated = line.unit_price.or_else(|| frozen.price(&line.lot, product));
        let price = draft.price(&line.field, product, stated, terms.basis, &terms.channels)?;
        Ok(Amount {
            yen: draft.amount_of(product, quantity, price.unit_price, terms.rounding)?,
            tax: draft.tax_of(product, self.mode.unwrap_or(SupplyMode::Delivery))?,
            basis: price.basis,
            work: draft.product_facts(product)?.work.clone(),
        })
    }
}

/// Sender and transit place of a shipment to this buyer.
fn transit_of(draft: &Draft<'_>, shipment: &Entry, buyer: OfficeId) -> Result<(OfficeId, Place), Stop> {
    let place = shipment.movements.iter().rev().map(|movement| movement.to);
    let place = place.into_iter().find(|place| place.kind == PlaceKind::Transit);
    let seller = place.and_then(|place| draft.masters().as_office(place.owner));
    match (place, seller) {
        (Some(place), Some(seller)) if place.holder == buyer.into() => Ok((seller.id, place)),
        _ => refuse("shipment", Why::NotAParty),
    }
}

fn terms(draft: &mut Draft<'_>, seller: OfficeId, buyer: OfficeId) -> Terms {
    let kind = if draft.same_corporation(seller, buyer) {
        AgreementKind::Internal
    } else {
        AgreementKind::Supply
    };
    let usual = if kind == AgreementKind::Internal {
        Channel::Internal
    } else {
        Channel::Supply
    };
    let agreement = draft
        .masters()
        .agreement_between(kind, seller, buyer, draft.supplied_on());
    let Some(agreement) = agreement else {
        let (bearer, rounding) = (Bearer::Producer, Rounding::Down);
        return Terms {
            bearer,
            rounding,
            basis: PriceBasis::Inclusive,
            channels: vec![usual],
        };
    };
    draft.under(agreement.id);
    let terms = agreement.terms.on(draft.supplied_on());
    Terms {
        bearer: terms.map_or(Bearer::Producer, |terms| terms.loss_bearer),
        rounding: terms.map_or(Rounding::Down, |terms: &AgreementTerms| terms.rounding),
        basis: terms.map_or(PriceBasis::Inclusive, |terms| terms.basis),
        channels: vec![Channel::Agreement(agreement.code.clone()), usual],
    }
}

/// Prices frozen before the receipt: with the shipment by lot or product, else with the order by product.
#[derive(Default)]
pub(super) struct Frozen {
    by_lot: BTreeMap<LotCode, UnitPrice>,
    by_product: BTreeMap<ProductId, UnitPrice>,
}

impl Frozen {
    pub(super) fn price(&self, lot: &Lot, product: &Product) -> Option<UnitPrice> {
        self.by_lot
            .get(&lot.code)
            .or_else(|| self.by_product.get(&product.id))
            .copied()
    }
}

pub(super) fn prices(draft: &Draft<'_>, shipment: &Entry) -> Result<Frozen, Stop> {
    let mut frozen = Frozen::default();
    let ship = match act_of(shipment) {
        Some(Act::Ship(ship)) => ship,
        Some(Act::Correct(correct)) => match correct.right {
            Act::Ship(ship) => ship,
            _ => return Ok(frozen),
        },
        _ => return Ok(frozen),
    };
    if let Some(order) = ship
        .order
        .as_ref()
        .map(|order| draft.entry_as("shipment", order, shipment.acting))
        .transpose()?
    {
        frozen.by_product = super::order::prices(draft, &order.entry);
    }
    for line in &ship.lines {
        match (line.unit_price, &line.lot, &line.product) {
            (Some(price), Some(lot), _) => drop(frozen.by_lot.insert(lot.clone(), price)),
            (Some(price), None, Some(product)) => {
                let office = shipment.acting.office();
                if let Some(product) = draft.product_as(office, product) {
                    frozen.by_product.insert(product.id, price);
                }
            }
            _ => {}
        }
    }
    Ok(frozen)
}

impl<'a> Draft<'a> {
    /// A shipment in its newest version.
    pub(super) fn shipment(&self, field: &str, reference: &EntryRef) -> Result<&'a EntryFact, Stop> {
        let first = self.entry(field, reference)?;
        let newest = self.newest_version(first)?;
        let kind = self.corrected_kind(newest)?;
        if kind != "ship" {
            let why = Why::WrongKindOfEntry {
                key: reference.key.to_string(),
                kind: kind.to_owned(),
            };
            return refuse(field, why);
        }
        Ok(newest)
    }
}
