//! 請求書 and other papers over HTTP: composed out of the book, issued with numbers without gaps, read by both sides, the same for ever.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use serde_json::{Value, json};

/// Carrots of a delivered to b on two days of June, and some goods of a for sale.
struct Town {
    api: TestApi,
    a: Client,
    b: Client,
}

impl Town {
    async fn new(engine: Engine) -> Town {
        let api = TestApi::new(engine).await;
        let (a, b) = (manager(&api, "a").await, manager(&api, "b").await);
        let town = Town { api, a, b };
        let made = json!({"lines": [{"product": "carrot", "quantity": "900", "lot": {"code": "C-1"}},
            {"product": "craft", "quantity": "900", "lot": {"code": "N-1"}}]});
        town.must(act("produce", "a", "p1", "2026-06-01", made)).await;
        town.agreed("2026-04-01", &json!({})).await;
        town
    }

    /// The two know each other by an agreement.
    async fn agreed(&self, from: &str, terms: &Value) {
        let agreement = json!({"kind": "agreement", "key": format!("ab-{from}"), "supplied_on": from, "code": "a-b-supply",
            "about": "supply", "producer": "a", "other": "b", "agreed": ["a", "b"], "terms": terms});
        self.must(agreement).await;
    }

    async fn must(&self, act: Value) {
        let answer = self.api.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    /// One lot delivered to b and accepted.
    async fn delivered(&self, key: &str, day: &str, lot: &str, (quantity, price): (&str, &str)) {
        let ship = json!({"to": "b", "lines": [{"lot": lot, "quantity": quantity, "unit_price": price}]});
        self.must(act("ship", "a", key, day, ship)).await;
        let receive = json!({"shipment": {"office": "a", "key": key}, "all": true});
        self.must(act("receive", "b", &format!("{key}-r"), day, receive))
            .await;
    }

    async fn two_deliveries(&self) {
        self.delivered("s1", "2026-06-02", "C-1", ("60", "150")).await;
        self.delivered("s2", "2026-06-09", "C-1", ("40", "150")).await;
    }

    /// Issues a draft as it is; the document's entry.
    async fn issue(&self, client: &Client, office: &str, key: &str, draft: &Value) -> Value {
        let mut act = draft["paper"].clone();
        act["office"] = office.into();
        act["supplied_on"] = "2026-07-10".into();
        client.post("/v1/documents", key, &act).await.expect(201).json()
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

async fn seen(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

const JUNE: &str = "/v1/offices/a/document-drafts?form=invoice&with_office=b&from=2026-06-01&to=2026-06-30";

fn rates(of: &Value) -> Vec<(i64, i64, i64, i64)> {
    let rates = of["rates"].as_array().unwrap().iter();
    let number = |value: &Value| value.as_i64().unwrap();
    rates
        .map(|rate| {
            (
                number(&rate["rate"]["percent"]),
                number(&rate["net"]),
                number(&rate["tax"]),
                number(&rate["gross"]),
            )
        })
        .collect()
}

#[tokio::test]
async fn an_invoice_is_drafted_issued_read_by_both_and_never_changes() {
    for engine in engines() {
        let town = Town::new(engine).await;
        town.two_deliveries().await;
        let draft = seen(&town.a, JUNE).await;
        let paper = &draft["paper"];
        // 60 kg and 40 kg at 150 yen: 15,000 with 8 % in it, once for the paper
        assert_eq!(rates(paper), [(8, 13_889, 1_111, 15_000)]);
        assert_eq!(paper["issuer"]["registration"], "T7123456789012");
        assert_eq!(paper["recipient"]["name"], "Bキッチン");
        assert_eq!(paper["lines"][0]["item"], "にんじん 60kg");
        assert!(draft.get("deductible_percent").is_none());
        let issued = town.issue(&town.a, "a", "i-1", &draft).await;
        let id = issued["entry"].as_str().unwrap();
        let (ours, theirs) = (
            format!("/v1/offices/a/documents/{id}"),
            format!("/v1/offices/b/documents/{id}"),
        );
        let before = town.a.get(&ours).await.expect(200).bytes;
        assert_eq!(
            town.b.get(&theirs).await.expect(200).bytes,
            before,
            "the recipient reads the same paper"
        );
        let shown = seen(&town.a, &ours).await;
        assert_eq!(
            (&shown["number"], &shown["gross"]),
            (&json!("2026-0001"), &json!(15_000))
        );
        // a sale is billed once
        let none = town.a.get(JUNE).await;
        assert_eq!(
            (none.status.as_u16(), none.code().as_str()),
            (422, "nothing-to-bill")
        );
        // what things are called later changes no paper
        let renamed = json!({"code": "carrot", "name": "雪下にんじん", "unit": {"name": "kg", "decimals": 3},
            "tax": "reduced", "keeps_days": 14, "work": "farm", "allergens": {}});
        town.must(act("product", "a", "renamed", "2026-07-10", renamed))
            .await;
        let office = json!({"kind": "office", "key": "office-a-2", "supplied_on": "2026-07-10", "code": "a",
            "name": "ひなた農園", "corporation": "midori"});
        town.must(office).await;
        assert_eq!(town.a.get(&ours).await.expect(200).bytes, before, "byte-equal");
        // lists of both, and what is looked for
        for (client, office) in [(&town.a, "a"), (&town.b, "b")] {
            let list = seen(
                client,
                &format!("/v1/offices/{office}/documents?number=2026-0001&gross=15000"),
            )
            .await;
            assert_eq!(list["items"][0]["id"], id);
            let none = seen(client, &format!("/v1/offices/{office}/documents?form=receipt")).await;
            assert_eq!(none["items"], json!([]));
        }
        // nobody else
        let c = manager(&town.api, "c").await;
        c.get(&ours).await.expect(404);
        c.get(&format!("/v1/offices/c/documents/{id}")).await.expect(404);
        c.get("/v1/offices/a/documents").await.expect(404);
        c.get(JUNE).await.expect(404);
    }
}

#[tokio::test]
async fn a_wrong_paper_is_replaced_and_both_know_of_each_other() {
    for engine in engines() {
        let town = Town::new(engine).await;
        town.two_deliveries().await;
        let first = town.issue(&town.a, "a", "i-1", &seen(&town.a, JUNE).await).await;
        let first = first["entry"].as_str().unwrap().to_owned();
        let mut again = seen(&town.a, &format!("{JUNE}&replaces={first}")).await;
        again["paper"]["reason"] = "支払期限を入れる".into();
        again["paper"]["due_on"] = "2026-07-31".into();
        let second = town.issue(&town.a, "a", "i-2", &again).await;
        let second = second["entry"].as_str().unwrap();
        let old = seen(&town.b, &format!("/v1/offices/b/documents/{first}")).await;
        let new = seen(&town.b, &format!("/v1/offices/b/documents/{second}")).await;
        assert_eq!(
            (&old["replaced_by"], &new["replaces"]),
            (&json!(second), &json!(first))
        );
        assert_eq!(
            (&new["number"], &new["paper"]["due_on"]),
            (&json!("2026-0002"), &json!("2026-07-31"))
        );
    }
}

#[tokio::test]
async fn what_came_back_is_returned_at_the_old_rate_and_a_planned_rate_stands_apart() {
    for engine in engines() {
        let town = Town::new(engine).await;
        // food at 1 % from the middle of the period on, as data: a plan changes nothing, the law does
        let rate = |status: &str| {
            json!({"kind": "rate", "key": status, "supplied_on": "2026-06-15", "category": "reduced",
                "percent": 1, "status": status, "source": "食料品の税率"})
        };
        town.must(rate("planned")).await;
        town.delivered("s0", "2026-06-16", "C-1", ("100", "108")).await;
        let planned = seen(&town.a, JUNE).await;
        assert_eq!(rates(&planned["paper"]), [(8, 10_000, 800, 10_800)]);
        let undone = json!({"entry": {"key": "s0-r"}, "reason": "試しただけ"});
        town.must(act("reverse", "b", "s0-x", "2026-06-16", undone)).await;
        town.must(rate("enacted")).await;
        town.delivered("s1", "2026-06-14", "C-1", ("100", "108")).await;
        town.delivered("s2", "2026-06-15", "C-1", ("100", "101")).await;
        let draft = seen(&town.a, JUNE).await;
        assert_eq!(
            rates(&draft["paper"]),
            [(1, 10_000, 100, 10_100), (8, 10_000, 800, 10_800)]
        );
        town.issue(&town.a, "a", "i-1", &draft).await;
        // in July ten kilos of the first delivery go back: at the rate of their day of supply
        let back = json!({"receipt": {"key": "s1-r"}, "lines": [{"lot": "C-1", "quantity": "10"}]});
        town.must(act("return", "b", "back", "2026-07-01", back)).await;
        let july = JUNE
            .replace("form=invoice", "form=credit")
            .replace("2026-06-01", "2026-07-01")
            .replace("06-30", "07-10");
        let credit = seen(&town.a, &july).await;
        assert_eq!(rates(&credit["paper"]), [(8, -1_000, -80, -1_080)]);
        town.issue(&town.a, "a", "i-2", &credit).await;
    }
}

#[tokio::test]
async fn the_golden_sums_through_the_whole_program() {
    for engine in engines() {
        let town = Town::new(engine).await;
        // NTA: 60,000 at 10 % and 40,000 at 8 %, tax in them
        town.delivered("s1", "2026-06-02", "N-1", ("1", "60000")).await;
        town.delivered("s2", "2026-06-03", "C-1", ("1", "40000")).await;
        let draft = seen(&town.a, JUNE).await;
        assert_eq!(
            rates(&draft["paper"]),
            [(10, 54_546, 5_454, 60_000), (8, 37_038, 2_962, 40_000)]
        );
        town.issue(&town.a, "a", "i-1", &draft).await;
        // the same shape with tax on top, as the two agree from July on
        town.agreed("2026-07-01", &json!({"basis": "exclusive"})).await;
        for (n, lot, yen) in [
            (1, "N-1", "11345"),
            (2, "N-1", "12549"),
            (3, "C-1", "9987"),
            (4, "C-1", "12345"),
        ] {
            town.delivered(&format!("t{n}"), "2026-07-02", lot, ("1", yen))
                .await;
        }
        let july = JUNE.replace("2026-06-01", "2026-07-01").replace("06-30", "07-10");
        let draft = seen(&town.a, &july).await;
        assert_eq!(draft["paper"]["basis"], "exclusive");
        assert_eq!(
            rates(&draft["paper"]),
            [(10, 23_894, 2_389, 26_283), (8, 22_332, 1_786, 24_118)]
        );
    }
}

#[tokio::test]
async fn a_seller_without_a_number_issues_no_qualified_paper_and_its_buyer_is_told_the_share() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let made = json!({"lines": [{"product": "bento", "quantity": "10", "lot": {"code": "B-1"}}]});
        town.must(act("produce", "b", "p1", "2026-06-01", made)).await;
        let ship = json!({"to": "a", "lines": [{"lot": "B-1", "quantity": "10"}]});
        town.must(act("ship", "b", "s1", "2026-06-02", ship)).await;
        let receive = json!({"shipment": {"office": "b", "key": "s1"}, "all": true});
        town.must(act("receive", "a", "r1", "2026-06-02", receive)).await;
        let path = "/v1/offices/b/document-drafts?form=invoice&with_office=a&from=2026-06-01&to=2026-06-30";
        let draft = seen(&town.b, path).await;
        assert!(draft["paper"]["issuer"].get("registration").is_none());
        assert_eq!(draft["deductible_percent"], 80, "until 2026-09-30");
        assert!(
            draft["warnings"][0]
                .as_str()
                .unwrap()
                .contains("適格請求書ではありません")
        );
        // the buyer makes it itself: the seller's side is named, and has no number either
        let own = "/v1/offices/a/document-drafts?form=purchase_statement&with_office=b&from=2026-06-01&to=2026-06-30";
        let draft = seen(&town.a, own).await;
        assert!(draft["paper"]["recipient"].get("registration").is_none());
        town.issue(&town.a, "a", "i-1", &draft).await;
    }
}

#[tokio::test]
async fn numbers_have_no_gaps_when_many_issue_at_once() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let partner = json!({"code": "city2", "name": "県庁", "partner_kind": "public_body"});
        let mut acts = Vec::new();
        for office in ["a2", "c"] {
            acts.push(act("partner", office, "city2", "2026-04-01", partner.clone()));
        }
        for n in 0..16 {
            for (office, with) in [("a", "city"), ("a2", "city2"), ("c", "city2")] {
                let earn = json!({"partner": with, "lines": [{"yen": 11_000 + n}]});
                acts.push(act("earn", office, &format!("e{n}"), "2026-06-30", earn));
            }
        }
        for act in acts {
            town.must(act).await;
        }
        let (a2, c) = (manager(&town.api, "a2").await, manager(&town.api, "c").await);
        let mut issuing = Vec::new();
        for n in 0..16_i64 {
            for (client, office, with) in [(&town.a, "a", "city"), (&a2, "a2", "city2"), (&c, "c", "city2")] {
                let path = format!(
                    "/v1/offices/{office}/document-drafts?form=invoice&partner={with}&from=2026-06-30&to=2026-06-30"
                );
                let draft = seen(client, &path).await;
                // one line of all that are open: the n-th sum
                let line = draft["paper"]["lines"].as_array().unwrap().iter();
                let line = line
                    .clone()
                    .find(|line| line["amount"] == 11_000 + n)
                    .unwrap()
                    .clone();
                let yen = 11_000 + n;
                let tax = yen * 10 / 110;
                let mut paper = draft["paper"].clone();
                paper["lines"] = json!([line]);
                paper["rates"] = json!([{"rate": line["rate"], "net": yen - tax, "tax": tax, "gross": yen}]);
                paper["office"] = office.into();
                paper["supplied_on"] = "2026-07-10".into();
                let client = client.clone();
                issuing.push(tokio::spawn(async move {
                    client
                        .post("/v1/documents", &format!("i-{n}"), &paper)
                        .await
                        .expect(201);
                }));
            }
        }
        for one in issuing {
            one.await.unwrap();
        }
        let numbers = async |client: &Client, office: &str| -> Vec<String> {
            let list = seen(client, &format!("/v1/offices/{office}/documents?limit=200")).await;
            let items = list["items"].as_array().unwrap().iter();
            items
                .map(|item| item["number"].as_str().unwrap().to_owned())
                .collect()
        };
        // a and a2 are of one corporation and count together
        let mut together = numbers(&town.a, "a").await;
        together.extend(numbers(&a2, "a2").await);
        together.sort_unstable();
        let counted = |to: usize| (1..=to).map(|n| format!("2026-{n:04}")).collect::<Vec<_>>();
        assert_eq!(together, counted(32));
        let mut alone = numbers(&c, "c").await;
        alone.sort_unstable();
        assert_eq!(alone, counted(16));
    }
}
