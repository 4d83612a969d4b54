//! The acts in the document: a body each, recording it, and the list of its entries.

use super::examples;
use crate::kinds::{KINDS, Kind};
use app::{
    access::{
        authority::{OF_COORDINATORS, OF_OPERATORS},
        proposals::PROPOSED,
    },
    views::masters::Subject,
};
use domain::{
    acts::Act,
    schema::{self, ActSchema, Components, Field, head_fields, kind_field},
};
use serde_json::{Value, json};

/// Fields beside the act's own in a body of one act: the key is a header, the kind stands in the address.
fn beside(kind: &str) -> Vec<Field> {
    let mut fields = head_fields();
    fields.retain(|field| match field.name {
        "key" | "format" => false,
        "acting_network" => OF_COORDINATORS.contains(&kind),
        "office" => !OF_OPERATORS.contains(&kind),
        _ => true,
    });
    for field in &mut fields {
        if field.name == "office" && !OF_COORDINATORS.contains(&kind) {
            field.is_required = true;
        }
    }
    fields
}

fn body_name(act: &ActSchema) -> String {
    format!("{}Body", act.name.strip_suffix("Facts").unwrap_or(&act.name))
}

fn line_name(act: &ActSchema) -> String {
    format!("{}Line", body_name(act))
}

fn proposed_name(act: &ActSchema) -> String {
    format!("{}Proposed", act.name.strip_suffix("Facts").unwrap_or(&act.name))
}

/// Adds the bodies of single acts, of acts among many, and of acts that are proposed.
pub fn bodies(components: &mut Components) {
    let (mut lines, mut proposed) = (Vec::new(), Vec::new());
    for act in Act::schemas() {
        components.insert(body_name(&act), act.with(&beside(act.kind)));
        let mut all = head_fields();
        all.push(kind_field(act.kind));
        components.insert(line_name(&act), act.with(&all));
        lines.push((act.kind, line_name(&act)));
        if PROPOSED.contains(&act.kind) {
            all.retain(|field| !["key", "format"].contains(&field.name));
            components.insert(proposed_name(&act), act.with(&all));
            proposed.push((act.kind, proposed_name(&act)));
        }
    }
    components.insert("BulkAct".to_owned(), schema::one_of(&lines));
    components.insert("ProposedAct".to_owned(), schema::one_of(&proposed));
}

/// Adds the operations of all acts.
pub fn operations(document: &mut Value) {
    document["components"]["schemas"]["Bulk"]["properties"]["acts"]["items"] =
        json!({"$ref": "#/components/schemas/BulkAct"});
    document["components"]["schemas"]["Propose"]["properties"]["act"]["$ref"] =
        "#/components/schemas/ProposedAct".into();
    let schemas = Act::schemas();
    let list = document["paths"]["/v1/entries"]["get"].clone();
    for kind in KINDS {
        let Some(act) = schemas.iter().find(|act| act.kind == kind.act) else {
            continue;
        };
        document["paths"][kind.path()]["post"] = record(kind, act);
        if !kind.is_master() {
            document["paths"][kind.path()]["get"] = listed(kind, list.clone());
        }
    }
}

fn record(kind: &Kind, act: &ActSchema) -> Value {
    let receipt = json!({"$ref": "#/components/schemas/Receipt"});
    let whole = json!({"$ref": "#/components/schemas/EntryView"});
    let content = json!({"application/json": {"schema": {"anyOf": [receipt, whole]}}});
    let location =
        json!({"Location": {"description": "伝票の URL", "required": true, "schema": {"type": "string"}}});
    let mut replayed = location.clone();
    replayed["Idempotency-Replayed"] = json!({"description": "true: この要求は、前に記録されています", "required": true, "schema": {"type": "string", "enum": ["true"]}});
    let mut parameters = vec![json!({
        "name": "Prefer", "in": "header", "required": false,
        "description": "return=representation なら、受領だけでなく伝票の全体を返します",
        "schema": {"type": "string", "enum": ["return=representation", "return=minimal"]},
    })];
    if Subject::KINDS.contains(&kind.act) {
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": "読んだときの ETag。そのあとにほかの人が変えていれば、412 で断ります",
            "schema": {"type": "string", "pattern": "^\"[0-9a-f]{24}\"$"},
        }));
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "* なら、まだないときだけ登録します",
            "schema": {"type": "string", "enum": ["*"]},
        }));
    }
    json!({
        "operationId": kind.operation(),
        "tags": [kind.tag],
        "summary": kind.summary,
        "description": format!("「{}」の伝票を1枚記録します。", Act::label(kind.act)),
        "parameters": parameters,
        "requestBody": {
            "required": true,
            "content": {"application/json": {
                "schema": {"$ref": format!("#/components/schemas/{}", body_name(act))},
                "examples": {"例": {"summary": kind.summary, "value": examples::body(kind.act, OF_OPERATORS.contains(&kind.act))}},
            }},
        },
        "responses": {
            "200": {"description": "前に記録されています(同じキー、同じ内容)", "headers": replayed, "content": content},
            "201": {"description": "記録しました", "headers": location, "content": content},
        },
    })
}

fn listed(kind: &Kind, mut list: Value) -> Value {
    list["operationId"] = kind.list_operation().into();
    list["tags"] = json!([kind.tag]);
    list["summary"] = format!("「{}」の伝票をさがす", Act::label(kind.act)).into();
    if let Some(parameters) = list["parameters"].as_array_mut() {
        parameters.retain(|parameter| parameter["name"] != "kind");
    }
    list
}
