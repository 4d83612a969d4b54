//! What is forgotten is asked for again; what is kept stays true.

use crate::support::{World, act};
use domain::{
    apply::apply,
    entry::Entry,
    facts::{Facts, LotFact, Need},
    id::ProductId,
    place::Place,
    refusal::Stop,
};
use serde_json::json;
use std::sync::Arc;

/// The book before a lot is used up: it is known, and that it is in the store.
fn before_use(world: &World, fact: &LotFact) -> Facts {
    let store = Place::store(world.office("a"));
    let mut facts = Facts::new(0, world.book.facts().masters.clone());
    facts.put_lots_at(
        fact.lot.product,
        store,
        vec![(fact.lot.id, fact.stock[&store].quantity)],
    );
    facts.put_lot(fact.clone());
    facts
}

fn used_up() -> (World, LotFact, Arc<Entry>) {
    let mut world = World::new();
    let lines = json!({"lines": [{"product": "craft", "quantity": "5", "lot": {"code": "N-1"}}]});
    world.record(act("produce", "a", "p1", "2026-06-01", lines));
    let lot = world.book.facts().lot_by_code(&"N-1".parse().unwrap());
    let fact = lot.unwrap().unwrap().clone();
    let fields = json!({"for": "gifts", "lines": [{"product": "craft", "quantity": "5"}]});
    let entry = world.record(act("use", "a", "u1", "2026-06-02", fields));
    (world, fact, entry)
}

fn is_asked_for(facts: &Facts, product: ProductId, store: Place) -> bool {
    matches!(
        facts.lots_in_stock(product, store),
        Err(Stop::Need(needs)) if needs == [Need::LotsAt(product, store)]
    )
}

#[test]
fn which_lots_are_in_stock_is_kept_and_stays_true() {
    let (world, fact, entry) = used_up();
    let (product, store) = (fact.lot.product, Place::store(world.office("a")));
    let mut facts = before_use(&world, &fact);
    assert_eq!(facts.lots_in_stock(product, store).unwrap().len(), 1);
    apply(&mut facts, &entry, [0; 32]);
    facts.forget();
    assert!(facts.lot(fact.lot.id).is_err(), "the lot itself is forgotten");
    assert!(facts.lots_in_stock(product, store).unwrap().is_empty());
    assert_eq!(facts.lots_at(product, store).unwrap(), [fact.lot.id]);
}

#[test]
fn a_move_of_a_lot_that_is_not_loaded_makes_them_asked_for_again() {
    let (world, fact, entry) = used_up();
    let (product, store) = (fact.lot.product, Place::store(world.office("a")));
    let mut facts = before_use(&world, &fact);
    facts.forget();
    assert!(!is_asked_for(&facts, product, store));
    apply(&mut facts, &entry, [0; 32]);
    assert!(is_asked_for(&facts, product, store));
}
