//! dispose.

use crate::support::{World, act};
use domain::{
    account::AccountKind as K,
    place::{Place, PlaceKind},
};
use serde_json::{Value, json};

const DAY: &str = "2026-06-05";

/// A has carrots A-1 (10 kg) and A-2 (10 kg, later expiry) in its store and A-9 (10 kg) on C's shelf.
pub fn stocked() -> World {
    let mut world = World::new();
    let lot = |code: &str, day: &str| json!({"product": "carrot", "quantity": "10", "lot": {"code": code, "made_on": day}});
    let mut shelf = lot("A-9", "2026-05-30");
    shelf["at"] = "c".into();
    world.record(act(
        "open",
        "a",
        "o1",
        "2026-06-01",
        json!({"agreed": ["c"], "goods": [lot("A-1", "2026-05-30"), lot("A-2", "2026-05-31"), shelf]}),
    ));
    world
}

/// New terms from 2 June on: the shop bears what is lost.
pub fn shop_bears(world: &mut World, treatment: &str, consign: &Value) {
    world.record(act(
        "agreement",
        "a",
        "terms-2",
        "2026-06-02",
        json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": {"consign": consign, "loss_bearer": "other", "loss_treatment": treatment}}),
    ));
}

pub fn commission() -> Value {
    json!({"commission": {"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive", "rounding": "down"}})
}

fn from_shelf(quantity: &str) -> Value {
    act(
        "dispose",
        "c",
        "d1",
        DAY,
        json!({"shelf_of": "a", "reason": "いたみ",
        "lines": [{"lot": "A-9", "quantity": quantity}]}),
    )
}

#[test]
fn the_owner_bears_what_its_store_loses() {
    let mut world = stocked();
    let entry = world.record(act(
        "dispose",
        "a",
        "d1",
        DAY,
        json!({"reason": "いたみ", "lines": [{"product": "carrot", "quantity": "12"}]}),
    ));
    assert_eq!((world.stored("A-1", "a"), world.stored("A-2", "a")), (0, 8_000));
    let lost = Place::own(PlaceKind::Lost, world.office("a"));
    assert_eq!(
        (world.stock("A-1", lost), world.stock("A-2", lost)),
        (10_000, 2_000)
    );
    assert!(entry.postings.is_empty());
}

#[test]
fn on_a_shelf_the_agreement_says_who_bears_it() {
    let mut world = stocked();
    let entry = world.record(from_shelf("2"));
    let (a, c) = (world.office("a"), world.office("c"));
    assert_eq!(world.stock("A-9", Place::shelf(a, c)), 8_000);
    assert_eq!(world.stock("A-9", Place::own(PlaceKind::Lost, a)), 2_000);
    assert!(entry.postings.is_empty() && entry.agreement.is_some());
    assert_eq!(entry.offices.len(), 2);
}

#[test]
fn what_never_came_is_borne_as_what_is_missing_and_not_as_what_is_broken() {
    let mut world = stocked();
    let fields = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": {"consign": commission(), "loss_bearer": "other", "breakage_bearer": "producer"}});
    world.record(act("agreement", "a", "terms-2", "2026-06-02", fields));
    let lost = |key: &str, missing: bool| {
        let mut fields =
            json!({"shelf_of": "a", "reason": "足りない", "lines": [{"lot": "A-9", "quantity": "2"}]});
        if missing {
            fields["missing"] = true.into();
        }
        act("dispose", "c", key, DAY, fields)
    };
    let broken = world.record(lost("d1", false));
    assert!(broken.postings.is_empty(), "the producer's");
    world.record(lost("d2", true));
    // 2 kg at 300
    assert_eq!(
        (world.balance("a", K::Receivable), world.balance("c", K::Payable)),
        (600, -600)
    );
    let (a, c) = (world.office("a"), world.office("c"));
    assert_eq!(world.stock("A-9", Place::own(PlaceKind::Lost, a)), 2_000);
    assert_eq!(world.stock("A-9", Place::own(PlaceKind::Lost, c)), 2_000);
}

#[test]
fn missing_is_sold_at_the_agreed_price() {
    let mut world = stocked();
    shop_bears(&mut world, "sale", &commission());
    let entry = world.record(from_shelf("2.5"));
    // 2.5 kg at the retail price of 300, 8 %
    let c = world.office("c");
    assert_eq!(world.stock("A-9", Place::own(PlaceKind::Lost, c)), 2_500);
    assert_eq!(
        (world.balance("a", K::Receivable), world.balance("a", K::Sales)),
        (750, -750)
    );
    assert_eq!(
        (
            world.balance("c", K::CompensationPaid),
            world.balance("c", K::Payable)
        ),
        (750, -750)
    );
    let sale = entry
        .postings
        .iter()
        .find(|posting| posting.account.kind == K::Sales);
    assert_eq!(sale.map(|posting| posting.tax.percent), Some(8));
    assert!(entry.unbalanced().is_empty());
}

#[test]
fn a_compensation_is_out_of_scope() {
    let mut world = stocked();
    shop_bears(&mut world, "compensation", &commission());
    let mut act = from_shelf("2");
    act["lines"][0]["unit_price"] = "250".into();
    let entry = world.record(act);
    assert_eq!(
        (
            world.balance("a", K::CompensationIncome),
            world.balance("c", K::CompensationPaid)
        ),
        (-500, 500)
    );
    assert!(entry.postings.iter().all(|posting| posting.tax.percent == 0));
}

#[test]
fn bought_on_sale_is_charged_at_the_cost_price() {
    let mut world = stocked();
    shop_bears(
        &mut world,
        "sale",
        &json!({"buy_on_sale": {"percent_of_retail": "72.5"}}),
    );
    world.record(from_shelf("1.5"));
    // 1.5 × 300 × 72.5 % = 326.25
    assert_eq!(world.balance("a", K::Sales), -326);
}

#[test]
fn bad_disposals_are_refused_with_field_and_reason() {
    let mut world = stocked();
    let own = |line: Value| json!({"reason": "いたみ", "lines": [line]});
    for (office, fields, code, field) in [
        (
            "a",
            json!({"lines": [{"lot": "A-1", "quantity": "1"}]}),
            "reason-missing",
            "reason",
        ),
        ("a", json!({"reason": "いたみ", "lines": []}), "no-lines", "lines"),
        (
            "a",
            own(json!({"lot": "A-1", "quantity": "10.001"})),
            "not-enough",
            "lines[0].quantity",
        ),
        (
            "a",
            own(json!({"lot": "A-1", "quantity": "1", "unit_price": "1"})),
            "malformed",
            "lines[0].unit_price",
        ),
        (
            "a",
            json!({"shelf_of": "a", "reason": "x", "lines": [{"lot": "A-9", "quantity": "1"}]}),
            "same-office",
            "shelf_of",
        ),
        (
            "b",
            json!({"shelf_of": "a", "reason": "x", "lines": [{"lot": "A-9", "quantity": "1"}]}),
            "agreement-missing",
            "shelf_of",
        ),
        (
            "c",
            json!({"shelf_of": "a", "reason": "x", "lines": [{"lot": "A-1", "quantity": "1"}]}),
            "not-enough",
            "lines[0].quantity",
        ),
        (
            "c",
            json!({"shelf_of": "a", "reason": "x", "lines": [{"product": "a/craft", "quantity": "1"}]}),
            "none-there",
            "lines[0].quantity",
        ),
        (
            "c",
            json!({"shelf_of": "zzz", "reason": "x", "lines": [{"lot": "A-9", "quantity": "1"}]}),
            "office-unknown",
            "shelf_of",
        ),
    ] {
        let act = act("dispose", office, "x", DAY, fields);
        assert_eq!(world.refused(act.clone()), (code.into(), field.into()), "{act}");
    }
    shop_bears(&mut world, "sale", &json!({"buy_on_sale": {}}));
    // no cost price is known
    assert_eq!(
        world.refused(from_shelf("1")),
        ("no-price".into(), "lines[0].unit_price".into())
    );
}

#[test]
fn breakages_may_be_borne_by_another_than_losses() {
    let mut world = stocked();
    let terms = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
        "terms": {"consign": commission(), "breakage_bearer": "other", "carry_below": 1_000}});
    world.record(act("agreement", "a", "terms-2", "2026-06-02", terms));
    world.record(from_shelf("2"));
    // 2 kg at the listed 300
    assert_eq!(world.balance("a", K::Receivable), 600);
    let counted = json!({"shelf_of": "a", "reason": "棚卸", "lines": [{"lot": "A-9", "counted": "7"}]});
    world.record(act("count", "c", "n1", DAY, counted));
    assert_eq!(
        world.balance("a", K::Receivable),
        600,
        "what is missing is the producer's to bear"
    );
    let mut wrong = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"]});
    wrong["terms"] = json!({"consign": commission(), "carry_below": -1});
    let refused = world.refused(act("agreement", "a", "terms-3", "2026-06-03", wrong));
    assert_eq!(refused.1, "terms.carry_below");
}
