//! produce, ship, receive.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::{Value, json};

fn shipped() -> World {
    let mut world = World::new();
    world.record(act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [
        {"product": "carrot", "quantity": "20", "lot": {"code": "A-0601", "field": "北の畑"}}]}),
    ));
    world.record(act(
        "ship",
        "a",
        "s1",
        "2026-06-02",
        json!({"to": "b", "lines": [
        {"lot": "A-0601", "quantity": "12"}]}),
    ));
    world
}

fn receive(fields: Value) -> Value {
    let mut fields = fields;
    fields["shipment"] = json!({"office": "a", "key": "s1"});
    act("receive", "b", "r1", "2026-06-02", fields)
}

#[test]
fn a_receipt_makes_it_a_sale_in_both_books() {
    let mut world = shipped();
    assert_eq!(world.stored("A-0601", "a"), 8_000);
    assert_eq!(world.sum(|_| true), 0);
    let entry = world.record(receive(json!({"all": true})));
    // 12 kg at 150
    assert_eq!(world.stored("A-0601", "b"), 12_000);
    assert_eq!(world.balance("a", K::Receivable), 1_800);
    assert_eq!(world.balance("a", K::Sales), -1_800);
    assert_eq!(world.balance("b", K::Materials), 1_800);
    assert_eq!(world.balance("b", K::Payable), -1_800);
    assert_eq!(
        entry.postings.iter().map(|posting| posting.tax.percent).max(),
        Some(8)
    );
    assert_eq!(entry.offices.len(), 2);
}

#[test]
fn accepted_rejected_missing_and_the_rest_in_transit_sum_to_what_was_sent() {
    let mut world = shipped();
    world.record(receive(json!({"lines": [
        {"lot": "A-0601", "accepted": "7", "rejected": "2", "missing": "1"}]})));
    assert_eq!(
        (world.stored("A-0601", "a"), world.stored("A-0601", "b")),
        (10_000, 7_000)
    );
    assert_eq!(world.balance("a", K::Sales), -1_050); // 7 × 150; the producer bears what is missing
    // the second receipt takes only what is still in transit
    let second = |quantity: &str| {
        act(
            "receive",
            "b",
            "r2",
            "2026-06-03",
            json!({"shipment": {"office": "a", "key": "s1"},
            "lines": [{"lot": "A-0601", "accepted": quantity}]}),
        )
    };
    assert_eq!(world.refused(second("3")).0, "more-than-in-transit");
    world.record(second("2"));
    assert_eq!(world.stored("A-0601", "b"), 9_000);
}

#[test]
fn more_than_sent_is_stated_as_surplus_and_found() {
    let mut world = shipped();
    assert_eq!(
        world
            .refused(receive(json!({"lines": [{"lot": "A-0601", "accepted": "13"}]})))
            .0,
        "more-than-in-transit"
    );
    world.record(receive(
        json!({"lines": [{"lot": "A-0601", "accepted": "12", "surplus": "9"}]}),
    ));
    // 8 kg were in A's store, 1 kg is found
    assert_eq!(
        (world.stored("A-0601", "a"), world.stored("A-0601", "b")),
        (0, 21_000)
    );
    assert_eq!(world.balance("a", K::Sales), -3_150);
}

#[test]
fn within_one_corporation_goods_pass_at_the_internal_price_untaxed() {
    let mut world = shipped();
    world.record(act(
        "ship",
        "a",
        "s2",
        "2026-06-02",
        json!({"to": "a2", "lines": [
        {"product": "carrot", "quantity": "5"}]}),
    ));
    let entry = world.record(act(
        "receive",
        "a2",
        "r2",
        "2026-06-02",
        json!({"all": true,
        "shipment": {"office": "a", "key": "s2"}}),
    ));
    assert_eq!(world.balance("a", K::Internal), 500);
    assert_eq!(world.balance("a", K::InternalIncome), -500);
    assert_eq!(world.balance("a2", K::InternalExpense), 500);
    assert_eq!(world.balance("a2", K::Internal), -500);
    assert!(entry.postings.iter().all(|posting| posting.tax.percent == 0));
    assert!(
        world
            .book
            .entries()
            .iter()
            .flat_map(|entry| &entry.movements)
            .any(|movement| movement.assumed)
    );
}

#[test]
fn what_is_not_there_on_any_later_day_is_refused_and_the_day_is_named() {
    let mut world = shipped();
    // 8 kg are left from 2 June on; on 1 June there were 20
    let early = |quantity: &str| {
        act(
            "ship",
            "a",
            "s3",
            "2026-06-01",
            json!({"to": "c", "lines": [{"lot": "A-0601", "quantity": quantity}]}),
        )
    };
    assert_eq!(
        world.refused(early("9")),
        ("not-enough".into(), "lines[0].quantity".into())
    );
    world.record(early("8"));
    let before_birth = act(
        "ship",
        "a",
        "s4",
        "2026-05-31",
        json!({"to": "c", "lines": [
        {"lot": "A-0601", "quantity": "1"}]}),
    );
    assert_eq!(world.refused(before_birth).0, "not-enough");
}

#[test]
fn bad_input_is_refused_with_field_and_reason() {
    let mut world = shipped();
    let line = |line: Value| {
        act(
            "ship",
            "a",
            "x",
            "2026-06-02",
            json!({"to": "b", "lines": [line]}),
        )
    };
    for (act, code, field) in [
        (
            line(json!({"lot": "A-9999", "quantity": "1"})),
            "lot-unknown",
            "lines[0].lot",
        ),
        (
            line(json!({"lot": "A-0601", "quantity": "0"})),
            "quantity-wrong",
            "lines[0].quantity",
        ),
        (
            line(json!({"lot": "A-0601", "quantity": "-1"})),
            "quantity-wrong",
            "lines[0].quantity",
        ),
        (
            line(json!({"lot": "A-0601", "quantity": "0.0001"})),
            "quantity-wrong",
            "lines[0].quantity",
        ),
        (
            line(json!({"lot": "A-0601", "quantity": {"amount": "1", "unit": "樽"}})),
            "quantity-wrong",
            "lines[0].quantity",
        ),
        (line(json!({"lot": "A-0601", "quantity": 1.5})), "malformed", ""),
        (
            line(json!({"lot": "A-0601", "quantity": "1", "colour": "red"})),
            "malformed",
            "lines[0].colour",
        ),
        (
            act(
                "ship",
                "a",
                "x",
                "2026-06-02",
                json!({"to": "a", "lines": [{"lot": "A-0601", "quantity": "1"}]}),
            ),
            "same-office",
            "to",
        ),
        (
            act(
                "ship",
                "a",
                "x",
                "2026-07-11",
                json!({"to": "b", "lines": [{"lot": "A-0601", "quantity": "1"}]}),
            ),
            "date-in-future",
            "supplied_on",
        ),
        (
            act("ship", "a", "x", "2026-06-31", json!({"to": "b", "lines": []})),
            "malformed",
            "supplied_on",
        ),
        (
            act("ship", "a", "x", "2026-06-02", json!({"to": "b", "lines": []})),
            "no-lines",
            "lines",
        ),
        (
            act("ship", "zzz", "x", "2026-06-02", json!({"to": "b", "lines": []})),
            "acting-unknown",
            "office",
        ),
        (
            act("fly", "a", "x", "2026-06-02", json!({})),
            "unknown-kind",
            "kind",
        ),
    ] {
        assert_eq!(world.refused(act.clone()), (code.into(), field.into()), "{act}");
    }
}

#[test]
fn a_key_is_one_act() {
    let mut world = shipped();
    let count = world.book.entries().len();
    let again = act(
        "ship",
        "a",
        "s1",
        "2026-06-02",
        json!({"to": "b", "lines": [
        {"lot": "A-0601", "quantity": "12.000"}]}),
    );
    world.record(again.clone());
    assert_eq!(world.book.entries().len(), count);
    let mut other = again;
    other["lines"][0]["quantity"] = "11".into();
    assert_eq!(world.refused(other), ("key-reused".into(), "key".into()));
}
