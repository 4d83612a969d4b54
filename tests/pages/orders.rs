//! 注文: what is offered with its price, both sides see it, and a shipment fills it.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

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
        // until what was sent for it is taken back
        let back = json!({"entry": {"key": form[0].1}, "reason": "車が出なかった"});
        record(&town.api, &[act("reverse", "a", "r-1", "2026-07-10", back)]).await;
        let home = town.a.page("/o/a").await;
        assert!(home.contains("注文が来ています"), "{home}");
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

#[tokio::test]
async fn an_office_says_until_when_it_takes_orders() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let set = |days: &'static str, hour: &'static str| [("days_before", days), ("hour", hour)];
        let page = html(
            &town
                .a
                .send("/o/a/order/deadline", &set("2", "25"))
                .await
                .expect(422),
        );
        assert!(page.contains("0〜24時"), "{page}");
        town.a.done("/o/a/order/deadline", &set("２", "15時")).await;
        // it is noon of the 10th
        let page = town.b.page("/o/b/order?to=a").await;
        assert!(page.contains("注文の締切") && page.contains("15時"), "{page}");
        let order = |day: &'static str, late: &'static str| {
            [
                ("key", "o-1"),
                ("to", "a"),
                ("wanted_on", day),
                ("want/carrot", "6"),
                ("late", late),
            ]
        };
        let page = html(
            &town
                .b
                .send("/o/b/order", &order("2026-07-11", ""))
                .await
                .expect(422),
        );
        assert!(
            page.contains("締切を過ぎています") && page.contains("name=\"late\""),
            "{page}"
        );
        assert_eq!(value(&page, "want/carrot"), "6");
        town.b.done("/o/b/order", &order("2026-07-11", "yes")).await;
        // nobody else sees or sets it
        town.b.get("/o/a/order/deadline").await.expect(404);
        town.a.done("/o/a/order/deadline", &set("", "")).await;
        assert!(!town.b.page("/o/b/order?to=a").await.contains("注文の締切"));
    }
}

#[tokio::test]
async fn orders_of_weeks_are_made_and_taken_back_together() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let page = town.b.page("/o/b/order/weekly?to=a").await;
        assert!(page.contains("にんじん 水曜日"), "{page}");
        // from Monday the 13th for two weeks, on Mondays and Thursdays
        let form = |many| {
            [
                ("key", "w-1"),
                ("to", "a"),
                ("from", "2026-07-13"),
                ("weeks", "２"),
                ("want/0/carrot", "5"),
                ("want/3/carrot", many),
            ]
        };
        let page = html(&town.b.send("/o/b/order/weekly", &form("三")).await.expect(422));
        assert!(page.contains("「三」は数字ではありません"), "{page}");
        assert!(!town.b.page("/o/b/order").await.contains("注文中"));
        let group = town.b.done("/o/b/order/weekly", &form("7kg")).await;
        assert!(
            group.contains("注文しました。") && group.contains("4件"),
            "{group}"
        );
        let again = town.b.done("/o/b/order/weekly", &form("7")).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
        let open = town.a.page("/o/a").await;
        for day in ["7月13日(月)", "7月16日(木)", "7月20日(月)", "7月23日(木)"] {
            assert!(open.contains(day), "{day}: {open}");
        }
        assert!(!open.contains("7月27日"));
        let at = group.split("/o/b/groups/").nth(1).unwrap();
        let undo = format!("/o/b/groups/{}/undo", &at[..36]);
        town.b
            .done(&undo, &[("key", "u-1"), ("reason", "まちがえて注文した")])
            .await;
        assert!(!town.a.page("/o/a").await.contains("注文が来ています"));
    }
}
