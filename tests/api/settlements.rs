//! 精算書 over HTTP: from sales on a shelf to a statement that both agreed on and that was paid; questions about a line.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::http::Method;
use serde_json::{Value, json};

/// The golden consignment: 40 bentos at 500 and 10 crafts at 1,100 sold in June at a commission of 15 %.
struct Pair {
    api: TestApi,
    a: Client,
    c: Client,
}

impl Pair {
    async fn new(engine: Engine) -> Pair {
        let api = TestApi::new(engine).await;
        let bento = json!({"code": "bento", "name": "弁当", "unit": {"name": "個"}, "tax": "reduced", "allergens": {}});
        let price = json!({"product": "bento", "channel": {"agreement": "a-c-consign"}, "unit_price": "500"});
        let made = json!({"lines": [{"product": "bento", "quantity": "100", "lot": {"code": "B-1"}},
            {"product": "craft", "quantity": "100", "lot": {"code": "N-1"}}]});
        let placed = json!({"to": "c", "lines": [{"lot": "B-1", "quantity": "100"}, {"lot": "N-1", "quantity": "30"}]});
        let more = json!({"to": "c", "lines": [{"lot": "N-1", "quantity": "20"}]});
        let sold = json!({"lines": [{"lot": "B-1", "quantity": "40", "unit_price": "500"},
            {"lot": "N-1", "quantity": "10", "unit_price": "1100"}]});
        let broken =
            json!({"shelf_of": "a", "reason": "こわれた", "lines": [{"lot": "N-1", "quantity": "2"}]});
        let back = json!({"owner": "a", "lines": [{"lot": "N-1", "quantity": "5"}]});
        let acts = [
            act("product", "a", "bento", "2026-04-01", bento),
            act("price", "a", "bento-price", "2026-04-01", price),
            act("produce", "a", "made", "2026-05-01", made),
            act("consign", "a", "placed", "2026-05-01", placed),
            act("consign", "a", "more", "2026-06-02", more),
            act("sell", "c", "sold", "2026-06-10", sold),
            act("dispose", "c", "broken", "2026-06-11", broken),
            act("return", "c", "back", "2026-06-12", back),
        ];
        let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
        for answer in api.world.record_lines(&lines.join("\n")).await {
            assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
        }
        let (a, c) = (manager(&api, "a").await, manager(&api, "c").await);
        Pair { api, a, c }
    }

    /// Asked by A, agreed on by C.
    async fn confirm(&self, to: &str, key: &str) -> Value {
        let asked = ask(&self.a, "a", "c", to, key).await.expect(201).json();
        consent(&self.c, "c", &asked).await.expect(200).json()
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

async fn ask(client: &Client, office: &str, with: &str, to: &str, key: &str) -> acceptance::api::Told {
    let path = format!("/v1/offices/{office}/settlements/{with}/requests");
    client.post(&path, key, &json!({ "to": to })).await
}

async fn consent(client: &Client, office: &str, proposal: &Value) -> acceptance::api::Told {
    let path = format!("/v1/proposals/{}/consent", proposal["id"].as_str().unwrap());
    client
        .call(Method::POST, &path, None, Some(&json!({ "office": office })))
        .await
}

async fn seen(client: &Client, path: &str) -> Value {
    client.get(path).await.expect(200).json()
}

/// Per rate: percent, gross, tax.
fn rates(of: &Value) -> Vec<(i64, i64, i64)> {
    let rates = of["rates"].as_array().unwrap().iter();
    let number = |value: &Value| value.as_i64().unwrap();
    rates
        .map(|rate| {
            (
                number(&rate["rate"]["percent"]),
                number(&rate["gross"]),
                number(&rate["tax"]),
            )
        })
        .collect()
}

/// What must be the same for both sides.
fn shared(view: &Value) -> Value {
    json!([
        view["from"],
        view["to"],
        view["number"],
        view["goods"],
        view["sold"],
        view["charged"],
        view["payment"],
        view["log_root"],
        view["log_size"]
    ])
}

const NEXT_A: &str = "/v1/offices/a/settlements/c/next?to=2026-06-30";
const NEXT_C: &str = "/v1/offices/c/settlements/a/next?to=2026-06-30";

#[tokio::test]
async fn from_the_shelf_to_a_paid_statement() {
    for engine in engines() {
        let pair = Pair::new(engine).await;
        let (a, c) = (&pair.a, &pair.c);
        let partners = seen(a, "/v1/offices/a/settlements").await;
        let with_c = partners["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|of| of["office"]["code"] == "c");
        let with_c = with_c.unwrap();
        assert_eq!(
            (&with_c["balance"], &with_c["next_to"]),
            (&json!(31_000), &json!("2026-06-30"))
        );
        let draft = seen(a, NEXT_A).await;
        assert_eq!(
            (&draft["unsettled"], &draft["closing"]),
            (&json!(["a-c-consign"]), &json!(31_000))
        );

        let asked = ask(a, "a", "c", "2026-06-30", "ask-1").await.expect(201).json();
        assert_eq!(asked["act"]["balance"], 26_350);
        let again = ask(a, "a", "c", "2026-06-30", "ask-1").await.expect(200).json();
        assert_eq!(again["id"], asked["id"], "pressed twice");

        // both see the same before anybody has answered
        let (ours, theirs) = (seen(a, NEXT_A).await, seen(c, NEXT_C).await);
        assert_eq!(shared(&ours), shared(&theirs));
        assert_eq!(
            (&ours["closing"], &theirs["closing"]),
            (&json!(26_350), &json!(-26_350))
        );
        assert_eq!(rates(&ours["sold"][0]), [(10, 11_000, 1_000), (8, 20_000, 1_481)]);
        assert_eq!(rates(&ours["charged"][0]), [(10, 4_650, 422)]);
        let goods_of = |view: &Value| -> Vec<Value> {
            let lines = view["lines"].as_array().unwrap().iter();
            lines.map(|line| line["goods"].clone()).collect()
        };
        // the sale and the settling of its commission: the return moved goods, but changed nothing between the two
        assert_eq!(goods_of(&ours), [json!("布小物 10個、弁当 40個"), Value::Null]);
        assert_eq!(goods_of(&theirs), goods_of(&ours));
        let pays = &ours["payment"];
        assert_eq!(
            (&pays["payer"]["code"], &pays["payee"]["code"], &pays["yen"]),
            (&json!("c"), &json!("a"), &json!(26_350))
        );
        let goods: Vec<String> = (ours["goods"].as_array().unwrap().iter())
            .map(|row| {
                let columns = [
                    "opening",
                    "delivered",
                    "sold",
                    "returned",
                    "lost",
                    "found",
                    "closing",
                ];
                let numbers = columns.map(|name| row[name].as_str().unwrap().to_owned());
                format!(
                    "{} {} {}",
                    row["product"]["code"].as_str().unwrap(),
                    numbers.join(" "),
                    row["reduced"]
                )
            })
            .collect();
        assert_eq!(
            goods,
            [
                "a/bento 100 0 40 0 0 0 60 true",
                "a/craft 30 20 10 5 2 0 33 false"
            ]
        );

        let agreed = consent(c, "c", &asked).await.expect(200).json();
        assert_eq!(agreed["state"], "recorded");
        let (ours, theirs) = (
            seen(a, "/v1/offices/a/settlements/c/1").await,
            seen(c, "/v1/offices/c/settlements/a/1").await,
        );
        assert_eq!(shared(&ours), shared(&theirs));
        assert_eq!(
            (&ours["closing"], &ours["payment"]["open"]),
            (&json!(26_350), &json!(26_350))
        );

        // a late sale is in the next one; this one stays as it is
        let late = json!({"lines": [{"lot": "B-1", "quantity": "1", "unit_price": "500"}]});
        pair.api
            .world
            .record(act("sell", "c", "late", "2026-06-20", late))
            .await;
        assert_eq!(seen(a, "/v1/offices/a/settlements/c/1").await, ours);
        let next = seen(a, "/v1/offices/a/settlements/c/next?to=2026-07-09").await;
        assert_eq!(
            (&next["from"], &next["opening"], &next["closing"]),
            (&json!("2026-07-01"), &json!(26_350), &json!(26_850))
        );
        let line = &next["lines"][0];
        assert_eq!(
            (&line["is_late"], &line["supplied_on"], &line["yen"]),
            (&json!(true), &json!("2026-06-20"), &json!(500))
        );
        assert_eq!(
            next["goods"][0]["opening"], "60",
            "what lay there when both agreed"
        );

        // paid in two parts
        for (key, yen, open) in [("pay-1", 20_000, 6_350), ("pay-2", 6_350, 0)] {
            let pay = json!({"clears": {"what": "consignment_deposit", "with_office": "a"}, "yen": yen});
            let paid = pair
                .api
                .world
                .record(act("pay", "c", key, "2026-07-10", pay))
                .await;
            assert!(matches!(paid, Answer::Recorded(..)), "{paid:?}");
            let now = seen(a, "/v1/offices/a/settlements/c/1").await;
            assert_eq!(now["payment"]["open"], open, "{key}");
        }
        let strangers = manager(&pair.api, "b").await;
        for path in [
            NEXT_A,
            "/v1/offices/a/settlements/c/1",
            "/v1/offices/a/settlements",
            "/v1/offices/a/settlements/c",
        ] {
            strangers.get(path).await.expect(404);
        }
        strangers.get("/v1/offices/b/settlements/c/1").await.expect(404);
    }
}

#[tokio::test]
async fn two_who_confirm_at_once_and_two_who_ask_at_once() {
    for engine in engines() {
        let pair = Pair::new(engine).await;
        let (a, c) = (&pair.a, &pair.c);
        // both offices ask for the same statement
        let (by_a, by_c) = tokio::join!(
            ask(a, "a", "c", "2026-06-30", "ask-a"),
            ask(c, "c", "a", "2026-06-30", "ask-c")
        );
        let (by_a, by_c) = (by_a.expect(201).json(), by_c.expect(201).json());
        let head = pair.api.world.head().await.0;
        // two clerks of C say yes to the same question at the same moment
        let (one, other) = tokio::join!(consent(c, "c", &by_a), consent(c, "c", &by_a));
        for told in [one, other] {
            assert_eq!(told.expect(200).json()["state"], "recorded");
        }
        assert_eq!(pair.api.world.head().await.0, head + 1, "one entry");
        // the other question comes too late: the period is agreed on
        let late = consent(a, "a", &by_c).await;
        assert_eq!(
            (late.status.as_u16(), late.code().as_str()),
            (409, "statement-not-in-order")
        );
        assert_eq!(pair.api.world.head().await.0, head + 1);
        assert_eq!(seen(a, "/v1/offices/a/settlements/c/1").await["closing"], 26_350);
    }
}

#[tokio::test]
async fn a_sum_that_changed_meanwhile_is_not_agreed_on() {
    for engine in engines() {
        let pair = Pair::new(engine).await;
        let asked = ask(&pair.a, "a", "c", "2026-06-30", "ask-1")
            .await
            .expect(201)
            .json();
        let late = json!({"lines": [{"lot": "B-1", "quantity": "1", "unit_price": "500"}]});
        pair.api
            .world
            .record(act("sell", "c", "late", "2026-06-20", late))
            .await;
        let told = consent(&pair.c, "c", &asked).await;
        assert_eq!(told.code(), "statement-changed", "{}", told.text());
        // asked anew: the late sale is in it
        let path = format!("/v1/proposals/{}/withdrawal", asked["id"].as_str().unwrap());
        pair.a.call(Method::POST, &path, None, None).await.expect(204);
        let asked = ask(&pair.a, "a", "c", "2026-06-30", "ask-2")
            .await
            .expect(201)
            .json();
        assert_eq!(asked["act"]["balance"], 26_850);
        consent(&pair.c, "c", &asked).await.expect(200);
    }
}

#[tokio::test]
async fn a_statement_over_a_closed_month_says_where_its_commission_is() {
    for engine in engines() {
        let pair = Pair::new(engine).await;
        pair.api
            .world
            .record(act(
                "close",
                "c",
                "close-6",
                "2026-07-10",
                json!({"month": "2026-06"}),
            ))
            .await;
        let recorded = pair.confirm("2026-06-30", "ask-1").await;
        // June is closed: the commission counts for July, so it is in the next statement, with both its days
        assert_eq!(recorded["act"]["balance"], 31_000);
        let next = seen(&pair.a, "/v1/offices/a/settlements/c/next?to=2026-07-09").await;
        let line = &next["lines"][0];
        assert_eq!(
            (&line["supplied_on"], &line["book_on"], &line["yen"]),
            (&json!("2026-06-30"), &json!("2026-07-01"), &json!(-4_650))
        );
        assert_eq!(next["closing"], 26_350);
    }
}

#[tokio::test]
async fn a_line_is_asked_about_and_answered_by_the_other_side_alone() {
    for engine in engines() {
        let pair = Pair::new(engine).await;
        let (a, c) = (&pair.a, &pair.c);
        let draft = seen(a, NEXT_A).await;
        let line = draft["lines"][0]["entry"].clone();
        let body = json!({"with": "c", "entry": line, "text": "工芸品は9個ではありませんか。"});
        let asked = a
            .post("/v1/offices/a/questions", "q-1", &body)
            .await
            .expect(201)
            .json();
        let again = a
            .post("/v1/offices/a/questions", "q-1", &body)
            .await
            .expect(200)
            .json();
        assert_eq!(asked, again);
        let id = asked["id"].as_str().unwrap();
        let answer = |office: &str| format!("/v1/offices/{office}/questions/{id}/answer");
        let text = json!({"text": "10個です。レジの記録を見てください。"});
        let own = a.call(Method::POST, &answer("a"), None, Some(&text)).await;
        assert_eq!(own.code(), "not-allowed");
        let partners = seen(c, "/v1/offices/c/settlements").await;
        assert_eq!(partners["items"][0]["questions"], 1);
        let said = c
            .call(Method::POST, &answer("c"), None, Some(&text))
            .await
            .expect(200)
            .json();
        assert_eq!(said["answer"], text["text"]);
        let other = json!({"text": "ちがう答え"});
        let twice = c.call(Method::POST, &answer("c"), None, Some(&other)).await;
        assert_eq!(
            (twice.status.as_u16(), twice.code().as_str()),
            (409, "question-closed")
        );
        let close = format!("/v1/offices/a/questions/{id}/close");
        a.call(Method::POST, &close, None, None).await.expect(200);
        assert_eq!(seen(c, "/v1/offices/c/questions").await["items"], json!([]));
        assert_eq!(
            seen(c, "/v1/offices/c/questions?all=true&with=a").await["items"][0]["is_closed"],
            true
        );
        // nobody else sees it, and nobody asks about what is not of both
        let b = manager(&pair.api, "b").await;
        assert_eq!(
            seen(&b, "/v1/offices/b/questions?all=true").await["items"],
            json!([])
        );
        b.call(Method::POST, &answer("b"), None, Some(&text))
            .await
            .expect(404);
        b.get("/v1/offices/a/questions").await.expect(404);
        let strange = json!({"with": "a", "entry": line, "text": "何の売上ですか。"});
        b.post("/v1/offices/b/questions", "q-2", &strange)
            .await
            .expect(404);
    }
}
