//! 棚の数え: what is left says what was sold; sale, loss and return in one group, or nothing.

use acceptance::{
    api::{Client, TestApi},
    support::engines,
    world::act,
};
use app::{access::rights::Role, writer::Answer};
use axum::http::Method;
use serde_json::{Value, json};

const PATH: &str = "/v1/offices/c/shelf-counts";

/// Ten crafts of a on c's shelf, and staff of c.
async fn shelved(engine: acceptance::support::Engine) -> (TestApi, Client) {
    let api = TestApi::new(engine).await;
    let made = json!({"lines": [{"product": "craft", "quantity": "10", "lot": {"code": "K-1"}}]});
    let placed = json!({"to": "c", "lines": [{"lot": "K-1", "quantity": "10"}]});
    let acts = [
        act("produce", "a", "crafts", "2026-07-08", made),
        act("consign", "a", "placed", "2026-07-08", placed),
    ];
    let lines: Vec<String> = acts.iter().map(ToString::to_string).collect();
    for answer in api.world.record_lines(&lines.join("\n")).await {
        assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
    }
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&"c".parse().unwrap()).unwrap().id;
    let staff = api.person("staff-c", &[Role::Staff(office)]).await;
    (api, staff)
}

fn counted(left: &str, lost: &str, returned: &str) -> Value {
    json!({"owner": "a", "supplied_on": "2026-07-10", "reason": "棚でこわれた", "lines": [
        {"product": "a/craft", "there": "10", "left": left, "lost": lost, "returned": returned}]})
}

async fn on_shelf(staff: &Client) -> Value {
    let told = staff.call(Method::GET, "/v1/offices/c/on-sale", None, None).await;
    told.expect(200).json()["items"][0]["there"].clone()
}

#[tokio::test]
async fn placed_less_left_returned_and_lost_is_sold() {
    for engine in engines() {
        let (api, staff) = shelved(engine).await;
        let head = api.world.head().await;
        // 10 placed − 3 left − 1 lost − 2 returned = 4 sold
        let mut trial = counted("3", "1", "2");
        trial["dry_run"] = true.into();
        let told = staff
            .call(Method::POST, PATH, Some("n-1"), Some(&trial))
            .await
            .expect(200)
            .json();
        assert_eq!(told["lines"][0]["sold"], "4");
        assert_eq!(told["receipts"], json!([]));
        assert_eq!(api.world.head().await, head, "nothing is recorded");

        let body = counted("3", "1", "2");
        let told = staff
            .call(Method::POST, PATH, Some("n-1"), Some(&body))
            .await
            .expect(200)
            .json();
        let receipts = told["receipts"].as_array().unwrap();
        assert_eq!(receipts.len(), 3, "a sale, a return and a loss");
        assert_eq!(on_shelf(&staff).await, "3");
        // pressed twice: the same entries
        let again = staff
            .call(Method::POST, PATH, Some("n-1"), Some(&body))
            .await
            .expect(200)
            .json();
        assert_eq!(again["receipts"], told["receipts"]);
        // 4 × 1,100
        let balances = staff
            .call(Method::GET, "/v1/balances", None, None)
            .await
            .expect(200)
            .json();
        assert!(balances.to_string().contains("4400"), "{balances}");

        // all of it is taken back together
        let group = told["group"].as_str().unwrap();
        let reverse = json!({"office": "c", "reason": "数えまちがい"});
        let path = format!("/v1/groups/{group}/reversals");
        staff
            .call(Method::POST, &path, None, Some(&reverse))
            .await
            .expect(200);
        assert_eq!(on_shelf(&staff).await, "10");
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_recorded() {
    for engine in engines() {
        let (api, staff) = shelved(engine).await;
        let head = api.world.head().await;
        let mut stale = counted("3", "0", "0");
        stale["lines"][0]["there"] = "9".into();
        let mut unknown = counted("3", "0", "0");
        unknown["lines"][0] = json!({"product": "b/bento", "left": "1"});
        let mut without_reason = counted("3", "1", "0");
        without_reason.as_object_mut().unwrap().remove("reason");
        for (body, code) in [
            (counted("9", "1", "1"), "more-than-placed"),
            (counted("-1", "0", "0"), "count-wrong"),
            (counted("79228162514264337593543950335", "0", "0"), "count-wrong"),
            (stale, "shelf-changed"),
            (unknown, "not-on-shelf"),
            (without_reason, "reason-needed"),
        ] {
            let told = staff.call(Method::POST, PATH, Some("n-2"), Some(&body)).await;
            assert_eq!(told.expect(422).code(), code);
        }
        // crafts are counted whole: the sale is refused, and with it the return
        let told = staff
            .call(Method::POST, PATH, Some("n-3"), Some(&counted("2.5", "0", "1")))
            .await;
        assert!(told.status.is_client_error(), "{}", told.status);
        assert_eq!(api.world.head().await, head);
    }
}
