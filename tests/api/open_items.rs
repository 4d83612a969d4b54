//! 未入金・未払い over HTTP: what payments clear, what is overdue, what was paid twice. Figures by hand; today is 2026-07-10.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, verify::verify, viewer::AtTheMachine, writer::Answer};
use serde_json::{Value, json};

struct Desk {
    api: TestApi,
    a: Client,
}

impl Desk {
    /// a worked for the city three times: 33,000, billed and due at the end of June; 11,000 and 5,500, not billed.
    async fn new(engine: Engine) -> Desk {
        let api = TestApi::new(engine).await;
        let a = manager(&api, "a").await;
        let desk = Desk { api, a };
        for (key, day, yen) in [
            ("k1", "2026-05-10", 33_000),
            ("k2", "2026-06-05", 11_000),
            ("k3", "2026-06-20", 5_500),
        ] {
            let worked = json!({"partner": "city", "lines": [{"yen": yen}]});
            desk.must(act("earn", "a", key, day, worked)).await;
        }
        let asked = "/v1/offices/a/document-drafts?form=invoice&partner=city&from=2026-05-01&to=2026-05-31";
        let mut paper = desk.a.get(asked).await.expect(200).json()["paper"].clone();
        paper["office"] = "a".into();
        paper["supplied_on"] = "2026-07-10".into();
        paper["due_on"] = "2026-06-30".into();
        desk.a.post("/v1/documents", "i1", &paper).await.expect(201);
        desk
    }

    async fn must(&self, act: Value) {
        let answer = self.api.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    async fn paid(&self, key: &str, yen: i64, more: Value) {
        let mut pay = json!({"clears": {"what": "receivable", "partner": "city"}, "yen": yen});
        for (name, value) in more.as_object().unwrap() {
            pay[name] = value.clone();
        }
        self.must(act("pay", "a", key, "2026-07-10", pay)).await;
    }

    async fn seen(&self, more: &str) -> Vec<Value> {
        let path = format!("/v1/offices/a/open-items{more}");
        let view = self.a.get(&path).await.expect(200).json();
        view["items"].as_array().unwrap().clone()
    }

    /// Of the debt of the city: what was, what is paid and what is open of each.
    async fn city(&self) -> Vec<(i64, i64, i64)> {
        let debts = self.seen("?with=city").await;
        let [debt] = debts.as_slice() else {
            return Vec::new();
        };
        let number = |of: &Value, name: &str| of[name].as_i64().unwrap();
        let items = debt["items"].as_array().unwrap();
        let open: i64 = items.iter().map(|item| number(item, "open")).sum();
        assert_eq!(
            open - number(debt, "ahead"),
            number(&debt["debt"], "yen"),
            "the book's balance"
        );
        items
            .iter()
            .map(|item| (number(item, "yen"), number(item, "paid"), number(item, "open")))
            .collect()
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

#[tokio::test]
async fn payments_clear_what_they_name_then_what_is_due_first() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        // in the order of what is due: an item without a day is due on its own
        let all = [(11_000, 0, 11_000), (5_500, 0, 5_500), (33_000, 0, 33_000)];
        assert_eq!(desk.city().await, all);
        let debts = desk.seen("?overdue_only=true").await;
        assert_eq!(debts[0]["overdue"], 33_000);
        let bill = &debts[0]["items"][0];
        assert_eq!(
            (&bill["label"], &bill["due_on"]),
            (&json!("請求書"), &json!("2026-06-30"))
        );
        assert_eq!(bill["number"], "2026-0001");

        desk.paid(
            "z1",
            5_500,
            json!({"items": [{"entry": {"key": "k3"}, "yen": 5_500}]}),
        )
        .await;
        assert_eq!(desk.city().await, [(11_000, 0, 11_000), (33_000, 0, 33_000)]);
        desk.paid("z2", 20_000, json!({})).await;
        assert_eq!(desk.city().await, [(33_000, 9_000, 24_000)]);
        // the paper is named like any entry; what is over goes to what is due first
        let named = json!({"items": [{"entry": {"key": "i1"}, "yen": 4_000}]});
        desk.paid("z3", 4_000, named).await;
        assert_eq!(desk.city().await, [(33_000, 13_000, 20_000)]);

        // the named payment is taken back: what named nothing moves up
        let undone = json!({"entry": {"key": "z1"}, "reason": "別の口座だった"});
        desk.must(act("reverse", "a", "v1", "2026-07-10", undone)).await;
        assert_eq!(desk.city().await, [(33_000, 7_500, 25_500)]);
        let everything = desk.seen("?with=city&paid_too=true").await;
        assert_eq!(everything[0]["items"].as_array().unwrap().len(), 3);
        // what payments name stands in the log as it stands in the rows
        let verified = verify(&desk.api.world.book, AtTheMachine, None).await.unwrap();
        assert!(
            verified.is_clean(),
            "{:?}",
            verified.findings().collect::<Vec<_>>()
        );
    }
}

#[tokio::test]
async fn what_is_paid_twice_is_refused_where_that_is_asked_and_shown_where_it_is_not() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        desk.paid("z1", 49_500, json!({"not_ahead": true})).await;
        assert_eq!(desk.city().await, []);
        // a debt that stands at nought is found where what is paid is asked for
        let paid = desk.seen("?with=city&paid_too=true").await;
        let open = |item: &Value| item["open"].as_i64().unwrap();
        let paid: Vec<i64> = paid[0]["items"].as_array().unwrap().iter().map(open).collect();
        assert_eq!(paid, [0, 0, 0]);
        let again = json!({"office": "a", "supplied_on": "2026-07-10", "yen": 49_500, "not_ahead": true,
            "clears": {"what": "receivable", "partner": "city"}});
        let refused = desk.a.post("/v1/payments", "z2", &again).await.expect(409);
        assert_eq!(refused.code(), "more-than-owed");
        // a payment that did come in is a fact
        desk.paid(
            "z3",
            33_000,
            json!({"items": [{"entry": {"key": "i1"}, "yen": 33_000}]}),
        )
        .await;
        let debts = desk.seen("?with=city").await;
        assert_eq!(
            (&debts[0]["ahead"], &debts[0]["debt"]["yen"]),
            (&json!(33_000), &json!(-33_000))
        );
        // and clears what comes next
        let worked = json!({"partner": "city", "lines": [{"yen": 40_000}]});
        desk.must(act("earn", "a", "k4", "2026-07-09", worked)).await;
        assert_eq!(desk.city().await, [(40_000, 33_000, 7_000)]);
    }
}

#[tokio::test]
async fn a_suppliers_invoice_has_its_number_and_its_day() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let bought = |due: &str| {
            json!({"item": "supplies", "yen": 5_400, "paid": {"by": "on_account", "partner": "tane"},
                "invoice": {"number": "K-88", "due_on": due}})
        };
        desk.must(act("spend", "a", "e1", "2026-06-30", bought("2026-07-09")))
            .await;
        let mut early = act("spend", "a", "e2", "2026-06-30", bought("2026-06-29"));
        for name in ["key", "kind"] {
            early.as_object_mut().unwrap().remove(name);
        }
        let refused = desk.a.post("/v1/expenses", "e2", &early).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/invoice/due_on");
        let debts = desk.seen("?what=payable").await;
        let item = &debts[0]["items"][0];
        assert_eq!(
            (&item["number"], &item["is_overdue"]),
            (&json!("K-88"), &json!(true))
        );
        // part of it is paid, and it stays overdue
        let part = json!({"clears": {"what": "payable", "partner": "tane"}, "yen": 400,
            "items": [{"entry": item["reference"], "yen": 400}]});
        desk.must(act("pay", "a", "z1", "2026-07-10", part)).await;
        let debts = desk.seen("?overdue_only=true&what=payable").await;
        assert_eq!(
            (&debts[0]["overdue"], &debts[0]["items"][0]["paid"]),
            (&json!(5_000), &json!(400))
        );
    }
}

#[tokio::test]
async fn between_offices_both_see_the_same_by_the_day_agreed_on() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let b = manager(&desk.api, "b").await;
        // closed on the 20th, paid on the 5th of the month after
        let agreement = json!({"kind": "agreement", "key": "ab", "supplied_on": "2026-04-01", "code": "a-b-supply",
            "about": "supply", "producer": "a", "other": "b", "agreed": ["a", "b"],
            "terms": {"closing_day": 20, "pay_after_months": 1, "pay_day": 5}});
        desk.must(agreement).await;
        let made = json!({"lines": [{"product": "carrot", "quantity": "90", "lot": {"code": "C-1"}}]});
        desk.must(act("produce", "a", "p1", "2026-05-01", made)).await;
        for (key, day, quantity) in [("s1", "2026-05-20", "10"), ("s2", "2026-05-21", "20")] {
            let ship =
                json!({"to": "b", "lines": [{"lot": "C-1", "quantity": quantity, "unit_price": "150"}]});
            desk.must(act("ship", "a", key, day, ship)).await;
            let receive = json!({"shipment": {"office": "a", "key": key}, "all": true});
            desk.must(act("receive", "b", &format!("{key}-r"), day, receive))
                .await;
        }
        let theirs = b.get("/v1/offices/b/open-items?with=a").await.expect(200).json();
        let debts = [desk.seen("?with=b").await[0].clone(), theirs["items"][0].clone()];
        for debt in &debts {
            let items = debt["items"].as_array().unwrap();
            let of = |n: usize| {
                (
                    items[n]["open"].as_i64().unwrap(),
                    items[n]["due_on"].as_str().unwrap(),
                )
            };
            assert_eq!([of(0), of(1)], [(1_500, "2026-06-05"), (3_000, "2026-07-05")]);
        }
        assert_eq!(
            (&debts[0]["debt"]["is_ours"], &debts[1]["debt"]["is_ours"]),
            (&json!(false), &json!(true))
        );
        // whoever records the payment: it clears it for both
        let pay = json!({"clears": {"what": "payable", "with_office": "a"}, "yen": 3_000, "into": {"by": "cash"},
            "items": [{"entry": {"key": "s2-r"}, "yen": 3_000}]});
        desk.must(act("pay", "b", "z1", "2026-07-10", pay)).await;
        let ours = desk.seen("?with=b").await;
        assert_eq!(ours[0]["items"].as_array().unwrap().len(), 1);
        assert_eq!(ours[0]["items"][0]["open"], 1_500);
    }
}

#[tokio::test]
async fn nobody_learns_of_a_strangers_entry_by_naming_it() {
    for engine in engines() {
        let desk = Desk::new(engine).await;
        let c = manager(&desk.api, "c").await;
        let bought = json!({"item": "supplies", "yen": 777});
        desk.must(act("spend", "b", "secret", "2026-07-01", bought)).await;
        let mut told = Vec::new();
        for key in ["secret", "absent"] {
            let pay = json!({"office": "c", "supplied_on": "2026-07-10", "yen": 100,
                "clears": {"what": "payable", "with_office": "a"},
                "items": [{"entry": {"office": "b", "key": key}, "yen": 100}]});
            let answer = c.post("/v1/payments", &format!("probe-{key}"), &pay).await;
            told.push((
                answer.status.as_u16(),
                answer.json().to_string().replace(key, "KEY"),
            ));
        }
        assert_eq!(told[0], told[1]);
        assert_ne!(told[0].0, 201);
    }
}
