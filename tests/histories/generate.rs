//! From a step to the act it means now: JSON as a person's program would send it.

mod dealings;
mod goods;
mod net;
mod revisions;

use crate::{
    model::Model,
    money::shown,
    step::{Kind, Step},
    world::{OFFICES, PRODUCTS, TODAY, plus, written},
};
use domain::place::Place;
use serde_json::{Value, json};

/// The act that a step means. Counts keys and moves the day on.
pub fn act(model: &mut Model, step: &Step) -> Value {
    model.written += 1;
    if let 201..=215 = step.day {
        model.cursor = plus(model.cursor, 1).min(TODAY);
    }
    let day = day(model, step.day);
    let (by, mut act) = match step.kind {
        Kind::Produce => goods::produce(model, step, day),
        Kind::Purchase => goods::purchase(model, step, day),
        Kind::Process => goods::process(model, step),
        Kind::Use => goods::use_up(model, step),
        Kind::Order => goods::order(model, step, day),
        Kind::Ship => goods::ship(model, step),
        Kind::Receive => goods::receive(model, step),
        Kind::Consign => goods::consign(model, step),
        Kind::Sell => dealings::sell(model, step),
        Kind::Return => dealings::give_back(model, step, day),
        Kind::Dispose => goods::dispose(model, step),
        Kind::Count => goods::count(model, step),
        Kind::Spend => dealings::spend(model, step),
        Kind::Earn => dealings::earn(model, step),
        Kind::RecordWages => dealings::record_wages(model, step, day),
        Kind::Pay => dealings::pay(model, step),
        Kind::WriteOff => dealings::write_off(model, step),
        Kind::Net => net::net(model, step),
        Kind::MoveMoney => dealings::move_money(model, step),
        Kind::CountCash => dealings::count_cash(model, step),
        Kind::Price => dealings::price(step),
        Kind::Reverse => revisions::reverse(model, step),
        Kind::Correct => revisions::correct(model, step),
        Kind::EraseText => revisions::erase_text(model, step),
        Kind::Close => revisions::close(model, step),
        Kind::Again => return revisions::again(model, step, false),
        Kind::KeyReused => return revisions::again(model, step, true),
    };
    if let Some(by) = by {
        act["office"] = OFFICES[by].into();
    }
    act["key"] = format!("k{}", model.written).into();
    // wages bring their own day
    if act["supplied_on"].is_null() {
        act["supplied_on"] = written(day).into();
    }
    let needs_reason = [
        Kind::Dispose,
        Kind::Count,
        Kind::CountCash,
        Kind::Reverse,
        Kind::Correct,
        Kind::WriteOff,
        Kind::EraseText,
    ];
    if needs_reason.contains(&step.kind) && step.texts < 250 {
        act["reason"] = "数えまちがい".into();
    }
    match step.texts % 16 {
        1 => act["note"] = format!("{}通目", model.written).into(),
        2 => act["group"] = format!("00000000-0000-8000-8000-{:012}", step.texts).into(),
        _ => {}
    }
    act
}

/// Today as the history knows it, some days back, or a day that will not do.
fn day(model: &Model, choice: u8) -> i32 {
    match choice {
        216..=239 => plus(model.cursor, 215 - i32::from(choice)).max(2026_05_01),
        240..=250 => 2026_06_01 + i32::from(choice - 240),
        251 | 252 => plus(TODAY, i32::from(choice) - 250),
        253 => 2026_06_31,
        254 | 255 => 2026_05_20,
        _ => model.cursor,
    }
}

/// One of a list, counted from its end: nought is the last.
fn one_of<T: Copy>(list: &[T], choice: usize) -> Option<T> {
    list.get(list.len().checked_sub(1 + choice % list.len().max(1))?)
        .copied()
}

/// A quantity out of what is there.
fn quantity(product: usize, choice: u8, there: i64) -> Value {
    let there = there.max(0);
    match choice {
        236..=247 => shown(product, there).into(),
        248 => "0".into(),
        249 if PRODUCTS[product].decimals == 0 => "1.5".into(),
        249 => "0.0005".into(),
        250 => "10000000000000000".into(),
        251..=253 => shown(product, there + 1 + i64::from(choice % 2)).into(),
        254 | 255 => json!({"amount": "1", "unit": "箱"}),
        _ => shown(product, 1 + there * i64::from(choice) / 600).into(),
    }
}

/// A quantity made or bought.
fn new_quantity(product: usize, choice: u8) -> Value {
    if choice >= 248 {
        return quantity(product, choice, 20);
    }
    let steps = if PRODUCTS[product].decimals > 0 {
        (i64::from(choice) + 1) * 250
    } else {
        i64::from(choice) / 3 + 1
    };
    shown(product, steps).into()
}

/// Lots at a place of which something is left.
fn lots_left(model: &Model, place: &Place) -> Vec<usize> {
    let is_left = |lot: &usize| model.left(*lot, place) > 0;
    (0..model.lots.len()).filter(is_left).collect()
}

/// An office that has something in its store: the one asked for, or the next.
fn with_stock(model: &Model, office: u8) -> usize {
    let has = |office: &usize| !lots_left(model, &Place::store(model.ids.offices[*office])).is_empty();
    let first = usize::from(office) % 4;
    (0..4).map(|n| (first + n) % 4).find(has).unwrap_or(first)
}

/// A line of goods that lie at a place: a lot as a rule, a product sometimes, now and then something that is not there.
fn goods_line(model: &Model, by: usize, place: &Place, line: [u8; 4]) -> Value {
    let left = lots_left(model, place);
    let all: Vec<usize> = (0..model.lots.len()).collect();
    let list = if (246..=251).contains(&line[0]) || left.is_empty() {
        &all
    } else {
        &left
    };
    let Some(lot) = one_of(list, line[0].into()).filter(|_| line[0] < 254) else {
        return json!({"lot": "NAI", "quantity": "1"});
    };
    let product = model.lots[lot].product;
    let quantity_of = |there: i64| quantity(product, line[1], there);
    if (200..=245).contains(&line[0]) {
        let there = left.iter().filter(|lot| model.lots[**lot].product == product);
        let there = there.map(|lot| model.left(*lot, place)).sum();
        return json!({"product": model.product_name(by, product), "quantity": quantity_of(there)});
    }
    json!({"lot": model.lots[lot].code, "quantity": quantity_of(model.left(lot, place))})
}

/// The facts of a new lot: its code as a rule.
fn new_lot(model: &mut Model, choice: u8, day: i32) -> Value {
    model.written += 1;
    let mut lot = json!({"code": format!("L{}", model.written)});
    match choice {
        200..=215 => lot["made_on"] = written(plus(day.min(TODAY), -i32::from(choice % 4))).into(),
        // no code: the book makes one
        216..=231 => lot = json!({}),
        232..=235 => {
            let taken = one_of(&model.lots.iter().collect::<Vec<_>>(), choice.into());
            lot["code"] = taken.map_or("L1".into(), |lot| lot.code.clone().into());
        }
        236 => lot["made_on"] = "2026-07-11".into(),
        _ => {}
    }
    lot
}

/// Means of payment; cash as a rule.
fn means(choice: u8) -> Value {
    match choice {
        100..=129 => json!({"by": "bank"}),
        130..=159 => json!({"by": "cash", "place": "kinko"}),
        160..=189 => json!({"by": "on_account", "partner": "card"}),
        190..=209 => json!({"by": "on_account", "partner": "tane"}),
        210..=229 => json!({"by": "cashless", "partner": "card"}),
        230..=244 => json!({"by": "advance", "partner": "card"}),
        245..=250 => json!({"by": "cash", "place": "reji"}),
        251 | 252 => json!({"by": "cash", "place": "nai"}),
        _ => Value::Null,
    }
}

/// Puts a field in unless it is null.
fn put(act: &mut Value, name: &str, value: Value) {
    if !value.is_null() {
        act[name] = value;
    }
}
