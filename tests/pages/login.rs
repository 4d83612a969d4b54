//! Coming in: by login, by an invitation's link, and nowhere else afterwards than on this site.

use acceptance::{
    api::{PASSWORD, TestApi},
    pages::{Reader, html, value},
    support::engines,
};
use axum::http::header;

#[tokio::test]
async fn who_is_not_in_is_asked_to_log_in_and_comes_back() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        super::reader(&api, "a").await;
        let mut reader = Reader::new(api.anonymous());
        let told = reader.get("/o/a/produce?x=1").await.expect(303);
        assert_eq!(
            told.headers[header::LOCATION],
            "/login?next=%2Fo%2Fa%2Fproduce%3Fx%3D1"
        );
        let page = reader.page("/login?next=%2Fo%2Fa%2Fproduce").await;
        assert_eq!(value(&page, "next"), "/o/a/produce");
        for autocomplete in ["username", "current-password"] {
            assert!(page.contains(&format!("autocomplete=\"{autocomplete}\"")));
        }
        // what was typed stays, the password does not
        let wrong = [
            ("login", "staff-a"),
            ("password", "not this one"),
            ("next", "/o/a/produce"),
        ];
        let page = html(&reader.send("/login", &wrong).await.expect(422));
        assert_eq!(value(&page, "login"), "staff-a");
        assert!(page.contains("role=\"alert\"") && !page.contains("not this one"));
        let right = [
            ("login", "staff-a"),
            ("password", PASSWORD),
            ("next", "/o/a/produce"),
        ];
        let told = reader.send("/login", &right).await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/o/a/produce");
        let cookie = told.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assert!(reader.page("/o/a/produce").await.contains("今日の生産"));
        // staff of one office begin there
        let told = reader.get("/").await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/o/a");
        let page = reader.done("/logout", &[]).await;
        assert!(page.contains("ログアウトしました。"));
        reader.get("/o/a").await.expect(303);
    }
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let api = TestApi::new(engines()[0]).await;
    super::reader(&api, "a").await;
    let mut reader = Reader::new(api.anonymous());
    for next in ["https://example.com/", "//example.com", "/\\example.com"] {
        let form = [("login", "staff-a"), ("password", PASSWORD), ("next", next)];
        let told = reader.send("/login", &form).await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/", "{next}");
    }
}

#[tokio::test]
async fn an_invitation_is_used_on_its_page() {
    let api = TestApi::new(engines()[0]).await;
    let mut reader = Reader::new(api.anonymous());
    let page = reader.page("/setup").await;
    assert!(page.contains("data-fragment=\"secret\"") && page.contains("autocomplete=\"new-password\""));
    let form = [
        ("secret", "yki_not-a-secret"),
        ("login", "kitchen-1"),
        ("password", PASSWORD),
    ];
    let page = html(&reader.send("/setup", &form).await.expect(422));
    assert_eq!(value(&page, "login"), "kitchen-1");
    assert!(page.contains("class=\"field-error\""), "{page}");
}
