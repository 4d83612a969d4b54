//! 相殺: the coordinator sees before and after, leaves out who does not want to, and proposes; the offices answer on theirs.

use crate::{Town, record};
use acceptance::{
    pages::{Reader, html, seen, value, without_ruby},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

/// B owes A 900, C owes B 700, A owes C 500, A owes B 300; all are members of the network.
struct Ring {
    town: Town,
    coordinator: Reader,
    managers: [Reader; 3],
}

const OFFICES: [&str; 3] = ["a", "b", "c"];
const PLAN: &str = "/n/minami/netting";

impl Ring {
    async fn new(engine: Engine) -> Ring {
        let town = Town::new(engine).await;
        let join = json!({"kind": "membership", "key": "member-c", "supplied_on": "2026-04-01", "network": "minami", "member": "c"});
        record(&town.api, &[join]).await;
        for (debtor, creditor, yen) in [("b", "a", 900), ("c", "b", 700), ("a", "c", 500), ("a", "b", 300)] {
            let spent = json!({"item": "rent", "yen": yen, "paid_by_office": creditor});
            let key = format!("lent-{debtor}-{creditor}");
            record(&town.api, &[act("spend", debtor, &key, "2026-06-30", spent)]).await;
        }
        let masters = town.api.world.book.store().masters().await.unwrap();
        let network = masters.network_by_code(&"minami".parse().unwrap()).unwrap().id;
        town.api.person("koko", &[Role::Coordinator(network)]).await;
        let coordinator = Reader::logged_in(town.api.anonymous(), "koko").await;
        let mut managers = Vec::new();
        for code in OFFICES {
            let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
            let login = format!("manager-{code}");
            town.api.person(&login, &[Role::Manager(office)]).await;
            managers.push(Reader::logged_in(town.api.anonymous(), &login).await);
        }
        let managers = managers.try_into().unwrap_or_else(|_| unreachable!("three"));
        Ring {
            town,
            coordinator,
            managers,
        }
    }

    /// Proposes the plan of a page.
    async fn propose(&mut self, at: &str) -> String {
        let page = self.coordinator.page(at).await;
        let (key, version) = (value(&page, "key"), value(&page, "version"));
        let mut form = vec![
            ("key", key.as_str()),
            ("version", version.as_str()),
            ("due_on", "2026-07-20"),
        ];
        if at.contains("stay_out=c") {
            form.push(("stay_out", "c"));
        }
        self.coordinator.done(PLAN, &form).await
    }

    /// Answers what asks an office.
    async fn answer(&mut self, who: usize, said: &str) -> String {
        let office = OFFICES[who];
        let list = self.managers[who].page(&format!("/o/{office}/proposals")).await;
        let at = format!("/o/{office}/proposals/");
        let id = list.split(&at).nth(1).unwrap().split('"').next().unwrap();
        let at = format!("{at}{id}/answer");
        self.managers[who]
            .done(&at, &[("said", said), ("note", "")])
            .await
    }
}

#[tokio::test]
async fn a_network_sets_off_what_its_members_owe_each_other() {
    for engine in engines() {
        let mut ring = Ring::new(engine).await;
        let page = ring.coordinator.page(PLAN).await;
        assert!(page.contains("振込 4件 → 2件"), "{page}");
        let text = seen(&page);
        assert!(
            text.contains("いまの貸し借り(4件)") && text.contains("2,400"),
            "{text}"
        );
        let page = ring.propose(PLAN).await;
        assert!(
            page.contains("かかわる事業所に申し出ました") && page.contains("返事待ち"),
            "{page}"
        );

        // B sees its own lines: nothing of what C and A owe each other
        let list = ring.managers[1].page("/o/b/proposals").await;
        let id = list
            .split("/o/b/proposals/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let page = seen(&ring.managers[1].page(&format!("/o/b/proposals/{id}")).await);
        assert!(
            page.contains("A農園に払う分") && page.contains("Cショップからもらう分"),
            "{page}"
        );
        assert!(!page.contains("500") && !page.contains("新しくふえる"), "{page}");
        // the same in やさしい, every 漢字 of ours read; names of offices and products have the readings that they were given
        ring.managers[1].set_cookie("yokoito_mode", "easy");
        let page = ring.managers[1].page(&format!("/o/b/proposals/{id}")).await;
        ring.managers[1].set_cookie("yokoito_mode", "plain");
        let bare = seen(&without_ruby(&page))
            .replace("横糸", "")
            .replace("A農園", "");
        let unread: String = bare
            .chars()
            .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
            .collect();
        assert!(unread.is_empty(), "{unread}: {bare}");
        assert!(bare.contains("に はらう お"), "{bare}");
        for who in 0..3 {
            ring.answer(who, "yes").await;
        }
        let page = ring.coordinator.page(PLAN).await;
        assert!(
            page.contains("振込 2件 → 2件") && page.contains("相殺して少なくなる振込は、いまありません"),
            "{page}"
        );
        let page = seen(&ring.managers[1].page("/o/b/entries").await);
        assert!(
            page.contains("みなみ連絡会の申し出で、貸し借りを相殺しました"),
            "{page}"
        );
        // the same press again
        let register = seen(&ring.managers[0].page("/o/a/money").await);
        assert!(register.contains("もらうお金"), "{register}");
    }
}

#[tokio::test]
async fn who_says_no_is_left_out_of_the_next_plan() {
    for engine in engines() {
        let mut ring = Ring::new(engine).await;
        ring.propose(PLAN).await;
        ring.answer(2, "no").await;
        let page = ring.coordinator.page(PLAN).await;
        assert!(
            page.contains("同意されませんでした") && page.contains("外した案を見る"),
            "{page}"
        );
        let at = "/n/minami/netting?stay_out=c";
        let page = ring.coordinator.page(at).await;
        assert!(
            page.contains("振込 4件 → 3件") && page.contains("そのまま"),
            "{page}"
        );
        ring.propose(at).await;
        // what changed meanwhile is told on the form, with a fresh plan
        let page = ring.coordinator.page(at).await;
        let (key, version) = (value(&page, "key"), value(&page, "version"));
        let paid = json!({"clears": {"what": "owed_for_others", "with_office": "b"}, "yen": 100});
        record(&ring.town.api, &[act("pay", "a", "paid", "2026-07-09", paid)]).await;
        let form = [
            ("key", key.as_str()),
            ("version", version.as_str()),
            ("due_on", "2026-07-20"),
            ("stay_out", "c"),
        ];
        let page = html(&ring.coordinator.send(PLAN, &form).await.expect(422));
        assert!(
            page.contains("見ていた案のあとに、貸し借りが変わりました"),
            "{page}"
        );
        assert_ne!(value(&page, "version"), version);
        // the one that waits can be taken back
        let id = page
            .split("/n/minami/netting/")
            .nth(1)
            .unwrap()
            .split('/')
            .next()
            .unwrap()
            .to_owned();
        let page = ring.coordinator.done(&format!("{PLAN}/{id}/withdraw"), &[]).await;
        assert!(page.contains("取り下げられました"), "{page}");
    }
}

#[tokio::test]
async fn two_offices_agree_on_it_and_strangers_see_nothing() {
    for engine in engines() {
        let mut ring = Ring::new(engine).await;
        let page = ring.managers[0].page("/o/a/netting").await;
        assert!(
            page.contains("/o/a/netting/b") && !page.contains("/o/a/netting/c"),
            "{page}"
        );
        let at = "/o/a/netting/b";
        let page = ring.managers[0].page(at).await;
        assert!(page.contains("振込 2件 → 1件"), "{page}");
        let (key, version) = (value(&page, "key"), value(&page, "version"));
        let form = [
            ("key", key.as_str()),
            ("version", version.as_str()),
            ("due_on", "2026-07-20"),
        ];
        let page = ring.managers[0].done(at, &form).await;
        assert!(page.contains("全員の返事を待っています"), "{page}");
        let page = ring.managers[0].done(at, &form).await;
        assert!(page.contains("二重にはなっていません"), "{page}");
        ring.answer(1, "yes").await;
        let page = ring.managers[1].page("/o/b/netting/a").await;
        assert!(page.contains("おたがいに払う分は、いまありません"), "{page}");
        // staff look, and do not propose
        let page = ring.town.b.page("/o/b/netting/c").await;
        assert!(!page.contains("相手に申し出る"), "{page}");
        for path in [
            PLAN,
            "/o/a/netting/b",
            "/o/a/netting",
            "/o/b/netting/nowhere",
            "/o/b/netting/a2",
        ] {
            ring.town.b.get(path).await.expect(404);
        }
        ring.town
            .b
            .send(PLAN, &[("key", "x"), ("due_on", "2026-07-20")])
            .await
            .expect(404);
    }
}
