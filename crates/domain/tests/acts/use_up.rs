//! use.

use crate::support::{World, act};
use domain::{
    account::{AccountKind as K, BookUnit, Section},
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

fn stocked() -> World {
    let mut world = World::new();
    for (key, code, best) in [("k1", "R-1", "2026-12-01"), ("k2", "R-2", "2026-11-01")] {
        world.record(act(
            "purchase",
            "b",
            key,
            "2026-06-01",
            json!({"supplier": "komeya", "lines": [{"product": "rice", "quantity": "10", "amount": 4_320,
                "lot": {"code": code, "best_before": {"day": best}}}]}),
        ));
    }
    world
}

fn used(fields: Value) -> Value {
    act("use", "b", "u1", "2026-06-02", fields)
}

/// Two lots of one slip, alike in all but their codes, whatever was known of the store before.
#[test]
fn lots_of_one_slip_are_used_in_the_order_of_their_codes() {
    for looked_before in [false, true] {
        let mut world = World::new();
        let lines = json!({"lines": [
            {"product": "craft", "quantity": "5", "lot": {"code": "N-2"}},
            {"product": "craft", "quantity": "5", "lot": {"code": "N-1"}}]});
        let use_two = |key: &str| {
            let fields = json!({"for": "gifts", "lines": [{"product": "craft", "quantity": "2"}]});
            act("use", "a", key, "2026-06-02", fields)
        };
        if looked_before {
            assert_eq!(world.refused(use_two("u0")).0, "none-there");
        }
        world.record(act("produce", "a", "p1", "2026-06-01", lines));
        world.record(use_two("u1"));
        assert_eq!(
            (world.stored("N-1", "a"), world.stored("N-2", "a")),
            (3, 5),
            "{looked_before}"
        );
        // ten of eight: two are found, on the last of the slip
        let sale = json!({"lines": [{"product": "craft", "quantity": "10"}]});
        world.record(act("sell", "a", "s1", "2026-06-02", sale));
        let found = Place::own(PlaceKind::Found, world.office("a"));
        assert_eq!(
            (world.stock("N-1", found), world.stock("N-2", found)),
            (0, -2),
            "{looked_before}"
        );
    }
}

#[test]
fn what_expires_first_is_used_first() {
    let mut world = stocked();
    let entry = world.record(used(
        json!({"for": "samples", "lines": [{"product": "rice", "quantity": "12"}]}),
    ));
    assert_eq!((world.stored("R-1", "b"), world.stored("R-2", "b")), (8_000, 0));
    let gone = Place::own(PlaceKind::Used, world.office("b"));
    assert_eq!(
        (world.stock("R-1", gone), world.stock("R-2", gone)),
        (2_000, 10_000)
    );
    assert!(entry.movements.iter().all(|movement| movement.assumed));
    assert!(entry.postings.is_empty() && entry.links.is_empty());
}

#[test]
fn the_cost_of_meals_passes_to_the_welfare_side() {
    let mut world = stocked();
    let entry = world.record(used(json!({"for": "meals", "cost": 2_160,
        "lines": [{"lot": "R-1", "quantity": "5"}]})));
    let welfare = BookUnit::Office(world.office("b"), Section::Welfare);
    let of_welfare = |kind| world.sum(|account| account.unit == welfare && account.kind == kind);
    // two lots bought at 4,320 each
    assert_eq!(world.balance("b", K::Materials), 8_640 - 2_160);
    assert_eq!(world.balance("b", K::Internal), 2_160);
    assert_eq!(
        (of_welfare(K::WelfareFood), of_welfare(K::Internal)),
        (2_160, -2_160)
    );
    assert!(entry.unbalanced().is_empty());
    // the office meets itself in 内部勘定: nought over its sections
    assert_eq!(world.sum(|account| account.kind == K::Internal), 0);
}

#[test]
fn bad_uses_are_refused_with_field_and_reason() {
    let mut world = stocked();
    let line = json!([{"lot": "R-1", "quantity": "5"}]);
    for (fields, code, field) in [
        (json!({"for": "meals", "lines": []}), "no-lines", "lines"),
        (json!({"for": "fun", "lines": line}), "malformed", "for"),
        (
            json!({"for": "gifts", "lines": line, "cost": 100}),
            "malformed",
            "cost",
        ),
        (
            json!({"for": "meals", "lines": line, "cost": 0}),
            "amount-not-positive",
            "cost",
        ),
        (
            json!({"for": "meals", "lines": [{"lot": "R-1", "quantity": "10.001"}]}),
            "not-enough",
            "lines[0].quantity",
        ),
        (
            json!({"for": "meals", "lines": [{"product": "rice", "quantity": "20.001"}]}),
            "not-enough",
            "lines[0].quantity",
        ),
        (
            json!({"for": "meals", "lines": [{"quantity": "1"}]}),
            "malformed",
            "lines[0]",
        ),
        (
            json!({"for": "meals", "lines": [{"lot": "R-1", "product": "bento", "quantity": "1"}]}),
            "lot-not-of-product",
            "lines[0].lot",
        ),
    ] {
        assert_eq!(
            world.refused(used(fields.clone())),
            (code.into(), field.into()),
            "{fields}"
        );
    }
}

#[test]
fn the_day_that_falls_short_is_named() {
    let mut world = stocked();
    world.record(act(
        "use",
        "b",
        "u1",
        "2026-06-20",
        json!({"for": "meals", "lines": [{"lot": "R-1", "quantity": "8"}]}),
    ));
    let early = act(
        "use",
        "b",
        "u2",
        "2026-06-05",
        json!({"for": "meals", "lines": [{"lot": "R-1", "quantity": "3"}]}),
    );
    let refusal = world.try_record(&early).unwrap_err();
    assert!(
        refusal.sentence().starts_with("2026-06-20 の終わりに"),
        "{refusal}"
    );
}
