//! The golden consignments through the whole program: sold over HTTP, settled and asked for, read by both sides.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use serde_json::{Value, json};

/// Goods of a on the shelf of c under these terms of the commission.
struct Shelf {
    _api: TestApi,
    a: Client,
    c: Client,
}

impl Shelf {
    async fn new(engine: Engine, commission: &Value) -> Shelf {
        let api = TestApi::new(engine).await;
        let bento = json!({"code": "bento", "name": "弁当", "unit": {"name": "個"}, "tax": "reduced", "allergens": {}});
        let agreed = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c",
            "agreed": ["a", "c"], "terms": {"consign": {"commission": commission}}});
        let made = json!({"lines": [{"product": "bento", "quantity": "100", "lot": {"code": "B-1"}},
            {"product": "craft", "quantity": "100", "lot": {"code": "N-1"}}]});
        let placed = json!({"to": "c", "lines": [{"lot": "B-1", "quantity": "100"}, {"lot": "N-1", "quantity": "100"}]});
        for act in [
            act("product", "a", "bento", "2026-04-01", bento),
            act("agreement", "a", "agreed", "2026-05-01", agreed),
            act("produce", "a", "made", "2026-05-01", made),
            act("consign", "a", "placed", "2026-05-01", placed),
        ] {
            let answer = api.world.record(act.clone()).await;
            assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
        }
        let (a, c) = (manager(&api, "a").await, manager(&api, "c").await);
        Shelf { _api: api, a, c }
    }

    /// Sold by c over HTTP.
    async fn sold(&self, key: &str, day: &str, lines: &Value) {
        let sale = json!({"office": "c", "supplied_on": day, "lines": lines});
        self.c.post("/v1/sales", key, &sale).await.expect(201);
    }

    /// The statement of June as both see it, after a has asked for it; the same figures on both sides.
    async fn june(&self) -> Value {
        let path = "/v1/offices/a/settlements/c/requests";
        let to = json!({"to": "2026-06-30"});
        let asked = self.a.post(path, "ask-1", &to).await.expect(201).json();
        let next = |client: &Client, pair: &'static str| {
            let client = client.clone();
            async move {
                let path = format!("/v1/offices/{pair}/next?to=2026-06-30");
                client.get(&path).await.expect(200).json()
            }
        };
        let (ours, theirs) = (
            next(&self.a, "a/settlements/c").await,
            next(&self.c, "c/settlements/a").await,
        );
        for part in ["sold", "charged", "payment"] {
            assert_eq!(ours[part], theirs[part], "{part}");
        }
        assert_eq!(asked["act"]["balance"], ours["closing"]);
        ours
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

/// Per rate: percent, gross, tax within.
fn rates(of: &Value) -> Vec<(i64, i64, i64)> {
    let number = |value: &Value| value.as_i64().unwrap();
    (of["rates"].as_array().unwrap().iter())
        .map(|rate| {
            let percent = number(&rate["rate"]["percent"]);
            (percent, number(&rate["gross"]), number(&rate["tax"]))
        })
        .collect()
}

fn golden(file: &str) -> Value {
    serde_json::from_str(file).unwrap()
}

fn inclusive(percent: &str) -> Value {
    json!({"charge": {"percent": percent}, "base": "inclusive", "tax": "inclusive", "rounding": "down"})
}

#[tokio::test]
async fn nine_sales_of_330_yen_cost_445_and_not_nine_times_49() {
    let golden = golden(include_str!("../golden/commission_period.json"));
    for engine in engines() {
        let shelf = Shelf::new(engine, &inclusive("15")).await;
        for n in 1..=9 {
            let line = json!([{"lot": "N-1", "quantity": "1", "unit_price": "330"}]);
            shelf
                .sold(&format!("s-{n}"), &format!("2026-06-{n:02}"), &line)
                .await;
        }
        let june = shelf.june().await;
        // 2,970 × 15 % = 445.5; of each sale 49.5, nine times 49 would be 441
        assert_eq!(
            (&golden["per_period"], &golden["per_sale_would_be"]),
            (&json!(445), &json!(441))
        );
        let charged = golden["per_period"].as_i64().unwrap();
        assert_eq!(rates(&june["sold"][0]), [(10, 2_970, 270)]);
        assert_eq!(rates(&june["charged"][0]), [(10, charged, 40)]);
        assert_eq!(june["closing"], 2_525);
        assert_eq!(june["payment"]["yen"], 2_525);
    }
}

#[tokio::test]
async fn the_golden_month_at_15_and_at_20_percent() {
    let golden = golden(include_str!("../golden/consignment.json"));
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    for engine in engines() {
        for case in cases {
            let percent = case["commission_percent"].to_string();
            let shelf = Shelf::new(engine, &inclusive(&percent)).await;
            sell_golden(&shelf, case).await;
            let june = shelf.june().await;
            let sum = |rate: &str, of: &str| case[of][rate].as_i64().unwrap();
            assert_eq!(
                rates(&june["sold"][0]),
                [
                    (10, sum("10", "gross"), sum("10", "tax_within")),
                    (8, sum("8", "gross"), sum("8", "tax_within"))
                ]
            );
            let (charged, tax) = (&case["commission"], &case["tax_within_commission"]);
            let charged = (charged.as_i64().unwrap(), tax.as_i64().unwrap());
            assert_eq!(rates(&june["charged"][0]), [(10, charged.0, charged.1)]);
            assert_eq!(june["closing"], case["pay_to_producer"], "{percent} %");
            assert_eq!(june["payment"]["payer"]["code"], "c");
        }
    }
}

/// A row of the golden case a sale.
async fn sell_golden(shelf: &Shelf, case: &Value) {
    for sale in case["sales"].as_array().unwrap() {
        let item = sale["item"].as_str().unwrap();
        let lot = if item == "bento" { "B-1" } else { "N-1" };
        let line = json!([{"lot": lot, "quantity": sale["quantity"].to_string(),
            "unit_price": sale["unit_price"].to_string()}]);
        shelf.sold(item, "2026-06-10", &line).await;
    }
}

#[tokio::test]
async fn fifteen_percent_of_the_sales_without_tax_and_tax_on_top() {
    let golden = golden(include_str!("../golden/consignment.json"));
    for engine in engines() {
        let terms =
            json!({"charge": {"percent": "15"}, "base": "exclusive", "tax": "exclusive", "rounding": "down"});
        let shelf = Shelf::new(engine, &terms).await;
        sell_golden(&shelf, &golden["cases"][0]).await;
        let june = shelf.june().await;
        // 20,000 − 1,481 and 11,000 − 1,000 are 28,519; 15 % of that 4,277.85; 10 % of 4,277 on top: 427
        assert_eq!(rates(&june["charged"][0]), [(10, 4_277 + 427, 427)]);
        // 31,000 − 4,704
        assert_eq!(june["closing"], 26_296);
        assert_eq!(june["payment"]["yen"], 26_296);
    }
}

#[tokio::test]
async fn a_commission_above_the_price_is_lawful_and_warned_of() {
    for engine in engines() {
        let terms = json!({"charge": {"per_unit": "400"}, "base": "inclusive", "tax": "inclusive"});
        let shelf = Shelf::new(engine, &terms).await;
        let preview = json!({"terms": {"consign": {"commission": terms}}, "price": 330});
        let path = "/v1/offices/a/agreement-previews";
        let told = shelf
            .a
            .call(axum::http::Method::POST, path, None, Some(&preview))
            .await;
        let told = told.expect(200).json();
        assert!(
            told["warnings"]
                .as_array()
                .is_some_and(|warnings| !warnings.is_empty()),
            "{told}"
        );
        let line = json!([{"lot": "N-1", "quantity": "1", "unit_price": "330"}]);
        shelf.sold("s-1", "2026-06-10", &line).await;
        let june = shelf.june().await;
        // 330 − 400: the producer owes the shop
        assert_eq!(june["closing"], -70);
        assert_eq!(
            (&june["payment"]["payer"]["code"], &june["payment"]["yen"]),
            (&json!("a"), &json!(70))
        );
        // and a least commission of a period in which little was sold
        let least =
            json!({"charge": {"percent": "15"}, "minimum": 1_000, "base": "inclusive", "tax": "inclusive"});
        let shelf = Shelf::new(engine, &least).await;
        shelf.sold("s-1", "2026-06-10", &line).await;
        assert_eq!(shelf.june().await["closing"], 330 - 1_000);
    }
}
