//! 届いた数がちがう on a shelf: ten placed in the book, eight came. The shop says so, the owner answers, and nothing moves before.

use crate::{
    Town,
    differences::manager,
    reader, record,
    shelf::{PLACED, crafts},
};
use acceptance::{
    api::{Client, TestApi},
    pages::{Reader, html, value},
    people::{DAY, Visited},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use axum::http::Method;
use serde_json::{Value, json};

const AT: &str = "/o/c/shelf/of/a/arrived";

/// Ten crafts of a placed at c; the manager of a is there to answer.
async fn placed(engine: Engine) -> (Town, Reader, Reader) {
    let (mut town, shop) = crafts(engine).await;
    town.a.done("/o/a/consign", &PLACED).await;
    let manager = manager(&town.api, "a").await;
    (town, shop, manager)
}

/// The name of the control for K-1 on the page.
fn control(page: &str) -> String {
    let at = page.split("name=\"came/K-1/10/").nth(1).unwrap();
    format!("came/K-1/10/{}", at.split('"').next().unwrap())
}

/// What the shop types: so many came, and what becomes of the rest.
async fn tell(shop: &mut Reader, key: &str, (came, rest): (&str, &str)) -> String {
    let name = control(&shop.page(AT).await);
    let typed = [
        ("key", key),
        ("supplied_on", "2026-07-10"),
        (name.as_str(), came),
        ("rest", rest),
        ("reason", "箱に足りなかった"),
    ];
    shop.done(AT, &typed).await
}

fn proposal_on(page: &str, office: &str) -> String {
    let at = page.split(&format!("/o/{office}/proposals/")).nth(1).unwrap();
    format!("/o/{office}/proposals/{}", at.split('"').next().unwrap())
}

/// What the shop owes the producer.
async fn owed(api: &TestApi) -> Value {
    let keeper = client(api, "reader-a", "a").await;
    let path = "/v1/offices/a/statements/c?from=2026-07-01&to=2026-07-31";
    keeper.get(path).await.expect(200).json()["balance"].clone()
}

async fn client(api: &TestApi, login: &str, office: &str) -> Client {
    let masters = api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    api.person(login, &[Role::Staff(office)]).await
}

#[tokio::test]
async fn what_did_not_come_goes_back_to_its_owner_with_their_yes() {
    for engine in engines() {
        let (mut town, mut shop, mut manager) = placed(engine).await;
        let page = shop.page("/o/c/shelf").await;
        assert!(
            page.contains("この2週間に、ほかの事業所が棚に置いたもの") && page.contains("届いた数がちがう"),
            "{page}"
        );
        let page = shop.page(AT).await;
        assert!(
            page.contains("2026年7月9日に 10 個 置いたことになっています。いま棚に 10 個。"),
            "{page}"
        );
        let page = tell(&mut shop, "d-1", ("８個", "return")).await;
        assert!(
            page.contains("相手に申し出ました") && page.contains("K-1 2"),
            "{page}"
        );
        // nothing has moved
        assert!(shop.page("/o/c/sell").await.contains("10 個"));
        assert!(!town.a.page("/o/a/consign").await.contains("K-1"));

        let home = manager.page("/o/a").await;
        assert!(home.contains("返事をする"), "{home}");
        let asked = proposal_on(&home, "a");
        let page = town.a.page(&asked).await;
        for told in [
            "布小物 K-1",
            "棚から持ち主の在庫に戻します。お金は動きません。",
            "箱に足りなかった",
            "管理者がします",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        // the producer sees it on its own page of shelves, too
        assert!(town.a.page("/o/a/shelf").await.contains("届いた数のちがい"));
        let yes = [("said", "yes"), ("note", "")];
        town.a.send(&format!("{asked}/answer"), &yes).await.expect(422);
        let home = manager.done(&format!("{asked}/answer"), &yes).await;
        assert!(home.contains("同意しました。"), "{home}");
        assert!(shop.page("/o/c/sell").await.contains("8 個"));
        assert!(town.a.page("/o/a/consign").await.contains("ある数 2 個"));
        assert!(!shop.page("/o/c/shelf").await.contains("届いた数のちがい"));
        // whom it does not concern
        let mut stranger = reader(&town.api, "a2").await;
        stranger.get(&asked.replace("/o/a/", "/o/a2/")).await.expect(404);
        stranger.get(&AT.replace("/o/c/", "/o/a2/")).await.expect(200);
        assert!(
            !stranger
                .page(&AT.replace("/o/c/", "/o/a2/"))
                .await
                .contains("K-1")
        );
    }
}

#[tokio::test]
async fn an_owner_says_no_and_nothing_moves() {
    for engine in engines() {
        let (_town, mut shop, mut manager) = placed(engine).await;
        tell(&mut shop, "d-1", ("8", "lost")).await;
        let asked = proposal_on(&manager.page("/o/a").await, "a");
        let form = [("said", "no"), ("note", "10個ならべました")];
        let home = manager.done(&format!("{asked}/answer"), &form).await;
        assert!(home.contains("同意しないと答えました。"), "{home}");
        assert!(shop.page("/o/c/sell").await.contains("10 個"));
        let told = shop.page(&asked.replace("/o/a/", "/o/c/")).await;
        assert!(
            told.contains("同意されませんでした") && told.contains("10個ならべました"),
            "{told}"
        );
    }
}

/// Terms of a and c from the ninth of July on.
fn terms(more: &Value) -> Value {
    let mut terms = json!({"consign": {"commission": {"charge": {"percent": "15"}, "base": "inclusive",
        "tax": "inclusive"}}});
    for (name, value) in more.as_object().unwrap() {
        terms[name] = value.clone();
    }
    let fields = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c",
        "agreed": ["a", "c"], "terms": terms});
    act("agreement", "a", "terms", "2026-07-09", fields)
}

#[tokio::test]
async fn what_was_lost_on_the_way_is_borne_by_whom_the_agreement_says() {
    for engine in engines() {
        let (town, mut shop, mut manager) = placed(engine).await;
        // missing things are the shop's, broken ones the producer's: what never came is no breakage
        let of_shop = terms(&json!({"loss_bearer": "other", "breakage_bearer": "producer"}));
        record(&town.api, &[of_shop]).await;
        let page = shop.page(AT).await;
        assert!(
            page.contains("なくなった分は、この店がもつ取り決めです。"),
            "{page}"
        );
        tell(&mut shop, "d-1", ("8", "lost")).await;
        let asked = proposal_on(&manager.page("/o/a").await, "a");
        let page = manager.page(&asked).await;
        // two at the listed 1,100
        let told = "この店がもちます。2,200円を、売れたものとして(税込み)、A農園に払うことになります。";
        assert!(page.contains(told), "{page}");
        let yes = [("said", "yes"), ("note", "")];
        manager.done(&format!("{asked}/answer"), &yes).await;
        assert!(shop.page("/o/c/sell").await.contains("8 個"));
        assert_eq!(owed(&town.api).await, 2_200);
    }
}

#[tokio::test]
async fn what_makes_no_difference_or_too_much_is_told() {
    for engine in engines() {
        let (_town, mut shop, _) = placed(engine).await;
        let name = control(&shop.page(AT).await);
        for (came, why, sentence) in [
            ("10", "数えた", "置いた数と同じです"),
            ("11", "数えた", "置いた数より多く届いています。"),
            ("いくつか", "数えた", "届いた数を、0以上の数で入れてください。"),
            ("-1", "数えた", "届いた数を、0以上の数で入れてください。"),
            ("", "数えた", "数が1つも入っていません。"),
            ("8", "", "数がちがうわけを書いてください。"),
        ] {
            let typed = [
                ("key", "d-1"),
                ("supplied_on", "2026-07-10"),
                (name.as_str(), came),
                ("rest", "return"),
                ("reason", why),
            ];
            let page = html(&shop.send(AT, &typed).await.expect(422));
            assert!(page.contains(sentence), "{came}: {page}");
            assert_eq!(value(&page, &name), came);
        }
    }
}

#[tokio::test]
async fn nobody_answers_in_time_and_the_shop_records_it() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let clock = visited.clock;
        let mut town = Town::of(TestApi::of(visited.world).await).await;
        let made = json!({"lines": [{"product": "craft", "quantity": "10", "lot": {"code": "K-1"}}]});
        let three = terms(&json!({"loss_bearer": "other", "confirm_days": 3}));
        record(
            &town.api,
            &[act("produce", "a", "crafts", "2026-07-08", made), three],
        )
        .await;
        town.a.done("/o/a/consign", &PLACED).await;
        let mut shop = reader(&town.api, "c").await;
        tell(&mut shop, "d-1", ("8", "lost")).await;
        let asked = proposal_on(&shop.page("/o/c/shelf").await, "c");
        // told on the tenth, three days: the thirteenth is the last one
        clock.pass(3 * DAY);
        shop = Reader::logged_in(town.api.anonymous(), "staff-c").await;
        let page = html(&shop.send(&format!("{asked}/overdue"), &[]).await.expect(422));
        assert!(page.contains("まだ返事の期限の前です。"), "{page}");
        clock.pass(DAY);
        shop = Reader::logged_in(town.api.anonymous(), "staff-c").await;
        let home = shop.page("/o/c").await;
        assert!(home.contains("返事がなかった分を記録する"), "{home}");
        let home = shop.done(&format!("{asked}/overdue"), &[]).await;
        assert!(home.contains("なくなった分を記録しました。"), "{home}");
        assert!(shop.page("/o/c/sell").await.contains("8 個"));
        assert_eq!(owed(&town.api).await, 2_200);
    }
}

#[tokio::test]
async fn the_same_over_the_api() {
    for engine in engines() {
        let (town, _, _) = placed(engine).await;
        let api = &town.api;
        let (shop, owner) = (client(api, "api-c", "c").await, {
            let masters = api.world.book.store().masters().await.unwrap();
            let a = masters.office_by_code(&"a".parse().unwrap()).unwrap().id;
            api.person("api-a", &[Role::Manager(a)]).await
        });
        let shelf = shop.get("/v1/offices/c/shelf").await.expect(200).json();
        let placed = &shelf["placed"][0];
        assert_eq!(
            (
                &placed["owner"]["code"],
                &placed["placed_on"],
                &placed["lines"][0]["placed"]
            ),
            (&json!("a"), &json!("2026-07-09"), &json!("10"))
        );
        let terms = &shelf["terms"][0];
        assert_eq!(
            (&terms["lot"], &terms["price"], &terms["loss_bearer"]),
            (&json!("K-1"), &json!("1100"), &json!("producer"))
        );
        let back = |quantity: &str| {
            json!({"due_on": "2026-07-17", "act": {"kind": "return", "office": "c", "supplied_on": "2026-07-10",
                "owner": "a", "lines": [{"lot": "K-1", "quantity": quantity}]}})
        };
        let asked = shop
            .post("/v1/proposals", "q-1", &back("2"))
            .await
            .expect(201)
            .json();
        let again = shop
            .post("/v1/proposals", "q-1", &back("2"))
            .await
            .expect(200)
            .json();
        assert_eq!(again["id"], asked["id"]);
        shop.post("/v1/proposals", "q-1", &back("3")).await.expect(409);
        let left = async || {
            let shelf = shop.get("/v1/offices/c/shelf").await.expect(200).json();
            shelf["here"][0]["quantity"].as_str().unwrap().to_owned()
        };
        assert_eq!(left().await, "10");
        let path = format!("/v1/proposals/{}/consent", asked["id"].as_str().unwrap());
        let said = json!({"office": "a"});
        let agreed = owner
            .call(Method::POST, &path, None, Some(&said))
            .await
            .expect(200);
        assert_eq!(agreed.json()["state"], "recorded");
        assert_eq!(left().await, "8");
        // more than lies there is kept as a yes, and told: the proposer has to put it right
        let asked = shop
            .post("/v1/proposals", "q-2", &back("9"))
            .await
            .expect(201)
            .json();
        let path = format!("/v1/proposals/{}/consent", asked["id"].as_str().unwrap());
        let told = owner.call(Method::POST, &path, None, Some(&said)).await;
        assert_eq!(told.status.as_u16(), 409, "{}", told.text());
        assert_eq!(left().await, "8");
        // of the own goods there is nobody to ask
        let own = json!({"due_on": "2026-07-17", "act": {"kind": "dispose", "office": "c", "supplied_on": "2026-07-10",
            "reason": "x", "lines": [{"lot": "K-1", "quantity": "1"}]}});
        let told = shop.post("/v1/proposals", "q-3", &own).await;
        assert_eq!(told.code(), "nobody-to-ask", "{}", told.text());
    }
}
