//! Other ways in: cards of tablets, forgotten passwords, one more role; and accounts as operators see them.

use crate::Town;
use acceptance::{
    api::PASSWORD,
    pages::{Reader, html, value},
    support::engines,
};
use app::access::rights::Role;
use axum::http::header;

const ANOTHER: &str = "やまびこ れんこん はしご すずめ";

async fn manager(town: &Town) -> Reader {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
    town.api.person("manager-a", &[Role::Manager(office)]).await;
    Reader::logged_in(town.api.anonymous(), "manager-a").await
}

/// The secret of a link on a page.
fn secret(page: &str, at: &str) -> String {
    let link = page.split(&format!("{at}#")).nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_tablet_comes_in_by_its_card_and_works_as_staff_alone() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let mut manager = manager(&town).await;
        let page = manager.page("/o/a/people").await;
        let form = [("key", &*value(&page, "key")), ("card", "作業場のタブレット")];
        let told = manager.send("/o/a/people/cards", &form).await.expect(200);
        assert_eq!(told.headers[header::REFERRER_POLICY], "no-referrer");
        let page = html(&told);
        assert!(page.contains("class=\"qr\"") && page.contains("作業場のタブレット"));
        let secret = secret(&page, "/card");
        // once only
        manager.send("/o/a/people/cards", &form).await.expect(422);

        // opening the address does nothing; its button does
        let mut tablet = Reader::new(town.api.anonymous());
        let told = tablet.get("/card").await.expect(200);
        assert!(!told.headers.contains_key(header::SET_COOKIE));
        let told = tablet.send("/card", &[("secret", &*secret)]).await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/");
        let told = tablet.get("/").await.expect(303);
        assert_eq!(told.headers[header::LOCATION], "/o/a");
        let made = [
            ("key", "t-1"),
            ("supplied_on", "2026-07-10"),
            ("made/carrot", "3"),
        ];
        assert!(
            tablet
                .done("/o/a/produce", &made)
                .await
                .contains("作ったものを記録しました。")
        );

        for path in ["/o/a/people", "/operate", "/begin", "/o/b"] {
            tablet.get(path).await.expect(404);
        }
        tablet.get("/password").await.expect(403);
        for (path, form) in [
            ("/o/a/people", [("key", "t-2"), ("role", "manager")]),
            ("/o/a/people/cards", [("key", "t-3"), ("card", "x")]),
            ("/operate/accounts", [("key", "t-4"), ("role", "operator")]),
        ] {
            tablet.send(path, &form).await.expect(404);
        }

        // the card is lost
        let page = manager.page("/o/a/people").await;
        assert!(
            page.contains("作業場のタブレット") && !page.contains(">card-"),
            "an account of a card is its card"
        );
        let form = [("stop", &*value(&page, "stop"))];
        assert!(
            manager
                .done("/o/a/people/cards/stop", &form)
                .await
                .contains("カードを止めました。")
        );
        tablet.get("/o/a").await.expect(303);
        let page = html(&tablet.send("/card", &[("secret", &*secret)]).await.expect(422));
        assert!(page.contains("このカードは使えません"));
        town.b.send("/o/a/people/cards/stop", &form).await.expect(404);
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_a_link_that_works_once() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let mut manager = manager(&town).await;
        let page = manager.page("/o/a/people").await;
        let at = page.split("staff-a").nth(2).unwrap();
        let form = [("key", &*value(at, "key")), ("person", &*value(at, "person"))];
        let page = html(&manager.send("/o/a/people/reset", &form).await.expect(200));
        let secret = secret(&page, "/reset");
        let mut somebody = Reader::new(town.api.anonymous());
        somebody.page("/reset").await;
        let short = [("secret", &*secret), ("password", "short")];
        let page = html(&somebody.send("/reset", &short).await.expect(422));
        assert!(
            value(&page, "secret") == secret && page.contains("password-wrong"),
            "{page}"
        );
        let new = [("secret", &*secret), ("password", ANOTHER)];
        assert!(
            somebody
                .done("/reset", &new)
                .await
                .contains("新しいパスワードにしました。")
        );
        // who was in with the old one is out
        town.a.get("/o/a").await.expect(303);
        let page = html(&somebody.send("/reset", &new).await.expect(422));
        assert!(page.contains("もう使われています"));
        let login = [("login", "staff-a"), ("password", ANOTHER), ("next", "/o/a")];
        assert!(somebody.done("/login", &login).await.contains("今日の生産"));

        // and changes it oneself
        let wrong = [("old", PASSWORD), ("new", "かもめ すいか ながぐつ")];
        let page = html(&somebody.send("/password", &wrong).await.expect(422));
        assert!(page.contains("id=\"old-wrong\""));
        let right = [("old", ANOTHER), ("new", "かもめ すいか ながぐつ")];
        somebody.send("/password", &right).await.expect(303);
        town.b.send("/o/a/people/reset", &form).await.expect(404);
    }
}

#[tokio::test]
async fn an_operator_shuts_and_opens_accounts_and_invites_to_any_role() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let mut root = Reader::logged_in(town.api.anonymous(), "root").await;
        let page = root.page("/operate/accounts").await;
        let at = page.split("staff-a").nth(1).unwrap();
        let person = at
            .split("/operate/accounts/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let shut = format!("/operate/accounts/{person}/shut");
        assert!(root.done(&shut, &[]).await.contains("アカウントを止めました。"));
        town.a.get("/o/a").await.expect(303);
        let login = [("login", "staff-a"), ("password", PASSWORD), ("next", "/o/a")];
        town.a.send("/login", &login).await.expect(422);
        let open = format!("/operate/accounts/{person}/open");
        assert!(root.done(&open, &[]).await.contains("また使えるようにしました。"));
        assert!(town.a.done("/login", &login).await.contains("今日の生産"));

        // one more role for an account that is there
        let page = root.page("/operate/accounts").await;
        let form = [("key", &*value(&page, "key")), ("role", "staff/b")];
        let page = html(&root.send("/operate/accounts", &form).await.expect(200));
        let secret = secret(&page, "/setup");
        assert!(town.a.page("/setup").await.contains("いまのアカウントで受ける"));
        let home = town.a.done("/setup/join", &[("secret", &*secret)]).await;
        assert!(
            home.contains("役割が増えました。") && home.contains("Bキッチン"),
            "{home}"
        );
        town.a.page("/o/b").await;

        // nobody else
        for path in [
            "/operate",
            "/operate/accounts",
            "/operate/offices",
            "/operate/rates",
            "/operate/networks/minami",
        ] {
            town.a.get(path).await.expect(404);
        }
        town.a.send(&shut, &[]).await.expect(404);
        root.get("/operate/nothing").await.expect(404);
        root.get("/operate/offices/nothing").await.expect(404);
    }
}

#[tokio::test]
async fn an_operator_changes_an_office_and_its_stay_in_a_network() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let mut root = Reader::logged_in(town.api.anonymous(), "root").await;
        let page = root.page("/operate/offices/a").await;
        let corporation = page.split(" selected>").next().unwrap();
        let corporation = corporation
            .rsplit("value=\"")
            .next()
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let form = [
            ("key", "o-1"),
            ("version", &*value(&page, "version")),
            ("carried", "{}"),
            ("name", "Aファーム"),
            ("kana", ""),
            ("corporation", &*corporation),
            ("municipality", "南野市"),
            ("address", "南野市みどり1-2"),
            ("phone", "0120-000-000"),
            ("supplied_on", "2026-07-10"),
        ];
        let list = root.done("/operate/offices/a", &form).await;
        assert!(list.contains("Aファーム") && list.contains("南野市"), "{list}");
        let page = root.page("/operate/offices/a").await;
        assert_eq!(value(&page, "address"), "南野市みどり1-2");
        let stay = [
            ("key", "m-1"),
            ("member", "b"),
            ("supplied_on", "2026-04-01"),
            ("to", "2026-12-31"),
        ];
        let page = root.done("/operate/networks/minami/members", &stay).await;
        assert!(page.contains("2026年12月31日まで"), "{page}");
        let backwards = [
            ("key", "m-2"),
            ("member", "b"),
            ("supplied_on", "2026-04-01"),
            ("to", "2026-03-31"),
        ];
        let page = html(
            &root
                .send("/operate/networks/minami/members", &backwards)
                .await
                .expect(422),
        );
        assert!(page.contains("membership-to-wrong"), "{page}");
    }
}

#[tokio::test]
async fn a_coordinator_sees_where_something_is_open_and_is_seen_looking() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let ship = [
            ("key", "s-1"),
            ("to", "b"),
            ("supplied_on", "2026-07-09"),
            ("ship/C-1", "4"),
        ];
        town.a.done("/o/a/ship", &ship).await;
        let masters = town.api.world.book.store().masters().await.unwrap();
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        town.api
            .person("coordinator", &[Role::Coordinator(network)])
            .await;
        let mut coordinator = Reader::logged_in(town.api.anonymous(), "coordinator").await;
        let readings = "SELECT CAST(COUNT(*) AS bigint) FROM reading";
        let before = town.api.world.number(readings).await;
        let page = coordinator.page("/n/minami").await;
        let row = page.split("A農園").nth(1).unwrap().split("</tr>").next().unwrap();
        assert!(
            row.contains("2026年7月9日") && row.contains("<td>0</td>"),
            "not late yet: {row}"
        );
        assert!(town.api.world.number(readings).await > before);
        coordinator.get("/o/a").await.expect(404);
        coordinator.get("/n/nothing").await.expect(404);
        town.a.get("/n/minami").await.expect(404);
    }
}
