//! record_wages 工賃. Figures by hand.

use crate::support::{World, act};
use domain::{account::AccountKind as K, tax::TaxRate};
use serde_json::{Value, json};

fn wages(key: &str, fields: Value) -> Value {
    let mut fields = fields;
    fields["month"] = "2026-06".into();
    act("record_wages", "a", key, "2026-06-30", fields)
}

fn first(key: &str) -> Value {
    wages(
        key,
        json!({"amounts": [
            {"service": "b_type", "work": "farm", "yen": 300_000},
            {"service": "b_type", "work": "craft", "yen": 80_000},
            {"service": "b_type", "pay": "allowance", "work": "farm", "yen": 20_000}],
            "attendance": [{"service": "b_type", "person_days": 292, "open_days": 20}]}),
    )
}

fn more(key: &str) -> Value {
    wages(key, json!({"amounts": [{"service": "b_type", "yen": 5_000}]}))
}

fn change(kind: &str, key: &str, of: &str, fields: Value) -> Value {
    let mut fields = fields;
    fields["entry"] = json!({"key": of});
    fields["reason"] = "まちがい".into();
    act(kind, "a", key, "2026-07-05", fields)
}

#[test]
fn wages_are_owed_on_the_last_day_of_the_month_by_kind_of_work_and_untaxed() {
    let mut world = World::new();
    let entry = world.record(first("w1"));
    assert_eq!(
        (world.balance("a", K::Wages), world.balance("a", K::UnpaidWages)),
        (400_000, -400_000)
    );
    let by_work: Vec<(i64, String)> = entry
        .postings
        .iter()
        .filter_map(|posting| Some((posting.yen.get(), posting.work.as_ref()?.to_string())))
        .collect();
    assert_eq!(
        by_work,
        [(80_000, "craft".to_owned()), (320_000, "farm".to_owned())]
    );
    assert!(
        entry
            .postings
            .iter()
            .all(|posting| posting.tax == TaxRate::OUT_OF_SCOPE)
    );
    assert_eq!(entry.book_on.to_string(), "2026-06-30");
}

#[test]
fn person_days_are_stated_once_and_later_entries_add_amounts_only() {
    let mut world = World::new();
    assert_eq!(
        world.refused(more("w0")),
        ("person-days-missing".into(), "attendance".into())
    );
    world.record(first("w1"));
    world.record(more("w2"));
    assert_eq!(world.balance("a", K::UnpaidWages), -405_000);
    assert_eq!(
        world.refused(first("w3")),
        ("person-days-stated".into(), "attendance[0]".into())
    );
    // another service type of the same office states its own; another month too
    world.record(wages(
        "w4",
        json!({"amounts": [{"service": "daily_care", "yen": 9_000}],
            "attendance": [{"service": "daily_care", "person_days": 30, "open_days": 15}]}),
    ));
    let mut may = first("w5");
    may["month"] = "2026-05".into();
    may["supplied_on"] = "2026-05-31".into();
    world.record(may);
    assert_eq!(world.balance("a", K::UnpaidWages), -814_000);
    // another office has its own
    let mut theirs = more("w6");
    theirs["office"] = "b".into();
    assert_eq!(world.refused(theirs).0, "person-days-missing");
}

#[test]
fn a_correction_counts_as_its_right_version_and_a_reversal_frees_the_month() {
    let mut world = World::new();
    world.record(first("w1"));
    let right = json!({"kind": "record_wages", "month": "2026-06",
        "amounts": [{"service": "b_type", "yen": 390_000}],
        "attendance": [{"service": "b_type", "person_days": 290, "open_days": 20}]});
    world.record(change("correct", "c1", "w1", json!({"right": right})));
    assert_eq!(world.balance("a", K::UnpaidWages), -390_000);
    assert_eq!(world.refused(first("w2")).0, "person-days-stated");
    world.record(more("w3"));
    // put right a second time: what it replaces is not counted against it
    world.record(change("correct", "c2", "c1", json!({"right": right})));
    assert_eq!(world.balance("a", K::UnpaidWages), -395_000);
    // a right version without person-days leaves the month without any
    let silent =
        json!({"kind": "record_wages", "month": "2026-06", "amounts": [{"service": "b_type", "yen": 1}]});
    assert_eq!(
        world.refused(change("correct", "c3", "c2", json!({"right": silent}))),
        ("person-days-missing".into(), "right.attendance".into())
    );
    world.record(change("reverse", "x1", "w3", json!({})));
    world.record(change("reverse", "x2", "c2", json!({})));
    assert_eq!(world.balance("a", K::UnpaidWages), 0);
    world.record(first("w4"));
    assert_eq!(world.balance("a", K::UnpaidWages), -400_000);
}

#[test]
fn a_month_without_wages_still_states_its_person_days() {
    let mut world = World::new();
    let entry = world.record(wages(
        "w1",
        json!({"attendance": [{"service": "transition", "person_days": 12, "open_days": 20},
            {"service": "a_type", "person_days": 0, "open_days": 0}]}),
    ));
    assert!(entry.postings.is_empty());
    // wages for a service that nobody used
    assert_eq!(
        world.refused(wages(
            "w2",
            json!({"amounts": [{"service": "transition", "yen": 5}, {"service": "a_type", "yen": 5}]})
        )),
        ("no-person-days".into(), "amounts[1].service".into())
    );
}

#[test]
fn a_bonus_names_its_months() {
    let mut world = World::new();
    let bonus = |months: Value| {
        let mut act = first("w1");
        act["amounts"][2]["pay"] = "bonus".into();
        act["amounts"][2]["months"] = months;
        act
    };
    assert_eq!(
        world.refused(bonus(Value::Null)),
        ("malformed".into(), "amounts[2].months".into())
    );
    assert_eq!(
        world.refused(bonus(json!({"from": "2026-06", "to": "2026-01"}))),
        ("period-ends-before-start".into(), "amounts[2].months.to".into())
    );
    world.record(bonus(json!({"from": "2026-01", "to": "2026-06"})));
    assert_eq!(world.balance("a", K::Wages), 400_000);
}

#[test]
fn wages_are_refused_at_the_field_that_is_wrong() {
    let mut world = World::new();
    for (field, value, code, named) in [
        (
            "supplied_on",
            json!("2026-06-29"),
            "wages-day-wrong",
            "supplied_on",
        ),
        (
            "supplied_on",
            json!("2026-07-01"),
            "wages-day-wrong",
            "supplied_on",
        ),
        ("month", json!("2026-13"), "malformed", "month"),
        ("attendance", json!([]), "person-days-missing", "attendance"),
        (
            "attendance",
            json!([{"service": "b_type", "person_days": 292, "open_days": 31}]),
            "open-days-wrong",
            "attendance[0].open_days",
        ),
        (
            "attendance",
            json!([{"service": "b_type", "person_days": 1, "open_days": 0}]),
            "open-days-wrong",
            "attendance[0].open_days",
        ),
        (
            "attendance",
            json!([{"service": "b_type", "person_days": 0, "open_days": 20}]),
            "no-person-days",
            "amounts[0].service",
        ),
        (
            "attendance",
            json!([{"service": "b_type", "person_days": 9, "open_days": 20},
                {"service": "b_type", "person_days": 9, "open_days": 20}]),
            "line-twice",
            "attendance[1].service",
        ),
        (
            "attendance",
            json!([{"service": "b_type", "person_days": -1, "open_days": 20}]),
            "malformed",
            "attendance[0].person_days",
        ),
        (
            "amounts",
            json!([{"service": "b_type", "yen": 0}]),
            "amount-not-positive",
            "amounts[0].yen",
        ),
        // totals only: there is no field for a person
        (
            "amounts",
            json!([{"service": "b_type", "yen": 5, "name": "山田"}]),
            "malformed",
            "amounts[0].name",
        ),
        ("office", Value::Null, "office-needed", "office"),
    ] {
        let mut act = first("x");
        act[field] = value;
        let shown = act.to_string();
        assert_eq!(world.refused(act), (code.into(), named.into()), "{shown}");
    }
    assert_eq!(
        world.refused(wages("x", json!({}))),
        ("no-lines".into(), "amounts".into())
    );
}
