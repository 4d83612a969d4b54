//! 相殺: the plan, its proposal, the yes of all, and who sees what of it.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, engines},
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::http::Method;
use serde_json::{Value, json};

/// Three members, each with its manager, and their coordinator. B owes A 900, C owes B 700, A owes C 500.
struct Ring {
    api: TestApi,
    coordinator: Client,
    managers: [Client; 3],
}

const OFFICES: [&str; 3] = ["a", "b", "c"];
const PLAN: &str = "/v1/networks/minami/netting";

impl Ring {
    async fn new(engine: Engine) -> Ring {
        let api = TestApi::new(engine).await;
        for member in ["b", "c"] {
            let join = json!({"kind": "membership", "key": format!("member-{member}"), "supplied_on": "2026-04-01",
                "network": "minami", "member": member});
            record(&api, join).await;
        }
        for (debtor, creditor, yen) in [("b", "a", 900), ("c", "b", 700), ("a", "c", 500)] {
            let spent = json!({"item": "rent", "yen": yen, "paid_by_office": creditor});
            record(
                &api,
                act("spend", debtor, &format!("lent-{debtor}"), "2026-06-30", spent),
            )
            .await;
        }
        let masters = api.world.book.store().masters().await.unwrap();
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        let coordinator = api.person("coordinator", &[Role::Coordinator(network)]).await;
        let mut managers = Vec::new();
        for code in OFFICES {
            let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
            managers.push(
                api.person(&format!("manager-{code}"), &[Role::Manager(office)])
                    .await,
            );
        }
        let managers = managers.try_into().unwrap_or_else(|_| panic!("three"));
        Ring {
            api,
            coordinator,
            managers,
        }
    }

    async fn plan(&self, asked: &str) -> Value {
        self.coordinator
            .get(&format!("{PLAN}{asked}"))
            .await
            .expect(200)
            .json()
    }

    async fn propose(&self, key: &str, body: Value) -> String {
        let told = self.coordinator.post(PLAN, key, &body).await.expect(201).json();
        told["id"].as_str().unwrap().to_owned()
    }

    async fn says(&self, who: usize, id: &str, what: &str) -> acceptance::api::Told {
        let path = format!("/v1/proposals/{id}/{what}");
        let body = json!({"office": OFFICES[who]});
        self.managers[who]
            .call(Method::POST, &path, None, Some(&body))
            .await
    }

    /// What an office is owed less what it owes, by its own books.
    async fn net(&self, who: usize) -> i64 {
        let mut net = 0;
        for other in OFFICES.iter().filter(|other| **other != OFFICES[who]) {
            let path = format!(
                "/v1/offices/{}/statements/{other}?from=2026-06-01&to=2026-07-10",
                OFFICES[who]
            );
            let told = self.managers[who].get(&path).await.expect(200).json();
            net += told["balance"].as_i64().unwrap();
        }
        net
    }

    async fn nets(&self) -> [i64; 3] {
        [self.net(0).await, self.net(1).await, self.net(2).await]
    }
}

async fn record(api: &TestApi, act: Value) {
    let answer = api.world.record(act.clone()).await;
    assert!(matches!(answer, Answer::Recorded(..)), "{act}: {answer:?}");
}

fn payments(plan: &Value) -> Vec<(String, String, i64)> {
    let text = |value: &Value| value["code"].as_str().unwrap().to_owned();
    let lines = plan["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            (
                text(&line["debtor"]),
                text(&line["creditor"]),
                line["yen"].as_i64().unwrap(),
            )
        })
        .collect()
}

const DUE: &str = "2026-07-20";

#[tokio::test]
async fn all_say_yes_and_few_payments_are_left() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        let before = ring.nets().await;
        assert_eq!((before, before.iter().sum::<i64>()), ([400, -200, -200], 0));
        let plan = ring.plan("").await;
        assert_eq!(
            (plan["before"]["payments"].clone(), plan["before"]["yen"].clone()),
            (3.into(), 2_100.into())
        );
        assert_eq!(
            payments(&plan["after"]),
            [("b".into(), "a".into(), 200), ("c".into(), "a".into(), 200)]
        );
        assert_eq!(plan["offices"][0]["claims"], json!([900, 400]));

        let body = json!({"due_on": DUE, "version": plan["version"]});
        let id = ring.propose("n-1", body.clone()).await;
        // sent again it is the same, whatever happens meanwhile
        let again = ring.coordinator.post(PLAN, "n-1", &body).await.expect(200);
        assert_eq!(again.json()["id"].as_str().unwrap(), id);
        for who in 0..2 {
            let told = ring.says(who, &id, "consent").await.expect(200).json();
            assert_eq!(told["state"], "open");
            assert_eq!(ring.nets().await, before, "nothing before the last yes");
            assert_eq!(payments(&ring.plan("").await["after"]).len(), 2);
        }
        let told = ring.says(2, &id, "consent").await.expect(200).json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(ring.nets().await, before);
        let plan = ring.plan("").await;
        assert_eq!(plan["before"]["payments"], 2);
        assert_eq!(
            plan["before"]["lines"], plan["after"]["lines"],
            "nothing is left to set off"
        );
        let none = ring
            .coordinator
            .post(PLAN, "n-2", &json!({"due_on": DUE}))
            .await
            .expect(409);
        assert_eq!(none.code(), "nothing-to-net");

        // an office sees its own side of the entry; taking it back asks all three again
        let entry = told["entry"].as_str().unwrap();
        let seen = ring.managers[1]
            .get(&format!("/v1/entries/{entry}"))
            .await
            .expect(200);
        let units = seen.json()["postings"].as_array().unwrap().clone();
        assert!(!units.is_empty() && units.iter().all(|posting| posting["unit"]["code"] == "b"));
        assert!(
            !seen.text().contains("yen\":500,") && !seen.text().contains("yen\":-500,"),
            "what A owed C is not B's to see: {}",
            seen.text()
        );
        let back = json!({"act": {"kind": "reverse", "acting_network": "minami", "supplied_on": "2026-07-10",
            "entry": {"key": "n-1"}, "reason": "まちがい"}, "due_on": DUE});
        let told = ring
            .coordinator
            .post("/v1/proposals", "x-1", &back)
            .await
            .expect(201)
            .json();
        assert_eq!(told["parties"].as_array().unwrap().len(), 3);
        let id = told["id"].as_str().unwrap().to_owned();
        for who in 0..3 {
            ring.says(who, &id, "consent").await.expect(200);
        }
        assert_eq!(ring.nets().await, before);
        assert_eq!(ring.plan("").await["before"]["payments"], 3);
    }
}

#[tokio::test]
async fn who_does_not_want_to_stays_out() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        record(
            &ring.api,
            act(
                "spend",
                "a",
                "lent-back",
                "2026-07-01",
                json!({"item": "rent", "yen": 300, "paid_by_office": "b"}),
            ),
        )
        .await;
        let before = ring.nets().await;
        let id = ring.propose("n-1", json!({"due_on": DUE})).await;
        let told = ring.says(2, &id, "objection").await.expect(200).json();
        assert_eq!(told["state"], "contested");
        assert_eq!(
            ring.says(0, &id, "consent").await.expect(409).code(),
            "proposal-closed"
        );
        let plan = ring.plan("?stay_out=c").await;
        assert_eq!(
            (
                plan["before"]["payments"].clone(),
                plan["after"]["payments"].clone()
            ),
            (4.into(), 3.into())
        );
        let touched = |code: &str| {
            let offices = plan["offices"].as_array().unwrap();
            offices
                .iter()
                .find(|office| office["office"]["code"] == code)
                .unwrap()["touched"]
                .clone()
        };
        assert_eq!(
            [touched("a"), touched("b"), touched("c")],
            [json!(true), json!(true), json!(false)]
        );
        let id = ring
            .propose("n-2", json!({"due_on": DUE, "stay_out": ["c"]}))
            .await;
        // who stays out is not asked, and does not learn of it
        ring.managers[2]
            .get(&format!("/v1/proposals/{id}"))
            .await
            .expect(404);
        ring.says(0, &id, "consent").await.expect(200);
        let told = ring.says(1, &id, "consent").await.expect(200).json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(ring.nets().await, before);
        assert_eq!(
            payments(&ring.plan("").await["before"]),
            [
                ("a".into(), "c".into(), 500),
                ("b".into(), "a".into(), 600),
                ("c".into(), "b".into(), 700)
            ]
        );
        ring.coordinator
            .get(&format!("{PLAN}?stay_out=%21"))
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn what_changed_meanwhile_is_refused_and_nobody_learns_whose_it_was() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        let seen = ring.plan("").await;
        let id = ring.propose("n-1", json!({"due_on": DUE})).await;
        let paid = json!({"clears": {"what": "owed_for_others", "with_office": "b"}, "yen": 600});
        record(&ring.api, act("pay", "c", "paid", "2026-07-09", paid)).await;
        let before = ring.nets().await;
        let head = ring.api.world.head().await;
        ring.says(1, &id, "consent").await.expect(200);
        ring.says(2, &id, "consent").await.expect(200);
        let told = ring.says(0, &id, "consent").await.expect(409);
        assert_eq!(told.code(), "net-changed");
        assert!(
            told.text().contains("新しい案を作って") && !told.text().contains("600"),
            "{}",
            told.text()
        );
        assert_eq!((ring.api.world.head().await, ring.nets().await), (head, before));
        // a plan that was seen before is not proposed any more either
        let stale = json!({"due_on": DUE, "version": seen["version"]});
        assert_eq!(
            ring.coordinator
                .post(PLAN, "n-2", &stale)
                .await
                .expect(409)
                .code(),
            "netting-changed"
        );
        let path = format!("/v1/proposals/{id}/withdrawal");
        ring.coordinator
            .call(Method::POST, &path, None, None)
            .await
            .expect(204);
        let id = ring.propose("n-3", json!({"due_on": DUE})).await;
        for who in 0..3 {
            ring.says(who, &id, "consent").await;
        }
        assert_eq!(ring.nets().await, before);
        assert_eq!(before.iter().sum::<i64>(), 0);
    }
}

#[tokio::test]
async fn two_who_say_yes_at_once_record_it_once() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        let before = ring.nets().await;
        let id = ring.propose("n-1", json!({"due_on": DUE})).await;
        ring.says(0, &id, "consent").await.expect(200);
        let (size, _) = ring.api.world.head().await;
        let answers = tokio::join!(
            ring.says(1, &id, "consent"),
            ring.says(2, &id, "consent"),
            ring.says(2, &id, "consent")
        );
        for told in [answers.0, answers.1, answers.2] {
            assert!([200, 409].contains(&told.status.as_u16()), "{}", told.text());
        }
        let told = ring
            .coordinator
            .get(&format!("/v1/proposals/{id}"))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(ring.api.world.head().await.0, size + 1);
        assert_eq!(ring.nets().await, before);
    }
}

#[tokio::test]
async fn each_sees_its_own_lines_and_strangers_nothing() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        for manager in &ring.managers {
            manager.get(PLAN).await.expect(404);
            manager
                .post(PLAN, "m-1", &json!({"due_on": DUE}))
                .await
                .expect(404);
        }
        let id = ring.propose("n-1", json!({"due_on": DUE})).await;
        let path = format!("/v1/proposals/{id}");
        let whole = ring.coordinator.get(&path).await.expect(200).json();
        assert_eq!(whole["act"]["clears"].as_array().unwrap().len(), 3);
        for seen in [path.clone(), "/v1/proposals".to_owned()] {
            let told = ring.managers[1].get(&seen).await.expect(200);
            let own = if seen == path {
                told.json()
            } else {
                told.json()["items"][0].clone()
            };
            let lines = own["act"]["clears"].as_array().unwrap().clone();
            assert_eq!(lines.len(), 2);
            assert!(
                lines
                    .iter()
                    .all(|line| line["creditor"] == "b" || line["debtor"] == "b")
            );
            // what C is to pay A is nothing to B
            assert!(own["act"].get("remain").is_none());
            assert_eq!(own["parties"].as_array().unwrap().len(), 1);
        }
        // an office that is no member, and one whose network is another
        let masters = ring.api.world.book.store().masters().await.unwrap();
        let other = masters.office_by_code(&"a2".parse().unwrap()).unwrap().id;
        let stranger = ring.api.person("manager-a2", &[Role::Manager(other)]).await;
        for path in [PLAN, &path, "/v1/offices/a/netting/b", "/v1/offices/a2/netting/b"] {
            stranger.get(path).await.expect(404);
        }
        // nobody proposes for others than members, or acts for a network alone
        let alien = json!({"act": {"kind": "net", "acting_network": "minami", "supplied_on": "2026-07-10", "clears": [
            {"creditor": "a2", "debtor": "a", "what": "receivable", "yen": 1}]}, "due_on": DUE});
        assert_eq!(
            ring.coordinator
                .post("/v1/proposals", "p-1", &alien)
                .await
                .expect(409)
                .code(),
            "office-unknown"
        );
        let alone = json!({"acting_network": "minami", "supplied_on": "2026-07-10", "agreed": ["a", "b"], "clears": [
            {"creditor": "a", "debtor": "b", "what": "paid_for_others", "yen": 1}]});
        ring.coordinator
            .post("/v1/nettings", "q-1", &alone)
            .await
            .expect(403);
        // each look of the coordinator is in the register of the offices
        let readings = ring.managers[0].get("/v1/readings").await.expect(200).text();
        assert!(readings.contains("\"netting\""), "{readings}");
    }
}

#[tokio::test]
async fn two_offices_set_off_what_they_owe_each_other() {
    for engine in engines() {
        let ring = Ring::new(engine).await;
        record(
            &ring.api,
            act(
                "spend",
                "a",
                "lent-back",
                "2026-07-01",
                json!({"item": "rent", "yen": 300, "paid_by_office": "b"}),
            ),
        )
        .await;
        let before = ring.nets().await;
        let at = "/v1/offices/a/netting/b";
        let plan = ring.managers[0].get(at).await.expect(200).json();
        assert_eq!(
            payments(&plan["before"]),
            [("a".into(), "b".into(), 300), ("b".into(), "a".into(), 900)]
        );
        assert_eq!(payments(&plan["after"]), [("b".into(), "a".into(), 600)]);
        let body = json!({"due_on": DUE, "version": plan["version"]});
        let told = ring.managers[0].post(at, "n-1", &body).await.expect(201).json();
        assert_eq!(
            told["parties"].as_array().unwrap().len(),
            1,
            "who proposes has agreed"
        );
        let id = told["id"].as_str().unwrap().to_owned();
        ring.managers[2]
            .get(&format!("/v1/proposals/{id}"))
            .await
            .expect(404);
        let told = ring.says(1, &id, "consent").await.expect(200).json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(ring.nets().await, before);
        let plan = ring.managers[1]
            .get("/v1/offices/b/netting/a")
            .await
            .expect(200)
            .json();
        assert_eq!(plan["before"]["payments"], 1);
    }
}
