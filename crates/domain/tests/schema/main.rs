//! Schemas of the acts against the reader of the acts: what one takes the other takes, and what one refuses the other
//! refuses.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod acts;
mod examples;
mod fields;
mod values;
mod words;

use domain::{
    acts::Act,
    schema::{Components, components, head_fields, kind_field},
};
use serde_json::{Value, json};

/// The components of the acts, with each act's body as it stands in a file: own fields, kind and head.
fn whole_acts() -> Components {
    let mut all = components();
    for act in Act::schemas() {
        let mut others = head_fields();
        others.push(kind_field(act.kind));
        all.insert(act.name.clone(), act.with(&others));
    }
    all
}

/// The schema of a component as a document of its own.
fn document(component: &str, components: &Components) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": format!("#/components/schemas/{component}"),
        "components": {"schemas": serde_json::to_value(components).unwrap()},
    })
}

/// Checks values against a component.
fn validator(component: &str, components: &Components) -> jsonschema::Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&document(component, components))
        .unwrap()
}

/// Name of the component of a kind.
fn component_of(kind: &str) -> String {
    let acts = Act::schemas();
    acts.into_iter().find(|act| act.kind == kind).unwrap().name
}
