//! Acts that make, use and move goods.

use super::{goods_line, means, new_lot, new_quantity, one_of, put, quantity, with_stock};
use crate::{
    model::Model,
    money::shown,
    step::Step,
    world::{AGREEMENTS, About, OFFICES, PRODUCTS, plus, written},
};
use domain::place::{Place, PlaceKind};
use serde_json::{Value, json};

/// Who acts, and the act without its head.
pub type Act = (Option<usize>, Value);

fn own_products(office: usize) -> Vec<usize> {
    (0..PRODUCTS.len())
        .filter(|product| PRODUCTS[*product].office == office)
        .collect()
}

/// A product that an office makes; seldom another's.
fn product(office: usize, choice: u8) -> usize {
    let own = own_products(office);
    if choice >= 240 {
        usize::from(choice) % PRODUCTS.len()
    } else {
        own[usize::from(choice) % own.len()]
    }
}

fn named(model: &Model, office: usize, product: usize, choice: u8) -> String {
    if choice == 255 {
        "nai".to_owned()
    } else {
        model.product_name(office, product)
    }
}

pub fn produce(model: &mut Model, step: &Step, day: i32) -> Act {
    let office = usize::from(step.office) % 4;
    let mut lines = Vec::new();
    for line in &step.lines {
        let product = product(office, line[0]);
        let mut made = json!({"product": named(model, office, product, line[0]),
            "quantity": new_quantity(product, line[1])});
        made["lot"] = new_lot(model, line[2], day);
        lines.push(made);
    }
    (Some(office), json!({"kind": "produce", "lines": lines}))
}

pub fn purchase(model: &mut Model, step: &Step, day: i32) -> Act {
    let office = usize::from(step.office) % 4;
    let mut lines = Vec::new();
    for line in &step.lines {
        let product = if line[0] < 200 {
            usize::from(line[0]) % PRODUCTS.len()
        } else {
            product(office, line[0])
        };
        let mut bought = json!({"product": named(model, office, product, line[0]),
            "quantity": new_quantity(product, line[1])});
        bought["lot"] = new_lot(model, line[2], day);
        match line[3] {
            0..=119 => bought["amount"] = (i64::from(line[3]) * 37).into(),
            120..=127 => bought["tax"] = "standard".into(),
            _ => {}
        }
        match line[3] {
            255 => {}
            254 => bought["amount"] = (-1).into(),
            120..=253 => bought["unit_price"] = format!("{}.{:02}", line[3], line[2] % 100).into(),
            _ => {}
        }
        lines.push(bought);
    }
    let suppliers: &[&str] = match office {
        0 => &["tane", "city", "card"],
        2 => &["komeya", "card"],
        _ => &["card"],
    };
    let supplier = if step.a >= 252 {
        "nai"
    } else {
        suppliers[usize::from(step.a) % suppliers.len()]
    };
    let mut act = json!({"kind": "purchase", "supplier": supplier, "lines": lines});
    if step.b >= 180 {
        act["basis"] = "exclusive".into();
    }
    if step.b % 8 == 1 {
        act["rounding"] = "half_up".into();
    }
    put(&mut act, "purpose", purpose(step.c));
    put(&mut act, "paid", means(step.office.wrapping_mul(7)));
    (Some(office), act)
}

/// What goods are for; material as a rule.
fn purpose(choice: u8) -> Value {
    match choice % 8 {
        1 => "merchandise".into(),
        2 => "supplies".into(),
        3 => "welfare".into(),
        _ => Value::Null,
    }
}

pub fn process(model: &mut Model, step: &Step) -> Act {
    if step.a >= 220 {
        let batches = match step.b {
            250 => "0.5".to_owned(),
            251 => "0".to_owned(),
            b => (u32::from(b) / 16 + 1).to_string(),
        };
        let office = if step.c >= 250 { 0 } else { 2 };
        return (
            Some(office),
            json!({"kind": "process", "recipe": "bento", "batches": batches}),
        );
    }
    let office = with_stock(model, step.office);
    let store = Place::store(model.ids.offices[office]);
    let inputs: Vec<Value> = step
        .lines
        .iter()
        .map(|line| goods_line(model, office, &store, *line))
        .collect();
    let mut outputs = Vec::new();
    let count = usize::from(step.b) % 3;
    for line in step.lines.iter().take(count.max(1)) {
        let product = product(office, line[3]);
        let mut made = json!({"product": named(model, office, product, line[3]),
            "quantity": new_quantity(product, line[2])});
        made["lot"] = new_lot(model, step.c, model.cursor);
        put(
            &mut made,
            "weight",
            if line[3] % 4 == 1 {
                (line[3] % 3).into()
            } else {
                Value::Null
            },
        );
        outputs.push(made);
    }
    let mut act = json!({"kind": "process", "inputs": inputs, "outputs": outputs});
    if step.c % 8 == 1 {
        act["waste"] = json!([{"input": step.c / 64, "quantity": "1"}]);
    }
    (Some(office), act)
}

pub fn use_up(model: &mut Model, step: &Step) -> Act {
    let office = with_stock(model, step.office);
    let store = Place::store(model.ids.offices[office]);
    let lines: Vec<Value> = step
        .lines
        .iter()
        .map(|line| goods_line(model, office, &store, *line))
        .collect();
    let purpose = ["samples", "gifts", "supplies", "meals"][usize::from(step.a) % 4];
    let mut act = json!({"kind": "use", "for": purpose, "lines": lines});
    if step.b >= 200 || purpose == "meals" && step.b >= 100 {
        act["cost"] = (i64::from(step.c) * 11).into();
    }
    (Some(office), act)
}

/// Another office; seldom the acting one, or none.
fn other(office: usize, choice: u8) -> &'static str {
    match choice {
        255 => "nai",
        254 => OFFICES[office],
        _ => OFFICES[(office + 1 + usize::from(choice) % 3) % 4],
    }
}

pub fn order(model: &Model, step: &Step, day: i32) -> Act {
    let office = usize::from(step.office) % 4;
    let to = other(office, step.a);
    let maker = OFFICES.iter().position(|code| *code == to).unwrap_or(0);
    let lines: Vec<Value> = (step.lines.iter())
        .map(|line| {
            let product = product(maker, line[0]);
            let mut wanted = json!({"product": named(model, maker, product, line[0]),
                "quantity": new_quantity(product, line[1])});
            if line[2] % 4 == 1 {
                wanted["unit_price"] = format!("{}.5", line[2]).into();
            }
            wanted
        })
        .collect();
    let wanted_on = plus(day, i32::from(step.b % 20) - 1);
    (
        Some(office),
        json!({"kind": "order", "to": to, "wanted_on": written(wanted_on), "lines": lines}),
    )
}

pub fn ship(model: &Model, step: &Step) -> Act {
    let office = with_stock(model, step.office);
    let store = Place::store(model.ids.offices[office]);
    let mut to = other(office, step.a);
    let mut order = Value::Null;
    if step.b % 4 == 1 {
        let orders = model
            .records
            .iter()
            .filter(|record| record.kind == "order" && record.act["to"] == OFFICES[office]);
        let orders: Vec<_> = orders.collect();
        if let Some(found) = one_of(&orders, usize::from(step.b / 4)) {
            to = OFFICES[found.by.unwrap_or(0)];
            order = json!({"office": to, "key": found.key});
        }
    }
    let lines: Vec<Value> = (step.lines.iter())
        .map(|line| {
            let mut sent = goods_line(model, office, &store, *line);
            if line[2] % 8 == 1 {
                sent["unit_price"] = format!("{}.25", line[2]).into();
            }
            sent
        })
        .collect();
    let mut act = json!({"kind": "ship", "to": to, "lines": lines});
    put(&mut act, "order", order);
    (Some(office), act)
}

pub fn receive(model: &Model, step: &Step) -> Act {
    let left = |n: &usize| {
        let record = &model.records[*n];
        model.records[record.first].kind == "ship"
            && record
                .held
                .moves
                .iter()
                .any(|one| step.c >= 248 || model.left(one.lot, &one.to) > 0)
    };
    let shipments: Vec<usize> = (0..model.records.len()).filter(left).collect();
    let Some(chosen) = one_of(&shipments, step.a.into()) else {
        return (
            Some(usize::from(step.office) % 4),
            json!({"kind": "receive", "shipment": {"office": "a", "key": "nai"}, "all": true}),
        );
    };
    let shipment = &model.records[chosen];
    let transit = shipment.held.moves[0].to;
    let buyer = model.ids.office_of(transit.holder).unwrap_or(0);
    let buyer = if step.b >= 252 { (buyer + 1) % 4 } else { buyer };
    let seller = OFFICES[shipment.by.unwrap_or(0)];
    let named = if step.c.is_multiple_of(2) {
        &model.records[shipment.first].key
    } else {
        &shipment.key
    };
    let mut act = json!({"kind": "receive", "shipment": {"office": seller, "key": named}});
    if step.b < 110 {
        act["all"] = true.into();
    } else {
        let mut lots: Vec<usize> = Vec::new();
        for one in &shipment.held.moves {
            if !lots.contains(&one.lot) && model.left(one.lot, &transit) > 0 {
                lots.push(one.lot);
            }
        }
        let lines = lots.iter().zip(step.lines.iter().cycle());
        let mut lines: Vec<Value> = lines
            .map(|(lot, line)| arrived(model, *lot, &transit, *line))
            .collect();
        if lines.is_empty() || step.b >= 250 {
            lines.push(
                json!({"lot": model.lots.first().map_or("NAI", |lot| lot.code.as_str()), "accepted": "1"}),
            );
        }
        act["lines"] = lines.into();
    }
    put(&mut act, "purpose", purpose(step.c));
    if step.c % 16 == 9 {
        act["mode"] = "eat_in".into();
    }
    (Some(buyer), act)
}

/// One lot of a shipment arrives: all, part, rejected, missing, too much.
fn arrived(model: &Model, lot: usize, transit: &Place, line: [u8; 4]) -> Value {
    let product = model.lots[lot].product;
    let there = model.left(lot, transit);
    let part = there * i64::from(line[1] % 100) / 100;
    let (accepted, rejected, missing, surplus) = match line[0] % 16 {
        0..=4 => (there, 0, 0, 0),
        5..=7 => (part, 0, 0, 0),
        8 => (part, there - part, 0, 0),
        9 => (part, 0, there - part, 0),
        10 => (there, 0, 0, 1 + i64::from(line[1] % 10)),
        11 => (0, there, 0, 0),
        12 => (there + 1, 0, 0, 0),
        13 => (0, 0, there, 0),
        14 => (part, part / 2, (there - part) / 3, 2),
        _ => (part, there - part, 1, 0),
    };
    let mut arrived = json!({"lot": model.lots[lot].code});
    for (name, steps) in [
        ("accepted", accepted),
        ("rejected", rejected),
        ("missing", missing),
        ("surplus", surplus),
    ] {
        if steps > 0 || name == "accepted" && line[2].is_multiple_of(2) {
            arrived[name] = shown(product, steps).into();
        }
    }
    match line[2] % 16 {
        1 => arrived["unit_price"] = format!("{}", line[3]).into(),
        2 => arrived["bearer"] = "other".into(),
        3 => arrived["bearer"] = "producer".into(),
        4 => put(&mut arrived, "purpose", purpose(line[3])),
        _ => {}
    }
    arrived
}

pub fn consign(model: &Model, step: &Step) -> Act {
    let shelves: Vec<usize> = (0..AGREEMENTS.len())
        .filter(|agreement| AGREEMENTS[*agreement].about != About::Supply)
        .collect();
    let agreement = &AGREEMENTS[shelves[usize::from(step.a) % shelves.len()]];
    let (office, to) = if step.b >= 245 {
        (
            with_stock(model, step.office),
            other(usize::from(step.office) % 4, step.a),
        )
    } else {
        (agreement.producer, OFFICES[agreement.other])
    };
    let store = Place::store(model.ids.offices[office]);
    let lines: Vec<Value> = step
        .lines
        .iter()
        .map(|line| goods_line(model, office, &store, *line))
        .collect();
    (Some(office), json!({"kind": "consign", "to": to, "lines": lines}))
}

/// The own store, or a shelf on which something lies or lay; with the owner's code for a shelf.
fn kept(model: &Model, step: &Step) -> (usize, Place, Option<&'static str>) {
    let office = with_stock(model, step.office);
    let places = model
        .lots
        .iter()
        .flat_map(|lot| lot.places.keys())
        .filter(|place| place.kind == PlaceKind::Shelf);
    let mut shelves: Vec<Place> = places.copied().collect();
    shelves.sort_unstable();
    shelves.dedup();
    if step.a >= 150
        && let Some(shelf) = one_of(&shelves, step.a.into())
    {
        let holder = model.ids.office_of(shelf.holder).unwrap_or(0);
        let owner = model.ids.office_of(shelf.owner).unwrap_or(0);
        let holder = if step.a == 255 { (holder + 1) % 4 } else { holder };
        return (holder, shelf, Some(OFFICES[owner]));
    }
    (office, Place::store(model.ids.offices[office]), None)
}

pub fn dispose(model: &Model, step: &Step) -> Act {
    let (office, place, owner) = kept(model, step);
    let lines: Vec<Value> = (step.lines.iter())
        .map(|line| {
            let mut lost = goods_line(model, office, &place, *line);
            if line[2] >= 240 {
                lost["unit_price"] = "12.5".into();
            }
            lost
        })
        .collect();
    let mut act = json!({"kind": "dispose", "lines": lines});
    put(&mut act, "shelf_of", owner.map_or(Value::Null, Value::from));
    (Some(office), act)
}

pub fn count(model: &mut Model, step: &Step) -> Act {
    let (office, place, owner) = kept(model, step);
    let (mut lines, mut unknown) = (Vec::new(), Vec::new());
    for line in &step.lines {
        if line[3] >= 235 {
            let product = product(office, line[0]);
            let mut found = json!({"product": model.product_name(office, product), "quantity": new_quantity(product, line[1])});
            found["lot"] = new_lot(model, line[2], model.cursor);
            unknown.push(found);
            continue;
        }
        let mut counted = goods_line(model, office, &place, *line);
        let there = match (
            counted["lot"].as_str().and_then(|code| model.lot(code)),
            counted["product"].as_str(),
        ) {
            (Some(lot), _) => Some((model.lots[lot].product, model.left(lot, &place))),
            (None, Some(name)) => crate::world::product_named(office, name).map(|product| {
                (
                    product,
                    model
                        .lots_at(product, &place)
                        .iter()
                        .map(|lot| model.left(*lot, &place))
                        .sum(),
                )
            }),
            (None, None) => None,
        };
        let (product, there) = there.unwrap_or((0, 1));
        let steps = match line[2] % 8 {
            0..=2 => there,
            3 | 4 => there - there / 10 - 1,
            5 => there + 1 + there / 20,
            6 => 0,
            _ => there / 2,
        };
        if let Value::Object(fields) = &mut counted {
            let stated = fields.remove("quantity").unwrap_or_default();
            let stated = if line[1] >= 249 {
                stated
            } else {
                shown(product, steps.max(0)).into()
            };
            fields.insert("counted".to_owned(), stated);
        }
        if line[3] >= 225 {
            counted["unit_price"] = "33.3".into();
        }
        lines.push(counted);
    }
    let mut act = json!({"kind": "count", "lines": lines, "unknown": unknown});
    put(&mut act, "shelf_of", owner.map_or(Value::Null, Value::from));
    (Some(office), act)
}

/// Something of what is left at a place, for a sale.
pub fn sold_line(model: &Model, seller: usize, place: &Place, line: [u8; 4]) -> Value {
    let mut sold = goods_line(model, seller, place, line);
    let owner = model.ids.office_of(place.owner).unwrap_or(seller);
    if place.kind == PlaceKind::Shelf && (line[2].is_multiple_of(2) || is_ambiguous(model, seller, &sold)) {
        sold["owner"] = OFFICES[owner].into();
    }
    match line[2] / 16 {
        1 => sold["unit_price"] = format!("{}.5", u32::from(line[3]) * 4).into(),
        2 => sold["amount"] = (i64::from(line[3]) * 20).into(),
        3 => sold["discount"] = i64::from(line[3]).into(),
        4 => sold["mode"] = "eat_in".into(),
        5 if line[3] >= 250 => sold["amount"] = (-5).into(),
        6 if line[3] >= 240 => sold["unit_price"] = "999999999".into(),
        7 if line[3] >= 240 => sold["quantity"] = quantity(0, 250, 0),
        8 if line[3] >= 230 => sold["owner"] = OFFICES[usize::from(line[3]) % 4].into(),
        _ => {}
    }
    sold
}

/// A lot that lies or lay on the seller's shelf for two owners: which of them is meant has to be said.
fn is_ambiguous(model: &Model, seller: usize, line: &Value) -> bool {
    let holder = model.ids.party(seller);
    let lot = line["lot"].as_str().and_then(|code| model.lot(code));
    lot.is_some_and(|lot| {
        let shelves = model.lots[lot].places.keys();
        shelves
            .filter(|place| place.kind == PlaceKind::Shelf && place.holder == holder)
            .count()
            > 1
    })
}
