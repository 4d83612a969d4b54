//! What strangers never learn: no answer to this network's people has a byte of the other network in it, and no posting
//! of another office's part of a shared entry.

use crate::two_networks::{SECRET, SECRET_YEN, TwoNetworks};
use acceptance::{
    api::{Client, Told},
    support::engines,
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

const OF_THIS_SIDE: [&str; 3] = ["staff", "manager", "coordinator"];

/// Paths of every reading operation, filled with what stands on the other side where it takes anything.
fn readings(world: &TwoNetworks) -> Vec<String> {
    let document = api::openapi::document();
    let mut paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if item.get("get").is_none() {
            continue;
        }
        let path = path
            .replace("{entry}", &world.secret_entry)
            .replace("{lot}", &format!("{SECRET}-lot"))
            .replace("{office}", &format!("{SECRET}-1"))
            .replace("{counterparty}", &format!("{SECRET}-2"))
            .replace("{maker}", &format!("{SECRET}-2"))
            .replace("{hash}", &world.files[1])
            .replace("{id}", "00000000-0000-0000-0000-000000000000")
            .replace("{code}", &format!("{SECRET}-1"));
        let path = match path.as_str() {
            path if path.contains("/statements/") => format!("{path}?from=2026-06-01&to=2026-06-30"),
            "/v1/log/consistency" => format!("{path}?from=1"),
            path => path.to_owned(),
        };
        paths.push(path);
    }
    for kind in ["networks", "corporations", "offices", "agreements"] {
        paths.push(format!("/v1/{kind}/{SECRET}-net"));
    }
    paths.push("/v1/stock?day=2026-07-01".to_owned());
    paths.push("/v1/balances?month=2026-06".to_owned());
    paths.push(format!("/v1/entries?counterparty={SECRET}-2"));
    paths.push(format!("/v1/entries?office={SECRET}-1"));
    paths.push(format!("/v1/entries?product={SECRET}-1/{SECRET}-ame"));
    paths.push(format!("/v1/entries?lot={SECRET}-lot"));
    paths.push(format!("/v1/entries?yen_from={SECRET_YEN}"));
    paths
}

/// The answer without what the request itself said.
fn without_echo(told: &Told, path: &str) -> String {
    let mut text = told.text();
    for part in path.split(['/', '?', '=', '&']) {
        if part.contains(SECRET) {
            text = text.replace(part, "");
        }
    }
    text
}

#[tokio::test]
async fn no_byte_of_a_stranger_is_in_any_answer() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let mut seen = 0;
        for role in OF_THIS_SIDE {
            for path in readings(&world) {
                let told = world.by(role).get(&path).await;
                let text = without_echo(&told, &path);
                assert!(!text.contains(SECRET), "{role} {path}: {text}");
                assert!(!text.contains(SECRET_YEN), "{role} {path}: {text}");
                assert!(!text.contains(&world.secret_entry) || path.contains(&world.secret_entry));
                seen += usize::from(told.status.is_success());
            }
        }
        // the same questions tell their own people something
        assert!(seen > 100, "{seen}");
        let told = world.by("stranger").get("/v1/entries").await.expect(200);
        assert!(told.text().contains(SECRET));
    }
}

/// What is not there and what is not theirs get the same answer, byte for byte but for the code that was sent.
#[tokio::test]
async fn what_is_not_theirs_is_answered_like_what_is_not_there() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("manager");
        let pairs = [
            (
                format!("/v1/entries/{}", world.secret_entry),
                format!("/v1/entries/{}", uuid::Uuid::from_u128(5)),
            ),
            (
                format!("/v1/entries/{}/proof", world.secret_entry),
                format!("/v1/entries/{}/proof", uuid::Uuid::from_u128(5)),
            ),
            (
                format!("/v1/lots/{SECRET}-lot/trace"),
                "/v1/lots/nowhere-lot/trace".to_owned(),
            ),
            (
                format!("/v1/offices/{SECRET}-1"),
                "/v1/offices/nowhere".to_owned(),
            ),
            (
                format!("/v1/networks/{SECRET}-net"),
                "/v1/networks/nowhere".to_owned(),
            ),
            (
                format!("/v1/products/{SECRET}-1/{SECRET}-ame"),
                "/v1/products/nowhere/ame".to_owned(),
            ),
            (
                format!("/v1/entries?office={SECRET}-1"),
                "/v1/entries?office=nowhere".to_owned(),
            ),
        ];
        for (theirs, nowhere) in pairs {
            let (theirs, nowhere) = (staff.get(&theirs).await, staff.get(&nowhere).await);
            assert_eq!(theirs.status, nowhere.status);
            assert_eq!(
                String::from_utf8_lossy(&theirs.bytes),
                String::from_utf8_lossy(&nowhere.bytes)
            );
        }
        // acts that name them are refused in the same words
        let ship = |to: &str| json!({"office": "a", "supplied_on": "2026-06-10", "to": to, "lines": [{"product": "carrot", "quantity": "1"}]});
        let sell = |lot: &str| json!({"office": "a", "supplied_on": "2026-06-10", "lines": [{"lot": lot, "quantity": "1"}]});
        let receive = |office: &str, key: &str| json!({"office": "a", "supplied_on": "2026-06-10", "shipment": {"office": office, "key": key}, "all": true});
        let settle = |agreement: &str| json!({"office": "a", "supplied_on": "2026-06-30", "agreement": agreement, "from": "2026-06-01", "to": "2026-06-30"});
        let secret_office = format!("{SECRET}-1");
        let cases = [
            (
                "/v1/shipments",
                ship(&secret_office),
                ship("nowhere"),
                secret_office.clone(),
                "nowhere",
            ),
            (
                "/v1/sales",
                sell(&format!("{SECRET}-lot")),
                sell("nowhere-lot"),
                format!("{SECRET}-lot"),
                "nowhere-lot",
            ),
            (
                "/v1/receipts",
                receive(&secret_office, "z-ship"),
                receive("nowhere", "z-ship"),
                secret_office.clone(),
                "nowhere",
            ),
            (
                "/v1/statements",
                settle(&format!("{SECRET}-agreement")),
                settle("nowhere"),
                format!("{SECRET}-agreement"),
                "nowhere",
            ),
        ];
        for (path, theirs, nowhere, code, other) in cases {
            let theirs = staff.post(path, "k-1", &theirs).await;
            let nowhere = staff.post(path, "k-2", &nowhere).await;
            assert_eq!(theirs.status, nowhere.status, "{path}");
            let told = String::from_utf8_lossy(&theirs.bytes).replace(&code, other);
            assert_eq!(told, String::from_utf8_lossy(&nowhere.bytes), "{path}");
        }
    }
}

/// A passes carrots to B: each sees the dealing, and of the money only its own side.
#[tokio::test]
async fn of_a_shared_entry_each_sees_its_own_part() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let path = format!("/v1/entries/{}", world.id("b-receive"));
        let entry = world.by("manager").get(&path).await.expect(200).json();
        assert_eq!(entry["kind"], "receive");
        let units: Vec<&str> = entry["postings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|posting| posting["unit"]["code"].as_str().unwrap())
            .collect();
        assert_eq!(units, ["a", "a"], "only A's side");
        assert!(entry.get("own").is_none(), "what B wrote is B's");
        // the coordinator of both sees both
        let both = world.by("coordinator").get(&path).await.expect(200).json();
        assert_eq!(both["postings"].as_array().unwrap().len(), 4);
        // what B bought elsewhere is not A's
        let rice = format!("/v1/entries/{}", world.id("b-rice"));
        world.by("manager").get(&rice).await.expect(404);
        let proof = world
            .by("manager")
            .get(&format!("{path}/proof"))
            .await
            .expect(200);
        assert!(!proof.text().contains("4321"));
    }
}

/// A maker sees where its goods went; B's rice, its price and its supplier stay B's.
#[tokio::test]
async fn a_trace_shows_the_path_and_no_price_of_others() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let forward = world
            .by("manager")
            .get("/v1/lots/C-1/trace?direction=forward")
            .await
            .expect(200);
        let text = forward.text();
        assert!(text.contains("B-1") && text.contains("Cショップ"), "{text}");
        for hidden in ["4321", "komeya", "米屋", "R-1", "\"yen\":6000"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        let rice = world.by("manager").get("/v1/lots/R-1/trace").await;
        assert_eq!(rice.status.as_u16(), 404, "rice never passed through A");
    }
}

/// Reading as a coordinator is written down, and shown to the office that was read.
#[tokio::test]
async fn a_coordinators_reading_is_registered_before_the_answer() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let before = world.by("manager").get("/v1/readings").await.expect(200).json();
        assert_eq!(before["items"], json!([]));
        let path = format!("/v1/entries/{}", world.id("a-made"));
        world.by("coordinator").get(&path).await.expect(200);
        let after = world.by("manager").get("/v1/readings").await.expect(200).json();
        let items = after["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "{after}");
        assert_eq!(items[0]["office"], "a");
        assert_eq!(items[0]["network"], "minami");
        assert_eq!(items[0]["operation"], "entry");
        assert_eq!(items[0]["subject"], world.id("a-made"));
        // one's own reading is nobody's business
        world.by("manager").get(&path).await.expect(200);
        let own = world.by("manager").get("/v1/readings").await.expect(200).json();
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
    }
}

/// What goods became at another office may be told in a refusal; under which key it stands there may not.
#[tokio::test]
async fn a_refusal_names_no_key_of_another_office() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let reverse = json!({"office": "a", "supplied_on": "2026-06-10", "entry": {"key": "a-made"}, "reason": "まちがい"});
        let told = world
            .by("manager")
            .post("/v1/reversals", "rev-1", &reverse)
            .await
            .expect(409);
        assert_eq!(told.code(), "must-go-first");
        let text = told.text();
        assert!(text.contains("a-ship"), "{text}");
        for key in ["b-receive", "b-bento", "b-ship"] {
            assert!(!text.contains(key), "{text}");
        }
    }
}

/// Whoever opens what is between two has read both; whoever opens one thing has read one.
#[tokio::test]
async fn a_reading_is_of_all_whose_it_was_and_of_no_one_else() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let masters = world.api.world.book.store().masters().await.unwrap();
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let manager_b = world.api.person("manager-b", &[Role::Manager(office("b"))]).await;
        let manager_c = world.api.person("manager-c", &[Role::Manager(office("c"))]).await;
        let subjects = async |client: &Client| -> Vec<String> {
            let told = client.get("/v1/readings").await.expect(200).json();
            let items = told["items"].as_array().unwrap().iter();
            items
                .map(|item| item["subject"].as_str().unwrap().to_owned())
                .collect()
        };
        let ship = world.id("a-ship").to_owned();
        let coordinator = world.by("coordinator");
        coordinator.get(&format!("/v1/entries/{ship}")).await.expect(200);
        coordinator.get("/v1/partners/a/tane").await.expect(200);
        // a refusal tells of the lot too
        coordinator
            .get("/v1/lots/C-1/trace?quantity=999")
            .await
            .expect(400);
        assert_eq!(subjects(world.by("manager")).await, [&*ship, "a/tane", "C-1"]);
        // the lot went on to b
        assert_eq!(subjects(&manager_b).await, [&*ship, "C-1"]);
        assert_eq!(subjects(&manager_c).await, [""; 0]);
        // staff of one office who coordinates as well: the answer to a retry shows the other's part
        let both = [
            Role::Staff(office("a")),
            Role::Coordinator(masters.networks().next().unwrap().id),
        ];
        let both = world.api.person("both", &both).await;
        let body = json!({"office": "a", "supplied_on": "2026-06-20", "to": "b", "lines": [{"product": "carrot", "quantity": "1"}]});
        let request = axum::http::Request::post("/v1/shipments")
            .header("idempotency-key", "both-1")
            .header("content-type", "application/json")
            .header("prefer", "return=representation")
            .body(axum::body::Body::from(body.to_string()))
            .unwrap();
        let told = both.send(request).await.expect(201).json();
        assert_eq!(told["kind"], "ship");
    }
}

/// A shop of both networks sells goods of both in one sale: a search by a lot of the other's finds nothing.
#[tokio::test]
async fn a_search_tells_nothing_of_goods_that_are_not_shown() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let z = SECRET;
        let keeper = |kind: &str, key: &str, mut fields: serde_json::Value| {
            for (name, value) in [("kind", kind), ("key", key), ("supplied_on", "2026-04-01")] {
                fields[name] = value.into();
            }
            fields
        };
        let small: serde_json::Value = acceptance::world::SMALL_WORLD
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .find(|act| act["kind"] == "agreement")
            .unwrap();
        let mut agreement = small.clone();
        for (name, value) in [
            ("key", "z-consign"),
            ("code", "z-consign"),
            ("producer", &*format!("{z}-1")),
        ] {
            agreement[name] = value.into();
        }
        agreement["agreed"] = json!([format!("{z}-1"), "c"]);
        let acts = [
            keeper(
                "membership",
                "z-member-c",
                json!({"network": format!("{z}-net"), "member": "c"}),
            ),
            agreement,
            act(
                "price",
                &format!("{z}-1"),
                "z-retail",
                "2026-04-01",
                json!({"product": format!("{z}-ame"), "channel": "retail", "unit_price": "100"}),
            ),
            act(
                "produce",
                "a",
                "a-craft",
                "2026-06-01",
                json!({"lines": [{"product": "craft", "quantity": "5", "lot": {"code": "K-1"}}]}),
            ),
            act(
                "consign",
                "a",
                "a-consign",
                "2026-06-02",
                json!({"to": "c", "lines": [{"lot": "K-1", "quantity": "2"}]}),
            ),
            act(
                "consign",
                &format!("{z}-1"),
                "z-consigned",
                "2026-06-02",
                json!({"to": "c", "lines": [{"lot": format!("{z}-lot"), "quantity": "5"}]}),
            ),
            act(
                "sell",
                "c",
                "c-both",
                "2026-06-04",
                json!({"lines": [
                {"lot": "K-1", "quantity": "1"}, {"lot": format!("{z}-lot"), "quantity": "1"}]}),
            ),
        ];
        let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
        for (act, answer) in acts
            .iter()
            .zip(world.api.world.record_lines(&lines.join("\n")).await)
        {
            assert!(
                matches!(answer, app::writer::Answer::Recorded(..)),
                "{act}: {answer:?}"
            );
        }
        let manager = world.by("manager");
        let found = async |query: &str| {
            let told = manager
                .get(&format!("/v1/entries?{query}"))
                .await
                .expect(200)
                .json();
            told["entries"].as_array().unwrap().len()
        };
        assert_eq!(found("kind=sell&lot=K-1").await, 1, "its own part of the sale");
        assert_eq!(found(&format!("kind=sell&lot={z}-lot")).await, 0);
        assert_eq!(found(&format!("kind=sell&product={z}-1/{z}-ame")).await, 0);
        assert!(
            !manager
                .get("/v1/entries?kind=sell")
                .await
                .expect(200)
                .text()
                .contains(SECRET)
        );
    }
}

/// Who only reads leaves nothing in the book, not even a signature.
#[tokio::test]
async fn reading_writes_nothing() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let heads = "SELECT COUNT(*) FROM log_checkpoint";
        let before = world.api.world.number(heads).await;
        let manager = world.by("manager");
        manager.get("/v1/log/head").await.expect(200);
        manager.get("/v1/log/consistency?from=3&to=20").await.expect(200);
        manager
            .get(&format!("/v1/entries/{}/proof", world.id("a-made")))
            .await
            .expect(200);
        assert_eq!(world.api.world.number(heads).await, before);
    }
}
