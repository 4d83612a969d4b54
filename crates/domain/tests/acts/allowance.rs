//! allowance: money off a receipt or a sale, on both sides at the original's rate.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::{Value, json};

/// B received carrots for 1,500 (materials 8 %) and 750 (welfare 8 %), and two crafts at 1,000 (supplies 10 %); A and
/// its shop C each sold a craft.
fn traded() -> World {
    let mut world = World::new();
    let produce = json!({"lines": [{"product": "carrot", "quantity": "50", "lot": {"code": "A-1"}},
        {"product": "carrot", "quantity": "50", "lot": {"code": "A-2"}},
        {"product": "craft", "quantity": "50", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", produce));
    let ship = json!({"to": "b", "lines": [{"lot": "A-1", "quantity": "10"}, {"lot": "A-2", "quantity": "5"},
        {"lot": "N-1", "quantity": "2", "unit_price": "1000"}]});
    world.record(act("ship", "a", "h1", "2026-06-02", ship));
    let receive = json!({"shipment": {"office": "a", "key": "h1"}, "lines": [{"lot": "A-1", "accepted": "10"},
        {"lot": "A-2", "accepted": "5", "purpose": "welfare"},
        {"lot": "N-1", "accepted": "2", "purpose": "supplies"}]});
    world.record(act("receive", "b", "v1", "2026-06-03", receive));
    let sell = json!({"lines": [{"lot": "N-1", "quantity": "1"}]});
    world.record(act("sell", "a", "s1", "2026-06-03", sell.clone()));
    world.record(act("sell", "c", "s1", "2026-06-03", sell));
    world
}

fn allow(office: &str, key: &str, fields: Value) -> Value {
    let mut fields = fields;
    fields["reason"] = "きずがありました".into();
    act("allowance", office, key, "2026-06-05", fields)
}

#[test]
fn off_a_receipt_both_books_lose_it_at_the_originals_rate() {
    let mut world = traded();
    let entry = world.record(allow(
        "a",
        "w1",
        json!({"receipt": {"office": "b", "key": "v1"}, "lines": [{"category": "reduced", "yen": 100}]}),
    ));
    assert!(entry.movements.is_empty());
    // of the 100: materials 1,500 / 2,250 = 66.67 → 67, welfare 33
    assert_eq!(world.balance("b", K::Materials), 1_500 - 67);
    assert_eq!(world.sum(|account| account.kind == K::WelfareFood), 750 - 33);
    assert_eq!(world.balance("a", K::Receivable), 4_250 - 100);
    assert_eq!(world.sum(|account| account.kind == K::Payable), -4_150);
    let sales: Vec<_> = (entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::Sales))
    .map(|sales| {
        (
            sales.yen.get(),
            sales.tax.percent,
            sales.work.as_ref().map(AsRef::as_ref),
        )
    })
    .collect();
    assert_eq!(sales, [(67, 8, Some("farm")), (33, 8, Some("farm"))]);
    // the buyer may record it too, and several rates at once
    let both = json!([{"category": "reduced", "yen": 50}, {"category": "standard", "yen": 20}]);
    let mut fields = json!({"receipt": {"key": "v1"}});
    fields["lines"] = both;
    world.record(allow("b", "w1", fields));
    assert_eq!(world.balance("b", K::Supplies), 1_980);
    assert_eq!(world.balance("a", K::Receivable), 4_080);
}

#[test]
fn off_a_sale_the_customer_gets_it_as_it_was_paid() {
    let mut world = traded();
    let own = json!({"sale": {"key": "s1"}, "lines": [{"category": "standard", "yen": 100}]});
    world.record(allow("a", "w1", own));
    assert_eq!(world.balance("a", K::Cash), 1_000);
    assert_eq!(world.balance("a", K::Sales), -(4_250 + 1_100 + 1_100) + 100);
    let bank = json!({"sale": {"key": "s1"}, "paid": {"by": "bank"}, "lines": [
        {"category": "standard", "yen": 200, "owner": "a"}]});
    let entry = world.record(allow("c", "w1", bank));
    assert_eq!(
        (world.balance("c", K::Cash), world.balance("c", K::Bank)),
        (1_100, -200)
    );
    assert_eq!(
        (
            world.balance("c", K::ConsignmentDeposit),
            world.balance("a", K::ConsignmentReceivable)
        ),
        (-900, 900)
    );
    assert!(entry.agreement.is_some());
}

#[test]
fn never_more_than_the_original_at_that_rate_with_what_came_back_before() {
    let mut world = traded();
    let off = |key: &str, category: &str, yen: i64| {
        let fields = json!({"receipt": {"key": "v1"}, "lines": [{"category": category, "yen": yen}]});
        allow("b", key, fields)
    };
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let too_much = named("more-than-original-amount", "lines[0].yen");
    assert_eq!(world.refused(off("w1", "reduced", 2_251)), too_much);
    assert_eq!(world.refused(off("w1", "non_taxable", 1)), too_much);
    world.record(off("w1", "reduced", 2_000));
    assert_eq!(world.refused(off("w2", "reduced", 251)), too_much);
    // crafts: one of two went back, 1,000 are left
    let back = json!({"receipt": {"key": "v1"}, "lines": [{"lot": "N-1", "quantity": "1"}]});
    world.record(act("return", "b", "r1", "2026-06-04", back));
    assert_eq!(world.refused(off("w2", "standard", 1_001)), too_much);
    world.record(off("w2", "standard", 1));
    // and no more goes back than is left after the allowance
    let back = json!({"receipt": {"key": "v1"}, "lines": [{"lot": "N-1", "quantity": "1"}]});
    let refusal = world
        .try_record(&act("return", "b", "r2", "2026-06-06", back))
        .unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.field.as_str()),
        ("more-than-original-amount", "lines")
    );
    assert!(
        refusal.sentence().contains("999円") && refusal.sentence().contains("1000円"),
        "{refusal}"
    );
    // put right, the allowance counts only as it now stands
    let right = json!({"entry": {"key": "w1"}, "reason": "半分でした", "right": {"kind": "allowance",
        "receipt": {"key": "v1"}, "lines": [{"category": "reduced", "yen": 2_250}]}});
    world.record(act("correct", "b", "x1", "2026-06-06", right));
    assert_eq!(world.balance("b", K::Materials), 0);
    let gone = json!({"entry": {"key": "x1"}, "reason": "まちがい"});
    world.record(act("reverse", "b", "x2", "2026-06-06", gone));
    assert_eq!(world.balance("b", K::Materials), 1_500);
}

#[test]
fn within_one_corporation_it_is_untaxed() {
    let mut world = traded();
    let ship = json!({"to": "a2", "lines": [{"lot": "A-1", "quantity": "5"}]});
    world.record(act("ship", "a", "h2", "2026-06-02", ship));
    let receive = json!({"shipment": {"office": "a", "key": "h2"}, "all": true});
    world.record(act("receive", "a2", "v1", "2026-06-03", receive));
    let off = json!({"receipt": {"key": "v1"}, "lines": [{"category": "out_of_scope", "yen": 50}]});
    world.record(allow("a2", "w1", off));
    assert_eq!(
        (
            world.balance("a", K::Internal),
            world.balance("a", K::InternalIncome)
        ),
        (450, -450)
    );
    assert_eq!(
        (
            world.balance("a2", K::InternalExpense),
            world.balance("a2", K::Internal)
        ),
        (450, -450)
    );
}

#[test]
fn refusals_name_the_field() {
    let mut world = traded();
    let line = json!([{"category": "reduced", "yen": 1}]);
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let mut refused = |office: &str, fields: Value| {
        let mut fields = fields;
        if fields["lines"].is_null() {
            fields["lines"] = line.clone();
        }
        world.refused(allow(office, "x", fields))
    };
    let receipt = json!({"office": "b", "key": "v1"});
    assert_eq!(refused("a", json!({})), named("malformed", ""));
    assert_eq!(
        refused("c", json!({"receipt": receipt})),
        named("not-a-party", "receipt")
    );
    assert_eq!(
        refused("a", json!({"receipt": {"key": "h1"}})),
        named("wrong-kind-of-entry", "receipt")
    );
    assert_eq!(
        refused("a", json!({"sale": {"office": "c", "key": "s1"}})),
        named("not-a-party", "sale")
    );
    assert_eq!(
        refused("a", json!({"receipt": receipt, "paid": {"by": "cash"}})),
        named("malformed", "paid")
    );
    assert_eq!(
        refused(
            "a",
            json!({"receipt": receipt, "lines": [{"category": "reduced", "yen": 0}]})
        ),
        named("amount-not-positive", "lines[0].yen")
    );
    assert_eq!(
        refused(
            "a",
            json!({"receipt": receipt, "lines": [
            {"category": "reduced", "yen": 1}, {"category": "reduced", "yen": 1}]})
        ),
        named("line-twice", "lines[1].category")
    );
    assert_eq!(
        refused(
            "a",
            json!({"receipt": receipt, "lines": [{"category": "reduced", "yen": 1, "owner": "a"}]})
        ),
        named("malformed", "lines[0].owner")
    );
    let mut silent = allow("a", "x", json!({"receipt": receipt, "lines": line}));
    silent.as_object_mut().unwrap().remove("reason");
    assert_eq!(world.refused(silent), named("reason-missing", "reason"));
}
