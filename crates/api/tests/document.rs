//! The description of the API: whole, in Japanese, with examples that fit, and committed as it is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::LazyLock,
};

static DOCUMENT: LazyLock<Value> = LazyLock::new(api::openapi::document);

/// Every operation, by its id.
fn operations() -> BTreeMap<String, &'static Value> {
    let mut operations = BTreeMap::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"]
                .as_str()
                .unwrap_or_else(|| panic!("{method} {path} has no id"));
            assert!(
                operations.insert(id.to_owned(), operation).is_none(),
                "{id} twice"
            );
        }
    }
    operations
}

fn resolved(value: &'static Value) -> &'static Value {
    value["$ref"]
        .as_str()
        .map_or(value, |to| DOCUMENT.pointer(to.trim_start_matches('#')).unwrap())
}

/// Something that a Japanese clerk can read.
fn is_japanese(value: &Value) -> bool {
    let is_kana_or_kanji = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    value
        .as_str()
        .is_some_and(|said| said.chars().any(is_kana_or_kanji))
}

fn objects(value: &'static Value) -> impl Iterator<Item = (&'static String, &'static Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[test]
fn every_operation_says_what_it_does_and_who_may() {
    let tags = DOCUMENT["tags"].as_array().unwrap();
    let tags: BTreeSet<&str> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut used = BTreeSet::new();
    for (id, operation) in operations() {
        assert!(is_japanese(&operation["summary"]), "{id}");
        assert!(is_japanese(&operation["description"]), "{id}");
        let [tag] = operation["tags"].as_array().unwrap().as_slice() else {
            panic!("{id} has not one tag");
        };
        used.insert(tag.as_str().unwrap());
        let security = operation.get("security").unwrap_or(&DOCUMENT["security"]);
        let is_open = security.as_array().unwrap().is_empty();
        let open = [
            "log_in",
            "log_in_by_card",
            "accept_invitation",
            "reset_password",
            "public_lot",
        ];
        let expected = open.contains(&id.as_str());
        assert_eq!(is_open, expected, "{id}");
    }
    assert_eq!(used, tags);
}

#[test]
fn every_parameter_and_answer_is_described() {
    for (id, operation) in operations() {
        let mut names = BTreeSet::new();
        let parameters = operation.get("parameters");
        for parameter in parameters.into_iter().flat_map(|all| all.as_array().unwrap()) {
            let name = format!("{}.{}", parameter["in"], parameter["name"]);
            assert!(is_japanese(&parameter["description"]), "{id} {name}");
            assert!(parameter["schema"].is_object(), "{id} {name}");
            assert!(names.insert(name.clone()), "{id} {name} twice");
        }
        let mut has_success = false;
        for (status, response) in objects(&operation["responses"]) {
            has_success |= status.starts_with('2');
            let response = resolved(response);
            assert!(is_japanese(&response["description"]), "{id} {status}");
            for (name, header) in objects(&response["headers"]) {
                assert!(is_japanese(&header["description"]), "{id} {status} {name}");
            }
            let is_problem = response["content"].get("application/problem+json").is_some();
            assert_eq!(is_problem, status.starts_with(['4', '5']), "{id} {status}");
        }
        assert!(has_success, "{id}");
    }
}

#[test]
fn every_description_is_japanese() {
    fn look(place: &str, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    // a field may be called so too
                    if name == "description" && inner.is_string() {
                        assert!(is_japanese(inner), "{place}: {inner}");
                    }
                    if !["example", "examples"].contains(&name.as_str()) {
                        look(&format!("{place}/{name}"), inner);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|inner| look(place, inner)),
            _ => {}
        }
    }
    look("", &DOCUMENT);
}

#[test]
fn every_body_has_an_example_that_fits() {
    let mut bodies = 0;
    for (id, operation) in operations() {
        let Some(body) = operation.get("requestBody") else {
            continue;
        };
        assert_eq!(body["required"], true, "{id}");
        let Some(content) = body["content"].get("application/json") else {
            assert_eq!(id, "keep_evidence");
            continue;
        };
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [content["schema"]],
            "components": {"schemas": DOCUMENT["components"]["schemas"]},
        });
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap();
        let examples = content["examples"].as_object();
        let examples = examples.unwrap_or_else(|| panic!("{id} has no example"));
        for example in examples.values() {
            assert!(is_japanese(&example["summary"]), "{id}");
            if let Err(error) = validator.validate(&example["value"]) {
                panic!("{id}: {error} at {}", error.instance_path());
            }
        }
        bodies += 1;
    }
    assert!(bodies > 40, "{bodies}");
}

#[test]
fn the_committed_document_is_that_of_the_code() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/yokoito-v1.json");
    let written = serde_json::to_string_pretty(&*DOCUMENT).unwrap() + "\n";
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == written,
        "openapi/yokoito-v1.json differs from the code. Renew it: cargo run -- openapi > openapi/yokoito-v1.json"
    );
}
