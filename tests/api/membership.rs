//! What a coordinator sees is what happened while an office was a member, and neighbours are those of today.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use serde_json::{Value, json};

fn member(key: &str, office: &str, from: &str, to: Option<&str>) -> Value {
    let mut act =
        json!({"kind": "membership", "key": key, "supplied_on": from, "network": "minami", "member": office});
    if let Some(to) = to {
        act["to"] = to.into();
    }
    act
}

async fn record(api: &TestApi, acts: &[Value]) {
    let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
    for (act, answer) in acts.iter().zip(api.world.record_lines(&lines.join("\n")).await) {
        assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
    }
}

fn sale(key: &str, day: &str, yen: i64) -> Value {
    act(
        "earn",
        "b",
        key,
        day,
        json!({"lines": [{"yen": yen}], "paid": {"by": "cash"}}),
    )
}

/// Office b is a member from 15 June to 30 June; a always.
async fn world(engine: Engine) -> (TestApi, Client) {
    let api = TestApi::new(engine).await;
    let acts = [
        member("member-b", "b", "2026-06-15", Some("2026-06-30")),
        act(
            "produce",
            "a",
            "a-made",
            "2026-06-01",
            json!({"lines": [{"product": "carrot", "quantity": "50", "lot": {"code": "C-1"}}]}),
        ),
        act(
            "ship",
            "a",
            "s-1",
            "2026-06-02",
            json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "8"}]}),
        ),
        act(
            "receive",
            "b",
            "r-1",
            "2026-06-02",
            json!({"shipment": {"office": "a", "key": "s-1"}, "all": true}),
        ),
        act(
            "ship",
            "a",
            "s-2",
            "2026-06-20",
            json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "2"}]}),
        ),
        act(
            "receive",
            "b",
            "r-2",
            "2026-06-20",
            json!({"shipment": {"office": "a", "key": "s-2"}, "all": true}),
        ),
        sale("e-1", "2026-06-03", 7_001),
        sale("e-2", "2026-06-21", 503),
    ];
    record(&api, &acts).await;
    let masters = api.world.book.store().masters().await.unwrap();
    let network = masters.networks().next().unwrap().id;
    let coordinator = api.person("coordinator", &[Role::Coordinator(network)]).await;
    (api, coordinator)
}

#[tokio::test]
async fn sums_of_before_are_one_sum_and_income_counts_from_the_first_day() {
    for engine in engines() {
        let (_api, coordinator) = world(engine).await;
        let statement = async |from: &str| {
            let path = format!("/v1/offices/b/statements/a?from={from}&to=2026-06-30");
            coordinator.get(&path).await.expect(200).json()
        };
        let (early, later) = (statement("2026-06-01").await, statement("2026-06-10").await);
        assert_eq!(early, later, "whatever day they ask from");
        assert_eq!(early["from"], "2026-06-15");
        assert_eq!(early["accounts"][0]["opening"], -1_200);
        assert_eq!(early["accounts"][0]["lines"].as_array().unwrap().len(), 1);
        assert_eq!(early["balance"], -1_500, "to the yen what b owes");
        let balances = coordinator.get("/v1/balances?month=2026-06").await.expect(200);
        let text = balances.text();
        assert!(text.contains("503") && !text.contains("7001"), "{text}");
        // after the last day nothing is open
        let path = "/v1/offices/b/statements/a?from=2026-06-15&to=2026-07-05";
        coordinator.get(path).await.expect(404);
    }
}

#[tokio::test]
async fn an_office_that_left_is_closed_by_itself_alone() {
    for engine in engines() {
        let (api, coordinator) = world(engine).await;
        // the day on the act is the sender's to choose
        let close = |month: &str| json!({"acting_network": "minami", "of": "b", "month": month, "supplied_on": "2026-06-30"});
        let told = coordinator
            .post("/v1/closes", "k-1", &close("2026-05"))
            .await
            .expect(409);
        assert_eq!(told.code(), "office-unknown");
        let own =
            json!({"acting_network": "minami", "of": "a", "month": "2026-05", "supplied_on": "2026-05-31"});
        coordinator.post("/v1/closes", "k-2", &own).await.expect(201);
        // an end that was recorded a moment ago counts, though nobody has read since
        record(&api, &[member("leave-a", "a", "2026-04-01", Some("2026-07-05"))]).await;
        let own =
            json!({"acting_network": "minami", "of": "a", "month": "2026-06", "supplied_on": "2026-06-30"});
        let told = coordinator.post("/v1/closes", "k-3", &own).await.expect(409);
        assert_eq!(told.code(), "office-unknown");
    }
}

#[tokio::test]
async fn a_list_goes_on_beyond_what_may_not_be_seen() {
    for engine in engines() {
        let (api, coordinator) = world(engine).await;
        let many: Vec<Value> = (0..60)
            .map(|n| sale(&format!("m-{n}"), "2026-07-02", 10))
            .collect();
        record(&api, &many).await;
        let mut found = Vec::new();
        let mut next = Some("/v1/entries?office=b&kind=earn&limit=1".to_owned());
        while let Some(path) = next {
            let told = coordinator.get(&path).await.expect(200);
            found.extend(
                told.json()["entries"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|entry| entry["own"]["key"].clone()),
            );
            next = told.headers.get("link").map(|link| {
                let link = link.to_str().unwrap();
                link[1..link.find('>').unwrap()].to_owned()
            });
        }
        assert_eq!(
            found,
            [json!("e-2")],
            "the one of the days of membership, behind sixty later ones"
        );
    }
}

#[tokio::test]
async fn who_was_never_a_neighbour_at_the_same_time_knows_no_prices() {
    for engine in engines() {
        let (api, _) = world(engine).await;
        // c comes after b has left, and neither has an agreement with the other
        record(&api, &[member("member-c", "c", "2026-07-01", None)]).await;
        let masters = api.world.book.store().masters().await.unwrap();
        let office = masters.office_by_code(&"c".parse().unwrap()).unwrap().id;
        let staff = api.person("staff-c", &[Role::Staff(office)]).await;
        for path in ["/v1/products", "/v1/prices"] {
            let text = staff.get(path).await.expect(200).text();
            assert!(text.contains("carrot"), "a is a neighbour: {text}");
            assert!(!text.contains("bento"), "b is none: {text}");
        }
    }
}
