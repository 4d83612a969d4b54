//! A row for each operation of the document: who may call it. An operation without a row fails.

use crate::two_networks::{ROLES, TwoNetworks};
use acceptance::{api::Told, support::engines};
use axum::http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// `yes`: allowed (what the book's rules then say is another matter); else the status.
/// In the order of [`ROLES`]: anonymous, stranger, staff of a, manager of a, coordinator, the other one, operator.
const TABLE: &[(&str, [&str; 7])] = &[
    // acts of an office, by its staff
    ("partner", OF_STAFF),
    ("product", OF_STAFF),
    ("price", OF_STAFF),
    ("recipe", OF_STAFF),
    ("cash_place", OF_STAFF),
    ("produce", OF_STAFF),
    ("purchase", OF_STAFF),
    ("process", OF_STAFF),
    ("use", OF_STAFF),
    ("dispose", OF_STAFF),
    ("count", OF_STAFF),
    ("disown", OF_STAFF),
    ("order", OF_STAFF),
    ("ship", OF_STAFF),
    ("receive", OF_STAFF),
    ("consign", OF_STAFF),
    ("sell", OF_STAFF),
    ("return", OF_STAFF),
    ("allowance", OF_STAFF),
    ("earn", OF_STAFF),
    ("spend", OF_STAFF),
    ("record_wages", OF_STAFF),
    ("pay", OF_STAFF),
    ("move_money", OF_STAFF),
    ("count_cash", OF_STAFF),
    ("reverse", OF_STAFF),
    ("correct", OF_STAFF),
    // what its forms begin with
    ("deliveries", OF_STAFF),
    ("open_orders", OF_STAFF),
    ("money", OF_STAFF),
    ("usual_products", OF_STAFF),
    ("receivers", OF_STAFF),
    ("makers", OF_STAFF),
    ("offers", OF_STAFF),
    ("on_sale", OF_STAFF),
    ("shelf", OF_STAFF),
    ("customers", OF_STAFF),
    ("filled_recipe", OF_STAFF),
    ("preview_agreement", OF_STAFF),
    ("count_shelf", OF_STAFF),
    // by its manager
    ("agreement", OF_MANAGER),
    ("open", OF_MANAGER),
    ("settle", OF_MANAGER),
    ("confirm", OF_MANAGER),
    ("issue", OF_MANAGER),
    ("close", OF_MANAGER),
    ("write_off", OF_MANAGER),
    ("net", OF_MANAGER),
    // in the keeper's name
    ("network", OF_OPERATOR),
    ("membership", OF_OPERATOR),
    ("corporation", OF_OPERATOR),
    ("office", OF_OPERATOR),
    ("rate", OF_OPERATOR),
    ("erase_text", OF_OPERATOR),
    // many at once: each act has its own answer
    ("record_many", FOR_ALL),
    // of a group that nobody recorded
    ("reverse_group", ["401", "404", "404", "404", "404", "404", "404"]),
    // views of one's own: everybody gets theirs
    ("entries", FOR_ALL),
    ("stock", FOR_ALL),
    ("balances", FOR_ALL),
    ("log_head", FOR_ALL),
    ("consistency_proof", FOR_ALL),
    ("list_networks", FOR_ALL),
    ("list_corporations", FOR_ALL),
    ("list_offices", FOR_ALL),
    ("list_partners", FOR_ALL),
    ("list_agreements", FOR_ALL),
    ("list_closes", FOR_ALL),
    ("list_products", FOR_ALL),
    ("list_prices", FOR_ALL),
    ("list_recipes", FOR_ALL),
    ("list_cash_places", FOR_ALL),
    ("list_rates", FOR_ALL),
    ("list_openings", FOR_ALL),
    ("list_productions", FOR_ALL),
    ("list_purchases", FOR_ALL),
    ("list_processings", FOR_ALL),
    ("list_uses", FOR_ALL),
    ("list_disposals", FOR_ALL),
    ("list_stocktakes", FOR_ALL),
    ("list_orders", FOR_ALL),
    ("list_shipments", FOR_ALL),
    ("list_receipts", FOR_ALL),
    ("list_consignments", FOR_ALL),
    ("list_sales", FOR_ALL),
    ("list_returns", FOR_ALL),
    ("list_allowances", FOR_ALL),
    ("list_statements", FOR_ALL),
    ("list_statement_confirmations", FOR_ALL),
    ("list_documents", FOR_ALL),
    ("list_earnings", FOR_ALL),
    ("list_expenses", FOR_ALL),
    ("list_wages", FOR_ALL),
    ("list_payments", FOR_ALL),
    ("list_money_moves", FOR_ALL),
    ("list_cash_counts", FOR_ALL),
    ("list_write_offs", FOR_ALL),
    ("list_nettings", FOR_ALL),
    ("list_reversals", FOR_ALL),
    ("list_corrections", FOR_ALL),
    ("list_text_erasures", FOR_ALL),
    ("list_readings", FOR_ALL),
    ("list_proposals", FOR_ALL),
    ("list_tokens", FOR_ALL),
    ("who_am_i", FOR_ALL),
    // of office a
    ("entry", OF_A),
    ("inclusion_proof", OF_A),
    ("statement", OF_A),
    ("settlement_partners", OF_A),
    (
        "request_settlement",
        ["401", "404", "403", "yes", "404", "404", "404"],
    ),
    ("settlements", OF_A),
    ("next_settlement", OF_A),
    // none that both agreed on
    ("settlement", ["401", "404", "404", "404", "404", "404", "404"]),
    // papers: the list, a draft, and none of this id
    ("office_documents", OF_A),
    ("open_items", OF_A),
    ("draft_document", OF_A),
    ("office_document", NOT_THERE),
    // questions about statements: of the office; about no entry of both, and to no question
    ("list_questions", OF_STAFF),
    ("ask_question", NOT_THERE),
    ("answer_question", NOT_THERE),
    ("close_question", NOT_THERE),
    ("close_check", OF_A),
    (
        "network_closes",
        ["401", "404", "404", "404", "yes", "404", "404"],
    ),
    ("trace", OF_A),
    ("label", OF_A),
    // how an office likes its papers is its own
    ("journal", OF_STAFF),
    ("production_statement", OF_STAFF),
    ("get_journal_settings", OF_STAFF),
    ("set_journal_settings", OF_STAFF),
    ("get_paper_settings", OF_STAFF),
    ("set_paper_settings", OF_STAFF),
    ("get_order_settings", OF_STAFF),
    ("set_order_settings", OF_STAFF),
    ("transfers", OF_STAFF),
    ("transfer_file", OF_STAFF),
    ("get_bank_settings", OF_STAFF),
    // where money goes is for whoever may bind the office
    ("set_bank_settings", OF_MANAGER),
    ("get_label_settings", OF_STAFF),
    ("set_label_settings", OF_STAFF),
    ("get_agreement", OF_A),
    ("get_partner", OF_A),
    // known to neighbours, and to operators who there is
    ("get_network", ["401", "404", "yes", "yes", "yes", "404", "yes"]),
    (
        "get_corporation",
        ["401", "404", "yes", "yes", "yes", "404", "yes"],
    ),
    ("get_office", ["401", "404", "yes", "yes", "yes", "404", "yes"]),
    ("get_product", OF_A),
    ("get_recipe", OF_A),
    ("get_evidence", OF_A),
    ("keep_evidence", ["401", "404", "yes", "yes", "404", "404", "404"]),
    // proposals: for office a, to nobody's proposal
    ("propose", ["401", "404", "403", "yes", "404", "404", "404"]),
    ("get_proposal", ["401", "404", "404", "404", "404", "404", "404"]),
    ("consent", ["401", "404", "404", "404", "404", "404", "404"]),
    ("contest", ["401", "404", "404", "404", "404", "404", "404"]),
    (
        "settle_overdue",
        ["401", "404", "404", "404", "404", "404", "404"],
    ),
    (
        "withdraw_proposal",
        ["401", "404", "404", "404", "404", "404", "404"],
    ),
    // netting: the whole of it to the coordinator, of two offices by the manager of one
    (
        "network_netting",
        ["401", "404", "404", "404", "yes", "404", "404"],
    ),
    (
        "propose_network_netting",
        ["401", "404", "404", "404", "yes", "404", "404"],
    ),
    ("office_netting", OF_A),
    (
        "propose_office_netting",
        ["401", "404", "403", "yes", "404", "404", "404"],
    ),
    // people: by those who are logged in, not by a token
    // open to everybody who has the tag of a label; a code alone is nothing to anybody
    ("public_lot", ["404"; 7]),
    ("log_in", ["yes", "yes", "yes", "yes", "yes", "yes", "yes"]),
    (
        "accept_invitation",
        ["yes", "yes", "yes", "yes", "yes", "yes", "yes"],
    ),
    ("log_out", LOGGED_IN),
    ("change_password", LOGGED_IN),
    ("list_people", ["401", "yes", "403", "yes", "403", "403", "yes"]),
    ("end_role", LOGGED_IN),
    ("disable_person", LOGGED_IN),
    ("enable_person", LOGGED_IN),
    ("make_password_reset", LOGGED_IN),
    ("issue_card", LOGGED_IN),
    ("stop_card", LOGGED_IN),
    ("join", LOGGED_IN),
    ("fill_with_sample", LOGGED_IN),
    (
        "log_in_by_card",
        ["yes", "yes", "yes", "yes", "yes", "yes", "yes"],
    ),
    (
        "reset_password",
        ["yes", "yes", "yes", "yes", "yes", "yes", "yes"],
    ),
    ("invite", LOGGED_IN),
    // nobody's but one's own
    ("list_invitations", FOR_ALL),
    ("list_cards", FOR_ALL),
    ("withdraw_invitation", LOGGED_IN),
    ("make_token", LOGGED_IN),
    ("revoke_token", LOGGED_IN),
];
const NOT_THERE: [&str; 7] = ["401", "404", "404", "404", "404", "404", "404"];
const OF_STAFF: [&str; 7] = ["401", "404", "yes", "yes", "404", "404", "404"];
const OF_MANAGER: [&str; 7] = ["401", "404", "403", "yes", "404", "404", "404"];
const OF_OPERATOR: [&str; 7] = ["401", "403", "403", "403", "403", "403", "yes"];
const OF_A: [&str; 7] = ["401", "404", "yes", "yes", "yes", "404", "404"];
const FOR_ALL: [&str; 7] = ["401", "yes", "yes", "yes", "yes", "yes", "yes"];
const LOGGED_IN: [&str; 7] = ["401", "403", "403", "403", "403", "403", "403"];

/// An operation of the document.
struct Operation {
    id: String,
    method: Method,
    path: String,
    body: Option<Value>,
    is_keyed: bool,
}

fn operations() -> Vec<Operation> {
    let document = api::openapi::document();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let example = &operation["requestBody"]["content"]["application/json"]["examples"]["例"]["value"];
            operations.push(Operation {
                body: body(&id, example),
                id,
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                is_keyed: parameters
                    .iter()
                    .any(|parameter| parameter["name"] == "Idempotency-Key"),
            });
        }
    }
    operations
}

/// A body that is sound in form, of office a where it is an office's.
fn body(id: &str, example: &Value) -> Option<Value> {
    let agreement = json!({"kind": "agreement", "office": "a", "supplied_on": "2026-05-01", "code": "a-b-new", "about": "supply",
        "producer": "a", "other": "b", "terms": {}, "agreed": []});
    Some(match id {
        "record_many" => {
            json!({"acts": [{"kind": "close", "office": "a", "key": "k", "supplied_on": "2026-05-31", "month": "2026-05"}]})
        }
        "propose" => json!({"act": agreement, "due_on": "2026-07-20"}),
        "propose_network_netting" | "propose_office_netting" => json!({"due_on": "2026-07-20"}),
        "request_settlement" => json!({"to": "2026-06-30"}),
        "ask_question" => {
            json!({"with": "b", "entry": "00000000-0000-0000-0000-000000000000", "text": "何の売上ですか。"})
        }
        "answer_question" => json!({"text": "10個です。"}),
        "consent" | "contest" => json!({"office": "a"}),
        "reverse_group" => json!({"office": "a", "reason": "まちがえた"}),
        "log_in" => json!({"login": "staff-a", "password": acceptance::api::PASSWORD}),
        "accept_invitation" => {
            json!({"secret": "yki_wrong", "login": "someone", "password": acceptance::api::PASSWORD})
        }
        "change_password" => json!({"old": acceptance::api::PASSWORD, "new": "あさひ かぼちゃ つくえ いぬ"}),
        "invite" => json!({"gives": {"role": "staff", "office": "a"}}),
        "make_token" => json!({"name": "レジ"}),
        "issue_card" => json!({"office": "a", "name": "作業場のタブレット"}),
        _ => return of_example(example),
    })
}

/// An act's example, of office a.
fn of_example(example: &Value) -> Option<Value> {
    let mut body = example.is_object().then(|| example.clone())?;
    if body.get("office").is_some() {
        body["office"] = "a".into();
    }
    Some(body)
}

fn path(operation: &Operation, world: &TwoNetworks) -> String {
    let nil = "00000000-0000-0000-0000-000000000000";
    let filled = operation
        .path
        .replace("{entry}", world.id("a-made"))
        .replace("{lot}", "C-1")
        .replace("{counterparty}", "b")
        .replace("{number}", "1")
        .replace("{maker}", "b")
        .replace("{other}", "b")
        .replace("{hash}", &world.files[0])
        .replace("{id}", nil)
        .replace("{group}", nil)
        .replace("{office}", "a")
        .replace("{network}", "minami")
        .replace("{month}", "2026-06");
    let code = match operation.id.as_str() {
        "get_network" => "minami",
        "get_corporation" => "midori",
        "get_agreement" => "a-c-consign",
        "get_product" => "carrot",
        "get_partner" => "tane",
        "get_recipe" | "filled_recipe" => "salad",
        _ => "a",
    };
    let filled = filled.replace("{code}", code);
    match operation.id.as_str() {
        "draft_document" => {
            format!("{filled}?form=invoice&with_office=b&from=2026-06-01&to=2026-06-30")
        }
        "next_settlement" => format!("{filled}?to=2026-06-30"),
        "statement" | "journal" | "production_statement" => format!("{filled}?from=2026-06-01&to=2026-06-30"),
        "consistency_proof" => format!("{filled}?from=1"),
        "keep_evidence" => format!("{filled}?office=a"),
        _ => filled,
    }
}

fn fits(expected: &str, told: &Told) -> bool {
    match expected {
        // the rules of the book, or a wrong secret, come after the question who may ask
        "yes" => ![403, 404].contains(&told.status.as_u16()) && told.code() != "not-logged-in",
        status => told.status.as_str() == status,
    }
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(id, _)| *id).collect();
    assert_eq!(known.len(), TABLE.len());
    let mut ids: Vec<String> = operations().into_iter().map(|operation| operation.id).collect();
    ids.sort();
    let known: Vec<&str> = known.into_iter().collect();
    assert_eq!(ids, known);
}

#[tokio::test]
async fn who_may_call_what() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let mut wrong = Vec::new();
        for operation in operations() {
            let (_, row) = TABLE.iter().find(|(id, _)| *id == operation.id).unwrap();
            for (role, expected) in ROLES.iter().zip(row) {
                let client = world.by(role);
                let path = path(&operation, &world);
                let key = format!("{}-{}", operation.id, role.replace(' ', "-"));
                let key = operation.is_keyed.then_some(key.as_str());
                let told = if operation.id == "keep_evidence" {
                    let request = axum::http::Request::post(path)
                        .header("content-type", "text/plain")
                        .body(axum::body::Body::from("領収書"))
                        .unwrap();
                    client.send(request).await
                } else {
                    client
                        .call(operation.method.clone(), &path, key, operation.body.as_ref())
                        .await
                };
                if !fits(expected, &told) {
                    wrong.push(format!(
                        "{} by {role}: expected {expected}, got {} {}",
                        operation.id,
                        told.status,
                        String::from_utf8_lossy(&told.bytes)
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{engine:?}\n{}", wrong.join("\n"));
    }
}
