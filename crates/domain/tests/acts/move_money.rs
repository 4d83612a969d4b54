//! move_money 資金移動. Figures by hand.

use crate::support::{World, act};
use domain::account::{Account, AccountKind as K, BookUnit};
use serde_json::{Value, json};

fn moved(key: &str, fields: Value) -> Value {
    act("move_money", "a", key, "2026-06-10", fields)
}

/// A with a till, its sister office A2 with a bank account.
fn world() -> World {
    let mut world = World::new();
    let place = |office: &str, key: &str, code: &str, holds: &str| {
        act(
            "cash_place",
            office,
            key,
            "2026-04-01",
            json!({"code": code, "name": "置き場", "holds": holds}),
        )
    };
    world.record(place("a", "till-a", "till", "till"));
    world.record(place("a2", "bank-a2", "bank2", "bank"));
    world
}

#[test]
fn change_for_the_till_comes_from_the_cash_box() {
    let mut world = world();
    world.record(moved("m1", json!({"from": "bank", "to": "kinko", "yen": 50_000})));
    world.record(moved("m2", json!({"from": "kinko", "to": "till", "yen": 10_000})));
    assert_eq!(
        (
            world.balance("a", K::Bank),
            world.balance("a", K::Cash),
            world.balance("a", K::TillCash)
        ),
        (-50_000, 40_000, 10_000)
    );
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-06-11",
        json!({"entry": {"key": "m2"}, "reason": "催事の中止"}),
    ));
    assert_eq!(
        (world.balance("a", K::Cash), world.balance("a", K::TillCash)),
        (50_000, 0)
    );
}

#[test]
fn money_for_the_head_office_stands_in_internal_accounts_that_sum_to_nought() {
    let mut world = world();
    world.record(moved("m1", json!({"from": "bank", "head": true, "yen": 30_000})));
    world.record(moved("m2", json!({"to": "bank", "head": true, "yen": 4_000})));
    let masters = &world.book.facts().masters;
    let corporation = masters
        .corporation_by_code(&"midori".parse().unwrap())
        .unwrap()
        .id;
    let head = BookUnit::Head(corporation);
    assert_eq!(
        (world.balance("a", K::Internal), world.balance("a", K::Bank)),
        (26_000, -26_000)
    );
    let owed = Account::with(head, K::Internal, world.office("a"));
    assert_eq!(world.sum(|account| *account == owed), -26_000);
    assert_eq!(
        world.sum(|account| *account == Account::plain(head, K::Retained)),
        26_000
    );
    assert_eq!(world.sum(|account| account.kind == K::Internal), 0);
}

#[test]
fn money_between_two_offices_of_a_corporation_is_mirrored_and_paid_back() {
    let mut world = world();
    world.record(moved(
        "m1",
        json!({"from": "kinko", "to_office": "a2", "yen": 7_000}),
    ));
    assert_eq!(
        (world.balance("a", K::Internal), world.balance("a", K::Cash)),
        (7_000, -7_000)
    );
    assert_eq!(
        (world.balance("a2", K::Internal), world.balance("a2", K::Bank)),
        (-7_000, 7_000)
    );
    world.record(moved(
        "m2",
        json!({"from_office": "a2", "from": "bank2", "to": "bank", "yen": 2_000}),
    ));
    assert_eq!(
        (world.balance("a", K::Internal), world.balance("a2", K::Bank)),
        (5_000, 5_000)
    );
    // or as a payment of the internal debt
    world.record(act(
        "pay",
        "a2",
        "z1",
        "2026-06-20",
        json!({"clears": {"what": "internal_payable", "with_office": "a"}, "yen": 5_000}),
    ));
    assert_eq!(
        (
            world.balance("a", K::Internal),
            world.balance("a2", K::Internal),
            world.balance("a", K::Bank)
        ),
        (0, 0, 7_000)
    );
}

#[test]
fn a_move_is_refused_at_the_field_that_is_wrong() {
    let mut world = world();
    for (fields, code, field) in [
        (
            json!({"from": "bank", "to": "kinko", "yen": 0}),
            "amount-not-positive",
            "yen",
        ),
        (
            json!({"from": "bank", "to": "bank", "yen": 5}),
            "same-place",
            "to",
        ),
        (
            json!({"from": "attic", "to": "bank", "yen": 5}),
            "cash-place-unknown",
            "from",
        ),
        (json!({"to": "bank", "yen": 5}), "malformed", "from"),
        (json!({"from": "bank", "yen": 5}), "malformed", "to"),
        (json!({"head": true, "yen": 5}), "malformed", "head"),
        (
            json!({"from": "bank", "to": "kinko", "head": true, "yen": 5}),
            "malformed",
            "head",
        ),
        (
            json!({"from": "bank", "to_office": "a2", "head": true, "yen": 5}),
            "malformed",
            "head",
        ),
        (
            json!({"from": "bank", "to_office": "b", "yen": 5}),
            "not-same-corporation",
            "to_office",
        ),
        (
            json!({"to": "bank", "from_office": "a", "yen": 5}),
            "same-office",
            "from_office",
        ),
        (
            json!({"from": "bank", "to_office": "a2", "to": "kinko", "yen": 5}),
            "cash-place-unknown",
            "to",
        ),
        (
            json!({"to_office": "a2", "to": "bank2", "yen": 5}),
            "malformed",
            "from",
        ),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(moved("x", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
}
