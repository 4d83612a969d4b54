//! Bad input: each gets a problem with a code, and the next request is answered as ever.

use crate::two_networks::TwoNetworks;
use acceptance::support::{Engine, engines};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;

async fn raw(world: &TwoNetworks, kind: Option<&str>, body: impl Into<Body>) -> (u16, String) {
    let mut request = Request::post("/v1/productions").header("idempotency-key", "bad-1");
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let told = world.by("staff").send(request.body(body.into()).unwrap()).await;
    assert_eq!(told.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(told.json()["status"], told.status.as_u16());
    (told.status.as_u16(), told.code())
}

const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn each_kind_of_nonsense_is_told_what_it_is() {
    let world = TwoNetworks::new(Engine::Sqlite).await;
    let good = r#"{"office":"a","supplied_on":"2026-06-10","lines":[{"product":"carrot","quantity":"1"}]}"#;
    let cases: Vec<(Option<&str>, Vec<u8>, u16, &str)> = vec![
        (None, good.into(), 415, "not-json"),
        (Some("text/plain"), good.into(), 415, "not-json"),
        (
            Some("application/json; charset=shift_jis"),
            good.into(),
            415,
            "not-json",
        ),
        (JSON, b"".to_vec(), 400, "malformed"),
        (JSON, b"{".to_vec(), 400, "malformed"),
        (JSON, b"[]".to_vec(), 422, "malformed"),
        (JSON, b"null".to_vec(), 422, "malformed"),
        (JSON, vec![0x82, 0xa0], 400, "not-utf8"),
        (
            JSON,
            good.replace("carrot", "car\u{0}rot").into(),
            400,
            "malformed",
        ),
        (
            JSON,
            good.replace("carrot", "car\\u0000rot").into(),
            422,
            "malformed",
        ),
        (JSON, good.replace("\"1\"", "1.5").into(), 400, "malformed"),
        (
            JSON,
            good.replace("\"1\"", "99999999999999999999999999").into(),
            400,
            "malformed",
        ),
        (JSON, good.replace("\"1\"", "\"1e9\"").into(), 422, "malformed"),
        (
            JSON,
            good.replace("{\"office\":\"a\",", "{\"office\":\"a\",\"office\":\"b\",")
                .into(),
            400,
            "malformed",
        ),
        (
            JSON,
            format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)).into(),
            400,
            "malformed",
        ),
        (
            JSON,
            good.replace("\"lines\"", "\"kind\":\"sell\",\"lines\"").into(),
            422,
            "malformed",
        ),
        (
            JSON,
            good.replace("\"lines\"", "\"key\":\"x\",\"lines\"").into(),
            422,
            "malformed",
        ),
        (
            JSON,
            good.replace("2026-06-10", "2026-02-30").into(),
            422,
            "malformed",
        ),
        (JSON, vec![b' '; 1 << 20 | 1], 413, "body-too-large"),
    ];
    for (kind, body, status, code) in cases {
        let shown: String = String::from_utf8_lossy(&body).chars().take(80).collect();
        assert_eq!(
            raw(&world, kind, body).await,
            (status, code.to_owned()),
            "{shown}"
        );
    }
    let staff = world.by("staff");
    assert_eq!(
        staff
            .call(Method::PATCH, "/v1/productions", None, None)
            .await
            .expect(405)
            .code(),
        "method-not-allowed"
    );
    assert_eq!(staff.get("/v1/nowhere").await.expect(404).code(), "not-found");
    assert_eq!(
        staff.get("/v1/entries/not-an-id").await.expect(404).code(),
        "not-found"
    );
    assert_eq!(staff.get("/v1/entries/%ff").await.expect(404).code(), "not-found");
    assert_eq!(
        staff.get("/v1/lots/%E3%81%82/trace").await.expect(404).code(),
        "not-found"
    );
    assert_eq!(
        staff.get("/v1/stock?day=yesterday").await.expect(400).code(),
        "query-wrong"
    );
    let keys = ["", " ", "あ", &"x".repeat(129)];
    for key in keys {
        let request = Request::post("/v1/productions")
            .header("idempotency-key", key.as_bytes())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(good))
            .unwrap();
        assert_eq!(
            staff.send(request).await.expect(400).code(),
            "key-missing",
            "{key}"
        );
    }
    let (status, _) = {
        let request = Request::post("/v1/productions")
            .header("idempotency-key", "good-1")
            .header(header::CONTENT_TYPE, "application/json; charset=UTF-8")
            .body(Body::from(good))
            .unwrap();
        let told = staff.send(request).await;
        (told.status.as_u16(), told.code())
    };
    assert_eq!(status, 201, "and goes on");
}

/// What is recorded can never be taken out: no act may make an account's sum one that nobody can read.
#[tokio::test]
async fn amounts_beyond_all_reason_are_refused_and_balances_stay_readable() {
    for engine in engines() {
        let world = TwoNetworks::new(engine).await;
        let staff = world.by("staff");
        let earn = |yen: i64| json!({"office": "a", "supplied_on": "2026-06-10", "partner": "city", "lines": [{"yen": yen}]});
        for (key, yen) in [
            ("e-1", 9_007_199_254_740_991),
            ("e-2", 9_007_199_254_740_991),
            ("e-3", 10_000_000_001),
        ] {
            let told = staff.post("/v1/earnings", key, &earn(yen)).await.expect(409);
            assert_eq!(told.code(), "amount-too-large");
        }
        for key in ["e-4", "e-5"] {
            staff
                .post("/v1/earnings", key, &earn(10_000_000_000))
                .await
                .expect(201);
        }
        let balances = staff.get("/v1/balances?month=2026-06").await.expect(200);
        assert!(balances.text().contains("20000000000"), "{}", balances.text());
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_nobody() {
    let world = TwoNetworks::new(Engine::Sqlite).await;
    for token in ["", "ykt_", "ykt_AAAA", "Basic abc", &"x".repeat(5_000)] {
        let request = Request::get("/v1/stock")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let told = world.api.anonymous().send(request).await.expect(401);
        assert_eq!(told.code(), "not-logged-in");
    }
}
