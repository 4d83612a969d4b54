//! やさしい: every 漢字 has its reading, and ふつう has none.

use crate::record;
use acceptance::{
    api::TestApi,
    pages::{Reader, seen, without_ruby},
    support::{Engine, TestDatabase},
    world::World,
};
use app::{Book, access::rights::Role, outside::Outside};
use domain::calendar::Instant;
use serde_json::Value;

const MASTERS: &str = include_str!("../../crates/yokoito/sample/01-masters.jsonl");
const OPENING: &str = include_str!("../../crates/yokoito/sample/02-opening.jsonl");
const JUNE: &str = include_str!("../../crates/yokoito/sample/03-june.jsonl");

/// The kitchen of the sample on the evening of 2 June 2026.
async fn kitchen() -> (TestApi, Reader) {
    let database = TestDatabase::new(Engine::Sqlite);
    let now = Instant::from_rfc3339("2026-06-02T19:00:00+09:00").unwrap();
    let url = database.url().parse().unwrap();
    let book = Book::open(&url, Outside::fixed(now, 1)).await.unwrap();
    let api = TestApi::of(World { book, database }).await;
    let acts: Vec<Value> = [MASTERS, OPENING, JUNE]
        .into_iter()
        .flat_map(str::lines)
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|act| act["supplied_on"].as_str() <= Some("2026-06-02"))
        .collect();
    record(&api, &acts).await;
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&"aozora".parse().unwrap()).unwrap().id;
    api.person("aozora-1", &[Role::Staff(office)]).await;
    let reader = Reader::logged_in(api.anonymous(), "aozora-1").await;
    (api, reader)
}

const PAGES: [&str; 13] = [
    "/help",
    "/o/aozora",
    "/o/aozora/produce",
    "/o/aozora/stock",
    "/o/aozora/receive",
    "/o/aozora/ship",
    "/o/aozora/ship?to=mori",
    "/o/aozora/process",
    "/o/aozora/process?recipe=higawari&batches=8",
    "/o/aozora/order",
    "/o/aozora/order?to=hinata",
    "/o/aozora/sell",
    "/o/aozora/lots/KIT-0602-BENTO",
];

#[tokio::test]
async fn every_kanji_is_read_and_nothing_is_read_twice() {
    let (_api, mut reader) = kitchen().await;
    for path in PAGES {
        let page = reader.page(path).await;
        assert!(!page.contains("<ruby>"), "{path}");
        assert!(page.contains("data-mode=\"plain\""));
    }
    reader.set_cookie("yokoito_mode", "easy");
    for path in PAGES {
        let page = reader.page(path).await;
        assert!(page.contains("data-mode=\"easy\""));
        let bare = seen(&without_ruby(&page));
        // the name of the program
        let bare = bare.replace("横糸", "");
        let unread: String = bare
            .chars()
            .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
            .collect();
        assert!(unread.is_empty(), "{path}: {unread}");
        // not in titles and attributes: there it would be read twice
        for attribute in page.split("=\"").skip(1) {
            assert!(!attribute.split('"').next().unwrap().contains("<rt>"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_way_of_speaking_is_chosen_on_any_page() {
    let (_api, mut reader) = kitchen().await;
    let form = [("mode", "easy"), ("back", "/o/aozora/stock")];
    let page = reader.done("/mode", &form).await;
    assert!(page.contains("data-mode=\"easy\"") && page.contains("のこり"));
    let back = [("mode", "plain"), ("back", "https://example.com")];
    let told = reader.send("/mode", &back).await.expect(303);
    assert_eq!(told.headers["location"], "/");
}
