//! A shop that sells for three owners beside its own goods: A is registered and told the shop so, A2 is registered and did not,
//! B has no number. One sale to the public hall holds goods of all four.

use crate::world::act;
use serde_json::{Value, json};

/// What the sale comes to, tax included, of the shop's own goods and A's: 23,894 at 10 % and 22,332 at 8 % (the amounts of the
/// tax office's example), each seller's with its own tax at the till.
pub const FIRST: [(i64, i64, i64, i64); 2] = [(10, 23_893, 2_389, 26_282), (8, 22_331, 1_786, 24_117)];
/// … and of A2's and B's.
pub const SECOND: [(i64, i64, i64, i64); 2] = [(10, 1_000, 100, 1_100), (8, 926, 74, 1_000)];

fn agreement(producer: &str, from: &str, is_told: bool) -> Value {
    let commission = json!({"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive"});
    let mut terms = json!({"consign": {"commission": commission}});
    if is_told {
        terms["intermediary_invoice"] = true.into();
    }
    json!({"kind": "agreement", "key": format!("{producer}-c-{from}"), "supplied_on": from,
        "code": format!("{producer}-c-consign"), "about": "consign", "producer": producer, "other": "c",
        "agreed": [producer, "c"], "terms": terms})
}

fn product(office: &str, code: &str, name: &str, tax: &str) -> Value {
    let product = json!({"code": code, "name": name, "unit": {"name": "個"}, "tax": tax, "allergens": {}});
    act("product", office, code, "2026-04-01", product)
}

fn price(office: &str, product: &str, price: &str, basis: &str) -> Value {
    let fields = json!({"product": product, "channel": "retail", "unit_price": price, "basis": basis});
    act(
        "price",
        office,
        &format!("price-{product}-june"),
        "2026-06-01",
        fields,
    )
}

/// A takes back from a day on that the shop may write its own number for A's goods.
pub fn untold(from: &str) -> Value {
    agreement("a", from, false)
}

/// Agreements, products and goods on the shelf, on 10 June 2026.
pub fn placed() -> Vec<Value> {
    let mut acts = vec![
        agreement("a", "2026-06-01", true),
        agreement("a2", "2026-04-01", false),
        agreement("b", "2026-04-01", true),
        product("c", "mug", "マグ", "standard"),
        product("c", "tea", "お茶", "reduced"),
        product("a2", "soap", "せっけん", "standard"),
        price("c", "mug", "11345", "exclusive"),
        price("c", "tea", "9987", "exclusive"),
        price("a", "craft", "12549", "exclusive"),
        price("a", "carrot", "12345", "exclusive"),
        price("a2", "soap", "1100", "inclusive"),
    ];
    let hall = json!({"code": "hall", "name": "公民館", "partner_kind": "public_body"});
    acts.push(act("partner", "c", "hall", "2026-04-01", hall));
    for (office, product, lot) in [
        ("c", "mug", "M-1"),
        ("c", "tea", "T-1"),
        ("a", "craft", "N-1"),
        ("a", "carrot", "C-1"),
        ("a2", "soap", "S-1"),
        ("b", "bento", "B-1"),
    ] {
        let made = json!({"lines": [{"product": product, "quantity": "8", "lot": {"code": lot}}]});
        acts.push(act("produce", office, &format!("p-{lot}"), "2026-06-10", made));
        if office != "c" {
            let placed = json!({"to": "c", "lines": [{"lot": lot, "quantity": "8"}]});
            acts.push(act("consign", office, &format!("k-{lot}"), "2026-06-10", placed));
        }
    }
    acts
}

/// The sale to the public hall, on account: 52,499 yen; a mug, a pack of tea, a craft, a kilo of carrots, a soap, two bentos.
pub fn sold() -> Value {
    let lines = ["M-1", "T-1", "N-1", "C-1", "S-1"].map(|lot| json!({"lot": lot, "quantity": "1"}));
    let mut lines = Vec::from(lines);
    lines.push(json!({"lot": "B-1", "quantity": "2"}));
    let sale = json!({"lines": lines, "paid": {"by": "on_account", "partner": "hall"}});
    act("sell", "c", "sale-1", "2026-06-10", sale)
}

/// A mug and a soap, for cash: 12,479 and 1,100 yen.
pub fn sold_for_cash() -> Value {
    let lines = ["M-1", "S-1"].map(|lot| json!({"lot": lot, "quantity": "1"}));
    act("sell", "c", "cash-1", "2026-06-11", json!({"lines": lines}))
}

/// A kilo of carrots and a bento come back from the public hall.
pub fn came_back(day: &str) -> Value {
    let lines = ["C-1", "B-1"].map(|lot| json!({"lot": lot, "quantity": "1"}));
    let back = json!({"sale": {"key": "sale-1"}, "lines": lines});
    act("return", "c", "back-1", day, back)
}
