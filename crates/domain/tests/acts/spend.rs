//! spend 経費. Figures by hand.

use crate::support::{World, act};
use domain::{
    account::{Account, AccountKind as K, BookUnit, Section},
    entry::Entry,
    tax::TaxCategory,
};
use serde_json::{Value, json};

fn spend(key: &str, fields: Value) -> Value {
    act("spend", "a", key, "2026-06-10", fields)
}

fn taxes(entry: &Entry, kind: K) -> Vec<(i64, TaxCategory, u8)> {
    let postings = entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == kind);
    postings
        .map(|posting| (posting.yen.get(), posting.tax.category, posting.tax.percent))
        .collect()
}

#[test]
fn a_bill_paid_in_cash_is_an_expense_with_its_tax_class() {
    let mut world = World::new();
    let entry = world.record(spend(
        "e1",
        json!({"item": "utilities", "yen": 5_500, "work": "farm"}),
    ));
    assert_eq!(
        (world.balance("a", K::Utilities), world.balance("a", K::Cash)),
        (5_500, -5_500)
    );
    assert_eq!(taxes(&entry, K::Utilities), [(5_500, TaxCategory::Standard, 10)]);
    assert_eq!(
        entry.postings[0].work.as_ref().map(ToString::to_string),
        Some("farm".into())
    );
    // one slip with two classes: 1,080 at 8 % and 550 at 10 %
    let entry = world.record(spend(
        "e2",
        json!({"item": "meeting", "paid": {"by": "on_account", "partner": "tane"}, "lines": [
            {"category": "reduced", "yen": 1_080}, {"category": "standard", "yen": 550}]}),
    ));
    assert_eq!(
        taxes(&entry, K::Meeting),
        [(1_080, TaxCategory::Reduced, 8), (550, TaxCategory::Standard, 10)]
    );
    assert_eq!(world.balance("a", K::Payable), -1_630);
}

#[test]
fn insurance_is_tax_free_and_paid_consumption_tax_has_a_kind_of_its_own() {
    let mut world = World::new();
    let entry = world.record(spend(
        "e1",
        json!({"item": "insurance", "yen": 12_000, "months": {"from": "2026-06", "to": "2027-05"},
            "share": "60", "supplier": "tane", "paid": {"by": "bank"}}),
    ));
    assert_eq!(
        taxes(&entry, K::Insurance),
        [(12_000, TaxCategory::NonTaxable, 0)]
    );
    assert_eq!(world.balance("a", K::Bank), -12_000);
    let entry = world.record(spend(
        "e2",
        json!({"item": "consumption_tax", "yen": 30_000, "paid": {"by": "bank"}}),
    ));
    assert_eq!(
        taxes(&entry, K::ConsumptionTax),
        [(30_000, TaxCategory::OutOfScope, 0)]
    );
    assert_eq!(world.balance("a", K::Bank), -42_000);
}

#[test]
fn depreciation_is_a_monthly_spend_without_cash() {
    let mut world = World::new();
    let entry = world.record(spend("e1", json!({"item": "depreciation", "yen": 8_333})));
    assert_eq!(world.balance("a", K::Depreciation), 8_333);
    assert_eq!(world.balance("a", K::AccumulatedDepreciation), -8_333);
    assert_eq!(entry.postings.len(), 2);
    let paid = spend(
        "e2",
        json!({"item": "depreciation", "yen": 8_333, "paid": {"by": "cash"}}),
    );
    assert_eq!(world.refused(paid), ("malformed".into(), "paid".into()));
}

#[test]
fn what_another_office_paid_stands_in_both_books() {
    let mut world = World::new();
    let entry = world.record(spend(
        "e1",
        json!({"item": "fuel", "yen": 3_300, "paid_by_office": "b"}),
    ));
    assert_eq!(
        (world.balance("a", K::Fuel), world.balance("a", K::OwedForOthers)),
        (3_300, -3_300)
    );
    assert_eq!(
        (world.balance("b", K::PaidForOthers), world.balance("b", K::Cash)),
        (3_300, -3_300)
    );
    assert_eq!(world.balance("a", K::Cash), 0);
    assert_eq!(entry.offices.len(), 2);
    // within one corporation it is 内部勘定
    world.record(act(
        "cash_place",
        "a2",
        "bank-a2",
        "2026-04-01",
        json!({"code": "bank", "name": "銀行", "holds": "bank"}),
    ));
    world.record(spend(
        "e2",
        json!({"item": "fuel", "yen": 700, "paid_by_office": "a2", "paid_from": {"by": "bank"}}),
    ));
    assert_eq!(
        (world.balance("a", K::Internal), world.balance("a2", K::Internal)),
        (-700, 700)
    );
    assert_eq!(world.balance("a2", K::Bank), -700);
}

#[test]
fn a_cost_of_the_welfare_section_leaves_production_untouched() {
    let mut world = World::new();
    world.record(spend(
        "e1",
        json!({"item": "supplies", "yen": 1_100, "section": "welfare"}),
    ));
    assert_eq!(
        (world.balance("a", K::Supplies), world.balance("a", K::Cash)),
        (0, 0)
    );
    let unit = BookUnit::Office(world.office("a"), Section::Welfare);
    assert_eq!(
        world.sum(|account| *account == Account::plain(unit, K::Supplies)),
        1_100
    );
}

#[test]
fn a_cost_may_be_named_for_an_own_lot() {
    let mut world = World::new();
    world.record(act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [{"product": "craft", "quantity": "4", "lot": {"code": "N-1"}}]}),
    ));
    world.record(spend(
        "e1",
        json!({"item": "packing_shipping", "yen": 440, "for_lot": "N-1"}),
    ));
    assert_eq!(world.balance("a", K::PackingShipping), 440);
    // another office's lot is not there for us
    let foreign = act(
        "spend",
        "b",
        "e2",
        "2026-06-10",
        json!({"item": "packing_shipping", "yen": 440, "for_lot": "N-1"}),
    );
    assert_eq!(world.refused(foreign), ("lot-unknown".into(), "for_lot".into()));
}

#[test]
fn a_spend_is_refused_at_the_field_that_is_wrong() {
    let mut world = World::new();
    for (fields, code, field) in [
        (json!({"item": "wages", "yen": 1}), "account-wrong", "item"),
        (json!({"item": "sales", "yen": 1}), "account-wrong", "item"),
        (
            json!({"item": "internal_expense", "yen": 1}),
            "account-wrong",
            "item",
        ),
        (json!({"item": "bad_debt", "yen": 1}), "account-wrong", "item"),
        (json!({"item": "welfare_food", "yen": 1}), "account-wrong", "item"),
        (json!({"item": "sweets", "yen": 1}), "malformed", "item"),
        (json!({"item": "rent", "yen": 0}), "amount-not-positive", "yen"),
        (json!({"item": "rent", "yen": -5}), "amount-not-positive", "yen"),
        (json!({"item": "rent"}), "malformed", "yen"),
        (
            json!({"item": "rent", "yen": 5, "lines": [{"category": "standard", "yen": 5}]}),
            "malformed",
            "yen",
        ),
        (
            json!({"item": "rent", "lines": [{"category": "standard", "yen": 5}, {"category": "reduced", "yen": 0}]}),
            "amount-not-positive",
            "lines[1].yen",
        ),
        (
            json!({"item": "rent", "lines": [{"category": "standard", "yen": 5}, {"category": "standard", "yen": 6}]}),
            "line-twice",
            "lines[1].yen",
        ),
        (
            json!({"item": "rent", "yen": 5, "months": {"from": "2026-07", "to": "2026-06"}}),
            "period-ends-before-start",
            "months.to",
        ),
        (
            json!({"item": "rent", "yen": 5, "share": "101"}),
            "malformed",
            "share",
        ),
        (
            json!({"item": "rent", "yen": 5, "for_lot": "N-9"}),
            "lot-unknown",
            "for_lot",
        ),
        (
            json!({"item": "rent", "yen": 5, "supplier": "nobody"}),
            "partner-unknown",
            "supplier",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid": {"by": "cash", "place": "attic"}}),
            "cash-place-unknown",
            "paid.place",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid_by_office": "a"}),
            "same-office",
            "paid_by_office",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid_by_office": "z"}),
            "office-unknown",
            "paid_by_office",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid_by_office": "a2"}),
            "no-cash-place",
            "paid_from.place",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid": {"by": "cash"}, "paid_by_office": "b"}),
            "malformed",
            "paid_by_office",
        ),
        (
            json!({"item": "rent", "yen": 5, "paid_from": {"by": "cash"}}),
            "malformed",
            "paid_from",
        ),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(spend("x", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
    let early = act("spend", "a", "x", "2019-09-30", json!({"item": "rent", "yen": 5}));
    assert_eq!(world.refused(early), ("no-rate".into(), "supplied_on".into()));
}

#[test]
fn a_reversed_spend_leaves_nothing() {
    let mut world = World::new();
    world.record(spend(
        "e1",
        json!({"item": "fuel", "yen": 3_300, "paid_by_office": "b"}),
    ));
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-06-11",
        json!({"entry": {"key": "e1"}, "reason": "二重"}),
    ));
    assert_eq!(world.balance("a", K::OwedForOthers), 0);
    assert_eq!(world.balance("b", K::Cash), 0);
}
