//! Every component and field is described in Japanese, and no word stands unused.

use crate::whole_acts;
use domain::{
    account::AccountKind,
    schema::{Gaps, WORDS, describe},
};
use serde_json::Value;
use std::collections::BTreeSet;

#[test]
fn everything_is_described_and_every_word_is_used() {
    let mut components = whole_acts();
    assert_eq!(describe(&mut components, &[WORDS]), Gaps::default());
    let keys: BTreeSet<&str> = WORDS.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys.len(), WORDS.len(), "a key stands twice");
    for (name, component) in serde_json::to_value(&components).unwrap().as_object().unwrap() {
        only_japanese(name, component);
        let said = component["description"].as_str().unwrap();
        for value in values(component) {
            assert!(said.contains(&value), "{name}: nothing is said of {value}");
        }
    }
}

#[test]
fn a_gap_is_told() {
    let mut components = whole_acts();
    let some: Vec<_> = WORDS
        .iter()
        .filter(|(key, _)| !matches!(*key, "Sell" | "SellLine.owner"))
        .copied()
        .collect();
    let gaps = describe(
        &mut components,
        &[&some, &[("Shell", "貝"), ("paid", "別のことば")]],
    );
    let undescribed: Vec<&str> = gaps.undescribed.iter().map(String::as_str).collect();
    assert_eq!(undescribed, ["Sell", "SellAct", "SellLine.owner"]);
    assert_eq!(gaps.unused.into_iter().collect::<Vec<_>>(), ["Shell"]);
}

#[test]
fn each_account_is_called_what_it_is_called_elsewhere() {
    let (_, said) = WORDS.iter().find(|(key, _)| *key == "AccountKind").unwrap();
    for kind in AccountKind::ALL {
        let value = serde_json::to_value(kind).unwrap();
        let pair = format!("{}={}", value.as_str().unwrap(), kind.label());
        assert!(said.contains(&pair), "{pair}");
    }
}

/// No description is left of those in the code, which are English.
fn only_japanese(place: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(said)) = fields.get("description") {
                let first = said.chars().find(|c| c.is_alphabetic());
                let is_known = WORDS.iter().any(|(_, word)| word == said);
                assert!(is_known && first.is_some(), "{place}: {said}");
            }
            for (name, inner) in fields {
                only_japanese(&format!("{place}.{name}"), inner);
            }
        }
        Value::Array(items) => items.iter().for_each(|inner| only_japanese(place, inner)),
        _ => {}
    }
}

/// What a component that is a choice offers.
fn values(component: &Value) -> Vec<String> {
    let one_of = component["oneOf"].as_array().into_iter().flatten();
    let texts = [component].into_iter().chain(one_of.clone());
    let texts = texts.flat_map(|schema| schema["enum"].as_array().into_iter().flatten());
    let tags =
        one_of.flat_map(|schema| ["by", "kind"].map(|tag| schema["properties"][tag]["enum"][0].clone()));
    texts
        .cloned()
        .chain(tags)
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
