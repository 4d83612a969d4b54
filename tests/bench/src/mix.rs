//! A year of dealings as JSON Lines: the masters, lots whose traces are measured, and between them days as they are:
//! farms harvest, ship and sell, kitchens cook and sell, shops sell on; nine of ten acts are sales or goods on the way.
//!
//! The same number of acts gives the same bytes.

use crate::{
    probe::{self, Shape},
    world::{act, masters, office},
};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Farms, kitchens and shops: so many of each.
const OF_EACH: usize = 5;
/// Offices of the mixed world.
pub const OFFICES: usize = 3 * OF_EACH;
/// Rounds of dealings a year, at least: fewer acts are fewer days, more acts fuller ones.
const ROUNDS_A_YEAR: usize = 32_000;
/// Acts of a round, on average.
const ACTS_OF_ROUND: usize = 31;
/// Pieces of each sale of a round: 60 in all.
const SALES: [u32; 10] = [5, 7, 6, 4, 8, 6, 5, 7, 6, 6];

/// Writes about so many acts (what has begun is ended), and says how many they were.
pub fn write(to: &mut impl Write, acts: usize, shape: &Shape) -> io::Result<usize> {
    let mut written = 0;
    let mut put = |act: Value| {
        written += 1;
        writeln!(to, "{act}")
    };
    let mut first = masters(OFFICES);
    first.extend(probe::acts(shape, probe::Part::Early));
    let last = probe::acts(shape, probe::Part::Late);
    let mut left = acts.saturating_sub(first.len() + last.len());
    first.into_iter().try_for_each(&mut put)?;
    let rounds = (acts / ACTS_OF_ROUND).max(ROUNDS_A_YEAR);
    for n in 0.. {
        if left == 0 {
            break;
        }
        for act in round(n, rounds) {
            left = left.saturating_sub(1);
            put(act)?;
        }
    }
    last.into_iter().try_for_each(&mut put)?;
    Ok(written)
}

/// The n-th day of the year, counted from 0.
fn day(n: usize) -> String {
    const MONTHS: [(&str, usize); 12] = [
        ("2025-04", 30),
        ("2025-05", 31),
        ("2025-06", 30),
        ("2025-07", 31),
        ("2025-08", 31),
        ("2025-09", 30),
        ("2025-10", 31),
        ("2025-11", 30),
        ("2025-12", 31),
        ("2026-01", 31),
        ("2026-02", 28),
        ("2026-03", 31),
    ];
    let mut left = n;
    for (month, days) in MONTHS {
        if left < days {
            return format!("{month}-{:02}", left + 1);
        }
        left -= days;
    }
    "2026-03-31".to_owned()
}

/// One farm, one kitchen and one shop deal with each other.
fn round(n: usize, rounds: usize) -> Vec<Value> {
    let day = day(n * 365 / rounds);
    let turn = n / OF_EACH;
    let (farm, kitchen, shop) = (
        office(n % OF_EACH),
        office(OF_EACH + (n + turn) % OF_EACH),
        office(2 * OF_EACH + (n + 2 * turn) % OF_EACH),
    );
    let mut acts = Vec::with_capacity(ACTS_OF_ROUND + 4);
    let mut put = |kind: &str, office: &str, key: &str, fields: Value| {
        acts.push(act(kind, office, &format!("{key}-{n}"), &day, fields));
    };
    let lot = |what: &str| format!("{what}-{n}");
    let harvest = |what: &str, kg: &str| json!({"product": what, "quantity": kg, "lot": {"code": lot(what), "field": format!("{}番の畑", n % 7 + 1)}});
    let lines = json!([
        harvest("carrot", "30"),
        harvest("leek", "20"),
        harvest("spinach", "10")
    ]);
    put("produce", &farm, "harvest", json!({"lines": lines}));
    let ordered = n.is_multiple_of(2);
    if ordered {
        let line = |what: &str, kg: &str| json!({"product": format!("{farm}/{what}"), "quantity": kg});
        let lines = json!([line("carrot", "20"), line("leek", "12"), line("spinach", "6")]);
        put(
            "order",
            &kitchen,
            "order",
            json!({"to": farm, "wanted_on": day, "lines": lines}),
        );
    }
    let part = |what: &str, quantity: &str| json!({"lot": lot(what), "quantity": quantity});
    let parts = json!([part("carrot", "20"), part("leek", "12"), part("spinach", "6")]);
    let mut ship = json!({"to": kitchen, "lines": parts});
    if ordered {
        ship["order"] = json!({"office": kitchen, "key": format!("order-{n}")});
    }
    if n.is_multiple_of(10) {
        ship["note"] = json!(format!("朝の便 {n}"));
    }
    put("ship", &farm, "ship", ship);
    put(
        "receive",
        &kitchen,
        "receive",
        json!({"shipment": {"office": farm, "key": format!("ship-{n}")}, "all": true}),
    );
    for (sale, line) in [
        part("leek", "3"),
        part("leek", "5"),
        part("spinach", "4"),
        part("carrot", "6"),
        // counted, not scanned: the rules look for the lots
        json!({"product": "carrot", "quantity": "4"}),
    ]
    .into_iter()
    .enumerate()
    {
        put("sell", &farm, &format!("gate-{sale}"), json!({"lines": [line]}));
    }
    let bento = json!([{"product": "bento", "quantity": "120", "lot": {"code": lot("bento")}}]);
    put(
        "process",
        &kitchen,
        "cook",
        json!({"inputs": parts, "outputs": bento}),
    );
    for (sale, pieces) in SALES.into_iter().enumerate() {
        let lines = json!([part("bento", &pieces.to_string())]);
        put(
            "sell",
            &kitchen,
            &format!("lunch-{sale}"),
            json!({"lines": lines}),
        );
    }
    put(
        "ship",
        &kitchen,
        "send",
        json!({"to": shop, "lines": [part("bento", "60")]}),
    );
    put(
        "receive",
        &shop,
        "take",
        json!({"shipment": {"office": kitchen, "key": format!("send-{n}")}, "all": true, "purpose": "merchandise"}),
    );
    for (sale, pieces) in SALES.into_iter().enumerate() {
        let line = if sale < 8 {
            json!({"lot": lot("bento"), "quantity": pieces.to_string(), "unit_price": "550"})
        } else {
            json!({"product": format!("{kitchen}/bento"), "quantity": pieces.to_string(), "unit_price": "550"})
        };
        put("sell", &shop, &format!("shelf-{sale}"), json!({"lines": [line]}));
    }
    if n % 20 == 7 {
        let right = json!({"kind": "sell", "lines": [part("bento", "4")]});
        put(
            "correct",
            &kitchen,
            "correct",
            json!({"entry": {"key": format!("lunch-0-{n}")}, "reason": "数えまちがい", "right": right}),
        );
    }
    acts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_of_acts_is_the_same_file() {
        let file = |acts| {
            let mut file = Vec::new();
            let written = write(&mut file, acts, &Shape::SMALL).unwrap();
            let file = String::from_utf8(file).unwrap();
            assert_eq!(file.lines().count(), written);
            assert!((acts..acts + 40).contains(&written), "{written}");
            file
        };
        assert_eq!(file(1_000), file(1_000));
        assert_ne!(file(1_000), file(1_100));
    }

    #[test]
    fn a_year_has_its_days() {
        assert_eq!(
            [0, 29, 30, 364, 365].map(day),
            [
                "2025-04-01",
                "2025-04-30",
                "2025-05-01",
                "2026-03-31",
                "2026-03-31"
            ]
        );
    }
}
