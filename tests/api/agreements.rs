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
