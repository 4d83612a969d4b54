//! pay 支払・入金. Figures by hand.

use crate::support::{World, act};
use domain::{account::AccountKind as K, entry::ReferenceRole};
use serde_json::{Value, json};

fn pay(office: &str, key: &str, fields: Value) -> Value {
    act("pay", office, key, "2026-07-05", fields)
}

/// A sold carrots to B for 1,800, owes たね屋 5,500 and is owed 33,000 by the city.
fn owing() -> World {
    let mut world = World::new();
    let day = "2026-06-02";
    world.record(act(
        "produce",
        "a",
        "p1",
        day,
        json!({"lines": [{"product": "carrot", "quantity": "12", "lot": {"code": "A-1"}}]}),
    ));
    world.record(act(
        "ship",
        "a",
        "s1",
        day,
        json!({"to": "b", "lines": [{"lot": "A-1", "quantity": "12"}]}),
    ));
    world.record(act(
        "receive",
        "b",
        "r1",
        day,
        json!({"shipment": {"office": "a", "key": "s1"}, "all": true}),
    ));
    world.record(act(
        "spend",
        "a",
        "e1",
        day,
        json!({"item": "supplies", "yen": 5_500, "paid": {"by": "on_account", "partner": "tane"}}),
    ));
    world.record(act(
        "earn",
        "a",
        "k1",
        day,
        json!({"partner": "city", "lines": [{"yen": 33_000}]}),
    ));
    world
}

#[test]
fn a_supplier_is_paid_by_transfer_and_the_payer_bears_the_fee() {
    let mut world = owing();
    let entry = world.record(pay(
        "a",
        "z1",
        json!({"clears": {"what": "payable", "partner": "tane"}, "yen": 5_500,
            "fee": {"yen": 330, "bearer": "payer"}}),
    ));
    assert_eq!(world.balance("a", K::Payable), 0);
    assert_eq!(
        (world.balance("a", K::BankFee), world.balance("a", K::Bank)),
        (330, -5_830)
    );
    let fee = entry
        .postings
        .iter()
        .find(|posting| posting.account.kind == K::BankFee)
        .unwrap();
    assert_eq!(fee.tax.percent, 10);
}

#[test]
fn a_supplier_who_bears_the_fee_gets_less_and_our_debt_is_cleared_all_the_same() {
    let mut world = owing();
    world.record(pay(
        "a",
        "z1",
        json!({"clears": {"what": "payable", "partner": "tane"}, "yen": 5_500, "from": {"by": "cash"},
            "fee": {"yen": 330, "bearer": "payee"}}),
    ));
    assert_eq!(
        (
            world.balance("a", K::Payable),
            world.balance("a", K::BankFee),
            world.balance("a", K::Cash)
        ),
        (0, 0, -5_500)
    );
}

#[test]
fn the_city_pays_less_the_fee_that_we_bear() {
    let mut world = owing();
    world.record(pay(
        "a",
        "z1",
        json!({"clears": {"what": "receivable", "partner": "city"}, "yen": 33_000,
            "fee": {"yen": 440, "bearer": "payee"}}),
    ));
    let city = world.partner("a", "city");
    assert_eq!(world.sum(|account| account.party == Some(city)), 0);
    assert_eq!(
        (world.balance("a", K::Bank), world.balance("a", K::BankFee)),
        (32_560, 440)
    );
}

#[test]
fn between_offices_both_sides_are_cleared_in_one_entry_whoever_records_it() {
    let pays =
        json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 1_800, "into": {"by": "cash"}});
    let is_paid =
        json!({"clears": {"what": "receivable", "with_office": "b"}, "yen": 1_800, "into": {"by": "cash"}});
    for (office, fields) in [("b", pays), ("a", is_paid)] {
        let mut world = owing();
        assert_eq!(
            (world.balance("b", K::Payable), world.balance("b", K::Bank)),
            (-1_800, 0)
        );
        let mut fields = fields;
        fields["fee"] = json!({"yen": 110, "bearer": "payer"});
        let entry = world.record(pay(office, "z1", fields));
        assert_eq!(
            (
                world.balance("b", K::Payable),
                world.balance("b", K::Bank),
                world.balance("b", K::BankFee)
            ),
            (0, -1_910, 110)
        );
        let b = world.office("b");
        assert_eq!(world.sum(|account| account.party == Some(b.into())), 0);
        assert_eq!(
            (world.balance("a", K::Cash), world.balance("a", K::BankFee)),
            (1_800, 0)
        );
        assert_eq!(entry.offices.len(), 2);
    }
    // the payee bears the fee: the payer's bank loses what it owed, the payee's gains less
    let mut world = owing();
    world.record(pay(
        "b",
        "z1",
        json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 1_800,
            "fee": {"yen": 110, "bearer": "payee"}}),
    ));
    assert_eq!(world.balance("b", K::Bank), -1_800);
    assert_eq!(
        (world.balance("a", K::Bank), world.balance("a", K::BankFee)),
        (1_690, 110)
    );
}

#[test]
fn more_than_is_owed_turns_the_sign_and_reversing_turns_it_back() {
    let mut world = owing();
    world.record(pay(
        "b",
        "z1",
        json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 2_000}),
    ));
    assert_eq!(world.balance("b", K::Payable), 200);
    world.record(act(
        "reverse",
        "b",
        "x1",
        "2026-07-06",
        json!({"entry": {"key": "z1"}, "reason": "二重"}),
    ));
    assert_eq!(
        (
            world.balance("b", K::Payable),
            world.balance("b", K::Bank),
            world.balance("a", K::Bank)
        ),
        (-1_800, 0, 0)
    );
}

#[test]
fn the_shop_hands_over_what_it_sold_for_the_producer() {
    let mut world = World::new();
    let entry = world.record(pay(
        "c",
        "z1",
        json!({"clears": {"what": "consignment_deposit", "with_office": "a"}, "yen": 26_350}),
    ));
    assert_eq!(
        (
            world.balance("c", K::ConsignmentDeposit),
            world.balance("c", K::Bank)
        ),
        (26_350, -26_350)
    );
    assert_eq!(
        (
            world.balance("a", K::Bank),
            world.balance("a", K::ConsignmentReceivable)
        ),
        (26_350, -26_350)
    );
    assert_eq!(entry.postings.len(), 4);
    // what another office paid for us
    world.record(act(
        "spend",
        "c",
        "e1",
        "2026-07-01",
        json!({"item": "rent", "yen": 500, "paid_by_office": "b"}),
    ));
    world.record(pay(
        "b",
        "z2",
        json!({"clears": {"what": "paid_for_others", "with_office": "c"}, "yen": 500, "from": {"by": "cash"}}),
    ));
    assert_eq!(
        (
            world.balance("b", K::PaidForOthers),
            world.balance("c", K::OwedForOthers),
            world.balance("c", K::Cash)
        ),
        (0, 0, -500)
    );
}

#[test]
fn a_card_company_pays_out_less_its_fee() {
    let mut world = World::new();
    world.record(act(
        "partner",
        "a",
        "card",
        "2026-04-01",
        json!({"code": "card", "name": "カード会社", "partner_kind": "card_company"}),
    ));
    world.record(act(
        "earn",
        "a",
        "k1",
        "2026-07-01",
        json!({"paid": {"by": "cashless", "partner": "card"}, "lines": [{"yen": 10_000}]}),
    ));
    let entry = world.record(pay(
        "a",
        "z1",
        json!({"clears": {"what": "cashless", "partner": "card"}, "yen": 10_000,
            "fee": {"yen": 325, "bearer": "payee", "category": "non_taxable"}}),
    ));
    assert_eq!(
        (
            world.balance("a", K::Bank),
            world.balance("a", K::CommissionPaid),
            world.balance("a", K::CashlessReceivable)
        ),
        (9_675, 325, 0)
    );
    assert!(entry.postings.iter().all(|posting| posting.tax.percent == 0));
}

#[test]
fn wages_are_paid_up_to_what_is_owed_on_the_day_and_now() {
    let mut world = World::new();
    let wages = |key: &str, yen: i64, day: &str| {
        act(
            "pay",
            "a",
            key,
            day,
            json!({"clears": {"what": "unpaid_wages"}, "yen": yen, "from": {"by": "cash"}}),
        )
    };
    world.record(act(
        "record_wages",
        "a",
        "w1",
        "2026-06-30",
        json!({"month": "2026-06", "amounts": [{"service": "b_type", "yen": 400_000}],
            "attendance": [{"service": "b_type", "person_days": 292, "open_days": 20}]}),
    ));
    let too_much = world.try_record(&wages("z0", 400_001, "2026-07-05")).unwrap_err();
    assert_eq!(
        (too_much.code(), too_much.field.as_str()),
        ("more-than-owed", "yen")
    );
    assert!(too_much.sentence().contains("400000"), "{too_much}");
    // before the month's end nothing was owed yet
    assert_eq!(world.refused(wages("z0", 1, "2026-06-29")).0, "more-than-owed");
    world.record(wages("z1", 399_000, "2026-07-05"));
    // dated before that payment, but already spent since
    assert_eq!(
        world.refused(wages("z2", 1_001, "2026-07-01")).0,
        "more-than-owed"
    );
    world.record(wages("z2", 1_000, "2026-07-01"));
    assert_eq!(world.balance("a", K::UnpaidWages), 0);
    // a correction is measured without what it puts right
    let right = |key: &str, yen: i64| {
        act(
            "correct",
            "a",
            key,
            "2026-07-06",
            json!({"entry": {"key": "z1"}, "reason": "数えまちがい",
                "right": {"kind": "pay", "clears": {"what": "unpaid_wages"}, "yen": yen}}),
        )
    };
    assert_eq!(
        world.refused(right("c1", 399_001)),
        ("more-than-owed".into(), "right.yen".into())
    );
    world.record(right("c1", 398_000));
    assert_eq!(world.balance("a", K::UnpaidWages), -1_000);
}

#[test]
fn a_payment_is_refused_at_the_field_that_is_wrong() {
    let mut world = owing();
    let tane = json!({"what": "payable", "partner": "tane"});
    for (fields, code, field) in [
        (json!({"clears": tane, "yen": 0}), "amount-not-positive", "yen"),
        (
            json!({"clears": tane, "yen": 5, "into": {"by": "bank"}}),
            "malformed",
            "into",
        ),
        (
            json!({"clears": tane, "yen": 5, "from": {"by": "bank", "place": "attic"}}),
            "cash-place-unknown",
            "from.place",
        ),
        (
            json!({"clears": tane, "yen": 5, "fee": {"yen": 0, "bearer": "payer"}}),
            "amount-not-positive",
            "fee.yen",
        ),
        (
            json!({"clears": tane, "yen": 5, "fee": {"yen": 6, "bearer": "payee"}}),
            "amount-too-large",
            "fee.yen",
        ),
        (
            json!({"clears": {"what": "payable"}, "yen": 5}),
            "malformed",
            "clears.partner",
        ),
        (
            json!({"clears": {"what": "payable", "partner": "tane", "with_office": "b"}, "yen": 5}),
            "malformed",
            "clears.partner",
        ),
        (
            json!({"clears": {"what": "payable", "partner": "nobody"}, "yen": 5}),
            "partner-unknown",
            "clears.partner",
        ),
        (
            json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 5}),
            "same-office",
            "clears.with_office",
        ),
        (
            json!({"clears": {"what": "cashless", "with_office": "b"}, "yen": 5}),
            "malformed",
            "clears.with_office",
        ),
        (
            json!({"clears": {"what": "unpaid_wages", "partner": "tane"}, "yen": 5}),
            "malformed",
            "clears.partner",
        ),
        (
            json!({"clears": {"what": "internal_payable", "partner": "tane"}, "yen": 5}),
            "malformed",
            "clears.partner",
        ),
        (
            json!({"clears": {"what": "internal_payable"}, "yen": 5}),
            "malformed",
            "clears.with_office",
        ),
        (
            json!({"clears": {"what": "internal_payable", "with_office": "b"}, "yen": 5}),
            "not-same-corporation",
            "clears.with_office",
        ),
        (
            json!({"clears": {"what": "payable", "with_office": "a2"}, "yen": 5}),
            "no-cash-place",
            "into",
        ),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(pay("a", "x", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
}

#[test]
fn a_payment_names_what_it_is_for() {
    let mut world = owing();
    let entry = world.record(pay(
        "a",
        "z1",
        json!({"clears": {"what": "payable", "partner": "tane"}, "yen": 6_000,
            "items": [{"entry": {"key": "e1"}, "yen": 5_500}]}),
    ));
    let cleared: Vec<_> = entry
        .references
        .iter()
        .filter(|reference| reference.role == ReferenceRole::Cleared)
        .collect();
    assert_eq!(cleared.len(), 1);
    // of a receipt the buyer names its own entry, the seller that of the buyer
    let of_b = json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 800, "into": {"by": "cash"},
        "items": [{"entry": {"key": "r1"}, "yen": 800}]});
    let of_a = json!({"clears": {"what": "receivable", "with_office": "b"}, "yen": 1_000, "into": {"by": "cash"},
        "items": [{"entry": {"office": "b", "key": "r1"}, "yen": 1_000}]});
    world.record(pay("b", "z2", of_b));
    world.record(pay("a", "z3", of_a));
    assert_eq!(world.balance("b", K::Payable), 0);
}

#[test]
fn what_a_payment_names_is_checked() {
    let mut world = owing();
    let named = |items: Value| json!({"clears": {"what": "payable", "partner": "tane"}, "yen": 5_500, "items": items});
    for (items, code, field) in [
        (
            json!([{"entry": {"key": "nothing"}, "yen": 5}]),
            "entry-unknown",
            "items[0].entry",
        ),
        // a claim on the city is no debt to the seed shop
        (
            json!([{"entry": {"key": "k1"}, "yen": 5}]),
            "not-this-debt",
            "items[0].entry",
        ),
        (
            json!([{"entry": {"key": "p1"}, "yen": 5}]),
            "not-this-debt",
            "items[0].entry",
        ),
        (
            json!([{"entry": {"key": "e1"}, "yen": 0}]),
            "amount-not-positive",
            "items[0].yen",
        ),
        (
            json!([{"entry": {"key": "e1"}, "yen": 6_000}]),
            "amounts-do-not-add-up",
            "items",
        ),
        (
            json!([{"entry": {"key": "e1"}, "yen": 5}, {"entry": {"key": "e1"}, "yen": 6}]),
            "cleared-twice",
            "items[1].entry",
        ),
    ] {
        let shown = items.to_string();
        assert_eq!(
            world.refused(pay("a", "x", named(items))),
            (code.into(), field.into()),
            "{shown}"
        );
    }
    let mut more = named(json!([{"entry": {"key": "e1"}, "yen": 5_501}]));
    more["yen"] = 9_000.into();
    assert_eq!(
        world.refused(pay("a", "x", more)),
        ("more-than-item".into(), "items[0].yen".into())
    );
    // corrected, it comes to what its right version says; taken back, to nothing
    world.record(act("correct", "a", "e1-right", "2026-06-02", json!({"entry": {"key": "e1"}, "reason": "数え直した",
        "right": {"kind": "spend", "item": "supplies", "yen": 4_400, "paid": {"by": "on_account", "partner": "tane"}}})));
    let right = |yen: i64| named(json!([{"entry": {"key": "e1"}, "yen": yen}]));
    assert_eq!(world.refused(pay("a", "x", right(4_401))).0, "more-than-item");
    world.record(pay("a", "z1", right(4_400)));
}

#[test]
fn nothing_is_paid_ahead_where_that_is_asked() {
    let mut world = owing();
    let paid =
        |yen: i64| json!({"clears": {"what": "payable", "partner": "tane"}, "yen": yen, "not_ahead": true});
    world.record(pay("a", "z1", paid(5_500)));
    assert_eq!(
        world.refused(pay("a", "z2", paid(1))),
        ("more-than-owed".into(), "yen".into())
    );
}
