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

/// How many lots hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Bento lots of each part.
    pub bentos: usize,
    /// Preparations in a bento lot.
    pub preps: usize,
    /// Vegetable lots in each of them.
    pub vegetables: usize,
    /// Sales of a bento lot.
    pub sales: usize,
    /// Preparations of the recalled lot.
    pub recalled_preps: usize,
    /// Kettles of each, and bento lots of a kettle, each sold once.
    pub kettles: usize,
    /// Bento lots of a kettle.
    pub of_kettle: usize,
}

impl Shape {
    /// As it is measured: trees of 1 + 12 + 12 × 14 = 181 lots, and 1 + 40 + 40 × 25 = 1,041 lots to recall.
    pub const FULL: Shape = Shape {
        bentos: 5,
        preps: 12,
        vegetables: 14,
        sales: 5,
        recalled_preps: 40,
        kettles: 5,
        of_kettle: 5,
    };
    /// A few lots, to see that it works.
    pub const SMALL: Shape = Shape {
        bentos: 1,
        preps: 2,
        vegetables: 2,
        sales: 1,
        recalled_preps: 2,
        kettles: 1,
        of_kettle: 2,
    };

    /// Lots of a traced tree.
    pub fn tree(&self) -> usize {
        1 + self.preps + self.preps * self.vegetables
    }

    /// Lots of the recalled tree.
    pub fn recalled(&self) -> usize {
        1 + self.recalled_preps + self.recalled_preps * self.kettles * self.of_kettle
    }
}

/// Code of the vegetable lot that is recalled.
pub const RECALLED_LOT: &str = "recalled-carrot";

/// Codes of the bento lots that are traced.
pub fn bento_lots(shape: &Shape) -> Vec<String> {
    [Part::Early, Part::Late]
        .into_iter()
        .flat_map(|part| (0..shape.bentos).map(move |n| bento(part, n)))
        .collect()
}

fn bento(part: Part, n: usize) -> String {
    match part {
        Part::Early => format!("traced-bento-{n}"),
        Part::Late => format!("traced-late-bento-{n}"),
    }
}

/// The acts of a part.
pub fn acts(shape: &Shape, part: Part) -> Vec<Value> {
    let (farm, kitchen) = (office(0), office(5));
    let day = match part {
        Part::Early => "2025-04-01",
        Part::Late => "2026-03-31",
    };
    let mut acts = Vec::new();
    for n in 0..shape.bentos {
        let code = bento(part, n);
        for prep in 0..shape.preps {
            let key = format!("{code}-{prep}");
            let vegetable = |v: usize| format!("{key}-{v}");
            let harvest = |v| json!({"product": "carrot", "quantity": "2", "lot": {"code": vegetable(v)}});
            let part = |v| json!({"lot": vegetable(v), "quantity": "2"});
            let harvests: Vec<Value> = (0..shape.vegetables).map(harvest).collect();
            let parts: Vec<Value> = (0..shape.vegetables).map(part).collect();
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
        let preps = (0..shape.preps).map(|prep| json!({"lot": format!("{code}-{prep}"), "quantity": "20"}));
        let cooked = json!([{"product": "bento", "quantity": "400", "lot": {"code": code}}]);
        let fields = json!({"inputs": preps.collect::<Vec<Value>>(), "outputs": cooked});
        acts.push(act("process", &kitchen, &code, day, fields));
        acts.extend((0..shape.sales).map(|sale| sell(&kitchen, &code, sale, 80, day)));
    }
    if part == Part::Early {
        acts.extend(recalled(shape, &farm, &kitchen, day));
    }
    acts
}

/// One vegetable lot that went into very many.
fn recalled(shape: &Shape, farm: &str, kitchen: &str, day: &str) -> Vec<Value> {
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
    for prep in 0..shape.recalled_preps {
        let key = format!("recalled-{prep}");
        let prepared = json!([{"product": "prep", "quantity": "10", "lot": {"code": key}}]);
        acts.push(act(
            "process",
            kitchen,
            &key,
            day,
            json!({"inputs": lines("10"), "outputs": prepared}),
        ));
        for kettle in 0..shape.kettles {
            let bento = |n: usize| format!("{key}-bento-{}", kettle * shape.of_kettle + n);
            let line = |n| json!({"product": "bento", "quantity": "20", "lot": {"code": bento(n)}});
            let cooked: Vec<Value> = (0..shape.of_kettle).map(line).collect();
            let inputs = json!([{"lot": key, "quantity": "2"}]);
            acts.push(act(
                "process",
                kitchen,
                &format!("{key}-{kettle}"),
                day,
                json!({"inputs": inputs, "outputs": cooked}),
            ));
            acts.extend((0..shape.of_kettle).map(|n| sell(kitchen, &bento(n), 0, 20, day)));
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
    fn the_shapes_are_as_large_as_is_asked_for() {
        assert_eq!((Shape::FULL.tree(), Shape::FULL.recalled()), (181, 1041));
        assert_eq!((Shape::SMALL.tree(), Shape::SMALL.recalled()), (7, 7));
        // a small book has to hold them
        let acts = |part| acts(&Shape::FULL, part).len();
        assert!(acts(Part::Early) + acts(Part::Late) < 2_000);
    }
}
