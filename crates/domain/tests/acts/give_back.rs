//! return: unsold goods, sold goods, goods received from another office.

use crate::support::{World, act};
use domain::{
    account::AccountKind as K,
    entry::Entry,
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

/// A made ten crafts (N-1) and put four on C's shelf; B has three bentos of 2 June.
fn made() -> World {
    let mut world = World::new();
    let produce = json!({"lines": [{"product": "craft", "quantity": "10", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", produce));
    let consign = json!({"to": "c", "lines": [{"lot": "N-1", "quantity": "4"}]});
    world.record(act("consign", "a", "c1", "2026-06-02", consign));
    let produce = json!({"lines": [{"product": "bento", "quantity": "3", "lot": {"code": "B-1"}}]});
    world.record(act("produce", "b", "p1", "2026-06-02", produce));
    world
}

fn sell(world: &mut World, office: &str, key: &str, fields: Value) {
    world.record(act("sell", office, key, "2026-06-03", fields));
}

fn give_back(office: &str, key: &str, fields: Value) -> Value {
    act("return", office, key, "2026-06-05", fields)
}

fn of_sale(key: &str, sale: &str, lines: Value) -> Value {
    let mut fields = json!({"sale": {"key": sale}});
    fields["lines"] = lines;
    give_back("a", key, fields)
}

fn cash(entry: &Entry) -> i64 {
    let cash = entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::Cash);
    cash.map(|posting| posting.yen.get()).sum()
}

#[test]
fn unsold_goods_come_back_from_the_shelf_without_money() {
    let mut world = made();
    let shelf = Place::shelf(world.office("a"), world.office("c"));
    let one = world.record(give_back(
        "a",
        "r1",
        json!({"holder": "c", "lines": [{"lot": "N-1", "quantity": "1"}]}),
    ));
    // the shop calls the product by its maker's name
    let two = world.record(give_back(
        "c",
        "r1",
        json!({"owner": "a", "lines": [{"product": "craft", "quantity": "2"}]}),
    ));
    assert!(one.postings.is_empty() && two.postings.is_empty());
    assert!(one.agreement.is_some() && one.offices == two.offices);
    assert_eq!((world.stock("N-1", shelf), world.stored("N-1", "a")), (1, 9));
    let more = give_back(
        "c",
        "r2",
        json!({"owner": "a", "lines": [{"lot": "N-1", "quantity": "2"}]}),
    );
    assert_eq!(
        world.refused(more),
        ("not-enough".into(), "lines[0].quantity".into())
    );
}

#[test]
fn a_sale_comes_back_at_its_own_price_and_to_the_yen() {
    let mut world = made();
    let lines = json!([{"lot": "N-1", "quantity": "3", "amount": 1_000}]);
    sell(&mut world, "a", "s1", json!({"lines": lines}));
    // a new price changes nothing: 1,000 / 3 is given back as 333, 333, 334
    world.record(
        json!({"kind": "price", "key": "up", "office": "a", "supplied_on": "2026-06-04", "product": "craft",
        "channel": "retail", "unit_price": "1500"}),
    );
    for (key, to, yen) in [("r1", "store", -333), ("r2", "lost", -333), ("r3", "store", -334)] {
        let entry = world.record(of_sale(
            key,
            "s1",
            json!([{"lot": "N-1", "quantity": "1", "to": to}]),
        ));
        assert_eq!(cash(&entry), yen, "{key}");
    }
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("a", K::Cash)),
        (0, 0)
    );
    assert_eq!(world.stored("N-1", "a"), 5);
    assert_eq!(
        world.stock("N-1", Place::own(PlaceKind::Lost, world.office("a"))),
        1
    );
    assert_eq!(
        world.refused(of_sale("r4", "s1", json!([{"lot": "N-1", "quantity": "1"}]))),
        ("more-than-original".into(), "lines[0].quantity".into())
    );
}

#[test]
fn the_rate_is_the_originals_also_when_another_holds_now() {
    let mut world = made();
    sell(
        &mut world,
        "b",
        "s1",
        json!({"lines": [{"lot": "B-1", "quantity": "2"}]}),
    );
    world.record(
        json!({"kind": "rate", "key": "rate-1", "supplied_on": "2026-06-04", "category": "reduced",
        "percent": 1, "status": "enacted", "source": "試験"}),
    );
    let back = json!({"sale": {"key": "s1"}, "lines": [{"product": "bento", "quantity": "2"}]});
    let entry = world.record(give_back("b", "r1", back));
    let sales = entry
        .postings
        .iter()
        .find(|posting| posting.account.kind == K::Sales)
        .unwrap();
    assert_eq!((sales.yen.get(), sales.tax.percent), (1_000, 8));
}

#[test]
fn on_commission_the_return_mirrors_both_sides() {
    let mut world = made();
    sell(
        &mut world,
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "3"}]}),
    );
    let back = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "2"}]});
    let entry = world.record(give_back("c", "r1", back));
    let shelf = Place::shelf(world.office("a"), world.office("c"));
    assert_eq!(world.stock("N-1", shelf), 3);
    assert_eq!(
        (
            world.balance("c", K::Cash),
            world.balance("c", K::ConsignmentDeposit)
        ),
        (1_100, -1_100)
    );
    assert_eq!(
        (
            world.balance("a", K::ConsignmentReceivable),
            world.balance("a", K::Sales)
        ),
        (1_100, -1_100)
    );
    assert!(entry.agreement.is_some(), "the settlement finds it");
}

#[test]
fn bought_on_sale_the_goods_go_back_to_the_owners_shelf_at_the_cost_price() {
    let mut world = made();
    world.record(
        json!({"kind": "agreement", "key": "buy", "supplied_on": "2026-06-01", "code": "a-c-consign",
        "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": {"consign": {"buy_on_sale": {"percent_of_retail": "65"}}}}),
    );
    sell(
        &mut world,
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "3", "amount": 3_001}]}),
    );
    let back = |key: &str| {
        let fields = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "1"}]});
        give_back("c", key, fields)
    };
    world.record(back("r1"));
    // of 3,001 and 1,950: a third is 1,000 (floor of 1,000.33) and 650
    assert_eq!(
        (world.balance("c", K::Sales), world.balance("c", K::Merchandise)),
        (-2_001, 1_300)
    );
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("c", K::Payable)),
        (-1_300, -1_300)
    );
    world.record(back("r2"));
    world.record(back("r3"));
    for kind in [K::Sales, K::Merchandise, K::Payable, K::Cash] {
        assert_eq!(world.balance("c", kind), 0, "{kind:?}");
    }
    assert_eq!(world.balance("a", K::Receivable), 0);
    assert_eq!(
        world.stock("N-1", Place::shelf(world.office("a"), world.office("c"))),
        4
    );
}

#[test]
fn the_same_lot_in_two_lines_comes_back_in_their_order() {
    let mut world = made();
    let lines =
        json!([{"lot": "N-1", "quantity": "1"}, {"lot": "N-1", "quantity": "2", "unit_price": "500"}]);
    sell(&mut world, "a", "s1", json!({"lines": lines}));
    let entry = world.record(of_sale("r1", "s1", json!([{"lot": "N-1", "quantity": "2"}])));
    assert_eq!(cash(&entry), -1_600);
    let entry = world.record(of_sale(
        "r2",
        "s1",
        json!([{"product": "craft", "quantity": "1"}]),
    ));
    assert_eq!(cash(&entry), -500);
}

#[test]
fn a_return_may_be_put_right_and_taken_back() {
    let mut world = made();
    sell(
        &mut world,
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "3"}]}),
    );
    world.record(of_sale("r1", "s1", json!([{"lot": "N-1", "quantity": "3"}])));
    let right = json!({"entry": {"key": "r1"}, "reason": "1個でした", "right": {"kind": "return",
        "sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "1"}]}});
    world.record(act("correct", "a", "x1", "2026-06-06", right));
    assert_eq!(
        (world.balance("a", K::Sales), world.stored("N-1", "a")),
        (-2_200, 4)
    );
    // two are left of the sale, and the sale itself may not go while something came back of it
    assert_eq!(
        world
            .refused(of_sale("r2", "s1", json!([{"lot": "N-1", "quantity": "3"}])))
            .0,
        "more-than-original"
    );
    let take_back = |key: &str, of: &str| {
        act(
            "reverse",
            "a",
            key,
            "2026-06-06",
            json!({"entry": {"key": of}, "reason": "まちがい"}),
        )
    };
    let refusal = world.try_record(&take_back("x2", "s1")).unwrap_err();
    assert_eq!(refusal.code(), "must-go-first");
    assert!(refusal.sentence().contains("x1"), "{refusal}");
    world.record(take_back("x3", "x1"));
    world.record(take_back("x4", "s1"));
    assert_eq!((world.balance("a", K::Sales), world.stored("N-1", "a")), (0, 6));
    assert_eq!(
        world
            .refused(of_sale("r3", "s1", json!([{"lot": "N-1", "quantity": "1"}])))
            .0,
        "reversed-already"
    );
}

#[test]
fn a_corrected_sale_comes_back_as_it_was_put_right() {
    let mut world = made();
    sell(
        &mut world,
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "3"}]}),
    );
    let right = json!({"entry": {"key": "s1"}, "reason": "値段", "right": {"kind": "sell",
        "lines": [{"lot": "N-1", "quantity": "3", "unit_price": "900"}]}});
    world.record(act("correct", "a", "x1", "2026-06-04", right));
    let entry = world.record(of_sale("r1", "s1", json!([{"lot": "N-1", "quantity": "1"}])));
    assert_eq!(cash(&entry), -900);
    let entry = world.record(of_sale("r2", "x1", json!([{"lot": "N-1", "quantity": "2"}])));
    assert_eq!(cash(&entry), -1_800);
}

#[test]
fn without_a_known_sale_date_and_price_are_stated() {
    let mut world = made();
    sell(
        &mut world,
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "2"}]}),
    );
    sell(
        &mut world,
        "b",
        "s1",
        json!({"lines": [{"lot": "B-1", "quantity": "1", "mode": "eat_in"}]}),
    );
    let unknown = |office: &str, key: &str, unknown: Value, line: Value| {
        give_back(office, key, json!({"original_unknown": unknown, "lines": [line]}))
    };
    let eaten = json!({"supplied_on": "2026-06-03", "unit_price": "480", "mode": "eat_in"});
    let entry = world.record(unknown(
        "b",
        "r1",
        eaten,
        json!({"product": "bento", "quantity": "1", "to": "lost"}),
    ));
    assert_eq!(cash(&entry), -480);
    assert!(
        entry
            .postings
            .iter()
            .any(|posting| (posting.tax.percent, posting.yen.get()) == (10, 480))
    );
    let consigned = json!({"supplied_on": "2026-06-03", "unit_price": "1100", "owner": "a"});
    world.record(unknown(
        "c",
        "r1",
        consigned.clone(),
        json!({"lot": "N-1", "quantity": "1"}),
    ));
    assert_eq!(world.balance("a", K::ConsignmentReceivable), 1_100);
    let refused =
        |world: &mut World, stated: Value, line: Value| world.refused(unknown("c", "x", stated, line));
    assert_eq!(
        refused(
            &mut world,
            consigned.clone(),
            json!({"lot": "B-1", "quantity": "1"})
        ),
        ("never-sold".into(), "lines[0].lot".into())
    );
    let later = json!({"supplied_on": "2026-06-06", "unit_price": "1100", "owner": "a"});
    assert_eq!(
        refused(&mut world, later, json!({"lot": "N-1", "quantity": "1"})),
        (
            "date-before-original".into(),
            "original_unknown.supplied_on".into()
        )
    );
    let of_b = json!({"supplied_on": "2026-06-03", "unit_price": "1", "owner": "b"});
    assert_eq!(
        refused(&mut world, of_b, json!({"lot": "N-1", "quantity": "1"})),
        ("agreement-missing".into(), "original_unknown.owner".into())
    );
}

/// B received four crafts at 1,000 of which one was missing at its cost, and two carrots kg at 150.
fn received() -> World {
    let mut world = made();
    let produce = json!({"lines": [{"product": "carrot", "quantity": "9", "lot": {"code": "A-1"}}]});
    world.record(act("produce", "a", "p2", "2026-06-01", produce));
    let ship = json!({"to": "b", "lines": [{"lot": "N-1", "quantity": "4", "unit_price": "1000"},
        {"lot": "A-1", "quantity": "2"}]});
    world.record(act("ship", "a", "h1", "2026-06-02", ship));
    let receive = json!({"shipment": {"office": "a", "key": "h1"}, "lines": [
        {"lot": "N-1", "accepted": "3", "missing": "1", "bearer": "other", "purpose": "supplies"},
        {"lot": "A-1", "accepted": "2"}]});
    world.record(act("receive", "b", "v1", "2026-06-03", receive));
    world
}

#[test]
fn received_goods_go_back_with_the_money_in_both_books() {
    let mut world = received();
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("b", K::Supplies)),
        (-4_300, 4_000)
    );
    // a new supply price changes nothing
    world.record(
        json!({"kind": "price", "key": "up", "office": "a", "supplied_on": "2026-06-04", "product": "carrot",
        "channel": "supply", "unit_price": "200"}),
    );
    let back = json!({"receipt": {"key": "v1"}, "lines": [{"lot": "N-1", "quantity": "2"},
        {"lot": "A-1", "quantity": "0.5"}]});
    let entry = world.record(give_back("b", "r1", back));
    assert_eq!((world.stored("N-1", "b"), world.stored("A-1", "b")), (1, 1_500));
    assert_eq!(
        (world.balance("b", K::Supplies), world.balance("b", K::Materials)),
        (2_000, 225)
    );
    assert_eq!(
        (world.balance("a", K::Receivable), world.balance("b", K::Payable)),
        (2_225, -2_225)
    );
    let rates: Vec<_> = (entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::Sales))
    .map(|posting| (posting.tax.percent, posting.yen.get()))
    .collect();
    assert_eq!(rates, [(8, 75), (10, 2_000)]);
    // three were received, two are back; the missing one was never there
    let more = |quantity: &str| {
        give_back(
            "b",
            "r2",
            json!({"receipt": {"key": "v1"}, "lines": [{"lot": "N-1", "quantity": quantity}]}),
        )
    };
    assert_eq!(
        world.refused(more("2")),
        ("more-than-original".into(), "lines[0].quantity".into())
    );
    let reverse = json!({"entry": {"key": "v1"}, "reason": "まちがい"});
    assert_eq!(
        world.refused(act("reverse", "b", "x1", "2026-06-06", reverse)).0,
        "must-go-first"
    );
    world.record(more("1"));
    assert_eq!(
        world.balance("b", K::Supplies),
        1_000,
        "the missing one stays charged"
    );
}

#[test]
fn within_one_corporation_the_internal_debt_goes_back() {
    let mut world = received();
    let ship = json!({"to": "a2", "lines": [{"lot": "A-1", "quantity": "5"}]});
    world.record(act("ship", "a", "h2", "2026-06-02", ship));
    let receive = json!({"shipment": {"office": "a", "key": "h2"}, "all": true});
    world.record(act("receive", "a2", "v1", "2026-06-03", receive));
    let back = json!({"receipt": {"key": "v1"}, "lines": [{"lot": "A-1", "quantity": "2"}]});
    world.record(give_back("a2", "r1", back));
    assert_eq!(
        (
            world.balance("a", K::Internal),
            world.balance("a2", K::InternalExpense)
        ),
        (300, 300)
    );
}

#[test]
fn refusals_name_the_field() {
    let mut world = received();
    sell(
        &mut world,
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}]}),
    );
    let line = json!([{"lot": "N-1", "quantity": "1"}]);
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    let mut refused = |office: &str, fields: Value| {
        let mut fields = fields;
        if fields["lines"].is_null() {
            fields["lines"] = line.clone();
        }
        world.refused(give_back(office, "x", fields))
    };
    assert_eq!(refused("a", json!({})), named("malformed", ""));
    assert_eq!(
        refused("a", json!({"holder": "c", "owner": "c"})),
        named("malformed", "")
    );
    assert_eq!(
        refused("a", json!({"sale": {"key": "s9"}})),
        named("entry-unknown", "sale")
    );
    assert_eq!(
        refused("a", json!({"sale": {"key": "c1"}})),
        named("wrong-kind-of-entry", "sale")
    );
    assert_eq!(
        refused("b", json!({"sale": {"office": "a", "key": "s1"}})),
        named("not-a-party", "sale")
    );
    assert_eq!(
        refused("a", json!({"receipt": {"office": "b", "key": "v1"}})),
        named("not-a-party", "receipt")
    );
    assert_eq!(
        refused("a", json!({"holder": "a"})),
        named("same-office", "holder")
    );
    assert_eq!(
        refused(
            "a",
            json!({"holder": "c", "lines": [{"lot": "N-1", "quantity": "1", "to": "lost"}]})
        ),
        named("malformed", "lines[0].to")
    );
    assert_eq!(
        refused("a", json!({"holder": "c", "paid": {"by": "cash"}})),
        named("malformed", "paid")
    );
    assert_eq!(
        refused(
            "a",
            json!({"sale": {"key": "s1"}, "lines": [{"lot": "A-1", "quantity": "1"}]})
        ),
        named("more-than-original", "lines[0].quantity")
    );
    assert_eq!(
        refused(
            "a",
            json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "0"}]})
        ),
        named("quantity-wrong", "lines[0].quantity")
    );
    let early = json!({"sale": {"key": "s1"}, "lines": line});
    let early = act("return", "a", "x", "2026-06-02", early);
    assert_eq!(world.refused(early), named("date-before-original", "supplied_on"));
}

#[test]
fn a_sale_that_no_longer_prices_as_it_was_posted_needs_its_price_stated() {
    let mut world = made();
    sell(
        &mut world,
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}]}),
    );
    world.record(
        json!({"kind": "price", "key": "late", "office": "a", "supplied_on": "2026-06-02", "product": "craft",
        "channel": "retail", "unit_price": "1200"}),
    );
    assert_eq!(
        world.refused(of_sale("r1", "s1", json!([{"lot": "N-1", "quantity": "1"}]))),
        ("amounts-do-not-add-up".into(), "sale".into())
    );
    let stated = json!({"original_unknown": {"supplied_on": "2026-06-03", "unit_price": "1100"},
        "lines": [{"lot": "N-1", "quantity": "1"}]});
    world.record(give_back("a", "r2", stated));
    assert_eq!(world.balance("a", K::Sales), 0);
}
