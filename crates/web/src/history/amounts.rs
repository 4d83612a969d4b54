//! The amounts of an act that was recorded, each with its place in the act: what can be put right on a page. The act itself
//! never changes, so a place in it always means the same.

use app::views::entry::{EntryView, MovementView};
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields that hold an amount, and how people call them.
const AMOUNTS: &[(&str, &str)] = &[
    ("accepted", "受け取った数"),
    ("cost", "材料費(円)"),
    ("counted", "数えた数"),
    ("missing", "届かなかった数"),
    ("person_days", "延べ利用者数"),
    ("open_days", "開所日数"),
    ("quantity", "数"),
    ("rejected", "返した数"),
    ("surplus", "多かった数"),
    ("unit_price", "単価(円)"),
    ("wages", "工賃(円)"),
    ("yen", "金額(円)"),
];

/// An amount of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// JSON pointer into the act, without the first slash.
    pub place: String,
    /// What it is of: a product or a lot; empty for the act as a whole.
    pub of: String,
    /// What kind of amount.
    pub what: &'static str,
    /// As it was recorded.
    pub recorded: String,
    /// Pack it was stated in.
    pub pack: Option<String>,
}

/// The act's own fields that hold in an entry: of a correction those of its right version.
pub fn act_of(entry: &EntryView) -> Option<(String, Value)> {
    let own = &entry.own.as_ref()?.act;
    if entry.kind != "correct" {
        return Some((entry.kind.clone(), own.clone()));
    }
    let mut right = own.get("right")?.as_object()?.clone();
    let kind = right.remove("kind")?.as_str()?.to_owned();
    Some((kind, Value::Object(right)))
}

/// All amounts of an act, in the order it was written; goods are called as in these movements.
pub fn amounts(movements: &[MovementView], act: &Value) -> Vec<Amount> {
    let mut names = BTreeMap::new();
    for movement in movements {
        let name = movement.product.name.as_str();
        names.insert(movement.lot.as_str(), name);
        names.insert(movement.product.code.as_str(), name);
    }
    amounts_of(&names, act)
}

/// The same; what goods are called by their lot or product is known.
pub fn amounts_of(names: &BTreeMap<&str, &str>, act: &Value) -> Vec<Amount> {
    let mut found = Vec::new();
    walk(act, "", "", names, &mut found);
    found
}

fn walk(value: &Value, place: &str, of: &str, names: &BTreeMap<&str, &str>, found: &mut Vec<Amount>) {
    let at = |name: &str| {
        let name = name.replace('~', "~0").replace('/', "~1");
        if place.is_empty() {
            name
        } else {
            format!("{place}/{name}")
        }
    };
    match value {
        Value::Array(parts) => {
            for (n, part) in parts.iter().enumerate() {
                walk(part, &at(&n.to_string()), of, names, found);
            }
        }
        Value::Object(fields) => {
            let named = name_of(fields, names);
            let of = named.as_deref().unwrap_or(of);
            for (name, field) in fields {
                let known = AMOUNTS.iter().find(|(known, _)| known == name);
                match known.and_then(|(_, what)| Some((*what, recorded(field)?))) {
                    Some((what, (recorded, pack))) => found.push(Amount {
                        place: at(name),
                        of: of.to_owned(),
                        what,
                        recorded,
                        pack,
                    }),
                    None => walk(field, &at(name), of, names, found),
                }
            }
        }
        _ => {}
    }
}

/// What a line is of: the product's name with its lot, as far as they are told.
fn name_of(fields: &serde_json::Map<String, Value>, names: &BTreeMap<&str, &str>) -> Option<String> {
    let text = |name: &str| match fields.get(name)? {
        Value::String(text) => Some(text.as_str()),
        Value::Object(lot) => lot.get("code")?.as_str(),
        _ => None,
    };
    let (product, lot) = (text("product"), text("lot"));
    let code = product.map(|product| product.rsplit('/').next().unwrap_or(product));
    let name = [lot, code].into_iter().flatten().find_map(|code| names.get(code));
    let name = name.copied().or(code);
    match (name, lot) {
        (Some(name), Some(lot)) => Some(format!("{name} {lot}")),
        (Some(name), None) => Some(name.to_owned()),
        (None, lot) => lot.map(str::to_owned),
    }
}

/// The amount as it was stated, and its pack.
fn recorded(field: &Value) -> Option<(String, Option<String>)> {
    match field {
        Value::String(text) => Some((text.clone(), None)),
        Value::Number(number) => Some((number.to_string(), None)),
        Value::Object(stated) => {
            let amount = stated.get("amount")?.as_str()?.to_owned();
            Some((amount, stated.get("unit")?.as_str().map(str::to_owned)))
        }
        _ => None,
    }
}

/// The act with another amount at a place; unchanged where there is none. A whole number stays one where one was.
pub fn put(act: &mut Value, place: &str, typed: &str) {
    let Some(field) = act.pointer_mut(&format!("/{place}")) else {
        return;
    };
    match field {
        Value::Number(_) => {
            let whole = typed.parse::<i64>();
            *field = whole.map_or_else(|_| typed.into(), Value::from);
        }
        Value::Object(stated) => drop(stated.insert("amount".to_owned(), typed.into())),
        field => *field = typed.into(),
    }
}

/// Takes the line out that an amount is in, where it is one of several: what was not there at all.
///
/// The places of the other amounts change with it, so this comes last, from the end to the beginning.
pub fn take_out(act: &mut Value, place: &str) -> bool {
    let steps: Vec<&str> = place.split('/').collect();
    let Some(at) = steps.iter().rposition(|step| step.parse::<usize>().is_ok()) else {
        return false;
    };
    let (lines, n) = (steps[..at].join("/"), steps[at]);
    let lines = act
        .pointer_mut(&format!("/{lines}"))
        .and_then(Value::as_array_mut);
    match (lines, n.parse::<usize>()) {
        (Some(lines), Ok(n)) if lines.len() > 1 && n < lines.len() => {
            lines.remove(n);
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_found_wherever_they_stand() {
        let act = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "4"},
            {"product": "a/bread", "quantity": {"amount": "2", "unit": "箱"}, "unit_price": "100.5"}], "fee": {"yen": 110}});
        let names = BTreeMap::from([("C-1", "にんじん"), ("bread", "パン")]);
        let mut found = Vec::new();
        walk(&act, "", "", &names, &mut found);
        let mut told: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|amount| {
                (
                    amount.place.as_str(),
                    amount.of.as_str(),
                    amount.recorded.as_str(),
                )
            })
            .collect();
        told.sort_unstable();
        assert_eq!(
            told,
            [
                ("fee/yen", "", "110"),
                ("lines/0/quantity", "にんじん C-1", "4"),
                ("lines/1/quantity", "パン", "2"),
                ("lines/1/unit_price", "パン", "100.5"),
            ]
        );
        let pack = found.iter().find(|amount| amount.place == "lines/1/quantity");
        assert_eq!(pack.and_then(|amount| amount.pack.as_deref()), Some("箱"));
    }

    #[test]
    fn an_amount_is_put_as_it_stood() {
        let mut act =
            json!({"lines": [{"quantity": "4"}, {"quantity": {"amount": "2", "unit": "箱"}}], "yen": 5});
        put(&mut act, "lines/0/quantity", "3");
        put(&mut act, "lines/1/quantity", "1");
        put(&mut act, "yen", "7");
        put(&mut act, "nothing/there", "7");
        assert_eq!(
            act,
            json!({"lines": [{"quantity": "3"}, {"quantity": {"amount": "1", "unit": "箱"}}], "yen": 7})
        );
        assert!(take_out(&mut act, "lines/1/quantity"));
        // an act without lines is none
        assert!(!take_out(&mut act, "lines/0/quantity") && !take_out(&mut act, "yen"));
        assert_eq!(act, json!({"lines": [{"quantity": "3"}], "yen": 7}));
    }
}
