//! sell: own goods and consigned ones, 手数料型 and 消化仕入型, ahead of the count.

use crate::support::{World, act};
use domain::{
    account::{Account, AccountKind as K, BookUnit},
    entry::Entry,
    place::{Place, PlaceKind},
    tax::PriceBasis,
};
use serde_json::{Value, json};

/// A made ten crafts and 20 kg of carrots, and put four crafts on C's shelf.
fn made() -> World {
    let mut world = World::new();
    let produce = json!({"lines": [
        {"product": "craft", "quantity": "10", "lot": {"code": "N-1"}},
        {"product": "carrot", "quantity": "20", "lot": {"code": "A-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", produce));
    let consign = json!({"to": "c", "lines": [{"lot": "N-1", "quantity": "4"}]});
    world.record(act("consign", "a", "c1", "2026-06-02", consign));
    world
}

fn sell(office: &str, key: &str, fields: Value) -> Value {
    act("sell", office, key, "2026-06-03", fields)
}

fn sold(world: &World, lot: &str, office: &str) -> i64 {
    world.stock(lot, Place::own(PlaceKind::Sold, world.office(office)))
}

/// Sums of an entry on an office's accounts of a kind: by percent and yen.
fn posted(world: &World, entry: &Entry, office: &str, kind: K) -> Vec<(u8, i64)> {
    let unit = BookUnit::production(world.office(office));
    let of_kind = entry
        .postings
        .iter()
        .filter(|posting| (posting.account.unit, posting.account.kind) == (unit, kind));
    of_kind
        .map(|posting| (posting.tax.percent, posting.yen.get()))
        .collect()
}

#[test]
fn own_goods_are_sold_at_the_retail_price_by_rate() {
    let mut world = made();
    let entry = world.record(sell(
        "a",
        "s1",
        json!({"lines": [
            {"lot": "N-1", "quantity": "2"},
            {"product": "carrot", "quantity": "1.5"},
            {"lot": "N-1", "quantity": "1", "unit_price": "1000", "discount": 100},
            {"product": "carrot", "quantity": "0.333"}]}),
    ));
    // crafts 2 × 1,100 + 1,000 − 100 = 3,100 at 10 %; carrots 450 + 99.9 → 99 = 549 at 8 %
    assert_eq!(posted(&world, &entry, "a", K::Cash), [(0, 3_649)]);
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -3_100), (8, -549)]);
    assert_eq!((world.stored("N-1", "a"), sold(&world, "N-1", "a")), (3, 3));
    assert_eq!(world.stored("A-1", "a"), 18_167);
    let works: Vec<_> = entry
        .postings
        .iter()
        .filter_map(|posting| posting.work.as_ref())
        .map(AsRef::as_ref)
        .collect();
    assert_eq!(works, ["farm"], "the kind of work stands with the sale");
}

#[test]
fn what_was_paid_for_a_line_may_be_stated_and_the_means_says_who_owes_it() {
    let mut world = made();
    let line = json!([{"lot": "N-1", "quantity": "3", "amount": 2_980}]);
    world.record(sell(
        "a",
        "s1",
        json!({"lines": line, "paid": {"by": "on_account", "partner": "city"}}),
    ));
    let city = world.partner("a", "city");
    let unit = BookUnit::production(world.office("a"));
    assert_eq!(
        world.sum(|account| *account == Account::with(unit, K::Receivable, city)),
        2_980
    );
    assert_eq!(world.balance("a", K::Cash), 0);
    assert_eq!(world.balance("a", K::Sales), -2_980);
}

#[test]
fn the_rate_belongs_to_the_supply() {
    let mut world = World::new();
    let lot = json!({"lines": [{"product": "bento", "quantity": "5", "lot": {"code": "B-1"}}]});
    world.record(act("produce", "b", "p1", "2026-06-03", lot));
    let entry = world.record(sell(
        "b",
        "s1",
        json!({"lines": [{"lot": "B-1", "quantity": "1"}, {"lot": "B-1", "quantity": "2", "mode": "eat_in"}]}),
    ));
    assert_eq!(posted(&world, &entry, "b", K::Sales), [(10, -1_000), (8, -500)]);
}

#[test]
fn a_tax_exclusive_price_gets_its_tax_at_the_till_once_per_rate() {
    let mut world = made();
    world.record(
        json!({"kind": "price", "key": "ex", "office": "a", "supplied_on": "2026-06-01", "product": "craft",
        "channel": "retail", "unit_price": "105", "basis": "exclusive"}),
    );
    let entry = world.record(sell(
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}, {"lot": "N-1", "quantity": "1"},
            {"lot": "N-1", "quantity": "1"}]}),
    ));
    // 315 × 10 % = 31.5 → 31; per line it would have been 3 × 10
    assert_eq!(posted(&world, &entry, "a", K::Cash), [(0, 346)]);
    let sales = entry
        .postings
        .iter()
        .find(|posting| posting.account.kind == K::Sales)
        .unwrap();
    assert_eq!(
        (sales.yen.get(), sales.basis),
        (-346, Some(PriceBasis::Inclusive))
    );
}

#[test]
fn on_commission_the_shop_owes_the_gross_and_the_goods_leave_the_owner() {
    let mut world = made();
    let entry = world.record(sell(
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "owner": "a", "quantity": "3"}]}),
    ));
    let shelf = Place::shelf(world.office("a"), world.office("c"));
    assert_eq!((world.stock("N-1", shelf), sold(&world, "N-1", "a")), (1, 3));
    assert_eq!(posted(&world, &entry, "c", K::Cash), [(0, 3_300)]);
    assert_eq!(posted(&world, &entry, "c", K::ConsignmentDeposit), [(0, -3_300)]);
    assert_eq!(
        posted(&world, &entry, "a", K::ConsignmentReceivable),
        [(0, 3_300)]
    );
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -3_300)]);
    assert_eq!(world.balance("c", K::Sales), 0, "commission only when settled");
    assert!(entry.agreement.is_some());
}

#[test]
fn a_scanned_lot_or_the_makers_product_says_whose_it_is() {
    let mut world = made();
    world.record(sell(
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}]}),
    ));
    world.record(sell(
        "c",
        "s2",
        json!({"lines": [{"product": "a/craft", "quantity": "1"}]}),
    ));
    world.record(sell(
        "c",
        "s3",
        json!({"lines": [{"product": "craft", "owner": "a", "quantity": "1"}]}),
    ));
    assert_eq!(world.balance("a", K::ConsignmentReceivable), 3_300);
    // not yet placed by the book, but the maker has an agreement with the shop
    world.record(sell(
        "c",
        "s4",
        json!({"lines": [{"lot": "A-1", "quantity": "1"}]}),
    ));
    assert_eq!(
        world.stock("A-1", Place::own(PlaceKind::Found, world.office("a"))),
        -1_000
    );
    assert_eq!(world.balance("a", K::ConsignmentReceivable), 3_600);
}

#[test]
fn bought_on_sale_the_goods_pass_through_the_shop_in_one_entry() {
    let mut world = made();
    world.record(bought_on_sale(json!({"percent_of_retail": "65"}), json!({})));
    let entry = world.record(sell(
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "3", "amount": 3_001}]}),
    ));
    // 65 % of 3,001 = 1,950.65 → 1,950
    assert_eq!(entry.movements.len(), 1);
    assert_eq!((sold(&world, "N-1", "c"), sold(&world, "N-1", "a")), (3, 0));
    assert_eq!(posted(&world, &entry, "c", K::Cash), [(0, 3_001)]);
    assert_eq!(posted(&world, &entry, "c", K::Sales), [(10, -3_001)]);
    assert_eq!(posted(&world, &entry, "c", K::Merchandise), [(10, 1_950)]);
    assert_eq!(posted(&world, &entry, "c", K::Payable), [(0, -1_950)]);
    assert_eq!(posted(&world, &entry, "a", K::Receivable), [(0, 1_950)]);
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -1_950)]);
}

/// a-c-consign as 消化仕入型 from 1 June on.
fn bought_on_sale(form: Value, terms: Value) -> Value {
    let mut terms = terms;
    terms["consign"] = json!({});
    terms["consign"]["buy_on_sale"] = form;
    json!({"kind": "agreement", "key": "buy", "supplied_on": "2026-06-01", "code": "a-c-consign", "about": "consign",
        "producer": "a", "other": "c", "agreed": ["a", "c"], "terms": terms})
}

#[test]
fn without_a_percentage_the_cost_price_holds() {
    let mut world = made();
    world.record(bought_on_sale(json!({}), json!({"rounding": "half_up"})));
    let line = json!({"lines": [{"product": "a/craft", "quantity": "3"}]});
    assert_eq!(
        world.refused(sell("c", "s1", line.clone())),
        ("no-cost-price".into(), "lines[0].product".into())
    );
    world.record(
        json!({"kind": "price", "key": "cost", "office": "a", "supplied_on": "2026-06-01", "product": "craft",
        "channel": "cost", "unit_price": "700.5"}),
    );
    world.record(sell("c", "s1", line));
    // 3 × 700.5 = 2,101.5 → 2,102; the customer pays 3 × 1,100
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("c", K::Sales)),
        (-2_102, -3_300)
    );
    assert_eq!(world.balance("c", K::Payable), -2_102);
}

#[test]
fn several_owners_goods_are_sold_at_one_till() {
    let mut world = made();
    world.record(json!({"kind": "agreement", "key": "bc", "supplied_on": "2026-04-01", "code": "b-c-consign",
        "about": "consign", "producer": "b", "other": "c", "agreed": ["b", "c"],
        "terms": {"consign": {"commission": {"charge": {"percent": "20"}, "base": "inclusive", "tax": "inclusive"}}}}));
    let lot = json!({"lines": [{"product": "bento", "quantity": "5", "lot": {"code": "B-1"}}]});
    world.record(act("produce", "b", "p1", "2026-06-03", lot));
    let consign = json!({"to": "c", "lines": [{"lot": "B-1", "quantity": "5"}]});
    world.record(act("consign", "b", "c1", "2026-06-03", consign));
    let entry = world.record(sell(
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}, {"lot": "B-1", "quantity": "2"}]}),
    ));
    assert_eq!(posted(&world, &entry, "c", K::Cash), [(0, 2_100)]);
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -1_100)]);
    assert_eq!(posted(&world, &entry, "b", K::Sales), [(8, -1_000)]);
    assert_eq!(world.balance("c", K::ConsignmentDeposit), -2_100);
    assert_eq!(entry.agreement, None, "two agreements: none stands for the entry");
}

#[test]
fn of_two_sales_of_the_last_unit_one_takes_it_and_the_other_is_found() {
    let mut world = made();
    let all_but_one = json!({"lines": [{"lot": "N-1", "quantity": "5"}]});
    world.record(sell("a", "s0", all_but_one));
    let last = json!({"lines": [{"product": "craft", "quantity": "1"}]});
    let first = world.record(sell("a", "s1", last.clone()));
    let second = world.record(sell("a", "s2", last));
    assert_eq!(first.movements.len(), 1);
    let kinds: Vec<_> = second
        .movements
        .iter()
        .map(|m| (m.from.kind, m.to.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            (PlaceKind::Found, PlaceKind::Store),
            (PlaceKind::Store, PlaceKind::Sold)
        ]
    );
    assert!(second.movements[1].assumed);
    assert_eq!((world.stored("N-1", "a"), sold(&world, "N-1", "a")), (0, 7));
    assert_eq!(
        world.stock("N-1", Place::own(PlaceKind::Found, world.office("a"))),
        -1
    );
    assert_eq!(world.balance("a", K::Sales), -7_700);
}

#[test]
fn a_sale_dated_back_is_not_refused_when_a_later_day_falls_short() {
    let mut world = made();
    // six in the store from 2 June on; on 10 June five leave, dated 5 June three are sold
    let ship = json!({"to": "b", "lines": [{"lot": "N-1", "quantity": "5"}]});
    world.record(act("ship", "a", "h1", "2026-06-10", ship));
    let three = json!({"lines": [{"lot": "N-1", "quantity": "3"}]});
    let entry = world.record(act("sell", "a", "s1", "2026-06-05", three));
    assert_eq!(
        entry.movements[0].quantity.get(),
        2,
        "only one was free until 10 June"
    );
    assert_eq!(world.stored("N-1", "a"), 0);
}

#[test]
fn by_product_what_is_short_comes_from_the_last_lot() {
    let mut world = made();
    let newer = json!({"lines": [{"product": "craft", "quantity": "1", "lot": {"code": "N-2"}}]});
    world.record(act("produce", "a", "p2", "2026-06-03", newer));
    world.record(sell(
        "a",
        "s1",
        json!({"lines": [{"product": "craft", "quantity": "9"}]}),
    ));
    // 6 of N-1, 1 of N-2, 2 more of N-2 found
    assert_eq!((sold(&world, "N-1", "a"), sold(&world, "N-2", "a")), (6, 3));
    assert_eq!(
        world.stock("N-2", Place::own(PlaceKind::Found, world.office("a"))),
        -2
    );
}

#[test]
fn a_sale_taken_back_or_put_right_mirrors_what_was_found_too() {
    let mut world = made();
    world.record(sell(
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "8"}]}),
    ));
    let right = json!({"entry": {"key": "s1"}, "reason": "5個でした",
        "right": {"kind": "sell", "lines": [{"lot": "N-1", "quantity": "5", "unit_price": "1000"}]}});
    world.record(act("correct", "a", "x1", "2026-06-04", right));
    assert_eq!((world.stored("N-1", "a"), sold(&world, "N-1", "a")), (1, 5));
    assert_eq!(
        world.stock("N-1", Place::own(PlaceKind::Found, world.office("a"))),
        0
    );
    assert_eq!(
        (world.balance("a", K::Sales), world.balance("a", K::Cash)),
        (-5_000, 5_000)
    );
    let back = json!({"entry": {"key": "x1"}, "reason": "売れていません"});
    world.record(act("reverse", "a", "x2", "2026-06-04", back));
    assert_eq!((world.stored("N-1", "a"), world.balance("a", K::Sales)), (6, 0));
}

#[test]
fn after_the_end_the_shelf_is_sold_off_at_the_last_terms() {
    let mut world = made();
    let mut end = bought_on_sale(json!({"percent_of_retail": "50"}), json!({}));
    end["until"] = "2026-06-02".into();
    world.record(end);
    world.record(sell(
        "c",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1"}]}),
    ));
    assert_eq!(world.balance("a", K::Sales), -550);
}

#[test]
fn a_price_of_nought_moves_goods_and_no_money() {
    let mut world = made();
    let entry = world.record(sell(
        "a",
        "s1",
        json!({"lines": [{"lot": "N-1", "quantity": "1", "amount": 0}]}),
    ));
    assert!(entry.postings.is_empty());
    assert_eq!(sold(&world, "N-1", "a"), 1);
}

#[test]
fn refusals_name_the_field() {
    let mut world = made();
    let lot = json!({"lines": [{"product": "rice", "quantity": "5", "lot": {"code": "R-1"}}]});
    world.record(act("produce", "b", "p1", "2026-06-03", lot));
    let mut refused = |office: &str, fields: Value| world.refused(sell(office, "x", fields));
    let line = |fields: Value| json!({"lines": [fields]});
    let named = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert_eq!(
        refused("c", line(json!({"lot": "R-1", "quantity": "1", "unit_price": 9}))),
        named("never-there", "lines[0].lot")
    );
    assert_eq!(
        refused("c", line(json!({"lot": "N-1", "owner": "c", "quantity": "1"}))),
        named("never-there", "lines[0].lot")
    );
    assert_eq!(
        refused("c", line(json!({"lot": "R-1", "owner": "b", "quantity": "1"}))),
        named("agreement-missing", "lines[0].owner")
    );
    assert_eq!(
        refused("b", line(json!({"product": "bento", "quantity": "1"}))),
        named("none-there", "lines[0].product")
    );
    assert_eq!(
        refused("b", line(json!({"lot": "R-1", "quantity": "1"}))),
        named("no-price", "lines[0].unit_price")
    );
    assert_eq!(
        refused(
            "b",
            line(json!({"lot": "R-1", "quantity": "1.0001", "unit_price": 9}))
        ),
        named("quantity-wrong", "lines[0].quantity")
    );
    assert_eq!(
        refused(
            "a",
            line(json!({"lot": "N-1", "product": "carrot", "quantity": "1"}))
        ),
        named("lot-not-of-product", "lines[0].lot")
    );
    assert_eq!(
        refused(
            "a",
            line(json!({"lot": "N-1", "quantity": "1", "unit_price": "-1"}))
        ),
        named("malformed", "lines[0].unit_price")
    );
    assert_eq!(
        refused("a", line(json!({"lot": "N-1", "quantity": "1", "amount": -1}))),
        named("amount-negative", "lines[0].amount")
    );
    assert_eq!(
        refused(
            "a",
            line(json!({"lot": "N-1", "quantity": "1", "amount": 1, "discount": 1}))
        ),
        named("malformed", "lines[0].amount")
    );
    assert_eq!(
        refused(
            "a",
            line(json!({"lot": "N-1", "quantity": "1", "discount": 1_101}))
        ),
        named("discount-too-large", "lines[0].discount")
    );
    assert_eq!(
        refused(
            "a",
            json!({"lines": [{"lot": "N-1", "quantity": "1"}], "paid": {"by": "cash", "place": "no"}})
        ),
        named("cash-place-unknown", "paid.place")
    );
    assert_eq!(refused("a", line(json!({"quantity": "1"}))).0, "malformed");
}

/// From 2 June on the shop bears what it takes off the price.
fn shop_bears_discounts(world: &mut World, consign: &Value) {
    let terms = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": {"consign": consign, "discount_bearer": "other"}});
    world.record(act("agreement", "a", "terms-2", "2026-06-02", terms));
}

#[test]
fn a_shop_that_bears_discounts_makes_up_the_listed_price() {
    let mut world = made();
    let commission =
        json!({"commission": {"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive"}});
    shop_bears_discounts(&mut world, &commission);
    let lines = json!({"lines": [{"lot": "N-1", "owner": "a", "quantity": "2", "discount": 200}]});
    let entry = world.record(sell("c", "s1", lines));
    // listed 2 × 1,100 = 2,200; paid 2,000; the shop owes 200 more, without tax
    assert_eq!(posted(&world, &entry, "c", K::Cash), [(0, 2_000)]);
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -2_000)]);
    assert_eq!(
        posted(&world, &entry, "a", K::ConsignmentReceivable),
        [(0, 2_000)]
    );
    assert_eq!(posted(&world, &entry, "a", K::Receivable), [(0, 200)]);
    assert_eq!(posted(&world, &entry, "a", K::CompensationIncome), [(0, -200)]);
    assert_eq!(posted(&world, &entry, "c", K::Payable), [(0, -200)]);
    assert_eq!(posted(&world, &entry, "c", K::CompensationPaid), [(0, 200)]);
    // one comes back: half of it all
    let back = json!({"sale": {"key": "s1"}, "lines": [{"lot": "N-1", "quantity": "1"}]});
    world.record(act("return", "c", "r1", "2026-06-04", back));
    let left = [
        K::ConsignmentReceivable,
        K::Receivable,
        K::Sales,
        K::CompensationIncome,
    ];
    assert_eq!(
        left.map(|kind| world.balance("a", kind)),
        [1_000, 100, -1_000, -100]
    );
    // above the list nothing is made up
    let lines = json!({"lines": [{"lot": "N-1", "owner": "a", "quantity": "1", "unit_price": "1200"}]});
    world.record(sell("c", "s2", lines));
    assert_eq!(world.balance("a", K::Receivable), 100);
}

#[test]
fn under_a_percentage_of_retail_a_discount_of_the_shop_lowers_no_cost() {
    let mut world = made();
    shop_bears_discounts(&mut world, &json!({"buy_on_sale": {"percent_of_retail": "70"}}));
    let lines = json!({"lines": [{"lot": "N-1", "owner": "a", "quantity": "1", "discount": 100}]});
    let entry = world.record(sell("c", "s1", lines));
    // 70 % of the listed 1,100, not of the 1,000 that were paid
    assert_eq!(posted(&world, &entry, "a", K::Sales), [(10, -770)]);
    assert_eq!(posted(&world, &entry, "c", K::Sales), [(10, -1_000)]);
}

#[test]
fn a_shop_issues_receipts_for_a_producer_only_when_both_are_registered_and_it_was_told_before() {
    use domain::both::{IntermediaryLacks as Lacks, intermediary_holds};
    let mut world = World::new();
    let agreed = |key: &str, day: &str, producer: &str| {
        act(
            "agreement",
            "c",
            key,
            day,
            json!({"code": format!("{producer}-c"), "about": "consign", "producer": producer,
            "other": "c", "agreed": [producer, "c"], "terms": {"intermediary_invoice": true, "consign": {"buy_on_sale": {}}}}),
        )
    };
    world.record(agreed("i-a", "2026-06-10", "a"));
    world.record(agreed("i-b", "2026-06-10", "b"));
    let holds = |code: &str, day: &str| {
        let masters = &world.book.facts().masters;
        let agreement = masters.agreement_by_code(&code.parse().unwrap()).unwrap();
        intermediary_holds(masters, agreement, day.parse().unwrap())
    };
    assert_eq!(holds("a-c", "2026-06-10"), Ok(()));
    assert_eq!(holds("a-c", "2026-06-09"), Err(Lacks::Agreement));
    assert_eq!(holds("a-c-consign", "2026-06-10"), Err(Lacks::Agreement));
    // b's corporation is not registered
    assert_eq!(holds("b-c", "2026-06-10"), Err(Lacks::Producer));
}
