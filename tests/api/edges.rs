//! Ends of agreements and memberships over HTTP: what is there is sold off, settled and paid; nothing new begins. Paying twice.

use acceptance::{
    api::{Client, TestApi, Told},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::http::Method;
use serde_json::{Value, json};

struct Town {
    api: TestApi,
    a: Client,
    /// Who sells for a, or buys from it.
    other: Client,
}

impl Town {
    async fn new(engine: Engine, other: &str, acts: &[Value]) -> Town {
        let api = TestApi::new(engine).await;
        for act in acts {
            let answer = api.world.record(act.clone()).await;
            assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
        }
        let (a, other) = (manager(&api, "a").await, manager(&api, other).await);
        Town { api, a, other }
    }

    async fn must(&self, act: Value) {
        let answer = self.api.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    /// Asked for by a, agreed on by the other; as a reads it then.
    async fn confirmed(&self, with: &str, to: &str, number: u32) -> Value {
        let path = format!("/v1/offices/a/settlements/{with}/requests");
        let asked = self
            .a
            .post(&path, &format!("ask-{number}"), &json!({ "to": to }))
            .await;
        let asked = asked.expect(201).json();
        let path = format!("/v1/proposals/{}/consent", asked["id"].as_str().unwrap());
        let said = json!({ "office": with });
        self.other
            .call(Method::POST, &path, None, Some(&said))
            .await
            .expect(200);
        let path = format!("/v1/offices/a/settlements/{with}/{number}");
        self.a.get(&path).await.expect(200).json()
    }

    async fn pay(&self, office: &str, key: &str, clears: Value, yen: i64) -> Told {
        let paid = json!({"office": office, "supplied_on": "2026-07-10", "clears": clears, "yen": yen});
        self.other.post("/v1/payments", key, &paid).await
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

fn made() -> Value {
    let lines = json!({"lines": [{"product": "carrot", "quantity": "90", "lot": {"code": "C-1"}},
        {"product": "craft", "quantity": "90", "lot": {"code": "N-1"}}]});
    act("produce", "a", "made", "2026-06-01", lines)
}

fn consign(to: &str, key: &str, day: &str) -> Value {
    act(
        "consign",
        "a",
        key,
        day,
        json!({"to": to, "lines": [{"lot": "N-1", "quantity": "10"}]}),
    )
}

/// 15 % of the price, with or without an end.
fn agreement(other: &str, until: Option<&str>) -> Value {
    let mut fields = json!({"code": format!("a-{other}-consign"), "about": "consign", "producer": "a", "other": other,
        "agreed": ["a", other], "terms": {"consign": {"commission": {"charge": {"percent": "15"},
        "base": "inclusive", "tax": "inclusive"}}}});
    if let Some(until) = until {
        fields["until"] = until.into();
    }
    act("agreement", "a", &format!("agreed-{other}"), "2026-05-01", fields)
}

#[tokio::test]
async fn after_the_end_of_an_agreement_what_is_there_is_sold_off_at_its_last_terms() {
    for engine in engines() {
        let acts = [
            made(),
            consign("c", "placed", "2026-06-02"),
            agreement("c", Some("2026-06-30")),
        ];
        let town = Town::new(engine, "c", &acts).await;
        // nothing new is placed
        let placing = json!({"office": "a", "supplied_on": "2026-07-01", "to": "c",
            "lines": [{"lot": "N-1", "quantity": "1"}]});
        let told = town.a.post("/v1/consignments", "more", &placing).await;
        assert_eq!(
            (told.status.as_u16(), &*told.code()),
            (409, "agreement-ended"),
            "{}",
            told.text()
        );
        let sentence = told.json()["detail"].as_str().unwrap().to_owned();
        assert!(
            sentence.contains("2026-06-30") && sentence.ends_with('。'),
            "{sentence}"
        );
        // on the last day it still could have been
        let mut last = placing.clone();
        last["supplied_on"] = "2026-06-30".into();
        town.a.post("/v1/consignments", "last", &last).await.expect(201);
        // the shop sees the end, sells, throws away and gives back
        let shelf = town.other.get("/v1/offices/c/shelf").await.expect(200).json();
        assert_eq!(shelf["terms"][0]["until"], "2026-06-30");
        let sold =
            json!({"office": "c", "supplied_on": "2026-07-05", "lines": [{"lot": "N-1", "quantity": "2"}]});
        town.other.post("/v1/sales", "s-1", &sold).await.expect(201);
        let lost = json!({"office": "c", "supplied_on": "2026-07-06", "shelf_of": "a", "reason": "こわれた",
            "lines": [{"lot": "N-1", "quantity": "1"}]});
        town.other.post("/v1/disposals", "d-1", &lost).await.expect(201);
        let back = json!({"office": "c", "supplied_on": "2026-07-07", "owner": "a",
            "lines": [{"lot": "N-1", "quantity": "8"}]});
        town.other.post("/v1/returns", "b-1", &back).await.expect(201);
        let shelf = town.other.get("/v1/offices/c/shelf").await.expect(200).json();
        assert_eq!(shelf["here"], json!([]), "11 placed, 2 sold, 1 broken, 8 back");
        // 2,200 less 330 of commission, settled after the end
        let statement = town.confirmed("c", "2026-07-09", 1).await;
        assert_eq!(statement["closing"], 2_200 - 330);
        assert_eq!(statement["charged"][0]["rates"][0]["gross"], 330);
    }
}

/// Office b, which was a member in June alone, sold crafts of a and was delivered carrots.
async fn left(engine: Engine) -> Town {
    let member = json!({"kind": "membership", "key": "member-b", "supplied_on": "2026-06-01", "network": "minami",
        "member": "b", "to": "2026-06-30"});
    let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "10"}]});
    let receive = json!({"shipment": {"office": "a", "key": "ship"}, "all": true});
    let sold = json!({"lines": [{"lot": "N-1", "quantity": "4"}]});
    let acts = [
        member,
        made(),
        agreement("b", Some("2026-06-30")),
        consign("b", "placed", "2026-06-02"),
        act("ship", "a", "ship", "2026-06-03", ship),
        act("receive", "b", "receive", "2026-06-03", receive),
        act("sell", "b", "sold", "2026-06-20", sold),
    ];
    Town::new(engine, "b", &acts).await
}

#[tokio::test]
async fn an_office_that_left_settles_confirms_and_pays_what_stands_open() {
    for engine in engines() {
        let town = left(engine).await;
        // both find each other among those with whom something stands
        for (client, path, with) in [
            (&town.a, "/v1/offices/a/settlements", "b"),
            (&town.other, "/v1/offices/b/settlements", "a"),
        ] {
            let partners = client.get(path).await.expect(200).json();
            let mut partners = partners["items"].as_array().unwrap().iter();
            assert!(partners.any(|of| of["office"]["code"] == with), "{path}");
        }
        // ten kilos at 150 and four crafts at 1,100, less 660 of commission
        let statement = town.confirmed("b", "2026-06-30", 1).await;
        assert_eq!(statement["closing"], 1_500 + 4_400 - 660);
        let theirs = town
            .other
            .get("/v1/offices/b/settlements/a/1")
            .await
            .expect(200)
            .json();
        assert_eq!(
            (&theirs["closing"], &theirs["number"]),
            (&json!(-5_240), &json!(1))
        );
        // the producer bills it; the buyer reads the paper
        let path = "/v1/offices/a/document-drafts?form=invoice&with_office=b&from=2026-06-01&to=2026-06-30";
        let mut paper = town.a.get(path).await.expect(200).json()["paper"].clone();
        paper["office"] = "a".into();
        paper["supplied_on"] = "2026-07-10".into();
        let issued = town
            .a
            .post("/v1/documents", "i-1", &paper)
            .await
            .expect(201)
            .json();
        let path = format!("/v1/offices/b/documents/{}", issued["entry"].as_str().unwrap());
        town.other.get(&path).await.expect(200);
        // it gives back what it has left, and pays both debts
        let back = json!({"office": "b", "supplied_on": "2026-07-02", "owner": "a",
            "lines": [{"lot": "N-1", "quantity": "6"}]});
        town.other.post("/v1/returns", "back", &back).await.expect(201);
        for (key, what, yen) in [("p-1", "payable", 1_500), ("p-2", "consignment_deposit", 3_740)] {
            let clears = json!({"what": what, "with_office": "a"});
            town.pay("b", key, clears, yen).await.expect(201);
        }
        let now = town
            .a
            .get("/v1/offices/a/settlements/b/1")
            .await
            .expect(200)
            .json();
        assert_eq!(
            (&now["closing"], &now["payment"]["open"]),
            (&json!(5_240), &json!(0))
        );
        let next = town.a.get("/v1/offices/a/settlements/b/next?to=2026-07-10").await;
        assert_eq!(next.expect(200).json()["closing"], 0);
        // neither new goods on a shelf, nor prices of today
        let mut placing = consign("b", "more", "2026-07-01");
        placing.as_object_mut().unwrap().remove("kind");
        placing.as_object_mut().unwrap().remove("key");
        let told = town.a.post("/v1/consignments", "more", &placing).await;
        assert_eq!(told.code(), "agreement-ended", "{}", told.text());
    }
}

#[tokio::test]
async fn two_of_which_one_has_left_set_off_what_they_owe() {
    for engine in engines() {
        let town = left(engine).await;
        // b laid out 600 for a
        let lent = json!({"item": "rent", "yen": 600, "paid_by_office": "b"});
        town.must(act("spend", "a", "lent", "2026-06-30", lent)).await;
        let plan = town.a.get("/v1/offices/a/netting/b").await.expect(200).json();
        let asked = town
            .a
            .post("/v1/offices/a/netting/b", "n-1", &json!({"due_on": "2026-07-20"}))
            .await;
        let asked = asked.expect(201).json();
        let path = format!("/v1/proposals/{}/consent", asked["id"].as_str().unwrap());
        let said = json!({"office": "b"});
        let done = town
            .other
            .call(Method::POST, &path, None, Some(&said))
            .await
            .expect(200)
            .json();
        assert_eq!(done["state"], "recorded", "{plan}");
        // 1,500 + 4,400 − 600: what stands between the two is what it was
        let next = town.a.get("/v1/offices/a/settlements/b/next?to=2026-07-10").await;
        assert_eq!(next.expect(200).json()["closing"], 5_300);
    }
}

#[tokio::test]
async fn a_debt_is_not_paid_twice_by_pressing_twice_and_more_than_owed_is_an_advance() {
    for engine in engines() {
        let town = left(engine).await;
        let clears = || json!({"what": "payable", "with_office": "a"});
        let first = town.pay("b", "p-1", clears(), 1_500).await.expect(201).json();
        let head = town.api.world.head().await;
        let again = town.pay("b", "p-1", clears(), 1_500).await.expect(200);
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert_eq!(again.json()["entry"], first["entry"]);
        assert_eq!(town.api.world.head().await, head);
        // another sum under the same key is another matter
        let told = town.pay("b", "p-1", clears(), 1_400).await;
        assert_eq!(
            (told.status.as_u16(), &*told.code()),
            (409, "key-reused"),
            "{}",
            told.text()
        );
        let stands = async || {
            let path = "/v1/offices/a/statements/b?from=2026-06-01&to=2026-07-10";
            town.a.get(path).await.expect(200).json()["balance"].clone()
        };
        // 4,400 of the shelf are left
        assert_eq!(stands().await, 4_400);
        // paid again under another key: kept for b as an advance, and seen by both
        town.pay("b", "p-2", clears(), 1_500).await.expect(201);
        assert_eq!(stands().await, 2_900);
        // taken back by who recorded it
        let undo = json!({"office": "b", "supplied_on": "2026-07-10", "entry": {"key": "p-2"}, "reason": "二重に払った"});
        town.other.post("/v1/reversals", "u-1", &undo).await.expect(201);
        assert_eq!(stands().await, 4_400);
        for yen in [0, -1] {
            let told = town.pay("b", "p-3", clears(), yen).await;
            assert_eq!(told.code(), "amount-not-positive", "{}", told.text());
        }
    }
}
