//! What pages tell those whom it does not concern: nothing.

use crate::Town;
use acceptance::{
    pages::{html, seen},
    support::{Engine, engines},
};
use axum::{
    body::Body,
    http::{Request, header},
};

#[tokio::test]
async fn another_offices_pages_are_not_there() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let list = town.a.page("/o/a/entries").await;
        let entry = list
            .split("/o/a/entries/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        for path in [
            "/o/a",
            "/o/a/produce",
            "/o/a/stock",
            "/o/a/ship",
            "/o/a/process",
            "/o/a/order",
            "/o/a/sell",
            "/o/a/people",
            "/o/a/receive",
            "/o/a/entries",
            "/o/a/lots/C-1",
            "/o/b/lots/C-1",
            &format!("/o/b/entries/{entry}"),
            "/o/nowhere",
            "/n/minami",
            "/nothing",
        ] {
            let told = town.b.get(path).await.expect(404);
            let page = html(&told);
            assert!(
                page.contains("<html") && page.contains("ホームへ"),
                "{path}: a way on"
            );
            assert!(!page.contains("にんじん") && !page.contains("A農園"), "{path}");
        }
        for path in ["/o/a/produce", "/o/a/ship", &format!("/o/b/entries/{entry}/undo")] {
            town.b
                .send(path, &[("key", "x-1"), ("supplied_on", "2026-07-10")])
                .await
                .expect(404);
        }
        // and goods of another office do not lie here
        assert!(!seen(&town.b.page("/o/b/stock").await).contains("にんじん"));
    }
}

#[tokio::test]
async fn another_sites_form_is_not_taken() {
    let town = Town::new(Engine::Sqlite).await;
    let request = Request::post("/login")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("login=staff-a&password=x"))
        .unwrap();
    assert_eq!(town.api.anonymous().send(request).await.status.as_u16(), 403);
}

#[tokio::test]
async fn pages_run_nothing_but_their_own() {
    let mut town = Town::new(Engine::Sqlite).await;
    let told = town.a.get("/o/a").await.expect(200);
    let policy = told.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    assert_eq!(told.headers[header::CACHE_CONTROL], "no-store");
    let page = html(&told);
    assert!(!page.contains("style=\"") && !page.contains("onclick") && !page.contains("<script>"));
    for asset in page.split(['"']).filter(|part| part.starts_with("/static/")) {
        let told = town.a.get(asset).await.expect(200);
        assert!(
            told.headers[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
    }
    town.a.get("/static/nothing.css").await.expect(404);
}
