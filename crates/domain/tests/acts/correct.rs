//! reverse, correct, close.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::json;

fn produced(quantity: &str) -> World {
    let mut world = World::new();
    world.record(act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [
        {"product": "craft", "quantity": quantity, "lot": {"code": "N-1"}}]}),
    ));
    world
}

fn ship(key: &str, quantity: &str) -> serde_json::Value {
    act(
        "ship",
        "a",
        key,
        "2026-06-02",
        json!({"to": "b", "lines": [
        {"lot": "N-1", "quantity": quantity, "unit_price": "1000"}]}),
    )
}

fn right(key: &str, of: &str, quantity: &str) -> serde_json::Value {
    act(
        "correct",
        "a",
        key,
        "2026-06-03",
        json!({"reason": "数えまちがい", "entry": {"key": of},
        "right": {"kind": "produce", "lines": [{"product": "craft", "quantity": quantity, "lot": {"code": "N-1"}}]}}),
    )
}

#[test]
fn a_hundred_and_twenty_becomes_twelve_after_a_part_was_used() {
    let mut world = produced("120");
    world.record(ship("s1", "5"));
    let entry = world.record(right("c1", "p1", "12"));
    assert_eq!(world.stored("N-1", "a"), 7);
    assert_eq!(entry.supplied_on.to_string(), "2026-06-01");
    assert!(entry.births.is_empty(), "the lot keeps its birth");
    // a correction may be put right again, and again keeps the lot
    world.record(right("c2", "c1", "6"));
    assert_eq!(world.stored("N-1", "a"), 1);
    assert_eq!(
        world.refused(right("c3", "c2", "4")),
        ("must-go-first".into(), "entry".into())
    );
    assert_eq!(world.refused(right("c3", "p1", "40")).0, "reversed-already");
}

#[test]
fn a_used_lot_is_not_taken_back_and_the_later_acts_are_named() {
    let mut world = produced("10");
    world.record(ship("s1", "4"));
    let reverse = |key: &str, of: &str| {
        act(
            "reverse",
            "a",
            key,
            "2026-06-03",
            json!({"entry": {"key": of}, "reason": "まちがい"}),
        )
    };
    let refusal = world.try_record(&reverse("x", "p1")).unwrap_err();
    assert_eq!(refusal.code(), "must-go-first");
    assert!(refusal.sentence().contains("出荷 (s1)"), "{refusal}");
    world.record(reverse("x1", "s1"));
    assert_eq!(world.refused(reverse("x2", "s1")).0, "reversed-already");
    world.record(reverse("x3", "p1"));
    assert_eq!(world.stored("N-1", "a"), 0);
    let mut silent = reverse("x4", "p1");
    silent.as_object_mut().unwrap().remove("reason");
    assert_eq!(world.refused(silent), ("reason-missing".into(), "reason".into()));
}

#[test]
fn a_reversed_receipt_takes_goods_and_yen_back_on_both_sides() {
    let mut world = produced("10");
    world.record(ship("s1", "4"));
    let shipment = json!({"office": "a", "key": "s1"});
    world.record(act(
        "receive",
        "b",
        "r1",
        "2026-06-02",
        json!({"shipment": shipment, "all": true}),
    ));
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("b", K::Payable)),
        (-4_000, -4_000)
    );
    world.record(act(
        "reverse",
        "b",
        "x1",
        "2026-06-04",
        json!({"entry": {"key": "r1"}, "reason": "別の箱"}),
    ));
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("b", K::Payable)),
        (0, 0)
    );
    assert_eq!(world.stored("N-1", "b"), 0);
    // in transit again: it can be received again
    world.record(act(
        "receive",
        "b",
        "r2",
        "2026-06-04",
        json!({"shipment": shipment, "all": true}),
    ));
    assert_eq!(world.stored("N-1", "b"), 4);
}

#[test]
fn a_corrected_shipment_is_still_the_shipment() {
    let mut world = produced("10");
    world.record(ship("s1", "4"));
    world.record(act("correct", "a", "c1", "2026-06-02", json!({"entry": {"key": "s1"}, "reason": "5個でした",
        "right": {"kind": "ship", "to": "b", "lines": [{"lot": "N-1", "quantity": "5", "unit_price": "900"}]}})));
    world.record(act(
        "receive",
        "b",
        "r1",
        "2026-06-03",
        json!({"shipment": {"office": "a", "key": "s1"},
        "all": true}),
    ));
    assert_eq!((world.stored("N-1", "a"), world.stored("N-1", "b")), (5, 5));
    assert_eq!(world.balance("a", K::Receivable), 4_500);
}

#[test]
fn a_late_slip_books_on_the_first_day_open_for_every_office_it_touches() {
    let mut world = produced("10");
    world.record(act(
        "close",
        "b",
        "close-5",
        "2026-06-01",
        json!({"month": "2026-05"}),
    ));
    world.record(act(
        "close",
        "b",
        "close-6",
        "2026-07-02",
        json!({"month": "2026-06"}),
    ));
    world.record(ship("s1", "4"));
    let late = world.record(act(
        "receive",
        "b",
        "r1",
        "2026-06-03",
        json!({"all": true,
        "shipment": {"office": "a", "key": "s1"}}),
    ));
    assert_eq!(
        (late.supplied_on.to_string(), late.book_on.to_string()),
        ("2026-06-03".into(), "2026-07-01".into())
    );
    // A alone is open: its own slip stays on its day
    let own = world.record(act(
        "produce",
        "a",
        "p2",
        "2026-06-03",
        json!({"lines": [
        {"product": "craft", "quantity": "1"}]}),
    ));
    assert_eq!(own.book_on.to_string(), "2026-06-03");
    let close = |month: &str| act("close", "b", "x", "2026-07-02", json!({"month": month}));
    assert_eq!(world.refused(close("2026-06")).0, "month-closed");
    assert_eq!(world.refused(close("2026-07")).0, "month-not-over");
}

/// An order moves nothing: its correction holds nothing either, and yet it stands and can be put right and taken back.
#[test]
fn a_corrected_order_can_be_corrected_and_taken_back() {
    let mut world = World::new();
    let lines = |quantity: &str| json!([{"product": "craft", "quantity": quantity}]);
    world.record(act(
        "order",
        "b",
        "o1",
        "2026-06-01",
        json!({"to": "a", "wanted_on": "2026-06-05", "lines": lines("3")}),
    ));
    for (key, of, quantity) in [("c1", "o1", "4"), ("c2", "c1", "5")] {
        let right = json!({"kind": "order", "to": "a", "wanted_on": "2026-06-05", "lines": lines(quantity)});
        world.record(act(
            "correct",
            "b",
            key,
            "2026-06-02",
            json!({"entry": {"key": of}, "reason": "数のまちがい", "right": right}),
        ));
    }
    let reverse = |of: &str| {
        act(
            "reverse",
            "b",
            "r1",
            "2026-06-02",
            json!({"entry": {"key": of}, "reason": "取りやめ"}),
        )
    };
    assert_eq!(world.refused(reverse("c1")).0, "reversed-already");
    world.record(reverse("c2"));
    let again = act(
        "reverse",
        "b",
        "r2",
        "2026-06-02",
        json!({"entry": {"key": "r1"}, "reason": "まちがい"}),
    );
    assert_eq!(world.refused(again).0, "reversed-already");
}
