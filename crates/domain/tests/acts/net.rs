//! net 相殺: claims set off between two and among many. Figures by hand.

use crate::support::{World, act};
use domain::{account::AccountKind as K, entry::Entry};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A fee that one office paid for another: `debtor` owes `creditor` so much.
fn lent(world: &mut World, debtor: &str, creditor: &str, yen: i64) {
    let key = format!("lent-{debtor}-{creditor}");
    let fields = json!({"item": "rent", "yen": yen, "paid_by_office": creditor});
    world.record(act("spend", debtor, &key, "2026-06-30", fields));
}

/// B owes A 900, C owes B 700, A owes C 500.
fn owing() -> World {
    let mut world = World::new();
    for (debtor, creditor, yen) in [("b", "a", 900), ("c", "b", 700), ("a", "c", 500)] {
        lent(&mut world, debtor, creditor, yen);
    }
    world
}

fn clears(debtor: &str, creditor: &str, yen: i64) -> Value {
    json!({"creditor": creditor, "debtor": debtor, "what": "paid_for_others", "yen": yen})
}

fn of_network(key: &str, fields: Value) -> Value {
    let mut act = fields;
    act["kind"] = "net".into();
    act["acting_network"] = "minami".into();
    act["key"] = key.into();
    act["supplied_on"] = "2026-07-05".into();
    act
}

/// A is owed 900 and owes 500, B owes 200 on balance, C 200: both pay A 200.
fn all_three() -> Value {
    json!({"clears": [clears("b", "a", 700), clears("c", "b", 700), clears("a", "c", 500)],
        "remain": [{"creditor": "a", "debtor": "c", "yen": 200}], "agreed": ["a", "b", "c"]})
}

fn claims(world: &World) -> [i64; 3] {
    let of = |office| {
        let kinds = [K::PaidForOthers, K::OwedForOthers, K::Receivable, K::Payable];
        kinds.map(|kind| world.balance(office, kind)).iter().sum()
    };
    ["a", "b", "c"].map(of)
}

#[test]
fn a_circle_of_claims_becomes_few_and_nobodys_net_changes() {
    let mut world = owing();
    let before = claims(&world);
    assert_eq!(before, [400, -200, -200]);
    let entry = world.record(of_network("n1", all_three()));
    assert_eq!(claims(&world), before);
    let of = |office, kind| world.balance(office, kind);
    assert_eq!(
        [
            of("a", K::PaidForOthers),
            of("a", K::OwedForOthers),
            of("a", K::Receivable)
        ],
        [200, 0, 200]
    );
    assert_eq!([of("b", K::OwedForOthers), of("b", K::PaidForOthers)], [-200, 0]);
    assert_eq!(
        [
            of("c", K::OwedForOthers),
            of("c", K::PaidForOthers),
            of("c", K::Payable)
        ],
        [0, 0, -200]
    );
    assert_eq!(entry.offices.len(), 3);
    assert!(units_balance(&entry) && entry.movements.is_empty());

    let mut back = of_network("x1", json!({"entry": {"key": "n1"}, "reason": "まちがい"}));
    back["kind"] = "reverse".into();
    world.record(back);
    assert_eq!(claims(&world), before);
    assert_eq!(world.balance("a", K::Receivable), 0);
    assert_eq!(world.balance("c", K::PaidForOthers), 500);
}

fn units_balance(entry: &Entry) -> bool {
    let mut sums: BTreeMap<_, i64> = BTreeMap::new();
    for posting in &entry.postings {
        *sums.entry(posting.account.unit).or_default() += posting.yen.get();
    }
    sums.values().all(|sum| *sum == 0)
}

#[test]
fn two_offices_set_off_what_they_owe_each_other() {
    let mut world = owing();
    lent(&mut world, "a", "b", 300);
    let two = |agreed: Value| {
        let lines = json!([clears("b", "a", 300), clears("a", "b", 300)]);
        act(
            "net",
            "a",
            "n1",
            "2026-07-05",
            json!({"clears": lines, "agreed": agreed}),
        )
    };
    assert_eq!(
        world.refused(two(json!([]))),
        ("not-agreed".into(), "agreed".into())
    );
    // the acting office has agreed by acting
    world.record(two(json!(["b"])));
    assert_eq!(world.balance("a", K::PaidForOthers), 600);
    assert_eq!(world.balance("a", K::OwedForOthers), -500);
    assert_eq!(world.balance("b", K::PaidForOthers), 700);
}

/// Within one corporation what remains is 内部勘定.
#[test]
fn what_remains_in_one_corporation_is_internal() {
    let mut world = World::new();
    for (debtor, creditor, yen) in [("a2", "b", 400), ("b", "a", 400)] {
        lent(&mut world, debtor, creditor, yen);
    }
    world.record(of_network(
        "n1",
        json!({"clears": [clears("a2", "b", 400), clears("b", "a", 400)],
            "remain": [{"creditor": "a", "debtor": "a2", "yen": 400}], "agreed": ["a", "a2", "b"]}),
    ));
    assert_eq!(world.balance("a", K::Internal), 400);
    assert_eq!(world.balance("a2", K::Internal), -400);
    assert_eq!(world.balance("b", K::PaidForOthers), 0);
}

#[test]
fn a_netting_is_refused_at_what_is_wrong() {
    let mut world = owing();
    let with = |change: fn(&mut Value)| {
        let mut fields = all_three();
        change(&mut fields);
        of_network("x", fields)
    };
    for (wrong, code, field) in [
        (
            with(|act| act["agreed"] = json!(["a", "b"])),
            "not-agreed",
            "agreed",
        ),
        (with(|act| act["clears"] = json!([])), "no-lines", "clears"),
        (
            with(|act| act["clears"][0]["yen"] = 0.into()),
            "amount-not-positive",
            "clears[0].yen",
        ),
        (
            with(|act| act["clears"][0]["debtor"] = "a".into()),
            "same-office",
            "clears[0].debtor",
        ),
        (
            with(|act| act["clears"][1]["creditor"] = "z".into()),
            "office-unknown",
            "clears[1].creditor",
        ),
        (
            with(|act| act["remain"][0]["yen"] = 201.into()),
            "net-differs",
            "remain",
        ),
        (with(|act| act["remain"] = json!([])), "net-differs", "remain"),
        (
            with(|act| act["clears"][2] = act["clears"][1].clone()),
            "line-twice",
            "clears[2]",
        ),
        // debts out of nothing, though every net stays
        (
            with(|act| {
                act["remain"] = json!([{"creditor": "a", "debtor": "c", "yen": 1200},
                    {"creditor": "c", "debtor": "a", "yen": 1000}]);
            }),
            "net-grows",
            "remain",
        ),
        // more than stands, with sums that fit
        (
            with(|act| {
                act["clears"] = json!([
                    clears("b", "a", 901),
                    clears("c", "b", 901),
                    clears("a", "c", 500)
                ]);
                act["remain"] = json!([{"creditor": "a", "debtor": "c", "yen": 401}]);
            }),
            "net-changed",
            "clears",
        ),
        // of another kind nothing stands
        (
            with(|act| act["clears"][0]["what"] = "receivable".into()),
            "net-changed",
            "clears",
        ),
    ] {
        assert_eq!(
            world.refused(wrong.clone()),
            (code.into(), field.into()),
            "{wrong}"
        );
    }
    // an office acts only in what it is a party of
    let others = act("net", "a", "x", "2026-07-05", all_three());
    assert_eq!(world.refused(others), ("not-a-party".into(), "clears[1]".into()));
}

#[test]
fn what_was_paid_since_cannot_be_set_off_any_more() {
    let mut world = owing();
    let paid = json!({"clears": {"what": "owed_for_others", "with_office": "b"}, "yen": 1});
    world.record(act("pay", "c", "p1", "2026-07-09", paid));
    assert_eq!(
        world.refused(of_network("n1", all_three())),
        ("net-changed".into(), "clears".into())
    );
}
