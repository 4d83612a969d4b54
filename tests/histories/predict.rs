//! What the book must answer to an act, worked out from the model's lists by brute force.

mod again;
mod cash;
mod debts;
mod give_back;
mod goods;
mod loss;
mod net;
mod receipt;
mod sale;

use crate::{
    model::{Effect, Lot, Model, Record, body},
    plan::Plan,
    world::{self, PRODUCTS, TODAY, last_day, read_day},
};
use domain::id::EntryId;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the book must answer.
pub enum Expected {
    /// Recorded before, at this position.
    Already(u64),
    /// One of these reasons.
    Refused(BTreeSet<&'static str>),
    /// A new entry.
    New(Box<Forecast>),
}

/// What the new entry must say.
pub struct Forecast {
    /// Position and id are read off the entry.
    pub record: Record,
    pub new_lots: Vec<Lot>,
    /// Whether the links are predicted one by one; otherwise only how much of each input they share.
    pub links_known: bool,
    pub shared: BTreeMap<usize, i64>,
}

/// Kinds of acts that only name things: they move nothing, and no closed month concerns them.
fn names_only(kind: &str) -> bool {
    ["price", "close"].contains(&kind)
}

/// The first day open for all of these offices.
fn open_day(model: &Model, offices: &BTreeSet<usize>, day: i32) -> i32 {
    match offices.iter().filter_map(|office| model.closed[*office]).max() {
        Some(closed) if day / 100 <= closed => (closed + 1) * 100 + 1,
        _ => day,
    }
}

fn refused(why: &'static str) -> Expected {
    Expected::Refused([why].into())
}

/// What the book must answer to an act.
pub fn expect(model: &Model, act: &Value) -> Expected {
    let by = act["office"].as_str().and_then(world::office);
    let key = act["key"].as_str().unwrap_or_default();
    let kind = act["kind"].as_str().unwrap_or_default();
    let day = read_day(act["supplied_on"].as_str().unwrap_or_default());
    if day % 100 > last_day(day / 100) % 100 {
        return refused("malformed");
    }
    if let Some((seq, known)) = model.keys.get(&(by, key.to_owned())) {
        return if *known == body(act) {
            Expected::Already(*seq)
        } else {
            refused("key-reused")
        };
    }
    if day > TODAY && !["order", "price"].contains(&kind) {
        return refused("date-in-future");
    }
    let mut touched: BTreeSet<usize> = by.into_iter().collect();
    // which offices are touched decides the day, and the day what stock there is
    loop {
        let plan = plan(model, act, kind, by, day, touched.clone());
        if plan.touched == touched {
            return finish(plan, act, kind, key);
        }
        touched = plan.touched;
    }
}

fn plan<'m>(
    model: &'m Model,
    act: &Value,
    kind: &str,
    by: Option<usize>,
    day: i32,
    touched: BTreeSet<usize>,
) -> Plan<'m> {
    let moves_nothing = names_only(kind) || ["order", "erase_text"].contains(&kind);
    let mut plan = Plan {
        model,
        by,
        day,
        book_on: if moves_nothing {
            day
        } else {
            open_day(model, &touched, day)
        },
        touched,
        why: BTreeSet::new(),
        replaces: None,
        first: None,
        mirror: Effect::default(),
        effect: Effect::default(),
        births: Vec::new(),
        named: 0,
        links_known: true,
        shared: BTreeMap::new(),
        shipment: own_id(model, by, act["key"].as_str().unwrap_or_default()).0,
    };
    match kind {
        "reverse" => again::reverse(&mut plan, act),
        "correct" => again::correct(&mut plan, act),
        "erase_text" => again::erase_text(&mut plan, act),
        _ => dispatch(&mut plan, kind, act),
    }
    plan.check_every_day();
    plan
}

fn dispatch(plan: &mut Plan<'_>, kind: &str, act: &Value) {
    if kind != "close" && plan.office().is_none() {
        return;
    }
    match kind {
        "produce" => goods::produce(plan, act),
        "purchase" => goods::purchase(plan, act),
        "process" => goods::process(plan, act),
        "use" => goods::use_up(plan, act),
        "order" => goods::order(plan, act),
        "ship" => goods::ship(plan, act),
        "consign" => goods::consign(plan, act),
        "receive" => receipt::receive(plan, act),
        "sell" => sale::sell(plan, act),
        "return" => give_back::give_back(plan, act),
        "dispose" => loss::dispose(plan, act),
        "count" => loss::count(plan, act),
        "spend" => cash::spend(plan, act),
        "earn" => cash::earn(plan, act),
        "record_wages" => cash::record_wages(plan, act),
        "move_money" => cash::move_money(plan, act),
        "count_cash" => cash::count_cash(plan, act),
        "pay" => debts::pay(plan, act),
        "write_off" => debts::write_off(plan, act),
        "net" => net::net(plan, act),
        "price" => price(plan, act),
        "close" => close(plan, act),
        kind => panic!("the model does not know {kind}"),
    }
}

/// The id of an entry follows from who acts and the key.
fn own_id(model: &Model, by: Option<usize>, key: &str) -> EntryId {
    let acting = by.map_or(domain::id::Acting::Keeper, |by| {
        domain::id::Acting::Office(model.ids.offices[by])
    });
    domain::command::entry_id(acting, &key.parse().expect("a key"))
}

fn price(plan: &mut Plan<'_>, act: &Value) {
    if let Some(product) = plan.product_named(&act["product"])
        && Some(PRODUCTS[product].office) != plan.by
    {
        plan.no("not-a-party");
    }
}

fn close(plan: &mut Plan<'_>, act: &Value) {
    let of = act["of"].as_str().and_then(world::office).or(plan.by);
    let Some(of) = of else {
        return plan.no("office-needed");
    };
    plan.touched.insert(of);
    if plan.by.is_some_and(|by| by != of) {
        plan.no("not-a-party");
    }
    let month = world::read_day(act["month"].as_str().unwrap_or_default());
    if month >= TODAY / 100 {
        plan.no("month-not-over");
    }
    match plan.model.closed[of] {
        Some(closed) if month <= closed => plan.no("month-closed"),
        Some(closed) if month != closed + 1 => plan.no("months-not-in-order"),
        _ => {}
    }
}

fn texts(act: &Value) -> BTreeSet<&'static str> {
    ["note", "reason"]
        .into_iter()
        .filter(|name| !act[*name].is_null())
        .collect()
}

fn finish(plan: Plan<'_>, act: &Value, kind: &str, key: &str) -> Expected {
    if !plan.why.is_empty() {
        return Expected::Refused(plan.why);
    }
    let Plan {
        model,
        by,
        mirror,
        effect,
        ..
    } = plan;
    let join = |one: &[_], other: &[_]| [one, other].concat();
    let whole = Effect {
        moves: [&mirror.moves[..], &effect.moves].concat(),
        postings: [&mirror.postings[..], &effect.postings].concat(),
        links: join(&mirror.links, &effect.links),
    };
    let record = Record {
        seq: 0,
        id: own_id(model, by, key),
        kind: kind.to_owned(),
        act: if kind == "correct" {
            act["right"].clone()
        } else {
            act.clone()
        },
        by,
        key: key.to_owned(),
        day: plan.day,
        book_on: plan.book_on,
        offices: plan.touched,
        reverses: plan.replaces,
        reversed_by: None,
        first: plan.first.unwrap_or_default(),
        written: texts(act),
        texts: texts(act),
        births: Vec::new(),
        made: Vec::new(),
        held: effect,
        whole,
    };
    Expected::New(Box::new(Forecast {
        record,
        new_lots: plan.births,
        links_known: plan.links_known,
        shared: plan.shared,
    }))
}
