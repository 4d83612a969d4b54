//! Sales to customers: own goods, and others' on the own shelf.

use super::goods::{self, paid};
use crate::{
    money,
    plan::{Amount, Plan},
    world::{self, AGREEMENTS, About, Channel, PRODUCTS, shelf_agreement},
};
use domain::{
    account::AccountKind,
    place::{Place, PlaceKind},
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Whose goods are sold: the seller's own, or an owner's under an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Own,
    Shelf { owner: usize, agreement: usize },
}

impl Source {
    pub fn of(owner: usize, seller: usize) -> Option<Source> {
        shelf_agreement(owner, seller).map(|agreement| Source::Shelf { owner, agreement })
    }

    pub fn about(self) -> Option<About> {
        match self {
            Source::Own => None,
            Source::Shelf { agreement, .. } => Some(AGREEMENTS[agreement].about),
        }
    }

    pub fn owner(self, seller: usize) -> usize {
        match self {
            Source::Own => seller,
            Source::Shelf { owner, .. } => owner,
        }
    }

    pub fn place(self, plan: &Plan<'_>, seller: usize) -> Place {
        match self {
            Source::Own => plan.store(seller),
            Source::Shelf { owner, .. } => plan.shelf(owner, seller),
        }
    }

    pub fn sold(self, plan: &Plan<'_>, seller: usize) -> Place {
        let sells = if self.about() == Some(About::Commission) {
            self.owner(seller)
        } else {
            seller
        };
        plan.place(PlaceKind::Sold, sells)
    }

    fn half_up(self) -> bool {
        matches!(self, Source::Shelf { agreement, .. } if AGREEMENTS[agreement].half_up)
    }
}

/// A line of a sale and what it comes to.
pub struct Priced {
    pub source: Source,
    pub tax: TaxRate,
    pub yen: i128,
    /// What the shop owes the owner, at the rate of a delivery.
    pub cost: Option<Amount>,
}

/// A line before it is priced.
pub struct Line<'v> {
    pub source: Source,
    pub product: usize,
    pub steps: i64,
    pub stated: &'v Value,
}

pub fn sell(plan: &mut Plan<'_>, act: &Value) {
    let seller = plan.by.expect("an office");
    let mut sold = Vec::new();
    for line in goods::lines(plan, act, "lines") {
        let Some((source, product, lot)) = find(plan, line, seller) else {
            continue;
        };
        plan.touched.insert(source.owner(seller));
        let Some(steps) = plan.quantity(product, &line["quantity"]) else {
            continue;
        };
        let (from, to) = (source.place(plan, seller), source.sold(plan, seller));
        for (lot, steps) in lots(plan, lot, product, &from, steps) {
            plan.take_or_find(lot, from, to, steps);
        }
        sold.push(Line {
            source,
            product,
            steps,
            stated: line,
        });
    }
    let priced = price(plan, seller, &sold);
    post(plan, seller, &act["paid"], &priced);
}

/// Whose goods a line means, their product, and the lot where one is named.
fn find(plan: &mut Plan<'_>, line: &Value, seller: usize) -> Option<(Source, usize, Option<usize>)> {
    let stated = match line["owner"].as_str() {
        None => None,
        Some(code) => {
            let Some(owner) = world::office(code) else {
                plan.no("office-unknown");
                return None;
            };
            plan.touched.insert(owner);
            let source = if owner == seller {
                Some(Source::Own)
            } else {
                Source::of(owner, seller)
            };
            if source.is_none() {
                plan.no("agreement-missing");
                return None;
            }
            source
        }
    };
    let named = match line["product"].as_str() {
        None => None,
        Some(reference) => {
            let owner = stated.map_or(seller, |source| source.owner(seller));
            let product =
                world::product_named(owner, reference).or_else(|| world::product_named(seller, reference));
            if product.is_none() {
                plan.no("product-unknown");
                return None;
            }
            product
        }
    };
    if line["lot"].is_null() {
        let product = named?;
        let was_stored = !plan.model.lots_at(product, &plan.store(seller)).is_empty();
        let maker = PRODUCTS[product].office;
        let source = stated.unwrap_or_else(|| {
            if maker == seller || was_stored {
                Source::Own
            } else {
                Source::of(maker, seller).unwrap_or(Source::Own)
            }
        });
        return Some((source, product, None));
    }
    let lot = plan.lot_named(&line["lot"])?;
    let product = plan.product_of(lot);
    if named.is_some_and(|named| named != product) {
        plan.no("lot-not-of-product");
        return None;
    }
    let was_stored = plan.lot(lot).places.contains_key(&plan.store(seller));
    let source = match stated {
        Some(Source::Own) if !was_stored => None,
        Some(source) => Some(source),
        None if was_stored => Some(Source::Own),
        None => whose(plan, lot, seller).and_then(|owner| Source::of(owner, seller)),
    };
    if source.is_none() {
        plan.no("never-there");
    }
    Some((source?, product, Some(lot)))
}

/// Whose a lot is that never was in the seller's store: of the shelf where it lies or once lay, else its maker's.
fn whose(plan: &Plan<'_>, lot: usize, seller: usize) -> Option<usize> {
    let holder = plan.model.ids.party(seller);
    let lot = plan.lot(lot);
    let shelves = lot
        .places
        .iter()
        .filter(|(place, _)| place.kind == PlaceKind::Shelf && place.holder == holder);
    let left = |days: &Vec<(i32, i64)>| days.iter().map(|(_, steps)| steps).sum::<i64>() > 0;
    let shelf = shelves.max_by_key(|(place, days)| (left(days), **place));
    let owner = shelf.map_or(Some(lot.maker), |(place, _)| {
        plan.model.ids.office_of(place.owner)
    });
    owner.filter(|owner| *owner != seller)
}

/// The lot scanned; else the product's by expiry, and what is short of the one born last.
fn lots(
    plan: &mut Plan<'_>,
    lot: Option<usize>,
    product: usize,
    place: &Place,
    steps: i64,
) -> Vec<(usize, i64)> {
    if let Some(lot) = lot {
        return vec![(lot, steps)];
    }
    let (mut chosen, rest) = plan.choose(product, place, steps);
    if rest > 0 {
        let Some(last) = last_born(plan, product, place) else {
            plan.no("none-there");
            return Vec::new();
        };
        match chosen.iter_mut().find(|(lot, _)| *lot == last) {
            Some((_, steps)) => *steps += rest,
            None => chosen.push((last, rest)),
        }
    }
    chosen
}

pub fn last_born(plan: &Plan<'_>, product: usize, place: &Place) -> Option<usize> {
    let lots = plan.model.lots_at(product, place);
    lots.into_iter()
        .max_by_key(|lot| (plan.model.lots[*lot].born, plan.model.lots[*lot].code.clone()))
}

/// What the lines come to at the prices of the plan's day.
pub fn price(plan: &mut Plan<'_>, seller: usize, lines: &[Line<'_>]) -> Vec<Priced> {
    let mut priced = Vec::new();
    let mut on_top: BTreeMap<(usize, TaxRate), Vec<usize>> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        let (yen, exclusive) = retail(plan, line);
        plan.in_range(yen);
        let tax = Plan::tax_of(line.product, line.stated["mode"].as_str());
        if exclusive {
            let sells = if line.source.about() == Some(About::Commission) {
                line.source.owner(seller)
            } else {
                seller
            };
            on_top.entry((sells, tax)).or_default().push(n);
        }
        priced.push(Priced {
            source: line.source,
            tax,
            yen,
            cost: None,
        });
    }
    for ((_, tax), lines) in on_top {
        let nets: Vec<i128> = lines.iter().map(|n| priced[*n].yen).collect();
        let sum = nets.iter().sum::<i128>() * i128::from(tax.percent) / 100;
        for (n, share) in lines.iter().zip(money::shares(sum, &nets)) {
            priced[*n].yen += share;
        }
    }
    for (line, priced) in lines.iter().zip(&mut priced) {
        priced.cost = cost(plan, line, priced.yen);
    }
    priced
}

/// What the customer pays for a line, and whether tax comes on top of it.
fn retail(plan: &mut Plan<'_>, line: &Line<'_>) -> (i128, bool) {
    let stated = line.stated;
    let discount = i128::from(stated["discount"].as_i64().unwrap_or(0));
    if let Some(amount) = stated["amount"].as_i64() {
        if !stated["unit_price"].is_null() || !stated["discount"].is_null() {
            plan.no("malformed");
        }
        if amount < 0 {
            plan.no("amount-negative");
        }
        return (i128::from(amount), false);
    }
    let agreed = match line.source {
        Source::Shelf { agreement, .. } if line.source.about() != Some(About::BuyOnSale(None)) => {
            vec![Channel::Agreed(agreement), Channel::Retail]
        }
        _ => vec![Channel::Retail],
    };
    let stated_price = stated["unit_price"]
        .as_str()
        .map(|price| (money::price(price), false));
    let Some((price, exclusive)) = stated_price.or_else(|| plan.listed(line.product, &agreed)) else {
        plan.no("no-price");
        return (0, false);
    };
    let full = money::worth(line.product, line.steps, price, line.source.half_up());
    if discount > full {
        plan.no("discount-too-large");
    }
    (full - discount, exclusive)
}

/// 消化仕入: what the shop owes the owner for a line.
fn cost(plan: &mut Plan<'_>, line: &Line<'_>, retail: i128) -> Option<Amount> {
    let Source::Shelf { agreement, .. } = line.source else {
        return None;
    };
    let yen = match line.source.about()? {
        About::BuyOnSale(Some(percent)) => money::divided(retail * percent, 100, line.source.half_up()),
        About::BuyOnSale(None) => {
            if let Some((price, _)) = plan.listed(line.product, &[Channel::Agreed(agreement), Channel::Cost])
            {
                money::worth(line.product, line.steps, price, line.source.half_up())
            } else {
                plan.no("no-cost-price");
                0
            }
        }
        About::Commission | About::Supply => return None,
    };
    plan.in_range(yen);
    Some((Plan::tax_of(line.product, Some("delivery")), yen))
}

/// The postings of a sale, or with amounts below nought of its return.
pub fn post(plan: &mut Plan<'_>, seller: usize, means: &Value, priced: &[Priced]) {
    let total: i128 = priced.iter().map(|line| line.yen).sum();
    if total != 0
        && let Some(account) = paid(plan, seller, false, means, true)
    {
        plan.owe(account, total);
    }
    let ids = &plan.model.ids;
    let mut bought: BTreeMap<usize, Vec<Amount>> = BTreeMap::new();
    for line in priced {
        match (line.source, line.source.about()) {
            (Source::Shelf { owner, .. }, Some(About::Commission)) => {
                plan.owe(
                    ids.with(seller, AccountKind::ConsignmentDeposit, owner),
                    -line.yen,
                );
                plan.owe(
                    ids.with(owner, AccountKind::ConsignmentReceivable, seller),
                    line.yen,
                );
                plan.post(ids.plain(owner, AccountKind::Sales), line.tax, -line.yen);
            }
            (source, _) => {
                plan.post(ids.plain(seller, AccountKind::Sales), line.tax, -line.yen);
                bought.entry(source.owner(seller)).or_default().extend(line.cost);
            }
        }
    }
    bought.remove(&seller);
    for (owner, amounts) in bought {
        plan.deal(
            owner,
            seller,
            &amounts,
            AccountKind::Sales,
            (false, AccountKind::Merchandise),
        );
    }
}
