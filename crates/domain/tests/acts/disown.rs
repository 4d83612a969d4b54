//! disown うちのものではない: who may say so of which lot, that it changes nothing else, and that it can be withdrawn.

use crate::support::{World, act};
use domain::text::LotCode;
use serde_json::{Value, json};

fn made() -> World {
    let mut world = World::new();
    let lines = json!({"lines": [{"product": "craft", "quantity": "9", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", lines));
    world
}

fn disown(office: &str, key: &str, mut fields: Value) -> Value {
    fields["lot"] = "N-1".into();
    act("disown", office, key, "2026-06-02", fields)
}

fn is_disowned(world: &World) -> bool {
    let lot: LotCode = "N-1".parse().unwrap();
    world.book.facts().masters.disowned_by(&lot).next().is_some()
}

#[test]
fn the_maker_says_it_is_not_its_own_and_takes_that_back() {
    let mut world = made();
    let why = json!({"reason": "この日は作っていない"});
    let entry = world.record(disown("a", "d1", why.clone()));
    assert!(entry.movements.is_empty() && entry.postings.is_empty() && entry.births.is_empty());
    assert!(is_disowned(&world));
    assert_eq!(world.stored("N-1", "a"), 9);
    assert_eq!(
        world.refused(disown("a", "d2", why)),
        ("said-already".into(), "lot".into())
    );
    let back = json!({"reason": "記録がみつかった", "withdrawn": true});
    world.record(disown("a", "d3", back.clone()));
    assert!(!is_disowned(&world));
    assert_eq!(world.refused(disown("a", "d4", back)).0, "said-already");
}

#[test]
fn nobody_else_says_it_and_nobody_without_a_reason() {
    let mut world = made();
    let why = json!({"reason": "うちではない"});
    assert_eq!(
        world.refused(disown("b", "d1", why.clone())),
        ("lot-not-of-office".into(), "lot".into())
    );
    assert_eq!(
        world.refused(disown("a", "d2", json!({}))),
        ("reason-missing".into(), "reason".into())
    );
    let unknown = act(
        "disown",
        "a",
        "d3",
        "2026-06-02",
        json!({"lot": "N-9", "reason": "ない"}),
    );
    assert_eq!(world.refused(unknown).0, "lot-unknown");
    assert!(!is_disowned(&world));
}

#[test]
fn the_office_of_the_product_may_say_it_of_what_another_made() {
    let mut world = World::new();
    let lines = json!({"lines": [{"product": "a/craft", "quantity": "9", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "b", "p1", "2026-06-01", lines));
    let entry = world.record(disown("a", "d1", json!({"reason": "うちのものではない"})));
    assert!(is_disowned(&world));
    let concerned: Vec<_> = entry.offices.iter().copied().collect();
    assert!(
        concerned.contains(&world.office("b")),
        "who is said to have made it learns of it"
    );
}
