//! earn 役務. Figures by hand.

use crate::support::{World, act};
use domain::account::AccountKind as K;
use serde_json::{Value, json};

fn earn(key: &str, fields: Value) -> Value {
    act("earn", "a", key, "2026-06-30", fields)
}

#[test]
fn cleaning_for_the_city_is_owed_on_account() {
    let mut world = World::new();
    let entry = world.record(earn(
        "k1",
        json!({"partner": "city", "lines": [
            {"work": "cleaning", "yen": 33_000, "hours": "42.5"},
            {"work": "cleaning", "yen": 1_100, "count": "2"},
            {"work": "weeding", "category": "non_taxable", "yen": 500}]}),
    ));
    let city = world.partner("a", "city");
    assert_eq!(
        world.sum(|account| account.kind == K::Receivable && account.party == Some(city)),
        34_600
    );
    assert_eq!(world.balance("a", K::ServiceIncome), -34_600);
    // one posting per class and kind of work
    let incomes: Vec<(i64, u8)> = entry
        .postings
        .iter()
        .filter(|posting| posting.account.kind == K::ServiceIncome)
        .map(|posting| (posting.yen.get(), posting.tax.percent))
        .collect();
    assert_eq!(incomes, [(-34_100, 10), (-500, 0)]);
}

#[test]
fn piecework_paid_at_once_goes_into_cash() {
    let mut world = World::new();
    world.record(earn(
        "k1",
        json!({"paid": {"by": "cash"}, "lines": [{"yen": 2_200}]}),
    ));
    assert_eq!(
        (world.balance("a", K::Cash), world.balance("a", K::ServiceIncome)),
        (2_200, -2_200)
    );
    world.record(act(
        "reverse",
        "a",
        "x1",
        "2026-07-01",
        json!({"entry": {"key": "k1"}, "reason": "別の事業所の仕事"}),
    ));
    assert_eq!(
        (world.balance("a", K::Cash), world.balance("a", K::ServiceIncome)),
        (0, 0)
    );
}

#[test]
fn an_earning_is_refused_at_the_field_that_is_wrong() {
    let mut world = World::new();
    for (fields, code, field) in [
        (json!({"lines": [{"yen": 5}]}), "malformed", "partner"),
        (json!({"partner": "city", "lines": []}), "no-lines", "lines"),
        (
            json!({"partner": "city", "lines": [{"yen": 0}]}),
            "amount-not-positive",
            "lines[0].yen",
        ),
        (
            json!({"partner": "city", "lines": [{"yen": 5}, {"yen": 5, "hours": "0"}]}),
            "quantity-wrong",
            "lines[1].hours",
        ),
        (
            json!({"partner": "city", "lines": [{"yen": 5, "count": "-1"}]}),
            "quantity-wrong",
            "lines[0].count",
        ),
        (
            json!({"partner": "nobody", "lines": [{"yen": 5}]}),
            "partner-unknown",
            "partner",
        ),
        (
            json!({"paid": {"by": "cashless", "partner": "card"}, "lines": [{"yen": 5}]}),
            "partner-unknown",
            "paid.partner",
        ),
        (
            json!({"partner": "city", "lines": [{"yen": 5.5}]}),
            "malformed",
            "",
        ),
        (
            json!({"partner": "city", "lines": [{"yen": 9_007_199_254_740_991_i64}, {"yen": 1}]}),
            "amount-too-large",
            "",
        ),
        // two of these would have made the sum of the account unreadable for ever
        (
            json!({"partner": "city", "lines": [{"yen": 10_000_000_001_i64}]}),
            "amount-too-large",
            "",
        ),
    ] {
        let shown = fields.to_string();
        assert_eq!(
            world.refused(earn("x", fields)),
            (code.into(), field.into()),
            "{shown}"
        );
    }
}
