//! count_cash 現金実査. Figures by hand.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::{Value, json};

fn count(key: &str, day: &str, fields: Value) -> Value {
    let mut fields = fields;
    fields["place"] = "kinko".into();
    act("count_cash", "a", key, day, fields)
}

/// 20,000 in the cash box since 1 June, 1,100 of it spent by the welfare section on the 5th.
fn world() -> World {
    let mut world = World::new();
    world.record(act(
        "move_money",
        "a",
        "m1",
        "2026-06-01",
        json!({"from": "bank", "to": "kinko", "yen": 20_000}),
    ));
    world.record(act(
        "spend",
        "a",
        "e1",
        "2026-06-05",
        json!({"item": "supplies", "yen": 1_100, "section": "welfare"}),
    ));
    world
}

#[test]
fn what_agrees_with_the_book_is_recorded_without_postings() {
    let mut world = world();
    let entry = world.record(count(
        "j1",
        "2026-06-05",
        json!({"counted": 18_900, "denominations": {"10000": 1, "5000": 1, "1000": 3, "500": 1, "100": 4}}),
    ));
    assert!(entry.postings.is_empty());
    // at the end of the 4th the welfare section had not spent yet
    assert!(
        world
            .record(count("j2", "2026-06-04", json!({"counted": 20_000})))
            .postings
            .is_empty()
    );
}

#[test]
fn what_is_missing_or_too_much_goes_to_cash_over_and_short_with_a_reason() {
    let mut world = world();
    let short = count("j1", "2026-06-05", json!({"counted": 18_400}));
    assert_eq!(
        world.refused(short.clone()),
        ("reason-missing".into(), "reason".into())
    );
    let mut short = short;
    short["reason"] = "つり銭まちがい".into();
    world.record(short);
    // 18,900 in the book, 18,400 counted
    assert_eq!(
        (world.balance("a", K::CashOverShort), world.balance("a", K::Cash)),
        (500, 19_500)
    );
    let mut over = count("j2", "2026-06-06", json!({"counted": 18_700}));
    over["reason"] = "見つかった".into();
    world.record(over);
    assert_eq!(world.balance("a", K::CashOverShort), 200);
    // corrected: 18,300 instead of 18,400 was there on the 5th
    world.record(act(
        "correct",
        "a",
        "c1",
        "2026-06-07",
        json!({"entry": {"key": "j1"}, "reason": "数えまちがい",
            "right": {"kind": "count_cash", "place": "kinko", "counted": 18_300}}),
    ));
    assert_eq!(world.balance("a", K::CashOverShort), 300);
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-06-07",
        json!({"entry": {"key": "j2"}, "reason": "まちがい"}),
    ));
    assert_eq!(
        (world.balance("a", K::CashOverShort), world.balance("a", K::Cash)),
        (600, 19_400)
    );
}

#[test]
fn a_count_put_right_after_the_close_is_measured_against_its_own_day() {
    let mut world = world();
    let mut short = count("j1", "2026-06-30", json!({"counted": 18_800}));
    short["reason"] = "不明".into();
    world.record(short);
    world.record(act(
        "close",
        "a",
        "june",
        "2026-07-01",
        json!({"month": "2026-06"}),
    ));
    world.record(act(
        "spend",
        "a",
        "e2",
        "2026-07-01",
        json!({"item": "fuel", "yen": 3_000}),
    ));
    // 18,850 of 18,900 were there: 50 short instead of 100, booked in July
    let entry = world.record(act(
        "correct",
        "a",
        "c1",
        "2026-07-02",
        json!({"entry": {"key": "j1"}, "reason": "数えまちがい",
            "right": {"kind": "count_cash", "place": "kinko", "counted": 18_850}}),
    ));
    assert_eq!(entry.book_on.to_string(), "2026-07-01");
    assert_eq!(world.balance("a", K::CashOverShort), 50);
    // and once more: all 18,900 were there, although the book of 30 June still says 18,800
    world.record(act(
        "correct",
        "a",
        "c2",
        "2026-07-03",
        json!({"entry": {"key": "c1"}, "reason": "また数えまちがい",
            "right": {"kind": "count_cash", "place": "kinko", "counted": 18_900}}),
    ));
    assert_eq!(world.balance("a", K::CashOverShort), 0);
}

#[test]
fn a_count_is_refused_at_the_field_that_is_wrong() {
    let mut world = world();
    for (fields, code, field) in [
        (json!({"counted": -1}), "amount-negative", "counted"),
        (
            json!({"counted": 18_900, "denominations": {"10000": 1, "1000": 8}}),
            "denominations-do-not-add-up",
            "denominations",
        ),
        (
            json!({"counted": 18_900, "denominations": {"25": 1}}),
            "no-such-coin",
            "denominations.25",
        ),
        (json!({"counted": 1.5}), "malformed", ""),
        (
            json!({"counted": 18_900, "denominations": {"10000": -1}}),
            "malformed",
            "denominations.10000",
        ),
        (json!({}), "malformed", ""),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(count("x", "2026-06-05", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
    for (place, code) in [("attic", "cash-place-unknown"), ("bank", "account-wrong")] {
        let mut act = count("x", "2026-06-05", json!({"counted": 5}));
        act["place"] = place.into();
        assert_eq!(world.refused(act), (code.into(), "place".into()));
    }
}
