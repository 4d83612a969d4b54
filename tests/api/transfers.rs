//! 振込 by the API: the file is the same as by the page, and the payments are ordinary acts.

use acceptance::{api::TestApi, support::engines, world::act};
use app::access::rights::Role;
use app::writer::Answer;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn a_file_is_made_of_what_is_owed_and_nothing_is_recorded() {
    for engine in engines() {
        let api = TestApi::new(engine).await;
        let rice =
            json!({"item": "supplies", "yen": 5_400, "paid": {"by": "on_account", "partner": "komeya"}});
        let answer = api
            .world
            .record(act("spend", "b", "rice-bought", "2026-06-30", rice))
            .await;
        assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
        let masters = api.world.book.store().masters().await.unwrap();
        let office = masters.office_by_code(&"b".parse().unwrap()).unwrap().id;
        let staff = api.person("staff-b", &[Role::Staff(office)]).await;
        let manager = api.person("manager-b", &[Role::Manager(office)]).await;
        let (at, bank) = ("/v1/offices/b/transfers", "/v1/offices/b/settings/bank");
        let account = json!({"bank": "0005", "branch": "102", "number": "0000001", "holder": "ユ）コメヤ"});
        let order = |yen: i64| {
            json!({"format": "zengin", "order": {"on": "2026-07-31",
                "lines": [{"what": "payable", "partner": "komeya", "yen": yen}]}})
        };
        let file = format!("{at}/file");
        let ask = async |yen: i64| staff.call(Method::POST, &file, None, Some(&order(yen))).await;
        assert_eq!(ask(5_400).await.expect(409).code(), "own-account-missing");

        // where money goes is for the manager to say
        let likes = json!({"account": account, "consignor": "0123456789"});
        staff
            .call(Method::PUT, bank, None, Some(&likes))
            .await
            .expect(403);
        manager
            .call(Method::PUT, bank, None, Some(&likes))
            .await
            .expect(200);
        assert_eq!(ask(5_400).await.expect(409).code(), "payee-account-missing");
        let likes = json!({"account": account, "consignor": "0123456789", "partners": {"komeya": account}});
        manager
            .call(Method::PUT, bank, None, Some(&likes))
            .await
            .expect(200);
        let told = staff.get(bank).await.expect(200).json();
        assert_eq!(told["account"]["holder"], "ﾕ)ｺﾒﾔ", "as banks write it");

        let (size, _) = api.world.head().await;
        let view = staff.get(at).await.expect(200).json();
        assert_eq!(view["items"][0]["proposed"], 5_400);
        let told = ask(5_401).await.expect(409).json();
        assert_eq!(told["code"], "transfer-amount-wrong");
        assert_eq!(told["errors"][0]["pointer"], "/order/lines/0/yen");
        let bytes = ask(5_400).await.expect(200).bytes;
        assert_eq!(bytes.len(), 4 * 122);
        assert_eq!(&bytes[122..122 + 5], b"20005");
        assert_eq!(&bytes[122 + 80..122 + 90], b"0000005400");
        assert_eq!(api.world.head().await.0, size);

        for wrong in [
            json!({"account": {"bank": "5", "branch": "102", "number": "0000001", "holder": "カ"}}),
            json!({"account": {"bank": "0005", "branch": "102", "number": "0000001", "holder": "福祉"}}),
            json!({"account": {"bank": "0005", "branch": "102", "number": "0000001", "holder": "アイウエオアイウエオアイウエオアイウエオアイウエオアイウエオア"}}),
        ] {
            manager
                .call(Method::PUT, bank, None, Some(&wrong))
                .await
                .expect(422);
        }
        // others have no such thing, coordinators neither
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        let coordinator = api.person("coordinator", &[Role::Coordinator(network)]).await;
        for path in [at, bank] {
            coordinator.get(path).await.expect(404);
        }
    }
}
