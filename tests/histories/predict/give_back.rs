//! Goods that go back, and the money with them.

use super::{
    again::followers,
    goods::{self, entry_named},
    receipt,
    sale::{self, Line, Priced, Source},
};
use crate::{
    money,
    plan::{Amount, Plan},
    world::{self, PRODUCTS},
};
use domain::{
    place::{Place, PlaceKind},
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::BTreeMap;

pub fn give_back(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let forms = ["holder", "owner", "sale", "receipt", "original_unknown"];
    if forms.iter().filter(|form| !act[**form].is_null()).count() != 1 {
        return plan.no("malformed");
    }
    let from_customer = !act["sale"].is_null() || !act["original_unknown"].is_null();
    let to_lost = act["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|line| line["to"] == "lost");
    if !from_customer && (to_lost || !act["paid"].is_null()) {
        plan.no("malformed");
    }
    if !act["sale"].is_null() {
        of_sale(plan, act, office);
    } else if !act["receipt"].is_null() {
        receipt::sent_back(plan, act, office);
    } else if !act["original_unknown"].is_null() {
        of_unknown(plan, act, office);
    } else if !act["holder"].is_null() {
        if let Some(holder) = plan.other(&act["holder"]) {
            unsold(plan, act, office, holder);
        }
    } else if let Some(owner) = plan.other(&act["owner"]) {
        unsold(plan, act, owner, office);
    }
}

/// Unsold goods leave the shelf.
fn unsold(plan: &mut Plan<'_>, act: &Value, owner: usize, holder: usize) {
    let (shelf, store) = (plan.shelf(owner, holder), plan.store(owner));
    for line in goods::lines(plan, act, "lines") {
        let picked = if line["lot"].is_null() {
            let reference = line["product"].as_str().unwrap_or_default();
            let product = world::product_named(owner, reference);
            if let Some(product) =
                product.or_else(|| world::product_named(plan.by.unwrap_or(owner), reference))
            {
                plan.pick_product(product, line, &shelf)
            } else {
                plan.no("product-unknown");
                continue;
            }
        } else {
            plan.pick(line, &shelf)
        };
        for (lot, steps) in picked {
            plan.take(lot, shelf, store, steps);
        }
    }
}

/// One lot of one line of an original, and how much of it came back.
#[derive(Clone)]
pub struct Piece {
    pub lot: usize,
    pub steps: i64,
    pub back: i64,
    pub from: Place,
    pub to: Place,
    pub line: usize,
}

/// Takes a quantity off the pieces that match, in their order: each piece with what had come back before and after.
/// None when less is left.
pub fn take_off(
    pieces: &mut [Piece],
    matches: impl Fn(&Piece) -> bool,
    mut steps: i64,
) -> Option<Vec<(usize, i64, i64)>> {
    let mut taken = Vec::new();
    for (n, piece) in pieces.iter_mut().enumerate() {
        let part = (piece.steps - piece.back).clamp(0, steps);
        if part > 0 && matches(piece) {
            taken.push((n, piece.back, piece.back + part));
            piece.back += part;
            steps -= part;
        }
    }
    (steps == 0).then_some(taken)
}

/// The pieces that a line of a return means.
pub fn meant(plan: &mut Plan<'_>, line: &Value, pieces: &mut [Piece]) -> Vec<(usize, i64, i64)> {
    let lot = if line["lot"].is_null() {
        None
    } else {
        match plan.lot_named(&line["lot"]) {
            None => return Vec::new(),
            lot => lot,
        }
    };
    let products = plan.model.lots.iter().map(|lot| lot.product).collect::<Vec<_>>();
    let is_meant = |piece: &Piece| {
        let row = &PRODUCTS[products[piece.lot]];
        let named = line["product"]
            .as_str()
            .is_none_or(|reference| match reference.split_once('/') {
                Some(name) => name == (world::OFFICES[row.office], row.code),
                None => reference == row.code,
            });
        named && lot.is_none_or(|lot| lot == piece.lot)
    };
    let Some(product) = pieces
        .iter()
        .find(|piece| is_meant(piece))
        .map(|piece| products[piece.lot])
    else {
        plan.no("more-than-original");
        return Vec::new();
    };
    let Some(steps) = plan.quantity(product, &line["quantity"]) else {
        return Vec::new();
    };
    take_off(pieces, is_meant, steps).unwrap_or_else(|| {
        plan.no("more-than-original");
        Vec::new()
    })
}

/// The part of an amount between two running totals of a quantity, fractions dropped at each.
pub fn part(yen: i128, before: i64, after: i64, of: i64) -> i128 {
    let until = |steps: i64| yen * i128::from(steps) / i128::from(of);
    until(after) - until(before)
}

/// Of a known sale.
fn of_sale(plan: &mut Plan<'_>, act: &Value, seller: usize) {
    let Some(first) = entry_named(plan, &act["sale"]).map(|n| plan.model.records[n].first) else {
        return;
    };
    let model = plan.model;
    if model.records[first].kind != "sell" {
        return plan.no("wrong-kind-of-entry");
    }
    let sold = &model.records[model.newest(first)];
    if sold.kind == "reverse" {
        return plan.no("reversed-already");
    }
    if plan.day < sold.day {
        plan.no("date-before-original");
    }
    if sold.by != plan.by {
        return plan.no("not-a-party");
    }
    let (lines, mut pieces) = pieces(plan, &sold.act, &sold.held.moves, seller);
    let day = std::mem::replace(&mut plan.day, sold.day);
    let priced = sale::price(plan, seller, &lines);
    plan.day = day;
    // a price that was changed since for the day of the sale: then date and price have to be stated
    for ((office, tax), yen) in incomes(&priced, seller) {
        let postings = sold.held.postings.iter().filter(|posting| {
            posting.account.unit.office() == Some(model.ids.offices[office])
                && posting.account.kind.class() == domain::account::Class::Income
                && posting.tax == tax
        });
        if yen != 0 && -postings.map(|posting| i128::from(posting.yen)).sum::<i128>() != yen {
            plan.no("amounts-do-not-add-up");
        }
    }
    for follower in followers(model, first) {
        if Some(follower) == plan.replaces {
            continue;
        }
        for one in model.records[follower]
            .held
            .moves
            .iter()
            .filter(|one| one.from.kind == PlaceKind::Sold)
        {
            take_off(
                &mut pieces,
                |piece| piece.lot == one.lot && piece.to == one.from,
                one.steps,
            );
        }
    }
    let mut refunds = Vec::new();
    for line in goods::lines(plan, act, "lines") {
        for (n, before, after) in meant(plan, line, &mut pieces) {
            let piece = pieces[n].clone();
            let to = if line["to"] == "lost" {
                Place::own(PlaceKind::Lost, piece.from.owner)
            } else {
                piece.from
            };
            plan.push(piece.lot, piece.to, to, after - before);
            let done: i64 = pieces[..n]
                .iter()
                .filter(|other| other.line == piece.line)
                .map(|other| other.steps)
                .sum();
            let whole = lines[piece.line].steps;
            let back = |yen: i128| {
                -part(
                    part(yen, done, done + piece.steps, whole),
                    before,
                    after,
                    piece.steps,
                )
            };
            let priced = &priced[piece.line];
            refunds.push(Priced {
                source: priced.source,
                tax: priced.tax,
                yen: back(priced.yen),
                cost: priced.cost.map(|(tax, yen)| (tax, back(yen))),
            });
        }
    }
    let paid = if act["paid"].is_null() {
        &sold.act["paid"]
    } else {
        &act["paid"]
    };
    sale::post(plan, seller, paid, &refunds);
}

/// The lines of a sale with whose goods they took, and its pieces, in order.
fn pieces<'v>(
    plan: &Plan<'_>,
    act: &'v Value,
    moves: &[crate::model::Move],
    seller: usize,
) -> (Vec<Line<'v>>, Vec<Piece>) {
    let mut sold = moves.iter().filter(|one| one.to.kind == PlaceKind::Sold);
    let (mut lines, mut pieces) = (Vec::new(), Vec::new());
    for stated in act["lines"].as_array().into_iter().flatten() {
        let mut left = None;
        while left != Some(0) {
            let Some(one) = sold.next() else { break };
            let product = plan.product_of(one.lot);
            let all = money::steps(product, &stated["quantity"]).expect("a quantity that was sold");
            if left.is_none() {
                let source = if one.from.kind == PlaceKind::Shelf {
                    let owner = plan.model.ids.office_of(one.from.owner).expect("an office");
                    Source::of(owner, seller).expect("an agreement")
                } else {
                    Source::Own
                };
                lines.push(Line {
                    source,
                    product,
                    steps: all,
                    stated,
                });
            }
            left = Some(left.unwrap_or(all) - one.steps);
            pieces.push(Piece {
                lot: one.lot,
                steps: one.steps,
                back: 0,
                from: one.from,
                to: one.to,
                line: lines.len() - 1,
            });
        }
    }
    (lines, pieces)
}

/// Income of each office per tax rate.
fn incomes(priced: &[Priced], seller: usize) -> BTreeMap<(usize, TaxRate), i128> {
    let mut sums = BTreeMap::new();
    for line in priced {
        let commission = line.source.about() == Some(world::About::Commission);
        let sells = if commission {
            line.source.owner(seller)
        } else {
            seller
        };
        *sums.entry((sells, line.tax)).or_default() += line.yen;
        if let Some((tax, yen)) = line.cost {
            *sums.entry((line.source.owner(seller), tax)).or_default() += yen;
        }
    }
    sums
}

/// Of a sale that nobody knows: date and price are stated.
fn of_unknown(plan: &mut Plan<'_>, act: &Value, seller: usize) {
    let unknown = &act["original_unknown"];
    let day = world::read_day(unknown["supplied_on"].as_str().unwrap_or_default());
    if day > plan.day {
        plan.no("date-before-original");
    }
    let source = if unknown["owner"].is_null() {
        Source::Own
    } else {
        let Some(owner) = plan.other(&unknown["owner"]) else {
            return;
        };
        match Source::of(owner, seller) {
            Some(source) => source,
            None => return plan.no("agreement-missing"),
        }
    };
    let (place, sold) = (source.place(plan, seller), source.sold(plan, seller));
    let mut lines = Vec::new();
    let stated: Vec<Value> = (act["lines"].as_array().into_iter().flatten())
        .map(|_| serde_json::json!({"unit_price": unknown["unit_price"], "mode": unknown["mode"]}))
        .collect();
    for (line, stated) in goods::lines(plan, act, "lines").iter().zip(&stated) {
        let lot = if line["lot"].is_null() {
            let reference = line["product"].as_str().unwrap_or_default();
            let named = world::product_named(source.owner(seller), reference);
            let Some(product) = named.or_else(|| world::product_named(seller, reference)) else {
                plan.no("product-unknown");
                continue;
            };
            let last = sale::last_born(plan, product, &sold);
            if last.is_none() {
                plan.no("none-there");
            }
            last
        } else {
            let lot = plan.lot_named(&line["lot"]);
            if lot.is_some_and(|lot| !plan.lot(lot).places.contains_key(&sold)) {
                plan.no("never-sold");
            }
            lot
        };
        let Some(lot) = lot else { continue };
        let product = plan.product_of(lot);
        let Some(steps) = plan.quantity(product, &line["quantity"]) else {
            continue;
        };
        let to = if line["to"] == "lost" {
            Place::own(PlaceKind::Lost, place.owner)
        } else {
            place
        };
        plan.push(lot, sold, to, steps);
        lines.push(Line {
            source,
            product,
            steps,
            stated,
        });
    }
    let today = std::mem::replace(&mut plan.day, day);
    let mut priced = sale::price(plan, seller, &lines);
    plan.day = today;
    for line in &mut priced {
        line.yen = -line.yen;
        line.cost = line.cost.map(|(tax, yen): Amount| (tax, -yen));
    }
    sale::post(plan, seller, &act["paid"], &priced);
}
