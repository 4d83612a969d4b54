//! 会計担当者のために: the journal balances and is the trial balance, in the letters and columns that the office has set; the
//! statement's stock and tax are worked out by hand here.

use acceptance::{
    api::{Client, TestApi},
    dealings::{dealings, lines},
    support::{Engine, engines},
    world::act,
};
use app::{
    access::rights::Role,
    table::{Line, read},
    writer::Answer,
};
use axum::http::Method;
use domain::id::OfficeId;
use serde_json::{Value, json};
use std::collections::BTreeMap;

struct Books {
    api: TestApi,
    a: Client,
    b: Client,
    offices: [OfficeId; 2],
}

impl Books {
    async fn new(engine: Engine) -> Books {
        let api = TestApi::new(engine).await;
        let masters = api.world.book.store().masters().await.unwrap();
        let id = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let offices = [id("a"), id("b")];
        let a = api.person("staff-a", &[Role::Staff(offices[0])]).await;
        let b = api.person("staff-b", &[Role::Staff(offices[1])]).await;
        Books { api, a, b, offices }
    }

    async fn record(&self, acts: &[Value]) {
        let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
        for (act, answer) in acts
            .iter()
            .zip(self.api.world.record_lines(&lines.join("\n")).await)
        {
            assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
        }
    }
}

fn yen(side: &Value) -> i64 {
    side["yen"].as_i64().unwrap_or_default()
}

/// What an office buys, spends and counts in June, by a seed: amounts that no rule knows.
fn month_of_a(seed: u64) -> Vec<Value> {
    let mut state = seed;
    let mut next = |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most + 1
    };
    let mut acts = Vec::new();
    for n in 0..40 {
        let day = format!("2026-06-{:02}", next(28));
        let amount = next(50_000);
        let fields = match next(3) {
            1 => {
                json!({"supplier": "tane", "basis": if next(2) == 1 {"inclusive"} else {"exclusive"}, "lines": [
                {"product": "carrot", "quantity": "3", "amount": amount},
                {"product": "craft", "quantity": "2", "amount": next(9_000)}]})
            }
            2 => json!({"item": "supplies", "yen": amount, "paid": {"by": "cash"}, "work": "farm"}),
            _ => json!({"item": "utilities", "yen": amount, "paid": {"by": "cash"}, "section": "welfare"}),
        };
        let kind = if fields["supplier"].is_string() {
            "purchase"
        } else {
            "spend"
        };
        acts.push(act(kind, "a", &format!("m{n}"), &day, fields));
        if next(6) == 1 {
            let back = json!({"entry": {"key": format!("m{n}")}, "reason": "二重に入力"});
            acts.push(act("reverse", "a", &format!("mr{n}"), &day, back));
        }
    }
    acts
}

#[tokio::test]
async fn a_journal_balances_and_is_the_trial_balance() {
    for engine in engines() {
        let books = Books::new(engine).await;
        for answer in books.api.world.record_lines(&lines(&dealings(50))).await {
            assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
        }
        books.record(&month_of_a(4711)).await;
        let masters = books.api.world.book.store().masters().await.unwrap();
        let snapshot = books.api.world.book.store().snapshot().await.unwrap();
        let (from, to) = ("2026-06-01".parse().unwrap(), "2026-06-30".parse().unwrap());
        let sums = snapshot.sums_of_days(Some(from), to).await.unwrap();
        for (client, office) in [(&books.a, books.offices[0]), (&books.b, books.offices[1])] {
            let code = masters.office(office).unwrap().code.to_string();
            for tax in ["inclusive", "exclusive"] {
                let path = format!("/v1/offices/{code}/journal?from=2026-06-01&to=2026-06-30&tax={tax}");
                let journal = client.get(&path).await.expect(200).json();
                let lines = journal["lines"].as_array().unwrap();
                assert!(lines.len() > 50, "{}", lines.len());
                let mut entries: BTreeMap<(String, String), i64> = BTreeMap::new();
                let mut accounts: BTreeMap<String, i64> = BTreeMap::new();
                let (mut debits, mut credits) = (0, 0);
                for line in lines {
                    let (debit, credit) = (yen(&line["debit"]), yen(&line["credit"]));
                    let key = (line["number"].to_string(), line["section"].to_string());
                    *entries.entry(key).or_default() += debit - credit;
                    for (side, yen) in [("debit", debit), ("credit", -credit)] {
                        if let Some(account) = line[side]["account"].as_str() {
                            *accounts.entry(account.to_owned()).or_default() += yen;
                        }
                    }
                    debits += debit;
                    credits += credit;
                }
                assert!(entries.values().all(|sum| *sum == 0), "{entries:?}");
                assert_eq!(
                    (debits, credits),
                    (yen_of(&journal["debit"]), yen_of(&journal["credit"]))
                );
                if tax == "inclusive" {
                    let mut expected: BTreeMap<String, i64> = BTreeMap::new();
                    for sum in sums
                        .iter()
                        .filter(|sum| sum.account.unit.office() == Some(office))
                    {
                        let name = app::views::journal::name_of(sum.account.kind);
                        *expected.entry(name).or_default() += sum.yen.get();
                    }
                    accounts.retain(|_, yen| *yen != 0);
                    expected.retain(|_, yen| *yen != 0);
                    assert_eq!(accounts, expected);
                } else {
                    // purchases and sales of crafts hold tax
                    let side = if code == "a" { "tax_received" } else { "tax_paid" };
                    assert!(accounts[side] != 0, "{accounts:?}");
                }
            }
        }
    }
}

fn yen_of(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

async fn rows(client: &Client, path: &str) -> (Vec<Vec<String>>, Option<String>) {
    let told = client.get(path).await.expect(200);
    let replaced = told.headers.get("yokoito-replaced");
    let replaced = replaced.map(|many| many.to_str().unwrap().to_owned());
    let lines: Vec<Line> = read(&told.bytes, None).unwrap();
    (lines.into_iter().map(|line| line.cells).collect(), replaced)
}

#[tokio::test]
async fn the_file_is_as_the_office_has_set_it() {
    for engine in engines() {
        let books = Books::new(engine).await;
        let shop = json!({"code": "tsuchi", "name": "𠮷野園芸", "partner_kind": "supplier"});
        let seeds = json!({"supplier": "tsuchi", "paid": {"by": "on_account", "partner": "tsuchi"}, "lines": [
            {"product": "craft", "quantity": "1", "amount": 1100}]});
        let mut fare = act(
            "spend",
            "a",
            "bus",
            "2026-06-02",
            json!({"item": "travel", "yen": 440, "paid": {"by": "cash"}}),
        );
        fare["note"] = "=2+3".into();
        books
            .record(&[
                act("partner", "a", "tsuchi", "2026-04-01", shop),
                act("purchase", "a", "seeds-6", "2026-06-01", seeds),
                fare,
            ])
            .await;
        let path = "/v1/offices/a/journal?from=2026-06-01&to=2026-06-30";
        let (usual, _) = rows(&books.a, &format!("{path}&format=csv")).await;
        assert_eq!(usual[0][..3], ["伝票番号", "取引日付", "取引の日"]);
        assert_eq!(usual.len(), 3);
        let likes = json!({
            "columns": [{"field": "book_on", "heading": "日付"}, {"field": "debit_account"}, {"field": "debit_tax"},
                {"field": "debit_yen"}, {"field": "credit_account"}, {"field": "credit_sub"}, {"field": "memo"}],
            "accounts": {"merchandise": "商品仕入高", "materials": "当期材料仕入高", "payable": "事業未払金"},
            "taxes": {"purchases_standard_10": "課対仕入込10%"}});
        let settings = "/v1/offices/a/settings/journal";
        books
            .a
            .call(Method::PUT, settings, None, Some(&likes))
            .await
            .expect(200);
        assert_eq!(
            books.a.get(settings).await.json()["columns"][0]["heading"],
            "日付"
        );
        let (own, replaced) = rows(&books.a, &format!("{path}&format=csv&encoding=cp932&notes=true")).await;
        assert_eq!(
            own[0],
            [
                "日付",
                "借方勘定科目",
                "借方税区分",
                "借方金額",
                "貸方勘定科目",
                "貸方補助科目",
                "摘要"
            ]
        );
        assert_eq!(
            own[1],
            [
                "2026/06/01",
                "当期材料仕入高",
                "課対仕入込10%",
                "1100",
                "事業未払金",
                "〓野園芸",
                "仕入"
            ]
        );
        // a note that begins like a formula stands behind the act's name, and nothing of it runs
        assert_eq!(own[2][1..4], ["旅費交通費", "課対仕入込10%", "440"]);
        assert_eq!(own[2][6], "経費 =2+3");
        assert_eq!(replaced.as_deref(), Some("1"));
        let (in_utf8, replaced) = rows(&books.a, &format!("{path}&format=csv")).await;
        assert_eq!((in_utf8[1][5].as_str(), replaced), ("𠮷野園芸", None));
        // without being asked no free text goes out
        assert_eq!(in_utf8[2][6], "経費");
        let (sheet, _) = rows(&books.a, &format!("{path}&format=xlsx")).await;
        assert_eq!(sheet[1][1], "当期材料仕入高");
        // what is not known is refused, and nothing changes
        let wrong = json!({"accounts": {"uriage": "売上"}});
        let told = books
            .a
            .call(Method::PUT, settings, None, Some(&wrong))
            .await
            .expect(422);
        assert_eq!(told.json()["errors"][0]["pointer"], "/accounts");
        assert_eq!(
            books.a.get(settings).await.json()["columns"][0]["heading"],
            "日付"
        );
        books.b.get(path).await.expect(404);
        books
            .a
            .get("/v1/offices/a/journal?from=2026-06-30&to=2026-06-01")
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn tax_is_taken_out_once_per_entry_and_rate() {
    for engine in engines() {
        let books = Books::new(engine).await;
        // 333 + 333 + 334 = 1,000 yen at 8 % hold 74 yen (1,000 × 8/108 = 74.07); line by line it would be 24 + 24 + 24
        let seeds = json!({"supplier": "tane", "lines": [
            {"product": "carrot", "quantity": "1", "amount": 333},
            {"product": "carrot", "quantity": "1", "amount": 333},
            {"product": "carrot", "quantity": "1", "amount": 334, "purpose": "welfare"}]});
        books
            .record(&[act("purchase", "a", "seeds-6", "2026-06-01", seeds)])
            .await;
        let path = "/v1/offices/a/journal?from=2026-06-01&to=2026-06-30&tax=exclusive";
        let journal = books.a.get(path).await.expect(200).json();
        let paid: Vec<i64> = journal["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["debit"]["account"] == "tax_paid")
            .map(|line| yen(&line["debit"]))
            .collect();
        // 666 × 8/108 = 49.3 in one section, 334 × 8/108 = 24.7 in the other
        assert_eq!(paid, [49, 24], "{journal}");
    }
}

#[tokio::test]
async fn stock_stands_at_what_its_lots_cost() {
    for engine in engines() {
        let books = Books::new(engine).await;
        let lot = |code: &str| json!({"code": code});
        let made = json!({"lines": [{"product": "carrot", "quantity": "20", "lot": lot("A-1")}]});
        let rice = json!({"supplier": "komeya", "lines": [
            {"product": "rice", "quantity": "10", "amount": 3240, "lot": lot("K-1")}]});
        let cooked = json!({"inputs": [{"lot": "A-1", "quantity": "2"}, {"lot": "K-1", "quantity": "4"}],
            "outputs": [{"product": "bento", "quantity": "8", "lot": lot("B-1")}]});
        books
            .record(&[
                act("produce", "a", "p1", "2026-06-01", made),
                act("purchase", "b", "k1", "2026-06-01", rice),
                act(
                    "ship",
                    "a",
                    "s1",
                    "2026-06-02",
                    json!({"to": "b", "lines": [{"lot": "A-1", "quantity": "5"}]}),
                ),
                act(
                    "receive",
                    "b",
                    "r1",
                    "2026-06-02",
                    json!({"shipment": {"office": "a", "key": "s1"}, "all": true}),
                ),
                act("process", "b", "x1", "2026-06-03", cooked),
                act(
                    "sell",
                    "b",
                    "v1",
                    "2026-06-04",
                    json!({"lines": [{"lot": "B-1", "quantity": "3"}]}),
                ),
            ])
            .await;
        let path = "production-statement?from=2026-06-01&to=2026-06-30";
        let told = books
            .b
            .get(&format!("/v1/offices/b/{path}"))
            .await
            .expect(200)
            .json();
        let stock: BTreeMap<&str, i64> = told["closing"]["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| (line["lot"].as_str().unwrap(), line["yen"].as_i64().unwrap()))
            .collect();
        // rice 324 yen a kg; carrots 150; a bento (4 × 324 + 2 × 150) ÷ 8 = 199.5
        assert_eq!(
            stock,
            BTreeMap::from([("A-1", 450), ("B-1", 998), ("K-1", 1_944)]),
            "{told}"
        );
        assert_eq!(told["closing"]["yen"], 450 + 998 + 1_944);
        assert_eq!(
            (&told["opening"]["yen"], &told["closing"]["unknown_lots"]),
            (&json!(0), &json!(0))
        );
        // bento 3 × 500 = 1,500 yen of revenue; rice 3,240 and carrots 5 × 150 = 750 of materials
        assert_eq!((&told["revenue"], &told["cost"]), (&json!(1_500), &json!(3_990)));
        // nobody knows what a harvest costs: it is named and in no sum
        let farm = books
            .a
            .get(&format!("/v1/offices/a/{path}"))
            .await
            .expect(200)
            .json();
        assert_eq!(farm["closing"]["unknown_lots"], 1);
        assert_eq!(farm["closing"]["yen"], 0);
        assert_eq!(farm["closing"]["lines"][0]["lot"], "A-1");
        // before the bento were cooked
        let early = books
            .b
            .get("/v1/offices/b/production-statement?from=2026-06-03&to=2026-06-30")
            .await;
        assert_eq!(early.json()["opening"]["yen"], 3_240 + 750);
        books.b.get(&format!("/v1/offices/a/{path}")).await.expect(404);
    }
}

#[tokio::test]
async fn what_an_unregistered_shop_charges_is_deducted_in_part() {
    for engine in engines() {
        let books = Books::new(engine).await;
        let terms = json!({"consign": {"commission": {"charge": {"percent": "15"}, "base": "inclusive", "tax": "inclusive",
            "rounding": "down"}}});
        let agreed = json!({"kind": "agreement", "key": "a-b", "supplied_on": "2026-04-01", "code": "a-b-consign",
            "about": "consign", "producer": "a", "other": "b", "agreed": ["a", "b"], "terms": terms});
        let made = json!({"lines": [{"product": "carrot", "quantity": "40", "lot": {"code": "A-1"}},
            {"product": "craft", "quantity": "10", "lot": {"code": "F-1"}}]});
        let placed =
            json!({"to": "b", "lines": [{"lot": "A-1", "quantity": "40"}, {"lot": "F-1", "quantity": "10"}]});
        let sold = json!({"lines": [{"lot": "A-1", "quantity": "40", "unit_price": "500"}, {"lot": "F-1", "quantity": "10"}]});
        let settled = json!({"agreement": "a-b-consign", "from": "2026-06-01", "to": "2026-06-30"});
        books
            .record(&[
                agreed,
                act("produce", "a", "p1", "2026-06-01", made),
                act("consign", "a", "c1", "2026-06-02", placed),
                act("sell", "b", "v1", "2026-06-03", sold),
                act("settle", "a", "t1", "2026-06-30", settled),
            ])
            .await;
        let path = "/v1/offices/a/production-statement?from=2026-06-01&to=2026-06-30";
        let told = books.a.get(path).await.expect(200).json();
        let taxes: Vec<(String, i64, i64, i64, Option<i64>)> = told["tax"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let number = |name: &str| row[name].as_i64();
                let side = row["side"].as_str().unwrap().to_owned();
                let [gross, net, tax] = ["gross", "net", "tax"].map(|name| number(name).unwrap());
                (side, gross, net, tax, number("deductible"))
            })
            .collect();
        // domain rules, worked example of consignment: sales 20,000 and 11,000 hold 1,481 and 1,000, the commission of
        // 4,650 holds 422; until 2026-09-30 the shop without a number leaves 80 % of it: 337.6
        assert_eq!(
            taxes,
            [
                ("sales".to_owned(), 11_000, 10_000, 1_000, None),
                ("sales".to_owned(), 20_000, 18_519, 1_481, None),
                ("purchases".to_owned(), 4_650, 4_228, 422, Some(337)),
            ],
            "{told}"
        );
        assert_eq!(told["tax"][2]["registration"], "unregistered");
        assert_eq!(told["tax"][2]["deductible_percent"], 80);
    }
}
