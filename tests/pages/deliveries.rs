//! 納品 and 受け取り between two offices.

use crate::Town;
use acceptance::{
    pages::{html, value},
    support::engines,
};

const IN_TRANSIT: &str = "SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM stock s \
    JOIN place p ON p.no = s.place_no WHERE p.kind = 12";

/// Office a sends three kilos of carrots to b; the address of the shipment on b's pages.
async fn sent(town: &mut Town) -> String {
    let page = town.a.page("/o/a/ship").await;
    assert!(page.contains("/o/a/ship?to=b"), "{page}");
    let page = town.a.page("/o/a/ship?to=b").await;
    let key = value(&page, "key");
    let form = [
        ("key", &*key),
        ("to", "b"),
        ("supplied_on", "2026-07-10"),
        ("ship/C-1", "３"),
    ];
    let home = town.a.done("/o/a/ship", &form).await;
    assert!(home.contains("納品を記録しました。") && home.contains("Bキッチン"));
    let home = town.b.page("/o/b").await;
    let at = home.split("/o/b/receive/").nth(1).unwrap();
    format!("/o/b/receive/{}", at.split('"').next().unwrap())
}

#[tokio::test]
async fn all_is_received_in_one_tap() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let address = sent(&mut town).await;
        let list = town.b.page("/o/b/receive").await;
        assert!(list.contains("ぜんぶOK") && list.contains("3 kg"));
        let form = [
            ("key", &*value(&list, "key")),
            ("supplied_on", "2026-07-10"),
            ("all", "yes"),
        ];
        let home = town.b.done(&address, &form).await;
        assert!(home.contains("受け取りを記録しました。") && home.contains("まだのことは、ありません。"));
        assert!(town.b.page("/o/b/stock").await.contains("3 kg"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
        town.b.get(&address).await.expect(404);
    }
}

#[tokio::test]
async fn what_is_missing_stays_on_its_way_for_both() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let address = sent(&mut town).await;
        let page = town.b.page(&address).await;
        assert_eq!(value(&page, "lines/0/accepted"), "3");
        // more than was sent is refused, and what was typed is still there
        let form = |accepted| {
            [
                ("key", "r-1"),
                ("supplied_on", "2026-07-10"),
                ("lines/0/accepted", accepted),
                ("lines/0/rejected", ""),
                ("reason", "箱に入っていなかった"),
            ]
        };
        let page = html(&town.b.send(&address, &form("30")).await.expect(422));
        assert_eq!(value(&page, "lines/0/accepted"), "30");
        assert!(page.contains("class=\"field-error\""), "{page}");
        let home = town.b.done(&address, &form("2")).await;
        assert!(home.contains("残りは配送中のままです。"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 1_000);
        assert!(town.a.page("/o/a").await.contains("配送中"));
        assert!(town.b.page(&address).await.contains("1 kg"));
    }
}
