//! count.

use crate::{
    dispose::{commission, shop_bears, stocked},
    support::{World, act},
};
use domain::{
    account::AccountKind as K,
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

const DAY: &str = "2026-06-05";

fn count(lines: &Value) -> Value {
    act(
        "count",
        "a",
        "n1",
        DAY,
        json!({"reason": "月末棚卸", "lines": lines}),
    )
}

fn used(world: &mut World, day: &str, quantity: &str) {
    world.record(act(
        "use",
        "a",
        "later",
        day,
        json!({"for": "samples", "lines": [{"lot": "A-1", "quantity": quantity}]}),
    ));
}

#[test]
fn a_difference_is_lost_or_found() {
    let mut world = stocked();
    let entry = world.record(count(
        &json!([{"lot": "A-1", "counted": "8.5"}, {"lot": "A-2", "counted": "11"}]),
    ));
    assert_eq!(
        (world.stored("A-1", "a"), world.stored("A-2", "a")),
        (8_500, 11_000)
    );
    let a = world.office("a");
    assert_eq!(world.stock("A-1", Place::own(PlaceKind::Lost, a)), 1_500);
    assert_eq!(world.stock("A-2", Place::own(PlaceKind::Found, a)), -1_000);
    assert!(entry.postings.is_empty());
    assert!(entry.movements.iter().all(|movement| !movement.assumed));
}

#[test]
fn no_difference_needs_no_reason() {
    let mut world = stocked();
    let entry = world.record(act(
        "count",
        "a",
        "n1",
        DAY,
        json!({"lines": [{"lot": "A-1", "counted": "10"}, {"lot": "A-2", "counted": "10.000"}]}),
    ));
    assert!(entry.movements.is_empty());
}

#[test]
fn a_count_is_compared_with_the_end_of_its_day() {
    let mut world = stocked();
    used(&mut world, "2026-06-08", "4");
    // on 5 June there were 10 kg by the book, today there are 6
    world.record(count(&json!([{"lot": "A-1", "counted": "9"}])));
    assert_eq!(world.stored("A-1", "a"), 5_000);
    let again = |counted: &str| {
        let mut act = count(&json!([{"lot": "A-1", "counted": counted}]));
        act["key"] = "n2".into();
        act
    };
    // 9 − 3 = 6 missing, but only 5 are left after 8 June
    let refusal = world.try_record(&again("3")).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.field.as_str()),
        ("not-enough", "lines[0].counted")
    );
    assert!(
        refusal.sentence().starts_with("2026-06-08 の終わりに"),
        "{refusal}"
    );
    world.record(again("4"));
    assert_eq!(world.stored("A-1", "a"), 0);
}

#[test]
fn a_product_count_spreads_by_expiry() {
    let mut world = stocked();
    let entry = world.record(count(&json!([{"product": "carrot", "counted": "7"}])));
    // 13 missing: all of A-1, which expires first, and 3 of A-2; what lies on C's shelf was not counted
    assert_eq!((world.stored("A-1", "a"), world.stored("A-2", "a")), (0, 7_000));
    assert!(entry.movements.iter().all(|movement| movement.assumed));
    let mut more = count(&json!([{"product": "carrot", "counted": "7.25"}]));
    more["key"] = "n2".into();
    world.record(more);
    assert_eq!((world.stored("A-1", "a"), world.stored("A-2", "a")), (0, 7_250));
}

#[test]
fn a_product_count_takes_nothing_that_later_days_need() {
    let mut world = stocked();
    used(&mut world, "2026-06-08", "9");
    // 5 missing: A-1 can give 1, A-2 gives 4
    world.record(count(&json!([{"product": "carrot", "counted": "15"}])));
    assert_eq!((world.stored("A-1", "a"), world.stored("A-2", "a")), (0, 6_000));
    let mut less = count(&json!([{"product": "carrot", "counted": "8"}]));
    less["key"] = "n2".into();
    let refusal = world.try_record(&less).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.field.as_str()),
        ("not-enough", "lines[0].counted")
    );
    assert!(
        refusal.sentence().starts_with("2026-06-08 の終わりに"),
        "{refusal}"
    );
}

#[test]
fn a_product_count_can_be_stated_lot_by_lot() {
    let mut world = stocked();
    let spread =
        |lots: Value| count(&json!([{"product": "carrot", "counted": "12", "spread": {"lots": lots}}]));
    assert_eq!(
        world.refused(spread(json!([{"lot": "A-1", "counted": "9"}]))),
        ("malformed".into(), "lines[0].spread.lots".into())
    );
    assert_eq!(
        world.refused(spread(json!([{"lot": "A-9", "counted": "12"}]))),
        ("never-there".into(), "lines[0].spread.lots[0].lot".into())
    );
    world.record(spread(json!([{"lot": "A-2", "counted": "12"}])));
    // A-1 is not named: nothing of it is there
    assert_eq!((world.stored("A-1", "a"), world.stored("A-2", "a")), (0, 12_000));
}

#[test]
fn an_unknown_find_is_a_lot_of_unknown_origin() {
    let mut world = stocked();
    let entry = world.record(act(
        "count",
        "a",
        "n1",
        DAY,
        json!({"reason": "棚の奥", "unknown": [{"product": "carrot", "quantity": "2", "lot": {"code": "U-1"}}]}),
    ));
    assert_eq!(world.stored("U-1", "a"), 2_000);
    let lot = &entry.births[0].lot;
    assert!(lot.origin_unknown && lot.allergens.unknown);
    assert_eq!(lot.best_before, None, "its age is not known");
}

#[test]
fn on_a_shelf_the_bearer_pays_for_what_is_missing() {
    let shelf = |counted: &str| {
        act(
            "count",
            "c",
            "n1",
            DAY,
            json!({"shelf_of": "a", "reason": "棚卸",
            "lines": [{"product": "a/carrot", "counted": counted}]}),
        )
    };
    let mut world = stocked();
    let entry = world.record(shelf("9"));
    assert!(entry.postings.is_empty());
    assert_eq!(
        world.stock("A-9", Place::own(PlaceKind::Lost, world.office("a"))),
        1_000
    );
    let mut world = stocked();
    shop_bears(&mut world, "sale", &commission());
    let entry = world.record(shelf("8.99"));
    // 1.01 kg at 300
    assert_eq!(
        (world.balance("a", K::Receivable), world.balance("c", K::Payable)),
        (303, -303)
    );
    assert_eq!(
        world.stock("A-9", Place::own(PlaceKind::Lost, world.office("c"))),
        1_010
    );
    assert!(entry.unbalanced().is_empty());
    // a surplus is the owner's
    let mut more = shelf("9");
    more["key"] = "n2".into();
    let entry = world.record(more);
    assert!(entry.postings.is_empty());
    assert_eq!(
        world.stock("A-9", Place::shelf(world.office("a"), world.office("c"))),
        9_000
    );
}

#[test]
fn a_count_is_put_right_against_the_book_without_it() {
    let mut world = stocked();
    world.record(count(&json!([{"lot": "A-1", "counted": "1"}])));
    assert_eq!(world.stored("A-1", "a"), 1_000);
    let correct = |key: &str, of: &str, day: &str, counted: &str| {
        act(
            "correct",
            "a",
            key,
            day,
            json!({"entry": {"key": of}, "reason": "見まちがい",
            "right": {"kind": "count", "lines": [{"lot": "A-1", "counted": counted}]}}),
        )
    };
    world.record(correct("c1", "n1", "2026-06-06", "11"));
    assert_eq!(world.stored("A-1", "a"), 11_000);
    // also when the month has been closed since, and the correction books in July
    for month in ["2026-04", "2026-05", "2026-06"] {
        world.record(act("close", "a", month, "2026-07-01", json!({"month": month})));
    }
    let entry = world.record(correct("c2", "c1", "2026-07-02", "9"));
    assert_eq!(entry.book_on.to_string(), "2026-07-01");
    assert_eq!(world.stored("A-1", "a"), 9_000);
    world.record(correct("c3", "c2", "2026-07-03", "10"));
    assert_eq!(world.stored("A-1", "a"), 10_000);
}

#[test]
fn bad_counts_are_refused_with_field_and_reason() {
    let mut world = stocked();
    world.record(act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [{"product": "craft", "quantity": "3", "lot": {"code": "N-1"}}]}),
    ));
    for (fields, code, field) in [
        (json!({}), "no-lines", "lines"),
        (
            json!({"lines": [{"lot": "A-1", "counted": "9"}]}),
            "reason-missing",
            "reason",
        ),
        (
            json!({"unknown": [{"product": "carrot", "quantity": "1"}]}),
            "reason-missing",
            "reason",
        ),
        (
            json!({"lines": [{"lot": "A-1", "counted": "-1"}]}),
            "quantity-wrong",
            "lines[0].counted",
        ),
        (
            json!({"lines": [{"lot": "N-1", "counted": "0.5"}]}),
            "quantity-wrong",
            "lines[0].counted",
        ),
        (
            json!({"lines": [{"lot": "A-1", "product": "carrot", "counted": "1"}]}),
            "malformed",
            "lines[0]",
        ),
        (
            json!({"lines": [{"lot": "A-1", "counted": "10"}, {"lot": "A-1", "counted": "10"}]}),
            "line-twice",
            "lines[1].lot",
        ),
        (
            json!({"lines": [{"lot": "A-1", "counted": "10"}, {"product": "carrot", "counted": "20"}]}),
            "line-twice",
            "lines[1].product",
        ),
        (
            json!({"lines": [{"lot": "A-9", "counted": "1"}]}),
            "never-there",
            "lines[0].lot",
        ),
        (
            json!({"shelf_of": "c", "lines": [{"lot": "A-9", "counted": "1"}]}),
            "agreement-missing",
            "shelf_of",
        ),
        (
            json!({"reason": "x", "unknown": [{"product": "carrot", "quantity": "1", "lot": {"code": "A-1"}}]}),
            "lot-code-taken",
            "unknown[0].lot.code",
        ),
        (
            json!({"reason": "x", "lines": [{"lot": "A-1", "counted": "9", "unit_price": "1"}]}),
            "malformed",
            "lines[0].unit_price",
        ),
    ] {
        let act = act("count", "a", "x", DAY, fields);
        assert_eq!(world.refused(act.clone()), (code.into(), field.into()), "{act}");
    }
}
