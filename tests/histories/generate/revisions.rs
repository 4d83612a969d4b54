//! Acts about earlier acts: taking back, putting right, sending again; and the end of a month.

use super::{goods::Act, one_of};
use crate::{
    model::Model,
    money::decimal,
    step::Step,
    world::{OFFICES, TODAY, plus, read_day, written},
};
use serde_json::{Value, json};

/// A record that still holds, lately rather than long ago; now and then one that does not.
fn earlier(model: &Model, step: &Step) -> Option<usize> {
    let holds = |n: &usize| model.records[*n].reversed_by.is_none() && model.records[*n].kind != "reverse";
    let all: Vec<usize> = (0..model.records.len())
        .filter(|n| step.c >= 246 || holds(n))
        .collect();
    one_of(&all, usize::from(step.a) * (1 + usize::from(step.b) % 4))
}

pub fn reverse(model: &Model, step: &Step) -> Act {
    let Some(record) = earlier(model, step).map(|n| &model.records[n]) else {
        return (Some(0), json!({"kind": "reverse", "entry": {"key": "nai"}}));
    };
    let mut entry = json!({"key": record.key});
    let by = match step.c {
        220..=229 => None,
        230..=235 => record.by.map(|by| (by + 1) % 4),
        _ => record.by,
    };
    if let (true, Some(office)) = (by != record.by, record.by) {
        entry["office"] = OFFICES[office].into();
    }
    // taken back on the day it is noticed, and never before the day of the act
    let day = record.day.max(model.cursor);
    let mut act = json!({"kind": "reverse", "entry": entry});
    if step.day < 216 {
        act["supplied_on"] = written(day).into();
    }
    (by, act)
}

pub fn correct(model: &mut Model, step: &Step) -> Act {
    let Some(n) = earlier(model, step) else {
        return (
            Some(0),
            json!({"kind": "correct", "entry": {"key": "nai"}, "right": {"kind": "use", "for": "gifts", "lines": []}}),
        );
    };
    model.written += 1;
    let fresh = format!("L{}", model.written);
    let record = &model.records[n];
    let mut right = record.act.clone();
    right["kind"] = model.records[record.first].kind.clone().into();
    if let Value::Object(fields) = &mut right {
        for name in ["office", "key", "supplied_on", "note", "reason", "group"] {
            fields.remove(name);
        }
    }
    change(&mut right, step, &fresh);
    let mut act = json!({"kind": "correct", "entry": {"key": record.key}, "right": right});
    if step.day < 216 {
        act["supplied_on"] = written(record.day.max(model.cursor)).into();
    }
    (record.by, act)
}

/// Makes the right version out of the wrong one.
fn change(right: &mut Value, step: &Step, fresh: &str) {
    let list = ["lines", "inputs", "outputs", "amounts"]
        .into_iter()
        .find(|name| right[*name].is_array());
    match (step.lines[0][0] % 16, list) {
        (12, Some(list)) => {
            if let Some(lines) = right[list].as_array_mut().filter(|lines| lines.len() > 1) {
                lines.pop();
            }
        }
        (13, Some(list)) => {
            if let Some(lines) = right[list].as_array_mut().filter(|lines| !lines.is_empty()) {
                let mut line = lines[0].clone();
                if !line["lot"]["code"].is_null() {
                    line["lot"]["code"] = fresh.into();
                }
                lines.push(line);
            }
        }
        (14, _) => {
            if let Some(product) = right.pointer_mut("/lines/0/product").or(None) {
                *product = "a/craft".into();
            }
        }
        (15, _) if step.lines[0][1] >= 200 => {
            let line = json!({"product": "carrot", "quantity": "1"});
            *right = if right["kind"] == "use" {
                json!({"kind": "produce", "lines": [line]})
            } else {
                json!({"kind": "use", "for": "gifts", "lines": [line]})
            };
        }
        (15, _) => {}
        _ => {
            let mut numbers = Vec::new();
            collect(right, &mut numbers);
            let count = numbers.len().max(1);
            if let Some(number) = numbers.into_iter().nth(usize::from(step.lines[0][2]) % count) {
                other_number(number, step.lines[0][3]);
            }
        }
    }
}

/// The quantities and amounts in an act.
fn collect<'v>(value: &'v mut Value, numbers: &mut Vec<&'v mut Value>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let counts = [
                    "quantity", "accepted", "rejected", "missing", "surplus", "counted", "yen", "amount",
                    "cost",
                ];
                if counts.contains(&name.as_str()) && !field.is_object() {
                    numbers.push(field);
                } else {
                    collect(field, numbers);
                }
            }
        }
        Value::Array(fields) => fields.iter_mut().for_each(|field| collect(field, numbers)),
        _ => {}
    }
}

fn other_number(number: &mut Value, choice: u8) {
    let changed = |digits: i128| match choice % 8 {
        0 | 1 => digits / 2,
        2 => digits / 10,
        3 => digits + 1,
        4 => digits - 1,
        5 => 1,
        6 => digits * 2,
        _ => digits / 3 + 1,
    };
    if let Some(yen) = number.as_i64() {
        *number = i64::try_from(changed(yen.into())).unwrap_or(1).into();
    } else if let Some((digits, scale)) = number.as_str().map(decimal) {
        let digits = changed(digits).max(0);
        let one = 10_i128.pow(scale);
        let (whole, part) = (digits / one, digits % one);
        let width = scale as usize;
        let text = if part == 0 {
            whole.to_string()
        } else {
            format!("{whole}.{part:0width$}")
        };
        *number = if scale > 0 && part != 0 {
            text.trim_end_matches('0').into()
        } else {
            text.into()
        };
    }
}

pub fn erase_text(model: &Model, step: &Step) -> Act {
    let is_chosen = |n: &usize| match step.c {
        // nothing was written, or it was erased
        236.. => true,
        200..=235 => !model.records[*n].written.is_empty(),
        _ => !model.records[*n].texts.is_empty(),
    };
    let all: Vec<usize> = (0..model.records.len()).filter(is_chosen).collect();
    let mut entry = json!({"key": "nai"});
    if let Some(n) = one_of(&all, usize::from(step.a) * (1 + usize::from(step.b) % 4)) {
        let record = &model.records[n];
        entry["key"] = record.key.clone().into();
        match record.by {
            Some(office) => entry["office"] = OFFICES[office].into(),
            None if step.b.is_multiple_of(2) => entry["office"] = "keeper".into(),
            None => {}
        }
    }
    let mut act = json!({"kind": "erase_text", "entry": entry});
    match step.b {
        150..=199 => act["only"] = "note".into(),
        200.. => act["only"] = "reason".into(),
        _ => {}
    }
    // as a rule the keeper
    ((200..=209).contains(&step.c).then_some(0), act)
}

pub fn close(model: &Model, step: &Step) -> Act {
    let office = usize::from(step.office) % 4;
    let next = model.closed[office].map_or(2026_05, |closed| closed + 1);
    let month = match step.a {
        // as a rule the next month that is over
        0..=199 => next.min(model.cursor / 100 - 1).max(2026_04),
        200..=219 => next,
        220..=234 => next - 1,
        235..=244 => next + 1,
        _ => 2026_07,
    };
    let mut act = json!({"kind": "close", "month": format!("2026-{:02}", month % 100)});
    match step.b {
        0..=149 => (Some(office), act),
        150..=239 => {
            act["of"] = OFFICES[office].into();
            (None, act)
        }
        240..=249 => {
            act["of"] = OFFICES[office].into();
            (Some((office + 1) % 4), act)
        }
        _ => (None, act),
    }
}

/// An act that was sent before: as it was, or with something else in it.
pub fn again(model: &Model, step: &Step, changed: bool) -> Value {
    let sent: Vec<&Value> = model.sent.iter().collect();
    let Some(mut act) = one_of(&sent, usize::from(step.a) * (1 + usize::from(step.b) % 4)).cloned() else {
        return json!({"kind": "produce", "office": "a", "key": "k0", "supplied_on": "2026-06-01",
            "lines": [{"product": "carrot", "quantity": "1", "lot": {"code": "L0"}}]});
    };
    if changed {
        let day = read_day(act["supplied_on"].as_str().unwrap_or_default());
        let day = if day >= TODAY {
            plus(TODAY, -1)
        } else {
            plus(day, 1)
        };
        act["supplied_on"] = written(day).into();
    } else if step.c % 2 == 1 {
        // a note is no part of what was recorded
        act["note"] = "もう一度".into();
    }
    act
}
