//! What the operations do not lead to stands in the document for nobody.

use serde_json::Value;
use std::collections::BTreeSet;

const SCHEMAS: &str = "#/components/schemas/";

/// Leaves out the schemas that no operation leads to.
pub fn only_used(document: &mut Value) {
    let mut used = BTreeSet::new();
    let mut open = Vec::new();
    let whole: &Value = document;
    named(&whole["paths"], &mut open);
    named(&whole["components"]["responses"], &mut open);
    while let Some(name) = open.pop() {
        if used.insert(name.to_owned()) {
            named(&whole["components"]["schemas"][name], &mut open);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
}

/// Names of the schemas that a value refers to.
fn named<'a>(value: &'a Value, names: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => names.extend(text.strip_prefix(SCHEMAS)),
        Value::Array(items) => items.iter().for_each(|item| named(item, names)),
        Value::Object(fields) => fields.values().for_each(|field| named(field, names)),
        _ => {}
    }
}
