//! The sample month through the API, act by act and in bulk: the same content as by import.

use acceptance::{
    api::{Client, TestApi},
    support::{Engine, TestDatabase, engines},
    world::World,
};
use app::{Book, access::rights::Role, export::content_root, outside::Outside};
use axum::http::Method;
use domain::calendar::Instant;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const FILES: [&str; 4] = [
    include_str!("../../crates/yokoito/sample/01-masters.jsonl"),
    include_str!("../../crates/yokoito/sample/02-opening.jsonl"),
    include_str!("../../crates/yokoito/sample/03-june.jsonl"),
    include_str!("../../crates/yokoito/sample/04-july.jsonl"),
];

fn acts() -> impl Iterator<Item = Value> {
    let lines = FILES.into_iter().flat_map(str::lines);
    lines.map(|line| serde_json::from_str(line).unwrap())
}

async fn empty(engine: Engine) -> World {
    let database = TestDatabase::new(engine);
    let now = Instant::from_rfc3339("2026-07-31T09:00:00+09:00").unwrap();
    let url = database.url().parse().unwrap();
    let book = Book::open(&url, Outside::fixed(now, 1)).await.unwrap();
    World { book, database }
}

/// Somebody who runs the book and manages every office: given each as it appears.
struct Everybody {
    api: TestApi,
    client: Client,
    offices: BTreeSet<String>,
}

impl Everybody {
    async fn new(engine: Engine) -> Everybody {
        let api = TestApi::of(empty(engine).await).await;
        let client = api.person("everybody", &[Role::Operator]).await;
        Everybody {
            api,
            client,
            offices: BTreeSet::new(),
        }
    }

    /// After an office was recorded.
    async fn manage(&mut self, act: &Value) {
        if act["kind"] == "office" && self.offices.insert(act["code"].to_string()) {
            let masters = self.api.world.book.store().masters().await.unwrap();
            let code = act["code"].as_str().unwrap().parse().unwrap();
            let office = masters.office_by_code(&code).unwrap().id;
            self.api.give("everybody", Role::Manager(office)).await;
        }
    }

    async fn one_by_one(&mut self) {
        for act in acts() {
            let kind = act["kind"].as_str().unwrap();
            let resource = api::kinds::KINDS.iter().find(|known| known.act == kind).unwrap();
            let mut body = act.clone();
            for name in ["kind", "key", "format"] {
                body.as_object_mut().unwrap().remove(name);
            }
            let told = self
                .client
                .post(&resource.path(), act["key"].as_str().unwrap(), &body)
                .await;
            assert_eq!(told.status.as_u16(), 201, "{act}: {}", told.text());
            self.manage(&act).await;
        }
    }

    async fn in_bulk(&mut self) {
        let masters: Vec<Value> = FILES[0]
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        // who may act for an office is known only once it is there
        let split = masters.iter().rposition(|act| act["kind"] == "office").unwrap() + 1;
        let all: Vec<Value> = acts().collect();
        let (first, rest) = all.split_at(split);
        for chunk in [first].into_iter().chain(rest.chunks(300)) {
            let told = self
                .client
                .call(Method::POST, "/v1/acts", None, Some(&json!({"acts": chunk})))
                .await
                .expect(200)
                .json();
            for (act, answer) in chunk.iter().zip(told["answers"].as_array().unwrap()) {
                assert_eq!(answer["outcome"], "recorded", "{act}: {answer}");
                self.manage(act).await;
            }
        }
    }
}

#[tokio::test]
async fn the_month_through_the_api_is_the_month_by_import() {
    for engine in engines() {
        let imported = empty(engine).await;
        let answers = imported.record_lines(&FILES.concat()).await;
        let (size, _) = imported.head().await;
        assert_eq!(usize::try_from(size).unwrap(), answers.len());
        let expected = content_root(&imported.book).await.unwrap();

        let mut single = Everybody::new(engine).await;
        single.one_by_one().await;
        assert_eq!(
            content_root(&single.api.world.book).await.unwrap(),
            expected,
            "{engine:?}"
        );

        let mut bulk = Everybody::new(engine).await;
        bulk.in_bulk().await;
        assert_eq!(
            content_root(&bulk.api.world.book).await.unwrap(),
            expected,
            "{engine:?}"
        );
    }
}
