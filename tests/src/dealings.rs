//! Many dealings of the small world as JSON Lines, for imports: office A makes, ships to B, B receives; now and then a
//! note, a correction of what was partly shipped, a reversal.

use crate::world::act;
use serde_json::{Value, json};

/// Lots of so many pieces are made …
pub const MADE: i64 = 5;
/// … of which so many are shipped and received …
pub const SHIPPED: i64 = 3;
/// … at this price, tax included. Every 25th lot is corrected to one piece less.
pub const YEN: i64 = 700;

/// Acts about so many lots, in an order in which all of them can be recorded.
pub fn dealings(lots: usize) -> Vec<Value> {
    (0..lots).flat_map(lot).collect()
}

/// The acts about one lot, in their order.
pub fn lot(n: usize) -> Vec<Value> {
    let day = format!("2026-06-{:02}", n % 28 + 1);
    let made = |quantity: i64| json!([{"product": "craft", "quantity": quantity.to_string(), "lot": {"code": format!("N-{n}")}}]);
    let mut ship = json!({"to": "b", "lines": [
        {"lot": format!("N-{n}"), "quantity": SHIPPED.to_string(), "unit_price": YEN.to_string()}]});
    if n.is_multiple_of(10) {
        ship["note"] = format!("朝の便 {n}").into();
    }
    let receive = json!({"shipment": {"office": "a", "key": format!("s{n}")}, "all": true});
    let mut acts = vec![
        act(
            "produce",
            "a",
            &format!("p{n}"),
            &day,
            json!({"lines": made(MADE)}),
        ),
        act("ship", "a", &format!("s{n}"), &day, ship),
        act("receive", "b", &format!("r{n}"), &day, receive),
    ];
    if n.is_multiple_of(25) {
        let right = json!({"kind": "produce", "lines": made(MADE - 1)});
        let correct = json!({"entry": {"key": format!("p{n}")}, "reason": "数えまちがい", "right": right});
        acts.push(act("correct", "a", &format!("c{n}"), &day, correct));
    }
    if n % 40 == 1 {
        let reverse = json!({"entry": {"key": format!("r{n}")}, "reason": "二重に入力"});
        acts.push(act("reverse", "b", &format!("x{n}"), &day, reverse));
    }
    acts
}

/// Lots in `0..lots` for which `n % every == rest`.
pub fn count(lots: usize, every: usize, rest: usize) -> i64 {
    (0..lots)
        .filter(|n| n % every == rest)
        .fold(0, |count, _| count + 1)
}

/// Acts as JSON Lines.
pub fn lines(acts: &[Value]) -> String {
    acts.iter()
        .map(Value::to_string)
        .map(|line| line + "\n")
        .collect()
}
