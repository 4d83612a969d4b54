//! write_off 貸倒・免除. Figures by hand.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::{Value, json};

fn write_off(office: &str, key: &str, fields: Value) -> Value {
    let mut fields = fields;
    if fields["reason"].is_null() {
        fields["reason"] = "倒産".into();
    }
    act("write_off", office, key, "2026-07-05", fields)
}

/// The city owes A 33,000, A owes たね屋 5,500, C owes B 900 for what B paid.
fn owing() -> World {
    let mut world = World::new();
    let day = "2026-06-30";
    world.record(act(
        "earn",
        "a",
        "k1",
        day,
        json!({"partner": "city", "lines": [{"yen": 33_000}]}),
    ));
    world.record(act(
        "spend",
        "a",
        "e1",
        day,
        json!({"item": "supplies", "yen": 5_500, "paid": {"by": "on_account", "partner": "tane"}}),
    ));
    world.record(act(
        "spend",
        "c",
        "e1",
        day,
        json!({"item": "rent", "yen": 900, "paid_by_office": "b"}),
    ));
    world
}

#[test]
fn a_claim_on_a_partner_becomes_a_loss() {
    let mut world = owing();
    let entry = world.record(write_off(
        "a",
        "l1",
        json!({"debt": {"what": "receivable", "partner": "city"}, "yen": 3_000}),
    ));
    assert_eq!(
        (world.balance("a", K::BadDebt), world.balance("a", K::Receivable)),
        (3_000, 30_000)
    );
    assert_eq!(entry.postings.len(), 2);
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-07-06",
        json!({"entry": {"key": "l1"}, "reason": "入金があった"}),
    ));
    assert_eq!(
        (world.balance("a", K::BadDebt), world.balance("a", K::Receivable)),
        (0, 33_000)
    );
}

#[test]
fn a_debt_that_a_supplier_forgives_is_income() {
    let mut world = owing();
    world.record(write_off(
        "a",
        "l1",
        json!({"debt": {"what": "payable", "partner": "tane"}, "yen": 5_500}),
    ));
    assert_eq!(
        (world.balance("a", K::Payable), world.balance("a", K::OtherIncome)),
        (0, -5_500)
    );
}

#[test]
fn between_offices_both_sides_are_cleared_when_the_other_agreed() {
    let mut world = owing();
    let silent = write_off(
        "b",
        "l1",
        json!({"debt": {"what": "paid_for_others", "with_office": "c"}, "yen": 900}),
    );
    assert_eq!(
        world.refused(silent.clone()),
        ("not-agreed".into(), "agreed".into())
    );
    let mut agreed = silent;
    agreed["agreed"] = json!(["c"]);
    world.record(agreed);
    assert_eq!(
        (
            world.balance("b", K::BadDebt),
            world.balance("b", K::PaidForOthers)
        ),
        (900, 0)
    );
    assert_eq!(
        (
            world.balance("c", K::OwedForOthers),
            world.balance("c", K::OtherIncome)
        ),
        (0, -900)
    );
}

#[test]
fn a_write_off_is_refused_at_the_field_that_is_wrong() {
    let mut world = owing();
    let city = json!({"what": "receivable", "partner": "city"});
    for (fields, code, field) in [
        (json!({"debt": city, "yen": 33_001}), "more-than-owed", "yen"),
        (json!({"debt": city, "yen": 0}), "amount-not-positive", "yen"),
        (
            json!({"debt": {"what": "receivable", "partner": "tane"}, "yen": 1}),
            "more-than-owed",
            "yen",
        ),
        (
            json!({"debt": {"what": "receivable", "with_office": "b"}, "yen": 1, "agreed": ["b"]}),
            "more-than-owed",
            "yen",
        ),
        (
            json!({"debt": {"what": "unpaid_wages"}, "yen": 1}),
            "account-wrong",
            "debt.what",
        ),
        (
            json!({"debt": {"what": "internal_payable", "with_office": "a2"}, "yen": 1, "agreed": ["a2"]}),
            "account-wrong",
            "debt.what",
        ),
        (
            json!({"debt": {"what": "receivable"}, "yen": 1}),
            "malformed",
            "debt.partner",
        ),
        (
            json!({"debt": {"what": "receivable", "with_office": "z"}, "yen": 1}),
            "office-unknown",
            "debt.with_office",
        ),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(write_off("a", "x", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
    let mut silent = write_off("a", "x", json!({"debt": city, "yen": 1}));
    silent.as_object_mut().unwrap().remove("reason");
    assert_eq!(world.refused(silent), ("reason-missing".into(), "reason".into()));
    // what is owed only since the day after cannot be given up the day before
    let mut early = write_off("a", "x", json!({"debt": city, "yen": 1}));
    early["supplied_on"] = "2026-06-29".into();
    assert_eq!(world.refused(early), ("more-than-owed".into(), "yen".into()));
}
