//! 取り決め: proposed by one manager, read in yen by the other, in force when both agreed.

use crate::{Town, differences::manager, record};
use acceptance::{
    pages::{Reader, html, value},
    support::engines,
};
use app::access::rights::Role;
use serde_json::json;

const NEW: [(&str, &str); 14] = [
    ("key", "g-1"),
    ("code", "a-b-shelf"),
    ("with", "b"),
    ("side", "producer"),
    ("form", "percent"),
    ("terms/consign", "２０"),
    ("base", "inclusive"),
    ("tax", "inclusive"),
    ("discount", "other"),
    ("loss", "producer"),
    ("supplied_on", "2026-07-10"),
    ("due_on", "2026-07-20"),
    ("terms/pay_after_months", "1"),
    ("price", "1000"),
];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields
        .iter()
        .filter(|(name, _)| more.iter().all(|(new, _)| new != name));
    kept.chain(more).copied().collect()
}

fn proposal_on(home: &str) -> String {
    let at = home.split("/o/b/proposals/").nth(1).unwrap();
    format!("/o/b/proposals/{}", at.split('"').next().unwrap())
}

#[tokio::test]
async fn both_see_the_yen_before_they_agree() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let (mut a, mut b) = (manager(&town.api, "a").await, manager(&town.api, "b").await);
        // looked at first: nothing is proposed, what was typed stays
        let looked = html(
            &a.send("/o/a/agreements", &with(&NEW, &[("then", "preview")]))
                .await
                .expect(200),
        );
        assert!(
            looked.contains("1,000円のうち つくり手 800円・売り手 200円"),
            "{looked}"
        );
        assert_eq!(value(&looked, "terms/consign"), "２０");
        assert!(!town_has_proposal(&b.page("/o/b").await));
        // a charge of 150 yen for a thing of 100 is told, not refused
        let fee = [
            ("then", "preview"),
            ("form", "per_unit"),
            ("terms/consign", "150"),
            ("price", "100"),
        ];
        let looked = html(&a.send("/o/a/agreements", &with(&NEW, &fee)).await.expect(200));
        assert!(
            looked.contains("100円のうち つくり手 -50円・売り手 150円"),
            "{looked}"
        );
        assert!(looked.contains("手数料が値段より多くなります"));

        let page = a
            .done("/o/a/agreements", &with(&NEW, &[("then", "propose")]))
            .await;
        assert!(page.contains("相手に申し出ました"), "{page}");
        let again = a
            .done("/o/a/agreements", &with(&NEW, &[("then", "propose")]))
            .await;
        assert!(again.contains("二重にはなっていません"));
        let at = proposal_on(&b.page("/o/b").await);
        let page = b.page(&at).await;
        for said in [
            "1,000円のうち つくり手 800円・売り手 200円",
            "売り手が負担します(値段表との差を、売り手が補います)",
            "毎月末に締めて、翌月の末日に支払います",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(
            !page.contains("20%") && !page.contains("\"percent\""),
            "no bare percent: {page}"
        );
        b.done(&format!("{at}/answer"), &[("said", "yes")]).await;
        let list = a.page("/o/a/agreements").await;
        assert!(list.contains("/o/a/agreements/a-b-shelf"), "{list}");

        // at the prices of the producer's own products, for both
        for (reader, office) in [(&mut a, "a"), (&mut b, "b")] {
            let page = reader.page(&format!("/o/{office}/agreements/a-b-shelf")).await;
            assert!(
                page.contains("1,100円のうち つくり手 880円・売り手 220円"),
                "{page}"
            );
        }
        // whom it does not concern finds nothing
        let mut c = manager(&town.api, "c").await;
        c.get("/o/c/agreements/a-b-shelf").await.expect(404);
        assert!(!c.page("/o/c/agreements").await.contains("a-b-shelf"));
    }
}

fn town_has_proposal(home: &str) -> bool {
    home.contains("/o/b/proposals/")
}

#[tokio::test]
async fn new_terms_and_an_end_keep_what_the_form_does_not_show() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let (mut a, mut c) = (manager(&town.api, "a").await, manager(&town.api, "c").await);
        let address = "/o/a/agreements/a-c-consign";
        let page = a.page(address).await;
        // 15 % of 1,100
        assert!(
            page.contains("1,100円のうち つくり手 935円・売り手 165円"),
            "{page}"
        );
        let carried = value(&page, "carried")
            .replace("&#34;", "\"")
            .replace("&quot;", "\"");
        assert_eq!(value(&page, "terms/consign"), "15");
        let wrong = [
            ("key", "g-2"),
            ("carried", &*carried),
            ("form", "percent"),
            ("terms/consign", "10"),
            ("base", "inclusive"),
            ("tax", "inclusive"),
            ("terms/closing_day", "31"),
            ("supplied_on", "2026-07-10"),
            ("due_on", "2026-07-20"),
            ("then", "propose"),
        ];
        // it is refused before anybody is asked, or when all have agreed; what was typed stays either way
        let fields = with(&wrong, &[("terms/closing_day", "20"), ("until", "2026-07-31")]);
        let page = a.done(address, &fields).await;
        assert!(page.contains("相手に申し出ました"), "{page}");
        let home = c.page("/o/c").await;
        let at = home
            .split("/o/c/proposals/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let page = c.page(&format!("/o/c/proposals/{at}")).await;
        assert!(
            page.contains("1,000円のうち つくり手 900円・売り手 100円"),
            "{page}"
        );
        assert!(
            page.contains("毎月20日に締めます") && page.contains("2026年7月31日"),
            "{page}"
        );
        c.done(&format!("/o/c/proposals/{at}/answer"), &[("said", "yes")])
            .await;
        let page = a.page(address).await;
        assert!(page.contains("2026年7月31日までです"), "{page}");
        assert!(
            page.contains("2026年4月1日からの条件"),
            "older terms stay: {page}"
        );
        let masters = town.api.world.book.store().masters().await.unwrap();
        let agreement = masters
            .agreement_by_code(&"a-c-consign".parse().unwrap())
            .unwrap();
        assert_eq!(agreement.terms.iter().count(), 2);
    }
}

const DRAFT: &str = "/n/minami/agreements";

#[tokio::test]
async fn a_coordinator_drafts_one_and_both_offices_say_yes() {
    for engine in engines() {
        let town = Town::new(engine).await;
        let (mut a, mut b) = (manager(&town.api, "a").await, manager(&town.api, "b").await);
        let more = [
            json!({"kind": "network", "key": "kita", "supplied_on": "2026-04-01", "code": "kita", "name": "きた連絡会"}),
            json!({"kind": "membership", "key": "member-c", "supplied_on": "2026-04-01", "network": "kita", "member": "c"}),
        ];
        record(&town.api, &more).await;
        let masters = town.api.world.book.store().masters().await.unwrap();
        let network = |code: &str| masters.network_by_code(&code.parse().unwrap()).unwrap().id;
        town.api
            .person("koko", &[Role::Coordinator(network("minami"))])
            .await;
        town.api
            .person("kita", &[Role::Coordinator(network("kita"))])
            .await;
        let mut coordinator = Reader::logged_in(town.api.anonymous(), "koko").await;
        let mut stranger = Reader::logged_in(town.api.anonymous(), "kita").await;
        let home = coordinator.page("/n/minami").await;
        assert!(home.contains(&format!("href=\"{DRAFT}\"")), "{home}");
        let page = coordinator.page(DRAFT).await;
        assert!(page.contains("A農園") && page.contains("Bキッチン"), "{page}");
        assert!(!page.contains("Cショップ"), "no member: {page}");
        let typed = with(&NEW, &[("producer", "a"), ("other", "b"), ("then", "preview")]);
        let looked = html(&coordinator.send(DRAFT, &typed).await.expect(200));
        assert!(
            looked.contains("1,000円のうち つくり手 800円・売り手 200円"),
            "{looked}"
        );
        assert!(!town_has_proposal(&b.page("/o/b").await));
        // nobody else drafts for this network, and it drafts for nobody else's offices
        let typed = with(&typed, &[("then", "propose")]);
        stranger.send(DRAFT, &typed).await.expect(404);
        stranger.get(DRAFT).await.expect(404);
        a.get(DRAFT).await.expect(404);
        let alien = with(&typed, &[("other", "c")]);
        let page = html(&coordinator.send(DRAFT, &alien).await.expect(422));
        assert!(page.contains("「c」"), "{page}");

        let page = coordinator.done(DRAFT, &typed).await;
        assert!(
            page.contains("全員の返事を待っています") && page.contains("<td>返事待ち: "),
            "{page}"
        );
        // b says yes, a says no: nothing holds
        let at = proposal_on(&b.page("/o/b").await);
        let page = b.page(&at).await;
        assert!(
            page.contains("連絡会") && page.contains("1,000円のうち つくり手 800円・売り手 200円"),
            "{page}"
        );
        b.done(&format!("{at}/answer"), &[("said", "yes")]).await;
        let page = coordinator.page(DRAFT).await;
        assert!(page.contains("<td>返事待ち: A農園</td>"), "{page}");
        assert!(!b.page("/o/b/agreements").await.contains("a-b-shelf"));
        let of_a = at.replace("/o/b/", "/o/a/");
        a.done(&format!("{of_a}/answer"), &[("said", "no")]).await;
        let page = coordinator.page(DRAFT).await;
        assert!(page.contains("同意されませんでした: A農園"), "{page}");

        // another draft is taken back, a third one is agreed to by both
        let again = with(&typed, &[("key", "g-2")]);
        let page = coordinator.done(DRAFT, &again).await;
        let back = page
            .split("action=\"")
            .find(|part| part.contains("/withdraw\""))
            .unwrap();
        let back = back.split('"').next().unwrap().to_owned();
        stranger.send(&back, &[]).await.expect(404);
        let page = coordinator.done(&back, &[]).await;
        assert!(
            page.contains("申し出を取り下げました") && page.contains("取り下げられました"),
            "{page}"
        );
        let again = with(&typed, &[("key", "g-3")]);
        coordinator.done(DRAFT, &again).await;
        let at = proposal_on(&b.page("/o/b").await);
        b.done(&format!("{at}/answer"), &[("said", "yes")]).await;
        let of_a = at.replace("/o/b/", "/o/a/");
        a.done(&format!("{of_a}/answer"), &[("said", "yes")]).await;
        for (reader, office) in [(&mut a, "a"), (&mut b, "b")] {
            let list = reader.page(&format!("/o/{office}/agreements")).await;
            assert!(list.contains("a-b-shelf"), "{list}");
        }
        let page = coordinator.page(DRAFT).await;
        assert!(page.contains("記録しました"), "{page}");
    }
}
