//! 締める: what is open in a month is told with a way to it, a closed month stays closed, and what comes later says so.

use crate::{Town, record};
use acceptance::{
    api::TestApi,
    pages::{Reader, html, seen, value},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

/// A manager of office a, in front of a browser.
async fn manager(api: &TestApi, office: &str) -> Reader {
    let masters = api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    let login = format!("manager-{office}");
    api.person(&login, &[Role::Manager(id)]).await;
    Reader::logged_in(api.anonymous(), &login).await
}

#[tokio::test]
async fn what_is_open_is_told_and_does_not_stop() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let made = json!({"lines": [{"product": "carrot", "quantity": "10", "lot": {"code": "C-6"}}]});
        let crafts = json!({"lines": [{"product": "craft", "quantity": "4", "lot": {"code": "K-6"}}]});
        let sent = json!({"to": "b", "lines": [{"lot": "C-6", "quantity": "2"}]});
        let placed = json!({"to": "c", "lines": [{"lot": "K-6", "quantity": "3"}]});
        let sold = json!({"lines": [{"product": "a/craft", "quantity": "1", "owner": "a"}]});
        let more = json!({"lines": [{"lot": "C-6", "quantity": "9"}]});
        // 9 kg at 300 yen are 2,700 yen; 2,650 were there
        let short = json!({"place": "kinko", "counted": 2650});
        let mut counted = act("count_cash", "a", "cash-6", "2026-06-30", short);
        counted["reason"] = "数えた".into();
        record(
            &town.api,
            &[
                act("produce", "a", "made-6", "2026-06-05", made),
                act("produce", "a", "crafts-6", "2026-06-05", crafts),
                act("ship", "a", "sent-6", "2026-06-06", sent),
                act("consign", "a", "placed-6", "2026-06-06", placed),
                act("sell", "c", "sold-6", "2026-06-10", sold),
                act("sell", "a", "more-6", "2026-06-11", more),
                counted,
            ],
        )
        .await;
        let mut manager = manager(&town.api, "a").await;
        let page = seen(&manager.page("/o/a/close?month=2026-06").await);
        for told in [
            "6月6日にBキッチンへ送ったものが、まだ受け取られていません",
            "にんじん(C-6)が、帳簿にあるより1kg多く出ています",
            "金庫のお金が50円足りませんでした",
            "Cショップとの取り決め(a-c-consign)に、まだ精算していない取引が1件あります(6月1日〜6月30日)",
            "「注意」があっても、締めることはできます",
        ] {
            assert!(page.contains(told), "{told}\n{page}");
        }
        assert!(!page.contains("数えた記録がありません"), "{page}");
        // the same by the API, to the coordinator's program too
        let check = town.api.world.book.clone();
        let view = app::views::close::close_check(
            &check,
            &app::viewer::Viewer::Keeper,
            &"c".parse().unwrap(),
            "2026-06".parse().unwrap(),
        )
        .await
        .unwrap()
        .unwrap();
        let kinds: Vec<String> = view
            .points
            .iter()
            .map(|point| {
                serde_json::to_value(point.what)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(kinds, ["cash_not_counted", "unsettled"], "{view:?}");

        // counted, settled and received: nothing is open any more
        let counting = json!({"lines": [{"product": "carrot", "counted": "0"}]});
        let settling = json!({"agreement": "a-c-consign", "from": "2026-06-01", "to": "2026-06-30"});
        let receiving = json!({"shipment": {"office": "a", "key": "sent-6"}, "all": true});
        record(
            &town.api,
            &[
                act("count", "a", "count-6", "2026-06-30", counting),
                act("settle", "a", "settle-6", "2026-06-30", settling),
                act("receive", "b", "received-6", "2026-06-30", receiving),
            ],
        )
        .await;
        let page = seen(&manager.page("/o/a/close?month=2026-06").await);
        assert!(
            !page.contains("受け取られていません") && !page.contains("多く出ています"),
            "{page}"
        );
        assert!(
            !page.contains("精算していない") && page.contains("50円足りませんでした"),
            "{page}"
        );

        // staff see it and have no button
        let mut town = town;
        let page = town.a.page("/o/a/close?month=2026-06").await;
        assert!(
            page.contains("締めるのは、事業所の管理者です")
                && !page.contains("<button class=\"button main\">この月を締める")
        );
        town.b.get("/o/a/close").await.expect(404);
    }
}

#[tokio::test]
async fn a_closed_month_stays_closed_and_what_comes_later_says_so() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let mut manager = manager(&town.api, "b").await;
        let page = manager.page("/o/b/close").await;
        assert!(
            page.contains("2026年6月を締める") && page.contains("7月1日からの分として数えます"),
            "{page}"
        );
        let form = [("key", &*value(&page, "key")), ("month", "2026-06")];
        let page = manager.done("/o/b/close", &form).await;
        assert!(
            page.contains("この月を締めました。") && seen(&page).contains("2026年6月"),
            "{page}"
        );
        // pressed again: it is closed, and stays so
        let again = html(
            &manager
                .send("/o/b/close", &[("key", "again"), ("month", "2026-06")])
                .await
                .expect(422),
        );
        assert!(again.contains("締めた月は開きません"), "{again}");

        // office a ships in June to b, which has closed June
        let made = json!({"lines": [{"product": "carrot", "quantity": "5", "lot": {"code": "C-6"}}]});
        record(&town.api, &[act("produce", "a", "made-6", "2026-06-20", made)]).await;
        let form = [
            ("key", "ship-6"),
            ("supplied_on", "2026-06-25"),
            ("to", "b"),
            ("ship/C-6", "2"),
        ];
        let why = "6月はBキッチンが締めたので、7月1日の分として数えます。";
        let page = town.a.done("/o/a/ship", &form).await;
        assert!(page.contains(why), "{page}");
        let list = town.a.page("/o/a/entries").await;
        assert!(list.contains(why), "{list}");
        let entry = list
            .split("/o/a/entries/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let page = town.a.page(&format!("/o/a/entries/{entry}")).await;
        assert!(
            page.contains(why) && page.contains("2026年6月25日") && page.contains("2026年7月1日"),
            "{page}"
        );
        // what counts for its own day says nothing
        assert_eq!(list.matches("締めたので").count(), 1, "{list}");
    }
}

#[tokio::test]
async fn a_coordinator_closes_all_at_once() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let masters = town.api.world.book.store().masters().await.unwrap();
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        // b has closed May and so may close June; a has closed April, so June is not its next month
        let close = |office: &str, month: &str| {
            act(
                "close",
                office,
                &format!("close-{month}"),
                "2026-07-01",
                json!({"month": month}),
            )
        };
        record(&town.api, &[close("b", "2026-05"), close("a", "2026-04")]).await;
        town.api.person("koko", &[Role::Coordinator(network)]).await;
        let mut koko = Reader::logged_in(town.api.anonymous(), "koko").await;
        let page = koko.page("/n/minami/close?month=2026-06").await;
        assert!(
            seen(&page).contains("Bキッチン") && page.contains("2026年5月"),
            "{page}"
        );
        let key = value(&page, "key");
        let form = [
            ("key", &*key),
            ("month", "2026-06"),
            ("close/a", "yes"),
            ("close/b", "yes"),
        ];
        let page = seen(&html(&koko.send("/n/minami/close", &form).await.expect(200)));
        assert!(page.contains("Bキッチン: 締めました。"), "{page}");
        assert!(
            page.contains("A農園: ") && page.contains("締めていません。") && page.contains("2026-05"),
            "{page}"
        );
        // sent again it is the same answer, not another closing
        let again = seen(&html(&koko.send("/n/minami/close", &form).await.expect(200)));
        assert!(again.contains("Bキッチン: 締めました。"), "{again}");
        let masters = town.api.world.book.store().masters().await.unwrap();
        let of = |code: &str| {
            let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
            masters.closed_through(office).map(|month| month.to_string())
        };
        assert_eq!(
            (of("a"), of("b")),
            (Some("2026-04".into()), Some("2026-06".into()))
        );
        // the office sees who closed its month
        let mut manager = manager(&town.api, "b").await;
        assert!(manager.page("/o/b/close").await.contains("みなみ連絡会"));
    }
}

#[tokio::test]
async fn others_are_told_nothing_of_a_closing() {
    let mut town = Town::new(Engine::Sqlite).await;
    for path in ["/n/minami/close", "/o/b/close", "/n/nowhere/close"] {
        town.a.get(path).await.expect(404);
    }
    town.a
        .send(
            "/n/minami/close",
            &[("key", "x"), ("month", "2026-06"), ("close/b", "yes")],
        )
        .await
        .expect(404);
}
