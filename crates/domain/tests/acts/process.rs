//! process.

use crate::support::{World, act};
use domain::{
    id::LotId,
    place::{Place, PlaceKind},
};
use proptest::prelude::*;
use serde_json::{Value, json};

const DAY: &str = "2026-06-02";

/// Kitchen B with rice R-1 (10 kg) and vegetables V-1, V-2 (6 kg each, V-1 expires first; V-2 may contain えび).
fn kitchen() -> World {
    let mut world = World::new();
    let kg = json!({"name": "kg", "decimals": 3});
    for code in ["veg", "curry", "salad", "peel"] {
        world.record(act(
            "product",
            "b",
            code,
            "2026-04-01",
            json!({"code": code, "name": code, "unit": kg, "tax": "reduced", "allergens": {}}),
        ));
    }
    world.record(act("purchase", "b", "k1", "2026-06-01", json!({"supplier": "komeya", "lines": [
        {"product": "rice", "quantity": "10", "amount": 4_320, "lot": {"code": "R-1"}},
        {"product": "veg", "quantity": "6", "amount": 600, "lot": {"code": "V-1", "best_before": {"day": "2026-06-10"}}},
        {"product": "veg", "quantity": "6", "amount": 600, "lot": {"code": "V-2", "best_before": {"day": "2026-06-20"},
            "allergens": {"may_contain": ["えび"]}}}]})));
    world
}

fn process(key: &str, fields: Value) -> Value {
    act("process", "b", key, DAY, fields)
}

fn lot(world: &World, code: &str) -> Option<LotId> {
    let fact = world.book.facts().lot_by_code(&code.parse().ok()?).ok()??;
    Some(fact.lot.id)
}

/// Net quantity of a lot in another over all entries.
fn linked(world: &World, input: &str, output: &str) -> i64 {
    let (input, output) = (lot(world, input), lot(world, output));
    let links = world.book.entries().iter().flat_map(|entry| &entry.links);
    links
        .filter(|link| Some(link.input) == input && Some(link.output) == output)
        .map(|link| link.quantity)
        .sum()
}

fn bento(key: &str, rice: &str, pieces: &str) -> Value {
    process(
        key,
        json!({"inputs": [{"lot": "R-1", "quantity": rice}, {"product": "veg", "quantity": "10"}],
        "outputs": [{"product": "bento", "quantity": pieces, "lot": {"code": "B-1"}}]}),
    )
}

#[test]
fn a_single_output_takes_all_of_every_lot() {
    let mut world = kitchen();
    let entry = world.record(bento("p1", "5", "50"));
    assert_eq!(
        (
            world.stored("R-1", "b"),
            world.stored("V-1", "b"),
            world.stored("V-2", "b"),
            world.stored("B-1", "b")
        ),
        (5_000, 0, 2_000, 50)
    );
    let used = Place::own(PlaceKind::Used, world.office("b"));
    assert_eq!(world.stock("V-2", used), 4_000);
    assert_eq!(
        (
            linked(&world, "R-1", "B-1"),
            linked(&world, "V-1", "B-1"),
            linked(&world, "V-2", "B-1")
        ),
        (5_000, 6_000, 4_000)
    );
    assert!(entry.postings.is_empty());
    // scanned lots are certain, lots by expiry are assumed
    let assumed: Vec<bool> = entry.movements.iter().map(|movement| movement.assumed).collect();
    assert_eq!(assumed, [false, true, true, false]);
    let allergens = &entry.births[0].lot.allergens;
    let names = |set: &std::collections::BTreeSet<domain::text::Name>| {
        set.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&allergens.contains), names(&allergens.may_contain)),
        (vec!["卵".to_owned()], vec!["えび".to_owned()])
    );
    assert!(!allergens.unknown);
}

#[test]
fn several_outputs_share_by_weight_and_no_gram_is_lost() {
    let mut world = kitchen();
    world.record(process(
        "p1",
        json!({"inputs": [{"lot": "R-1", "quantity": "5"}], "waste": [{"input": 0, "quantity": "0.3"}], "outputs": [
            {"product": "curry", "quantity": "4", "weight": 2, "lot": {"code": "C-1"}},
            {"product": "salad", "quantity": "2", "lot": {"code": "S-1"}},
            {"product": "peel", "quantity": "0.5", "weight": 0, "lot": {"code": "P-1"}}]}),
    ));
    // 5,000 g by 2 : 1 : 0 is 3,333.3 + 1,666.7; the waste is part of it
    assert_eq!(
        (
            linked(&world, "R-1", "C-1"),
            linked(&world, "R-1", "S-1"),
            linked(&world, "R-1", "P-1")
        ),
        (3_333, 1_667, 0)
    );
}

#[test]
fn stated_shares_come_before_weights() {
    let mut world = kitchen();
    let shares = |curry: &str, salad: &str, waste: Value| {
        process(
            "p1",
            json!({"inputs": [{"product": "veg", "quantity": "10"}, {"lot": "R-1", "quantity": "3"}],
            "waste": waste, "outputs": [
            {"product": "curry", "quantity": "4", "shares": [{"input": 0, "quantity": curry}], "lot": {"code": "C-1"}},
            {"product": "salad", "quantity": "2", "shares": [{"input": 0, "quantity": salad}], "weight": 2,
                "lot": {"code": "S-1"}}]}),
        )
    };
    assert_eq!(
        world.refused(shares("7", "2", json!([]))),
        ("shares-do-not-add-up".into(), "inputs[0].quantity".into())
    );
    let mut other = world.book.clone();
    world.record(shares("7", "3", json!([])));
    // V-1 6 kg by 7 : 3, the rest of the shares from V-2; rice has no stated shares: 1 : 2
    assert_eq!(
        (linked(&world, "V-1", "C-1"), linked(&world, "V-1", "S-1")),
        (4_200, 1_800)
    );
    assert_eq!(
        (linked(&world, "V-2", "C-1"), linked(&world, "V-2", "S-1")),
        (2_800, 1_200)
    );
    assert_eq!(
        (linked(&world, "R-1", "C-1"), linked(&world, "R-1", "S-1")),
        (1_000, 2_000)
    );
    // 6 + 3 of 10 with 1 kg waste: the waste is shared 6 : 3 too, 6,666.7 + 3,333.3
    std::mem::swap(&mut world.book, &mut other);
    world.record(shares("6", "3", json!([{"input": 0, "quantity": "1"}])));
    let curry = linked(&world, "V-1", "C-1") + linked(&world, "V-2", "C-1");
    let salad = linked(&world, "V-1", "S-1") + linked(&world, "V-2", "S-1");
    assert_eq!((curry, salad), (6_667, 3_333));
}

#[test]
fn a_recipe_fills_in_what_is_left_out() {
    let mut world = kitchen();
    world.record(act(
        "recipe",
        "b",
        "recipe-1",
        "2026-05-01",
        json!({"code": "set", "inputs": [{"product": "rice", "quantity": "2"}, {"product": "veg", "quantity": "4"}],
        "outputs": [{"product": "curry", "quantity": "3", "weight": 3}, {"product": "salad", "quantity": "1"}]}),
    ));
    // 1.5 batches: rice 3, vegetables 6, curry 4.5, salad 1.5; shared 3 : 1
    let entry = world.record(process("p1", json!({"recipe": "set", "batches": "1.5"})));
    assert_eq!((world.stored("R-1", "b"), world.stored("V-1", "b")), (7_000, 0));
    let made: Vec<i64> = (entry.movements.iter())
        .filter(|movement| movement.from.kind == PlaceKind::Made)
        .map(|movement| movement.quantity.get())
        .collect();
    assert_eq!(made, [4_500, 1_500]);
    let rice = lot(&world, "R-1");
    let links = entry.links.iter().filter(|link| Some(link.input) == rice);
    let mut shares: Vec<i64> = links.map(|link| link.quantity).collect();
    shares.sort_unstable();
    assert_eq!(shares, [750, 2_250]);
    // lines that are stated stand; the recipe still gives the weights
    world.record(process(
        "p2",
        json!({"recipe": "set", "inputs": [{"lot": "R-1", "quantity": "4"}], "outputs": [
        {"product": "salad", "quantity": "1", "lot": {"code": "S-2"}},
        {"product": "curry", "quantity": "1", "lot": {"code": "C-2"}}]}),
    ));
    assert_eq!(
        (linked(&world, "R-1", "S-2"), linked(&world, "R-1", "C-2")),
        (1_000, 3_000)
    );
}

#[test]
fn a_corrected_processing_accounts_for_the_right_quantities() {
    let mut world = kitchen();
    world.record(bento("p1", "5", "50"));
    world.record(act(
        "use",
        "b",
        "u1",
        "2026-06-02",
        json!({"for": "samples", "lines": [{"lot": "B-1", "quantity": "2"}]}),
    ));
    let correct = |key: &str, of: &str, rice: &str, pieces: &str| {
        let right = json!({"kind": "process", "inputs": [{"lot": "R-1", "quantity": rice}, {"lot": "V-2", "quantity": "6"}],
            "outputs": [{"product": "bento", "quantity": pieces, "lot": {"code": "B-1"}}]});
        let fields = json!({"entry": {"key": of}, "reason": "数え直し", "right": right});
        act("correct", "b", key, "2026-06-03", fields)
    };
    assert_eq!(
        world.refused(correct("c1", "p1", "5", "1")),
        ("must-go-first".into(), "entry".into())
    );
    world.record(correct("c1", "p1", "4.5", "48"));
    assert_eq!(
        (
            world.stored("R-1", "b"),
            world.stored("V-1", "b"),
            world.stored("V-2", "b"),
            world.stored("B-1", "b")
        ),
        (5_500, 6_000, 0, 46)
    );
    assert_eq!(
        (
            linked(&world, "R-1", "B-1"),
            linked(&world, "V-1", "B-1"),
            linked(&world, "V-2", "B-1")
        ),
        (4_500, 0, 6_000)
    );
    world.record(correct("c2", "c1", "4", "48"));
    assert_eq!(linked(&world, "R-1", "B-1"), 4_000);
}

#[test]
fn lots_form_no_circle() {
    let mut world = kitchen();
    let step = |key: &str, from: &str, product: &str, code: &str| {
        process(
            key,
            json!({"inputs": [{"lot": from, "quantity": "2"}],
            "outputs": [{"product": product, "quantity": "2", "lot": {"code": code}}]}),
        )
    };
    world.record(step("p1", "V-1", "salad", "S-1"));
    world.record(step("p2", "S-1", "curry", "C-1"));
    world.record(step("p3", "C-1", "peel", "P-1"));
    let correct = |from: &str| {
        let right = json!({"kind": "process", "inputs": [{"lot": "R-1", "quantity": "1"}, {"lot": from, "quantity": "1"}],
            "outputs": [{"product": "salad", "quantity": "2", "lot": {"code": "S-1"}}]});
        let fields = json!({"entry": {"key": "p1"}, "reason": "材料ちがい", "right": right});
        act("correct", "b", "c1", "2026-06-03", fields)
    };
    for descendant in ["S-1", "C-1", "P-1"] {
        assert_eq!(
            world.refused(correct(descendant)),
            ("lot-is-its-own-ingredient".into(), "right.inputs[1].lot".into()),
            "{descendant}"
        );
    }
    // another lot is no circle, though what was made is used up
    world.record(correct("V-2"));
    assert_eq!(
        (linked(&world, "V-1", "S-1"), linked(&world, "V-2", "S-1")),
        (0, 1_000)
    );
}

#[test]
fn bad_processings_are_refused_with_field_and_reason() {
    let mut world = kitchen();
    world.record(act(
        "recipe",
        "b",
        "recipe-1",
        "2026-05-01",
        json!({"code": "set", "inputs": [{"product": "rice", "quantity": "2"}],
        "outputs": [{"product": "bento", "quantity": "3"}]}),
    ));
    let rice = json!([{"lot": "R-1", "quantity": "3"}]);
    let two = |first: Value, second: Value| {
        let mut outputs = [first, second];
        for output in &mut outputs {
            output["product"] = "curry".into();
            output["quantity"] = "1".into();
        }
        json!({"inputs": rice, "outputs": outputs})
    };
    let one = json!([{"product": "curry", "quantity": "1"}]);
    let share = |input: usize, quantity: &str| json!({"shares": [{"input": input, "quantity": quantity}]});
    for (fields, code, field) in [
        (json!({"inputs": [], "outputs": one}), "no-lines", "inputs"),
        (json!({"inputs": rice, "outputs": []}), "no-lines", "outputs"),
        (json!({"recipe": "set"}), "no-lines", "inputs"),
        (
            json!({"recipe": "none", "batches": "1"}),
            "recipe-unknown",
            "recipe",
        ),
        (json!({"batches": "1"}), "malformed", "batches"),
        (
            json!({"recipe": "set", "batches": "0"}),
            "quantity-wrong",
            "batches",
        ),
        (
            json!({"recipe": "set", "batches": "0.5"}),
            "quantity-wrong",
            "outputs[0].quantity",
        ),
        (
            json!({"recipe": "set", "batches": {"amount": "1", "unit": "箱"}}),
            "quantity-wrong",
            "batches",
        ),
        (
            json!({"recipe": "set", "batches": "6"}),
            "not-enough",
            "inputs[0].quantity",
        ),
        (
            json!({"inputs": [{"lot": "R-1", "quantity": "6"}, {"lot": "R-1", "quantity": "4.001"}], "outputs": one}),
            "not-enough",
            "inputs[1].quantity",
        ),
        (
            json!({"inputs": [{"lot": "X-9", "quantity": "1"}], "outputs": one}),
            "lot-unknown",
            "inputs[0].lot",
        ),
        (
            json!({"inputs": [{"product": "bento", "quantity": "1"}], "outputs": one}),
            "none-there",
            "inputs[0].quantity",
        ),
        (
            two(json!({"weight": 0}), json!({"weight": 0})),
            "no-weight",
            "outputs",
        ),
        (
            two(share(0, "1"), share(0, "1.999")),
            "shares-do-not-add-up",
            "inputs[0].quantity",
        ),
        (
            two(share(1, "1"), json!({})),
            "malformed",
            "outputs[0].shares[0].input",
        ),
        (
            two(
                json!({"shares": [{"input": 0, "quantity": "1"}, {"input": 0, "quantity": "2"}]}),
                json!({}),
            ),
            "line-twice",
            "outputs[0].shares[1].input",
        ),
        (
            json!({"inputs": rice, "outputs": one, "waste": [{"input": 0, "quantity": "3.001"}]}),
            "malformed",
            "waste[0].quantity",
        ),
        (
            json!({"inputs": rice, "outputs": [{"product": "curry", "quantity": "1", "lot": {"code": "V-1"}}]}),
            "lot-code-taken",
            "outputs[0].lot.code",
        ),
    ] {
        assert_eq!(
            world.refused(process("x", fields.clone())),
            (code.into(), field.into()),
            "{fields}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the weights and stated shares: per input lot the links add up to what was used.
    #[test]
    fn links_sum_to_what_was_used(
        rice in 1..10_000_i64,
        veg in 1..12_000_i64,
        outputs in prop::collection::vec((0..4_u32, 0..100_i64), 1..6),
        stated in any::<bool>(),
    ) {
        prop_assume!(outputs.iter().any(|(weight, _)| *weight > 0));
        let grams = |grams: i64| rust_decimal::Decimal::new(grams, 3).to_string();
        let cut: i64 = outputs.iter().map(|(_, part)| part).sum();
        let mut rest = veg;
        let lines: Vec<Value> = outputs.iter().enumerate().map(|(n, (weight, part))| {
            // the last one takes what is left, so that the shares add up
            let share = if n + 1 == outputs.len() { rest } else { veg * part / cut.max(1) };
            rest -= share;
            let mut line = json!({"product": "curry", "quantity": "1", "weight": weight});
            if stated {
                line["shares"] = json!([{"input": 1, "quantity": grams(share)}]);
            }
            line
        }).collect();
        let mut world = kitchen();
        let entry = world.record(process("p1", json!({"outputs": lines,
            "inputs": [{"lot": "R-1", "quantity": grams(rice)}, {"product": "veg", "quantity": grams(veg)}]})));
        let used = entry.movements.iter().filter(|movement| movement.to.kind == PlaceKind::Used);
        for movement in used {
            let links = entry.links.iter().filter(|link| link.input == movement.lot);
            prop_assert!(links.clone().all(|link| link.quantity > 0));
            prop_assert_eq!(links.map(|link| link.quantity).sum::<i64>(), movement.quantity.get());
        }
    }
}
