//! settle: the commission of a period, the tax of 外税 deliveries, late entries.

use crate::support::{World, act};
use domain::{account::AccountKind as K, entry::Entry};
use serde_json::{Value, json};

/// A has bentos and crafts on C's shelf, at 15 % unless other terms are given.
fn on_shelf(consign: Option<Value>) -> World {
    let mut world = World::new();
    world.record(
        json!({"kind": "product", "key": "b", "supplied_on": "2026-04-01", "office": "a", "code": "bento",
        "name": "弁当", "unit": {"name": "個"}, "tax": "reduced", "allergens": {}}),
    );
    world.record(
        json!({"kind": "price", "key": "bp", "supplied_on": "2026-04-01", "office": "a", "product": "bento",
        "channel": "retail", "unit_price": "500"}),
    );
    if let Some(consign) = consign {
        world.record(terms("new", "2026-04-01", consign));
    }
    let produce = json!({"lines": [{"product": "bento", "quantity": "100", "lot": {"code": "B-1"}},
        {"product": "craft", "quantity": "100", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-05-01", produce));
    let consign =
        json!({"to": "c", "lines": [{"lot": "B-1", "quantity": "100"}, {"lot": "N-1", "quantity": "100"}]});
    world.record(act("consign", "a", "c1", "2026-05-01", consign));
    world
}

fn terms(key: &str, from: &str, consign: Value) -> Value {
    let mut agreement = json!({"kind": "agreement", "key": key, "supplied_on": from, "code": "a-c-consign",
        "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"], "terms": {}});
    agreement["terms"]["consign"] = consign;
    agreement
}

fn commission(charge: Value, more: Value) -> Value {
    let mut terms = more;
    terms["charge"] = charge;
    terms["base"] = "inclusive".into();
    terms["tax"] = "inclusive".into();
    json!({ "commission": terms })
}

fn sell(world: &mut World, key: &str, day: &str, line: Value) {
    let mut fields = json!({"lines": []});
    fields["lines"] = Value::Array(vec![line]);
    world.record(act("sell", "c", key, day, fields));
}

fn settle(office: &str, key: &str, month: &str) -> Value {
    let to = if month == "2026-06" { "30" } else { "31" };
    let fields =
        json!({"agreement": "a-c-consign", "from": format!("{month}-01"), "to": format!("{month}-{to}")});
    act("settle", office, key, "2026-07-05", fields)
}

fn charged(entry: &Entry) -> i64 {
    let paid = entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::CommissionPaid);
    paid.map(|posting| posting.yen.get()).sum()
}

#[test]
fn the_golden_consignment() {
    let golden: Value =
        serde_json::from_str(include_str!("../../../../tests/golden/consignment.json")).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let percent = case["commission_percent"].as_i64().unwrap();
        let mut world = on_shelf(Some(commission(
            json!({"percent": percent.to_string()}),
            json!({"rounding": "down"}),
        )));
        for sale in case["sales"].as_array().unwrap() {
            let item = sale["item"].as_str().unwrap();
            let line = json!({"product": format!("a/{item}"), "quantity": sale["quantity"],
                "unit_price": sale["unit_price"]});
            sell(&mut world, item, "2026-06-10", line);
        }
        assert_eq!(
            world.balance("a", K::Sales),
            -31_000,
            "gross, whatever the commission"
        );
        let entry = world.record(settle("c", "t1", "2026-06"));
        assert_eq!(charged(&entry), case["commission"].as_i64().unwrap());
        let owed = case["pay_to_producer"].as_i64().unwrap();
        assert_eq!(world.balance("a", K::ConsignmentReceivable), owed);
        assert_eq!(world.balance("c", K::ConsignmentDeposit), -owed);
        assert_eq!(world.balance("c", K::CommissionIncome), -charged(&entry));
        assert!(entry.postings.iter().any(|posting| posting.tax.percent == 10));
        assert_eq!(world.balance("a", K::Sales), -31_000);
    }
}

#[test]
fn the_commission_is_the_periods_and_not_each_sales() {
    let golden: Value =
        serde_json::from_str(include_str!("../../../../tests/golden/commission_period.json")).unwrap();
    let mut world = on_shelf(None);
    for n in 1..=9 {
        let line = json!({"lot": "B-1", "quantity": "1", "unit_price": "330"});
        sell(&mut world, &format!("s{n}"), &format!("2026-06-0{n}"), line);
    }
    // 9 × 330 = 2,970; 15 % = 445.5 → 445, by sale it would be 9 × 49 = 441
    let entry = world.record(settle("a", "t1", "2026-06"));
    assert_eq!(Some(charged(&entry)), golden["per_period"].as_i64());
    assert_eq!(charged(&entry), 445);
}

#[test]
fn returns_reversals_and_allowances_lower_the_base() {
    let mut world = on_shelf(None);
    sell(
        &mut world,
        "s1",
        "2026-06-10",
        json!({"lot": "N-1", "quantity": "5"}),
    );
    sell(
        &mut world,
        "s2",
        "2026-06-11",
        json!({"lot": "N-1", "quantity": "1"}),
    );
    let back = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "2"}]});
    world.record(act("return", "c", "r1", "2026-06-12", back));
    let off = json!({"sale": {"key": "s1"}, "reason": "きず", "lines": [
        {"category": "standard", "yen": 300, "owner": "a"}]});
    world.record(act("allowance", "c", "w1", "2026-06-12", off));
    let gone = json!({"entry": {"key": "s2"}, "reason": "まちがい"});
    world.record(act("reverse", "c", "x1", "2026-06-12", gone));
    // 5,500 − 2,200 − 300 = 3,000; 15 % = 450
    let entry = world.record(settle("c", "t1", "2026-06"));
    assert_eq!(charged(&entry), 450);
    assert_eq!(world.balance("a", K::ConsignmentReceivable), 2_550);
}

#[test]
fn a_charge_per_unit_counts_what_stayed_sold() {
    let mut world = on_shelf(Some(commission(json!({"per_unit": "10.5"}), json!({}))));
    sell(
        &mut world,
        "s1",
        "2026-06-10",
        json!({"lot": "N-1", "quantity": "5"}),
    );
    sell(
        &mut world,
        "s2",
        "2026-06-10",
        json!({"lot": "B-1", "quantity": "4"}),
    );
    let back = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "2", "to": "lost"}]});
    world.record(act("return", "c", "r1", "2026-06-12", back));
    // 7 × 10.5 = 73.5 → 73
    assert_eq!(charged(&world.record(settle("c", "t1", "2026-06"))), 73);
}

#[test]
fn a_least_commission_is_due_without_sales_but_not_after_the_end() {
    let least = commission(json!({"percent": "15"}), json!({"minimum": 1_000}));
    let mut world = on_shelf(Some(least.clone()));
    assert_eq!(charged(&world.record(settle("c", "t1", "2026-05"))), 1_000);
    let mut end = terms("end", "2026-05-20", least);
    end["until"] = "2026-05-31".into();
    world.record(end);
    assert_eq!(world.refused(settle("c", "t2", "2026-06")).0, "nothing-to-settle");
    // the run-off pays its percentage
    sell(
        &mut world,
        "s1",
        "2026-06-10",
        json!({"lot": "N-1", "quantity": "1"}),
    );
    assert_eq!(charged(&world.record(settle("c", "t2", "2026-06"))), 165);
}

#[test]
fn what_comes_late_for_a_settled_period_is_taken_by_the_next_settlement_once() {
    let mut world = on_shelf(None);
    sell(
        &mut world,
        "s1",
        "2026-05-10",
        json!({"lot": "N-1", "quantity": "2"}),
    );
    sell(
        &mut world,
        "s2",
        "2026-05-11",
        json!({"lot": "N-1", "quantity": "1"}),
    );
    assert_eq!(charged(&world.record(settle("c", "t1", "2026-05"))), 495);
    sell(
        &mut world,
        "s3",
        "2026-05-12",
        json!({"lot": "N-1", "quantity": "4"}),
    );
    let gone = json!({"entry": {"key": "s2"}, "reason": "まちがい"});
    world.record(act("reverse", "c", "x1", "2026-05-20", gone));
    // June: nothing of its own, 4 late and one taken back: 3,300 × 15 % = 495
    assert_eq!(charged(&world.record(settle("c", "t2", "2026-06"))), 495);
    // taken back and settled again it comes to the same, a correction to the same too
    let gone = json!({"entry": {"key": "t2"}, "reason": "まちがい"});
    world.record(act("reverse", "c", "x2", "2026-07-06", gone));
    assert_eq!(charged(&world.record(settle("a", "t3", "2026-06"))), 495);
    sell(
        &mut world,
        "s4",
        "2026-06-20",
        json!({"lot": "N-1", "quantity": "2"}),
    );
    let right = json!({"entry": {"key": "t3"}, "reason": "売れ残りの数えちがい", "right": {"kind": "settle",
        "agreement": "a-c-consign", "from": "2026-06-01", "to": "2026-06-30"}});
    let entry = world.record(act("correct", "a", "x3", "2026-07-06", right));
    // 495 mirrored, 825 charged
    assert_eq!(charged(&entry), 330);
    assert_eq!(world.balance("a", K::CommissionPaid), 495 + 825);
    assert_eq!(world.refused(settle("c", "t4", "2026-06")).0, "settled-already");
}

#[test]
fn a_sale_of_several_owners_goods_is_found_for_each() {
    let mut world = on_shelf(None);
    world.record(json!({"kind": "agreement", "key": "bc", "supplied_on": "2026-04-01", "code": "b-c-consign",
        "about": "consign", "producer": "b", "other": "c", "agreed": ["b", "c"],
        "terms": {"consign": {"commission": {"charge": {"percent": "20"}, "base": "inclusive", "tax": "inclusive"}}}}));
    let lot = json!({"lines": [{"product": "bento", "quantity": "5", "lot": {"code": "B-9"}}]});
    world.record(act("produce", "b", "p1", "2026-06-03", lot));
    let consign = json!({"to": "c", "lines": [{"lot": "B-9", "quantity": "5"}]});
    world.record(act("consign", "b", "c1", "2026-06-03", consign));
    let both = json!({"lines": [{"lot": "N-1", "quantity": "1"}, {"lot": "B-9", "quantity": "2"}]});
    world.record(act("sell", "c", "s1", "2026-06-10", both));
    let right = json!({"entry": {"key": "s1"}, "reason": "3個でした", "right": {"kind": "sell",
        "lines": [{"lot": "N-1", "quantity": "1"}, {"lot": "B-9", "quantity": "3"}]}});
    world.record(act("correct", "c", "x1", "2026-06-10", right));
    assert_eq!(charged(&world.record(settle("c", "t1", "2026-06"))), 165);
    let of_b = json!({"agreement": "b-c-consign", "from": "2026-06-01", "to": "2026-06-30"});
    assert_eq!(
        charged(&world.record(act("settle", "c", "t2", "2026-07-01", of_b))),
        300
    );
}

/// A supplies B at 外税 prices: two receipts of 333 and one of 1,110 at 8 %, and 500 at 10 %.
fn delivered() -> World {
    let mut world = World::new();
    world.record(json!({"kind": "agreement", "key": "ab", "supplied_on": "2026-04-01", "code": "a-b-supply",
        "about": "supply", "producer": "a", "other": "b", "agreed": ["a", "b"], "terms": {"basis": "exclusive"}}));
    let produce = json!({"lines": [{"product": "carrot", "quantity": "50", "lot": {"code": "A-1"}},
        {"product": "craft", "quantity": "50", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", produce));
    for (key, lot, price, purpose) in [
        ("1", "A-1", "333", "material"),
        ("2", "A-1", "333", "welfare"),
        ("3", "A-1", "1110", "material"),
        ("4", "N-1", "505", "supplies"),
    ] {
        let ship = json!({"to": "b", "lines": [{"lot": lot, "quantity": "1", "unit_price": price}]});
        world.record(act("ship", "a", key, "2026-06-02", ship));
        let receive = json!({"shipment": {"office": "a", "key": key}, "all": true, "purpose": purpose});
        world.record(act("receive", "b", key, "2026-06-03", receive));
    }
    world
}

fn settle_supply(office: &str, key: &str, from: &str, to: &str) -> Value {
    act(
        "settle",
        office,
        key,
        "2026-07-05",
        json!({"agreement": "a-b-supply", "from": from, "to": to}),
    )
}

#[test]
fn the_tax_of_exclusive_deliveries_comes_once_per_rate_and_is_shared_by_purpose() {
    let mut world = delivered();
    // net 333 + 333 + 1,110 = 1,776 at 8 %: 142.08 → 142 (by receipt 26 + 26 + 88 = 140); 505 at 10 %: 50.5 → 50
    let entry = world.record(settle_supply("b", "t1", "2026-06-01", "2026-06-30"));
    assert_eq!(world.balance("a", K::Sales), -(1_776 + 142 + 505 + 50));
    assert_eq!(world.balance("a", K::Receivable), 2_473);
    // of the 142: materials 1,443 / 1,776 = 115.375, welfare 333 / 1,776 = 26.625: the yen left goes to the latter
    assert_eq!(
        (world.balance("b", K::Materials), world.balance("b", K::Supplies)),
        (1_443 + 115, 555)
    );
    let food = world.sum(|account| account.kind == K::WelfareFood);
    assert_eq!(food, 333 + 27);
    assert_eq!(world.sum(|account| account.kind == K::Payable), -2_473);
    assert!(entry.unbalanced().is_empty());
    let rates: Vec<_> = (entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::Sales))
    .map(|posting| (posting.tax.percent, posting.yen.get(), posting.basis))
    .collect();
    assert_eq!(rates, [(10, -50, None), (8, -142, None)]);
    assert_eq!(
        world
            .refused(settle_supply("b", "t2", "2026-07-01", "2026-07-05"))
            .0,
        "nothing-to-settle",
        "the settlement itself is none of the next period's deliveries"
    );
}

#[test]
fn goods_given_back_take_their_tax_with_them() {
    let mut world = delivered();
    world.record(settle_supply("a", "t1", "2026-06-01", "2026-06-30"));
    let back = json!({"receipt": {"key": "3"}, "lines": [{"lot": "A-1", "quantity": "1"}]});
    world.record(act("return", "b", "r1", "2026-07-02", back));
    world.record(settle_supply("a", "t2", "2026-07-01", "2026-07-05"));
    // −1,110 × 8 % = −88.8 → −88
    assert_eq!(world.balance("a", K::Sales), -(2_473 - 1_110 - 88));
    assert_eq!(world.balance("b", K::Materials), 1_558 - 1_110 - 88);
}

#[test]
fn refusals_name_the_field() {
    let mut world = on_shelf(None);
    sell(
        &mut world,
        "s1",
        "2026-06-10",
        json!({"lot": "N-1", "quantity": "1"}),
    );
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let mut refused = |office: &str, agreement: &str, from: &str, to: &str| {
        let fields = json!({"agreement": agreement, "from": from, "to": to});
        world.refused(act("settle", office, "x", "2026-07-05", fields))
    };
    let ours = "a-c-consign";
    assert_eq!(
        refused("c", "zz", "2026-06-01", "2026-06-30"),
        named("agreement-unknown", "agreement")
    );
    assert_eq!(
        refused("b", ours, "2026-06-01", "2026-06-30"),
        named("not-a-party", "agreement")
    );
    assert_eq!(
        refused("c", ours, "2026-06-30", "2026-06-29"),
        named("period-ends-before-start", "to")
    );
    assert_eq!(
        refused("c", ours, "2026-07-01", "2026-07-06"),
        named("period-not-over", "to")
    );
    assert_eq!(
        refused("c", ours, "2026-05-01", "2026-05-31"),
        named("nothing-to-settle", "")
    );
    world.record(settle("keeper", "t1", "2026-06"));
    let overlapping = json!({"agreement": ours, "from": "2026-06-30", "to": "2026-07-05"});
    assert_eq!(
        world.refused(act("settle", "a", "x", "2026-07-05", overlapping)),
        named("settled-already", "from")
    );
}
