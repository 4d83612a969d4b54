//! Goods of a shipment arrive, and what they cost.

use super::{
    again::followers,
    give_back::{Piece, meant, part, take_off},
    goods::{entry_named, purpose},
};
use crate::{
    model::{Model, Record},
    money,
    plan::{Amount, Plan},
    world::{self, AGREEMENTS, Channel, Loss, supply_agreement},
};
use domain::{
    account::{AccountKind, Class},
    place::{Place, PlaceKind},
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a lot of a shipment comes to.
struct Arrived {
    lot: usize,
    accepted: i64,
    rejected: i64,
    missing: i64,
    surplus: i64,
    /// The receiver bears what is missing.
    charged: bool,
    unit_price: Option<i128>,
    purpose: Value,
}

/// The terms between two offices.
struct Terms {
    agreement: Option<usize>,
    usual: Channel,
}

impl Terms {
    fn between(seller: usize, buyer: usize) -> Terms {
        let same = Plan::same_corporation(seller, buyer);
        Terms {
            agreement: supply_agreement(seller, buyer).filter(|_| !same),
            usual: if same { Channel::Internal } else { Channel::Supply },
        }
    }

    fn half_up(&self) -> bool {
        self.agreement
            .is_some_and(|agreement| AGREEMENTS[agreement].half_up)
    }

    fn charges(&self) -> bool {
        self.agreement
            .is_some_and(|agreement| AGREEMENTS[agreement].loss != Loss::Owners)
    }
}

/// The shipment that holds, and the place its goods are in.
fn shipment(plan: &mut Plan<'_>, reference: &Value) -> Option<(usize, Place)> {
    let newest = plan.model.newest(entry_named(plan, reference)?);
    let record = &plan.model.records[newest];
    if record.kind == "reverse" {
        plan.no("reversed-already");
        return None;
    }
    if plan.model.records[record.first].kind != "ship" {
        plan.no("wrong-kind-of-entry");
        return None;
    }
    let transit = record.held.moves.last()?.to;
    if transit.holder != plan.model.ids.party(plan.by?) {
        plan.no("not-a-party");
        return None;
    }
    Some((newest, transit))
}

pub fn receive(plan: &mut Plan<'_>, act: &Value) {
    let buyer = plan.by.expect("an office");
    let Some((shipment, transit)) = shipment(plan, &act["shipment"]) else {
        return;
    };
    let model = plan.model;
    let shipment = &model.records[shipment];
    let seller = shipment.by.expect("an office");
    plan.touched.insert(seller);
    let terms = Terms::between(seller, buyer);
    let arrived = if act["all"] == true {
        all(plan, shipment, transit, act)
    } else {
        lines(plan, shipment, transit, act, &terms)
    };
    let mut amounts: BTreeMap<String, (Value, Vec<Amount>)> = BTreeMap::new();
    for line in arrived {
        move_line(plan, &line, transit, seller, buyer);
        let priced = line.accepted + line.surplus + if line.charged { line.missing } else { 0 };
        if priced == 0 {
            continue;
        }
        let product = plan.product_of(line.lot);
        match unit_price(plan, line.lot, line.unit_price, shipment, &terms) {
            None => plan.no("no-price"),
            Some(price) => {
                let yen = money::worth(product, priced, price, terms.half_up());
                plan.in_range(yen);
                let amount = (Plan::tax_of(product, act["mode"].as_str()), yen);
                let sums = amounts
                    .entry(line.purpose.to_string())
                    .or_insert((line.purpose, Vec::new()));
                sums.1.push(amount);
            }
        }
    }
    for (stated, amounts) in amounts.values() {
        plan.deal(seller, buyer, amounts, AccountKind::Sales, purpose(stated));
    }
}

fn all(plan: &mut Plan<'_>, shipment: &Record, transit: Place, act: &Value) -> Vec<Arrived> {
    let mut arrived: Vec<Arrived> = Vec::new();
    for one in &shipment.held.moves {
        let accepted = plan.available(one.lot, &transit).max(0);
        if accepted > 0 && arrived.iter().all(|other| other.lot != one.lot) {
            arrived.push(Arrived {
                lot: one.lot,
                accepted,
                rejected: 0,
                missing: 0,
                surplus: 0,
                charged: false,
                unit_price: None,
                purpose: act["purpose"].clone(),
            });
        }
    }
    if arrived.is_empty() {
        plan.no("more-than-in-transit");
    }
    arrived
}

fn lines(plan: &mut Plan<'_>, shipment: &Record, transit: Place, act: &Value, terms: &Terms) -> Vec<Arrived> {
    let mut arrived: Vec<Arrived> = Vec::new();
    for line in super::goods::lines(plan, act, "lines") {
        let Some(lot) = plan.lot_named(&line["lot"]) else {
            continue;
        };
        if !shipment
            .held
            .moves
            .iter()
            .any(|one| one.lot == lot && one.to == transit)
        {
            plan.no("not-in-shipment");
            continue;
        }
        if arrived.iter().any(|other| other.lot == lot) {
            plan.no("line-twice");
        }
        let product = plan.product_of(lot);
        let mut read = |name: &str| plan.quantity_or_none(product, &line[name]).unwrap_or(0);
        let (accepted, rejected, missing, surplus) = (
            read("accepted"),
            read("rejected"),
            read("missing"),
            read("surplus"),
        );
        if accepted + rejected + missing + surplus == 0 {
            plan.no("quantity-wrong");
        }
        arrived.push(Arrived {
            lot,
            accepted,
            rejected,
            missing,
            surplus,
            charged: line["bearer"]
                .as_str()
                .map_or(terms.charges(), |bearer| bearer == "other"),
            unit_price: line["unit_price"].as_str().map(money::price),
            purpose: if line["purpose"].is_null() {
                act["purpose"].clone()
            } else {
                line["purpose"].clone()
            },
        });
    }
    arrived
}

fn move_line(plan: &mut Plan<'_>, line: &Arrived, transit: Place, seller: usize, buyer: usize) {
    let taken = line.accepted + line.rejected + line.missing;
    if plan.first.is_none() && taken > 0 && plan.available(line.lot, &transit) < taken {
        plan.no("more-than-in-transit");
    }
    let lost = plan.place(PlaceKind::Lost, if line.charged { buyer } else { seller });
    let (from, to) = (plan.store(seller), plan.store(buyer));
    plan.push(line.lot, transit, to, line.accepted);
    plan.push(line.lot, transit, from, line.rejected);
    plan.push(line.lot, transit, lost, line.missing);
    plan.take_or_find(line.lot, from, to, line.surplus);
}

/// The price: stated at the receipt, frozen with the shipment or its order, agreed, listed.
fn unit_price(
    plan: &Plan<'_>,
    lot: usize,
    stated: Option<i128>,
    shipment: &Record,
    terms: &Terms,
) -> Option<i128> {
    let agreed = terms.agreement.map(Channel::Agreed);
    let listed = || {
        Some(
            plan.listed(
                plan.product_of(lot),
                &agreed.into_iter().chain([terms.usual]).collect::<Vec<_>>(),
            )?
            .0,
        )
    };
    stated
        .or_else(|| {
            frozen(
                plan.model,
                plan.lot(lot).code.as_str(),
                plan.product_of(lot),
                shipment,
            )
        })
        .or_else(listed)
}

/// The price that was fixed before the receipt; the later line holds.
fn frozen(model: &Model, code: &str, product: usize, shipment: &Record) -> Option<i128> {
    let by = shipment.by?;
    let lines = || shipment.act["lines"].as_array().into_iter().flatten().rev();
    let price = |line: &Value| line["unit_price"].as_str().map(money::price);
    let of_lot = lines().filter(|line| line["lot"] == code).find_map(price);
    let names = |office: usize, line: &Value| {
        line["lot"].is_null()
            && world::product_named(office, line["product"].as_str().unwrap_or_default()) == Some(product)
    };
    let of_product = lines().filter(|line| names(by, line)).find_map(price);
    let of_order = || {
        let order = &shipment.act["order"];
        let orderer = order["office"].as_str().map_or(Some(by), world::office);
        let order = &model.records[model.record(orderer, order["key"].as_str()?)?];
        // an order names its products as the producer does
        let to = world::office(order.act["to"].as_str()?)?;
        let lines = order.act["lines"].as_array()?.iter().rev();
        lines.filter(|line| names(to, line)).find_map(price)
    };
    of_lot.or(of_product).or_else(of_order)
}

/// What a lot of a receipt was received for.
struct Received {
    purpose: Value,
    tax: TaxRate,
    yen: i128,
    charged: i64,
}

/// Goods of a receipt go back to the producer.
pub fn sent_back(plan: &mut Plan<'_>, act: &Value, buyer: usize) {
    let Some(first) = entry_named(plan, &act["receipt"]).map(|n| plan.model.records[n].first) else {
        return;
    };
    let model = plan.model;
    if model.records[first].kind != "receive" {
        return plan.no("wrong-kind-of-entry");
    }
    let receipt = &model.records[model.newest(first)];
    if receipt.kind == "reverse" {
        return plan.no("reversed-already");
    }
    if plan.day < receipt.day {
        plan.no("date-before-original");
    }
    if receipt.by != plan.by {
        return plan.no("not-a-party");
    }
    let shipment =
        &model.records[model.newest(entry_named(plan, &receipt.act["shipment"]).expect("a shipment"))];
    if shipment.kind == "reverse" {
        return plan.no("reversed-already");
    }
    let seller = shipment.by.expect("an office");
    plan.touched.insert(seller);
    let (store, back) = (plan.store(buyer), plan.store(seller));
    let day = std::mem::replace(&mut plan.day, receipt.day);
    let (received, mut pieces) = received(plan, receipt, shipment, (seller, buyer));
    plan.day = day;
    let posted = receipt.held.postings.iter().filter(|posting| {
        posting.account.unit.office() == Some(model.ids.offices[seller])
            && posting.account.kind.class() == Class::Income
    });
    let posted: i128 = posted.map(|posting| -i128::from(posting.yen)).sum();
    if posted != received.iter().map(|lot| lot.yen).sum() {
        plan.no("amounts-do-not-add-up");
    }
    for follower in followers(model, first) {
        if Some(follower) == plan.replaces {
            continue;
        }
        for one in model.records[follower]
            .held
            .moves
            .iter()
            .filter(|one| (one.from, one.to) == (store, back))
        {
            take_off(&mut pieces, |piece| piece.lot == one.lot, one.steps);
        }
    }
    let mut refunds: BTreeMap<String, (Value, Vec<Amount>)> = BTreeMap::new();
    for line in super::goods::lines(plan, act, "lines") {
        for (n, before, after) in meant(plan, line, &mut pieces) {
            let (piece, lot) = (pieces[n].clone(), &received[pieces[n].line]);
            plan.take(piece.lot, store, back, after - before);
            let yen = part(lot.yen, before, after, lot.charged);
            let sums = refunds
                .entry(lot.purpose.to_string())
                .or_insert((lot.purpose.clone(), Vec::new()));
            sums.1.push((lot.tax, -yen));
        }
    }
    for (stated, amounts) in refunds.values() {
        plan.deal(seller, buyer, amounts, AccountKind::Sales, purpose(stated));
    }
}

/// What a receipt was charged at, lot by lot in the order of their ids, and the pieces that can go back.
fn received(
    plan: &mut Plan<'_>,
    receipt: &Record,
    shipment: &Record,
    (seller, buyer): (usize, usize),
) -> (Vec<Received>, Vec<Piece>) {
    let terms = Terms::between(seller, buyer);
    let (store, lost) = (plan.store(buyer), plan.place(PlaceKind::Lost, buyer));
    let mut lots: BTreeMap<_, (usize, i64, i64)> = BTreeMap::new();
    for one in &receipt.held.moves {
        let row = lots.entry(plan.lot(one.lot).id).or_insert((one.lot, 0, 0));
        row.1 += if one.to == store { one.steps } else { 0 };
        row.2 += if one.to == store || one.to == lost {
            one.steps
        } else {
            0
        };
    }
    let (mut received, mut pieces) = (Vec::new(), Vec::new());
    for (lot, steps, charged) in lots.into_values().filter(|(_, _, charged)| *charged > 0) {
        let line = (receipt.act["lines"].as_array().into_iter().flatten())
            .find(|line| line["lot"] == *plan.lot(lot).code)
            .unwrap_or(&Value::Null);
        let stated = line["unit_price"].as_str().map(money::price);
        let product = plan.product_of(lot);
        let price = unit_price(plan, lot, stated, shipment, &terms);
        if price.is_none() {
            plan.no("no-price");
        }
        let purpose = if line["purpose"].is_null() {
            &receipt.act["purpose"]
        } else {
            &line["purpose"]
        };
        received.push(Received {
            purpose: purpose.clone(),
            tax: Plan::tax_of(product, receipt.act["mode"].as_str()),
            yen: money::worth(product, charged, price.unwrap_or(0), terms.half_up()),
            charged,
        });
        pieces.push(Piece {
            lot,
            steps,
            back: 0,
            from: store,
            to: store,
            line: received.len() - 1,
        });
    }
    (received, pieces)
}
