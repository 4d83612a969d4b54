//! Over the ends of years: numbers of papers begin anew on the first of April and not in January; statements go on over both.

use acceptance::{
    api::{Client, TestApi},
    people::{DAY, HandClock, Visited},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::http::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// A book whose clock is moved by hand; it begins at noon of 2026-07-10.
struct Years {
    api: TestApi,
    clock: Arc<HandClock>,
    a: Client,
    c: Client,
}

impl Years {
    /// So many days after 2026-07-10, with goods of a in its store and on the shelf of c.
    async fn after(engine: Engine, days: i64) -> Years {
        let Visited { world, clock, .. } = Visited::new(engine).await;
        clock.pass(days * DAY);
        let api = TestApi::of(world).await;
        let made = json!({"lines": [{"product": "carrot", "quantity": "900", "lot": {"code": "C-1"}},
            {"product": "craft", "quantity": "90", "lot": {"code": "N-1"}}]});
        let placed = json!({"to": "c", "lines": [{"lot": "N-1", "quantity": "90"}]});
        let (a, c) = (manager(&api, "a").await, manager(&api, "c").await);
        let years = Years { api, clock, a, c };
        years.must(act("produce", "a", "made", "2026-07-10", made)).await;
        years
            .must(act("consign", "a", "placed", "2026-07-10", placed))
            .await;
        years
    }

    async fn must(&self, act: Value) {
        let answer = self.api.world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }

    /// Ten kilos of carrots at 150 delivered to c.
    async fn delivered(&self, key: &str, day: &str) {
        let ship = json!({"to": "c", "lines": [{"lot": "C-1", "quantity": "10", "unit_price": "150"}]});
        self.must(act("ship", "a", key, day, ship)).await;
        let receive = json!({"shipment": {"office": "a", "key": key}, "all": true});
        self.must(act("receive", "c", &format!("{key}-r"), day, receive))
            .await;
    }

    /// Issues what is billed between two days, on a day; the number and the rates of the paper.
    async fn issued(&self, key: &str, (from, to): (&str, &str), on: &str) -> (String, Value) {
        let path = format!("/v1/offices/a/document-drafts?form=invoice&with_office=c&from={from}&to={to}");
        let mut paper = self.a.get(&path).await.expect(200).json()["paper"].clone();
        paper["office"] = "a".into();
        paper["supplied_on"] = on.into();
        let issued = self.a.post("/v1/documents", key, &paper).await.expect(201).json();
        let path = format!("/v1/offices/a/documents/{}", issued["entry"].as_str().unwrap());
        let shown = self.a.get(&path).await.expect(200).json();
        (
            shown["number"].as_str().unwrap().to_owned(),
            shown["paper"]["rates"].clone(),
        )
    }

    /// The statement to a day, asked for by a and agreed on by c; as a reads it then.
    async fn confirmed(&self, number: u32, to: &str) -> Value {
        let path = "/v1/offices/a/settlements/c/requests";
        let key = format!("ask-{number}");
        let asked = self
            .a
            .post(path, &key, &json!({ "to": to }))
            .await
            .expect(201)
            .json();
        let path = format!("/v1/proposals/{}/consent", asked["id"].as_str().unwrap());
        let said = json!({"office": "c"});
        self.c
            .call(Method::POST, &path, None, Some(&said))
            .await
            .expect(200);
        let path = format!("/v1/offices/a/settlements/c/{number}");
        self.a.get(&path).await.expect(200).json()
    }
}

async fn manager(api: &TestApi, code: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    api.person(&format!("manager-{code}"), &[Role::Manager(office)])
        .await
}

/// Days from 2026-07-10 to the last of December, the last of March, and into the months after them: 21 of July, 31 + 30 + 31
/// + 30 + 31 to the year's end; 31 + 28 + 31 more to the fiscal year's.
const TO_DECEMBER: i64 = 21 + 31 + 30 + 31 + 30 + 31;
const TO_MARCH: i64 = TO_DECEMBER + 31 + 28 + 31;

#[tokio::test]
async fn numbers_of_papers_begin_anew_on_the_first_of_april_alone() {
    for engine in engines() {
        let years = Years::after(engine, TO_DECEMBER).await;
        let number = async |key, between, on| years.issued(key, between, on).await.0;
        years.delivered("s1", "2026-12-31").await;
        assert_eq!(
            number("i-1", ("2026-12-31", "2026-12-31"), "2026-12-31").await,
            "2026-0001"
        );
        years.clock.pass(DAY);
        years.delivered("s2", "2027-01-01").await;
        assert_eq!(
            number("i-2", ("2027-01-01", "2027-01-01"), "2027-01-01").await,
            "2026-0002",
            "a new year is no new fiscal year"
        );
        years.clock.pass((TO_MARCH - TO_DECEMBER - 1) * DAY);
        for (key, day) in [("s3", "2027-03-30"), ("s4", "2027-03-31")] {
            years.delivered(key, day).await;
        }
        assert_eq!(
            number("i-3", ("2027-03-30", "2027-03-30"), "2027-03-31").await,
            "2026-0003"
        );
        // a day later: another fiscal year, in which food is taxed at 1 %
        years.clock.pass(DAY);
        let rate = json!({"kind": "rate", "key": "one", "supplied_on": "2027-04-01", "category": "reduced",
            "percent": 1, "status": "enacted", "source": "食料品の税率"});
        years.must(rate).await;
        for key in ["s5", "s6"] {
            years.delivered(key, "2027-04-01").await;
        }
        // one paper over the boundary: 1,500 at 8 % (111 within), 3,000 at 1 % (29 within), each rate once
        let (over, rates) = years
            .issued("i-4", ("2027-03-31", "2027-04-01"), "2027-04-01")
            .await;
        assert_eq!(over, "2027-0001");
        let mut sums: Vec<(i64, i64, i64)> = (rates.as_array().unwrap().iter())
            .map(|of| {
                let yen = |name: &str| of[name].as_i64().unwrap();
                (of["rate"]["percent"].as_i64().unwrap(), yen("gross"), yen("tax"))
            })
            .collect();
        sums.sort_unstable();
        assert_eq!(sums, [(1, 3_000, 29), (8, 1_500, 111)]);
        // one that is dated back belongs to the old year, and its number goes on there without a gap
        years.delivered("s7", "2027-03-31").await;
        assert_eq!(
            number("i-5", ("2027-03-31", "2027-03-31"), "2027-03-31").await,
            "2026-0004"
        );
        years.delivered("s8", "2027-04-01").await;
        assert_eq!(
            number("i-6", ("2027-04-01", "2027-04-01"), "2027-04-01").await,
            "2027-0002"
        );
        let list = years
            .a
            .get("/v1/offices/a/documents?limit=50")
            .await
            .expect(200)
            .json();
        assert_eq!(list["items"].as_array().unwrap().len(), 6);
    }
}

#[tokio::test]
async fn statements_go_on_over_the_ends_of_years() {
    for engine in engines() {
        for (days, last, first, to) in [
            (TO_DECEMBER + 36, "2026-12-31", "2027-01-01", "2027-01-31"),
            (TO_MARCH + 35, "2027-03-31", "2027-04-01", "2027-04-30"),
        ] {
            let years = Years::after(engine, days).await;
            for day in [last, first] {
                let sold =
                    json!({"office": "c", "supplied_on": day, "lines": [{"lot": "N-1", "quantity": "1"}]});
                years
                    .c
                    .post("/v1/sales", &format!("s-{day}"), &sold)
                    .await
                    .expect(201);
            }
            // 1,100 less 15 %: 935 for the last day of the year alone
            let old = years.confirmed(1, last).await;
            assert_eq!(
                (&old["to"], &old["closing"]),
                (&json!(last), &json!(935)),
                "{old}"
            );
            let charged = &old["charged"][0]["rates"][0];
            assert_eq!((&charged["gross"], &charged["tax"]), (&json!(165), &json!(15)));
            let new = years.confirmed(2, to).await;
            assert_eq!(
                (&new["from"], &new["opening"], &new["closing"]),
                (&json!(first), &json!(935), &json!(1_870))
            );
            assert_eq!(
                new["sold"][0]["rates"][0]["gross"], 1_100,
                "each sale in one statement"
            );
            // its number does not begin anew: it is of the pair, not of a year
            assert_eq!(new["number"], 2);
            // the old one is as it was
            let again = years
                .a
                .get("/v1/offices/a/settlements/c/1")
                .await
                .expect(200)
                .json();
            assert_eq!(again, old);
            // sales of each day stand in the month of that day
            for (day, yen) in [(last, 1_100), (first, 1_100)] {
                let path = format!("/v1/offices/a/statements/c?from={day}&to={day}");
                let told = years.a.get(&path).await.expect(200).json();
                let lines = told["accounts"][0]["lines"].as_array().unwrap();
                let sale = lines.iter().find(|line| line["act"] == "販売").unwrap();
                assert_eq!(sale["yen"], yen, "{day}: {told}");
            }
        }
    }
}
