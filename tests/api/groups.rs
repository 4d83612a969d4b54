//! Many acts: tried out without being kept, recorded under one number, found by it, and taken back together.

use acceptance::{api::TestApi, support::engines, world::act};
use app::access::rights::Role;
use axum::http::Method;
use serde_json::{Value, json};

const GROUP: &str = "8b6f1b5e-6f0a-4a86-9a5c-0d5b7a3c9e01";

fn produced(key: &str, lot: &str, quantity: &str) -> Value {
    let lines =
        json!({"lines": [{"product": "carrot", "quantity": quantity, "lot": {"code": lot}}], "group": GROUP});
    act("produce", "a", key, "2026-07-09", lines)
}

fn outcomes(told: &Value) -> Vec<String> {
    let answers = told["answers"].as_array().unwrap();
    answers
        .iter()
        .map(|answer| answer["outcome"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_trial_decides_everything_and_keeps_nothing() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let masters = api.world.book.store().masters().await.unwrap();
        let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
        let staff = api.person("staff-a", &[Role::Staff(office)]).await;
        let there = json!({"acts": [produced("t-0", "T-0", "1")]});
        staff
            .call(Method::POST, "/v1/acts", None, Some(&there))
            .await
            .expect(200);
        let head = api.world.head().await;
        let ship = json!({"to": "c", "lines": [{"lot": "T-1", "quantity": "3"}]});
        let too_much = json!({"to": "c", "lines": [{"lot": "T-0", "quantity": "3"}]});
        let acts = json!([
            produced("t-1", "T-1", "5"),
            produced("t-2", "T-1", "5"),
            act("ship", "a", "t-3", "2026-07-10", ship),
            act("ship", "a", "t-4", "2026-07-10", too_much),
            act(
                "produce",
                "b",
                "t-5",
                "2026-07-10",
                json!({"lines": [{"product": "bento", "quantity": "1"}]})
            ),
        ]);
        let body = json!({"dry_run": true, "acts": acts});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200)
            .json();
        // each knows of those before it; one that is refused does not stop the others
        assert_eq!(
            outcomes(&told),
            ["accepted", "refused", "accepted", "refused", "refused"],
            "{told}"
        );
        assert_eq!(told["answers"][1]["problem"]["code"], "lot-code-taken");
        assert_eq!(told["answers"][3]["problem"]["code"], "not-enough");
        assert_eq!(told["answers"][4]["problem"]["code"], "acting-unknown");
        assert!(told["answers"][0].get("receipt").is_none(), "{told}");
        assert_eq!(api.world.head().await, head);
        // the writer goes on from where the book is
        let body = json!({"atomic": true, "acts": [produced("t-1", "T-1", "5")]});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["recorded"]);
        let body =
            json!({"dry_run": true, "acts": [produced("t-1", "T-1", "5"), produced("t-6", "T-6", "1")]});
        let told = staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["already", "accepted"]);
    }
}

#[tokio::test]
async fn a_group_is_found_by_its_own_people_and_taken_back_once() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let masters = api.world.book.store().masters().await.unwrap();
        let of = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        let staff = api.person("staff-a", &[Role::Staff(of("a"))]).await;
        let other = api.person("staff-a2", &[Role::Staff(of("a2"))]).await;
        let acts = json!([
            produced("g-1", "G-1", "5"),
            produced("g-2", "G-2", "6"),
            produced("g-3", "G-3", "7")
        ]);
        let body = json!({"atomic": true, "acts": acts});
        staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200);
        let ship = act(
            "ship",
            "a",
            "s-1",
            "2026-07-10",
            json!({"to": "c", "lines": [{"lot": "G-2", "quantity": "1"}]}),
        );
        let body = json!({"acts": [ship]});
        staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200);
        let listed = async |client: &acceptance::api::Client| {
            let told = client
                .call(Method::GET, &format!("/v1/entries?group={GROUP}"), None, None)
                .await;
            told.expect(200).json()["entries"].as_array().unwrap().len()
        };
        assert_eq!(listed(&staff).await, 3);
        assert_eq!(listed(&other).await, 0, "the number is the office's own");
        let path = format!("/v1/groups/{GROUP}/reversals");
        let undo = json!({"office": "a", "reason": "まちがえた"});
        // of nobody else's; and not with something in the way: it is named, and nothing is taken back
        other
            .call(Method::POST, &path, None, Some(&undo))
            .await
            .expect(404);
        let of_a2 = json!({"office": "a2", "reason": "まちがえた"});
        other
            .call(Method::POST, &path, None, Some(&of_a2))
            .await
            .expect(404);
        let head = api.world.head().await;
        let told = staff
            .call(Method::POST, &path, None, Some(&undo))
            .await
            .expect(409);
        assert_eq!(told.code(), "group-kept");
        let errors = told.json()["errors"].as_array().unwrap().clone();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!(errors[0]["code"], "must-go-first");
        assert_eq!(api.world.head().await, head);
        let back = act(
            "reverse",
            "a",
            "r-1",
            "2026-07-10",
            json!({"entry": {"key": "s-1"}, "reason": "まちがえた"}),
        );
        let body = json!({"acts": [back]});
        staff
            .call(Method::POST, "/v1/acts", None, Some(&body))
            .await
            .expect(200);
        let told = staff
            .call(Method::POST, &path, None, Some(&undo))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["recorded"; 3]);
        let told = staff
            .call(Method::POST, &path, None, Some(&undo))
            .await
            .expect(200)
            .json();
        assert_eq!(outcomes(&told), ["already"; 3]);
        assert_eq!(listed(&staff).await, 3);
        // words are needed
        let empty = json!({"office": "a", "reason": " "});
        staff
            .call(Method::POST, &path, None, Some(&empty))
            .await
            .expect(422);
    }
}
