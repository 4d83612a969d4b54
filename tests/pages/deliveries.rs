//! 納品 and 受け取り between two offices.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

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
        // pressed twice: the same key, and nothing is left to receive
        let again = town.b.done(&address, &form).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
    }
}

#[tokio::test]
async fn a_page_that_was_opened_before_others_received_says_nothing_of_other_lots() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let made = json!({"lines": [{"product": "carrot", "quantity": "9", "lot": {"code": "C-2"}}]});
        let ship =
            json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "3"}, {"lot": "C-2", "quantity": "9"}]});
        let acts = [
            act("produce", "a", "p-2", "2026-07-09", made),
            act("ship", "a", "s-2", "2026-07-09", ship),
        ];
        record(&town.api, &acts).await;
        let home = town.b.page("/o/b").await;
        let at = home.split("/o/b/receive/").nth(1).unwrap();
        let address = format!("/o/b/receive/{}", at.split('"').next().unwrap());
        // two clerks look at both lots; the first receives the first one
        let first = [
            ("key", "r-1"),
            ("supplied_on", "2026-07-10"),
            ("lots/C-1/accepted", "3"),
        ];
        town.b.done(&address, &first).await;
        let second = [
            ("key", "r-2"),
            ("supplied_on", "2026-07-10"),
            ("lots/C-1/accepted", "3"),
            ("lots/C-2/accepted", "9"),
        ];
        let page = html(&town.b.send(&address, &second).await.expect(422));
        assert!(page.contains("まだ記録していません"), "{page}");
        assert_eq!(
            town.api.world.number(IN_TRANSIT).await,
            9_000,
            "nothing of the other lot"
        );
        assert_eq!(value(&page, "lots/C-2/accepted"), "9");
        let empty = [
            ("key", "r-3"),
            ("supplied_on", "2026-07-10"),
            ("lots/C-2/accepted", " "),
        ];
        let page = html(&town.b.send(&address, &empty).await.expect(422));
        assert!(page.contains("数が1つも入っていません"));
    }
}

#[tokio::test]
async fn a_delivery_that_is_pressed_twice_is_sent_once() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        // all there is: the second time there is no such lot in the store any more
        let form = [
            ("key", "s-9"),
            ("to", "b"),
            ("supplied_on", "2026-07-10"),
            ("ship/C-1", "10"),
        ];
        town.a.done("/o/a/ship", &form).await;
        let again = town.a.done("/o/a/ship", &form).await;
        assert!(again.contains("二重にはなっていません"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 10_000);
        // under another key nothing is left, and nothing typed is dropped in silence
        let form = [
            ("key", "s-10"),
            ("to", "b"),
            ("supplied_on", "2026-07-10"),
            ("ship/C-1", "1"),
        ];
        town.a.send("/o/a/ship", &form).await.expect(422);
    }
}

#[tokio::test]
async fn what_is_missing_stays_on_its_way_for_both() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let address = sent(&mut town).await;
        let page = town.b.page(&address).await;
        assert_eq!(value(&page, "lots/C-1/accepted"), "3");
        // more than was sent is refused, and what was typed is still there
        let form = |accepted| {
            [
                ("key", "r-1"),
                ("supplied_on", "2026-07-10"),
                ("lots/C-1/accepted", accepted),
                ("lots/C-1/rejected", ""),
                ("reason", "箱に入っていなかった"),
            ]
        };
        let page = html(&town.b.send(&address, &form("30")).await.expect(422));
        assert_eq!(value(&page, "lots/C-1/accepted"), "30");
        assert!(page.contains("class=\"field-error\""), "{page}");
        let home = town.b.done(&address, &form("2")).await;
        assert!(home.contains("残りは配送中のままです。"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 1_000);
        assert!(town.a.page("/o/a").await.contains("配送中"));
        assert!(town.b.page(&address).await.contains("1 kg"));
    }
}
