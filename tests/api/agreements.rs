//! 取り決めの試算: what a page shows before an agreement is proposed, by the API.

use acceptance::{api::TestApi, support::engines};
use app::access::rights::Role;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn terms_are_shown_in_yen_and_nothing_is_recorded() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let masters = api.world.book.store().masters().await.unwrap();
        let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
        let staff = api.person("staff-a", &[Role::Staff(office)]).await;
        let head = api.world.head().await;
        let path = "/v1/offices/a/agreement-previews";
        // 8 % goods of 540 yen: 500 without tax (40 of tax); 15 % of it 75, and 10 % of that on top 7
        let commission =
            json!({"charge": {"percent": "15"}, "base": "exclusive", "tax": "exclusive", "minimum": 1_000});
        let body = json!({"terms": {"consign": {"commission": commission}}, "price": 540, "tax": "reduced"});
        let told = staff
            .call(Method::POST, path, None, Some(&body))
            .await
            .expect(200)
            .json();
        assert_eq!(
            told["shares"],
            json!([{"price": 540, "producer": 458, "seller": 82, "sentence": "540円のうち つくり手 458円・売り手 82円"}])
        );
        assert_eq!(told["least"], 1_100);
        assert_eq!(told["warnings"].as_array().unwrap().len(), 1);
        let wrong = json!({"terms": {}, "price": -1});
        staff
            .call(Method::POST, path, None, Some(&wrong))
            .await
            .expect(400);
        assert_eq!(api.world.head().await, head);
    }
}

#[tokio::test]
async fn a_coordinator_drafts_for_two_members_and_for_nobody_else() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let join = json!({"kind": "membership", "key": "member-b", "supplied_on": "2026-04-01", "network": "minami", "member": "b"});
        let answer = api.world.record(join).await;
        assert!(matches!(answer, app::writer::Answer::Recorded(..)), "{answer:?}");
        let masters = api.world.book.store().masters().await.unwrap();
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        let office = |code: &str| masters.office_by_code(&code.parse().unwrap()).unwrap().id;
        // who also works at C knows C; for the network they draft for its members all the same
        let roles = [Role::Coordinator(network), Role::Staff(office("c"))];
        let coordinator = api.person("coordinator", &roles).await;
        let a = api.person("manager-a", &[Role::Manager(office("a"))]).await;
        let b = api.person("manager-b", &[Role::Manager(office("b"))]).await;
        let draft = |producer: &str, other: &str| {
            json!({"act": {"kind": "agreement", "acting_network": "minami", "supplied_on": "2026-07-10", "code": "ab",
                "about": "supply", "producer": producer, "other": other, "terms": {}, "agreed": []}, "due_on": "2026-07-20"})
        };
        for (n, (producer, other, field)) in [("a", "c", "/act/other"), ("c", "b", "/act/producer")]
            .into_iter()
            .enumerate()
        {
            let told = coordinator
                .post("/v1/proposals", &format!("x-{n}"), &draft(producer, other))
                .await
                .expect(409);
            assert_eq!(
                (told.code().as_str(), &told.json()["errors"][0]["pointer"]),
                ("office-unknown", &json!(field))
            );
        }
        let told = coordinator
            .post("/v1/proposals", "p-1", &draft("a", "b"))
            .await
            .expect(201)
            .json();
        assert_eq!(told["parties"].as_array().unwrap().len(), 2);
        let id = told["id"].as_str().unwrap();
        let yes = |office: &str| json!({"office": office});
        let path = format!("/v1/proposals/{id}/consent");
        a.call(Method::POST, &path, None, Some(&yes("a")))
            .await
            .expect(200);
        b.get("/v1/agreements/ab").await.expect(404);
        let told = b
            .call(Method::POST, &path, None, Some(&yes("b")))
            .await
            .expect(200)
            .json();
        assert_eq!(told["state"], "recorded");
        b.get("/v1/agreements/ab").await.expect(200);
    }
}
