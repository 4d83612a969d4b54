//! Goods thrown away and goods counted: who bears what is lost.

use super::goods;
use crate::{
    money,
    plan::{Amount, Plan},
    world::{self, AGREEMENTS, About, Channel, Loss, PRODUCTS, shelf_agreement},
};
use domain::{
    account::AccountKind,
    place::{Place, PlaceKind},
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::BTreeSet;

/// Goods that the acting office has.
struct Keeping {
    place: Place,
    owner: usize,
    holder: usize,
    /// The agreement under which the holder bears losses.
    charge: Option<usize>,
    owed: Vec<Amount>,
}

fn keeping(plan: &mut Plan<'_>, act: &Value) -> Option<Keeping> {
    let holder = plan.by?;
    if act["shelf_of"].is_null() {
        let place = plan.store(holder);
        return Some(Keeping {
            place,
            owner: holder,
            holder,
            charge: None,
            owed: Vec::new(),
        });
    }
    let owner = plan.other(&act["shelf_of"])?;
    let Some(agreement) = shelf_agreement(owner, holder) else {
        plan.no("agreement-missing");
        return None;
    };
    Some(Keeping {
        place: plan.shelf(owner, holder),
        owner,
        holder,
        charge: Some(agreement).filter(|agreement| AGREEMENTS[*agreement].loss != Loss::Owners),
        owed: Vec::new(),
    })
}

impl Keeping {
    fn lost(&self, plan: &Plan<'_>) -> Place {
        plan.place(
            PlaceKind::Lost,
            if self.charge.is_some() {
                self.holder
            } else {
                self.owner
            },
        )
    }

    /// What the holder owes for lost goods.
    fn owe(&mut self, plan: &mut Plan<'_>, product: usize, steps: i64, stated: &Value) {
        let Some(agreement) = self.charge else {
            if !stated.is_null() {
                plan.no("malformed");
            }
            return;
        };
        let row = &AGREEMENTS[agreement];
        let usual = if row.about == About::BuyOnSale(None) {
            Channel::Cost
        } else {
            Channel::Retail
        };
        let listed = || Some(plan.listed(product, &[Channel::Agreed(agreement), usual])?.0);
        let Some(price) = stated.as_str().map(money::price).or_else(listed) else {
            return plan.no("no-price");
        };
        let full = money::worth(product, steps, price, row.half_up);
        // as in a sale: a percentage of what a customer would have paid
        let yen = match row.about {
            About::BuyOnSale(Some(percent)) if stated.is_null() => {
                money::divided(full * percent, 100, row.half_up)
            }
            _ => full,
        };
        plan.in_range(yen);
        let tax = if row.loss == Loss::Sale {
            Plan::tax_of(product, Some("delivery"))
        } else {
            TaxRate::OUT_OF_SCOPE
        };
        self.owed.push((tax, yen));
    }

    fn post(&self, plan: &mut Plan<'_>) {
        let Some(agreement) = self.charge else { return };
        let income = if AGREEMENTS[agreement].loss == Loss::Sale {
            AccountKind::Sales
        } else {
            AccountKind::CompensationIncome
        };
        plan.deal(
            self.owner,
            self.holder,
            &self.owed,
            income,
            (false, AccountKind::CompensationPaid),
        );
    }
}

pub fn dispose(plan: &mut Plan<'_>, act: &Value) {
    plan.reason_is_due(act);
    let Some(mut keeping) = keeping(plan, act) else {
        return;
    };
    let lost = keeping.lost(plan);
    for line in goods::lines(plan, act, "lines") {
        let picked = plan.pick(line, &keeping.place);
        let Some((first, _)) = picked.first() else {
            continue;
        };
        let product = plan.product_of(*first);
        let total = picked.iter().map(|(_, steps)| steps).sum();
        for (lot, steps) in picked {
            plan.take(lot, keeping.place, lost, steps);
        }
        keeping.owe(plan, product, total, &line["unit_price"]);
    }
    keeping.post(plan);
}

pub fn count(plan: &mut Plan<'_>, act: &Value) {
    let Some(mut keeping) = keeping(plan, act) else {
        return;
    };
    let none = Vec::new();
    let (counted, unknown) = (
        act["lines"].as_array().unwrap_or(&none),
        act["unknown"].as_array().unwrap_or(&none),
    );
    if counted.is_empty() && unknown.is_empty() {
        plan.no("no-lines");
    }
    let mut seen = BTreeSet::new();
    let mut differences = Vec::new();
    for line in counted {
        if let Some((product, lots)) = difference(plan, &keeping, line, &mut seen) {
            let lots: Vec<_> = lots.into_iter().filter(|(_, steps)| *steps != 0).collect();
            if !lots.is_empty() {
                differences.push((product, lots, &line["unit_price"]));
            }
        }
    }
    if !differences.is_empty() || !unknown.is_empty() {
        plan.reason_is_due(act);
    }
    let (found, lost) = (plan.place(PlaceKind::Found, keeping.owner), keeping.lost(plan));
    for (product, lots, price) in differences {
        let mut missing = 0;
        for (lot, steps) in lots {
            if steps > 0 {
                plan.push(lot, found, keeping.place, steps);
            } else {
                plan.take(lot, keeping.place, lost, -steps);
                missing -= steps;
            }
        }
        if missing > 0 {
            keeping.owe(plan, product, missing, price);
        }
    }
    for goods in unknown {
        let Some(product) = plan.product_named(&goods["product"]) else {
            continue;
        };
        let steps = plan.quantity(product, &goods["quantity"]);
        let lot = plan.name_lot(product, &goods["lot"], PRODUCTS[product].office, false);
        if let (Some(lot), Some(steps)) = (lot, steps) {
            plan.push(lot, found, keeping.place, steps);
        }
    }
    keeping.post(plan);
}

/// What a line counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Lot,
    Product,
}

/// What a line found otherwise than the book, lot by lot.
fn difference(
    plan: &mut Plan<'_>,
    keeping: &Keeping,
    line: &Value,
    seen: &mut BTreeSet<(Kind, usize)>,
) -> Option<(usize, Vec<(usize, i64)>)> {
    if !line["lot"].is_null() {
        let lot = plan.lot_named(&line["lot"])?;
        if !seen.insert((Kind::Lot, lot)) {
            plan.no("line-twice");
        }
        let product = plan.product_of(lot);
        let counted = plan.quantity_or_none(product, &line["counted"])?;
        if counted > 0 && !plan.lot(lot).places.contains_key(&keeping.place) {
            plan.no("never-there");
        }
        return Some((product, vec![(lot, counted - booked(plan, lot, &keeping.place))]));
    }
    let product = world::product_named(plan.by?, line["product"].as_str()?);
    let Some(product) = product else {
        plan.no("product-unknown");
        return None;
    };
    let lots = plan.in_order(product, &keeping.place);
    // a product counted twice, or a lot of it besides
    let twice = !seen.insert((Kind::Product, product));
    if lots.iter().any(|lot| !seen.insert((Kind::Lot, *lot))) || twice {
        plan.no("line-twice");
    }
    let counted = plan.quantity_or_none(product, &line["counted"])?;
    let booked: Vec<(usize, i64)> = lots
        .iter()
        .map(|lot| (*lot, booked(plan, *lot, &keeping.place)))
        .collect();
    let surplus = counted - booked.iter().map(|(_, steps)| steps).sum::<i64>();
    if surplus >= 0 {
        let last = booked.iter().rfind(|(_, steps)| *steps > 0).or(booked.last());
        if last.is_none() && surplus > 0 {
            plan.no("none-there");
        }
        return Some((
            product,
            last.map(|(lot, _)| (*lot, surplus)).into_iter().collect(),
        ));
    }
    let mut missing = -surplus;
    let mut parts = Vec::new();
    for (lot, steps) in booked {
        let part = plan.available(lot, &keeping.place).min(steps).clamp(0, missing);
        missing -= part;
        parts.push((lot, -part));
    }
    if missing > 0 {
        plan.no("not-enough");
    }
    Some((product, parts))
}

/// What the book says lay there at the end of the day counted, without any version of what is put right.
fn booked(plan: &Plan<'_>, lot: usize, place: &Place) -> i64 {
    let model = plan.model;
    let days = model.lots[lot].places.get(place).map_or(&[][..], Vec::as_slice);
    let all: i64 = days
        .iter()
        .filter(|(day, _)| *day <= plan.day)
        .map(|(_, steps)| steps)
        .sum();
    let Some(first) = plan.first else { return all };
    let versions = model
        .records
        .iter()
        .enumerate()
        .filter(|(n, record)| *n == first || record.first == first);
    let moves = versions
        .filter(|(_, record)| record.book_on <= plan.day)
        .flat_map(|(_, record)| &record.whole.moves);
    let own: i64 = moves
        .filter(|one| one.lot == lot)
        .map(|one| {
            if one.to == *place {
                one.steps
            } else if one.from == *place {
                -one.steps
            } else {
                0
            }
        })
        .sum();
    all - own
}
