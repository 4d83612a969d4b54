//! consign.

use crate::support::{World, act};
use domain::place::Place;
use serde_json::{Value, json};

fn made() -> World {
    let mut world = World::new();
    world.record(act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [{"product": "craft", "quantity": "10", "lot": {"code": "N-1"}}]}),
    ));
    world
}

fn consign(key: &str, day: &str, fields: Value) -> Value {
    let mut fields = fields;
    if fields["to"].is_null() {
        fields["to"] = "c".into();
    }
    act("consign", "a", key, day, fields)
}

fn on_shelf(world: &World) -> i64 {
    world.stock("N-1", Place::shelf(world.office("a"), world.office("c")))
}

#[test]
fn goods_on_the_shelf_stay_the_producers_and_no_money_moves() {
    let mut world = made();
    let scanned = world.record(consign(
        "c1",
        "2026-06-02",
        json!({"lines": [{"lot": "N-1", "quantity": "6"}]}),
    ));
    let counted = world.record(consign(
        "c2",
        "2026-06-02",
        json!({"lines": [{"product": "craft", "quantity": 1}]}),
    ));
    assert_eq!((world.stored("N-1", "a"), on_shelf(&world)), (3, 7));
    assert!(scanned.postings.is_empty() && counted.postings.is_empty());
    assert!(!scanned.movements[0].assumed && counted.movements[0].assumed);
    let agreement = world
        .book
        .facts()
        .masters
        .agreement_by_code(&"a-c-consign".parse().unwrap())
        .unwrap();
    assert_eq!(scanned.agreement, Some(agreement.id));
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-06-03",
        json!({"entry": {"key": "c1"}, "reason": "別の店"}),
    ));
    assert_eq!((world.stored("N-1", "a"), on_shelf(&world)), (9, 1));
}

#[test]
fn after_the_agreement_ended_nothing_new_is_placed() {
    let mut world = made();
    world.record(json!({"kind": "agreement", "key": "end", "supplied_on": "2026-06-10", "code": "a-c-consign",
        "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"], "until": "2026-06-30",
        "terms": {"consign": {"commission": {"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive"}}}}));
    let one = json!({"lines": [{"lot": "N-1", "quantity": "1"}]});
    world.record(consign("c1", "2026-06-30", one.clone()));
    let late = consign("c2", "2026-07-01", one);
    let refusal = world.try_record(&late).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.field.as_str()),
        ("agreement-ended", "supplied_on")
    );
    assert!(refusal.sentence().contains("2026-06-30"), "{refusal}");
}

#[test]
fn refusals_name_the_field() {
    let mut world = made();
    let mut refused = |fields: Value| world.refused(consign("c1", "2026-06-02", fields));
    let one = json!([{"lot": "N-1", "quantity": "1"}]);
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert_eq!(
        refused(json!({"to": "b", "lines": one})),
        named("agreement-missing", "to")
    );
    assert_eq!(
        refused(json!({"to": "a", "lines": one})),
        named("same-office", "to")
    );
    assert_eq!(
        refused(json!({"to": "z", "lines": one})),
        named("office-unknown", "to")
    );
    assert_eq!(refused(json!({"lines": []})), named("no-lines", "lines"));
    assert_eq!(
        refused(json!({"lines": [{"lot": "N-1", "quantity": "11"}]})),
        named("not-enough", "lines[0].quantity")
    );
    assert_eq!(
        refused(json!({"lines": [{"lot": "N-9", "quantity": "1"}]})),
        named("lot-unknown", "lines[0].lot")
    );
    assert_eq!(
        refused(json!({"lines": [{"lot": "N-1", "quantity": "0"}]})),
        named("quantity-wrong", "lines[0].quantity")
    );
    // before the lot was made there is none on any day
    let early = consign("c1", "2026-05-31", json!({"lines": one}));
    assert_eq!(world.refused(early).0, "not-enough");
}
