//! Lots whose traces are measured: of the same shape in a book of any size, some from its beginning, some from its end.

use crate::world::{act, office};
use serde_json::{Value, json};

/// Where in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// At its beginning; the recalled lot is there.
    Early,
    /// At its end.
    Late,
}

/// Acts of the early part.
pub const EARLY: usize = BENTOS * (4 * PREPS + 1 + SALES) + 3 + RECALLED_PREPS * 6 + RECALLED_PREPS * OF_PREP;

/// Bento lots of each part.
const BENTOS: usize = 5;
/// Preparations in a bento lot, and vegetables in each of them: a tree of 1 + 12 + 12 × 14 = 181 lots.
const PREPS: usize = 12;
const VEGETABLES: usize = 14;
/// Lots of a traced tree.
pub const TREE: usize = 1 + PREPS + PREPS * VEGETABLES;
/// Sales of a bento lot.
const SALES: usize = 5;
/// Preparations of the recalled lot, and bento lots of each: 40 + 40 × 25 = 1,040 lots made of it.
const RECALLED_PREPS: usize = 40;
const OF_PREP: usize = 25;
/// Lots of the recalled tree.
pub const RECALLED: usize = 1 + RECALLED_PREPS + RECALLED_PREPS * OF_PREP;

/// Code of the vegetable lot that is recalled.
pub const RECALLED_LOT: &str = "recalled-carrot";

/// Codes of the bento lots that are traced.
pub fn bento_lots() -> Vec<String> {
    [Part::Early, Part::Late]
        .into_iter()
        .flat_map(|part| (0..BENTOS).map(move |n| bento(part, n)))
        .collect()
}

fn bento(part: Part, n: usize) -> String {
    match part {
        Part::Early => format!("traced-bento-{n}"),
        Part::Late => format!("traced-late-bento-{n}"),
    }
}

/// The acts of a part.
pub fn acts(part: Part) -> Vec<Value> {
    let (farm, kitchen) = (office(0), office(5));
    let day = match part {
        Part::Early => "2025-04-01",
        Part::Late => "2026-03-31",
    };
    let mut acts = Vec::new();
    for n in 0..BENTOS {
        let code = bento(part, n);
        for prep in 0..PREPS {
            let key = format!("{code}-{prep}");
            let vegetable = |v: usize| format!("{key}-{v}");
            let harvest = |v| json!({"product": "carrot", "quantity": "2", "lot": {"code": vegetable(v)}});
            let part = |v| json!({"lot": vegetable(v), "quantity": "2"});
            let harvests: Vec<Value> = (0..VEGETABLES).map(harvest).collect();
            let parts: Vec<Value> = (0..VEGETABLES).map(part).collect();
            let prepared = json!([{"product": "prep", "quantity": "20", "lot": {"code": key}}]);
            acts.push(act("produce", &farm, &key, day, json!({"lines": harvests})));
            acts.push(act(
                "ship",
                &farm,
                &format!("{key}-ship"),
                day,
                json!({"to": kitchen, "lines": parts}),
            ));
            let shipment = json!({"office": farm, "key": format!("{key}-ship")});
            acts.push(act(
                "receive",
                &kitchen,
                &format!("{key}-receive"),
                day,
                json!({"shipment": shipment, "all": true}),
            ));
            acts.push(act(
                "process",
                &kitchen,
                &key,
                day,
                json!({"inputs": parts, "outputs": prepared}),
            ));
        }
        let preps = (0..PREPS).map(|prep| json!({"lot": format!("{code}-{prep}"), "quantity": "20"}));
        let cooked = json!([{"product": "bento", "quantity": "400", "lot": {"code": code}}]);
        let fields = json!({"inputs": preps.collect::<Vec<Value>>(), "outputs": cooked});
        acts.push(act("process", &kitchen, &code, day, fields));
        acts.extend((0..SALES).map(|sale| sell(&kitchen, &code, sale, 80, day)));
    }
    if part == Part::Early {
        acts.extend(recalled(&farm, &kitchen, day));
    }
    acts
}

/// One vegetable lot that went into very many.
fn recalled(farm: &str, kitchen: &str, day: &str) -> Vec<Value> {
    let lot = RECALLED_LOT;
    let lines = |extra: &str| json!([{"lot": lot, "quantity": extra}]);
    let harvest = json!([{"product": "carrot", "quantity": "400", "lot": {"code": lot}}]);
    let mut acts = vec![
        act("produce", farm, lot, day, json!({"lines": harvest})),
        act(
            "ship",
            farm,
            &format!("{lot}-ship"),
            day,
            json!({"to": kitchen, "lines": lines("400")}),
        ),
        act(
            "receive",
            kitchen,
            &format!("{lot}-receive"),
            day,
            json!({"shipment": {"office": farm, "key": format!("{lot}-ship")}, "all": true}),
        ),
    ];
    for prep in 0..RECALLED_PREPS {
        let key = format!("recalled-{prep}");
        let prepared = json!([{"product": "prep", "quantity": "10", "lot": {"code": key}}]);
        acts.push(act(
            "process",
            kitchen,
            &key,
            day,
            json!({"inputs": lines("10"), "outputs": prepared}),
        ));
        // five lots a kettle
        for kettle in 0..OF_PREP / 5 {
            let bento = |n: usize| format!("{key}-bento-{}", kettle * 5 + n);
            let line = |n| json!({"product": "bento", "quantity": "20", "lot": {"code": bento(n)}});
            let cooked: Vec<Value> = (0..5).map(line).collect();
            let inputs = json!([{"lot": key, "quantity": "2"}]);
            acts.push(act(
                "process",
                kitchen,
                &format!("{key}-{kettle}"),
                day,
                json!({"inputs": inputs, "outputs": cooked}),
            ));
            acts.extend((0..5).map(|n| sell(kitchen, &bento(n), 0, 20, day)));
        }
    }
    acts
}

fn sell(office: &str, lot: &str, sale: usize, pieces: usize, day: &str) -> Value {
    let lines = json!([{"lot": lot, "quantity": pieces.to_string()}]);
    act(
        "sell",
        office,
        &format!("{lot}-sale-{sale}"),
        day,
        json!({"lines": lines}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_as_long_as_they_say() {
        assert_eq!(acts(Part::Early).len(), EARLY);
        assert_eq!(acts(Part::Late).len(), BENTOS * (4 * PREPS + 1 + SALES));
        assert_eq!((TREE, RECALLED), (181, 1041));
    }
}
