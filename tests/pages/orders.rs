//! 注文: what is offered with its price, both sides see it, and a shipment fills it.

use crate::Town;
use acceptance::{
    pages::{html, value},
    support::engines,
};

async fn ordered(town: &mut Town) {
    let page = town.b.page("/o/b/order").await;
    assert!(page.contains("/o/b/order?to=a"), "{page}");
    let page = town.b.page("/o/b/order?to=a").await;
    assert!(page.contains("150 円 / kg") && value(&page, "wanted_on") == "2026-07-11");
    let form = [
        ("key", &*value(&page, "key")),
        ("to", "a"),
        ("wanted_on", "2026-07-12"),
        ("want/carrot", "６kg"),
    ];
    let home = town.b.done("/o/b/order", &form).await;
    assert!(home.contains("注文しました。"));
    assert!(town.b.page("/o/b/order").await.contains("注文中"));
}

#[tokio::test]
async fn an_order_is_seen_by_both_and_filled_by_a_shipment() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        ordered(&mut town).await;
        let home = town.a.page("/o/a").await;
        assert!(home.contains("注文が来ています") && home.contains("2026年7月12日(日)"));
        let at = home.split("/o/a/ship?order=").nth(1).unwrap();
        let order = at.split('"').next().unwrap().to_owned();
        let page = town.a.page(&format!("/o/a/ship?order={order}")).await;
        assert_eq!(
            (value(&page, "ship/C-1"), value(&page, "order")),
            ("6".into(), order.clone())
        );
        let form = [
            ("key", &*value(&page, "key")),
            ("to", "b"),
            ("order", &order),
            ("supplied_on", "2026-07-10"),
            ("ship/C-1", "6"),
        ];
        let home = town.a.done("/o/a/ship", &form).await;
        assert!(
            !home.contains("注文が来ています") && home.contains("配送中"),
            "{home}"
        );
        // pressed twice
        let again = town.a.done("/o/a/ship", &form).await;
        assert!(again.contains("二重にはなっていません"));
        // by the API, too, its lines are told to both
        let entry = town.a.page(&format!("/o/a/entries/{order}")).await;
        assert!(entry.contains("届けてほしい日") && entry.contains("6 kg"));
        // an order that is filled is none to fill again
        let again = town.a.page(&format!("/o/a/ship?order={order}")).await;
        assert!(again.contains("どこへ届けますか"));
    }
}

#[tokio::test]
async fn an_order_for_yesterday_is_refused_at_its_day() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let form = [
            ("key", "o-1"),
            ("to", "a"),
            ("wanted_on", "2026-07-01"),
            ("want/carrot", "1"),
        ];
        let page = html(&town.b.send("/o/b/order", &form).await.expect(422));
        assert!(page.contains("id=\"wanted_on-wrong\""), "{page}");
        assert_eq!(value(&page, "want/carrot"), "1");
        let form = [
            ("key", "o-2"),
            ("to", "c"),
            ("wanted_on", "2026-07-12"),
            ("want/carrot", "1"),
        ];
        town.b.send("/o/b/order", &form).await.expect(422);
    }
}
