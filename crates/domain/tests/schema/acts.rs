//! Acts of the small world and of the sample month, and thousands of broken copies of them: reader and schema agree.

use crate::{component_of, validator, whole_acts};
use domain::{acts::Act, command::Command};
use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// What stands in place of something else in a broken copy.
fn strangers() -> [Value; 18] {
    [
        Value::Null,
        json!(true),
        json!(0),
        json!(7),
        json!(-1),
        json!(300),
        json!(9_007_199_254_740_992_i64),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!("X 1"),
        json!("2026-06-31"),
        json!("2026-13"),
        json!("0.123456789"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"x": null}),
    ]
}

/// Lines of the small world and of the sample month, and the examples.
fn acts() -> Vec<Value> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sample = fs::read_dir(repository.join("crates/yokoito/sample")).unwrap();
    let mut files: Vec<_> = sample.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    assert_eq!(files.len(), 4);
    files.push(repository.join("tests/data/small-world.jsonl"));
    let texts: Vec<String> = files
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let lines = texts.iter().flat_map(|text| text.lines());
    let lines = lines.map(|line| serde_json::from_str(line).unwrap());
    let examples = Act::KINDS.iter().map(|(kind, _)| {
        let mut example = Act::example(kind);
        example["kind"] = (*kind).into();
        example["key"] = "k-1".into();
        example
    });
    lines.chain(examples).collect()
}

/// One validator a kind.
fn validators() -> BTreeMap<&'static str, jsonschema::Validator> {
    let components = whole_acts();
    let kinds = Act::KINDS.iter().map(|(kind, _)| *kind);
    kinds
        .map(|kind| (kind, validator(&component_of(kind), &components)))
        .collect()
}

#[test]
fn all_acts_that_are_read_fit() {
    let validators = validators();
    let mut seen = BTreeSet::new();
    for act in acts() {
        Command::from_value(act.clone()).unwrap_or_else(|refusal| panic!("{refusal}: {act}"));
        let kind = act["kind"].as_str().unwrap();
        if let Err(error) = validators[kind].validate(&act) {
            panic!("{error} at {}: {act}", error.instance_path());
        }
        seen.insert(kind.to_owned());
    }
    assert_eq!(seen.len(), Act::KINDS.len());
}

#[test]
fn what_one_refuses_the_other_refuses() {
    let validators = validators();
    let mut forms = BTreeSet::new();
    let mut broken: usize = 0;
    let mut quarrels = Vec::new();
    for act in acts() {
        if !forms.insert(form(&act)) {
            continue;
        }
        let kind = act["kind"].as_str().unwrap();
        for copy in copies(&act) {
            broken += 1;
            let read = Command::from_value(copy.clone());
            let fits = validators[kind].validate(&copy);
            match (&read, &fits) {
                (Ok(_), Ok(())) | (Err(_), Err(_)) => {}
                // the reader takes it, the rules of the act never do
                (Ok(_), Err(error)) if is_for_the_rules(error) => {}
                // an order that JSON Schema cannot ask for
                (Err(refusal), Ok(())) if refusal.field.ends_with("charge.tiers") => {}
                (Ok(_), Err(error)) => {
                    quarrels.push(format!("read, but {error} at {}: {copy}", error.instance_path()));
                }
                (Err(refusal), Ok(())) => {
                    quarrels.push(format!("fits, but {refusal} {}: {copy}", refusal.field));
                }
            }
        }
    }
    assert!(broken > 10_000, "{broken}");
    assert!(
        quarrels.is_empty(),
        "{} of {broken}:\n{}",
        quarrels.len(),
        quarrels[..quarrels.len().min(20)].join("\n")
    );
}

/// The names within an act; acts of one form are broken once.
fn form(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| match value {
                Value::String(text) if name == "kind" => format!("{name}={text}"),
                _ => format!("{name}:{}", form(value)),
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => items.first().map_or_else(String::new, form),
        _ => String::new(),
    }
}

/// Copies with one thing wrong: a value replaced, a field left out, an unknown field, at any depth.
fn copies(value: &Value) -> Vec<Value> {
    let mut copies = Vec::new();
    match value {
        Value::Object(fields) => {
            let mut with = |name: &str, value: Option<Value>| {
                let mut copy = fields.clone();
                match value {
                    None => drop(copy.remove(name)),
                    Some(value) => drop(copy.insert(name.to_owned(), value)),
                }
                copies.push(Value::Object(copy));
            };
            with("no_such_field", Some(json!(1)));
            for (name, value) in fields.iter().filter(|(name, _)| *name != "kind") {
                with(name, None);
                for stranger in strangers() {
                    with(name, Some(stranger));
                }
                for copy in self::copies(value) {
                    with(name, Some(copy));
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate().take(2) {
                for copy in self::copies(item).into_iter().chain(strangers()) {
                    let mut items = items.clone();
                    items[at] = copy;
                    copies.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    copies
}

/// Where a schema says what the rules of an act say and not its reader: how many lines, how large a number.
fn is_for_the_rules(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MaxItems { .. }
        | ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::Minimum { .. }
        | ValidationErrorKind::Maximum { .. } => true,
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => context
            .iter()
            .any(|errors| !errors.is_empty() && errors.iter().all(is_for_the_rules)),
        _ => false,
    }
}
