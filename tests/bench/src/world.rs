//! The invented world that is measured in: some offices with their master data, and lots to sell.

use serde_json::{Value, json};

/// Day on which the world begins.
pub const FIRST_DAY: &str = "2025-04-01";

/// An act of an office on a day.
pub fn act(kind: &str, office: &str, key: &str, day: &str, mut fields: Value) -> Value {
    for (name, value) in [
        ("kind", kind),
        ("office", office),
        ("key", key),
        ("supplied_on", day),
    ] {
        if let Some(fields) = fields.as_object_mut() {
            fields.insert(name.to_owned(), value.into());
        }
    }
    fields
}

/// Code of an office by number.
pub fn office(n: usize) -> String {
    format!("office-{n:03}")
}

/// Acts that make so many offices known, each with what it makes, its prices and its till.
pub fn masters(offices: usize) -> Vec<Value> {
    let keeper = |kind: &str, key: &str, mut fields: Value| {
        for (name, value) in [("kind", kind), ("key", key), ("supplied_on", FIRST_DAY)] {
            if let Some(fields) = fields.as_object_mut() {
                fields.insert(name.to_owned(), value.into());
            }
        }
        fields
    };
    let rate = |category: &str, percent: u8| {
        let fields =
            json!({"category": category, "percent": percent, "status": "enacted", "source": "消費税法"});
        keeper("rate", category, fields)
    };
    let network = keeper("network", "network", json!({"code": "network", "name": "連絡会"}));
    let mut acts = vec![rate("standard", 10), rate("reduced", 8), network];
    for n in 0..offices {
        let (code, corporation) = (office(n), format!("corporation-{n:03}"));
        let name = format!("作業所{n}");
        acts.push(keeper(
            "corporation",
            &corporation,
            json!({"code": corporation, "name": format!("法人{n}"), "taxation": {"kind": "standard"}}),
        ));
        acts.push(keeper(
            "office",
            &code,
            json!({"code": code, "name": name, "corporation": corporation}),
        ));
        acts.push(keeper(
            "membership",
            &format!("member-{n}"),
            json!({"network": "network", "member": code}),
        ));
        let mut own = |kind: &str, key: &str, fields: Value| {
            acts.push(act(kind, &code, key, FIRST_DAY, fields));
        };
        own(
            "cash_place",
            "cash",
            json!({"code": "cash", "name": "金庫", "holds": "cash"}),
        );
        own(
            "cash_place",
            "bank",
            json!({"code": "bank", "name": "銀行", "holds": "bank"}),
        );
        for (product, name, tax, decimals, unit, work, keeps) in [
            ("craft", "布小物", "standard", 0, "個", "sewing", None),
            ("carrot", "にんじん", "reduced", 3, "kg", "farm", Some(14)),
            ("leek", "ねぎ", "reduced", 3, "kg", "farm", Some(10)),
            ("spinach", "ほうれん草", "reduced", 3, "kg", "farm", Some(5)),
            ("prep", "下ごしらえ", "reduced", 3, "kg", "kitchen", Some(3)),
            ("bento", "弁当", "reduced", 0, "個", "kitchen", Some(1)),
        ] {
            let mut fields = json!({"code": product, "name": name, "unit": {"name": unit, "decimals": decimals},
                "tax": tax, "work": work, "allergens": {}});
            if let (Some(days), Some(fields)) = (keeps, fields.as_object_mut()) {
                fields.insert("keeps_days".to_owned(), days.into());
            }
            own("product", product, fields);
        }
        for (product, channel, yen) in [
            ("craft", "retail", "500"),
            ("carrot", "retail", "300"),
            ("carrot", "supply", "200"),
            ("leek", "retail", "400"),
            ("leek", "supply", "300"),
            ("spinach", "retail", "600"),
            ("spinach", "supply", "500"),
            ("bento", "retail", "550"),
            ("bento", "supply", "450"),
        ] {
            let fields = json!({"product": product, "channel": channel, "unit_price": yen});
            own("price", &format!("{product}-{channel}"), fields);
        }
    }
    acts
}

/// Day a sale of the measured world counts for.
pub const SALE_DAY: &str = "2025-06-02";
/// The same as the tables have it.
pub const SALE_DAY_NUMBER: i32 = 20_250_602;
/// Its month.
pub const SALE_MONTH: i32 = 202_506;

/// Code of a lot that a till sells from.
pub fn shelf_lot(office: usize, n: usize) -> String {
    format!("T{office:03}-{n:03}")
}

/// Lots from which tills sell, far more of each than is ever sold, and one sale of each lot.
pub fn tills(offices: usize, lots: usize) -> Vec<Value> {
    let mut acts = Vec::new();
    for n in 0..offices {
        let line =
            |lot| json!({"product": "craft", "quantity": "100000000", "lot": {"code": shelf_lot(n, lot)}});
        let lines: Vec<Value> = (0..lots).map(line).collect();
        acts.push(act(
            "produce",
            &office(n),
            "shelf",
            FIRST_DAY,
            json!({"lines": lines}),
        ));
    }
    for n in 0..offices {
        for lot in 0..lots {
            acts.push(sale(n, lot, &format!("first-{lot}")));
        }
    }
    acts
}

/// The act that recording is measured with: one piece of a scanned lot, paid in cash.
pub fn sale(n: usize, lot: usize, key: &str) -> Value {
    let lines = json!([{"lot": shelf_lot(n, lot), "quantity": "1"}]);
    act("sell", &office(n), key, SALE_DAY, json!({"lines": lines}))
}
