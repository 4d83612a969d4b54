//! open.

use crate::support::{World, act};
use domain::{
    account::{AccountKind as K, BookUnit, Section},
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

fn open(fields: Value) -> Value {
    act("open", "a", "o1", "2026-06-01", fields)
}

#[test]
fn goods_are_there_from_outside_with_a_cost_that_is_only_kept() {
    let mut world = World::new();
    let entry = world.record(open(json!({"agreed": ["c"], "goods": [
        {"product": "carrot", "quantity": "12.5", "cost": 1_000, "lot": {"code": "O-1", "made_on": "2026-05-30"}},
        {"product": "craft", "quantity": {"amount": "2", "unit": "箱"}, "lot": {"code": "O-2"}, "at": "c"}]})));
    let (a, c) = (world.office("a"), world.office("c"));
    assert_eq!(world.stored("O-1", "a"), 12_500);
    assert_eq!(world.stock("O-2", Place::shelf(a, c)), 18);
    assert_eq!(world.stock("O-2", Place::own(PlaceKind::Outside, a)), -18);
    assert!(entry.postings.is_empty());
    assert_eq!(entry.offices.len(), 2);
    let lot = &entry.births[0].lot;
    assert_eq!(
        (lot.maker, lot.best_before.map(|date| date.day.to_string())),
        (a.into(), Some("2026-06-13".into()))
    );
}

#[test]
fn balances_stand_against_the_opening_balance_of_their_section() {
    let mut world = World::new();
    let entry = world.record(open(json!({"balances": [
        {"account": "cash", "yen": 30_000},
        {"account": "bank", "cash_place": "bank", "yen": 500_000},
        {"account": "receivable", "partner": "city", "yen": 44_000},
        {"account": "payable", "partner": "tane", "yen": -6_600},
        {"account": "wage_reserve", "yen": -100_000},
        {"account": "reserve_asset", "yen": 100_000},
        {"account": "cash", "section": "welfare", "yen": 7_000}]})));
    // 30,000 + 500,000 + 44,000 − 6,600 − 100,000 + 100,000
    assert_eq!(world.balance("a", K::OpeningBalance), -567_400);
    assert_eq!(world.balance("a", K::Receivable), 44_000);
    let welfare = BookUnit::Office(world.office("a"), Section::Welfare);
    assert_eq!(
        world.sum(|account| account.unit == welfare && account.kind == K::OpeningBalance),
        -7_000
    );
    assert!(entry.unbalanced().is_empty());
    assert_eq!(entry.offices.len(), 1);
}

#[test]
fn a_debt_between_offices_stands_in_both_books() {
    let mut world = World::new();
    let entry = world.record(open(json!({"agreed": ["b", "c", "a2"], "balances": [
        {"account": "receivable", "with_office": "b", "yen": 18_000},
        {"account": "consignment_receivable", "with_office": "c", "yen": 5_000},
        {"account": "payable", "with_office": "b", "yen": -700, "their_section": "welfare"},
        {"account": "internal", "with_office": "a2", "yen": -2_000}]})));
    assert_eq!(
        (world.balance("a", K::Receivable), world.balance("b", K::Payable)),
        (18_000, -18_000)
    );
    assert_eq!(
        (
            world.balance("c", K::ConsignmentDeposit),
            world.balance("c", K::OpeningBalance)
        ),
        (-5_000, 5_000)
    );
    assert_eq!(
        (world.balance("a", K::Internal), world.balance("a2", K::Internal)),
        (-2_000, 2_000)
    );
    let welfare = BookUnit::Office(world.office("b"), Section::Welfare);
    assert_eq!(
        world.sum(|account| account.unit == welfare && account.kind == K::Receivable),
        700
    );
    // 18,000 + 5,000 − 700 − 2,000
    assert_eq!(world.balance("a", K::OpeningBalance), -20_300);
    assert_eq!(world.balance("b", K::OpeningBalance), 18_000);
    assert!(entry.unbalanced().is_empty());
    assert_eq!(entry.offices.len(), 4);
    // the debt can be taken back like any dealing
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-06-02",
        json!({"entry": {"key": "o1"}, "reason": "二重"}),
    ));
    assert_eq!(world.balance("b", K::Payable), 0);
}

#[test]
fn history_is_kept_without_postings() {
    let mut world = World::new();
    let month = |month: &str| json!({"month": month, "wages": 400_000, "person_days": 292, "open_days": 20});
    let entry = world.record(open(json!({"asset_cost": 1_200_000,
        "wages_history": [month("2026-04"), month("2026-05")]})));
    assert!(entry.postings.is_empty() && entry.movements.is_empty());
}

#[test]
fn bad_openings_are_refused_with_field_and_reason() {
    let mut world = World::new();
    let balance = |line: Value| json!({"agreed": ["c"], "balances": [line]});
    let goods = |line: Value| json!({"goods": [line]});
    let history = |rows: Value| json!({"wages_history": rows});
    let cash = json!({"account": "cash", "yen": 1});
    for (fields, code, field) in [
        (json!({}), "no-lines", "goods"),
        (
            goods(json!({"product": "craft", "quantity": "0"})),
            "quantity-wrong",
            "goods[0].quantity",
        ),
        (
            goods(json!({"product": "craft", "quantity": "1", "cost": -1})),
            "amount-negative",
            "goods[0].cost",
        ),
        (
            goods(json!({"product": "craft", "quantity": "1", "at": "c"})),
            "not-agreed",
            "agreed",
        ),
        (
            json!({"agreed": ["b"], "goods": [{"product": "craft", "quantity": "1", "at": "b"}]}),
            "agreement-missing",
            "goods[0].at",
        ),
        (
            balance(json!({"account": "sales", "yen": -1})),
            "account-wrong",
            "balances[0].account",
        ),
        (
            balance(json!({"account": "opening_balance", "yen": 1})),
            "account-wrong",
            "balances[0].account",
        ),
        (
            balance(json!({"account": "receivable", "yen": 1})),
            "malformed",
            "balances[0].partner",
        ),
        (
            balance(json!({"account": "receivable", "partner": "nobody", "yen": 1})),
            "partner-unknown",
            "balances[0].partner",
        ),
        (
            balance(json!({"account": "receivable", "with_office": "b", "yen": 1})),
            "not-agreed",
            "agreed",
        ),
        (
            balance(json!({"account": "receivable", "with_office": "a", "yen": 1})),
            "same-office",
            "balances[0].with_office",
        ),
        (
            balance(json!({"account": "receivable", "with_office": "a2", "yen": 1})),
            "account-wrong",
            "balances[0].with_office",
        ),
        (
            balance(json!({"account": "cashless_receivable", "with_office": "c", "yen": 1})),
            "account-wrong",
            "balances[0].with_office",
        ),
        (
            balance(json!({"account": "internal", "with_office": "c", "yen": 1})),
            "not-same-corporation",
            "balances[0].with_office",
        ),
        (
            balance(json!({"account": "internal", "partner": "tane", "yen": 1})),
            "malformed",
            "balances[0].partner",
        ),
        (
            balance(json!({"account": "cash", "cash_place": "bank", "yen": 1})),
            "account-wrong",
            "balances[0].cash_place",
        ),
        (
            balance(json!({"account": "till_cash", "yen": 1})),
            "no-cash-place",
            "balances[0].cash_place",
        ),
        (
            balance(json!({"account": "cash", "partner": "tane", "yen": 1})),
            "account-wrong",
            "balances[0].partner",
        ),
        (
            json!({"balances": [cash, cash]}),
            "line-twice",
            "balances[1].account",
        ),
        (
            history(json!([{"month": "2026-06", "wages": 1, "person_days": 1, "open_days": 1}])),
            "malformed",
            "wages_history[0].month",
        ),
        (
            history(json!([{"month": "2026-04", "wages": 1, "person_days": 1, "open_days": 31}])),
            "malformed",
            "wages_history[0].open_days",
        ),
        (
            history(json!([{"month": "2026-04", "wages": -1, "person_days": 1, "open_days": 1}])),
            "amount-negative",
            "wages_history[0].wages",
        ),
        (
            history(
                json!([{"month": "2026-04", "wages": 1, "person_days": 1, "open_days": 1},
                {"month": "2026-04", "wages": 1, "person_days": 1, "open_days": 1}]),
            ),
            "line-twice",
            "wages_history[1].month",
        ),
        (json!({"asset_cost": -1}), "amount-negative", "asset_cost"),
    ] {
        assert_eq!(
            world.refused(open(fields.clone())),
            (code.into(), field.into()),
            "{fields}"
        );
    }
}
