//! Habits of the API: keys, replays, problems, pages, versions, documents.

use crate::two_networks::TwoNetworks;
use acceptance::{api::TestApi, support::engines};
use app::access::rights::Role;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::{Value, json};

fn carrots(quantity: &str) -> Value {
    json!({"office": "a", "supplied_on": "2026-06-10", "lines": [{"product": "carrot", "quantity": quantity}]})
}

#[tokio::test]
async fn the_same_key_is_one_entry_and_the_stored_answer() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        let first = staff
            .post("/v1/productions", "p-1", &carrots("3"))
            .await
            .expect(201);
        let again = staff
            .post("/v1/productions", "p-1", &carrots("3"))
            .await
            .expect(200);
        assert_eq!(first.json(), again.json());
        assert_eq!(again.headers["idempotency-replayed"], "true");
        assert!(!first.headers.contains_key("idempotency-replayed"));
        assert_eq!(first.headers[header::LOCATION], again.headers[header::LOCATION]);
        let entry = staff
            .get(first.headers[header::LOCATION].to_str().unwrap())
            .await
            .expect(200);
        assert_eq!(entry.json()["kind"], "produce");
        // in quotes, as a structured header
        staff
            .post("/v1/productions", "\"p-1\"", &carrots("3"))
            .await
            .expect(200);
        let other = staff
            .post("/v1/productions", "p-1", &carrots("4"))
            .await
            .expect(409);
        assert_eq!(other.code(), "key-reused");
        // without one
        let without = staff
            .call(Method::POST, "/v1/productions", None, Some(&carrots("3")))
            .await
            .expect(400);
        assert_eq!(without.code(), "key-missing");
        // the key is the office's: another office may use it too
        let elsewhere = world.by("stranger");
        assert_eq!(
            elsewhere
                .post("/v1/productions", "p-1", &carrots("3"))
                .await
                .code(),
            "acting-unknown"
        );
    }
}

#[tokio::test]
async fn a_problem_names_its_field_and_says_what_to_do() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        let unknown = json!({"office": "a", "supplied_on": "2026-06-10", "lines": [{"product": "carrot", "quantity": "1", "wieght": 3}]});
        let told = staff.post("/v1/productions", "p-1", &unknown).await.expect(422);
        assert_eq!(told.headers[header::CONTENT_TYPE], "application/problem+json");
        let problem = told.json();
        assert_eq!(problem["type"], "urn:yokoito:problem:malformed");
        assert_eq!(problem["status"], 422);
        assert_eq!(problem["errors"][0]["pointer"], "/lines/0/wieght");
        let none = json!({"office": "a", "supplied_on": "2026-06-10", "to": "b", "lines": [{"product": "craft", "quantity": "1"}]});
        let told = staff.post("/v1/shipments", "s-1", &none).await.expect(409);
        assert_eq!(told.code(), "none-there");
        assert_eq!(told.json()["errors"][0]["pointer"], "/lines/0/quantity");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        for n in 0..25 {
            let body = carrots(&format!("{}", n + 1));
            staff
                .post("/v1/productions", &format!("p-{n}"), &body)
                .await
                .expect(201);
        }
        let all = staff.get("/v1/productions?limit=200").await.expect(200).json();
        let all: Vec<Value> = all["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["id"].clone())
            .collect();
        assert_eq!(all.len(), 26);
        let mut paged = Vec::new();
        let mut next = Some("/v1/productions?limit=7".to_owned());
        let mut pages = 0;
        while let Some(path) = next {
            let told = staff.get(&path).await.expect(200);
            let page = told.json();
            paged.extend(
                page["entries"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|entry| entry["id"].clone()),
            );
            next = told.headers.get(header::LINK).map(|link| {
                let link = link.to_str().unwrap();
                assert!(link.ends_with("; rel=\"next\""), "{link}");
                link[1..link.find('>').unwrap()].to_owned()
            });
            assert_eq!(next.is_some(), page.get("next").is_some());
            pages += 1;
        }
        assert_eq!((paged, pages), (all, 4));
    }
}

/// The search of the rules for electronic books: day, amount, counterparty, in any combination.
#[tokio::test]
async fn entries_are_found_by_day_amount_counterparty_product_and_kind() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let manager = world.by("manager");
        let keys = async |query: &str| -> Vec<String> {
            let told = manager
                .get(&format!("/v1/entries?{query}"))
                .await
                .expect(200)
                .json();
            let ids = told["entries"].as_array().unwrap().iter();
            let key = |id: &Value| {
                let known = world.entry.as_object().unwrap();
                known.iter().find(|(_, other)| *other == id).unwrap().0.clone()
            };
            ids.map(|entry| key(&entry["id"])).collect()
        };
        // 8 kg at ¥150: 1,200
        assert_eq!(keys("counterparty=b").await, ["b-receive"]);
        assert_eq!(
            keys("counterparty=b&yen_from=1200&yen_to=1200").await,
            ["b-receive"]
        );
        assert_eq!(keys("counterparty=b&yen_from=1201").await, [""; 0]);
        assert_eq!(keys("counterparty=c").await, [""; 0]);
        assert_eq!(
            keys("product=a/carrot&supplied_from=2026-06-02").await,
            ["b-receive", "a-ship"]
        );
        assert_eq!(
            keys("product=carrot&office=a&kind=produce,ship").await,
            ["a-ship", "a-made"]
        );
        assert_eq!(keys("lot=C-1&book_to=2026-06-01").await, ["a-made"]);
        assert_eq!(
            keys("supplied_from=2026-06-02&supplied_to=2026-06-02").await,
            ["b-receive", "a-ship"]
        );
        assert_eq!(
            keys("yen_from=1000&yen_to=2000&kind=receive&product=a/carrot&counterparty=b").await,
            ["b-receive"]
        );
        assert_eq!(manager.get("/v1/entries?kind=fly").await.code(), "query-wrong");
        assert_eq!(manager.get("/v1/entries?colour=red").await.code(), "query-wrong");
        assert_eq!(manager.get("/v1/entries?limit=0").await.code(), "query-wrong");
        assert_eq!(
            manager.get("/v1/entries?limit=5&limit=6").await.code(),
            "query-wrong"
        );
    }
}

#[tokio::test]
async fn two_who_change_the_same_thing_notice_each_other() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        let path = "/v1/products/a/carrot";
        let seen = staff.get(path).await.expect(200);
        let tag = seen.headers[header::ETAG].to_str().unwrap().to_owned();
        let unchanged = Request::get(path)
            .header(header::IF_NONE_MATCH, &tag)
            .body(Body::empty())
            .unwrap();
        let told = staff.send(unchanged).await.expect(304);
        assert!(told.bytes.is_empty());
        let change = |name: &str| json!({"office": "a", "supplied_on": "2026-06-10", "code": "carrot", "name": name, "unit": {"name": "kg", "decimals": 3}, "tax": "reduced", "allergens": {}});
        let change = async |key: &str, name: &str, condition: (header::HeaderName, &str)| {
            let request = Request::post("/v1/products")
                .header("idempotency-key", key)
                .header(header::CONTENT_TYPE, "application/json")
                .header(condition.0, condition.1)
                .body(Body::from(change(name).to_string()))
                .unwrap();
            staff.send(request).await
        };
        change("c-1", "金時にんじん", (header::IF_MATCH, &tag))
            .await
            .expect(201);
        let late = change("c-2", "京にんじん", (header::IF_MATCH, &tag))
            .await
            .expect(412);
        assert_eq!(late.code(), "changed-meanwhile");
        // a retry of the first is answered as the first time
        change("c-1", "金時にんじん", (header::IF_MATCH, &tag))
            .await
            .expect(200);
        change("c-3", "京にんじん", (header::IF_NONE_MATCH, "*"))
            .await
            .expect(412);
        let now = staff.get(path).await.expect(200);
        assert_ne!(now.headers[header::ETAG].to_str().unwrap(), tag);
        let tag = now.headers[header::ETAG].to_str().unwrap().to_owned();
        change("c-4", "京にんじん", (header::IF_MATCH, &tag))
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn many_acts_each_on_its_own_or_all_or_nothing() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        let act = |key: &str, quantity: &str| json!({"kind": "produce", "office": "a", "key": key, "supplied_on": "2026-06-10", "lines": [{"product": "carrot", "quantity": quantity}]});
        let acts = json!([act("m-1", "1"), act("m-2", "-1"), {"kind": "produce"}, act("m-3", "2")]);
        let outcomes = |told: &Value| -> Vec<String> {
            told["answers"]
                .as_array()
                .unwrap()
                .iter()
                .map(|answer| answer["outcome"].as_str().unwrap().to_owned())
                .collect()
        };
        let all = json!({"atomic": true, "acts": acts});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&all))
            .await
            .expect(200)
            .json();
        assert_eq!(
            outcomes(&told),
            ["not_recorded", "not_recorded", "refused", "not_recorded"]
        );
        let each = json!({"acts": acts});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&each))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["recorded", "refused", "refused", "recorded"]);
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&each))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["already", "refused", "refused", "already"]);
        // acts of others among them
        let others = json!({"acts": [act("m-4", "1"), {"kind": "produce", "office": "b", "key": "m-5", "supplied_on": "2026-06-10", "lines": [{"product": "bento", "quantity": "1"}]}]});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&others))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["recorded", "refused"]);
        assert_eq!(told["answers"][1]["problem"]["code"], "acting-unknown");
    }
}

/// An agreement is recorded when both offices have said yes, by their own managers.
#[tokio::test]
async fn an_agreement_takes_the_yes_of_both() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let masters = world.api.world.book.store().masters().await.unwrap();
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let manager_b = world.api.person("manager-b", &[Role::Manager(office("b"))]).await;
        let staff_b = world.api.person("staff-b", &[Role::Staff(office("b"))]).await;
        let manager = world.by("manager");
        let act = json!({"office": "a", "supplied_on": "2026-07-01", "code": "a-b", "about": "supply", "producer": "a", "other": "b", "terms": {}, "agreed": ["a", "b"]});
        // nobody states another's consent
        let told = manager.post("/v1/agreements", "ag-1", &act).await.expect(409);
        assert_eq!(told.code(), "consent-needed");
        let mut proposed = act.clone();
        proposed["kind"] = "agreement".into();
        let body = json!({"act": proposed, "due_on": "2026-07-20"});
        let told = manager
            .post("/v1/proposals", "pr-1", &body)
            .await
            .expect(201)
            .json();
        let path = format!("/v1/proposals/{}", told["id"].as_str().unwrap());
        assert_eq!(told["state"], "open");
        // a stranger does not know of it, staff sees it and cannot answer
        world.by("stranger").get(&path).await.expect(404);
        staff_b.get(&path).await.expect(200);
        let yes = json!({"office": "b"});
        staff_b
            .call(Method::POST, &format!("{path}/consent"), None, Some(&yes))
            .await
            .expect(403);
        manager.get("/v1/agreements/a-b").await.expect(404);
        let told = manager_b
            .call(Method::POST, &format!("{path}/consent"), None, Some(&yes))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        manager.get("/v1/agreements/a-b").await.expect(200);
        manager_b.get("/v1/agreements/a-b").await.expect(200);
        world.by("stranger").get("/v1/agreements/a-b").await.expect(404);
    }
}

#[tokio::test]
async fn answers_carry_what_browsers_are_to_obey() {
    let api = TestApi::new(acceptance::support::Engine::Sqlite).await;
    let told = api.anonymous().get("/v1/stock").await.expect(401);
    assert!(told.headers.contains_key(header::WWW_AUTHENTICATE));
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(told.headers[name], value);
    }
    assert!(told.headers.contains_key("x-request-id"));
    let docs = api.anonymous().get("/docs/").await.expect(200);
    assert!(
        docs.text().contains("swagger-ui")
            && !docs.text().contains("http://")
            && !docs.text().contains("cdn")
    );
    let script = api
        .anonymous()
        .get("/docs/swagger-initializer.js")
        .await
        .expect(200);
    assert!(script.text().contains("/openapi.json"));
    let document = api.anonymous().get("/openapi.json").await.expect(200);
    assert_eq!(document.json(), api::openapi::document());
    assert_eq!(api.anonymous().get("/healthz").await.expect(200).bytes, b"ok");
    assert_eq!(api.anonymous().get("/readyz").await.expect(200).bytes, b"ready");
}

/// Another site's page can make a browser send the cookie, but not act with it.
#[tokio::test]
async fn another_sites_page_cannot_act() {
    let world = TwoNetworks::new(acceptance::support::Engine::Sqlite).await;
    let anonymous = world.api.anonymous();
    let body = json!({"login": "manager-a", "password": acceptance::api::PASSWORD});
    let told = anonymous
        .call(Method::POST, "/v1/sessions", None, Some(&body))
        .await
        .expect(201);
    let cookie = told.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let send = async |site: Option<&str>, origin: Option<&str>| {
        let mut request = Request::post("/v1/productions")
            .header(header::COOKIE, &cookie)
            .header(header::HOST, "book.example")
            .header("idempotency-key", "cs-1")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        anonymous
            .send(request.body(Body::from(carrots("1").to_string())).unwrap())
            .await
    };
    assert_eq!(
        send(Some("cross-site"), None).await.expect(403).code(),
        "cross-site"
    );
    assert_eq!(
        send(None, Some("https://evil.example")).await.expect(403).code(),
        "cross-site"
    );
    send(Some("same-origin"), None).await.expect(201);
    send(None, Some("http://book.example")).await.expect(200);
    // logging out ends the session
    let out = Request::delete("/v1/session")
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .unwrap();
    anonymous.send(out).await.expect(204);
    let who = Request::get("/v1/session")
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .unwrap();
    anonymous.send(who).await.expect(401);
}

/// What both had agreed to is not taken back by one, and what binds an office is not taken back by its staff.
#[tokio::test]
async fn an_agreed_act_is_taken_back_by_those_who_agreed() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let masters = world.api.world.book.store().masters().await.unwrap();
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let manager_b = world.api.person("manager-b", &[Role::Manager(office("b"))]).await;
        let (manager, staff) = (world.by("manager"), world.by("staff"));
        let owed = async || {
            let told = manager_b
                .get("/v1/offices/b/statements/a?from=2026-06-01&to=2026-07-10")
                .await
                .expect(200);
            told.json()["balance"].as_i64().unwrap()
        };
        let propose = async |key: &str, act: Value| {
            let body = json!({"act": act, "due_on": "2026-07-20"});
            let told = manager.post("/v1/proposals", key, &body).await.expect(201);
            let again = manager.post("/v1/proposals", key, &body).await.expect(200);
            assert_eq!(again.headers["idempotency-replayed"], "true");
            assert_eq!(told.json(), again.json());
            format!("/v1/proposals/{}/consent", told.json()["id"].as_str().unwrap())
        };
        let yes = json!({"office": "b"});
        assert_eq!(owed().await, -1_200);
        let write_off = json!({"kind": "write_off", "office": "a", "supplied_on": "2026-07-01", "reason": "話し合いで免除",
            "debt": {"what": "receivable", "with_office": "b"}, "yen": 1200, "agreed": []});
        let path = propose("wo-1", write_off).await;
        let told = manager_b
            .call(Method::POST, &path, None, Some(&yes))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(owed().await, 0);
        let reverse = json!({"office": "a", "supplied_on": "2026-07-02", "entry": {"key": "wo-1"}, "reason": "まちがい"});
        assert_eq!(
            staff
                .post("/v1/reversals", "r-1", &reverse)
                .await
                .expect(403)
                .code(),
            "role-missing"
        );
        assert_eq!(
            manager
                .post("/v1/reversals", "r-1", &reverse)
                .await
                .expect(409)
                .code(),
            "consent-needed"
        );
        let right = json!({"kind": "write_off", "debt": {"what": "receivable", "with_office": "b"}, "yen": 1, "agreed": []});
        let correct = json!({"office": "a", "supplied_on": "2026-07-02", "entry": {"key": "wo-1"}, "right": right, "reason": "まちがい"});
        assert_eq!(
            staff
                .post("/v1/corrections", "c-1", &correct)
                .await
                .expect(403)
                .code(),
            "role-missing"
        );
        assert_eq!(
            manager
                .post("/v1/corrections", "c-1", &correct)
                .await
                .expect(409)
                .code(),
            "consent-needed"
        );
        assert_eq!(owed().await, 0);
        let mut proposed = reverse.clone();
        proposed["kind"] = "reverse".into();
        let path = propose("r-2", proposed).await;
        let told = manager_b
            .call(Method::POST, &path, None, Some(&yes))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        assert_eq!(owed().await, -1_200);
    }
}

/// Others see the whole of an opening that they are to confirm: only what is between the two may stand in it.
#[tokio::test]
async fn an_opening_that_is_proposed_is_between_two() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let masters = world.api.world.book.store().masters().await.unwrap();
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let manager_c = world.api.person("manager-c", &[Role::Manager(office("c"))]).await;
        let manager = world.by("manager");
        let shelf = json!({"product": "craft", "quantity": "3", "lot": {"code": "OLD-1"}, "at": "c"});
        let opening = |balances: Value| {
            json!({"act": {"kind": "open", "office": "a", "supplied_on": "2026-07-01",
            "goods": [shelf], "balances": balances, "agreed": []}, "due_on": "2026-07-20"})
        };
        let mixed = opening(json!([{"account": "cash", "yen": 98_765}]));
        assert_eq!(
            manager
                .post("/v1/proposals", "o-1", &mixed)
                .await
                .expect(409)
                .code(),
            "opening-mixed"
        );
        assert!(
            !manager_c
                .get("/v1/proposals?all=true")
                .await
                .expect(200)
                .text()
                .contains("98765")
        );
        let told = manager
            .post("/v1/proposals", "o-2", &opening(json!([])))
            .await
            .expect(201)
            .json();
        let path = format!("/v1/proposals/{}/consent", told["id"].as_str().unwrap());
        let told = manager_c
            .call(Method::POST, &path, None, Some(&json!({"office": "c"})))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        assert!(
            manager_c
                .get("/v1/stock")
                .await
                .expect(200)
                .text()
                .contains("OLD-1")
        );
    }
}

/// By login: only those who may invite are told which offices there are, and a retry is known as one.
#[tokio::test]
async fn inviting_takes_a_login_and_the_right_to_it() {
    let world = TwoNetworks::new(acceptance::support::Engine::Sqlite).await;
    let session = async |login: &str| {
        let body = json!({"login": login, "password": acceptance::api::PASSWORD});
        let told = world
            .api
            .anonymous()
            .call(Method::POST, "/v1/sessions", None, Some(&body))
            .await
            .expect(201);
        let cookie = told.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    };
    let invite = async |cookie: &str, key: &str, office: &str| {
        let body = json!({"gives": {"role": "staff", "office": office}});
        let request = Request::post("/v1/invitations")
            .header(header::COOKIE, cookie)
            .header("idempotency-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        world.api.anonymous().send(request).await
    };
    let staff = session("staff-a").await;
    let known = invite(&staff, "i-1", "b").await.expect(403);
    let unknown = invite(&staff, "i-2", "nowhere").await.expect(403);
    assert_eq!(known.bytes, unknown.bytes);
    let manager = session("manager-a").await;
    let first = invite(&manager, "i-3", "a").await.expect(201).json();
    let again = invite(&manager, "i-3", "a").await.expect(200);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert!(first["secret"].is_string() && again.json().get("secret").is_none());
    assert_eq!(first["id"], again.json()["id"]);
    let operator = session("operator").await;
    let told = invite(&operator, "i-4", "nowhere").await.expect(409).json();
    assert_eq!(told["errors"][0]["pointer"], "/gives/office");
}

/// What is missing is said, not that somebody else could do it; and in Japanese.
#[tokio::test]
async fn what_is_missing_is_said_in_plain_words() {
    let world = TwoNetworks::new(acceptance::support::Engine::Sqlite).await;
    let staff = world.by("staff");
    let without = json!({"supplied_on": "2026-06-10", "lines": [{"product": "carrot", "quantity": "1"}]});
    let told = staff.post("/v1/productions", "w-1", &without).await.expect(422);
    assert_eq!(told.code(), "office-needed");
    assert_eq!(told.json()["errors"][0]["pointer"], "/office");
    for body in [
        json!({"login": "a"}),
        json!({"login": 1, "password": "x"}),
        json!(["staff-a", "x"]),
    ] {
        let told = world
            .api
            .anonymous()
            .call(Method::POST, "/v1/sessions", None, Some(&body))
            .await
            .expect(422);
        let detail = told.json()["detail"].as_str().unwrap().to_owned();
        for english in ["missing", "invalid", "expected", "string"] {
            assert!(!detail.contains(english), "{detail}");
        }
    }
    let told = staff.get("/v1/entries?limit=abc").await.expect(400).json();
    assert_eq!(told["detail"], "書き方がちがいます。整数で書いてください。");
}
