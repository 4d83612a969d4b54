//! `yokoito serve` as it runs: the way from the first start to a record, the end in the middle of work, and strangers who
//! send slowly, hang up or only hold connections.

mod connections;
mod database;
mod end;
mod https;
mod schedule;

use crate::run::{run, run_with};
use acceptance::{
    dealings,
    served::{Served, text},
    support::{TestDatabase, engines},
    world::SMALL_WORLD,
};
use serde_json::{Value, json};

/// A book with the small world in it.
fn book(engine: acceptance::support::Engine) -> TestDatabase {
    let database = TestDatabase::new(engine);
    run_with(&database, &["import", "-"], SMALL_WORLD).ok();
    database
}

/// Entries there are.
fn size(database: &TestDatabase) -> u64 {
    let head = run(database, &["log", "head"]).ok();
    head.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The body of an act of office `a` that makes a lot.
fn making(lot: &str) -> Value {
    let lines = json!([{"product": "craft", "quantity": dealings::MADE.to_string(), "lot": {"code": lot}}]);
    json!({"office": "a", "supplied_on": "2026-06-05", "lines": lines})
}

/// Words that may stand nowhere but where they belong.
const WORDS: [&str; 6] = [
    "himitsu-no-kagi",
    "lot-no-namae",
    "kanri-san",
    "naisho-no-path",
    "NAISHO",
    "reji-no-token",
];

#[test]
fn from_the_first_start_to_a_record() {
    for engine in engines() {
        let database = book(engine);
        let mut served = Served::start(&database, &["--metrics", "127.0.0.1:0"]);
        assert!(
            served.greeting.contains("API の説明: http://"),
            "{}",
            served.greeting
        );
        let figures = served.line();
        let figures = figures
            .split("http://")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let figures = acceptance::http::Client::new(figures.parse().unwrap());
        let link = served.link();
        let nobody = served.anonymous();
        assert_eq!(nobody.get("/healthz").expect(200).text(), "ok");
        assert_eq!(nobody.get("/readyz").expect(200).text(), "ready");
        // figures have a listener of their own, and nothing else is there
        nobody.get("/metrics").expect(404);
        figures.get("/v1/offices").expect(404);

        served.accept(&link, "root").expect(201);
        served.accept(&link, "other").expect(409);
        let root = served.log_in("root");
        let manager = served.person(&root, &json!({"role": "manager", "office": "a"}), WORDS[2]);
        let token = served.token(&manager, WORDS[5]);
        let till = nobody.clone().with("authorization", &format!("Bearer {token}"));
        till.post("/v1/productions", WORDS[0], &making(WORDS[1]))
            .expect(201);
        let again = till
            .post("/v1/productions", WORDS[0], &making(WORDS[1]))
            .expect(200);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        till.post("/v1/productions", WORDS[0], &making("other"))
            .expect(409);
        till.get(&format!("/v1/offices/{}", WORDS[3])).expect(404);
        till.get(&format!("/{}", WORDS[3])).expect(404);
        till.try_ask(WORDS[4], "/v1/offices", None, None)
            .unwrap()
            .expect(405);

        let told = figures.get("/metrics").expect(200).text();
        for expected in [
            "yokoito_acts_total{kind=\"produce\",outcome=\"recorded\"} 1",
            "yokoito_acts_total{kind=\"produce\",outcome=\"already\"} 1",
            "yokoito_acts_total{kind=\"produce\",outcome=\"refused\"} 1",
            "yokoito_http_requests_total{method=\"POST\",route=\"/v1/productions\",status=\"2xx\"} 2",
            "yokoito_http_requests_total{method=\"other\",route=\"/v1/offices\",status=\"4xx\"} 1",
            "yokoito_http_request_duration_seconds_bucket{method=\"POST\",route=\"/v1/productions\",le=\"+Inf\"} 3",
            "yokoito_jobs_waiting{lane=\"people\"} 0",
            "yokoito_http_connections ",
        ] {
            assert!(told.contains(expected), "{expected}:\n{told}");
        }
        labels_are_ours(&told);

        let ended = served.stop();
        assert_eq!(ended.said, "");
        for line in ended.log.lines() {
            assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
        }
        let requests: Vec<Value> = (ended.log.lines())
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|line| line["message"] == "request")
            .collect();
        assert!(requests.len() >= 12 && requests.iter().all(|line| text(&line["request_id"]).len() == 36));
        for secret in WORDS
            .iter()
            .chain([&"127.0.0.1", &link.as_str(), &token.as_str()])
        {
            assert!(!ended.log.contains(secret), "{secret}: {}", ended.log);
        }
        run(&database, &["verify"]).ok();

        // who runs it is known by now: no link any more
        let mut served = Served::start(&database, &[]);
        served.log_in("root");
        served.terminate();
        assert_eq!(served.line(), "");
        let list = run(&database, &["people", "list"]).ok();
        assert!(list.contains("a の管理者") && list.contains("運用者"), "{list}");
    }
}

/// Every label is a word of the program: a kind, a route's pattern, a method, a class.
fn labels_are_ours(figures: &str) {
    let document = serde_json::to_value(api::openapi::document()).unwrap();
    let routes = document["paths"].as_object().unwrap();
    for line in figures.lines().filter(|line| !line.starts_with('#')) {
        let labels = line.split_once('{').and_then(|(_, rest)| rest.rsplit_once("} "));
        let labels = labels.map_or("", |(labels, _)| labels);
        for label in labels.split("\",").filter(|label| !label.is_empty()) {
            let (name, value) = label.split_once("=\"").unwrap();
            let value = value.trim_end_matches('"');
            let is_ours = match name {
                "kind" => api::kinds::KINDS.iter().any(|kind| kind.act == value),
                "route" => ["-", "/healthz", "/readyz"].contains(&value) || routes.contains_key(value),
                "le" => value == "+Inf" || value.chars().all(|c| c.is_ascii_digit() || c == '.'),
                "method" => ["GET", "POST", "other"].contains(&value),
                "status" => ["2xx", "4xx"].contains(&value),
                "outcome" => ["recorded", "already", "refused"].contains(&value),
                "lane" => ["people", "bulk"].contains(&value),
                _ => false,
            };
            assert!(is_ours, "{line}");
        }
    }
    for word in WORDS {
        assert!(!figures.contains(word), "{word}:\n{figures}");
    }
}

#[test]
fn the_keeper_lets_people_in_who_are_locked_out() {
    for engine in engines() {
        let database = book(engine);
        let nobody = run(&database, &["people", "list"]).ok();
        assert!(nobody.contains("まだ誰もいません"), "{nobody}");
        let mut served = Served::start(&database, &[]);
        let set_up = served.link();
        // while the server runs
        let secret = |arguments: &[&str]| {
            let said = run(&database, &[&["people", "invite"], arguments].concat()).ok();
            let secret = said.split("合言葉: ").nth(1).unwrap().lines().next().unwrap();
            secret.to_owned()
        };
        let operator = secret(&["--role", "operator"]);
        assert_eq!(
            served.accept(&set_up, "root").expect(409).json()["code"],
            "invitation-expired"
        );
        served.accept(&operator, "root").expect(201);
        // also where there is an operator already
        served
            .accept(&secret(&["--role", "運用者"]), "second")
            .expect(201);
        for (role, of, login) in [
            ("manager", "a", "boss"),
            ("staff", "a", "one"),
            ("staff", "a", "two"),
            ("coordinator", "minami", "office-of-net"),
        ] {
            let secret = secret(&["--role", role, "--of", of]);
            served.accept(&secret, login).expect(201);
            assert_eq!(served.log_in(login).get("/v1/session").status, 200);
        }
        let list = run(&database, &["people", "list"]).ok();
        for expected in ["運用者", "a の管理者", "a の職員", "minami のコーディネーター"] {
            assert!(list.contains(expected), "{list}");
        }
        assert_eq!(list.lines().count(), 7, "{list}");
        for (arguments, expected) in [
            (
                &["--role", "manager"][..],
                "--of に事業所のコードを書いてください",
            ),
            (
                &["--role", "staff", "--of", "zz"],
                "事業所「zz」は帳簿にありません",
            ),
            (
                &["--role", "coordinator", "--of", "a"],
                "連絡会「a」は帳簿にありません",
            ),
            (&["--role", "operator", "--of", "a"], "--of は書かないでください"),
            (&["--role", "boss"], "のどれかを書いてください"),
        ] {
            let ran = run(&database, &[&["people", "invite"], arguments].concat());
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(ran.stderr.contains(expected), "{ran:?}");
        }
        served.stop();
    }
}
