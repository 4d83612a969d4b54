//! Goods that are made, bought, used and sent.

use crate::{
    money,
    plan::Plan,
    world::{self, BENTO, CARROT, PRODUCTS, RICE, rate},
};
use domain::{
    account::{Account, AccountKind},
    place::{Place, PlaceKind},
    tax::{TaxCategory, TaxRate},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub fn lines<'v>(plan: &mut Plan<'_>, act: &'v Value, name: &str) -> &'v [Value] {
    let lines = act[name].as_array().map_or(&[][..], Vec::as_slice);
    if lines.is_empty() {
        plan.no("no-lines");
    }
    lines
}

pub fn produce(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let (made, store) = (plan.place(PlaceKind::Made, office), plan.store(office));
    for line in lines(plan, act, "lines") {
        let Some(product) = plan.product_named(&line["product"]) else {
            continue;
        };
        let steps = plan.quantity(product, &line["quantity"]);
        let lot = plan.name_lot(product, &line["lot"], office, true);
        if let (Some(lot), Some(steps)) = (lot, steps) {
            plan.take(lot, made, store, steps);
        }
    }
}

/// Account of an expense by purpose: whether it is the welfare side's, and its kind.
pub fn purpose(stated: &Value) -> (bool, AccountKind) {
    match stated.as_str() {
        None | Some("material") => (false, AccountKind::Materials),
        Some("merchandise") => (false, AccountKind::Merchandise),
        Some("supplies") => (false, AccountKind::Supplies),
        Some("welfare") => (true, AccountKind::WelfareFood),
        Some(other) => panic!("purpose {other}"),
    }
}

pub fn category(stated: &str) -> TaxCategory {
    match stated {
        "standard" => TaxCategory::Standard,
        "reduced" => TaxCategory::Reduced,
        "non_taxable" => TaxCategory::NonTaxable,
        "out_of_scope" => TaxCategory::OutOfScope,
        other => panic!("category {other}"),
    }
}

pub fn purchase(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let supplier = plan
        .model
        .ids
        .partner(office, act["supplier"].as_str().unwrap_or_default());
    let Some(supplier) = supplier else {
        return plan.no("partner-unknown");
    };
    let (welfare, expense) = purpose(&act["purpose"]);
    let half_up = act["rounding"] == "half_up";
    let mut sums: BTreeMap<TaxRate, i128> = BTreeMap::new();
    for line in lines(plan, act, "lines") {
        let Some(product) = plan.product_named(&line["product"]) else {
            continue;
        };
        let steps = plan.quantity(product, &line["quantity"]);
        let lot = plan.name_lot(product, &line["lot"], office, true);
        let (Some(lot), Some(steps)) = (lot, steps) else {
            continue;
        };
        let (outside, store) = (Place::own(PlaceKind::Outside, supplier), plan.store(office));
        plan.take(lot, outside, store, steps);
        let yen = match (line["amount"].as_i64(), line["unit_price"].as_str()) {
            (Some(yen), None) => i128::from(yen),
            (None, Some(price)) => money::worth(product, steps, money::price(price), half_up),
            _ => return plan.no("malformed"),
        };
        if yen < 0 {
            plan.no("amount-negative");
        }
        plan.in_range(yen);
        let tax = line["tax"].as_str().map_or(PRODUCTS[product].tax, category);
        *sums.entry(rate(tax)).or_default() += yen;
    }
    let mut total = 0;
    for (tax, net) in sums {
        // 外税: once per rate, on the sum
        let on_top = if act["basis"] == "exclusive" {
            money::divided(net * i128::from(tax.percent), 100, half_up)
        } else {
            0
        };
        plan.post(
            Account::plain(plan.model.ids.unit(office, welfare), expense),
            tax,
            net + on_top,
        );
        total += net + on_top;
    }
    if let Some(account) = paid(plan, office, welfare, &act["paid"], false) {
        plan.owe(account, -total);
    }
}

/// The account by which an act is paid; `takes` when the office receives.
pub fn paid(
    plan: &mut Plan<'_>,
    office: usize,
    welfare: bool,
    means: &Value,
    takes: bool,
) -> Option<Account> {
    let ids = &plan.model.ids;
    let unit = ids.unit(office, welfare);
    let by = means["by"].as_str().unwrap_or("cash");
    if by == "cash" || by == "bank" {
        let wanted = if by == "cash" {
            AccountKind::Cash
        } else {
            AccountKind::Bank
        };
        let place = match means["place"].as_str() {
            Some(code) => ids.cash(office, code).ok_or("cash-place-unknown"),
            None => ids
                .usual(office, wanted)
                .map(|place| (place, wanted))
                .ok_or("no-cash-place"),
        };
        return match place {
            Ok((place, kind)) => Some(Account::cash(unit, kind, place)),
            Err(why) => {
                plan.no(why);
                None
            }
        };
    }
    let Some(partner) = ids.partner(office, means["partner"].as_str().unwrap_or_default()) else {
        plan.no("partner-unknown");
        return None;
    };
    let kind = match (by, takes) {
        ("on_account", true) => AccountKind::Receivable,
        ("on_account" | "cashless", false) => AccountKind::Payable,
        ("cashless", true) => AccountKind::CashlessReceivable,
        ("advance", true) => AccountKind::AdvanceReceived,
        ("advance", false) => AccountKind::AdvancePaid,
        other => panic!("means {other:?}"),
    };
    Some(Account::with(unit, kind, partner))
}

/// The only recipe: a bento of 50 g of carrot and 100 g of rice.
fn recipe(plan: &mut Plan<'_>, act: &Value) -> Option<(Value, Value)> {
    if plan.by != world::office("b") || act["recipe"] != "bento" {
        plan.no("recipe-unknown");
        return None;
    }
    let (batches, scale) = money::decimal(act["batches"].as_str()?);
    if batches <= 0 {
        plan.no("quantity-wrong");
        return None;
    }
    if scale > 0 {
        // half a bento; what goes in is looked at first
        for why in ["quantity-wrong", "none-there", "not-enough"] {
            plan.no(why);
        }
        return None;
    }
    let of = |grams: i64| money::shown(CARROT, i64::try_from(batches).expect("few") * grams);
    let office = plan.by?;
    let name = |product| plan.model.product_name(office, product);
    Some((
        json!([{"product": name(CARROT), "quantity": of(50)}, {"product": name(RICE), "quantity": of(100)}]),
        json!([{"product": name(BENTO), "quantity": batches.to_string()}]),
    ))
}

pub fn process(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let (inputs, outputs) = if act["recipe"].is_null() {
        (act["inputs"].clone(), act["outputs"].clone())
    } else {
        match recipe(plan, act) {
            Some(filled) => filled,
            None => return,
        }
    };
    let act = json!({"inputs": inputs, "outputs": outputs, "waste": act["waste"]});
    let (store, used, made) = (
        plan.store(office),
        plan.place(PlaceKind::Used, office),
        plan.place(PlaceKind::Made, office),
    );
    let mut totals: Vec<(usize, i64)> = Vec::new();
    let mut pieces: Vec<(usize, i64)> = Vec::new();
    for line in lines(plan, &act, "inputs") {
        let picked = plan.pick(line, &store);
        let mut total = 0;
        for (lot, steps) in &picked {
            plan.take(*lot, store, used, *steps);
            total += steps;
        }
        totals.extend(picked.first().map(|(lot, _)| (plan.product_of(*lot), total)));
        pieces.extend(picked);
    }
    let mut outputs = Vec::new();
    for line in lines(plan, &act, "outputs") {
        let Some(product) = plan.product_named(&line["product"]) else {
            continue;
        };
        let steps = plan.quantity(product, &line["quantity"]);
        let lot = plan.name_lot(product, &line["lot"], office, true);
        if let (Some(lot), Some(steps)) = (lot, steps) {
            plan.take(lot, made, store, steps);
            outputs.push((lot, line["weight"].as_i64().unwrap_or(1)));
        }
    }
    if let Some(wasted) = act["waste"][0].as_object() {
        let input = wasted["input"]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok())
            .expect("small");
        match totals.get(input) {
            None => plan.no("malformed"),
            Some((product, total)) => {
                if plan
                    .quantity_or_none(*product, &wasted["quantity"])
                    .is_some_and(|steps| steps > *total)
                {
                    plan.no("malformed");
                }
            }
        }
    }
    let weight: i64 = outputs.iter().map(|(_, weight)| weight).sum();
    if outputs.len() > 1 && weight == 0 {
        plan.no("no-weight");
    }
    // outputs of a new processing are new: only a correction can go round
    if plan.replaces.is_some() && makes_circle(plan, &pieces, &outputs) {
        plan.no("lot-is-its-own-ingredient");
    }
    for (lot, steps) in &pieces {
        *plan.shared.entry(*lot).or_default() += steps;
    }
    if let [(only, _)] = outputs[..] {
        let shared: Vec<_> = plan
            .shared
            .iter()
            .map(|(lot, steps)| (*lot, only, *steps))
            .collect();
        plan.effect.links = shared;
    } else {
        plan.links_known = false;
    }
}

/// Whether an output is among the inputs, or an input was made out of an output.
fn makes_circle(plan: &Plan<'_>, pieces: &[(usize, i64)], outputs: &[(usize, i64)]) -> bool {
    let mut sums: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let done = plan.model.records.iter().flat_map(|record| &record.whole.links);
    for (input, output, steps) in done.chain(&plan.mirror.links) {
        *sums.entry((*input, *output)).or_default() += steps;
    }
    let mut seen: Vec<usize> = outputs.iter().map(|(lot, _)| *lot).collect();
    let mut next = 0;
    while let Some(lot) = seen.get(next).copied() {
        let into = sums
            .iter()
            .filter(|((input, _), steps)| *input == lot && **steps > 0);
        let into: Vec<usize> = into
            .map(|((_, output), _)| *output)
            .filter(|lot| !seen.contains(lot))
            .collect();
        seen.extend(into);
        next += 1;
    }
    pieces.iter().any(|(lot, _)| seen.contains(lot))
}

pub fn use_up(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let (store, used) = (plan.store(office), plan.place(PlaceKind::Used, office));
    for line in lines(plan, act, "lines") {
        for (lot, steps) in plan.pick(line, &store) {
            plan.take(lot, store, used, steps);
        }
    }
    let Some(cost) = act["cost"].as_i64() else { return };
    if act["for"] != "meals" {
        plan.no("malformed");
    }
    if cost <= 0 {
        plan.no("amount-not-positive");
    }
    let ids = &plan.model.ids;
    let (cost, welfare) = (i128::from(cost), ids.unit(office, true));
    plan.owe(ids.with(office, AccountKind::Internal, office), cost);
    plan.owe(ids.plain(office, AccountKind::Materials), -cost);
    plan.owe(Account::plain(welfare, AccountKind::WelfareFood), cost);
    plan.owe(
        Account::with(welfare, AccountKind::Internal, ids.party(office)),
        -cost,
    );
}

pub fn order(plan: &mut Plan<'_>, act: &Value) {
    let Some(to) = plan.other(&act["to"]) else { return };
    if world::read_day(act["wanted_on"].as_str().unwrap_or_default()) < plan.day {
        plan.no("period-ends-before-start");
    }
    for line in lines(plan, act, "lines") {
        match world::product_named(to, line["product"].as_str().unwrap_or_default()) {
            None => plan.no("product-unknown"),
            Some(product) => drop(plan.quantity(product, &line["quantity"])),
        }
    }
}

/// Another entry: by the office named, else by the acting one.
pub fn entry_named(plan: &mut Plan<'_>, reference: &Value) -> Option<usize> {
    let found = plan.model.named(plan.by, reference);
    if found.is_none() {
        plan.no("entry-unknown");
    }
    found
}

pub fn ship(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let to = plan.other(&act["to"]);
    if !act["order"].is_null()
        && let Some(order) = entry_named(plan, &act["order"])
    {
        let order = &plan.model.records[order];
        if order.kind != "order" {
            plan.no("wrong-kind-of-entry");
        }
        if order.reversed_by.is_some() {
            plan.no("reversed-already");
        }
    }
    let Some(to) = to else { return };
    let ids = &plan.model.ids;
    let transit = Place::transit(ids.offices[office], ids.offices[to], plan.shipment);
    let store = plan.store(office);
    for line in lines(plan, act, "lines") {
        for (lot, steps) in plan.pick(line, &store) {
            plan.take(lot, store, transit, steps);
        }
    }
}

pub fn consign(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let Some(to) = plan.other(&act["to"]) else { return };
    match world::shelf_agreement(office, to) {
        None => plan.no("agreement-missing"),
        Some(agreement) if !plan.in_force(agreement) => plan.no("agreement-ended"),
        Some(_) => {}
    }
    let (store, shelf) = (plan.store(office), plan.shelf(office, to));
    for line in lines(plan, act, "lines") {
        for (lot, steps) in plan.pick(line, &store) {
            plan.take(lot, store, shelf, steps);
        }
    }
}
