//! purchase.

use crate::support::{World, act};
use domain::{
    account::{AccountKind as K, BookUnit, Section},
    acts::Act,
    decide::act_of,
    money::Yen,
    place::{Place, PlaceKind},
    tax::PriceBasis,
};
use serde_json::{Value, json};

const DAY: &str = "2026-06-02";

/// Kitchen B with eggs (軽減) and boxes (標準) beside its rice.
fn kitchen() -> World {
    let mut world = World::new();
    let kg = json!({"name": "kg", "decimals": 3});
    for (code, unit, tax) in [("egg", kg, "reduced"), ("box", json!({"name": "枚"}), "standard")] {
        world.record(act(
            "product",
            "b",
            code,
            "2026-04-01",
            json!({"code": code, "name": code, "unit": unit, "tax": tax, "allergens": {}}),
        ));
    }
    world
}

fn purchase(key: &str, fields: Value) -> Value {
    let mut fields = fields;
    fields["supplier"] = "komeya".into();
    act("purchase", "b", key, DAY, fields)
}

fn rice(fields: Value) -> Value {
    let mut line = fields;
    line["product"] = "rice".into();
    if line["quantity"].is_null() {
        line["quantity"] = "10".into();
    }
    line
}

fn welfare(world: &World, kind: K) -> i64 {
    let unit = BookUnit::Office(world.office("b"), Section::Welfare);
    world.sum(|account| account.unit == unit && account.kind == kind)
}

#[test]
fn goods_come_from_the_supplier_and_cost_what_was_paid() {
    let mut world = kitchen();
    let entry = world.record(purchase(
        "k1",
        json!({"lines": [rice(json!({"amount": 4_320,
            "lot": {"code": "R-1", "origin": "茨城県", "supplier_lot": "K77"}}))],
            "stated_tax": [{"category": "reduced", "yen": 320}]}),
    ));
    assert_eq!(world.stored("R-1", "b"), 10_000);
    let komeya = world.partner("b", "komeya");
    let outside = Place::own(PlaceKind::Outside, komeya);
    assert_eq!(world.stock("R-1", outside), -10_000);
    assert_eq!(
        (world.balance("b", K::Materials), world.balance("b", K::Cash)),
        (4_320, -4_320)
    );
    let expense = &entry.postings[0];
    assert_eq!(
        (expense.tax.percent, expense.basis),
        (8, Some(PriceBasis::Inclusive))
    );
    let lot = &entry.births[0].lot;
    assert_eq!(lot.supplier, Some(komeya));
    assert_eq!(
        lot.origin.as_ref().map(ToString::to_string),
        Some("茨城県".into())
    );
    assert_eq!(lot.maker, world.office("b").into());
    assert!(entry.unbalanced().is_empty());
}

/// 4,000 + 1,001 at 8 % and 1,250 at 10 %, without tax.
fn exclusive(key: &str, stated: &Value) -> Value {
    purchase(
        key,
        json!({"basis": "exclusive", "stated_tax": stated, "paid": {"by": "on_account", "partner": "komeya"},
        "lines": [
            rice(json!({"unit_price": "400"})),
            {"product": "egg", "quantity": "2.5", "amount": 1_001, "purpose": "welfare"},
            {"product": "box", "quantity": "100", "unit_price": "12.5", "purpose": "supplies"}]}),
    )
}

/// What the lines of the last entry cost by its own account.
fn costs(world: &World) -> Vec<i64> {
    let costs = world.book.entries().last().and_then(|entry| {
        let Some(Act::Purchase(act)) = act_of(entry) else {
            return None;
        };
        act.costs(&world.book.facts().masters, world.office("b"), entry.supplied_on)
    });
    costs.into_iter().flatten().map(Yen::get).collect()
}

#[test]
fn tax_on_top_is_worked_out_once_per_rate_and_shared_over_purposes() {
    let mut world = kitchen();
    // 8 % of 5,001 = 400.08 → 400, shared 4,000 : 1,001 = 319.94 + 80.06; 10 % of 1,250 = 125
    let entry = world.record(exclusive("k1", &json!([])));
    assert_eq!(world.balance("b", K::Materials), 4_320);
    assert_eq!(world.balance("b", K::Supplies), 1_375);
    assert_eq!(world.balance("b", K::Payable), -5_695);
    assert_eq!(
        (welfare(&world, K::WelfareFood), welfare(&world, K::Payable)),
        (1_081, -1_081)
    );
    assert!(entry.unbalanced().is_empty());
    assert_eq!(costs(&world), [4_320, 1_081, 1_375]);
}

#[test]
fn the_suppliers_printed_tax_is_what_is_added() {
    let mut world = kitchen();
    // 401 by 4,000 : 1,001 = 320.74 + 80.26 → 321 + 80
    world.record(exclusive("k1", &json!([{"category": "reduced", "yen": 401}])));
    assert_eq!(
        (
            world.balance("b", K::Materials),
            welfare(&world, K::WelfareFood),
            world.balance("b", K::Supplies)
        ),
        (4_321, 1_081, 1_375)
    );
    assert_eq!(costs(&world), [4_321, 1_081, 1_375]);
}

#[test]
fn goods_for_nothing_are_stock_without_money() {
    let mut world = kitchen();
    let entry = world.record(purchase(
        "k1",
        json!({"lines": [rice(json!({"amount": 0, "lot": {"code": "R-0"}}))]}),
    ));
    assert_eq!((world.stored("R-0", "b"), entry.postings.len()), (10_000, 0));
}

#[test]
fn a_corrected_purchase_keeps_the_lot_and_pays_the_difference() {
    let mut world = kitchen();
    let bought = |quantity: &str, amount: i64| {
        json!({"supplier": "komeya",
        "lines": [rice(json!({"quantity": quantity, "amount": amount, "lot": {"code": "R-1"}}))]})
    };
    world.record(act("purchase", "b", "k1", DAY, bought("10", 4_320)));
    world.record(act(
        "use",
        "b",
        "u1",
        "2026-06-03",
        json!({"for": "meals", "lines": [{"lot": "R-1", "quantity": "5"}]}),
    ));
    let right = |key: &str, quantity: &str, amount: i64| {
        let mut right = bought(quantity, amount);
        right["kind"] = "purchase".into();
        let fields = json!({"entry": {"key": "k1"}, "reason": "納品書のとおり", "right": right});
        act("correct", "b", key, "2026-06-04", fields)
    };
    assert_eq!(
        world.refused(right("c1", "4", 1_728)),
        ("must-go-first".into(), "entry".into())
    );
    assert_eq!(
        world.refused(right("c1", "12", -1)),
        ("amount-negative".into(), "right.lines[0].amount".into())
    );
    let entry = world.record(right("c1", "12", 5_184));
    assert_eq!(world.stored("R-1", "b"), 7_000);
    assert_eq!(
        (world.balance("b", K::Materials), world.balance("b", K::Cash)),
        (5_184, -5_184)
    );
    assert!(entry.births.is_empty());
    let reverse = act(
        "reverse",
        "b",
        "x1",
        "2026-06-05",
        json!({"entry": {"key": "c1"}, "reason": "べつの店"}),
    );
    assert_eq!(world.refused(reverse).0, "must-go-first");
}

#[test]
fn bad_purchases_are_refused_with_field_and_reason() {
    let mut world = kitchen();
    world.record(purchase(
        "k1",
        json!({"lines": [rice(json!({"amount": 1, "lot": {"code": "R-1"}}))]}),
    ));
    let one = |line: Value| purchase("x", json!({"lines": [line]}));
    let tax = |stated: Value| {
        purchase(
            "x",
            json!({"lines": [rice(json!({"amount": 1_080}))], "stated_tax": stated}),
        )
    };
    let mut stranger = one(rice(json!({"amount": 1})));
    stranger["supplier"] = "nobody".into();
    for (act, code, field) in [
        (stranger, "partner-unknown", "supplier"),
        (purchase("x", json!({"lines": []})), "no-lines", "lines"),
        (one(rice(json!({}))), "malformed", "lines[0].amount"),
        (
            one(rice(json!({"amount": 1, "unit_price": "1"}))),
            "malformed",
            "lines[0].amount",
        ),
        (
            one(rice(json!({"amount": -1}))),
            "amount-negative",
            "lines[0].amount",
        ),
        (
            one(rice(json!({"amount": 1, "quantity": "0"}))),
            "quantity-wrong",
            "lines[0].quantity",
        ),
        (
            one(json!({"product": "gold", "quantity": "1", "amount": 1})),
            "product-unknown",
            "lines[0].product",
        ),
        (
            one(rice(json!({"amount": 1, "lot": {"code": "R-1"}}))),
            "lot-code-taken",
            "lines[0].lot.code",
        ),
        (
            one(rice(json!({"amount": 1, "lot": {"made_on": "2026-07-11"}}))),
            "date-in-future",
            "lines[0].lot.made_on",
        ),
        (
            tax(json!([{"category": "standard", "yen": 1}])),
            "malformed",
            "stated_tax[0].category",
        ),
        (
            tax(json!([{"category": "reduced", "yen": 1_081}])),
            "malformed",
            "stated_tax[0].yen",
        ),
        (
            tax(json!([{"category": "reduced", "yen": 80}, {"category": "reduced", "yen": 80}])),
            "line-twice",
            "stated_tax[1].category",
        ),
        (
            purchase(
                "x",
                json!({"lines": [rice(json!({"amount": 1}))],
                "paid": {"by": "cash", "place": "nowhere"}}),
            ),
            "cash-place-unknown",
            "paid.place",
        ),
    ] {
        assert_eq!(world.refused(act.clone()), (code.into(), field.into()), "{act}");
    }
}
