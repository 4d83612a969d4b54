//! No schema has a field that the reader calls unknown.

use crate::whole_acts;
use domain::{acts::Act, command::Command};
use serde_json::{Value, json};

#[test]
fn the_reader_knows_every_field_of_every_act() {
    let components = serde_json::to_value(whole_acts()).unwrap();
    let mut asked = 0;
    for act in Act::schemas() {
        for field in components[&act.name]["properties"].as_object().unwrap().keys() {
            let mut body = json!({"kind": act.kind, "key": "k-1", "supplied_on": "2026-06-01"});
            let object = body.as_object_mut().unwrap();
            // what no field takes: a list of lists
            object.insert(field.clone(), json!([[[]]]));
            let refusal = Command::from_value(body).unwrap_err();
            let said = refusal.to_string();
            assert!(
                !said.contains("という項目はありません"),
                "{}.{field}: {said}",
                act.name
            );
            asked += 1;
        }
    }
    assert!(asked > 400, "{asked}");
}

#[test]
fn fields_that_may_be_left_out_may() {
    let components = serde_json::to_value(whole_acts()).unwrap();
    for (kind, _) in Act::KINDS {
        let name = crate::component_of(kind);
        let required: Vec<&str> = components[&name]["required"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut body = json!({"kind": kind, "key": "k-1", "supplied_on": "2026-06-01"});
        let given = Act::example(kind);
        for field in &required {
            if let Some(value) = given.get(field) {
                body[*field] = value.clone();
            }
        }
        if let Err(refusal) = Command::from_value(body) {
            panic!("{kind}: {refusal} {}", refusal.field);
        }
    }
}
