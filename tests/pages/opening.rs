//! 開始残高 of an office that joins in the middle of a year, and the list for a recall.

use crate::{Town, differences::manager, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

#[tokio::test]
async fn an_office_joins_with_what_it_has() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let mut a = manager(&town.api, "a").await;
        let mut b = manager(&town.api, "b").await;
        let page = a.page("/o/a/open/goods").await;
        assert!(
            page.contains("全4ステップ中、1ステップ目") && page.contains("goods/craft/quantity"),
            "{page}"
        );
        let goods = |many| {
            [
                ("key", "g-1"),
                ("supplied_on", "2026-07-01"),
                ("goods/craft/quantity", many),
                ("goods/carrot/quantity", "2.5"),
                ("goods/carrot/best_before", "2026-07-20"),
                ("goods/carrot/cost", "400"),
            ]
        };
        let page = html(&a.send("/o/a/open/goods", &goods("1.5")).await.expect(422));
        assert!(page.contains("class=\"field-error\"") && value(&page, "goods/carrot/quantity") == "2.5");
        let next = a.done("/o/a/open/goods", &goods("12個")).await;
        assert!(
            next.contains("開始残高: お金と取引先") && next.contains("開始残高を記録しました。"),
            "{next}"
        );
        let stock = a.page("/o/a/stock").await;
        assert!(
            stock.contains("12 個") && stock.contains("2.5 kg") && stock.contains("2026年7月20日"),
            "{stock}"
        );
        let money = [
            ("key", "m-1"),
            ("supplied_on", "2026-07-01"),
            ("yen/cash/kinko", "50,000"),
            ("yen/bank/bank", "1200000"),
            ("yen/receivable/city", "8000"),
            ("yen/payable/tane", "3000"),
        ];
        a.done("/o/a/open/money", &money).await;
        let page = a.page("/o/a/money").await;
        for there in ["50,000", "1,200,000", "8,000", "3,000", "たね屋"] {
            assert!(page.contains(there), "{there}: {page}");
        }
        // what another office owes takes its yes
        let debts = [
            ("key", "d-1"),
            ("supplied_on", "2026-07-01"),
            ("with", "b"),
            ("owes", "4500"),
            ("owed", ""),
        ];
        let again = a.done("/o/a/open/debts", &debts).await;
        assert!(again.contains("相手に申し出ました。"), "{again}");
        assert!(!a.page("/o/a/money").await.contains("4,500"));
        let home = b.page("/o/b").await;
        let at = home.split("/o/b/proposals/").nth(1).unwrap();
        let asked = format!("/o/b/proposals/{}", at.split('"').next().unwrap());
        b.done(&format!("{asked}/answer"), &[("said", "yes")]).await;
        assert!(a.page("/o/a/money").await.contains("4,500") && b.page("/o/b/money").await.contains("4,500"));
        let wages = [
            ("key", "w-1"),
            ("supplied_on", "2026-07-01"),
            ("months/2026-06/wages", "230,000"),
            ("months/2026-06/person_days", "210"),
            ("months/2026-06/open_days", "22"),
            ("wage_reserve", "90000"),
            ("asset_cost", "1000000"),
        ];
        let home = a.done("/o/a/open/wages", &wages).await;
        assert!(home.contains("ホーム"), "{home}");
        let sums = "SELECT CAST(SUM(b.yen) AS bigint) FROM account a JOIN balance b ON b.account_no = a.no WHERE a.kind";
        let world = &town.api.world;
        assert_eq!(world.number(&format!("{sums} = 51")).await, -90_000);
        assert_eq!(world.number(&format!("{sums} = 17")).await, 90_000);
        // staff do not open the books
        let mut town = town;
        let page = html(&town.a.send("/o/a/open/money", &money).await.expect(422));
        assert!(page.contains("管理者"), "{page}");
    }
}

#[tokio::test]
async fn a_recall_lists_who_has_what_of_a_lot() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "6"}]});
        let receive = json!({"shipment": {"office": "a", "key": "s-1"}, "all": true});
        let cook = json!({"inputs": [{"product": "a/carrot", "quantity": "5"}],
            "outputs": [{"product": "bento", "quantity": "20", "lot": {"code": "BENTO-1"}}]});
        let sell = json!({"lines": [{"product": "bento", "quantity": "12"}]});
        let acts = [
            act("ship", "a", "s-1", "2026-07-10", ship),
            act("receive", "b", "r-1", "2026-07-10", receive),
            act("process", "b", "k-1", "2026-07-10", cook),
            act("sell", "b", "x-1", "2026-07-10", sell),
        ];
        record(&town.api, &acts).await;
        assert!(
            town.a
                .page("/o/a/lots/C-1")
                .await
                .contains("/o/a/lots/C-1/recall")
        );
        let page = town.b.page("/o/b/lots/C-1/recall").await;
        for told in [
            "Bキッチン",
            "BENTO-1",
            "8 個",
            "1 kg",
            "12 個",
            "販売",
            "使わない・売らない",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let page = town.a.page("/o/a/lots/C-1/recall").await;
        assert!(page.contains("4 kg") && page.contains("A農園"), "{page}");
        town.b.get("/o/b/lots/NOTHING/recall").await.expect(404);
    }
}
