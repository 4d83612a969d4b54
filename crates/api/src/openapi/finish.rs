//! What all operations share: who may come in, the key of a write, and the problems that can be the answer.

use super::examples;
use app::access::evidence::MediaType;
use serde_json::{Map, Value, json};

/// Writes that make something under a key.
const KEYED_BESIDES_ACTS: &[&str] = &[
    "ask_question",
    "count_shelf",
    "invite",
    "issue_card",
    "make_password_reset",
    "make_token",
    "propose",
    "propose_network_netting",
    "propose_office_netting",
    "request_settlement",
];
/// Operations for everyone.
const OPEN: &[&str] = &[
    "log_in",
    "log_in_by_card",
    "accept_invitation",
    "reset_password",
    "public_lot",
];
/// Statuses and what they mean.
const PROBLEMS: &[(&str, &str, &str)] = &[
    ("400", "BadRequest", "読み取れない要求です"),
    ("401", "Unauthorized", "ログインしていないか、期限が切れています"),
    ("403", "Forbidden", "自分の事業所ですが、役割が足りません"),
    (
        "404",
        "NotFound",
        "ありません。かかわりのないものも、ないと答えます",
    ),
    ("409", "Conflict", "帳簿の決まりにより、記録できません"),
    (
        "412",
        "PreconditionFailed",
        "見ていたあとに、ほかの人が変えています",
    ),
    ("413", "PayloadTooLarge", "本文が大きすぎます"),
    ("415", "UnsupportedMediaType", "本文の形式がちがいます"),
    ("422", "Unprocessable", "入力に誤りがあります"),
    ("429", "TooManyRequests", "試した回数が多すぎます"),
    ("500", "Internal", "プログラムの誤りです"),
    (
        "503",
        "Unavailable",
        "いまは答えられません。Retry-After の秒数だけ待って、同じキーで送り直してください",
    ),
];

pub fn finish(document: &mut Value) {
    document["components"]["responses"] = responses();
    document["components"]["securitySchemes"] = json!({
        "token": {"type": "http", "scheme": "bearer", "description": "トークン(/v1/tokens で作ります)"},
        "session": {"type": "apiKey", "in": "cookie", "name": crate::actor::COOKIE,
            "description": "ログインした人の Cookie(HTTPS では __Host-yokoito_session)"},
    });
    document["security"] = json!([{"token": []}, {"session": []}]);
    document["tags"] = json!([
        {"name": "台帳", "description": "だれが、何を、いくらで。日付つき"},
        {"name": "もの", "description": "生産・仕入・加工・使用・廃棄・棚卸"},
        {"name": "事業所のあいだ", "description": "注文・納品・委託・販売・返品・精算"},
        {"name": "お金", "description": "経費・役務・工賃・支払・現金"},
        {"name": "訂正", "description": "取り消しと訂正"},
        {"name": "まとめて", "description": "たくさんの伝票を一度に"},
        {"name": "申し出", "description": "相手の事業所の同意を待つもの"},
        {"name": "見る", "description": "伝票・在庫・残高・明細・追跡"},
        {"name": "証明", "description": "書き換えがないことの証明、証拠書類"},
        {"name": "人", "description": "ログイン・役割・招待・トークン"},
    ]);
    let Some(paths) = document["paths"].as_object_mut() else {
        return;
    };
    for item in paths.values_mut() {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in item.iter_mut() {
            finish_operation(method, operation);
        }
    }
}

fn finish_operation(method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    if let Some((summary, value)) = examples::other_body(&id) {
        operation["requestBody"]["content"]["application/json"]["examples"] =
            json!({"例": {"summary": summary, "value": value}});
    }
    let is_versioned = operation["responses"].get("304").is_some();
    match id.as_str() {
        "keep_evidence" => operation["requestBody"]["content"] = files(),
        "get_evidence" => operation["responses"]["200"]["content"] = files(),
        _ => {}
    }
    let mut parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.iter_mut().flat_map(|parameters| parameters.iter_mut()) {
        // the parameter's own description says it
        if let Some(schema) = parameter["schema"].as_object_mut() {
            schema.remove("description");
        }
    }
    if let Some(parameters) = parameters.filter(|_| is_versioned) {
        parameters.push(known_version());
    }
    let writes = method != "get";
    let has_body = operation.get("requestBody").is_some();
    let is_act = domain::acts::Act::KINDS.iter().any(|(kind, _)| *kind == id);
    let mut add: Vec<&str> = vec!["400", "401", "404", "500", "503"];
    if OPEN.contains(&id.as_str()) {
        operation["security"] = json!([]);
        add.extend(["429", "403"]);
    } else if writes {
        add.push("403");
    }
    if writes {
        add.push("409");
    }
    if has_body {
        add.extend(["413", "415", "422"]);
    }
    if id == "list_people" {
        add.push("403");
    }
    // nothing to write onto it
    if id == "draft_document" {
        add.push("422");
    }
    if id == "change_password" {
        add.push("429");
    }
    if is_act {
        add.push("412");
    }
    if is_act || KEYED_BESIDES_ACTS.contains(&id.as_str()) {
        let key = json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "この要求だけの値。同じ値で送り直すと、前の結果を返します。同じ値でちがう内容は 409",
            "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!#-~][!-~]{0,126}$"},
            "example": "2026-11-26-bento-1",
        });
        match operation.get_mut("parameters").and_then(Value::as_array_mut) {
            Some(parameters) => parameters.insert(0, key),
            None => operation["parameters"] = json!([key]),
        }
    }
    for (status, name, _) in PROBLEMS.iter().filter(|(status, _, _)| add.contains(status)) {
        if operation["responses"].get(*status).is_none() {
            operation["responses"][*status] = json!({"$ref": format!("#/components/responses/{name}")});
        }
    }
}

/// A file of any kind that is kept.
fn files() -> Value {
    let one = |kind: &MediaType| {
        (
            kind.name().to_owned(),
            json!({"schema": {"type": "string", "format": "binary"}}),
        )
    };
    Value::Object(MediaType::ALL.iter().map(one).collect())
}

fn known_version() -> Value {
    json!({
        "name": "If-None-Match", "in": "header", "required": false,
        "description": "前に読んだときの ETag。変わっていなければ、304 で中身なしに答えます",
        "schema": {"type": "string", "pattern": "^\"[0-9a-f]{24}\"$"},
    })
}

fn responses() -> Value {
    let mut responses = Map::new();
    for (status, name, description) in PROBLEMS {
        let mut response = json!({
            "description": description,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        });
        if ["429", "503"].contains(status) {
            response["headers"] = json!({"Retry-After": {
                "description": "待つ秒数", "schema": {"type": "integer", "minimum": 1}}});
        }
        responses.insert((*name).to_owned(), response);
    }
    Value::Object(responses)
}
