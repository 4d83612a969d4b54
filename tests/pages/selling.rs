//! 売る: own goods and consigned ones, for cash and on account.

use crate::{Town, reader, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

#[tokio::test]
async fn what_was_sold_is_recorded_with_its_owner() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let made = json!({"lines": [{"product": "craft", "quantity": "5", "lot": {"code": "K-1"}}]});
        let placed = json!({"to": "c", "lines": [{"lot": "K-1", "quantity": "4"}]});
        record(
            &town.api,
            &[
                act("produce", "a", "crafts", "2026-07-09", made),
                act("consign", "a", "placed", "2026-07-09", placed),
            ],
        )
        .await;
        let mut shop = reader(&town.api, "c").await;
        let page = shop.page("/o/c/sell").await;
        assert!(
            page.contains("name=\"sold/a/a/craft\"") && page.contains("1100 円"),
            "{page}"
        );
        let key = value(&page, "key");
        let form = [
            ("key", &*key),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "３個"),
        ];
        let page = shop.done("/o/c/sell", &form).await;
        assert!(page.contains("売上を記録しました。"), "{page}");
        assert!(shop.page("/o/c/sell").await.contains("1 個"));
        // the last one, pressed twice
        let last = [
            ("key", "last"),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "1"),
        ];
        shop.done("/o/c/sell", &last).await;
        let again = shop.done("/o/c/sell", &last).await;
        assert!(again.contains("二重にはなっていません"));
        // the maker sees it the moment the shop records
        assert!(
            town.a
                .page("/o/a/entries")
                .await
                .contains("布小物 3個 を売りました")
        );

        // own goods, to somebody who pays later
        let form = [
            ("key", "s-1"),
            ("supplied_on", "2026-07-10"),
            ("sold//a/carrot", "2"),
            ("partner", "city"),
        ];
        let page = town.a.done("/o/a/sell", &form).await;
        assert!(page.contains("売上を記録しました。"));
        let wrong = [
            ("key", "s-2"),
            ("supplied_on", "2026-07-10"),
            ("sold//a/carrot", "二"),
        ];
        let page = html(&town.a.send("/o/a/sell", &wrong).await.expect(422));
        assert_eq!(value(&page, "sold//a/carrot"), "二");
        assert_eq!(page.matches("class=\"field-error\"").count(), 1);
    }
}
