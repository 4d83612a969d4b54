//! What is missing or goes back of a delivery: told to the sender, agreed by both, or settled when nobody answers.

use crate::{Town, record};
use acceptance::{
    api::TestApi,
    pages::{Reader, html, value},
    people::{DAY, Visited},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

const IN_TRANSIT: &str = "SELECT CAST(COALESCE(SUM(quantity), 0) AS bigint) FROM stock s \
    JOIN place p ON p.no = s.place_no WHERE p.kind = 12";

/// Ten kilos of carrots on their way from a to b, the manager of a, and the address of the shipment on b's pages.
async fn on_the_way(engine: Engine) -> (Town, Reader, String) {
    sent(Town::with_carrots(engine).await).await
}

async fn sent(mut town: Town) -> (Town, Reader, String) {
    let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "10"}]});
    record(&town.api, &[act("ship", "a", "s-1", "2026-07-10", ship)]).await;
    let manager = manager(&town.api, "a").await;
    let home = town.b.page("/o/b").await;
    let at = home.split("/o/b/receive/").nth(1).unwrap();
    let address = format!("/o/b/receive/{}", at.split('"').next().unwrap());
    (town, manager, address)
}

pub async fn manager(api: &TestApi, office: &str) -> Reader {
    let masters = api.world.book.store().masters().await.unwrap();
    let id = masters.office_by_code(&office.parse().unwrap()).unwrap().id;
    let login = format!("manager-{office}");
    api.person(&login, &[Role::Manager(id)]).await;
    Reader::logged_in(api.anonymous(), &login).await
}

/// Eight arrived, one goes back, one is missing.
const SHORT: [(&str, &str); 7] = [
    ("key", "r-1"),
    ("supplied_on", "2026-07-10"),
    ("lots/C-1/sent", "10"),
    ("lots/C-1/accepted", "8"),
    ("lots/C-1/rejected", "1"),
    ("rest", "missing"),
    ("reason", "いたんでいた"),
];

fn proposal_on(home: &str, office: &str) -> String {
    let at = home.split(&format!("/o/{office}/proposals/")).nth(1).unwrap();
    format!("/o/{office}/proposals/{}", at.split('"').next().unwrap())
}

#[tokio::test]
async fn a_shortage_is_agreed_by_both() {
    for engine in engines() {
        let (mut town, mut manager, address) = on_the_way(engine).await;
        let home = town.b.done(&address, &SHORT).await;
        assert!(
            home.contains("ちがいを相手に伝えました。") && home.contains("返事待ち"),
            "{home}"
        );
        // until both agree it is on its way
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 2_000);
        assert!(town.b.page("/o/b/stock").await.contains("8 kg"));
        let again = town.b.done(&address, &SHORT).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
        assert!(town.b.page(&address).await.contains("返事を待っています。"));
        // the sender sees both amounts and the reason; its staff do not answer
        let home = town.a.page("/o/a").await;
        let asked = proposal_on(&home, "a");
        let page = town.a.page(&asked).await;
        for told in [
            "にんじん",
            "届かなかった数",
            "返した数",
            "いたんでいた",
            "管理者がします",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        town.a
            .send(&format!("{asked}/answer"), &[("said", "yes")])
            .await
            .expect(422);
        let home = manager
            .done(&format!("{asked}/answer"), &[("said", "yes"), ("note", "")])
            .await;
        assert!(home.contains("同意しました。"), "{home}");
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
        // one kilo is back, one is lost to its producer
        assert!(manager.page("/o/a/stock").await.contains("1 kg"));
        assert!(!town.b.page("/o/b").await.contains("返事待ち"));
    }
}

#[tokio::test]
async fn a_sender_says_no_and_the_goods_stay_on_their_way() {
    for engine in engines() {
        let (mut town, mut manager, address) = on_the_way(engine).await;
        town.b.done(&address, &SHORT).await;
        let asked = proposal_on(&manager.page("/o/a").await, "a");
        let form = [("said", "no"), ("note", "10箱ぜんぶ渡しました")];
        let home = manager.done(&format!("{asked}/answer"), &form).await;
        assert!(home.contains("同意しないと答えました。"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 2_000);
        let told = town.b.page(&asked.replace("/o/a/", "/o/b/")).await;
        assert!(
            told.contains("同意されませんでした") && told.contains("10箱ぜんぶ渡しました"),
            "{told}"
        );
        // it was found after all
        let found = [("key", "r-2"), ("supplied_on", "2026-07-10"), ("all", "yes")];
        town.b.done(&address, &found).await;
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
    }
}

#[tokio::test]
async fn what_comes_later_is_asked_of_nobody_and_what_is_more_has_to_be_said() {
    for engine in engines() {
        let (mut town, _, address) = on_the_way(engine).await;
        let mut later = SHORT;
        later[4] = ("lots/C-1/rejected", "");
        later[5] = ("rest", "later");
        let home = town.b.done(&address, &later).await;
        assert!(home.contains("残りは配送中のままです。") && !home.contains("返事待ち"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 2_000);
        let mut more = [
            ("key", "r-2"),
            ("supplied_on", "2026-07-10"),
            ("lots/C-1/sent", "2"),
            ("lots/C-1/accepted", "20"),
            ("reason", "数えまちがい"),
            ("more", ""),
        ];
        let page = html(&town.b.send(&address, &more).await.expect(422));
        assert!(
            page.contains("送られた数より多いです。") && page.contains("name=\"more\""),
            "{page}"
        );
        assert_eq!(value(&page, "lots/C-1/accepted"), "20");
        more[3] = ("lots/C-1/accepted", "3");
        more[5] = ("more", "yes");
        town.b.done(&address, &more).await;
        // 8 and 3: one more than was sent
        assert!(town.b.page("/o/b/stock").await.contains("11 kg"));
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
    }
}

#[tokio::test]
async fn nobody_answers_in_time_and_the_agreement_decides() {
    for engine in engines() {
        let visited = Visited::new(engine).await;
        let clock = visited.clock;
        let town = Town::of(TestApi::of(visited.world).await).await;
        let (mut town, _, address) = sent(town.and_carrots().await).await;
        town.b.done(&address, &SHORT).await;
        let asked = proposal_on(&town.b.page("/o/b").await, "b");
        let overdue = format!("{asked}/overdue");
        let page = html(&town.b.send(&overdue, &[]).await.expect(422));
        assert!(page.contains("まだ返事の期限の前です。"), "{page}");
        // a week is the usual time to answer
        clock.pass(8 * DAY);
        town.b = Reader::logged_in(town.api.anonymous(), "staff-b").await;
        let mut manager = Reader::logged_in(town.api.anonymous(), "manager-a").await;
        let home = town.b.page("/o/b").await;
        assert!(home.contains("返事がなかった分を記録する"), "{home}");
        // the sender's yes comes too late, and the sender records nothing of the receiver's
        let at_a = asked.replace("/o/b/", "/o/a/");
        manager
            .send(&format!("{at_a}/answer"), &[("said", "yes")])
            .await
            .expect(422);
        manager.send(&format!("{at_a}/overdue"), &[]).await.expect(422);
        let home = town.b.done(&overdue, &[]).await;
        assert!(home.contains("受け取りを記録しました。"), "{home}");
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
        // pressed twice
        town.b.done(&overdue, &[]).await;
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 0);
    }
}

#[tokio::test]
async fn what_was_received_is_never_told_as_not_recorded() {
    for engine in engines() {
        let (mut town, _, address) = on_the_way(engine).await;
        town.b.done(&address, &SHORT).await;
        // the same receipt with another difference: what was accepted is there, the sender was told something else
        let mut other = SHORT;
        other[4] = ("lots/C-1/rejected", "2");
        let page = town.b.done(&address, &other).await;
        assert!(
            page.contains("受け取った分は記録しました。") && page.contains("もう一度送ってください。"),
            "{page}"
        );
        assert!(!page.contains("まだ記録していません"), "{page}");
        assert_eq!(value(&page, "lots/C-1/sent"), "2", "what is left to be told");
        assert_eq!(town.api.world.number(IN_TRANSIT).await, 2_000);
    }
}
