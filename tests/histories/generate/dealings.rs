//! Acts that sell, and acts of money.

use super::{
    goods::{Act, sold_line},
    lots_left, means, one_of, put, quantity, with_stock,
};
use crate::{
    model::Model,
    step::Step,
    world::{OFFICES, PRODUCTS, last_day, plus, written},
};
use domain::{
    account::{Account, AccountKind, BookUnit, Section},
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

pub fn sell(model: &Model, step: &Step) -> Act {
    let mut seller = with_stock(model, step.office);
    let mut places = vec![Place::store(model.ids.offices[seller])];
    if step.a >= 90 {
        let shelves = model
            .lots
            .iter()
            .flat_map(|lot| lot.places.keys())
            .filter(|place| place.kind == PlaceKind::Shelf);
        let mut shelves: Vec<Place> = shelves.copied().collect();
        shelves.sort_unstable();
        shelves.dedup();
        let full: Vec<Place> = shelves
            .iter()
            .filter(|place| !lots_left(model, place).is_empty())
            .copied()
            .collect();
        if let Some(shelf) = one_of(if full.is_empty() { &shelves } else { &full }, step.a.into()) {
            seller = model.ids.office_of(shelf.holder).unwrap_or(seller);
            places = vec![shelf, Place::store(model.ids.offices[seller])];
        }
    }
    let lines = step.lines.iter().enumerate();
    let lines: Vec<Value> = lines
        .map(|(n, line)| {
            let place = if n > 0 && line[3] % 2 == 1 {
                &places[places.len() - 1]
            } else {
                &places[0]
            };
            sold_line(model, seller, place, *line)
        })
        .collect();
    let mut act = json!({"kind": "sell", "lines": lines});
    put(&mut act, "paid", means(step.b));
    (Some(seller), act)
}

pub fn give_back(model: &Model, step: &Step, day: i32) -> Act {
    match step.a % 8 {
        0..=2 => {
            if let Some(act) = back(model, step, "sell", "sale") {
                return act;
            }
        }
        3 | 4 => {
            if let Some(act) = back(model, step, "receive", "receipt") {
                return act;
            }
        }
        5 => return unknown(model, step, day),
        _ => {}
    }
    unsold(model, step)
}

/// Goods of a known sale or receipt.
fn back(model: &Model, step: &Step, kind: &str, named: &str) -> Option<Act> {
    let is_one = |n: &usize| {
        model.records[model.records[*n].first].kind == kind && model.records[*n].reversed_by.is_none()
    };
    let originals: Vec<usize> = (0..model.records.len()).filter(is_one).collect();
    let original = &model.records[one_of(&originals, usize::from(step.b) / 4)?];
    let by = if step.c >= 253 {
        original.by.map(|by| (by + 1) % 4)
    } else {
        original.by
    };
    let first = &model.records[original.first];
    let key = if step.b.is_multiple_of(2) {
        &first.key
    } else {
        &original.key
    };
    let mut lines = Vec::new();
    for line in &step.lines {
        let moves = &original.held.moves;
        let one = moves[usize::from(line[0]) % moves.len()];
        let lot = &model.lots[one.lot];
        let mut goes = json!({"quantity": quantity(lot.product, line[1], one.steps)});
        if line[2] % 4 == 1 {
            goes["product"] = model.product_name(original.by.unwrap_or(0), lot.product).into();
        } else {
            goes["lot"] = lot.code.clone().into();
        }
        if line[2] >= 200 && kind == "sell" || line[2] >= 252 {
            goes["to"] = "lost".into();
        }
        lines.push(goes);
    }
    let mut reference = json!({"key": key});
    if by != original.by {
        reference["office"] = OFFICES[original.by?].into();
    }
    let mut act = json!({"kind": "return", "lines": lines});
    act[named] = reference;
    if step.c >= 200 {
        put(&mut act, "paid", means(step.c));
    }
    Some((by, act))
}

/// Something comes back of which nobody knows the sale.
fn unknown(model: &Model, step: &Step, day: i32) -> Act {
    let sold: Vec<(usize, Place)> = (model.lots.iter().enumerate())
        .flat_map(|(n, lot)| lot.places.keys().map(move |place| (n, *place)))
        .filter(|(_, place)| place.kind == PlaceKind::Sold)
        .collect();
    let chosen = one_of(&sold, step.b.into());
    let seller = chosen
        .and_then(|(_, place)| model.ids.office_of(place.owner))
        .unwrap_or(0);
    let lines: Vec<Value> = (step.lines.iter())
        .map(|line| {
            let (lot, place) =
                one_of(&sold, line[0].into()).unwrap_or((0, Place::store(model.ids.offices[0])));
            let Some(lot) = model.lots.get(lot) else {
                return json!({"lot": "NAI", "quantity": "1"});
            };
            let there = lot
                .places
                .get(&place)
                .map_or(0, |days| days.iter().map(|(_, steps)| steps).sum());
            let quantity = quantity(lot.product, line[1], there / 4);
            if line[2] % 4 == 1 {
                json!({"product": model.product_name(seller, lot.product), "quantity": quantity})
            } else {
                json!({"lot": lot.code, "quantity": quantity})
            }
        })
        .collect();
    let mut unknown = json!({"supplied_on": written(plus(day, 1 - i32::from(step.c % 10))),
        "unit_price": (u32::from(step.c) * 3).to_string()});
    if step.c % 4 == 1 {
        unknown["owner"] = OFFICES[(seller + 1 + usize::from(step.c) / 4 % 3) % 4].into();
    }
    (
        Some(seller),
        json!({"kind": "return", "original_unknown": unknown, "lines": lines}),
    )
}

/// Goods leave a shelf unsold.
fn unsold(model: &Model, step: &Step) -> Act {
    let places = model
        .lots
        .iter()
        .flat_map(|lot| &lot.places)
        .filter(|(place, _)| place.kind == PlaceKind::Shelf);
    let mut shelves: Vec<Place> = places.map(|(place, _)| *place).collect();
    shelves.sort_unstable();
    shelves.dedup();
    let Some(shelf) = one_of(&shelves, step.b.into()) else {
        return (
            Some(0),
            json!({"kind": "return", "holder": "c", "lines": [{"product": "carrot", "quantity": "1"}]}),
        );
    };
    let office = |party| model.ids.office_of(party).unwrap_or(0);
    let (owner, holder) = (office(shelf.owner), office(shelf.holder));
    let by_owner = step.c.is_multiple_of(2);
    let by = if by_owner { owner } else { holder };
    let lines: Vec<Value> = step
        .lines
        .iter()
        .map(|line| super::goods_line(model, by, &shelf, *line))
        .collect();
    let mut act = json!({"kind": "return", "lines": lines});
    if by_owner {
        act["holder"] = OFFICES[holder].into();
    } else {
        act["owner"] = OFFICES[owner].into();
    }
    if step.c == 255 {
        act["paid"] = json!({"by": "cash"});
    }
    (Some(by), act)
}

pub fn spend(model: &Model, step: &Step) -> Act {
    let office = usize::from(step.office) % 4;
    let items = [
        "supplies",
        "utilities",
        "insurance",
        "taxes_dues",
        "welfare_food",
        "depreciation",
        "supplies",
        "wages",
        "sales",
    ];
    let item = items[usize::from(step.a) % items.len()];
    let mut act = json!({"kind": "spend", "item": item});
    let yen = |choice: u8| i64::from(choice) * 13;
    if step.b < 200 {
        act["yen"] = yen(step.lines[0][0]).into();
        if step.b >= 150 {
            act["category"] =
                ["standard", "reduced", "non_taxable", "out_of_scope"][usize::from(step.b) % 4].into();
        }
    } else {
        let line = |line: &[u8; 4]| {
            let category = ["standard", "reduced", "non_taxable", "out_of_scope"][usize::from(line[1]) % 4];
            json!({"category": category, "yen": yen(line[0])})
        };
        act["lines"] = step.lines.iter().map(line).collect();
    }
    if item == "welfare_food" && step.c < 250 || step.c % 4 == 1 {
        act["section"] = "welfare".into();
    }
    match step.c {
        140..=189 => act["paid_by_office"] = OFFICES[usize::from(step.c) % 4].into(),
        190..=199 => {
            act["paid_by_office"] = OFFICES[usize::from(step.c) % 4].into();
            act["paid_from"] = json!({"by": "bank"});
        }
        _ if item != "depreciation" || step.c >= 250 => put(&mut act, "paid", means(step.c)),
        _ => {}
    }
    if step.b % 16 == 1 {
        let lot = one_of(&model.lots.iter().collect::<Vec<_>>(), step.c.into());
        act["for_lot"] = lot.map_or("NAI".into(), |lot| lot.code.clone().into());
    }
    if step.b % 16 == 2 {
        act["supplier"] = ["card", "tane", "nai"][usize::from(step.c) % 3].into();
    }
    (Some(office), act)
}

pub fn earn(_: &Model, step: &Step) -> Act {
    let office = usize::from(step.office) % 4;
    let line = |line: &[u8; 4]| {
        let mut earned = json!({"yen": i64::from(line[0]) * 100});
        match line[1] % 4 {
            1 => earned["work"] = "cleaning".into(),
            2 => {
                earned["category"] =
                    ["reduced", "non_taxable", "out_of_scope"][usize::from(line[2]) % 3].into();
            }
            _ => {}
        }
        earned
    };
    let mut act = json!({"kind": "earn", "lines": step.lines.iter().map(line).collect::<Vec<_>>()});
    match step.a {
        0..=150 => act["partner"] = "card".into(),
        151..=180 => act["partner"] = "city".into(),
        181..=190 => act["partner"] = "public".into(),
        _ => put(&mut act, "paid", means(step.b)),
    }
    if step.a < 30 {
        put(&mut act, "paid", means(step.b));
    }
    (Some(office), act)
}

pub fn record_wages(_: &Model, step: &Step, day: i32) -> Act {
    let office = usize::from(step.office) % 4;
    let month = match step.a {
        0..=99 => 2026_05,
        100..=249 => 2026_06,
        _ => 2026_07,
    };
    let service = |choice: u8| ["b_type", "a_type", "transition"][usize::from(choice) % 3];
    let mut act = json!({"kind": "record_wages", "month": format!("2026-{:02}", month % 100)});
    if step.b < 240 {
        let amount = |line: &[u8; 4]| {
            let mut amount = json!({"service": service(line[1] / 100), "yen": i64::from(line[0]) * 101});
            if line[2] % 4 == 1 {
                amount["work"] = "kitchen".into();
            }
            amount
        };
        act["amounts"] = step.lines.iter().map(amount).collect();
    }
    if step.b.is_multiple_of(3) || step.b >= 240 {
        let person_days = if step.c >= 250 { 0 } else { u32::from(step.c) };
        let open_days = if step.c == 249 { 32 } else { step.c % 25 };
        act["attendance"] =
            json!([{"service": service(step.c / 100), "person_days": person_days, "open_days": open_days}]);
    }
    act["supplied_on"] = written(if step.c == 255 { day } else { last_day(month) }).into();
    (Some(office), act)
}

/// Debts that stand in an office's books of production: as `clears` names them, and how much.
pub fn open_debts(model: &Model, office: usize) -> Vec<(Value, i64)> {
    let mut debts = Vec::new();
    for (account, rows) in &model.money {
        let Account {
            unit: BookUnit::Office(owner, Section::Production),
            kind,
            party,
            ..
        } = *account
        else {
            continue;
        };
        let yen: i64 = rows.iter().map(|(_, yen)| yen).sum();
        if owner != model.ids.offices[office] || yen == 0 {
            continue;
        }
        let what = match kind {
            AccountKind::Payable => "payable",
            AccountKind::Receivable => "receivable",
            AccountKind::ConsignmentDeposit => "consignment_deposit",
            AccountKind::ConsignmentReceivable => "consignment_receivable",
            AccountKind::OwedForOthers => "owed_for_others",
            AccountKind::PaidForOthers => "paid_for_others",
            AccountKind::Internal if yen > 0 => "internal_receivable",
            AccountKind::Internal => "internal_payable",
            AccountKind::CashlessReceivable => "cashless",
            AccountKind::UnpaidWages => "unpaid_wages",
            _ => continue,
        };
        let mut debt = json!({"what": what});
        if let Some(party) = party {
            let codes = ["tane", "city", "komeya", "card", "public"];
            let partner = codes
                .iter()
                .find(|code| model.ids.partner(office, code) == Some(party));
            match (model.ids.office_of(party), partner) {
                (Some(other), _) => debt["with_office"] = OFFICES[other].into(),
                (None, Some(code)) => debt["partner"] = (*code).into(),
                // 本部 is not paid
                (None, None) => continue,
            }
        }
        debts.push((debt, yen.abs()));
    }
    debts
}

/// A debt of some office, and part of it.
fn debt(model: &Model, step: &Step) -> (usize, Value, i64) {
    let first = usize::from(step.office) % 4;
    for office in (0..4).map(|n| (first + n) % 4) {
        let debts = open_debts(model, office);
        let chosen = debts
            .len()
            .checked_sub(1)
            .map(|last| &debts[last - usize::from(step.a) % (last + 1)]);
        if let Some((debt, yen)) = chosen.filter(|_| step.a < 250) {
            let yen = match step.b {
                0..=99 => *yen,
                100..=239 => 1 + yen * i64::from(step.b) / 300,
                240..=247 => yen + 1,
                _ => 0,
            };
            return (office, debt.clone(), yen);
        }
    }
    let what = ["payable", "unpaid_wages", "cashless", "internal_payable"][usize::from(step.a) % 4];
    (
        first,
        json!({"what": what, "with_office": OFFICES[usize::from(step.b) % 4]}),
        5,
    )
}

pub fn pay(model: &Model, step: &Step) -> Act {
    let (office, clears, yen) = debt(model, step);
    let mut act = json!({"kind": "pay", "clears": clears, "yen": yen});
    match step.c {
        150..=174 => act["fee"] = json!({"yen": 330, "bearer": "payer"}),
        175..=199 => act["fee"] = json!({"yen": 220, "bearer": "payee"}),
        200..=219 => act["from"] = json!({"by": "cash"}),
        220..=239 => act["into"] = json!({"by": "bank"}),
        240 => act["fee"] = json!({"yen": 0, "bearer": "payer"}),
        _ => {}
    }
    (Some(office), act)
}

pub fn write_off(model: &Model, step: &Step) -> Act {
    let (office, debt, yen) = debt(model, step);
    let mut act = json!({"kind": "write_off", "debt": debt, "yen": yen});
    if step.c < 240 {
        let agreed = act["debt"]["with_office"].clone();
        act["agreed"] = if agreed.is_null() {
            json!([])
        } else {
            json!([agreed])
        };
    }
    (Some(office), act)
}

pub fn move_money(_: &Model, step: &Step) -> Act {
    let office = usize::from(step.office) % 4;
    let places: &[&str] = match office {
        1 => &["kinko", "kinko"],
        3 => &["kinko", "bank", "reji"],
        _ => &["kinko", "bank"],
    };
    let place = |choice: u8| {
        if choice == 255 {
            "nai"
        } else {
            places[usize::from(choice) % places.len()]
        }
    };
    let yen = i64::from(step.c) * 50;
    let act = match step.lines[0][0] {
        0..=119 => json!({"from": place(step.a), "to": place(step.b), "yen": yen}),
        120..=149 => json!({"from": place(step.a), "head": true, "yen": yen}),
        150..=179 => json!({"to": place(step.a), "head": true, "yen": yen}),
        180..=239 => json!({"from": place(step.a), "to_office": OFFICES[1 - office % 2], "yen": yen}),
        240..=247 => {
            json!({"from": place(step.a), "to_office": OFFICES[usize::from(step.b) % 4], "to": "kinko", "yen": yen})
        }
        _ => json!({"from": place(step.a), "to": place(step.b), "head": true, "yen": yen}),
    };
    let mut act = act;
    act["kind"] = "move_money".into();
    (Some(office), act)
}

pub fn count_cash(model: &Model, step: &Step) -> Act {
    let office = usize::from(step.office) % 4;
    let place = match step.a {
        0..=199 => "kinko",
        200..=229 => "reji",
        230..=249 => "bank",
        _ => "nai",
    };
    let account = model.ids.cash(office, place);
    let booked: i64 = account.map_or(0, |(place, _)| {
        let rows = model
            .money
            .iter()
            .filter(|(account, _)| account.cash_place == Some(place));
        rows.flat_map(|(_, rows)| rows).map(|(_, yen)| yen).sum()
    });
    let counted = match step.b {
        0..=99 => booked.max(0),
        100..=249 => (booked + i64::from(step.c) - 128).max(0),
        _ => booked,
    };
    (
        Some(office),
        json!({"kind": "count_cash", "place": place, "counted": counted}),
    )
}

pub fn price(step: &Step) -> Act {
    let product = usize::from(step.a) % PRODUCTS.len();
    let office = if step.b >= 240 {
        (PRODUCTS[product].office + 1) % 4
    } else {
        PRODUCTS[product].office
    };
    let channel = ["retail", "supply", "cost", "internal"][usize::from(step.b) % 4];
    let name = if office == PRODUCTS[product].office {
        PRODUCTS[product].code.to_owned()
    } else {
        format!("{}/{}", OFFICES[PRODUCTS[product].office], PRODUCTS[product].code)
    };
    let mut act = json!({"kind": "price", "product": name, "channel": channel,
        "unit_price": format!("{}.{}", u32::from(step.c) * 2, step.c % 10)});
    if step.texts % 4 == 1 {
        act["basis"] = "exclusive".into();
    }
    (Some(office), act)
}
