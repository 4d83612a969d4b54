//! 精算 in the browser: from goods on a shelf to a statement that both agreed on and that was paid, each office on its own page;
//! a question about a line; and who sees nothing.

use crate::{Town, reader, record};
use acceptance::{
    pages::{Reader, html, value},
    support::{Engine, engines},
    world::act,
};
use app::access::rights::Role;
use serde_json::json;

/// Crafts of a on c's shelf, some of them sold in June; managers of both.
async fn sold(engine: Engine) -> (Town, Reader, Reader) {
    let town = Town::new(engine).await;
    let made = json!({"lines": [{"product": "craft", "quantity": "50", "lot": {"code": "K-1"}}]});
    let placed = json!({"to": "c", "lines": [{"lot": "K-1", "quantity": "40"}]});
    let sale = json!({"lines": [{"lot": "K-1", "quantity": "10", "unit_price": "1100"}]});
    record(
        &town.api,
        &[
            act("produce", "a", "crafts", "2026-06-01", made),
            act("consign", "a", "placed", "2026-06-02", placed),
            act("sell", "c", "sold", "2026-06-10", sale),
        ],
    )
    .await;
    let (a, c) = (manager(&town, "a").await, manager(&town, "c").await);
    (town, a, c)
}

async fn manager(town: &Town, code: &str) -> Reader {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let office = masters.office_by_code(&code.parse().unwrap()).unwrap().id;
    let login = format!("chief-{code}");
    town.api.person(&login, &[Role::Manager(office)]).await;
    Reader::logged_in(town.api.anonymous(), &login).await
}

/// The address that a page's form posts an answer to.
fn answer_at(page: &str) -> String {
    let at = page.split("action=\"").find(|part| part.contains("/answer\""));
    at.and_then(|part| part.split('"').next()).unwrap().to_owned()
}

const NEXT_A: &str = "/o/a/settlements/c/next?to=2026-06-30";
const NEXT_C: &str = "/o/c/settlements/a/next?to=2026-06-30";

#[tokio::test]
async fn a_month_is_settled_asked_agreed_on_and_paid() {
    for engine in engines() {
        let (mut town, mut a, mut c) = sold(engine).await;
        let page = a.page("/o/a/settlements").await;
        assert!(
            page.contains("受け取る 11,000円") && page.contains("精算書を作る"),
            "{page}"
        );
        let page = a.page(NEXT_A).await;
        assert!(page.contains("まず、この期間の手数料"), "{page}");
        // goods: 0 + 40 − 10 = 30
        assert!(
            page.contains("<td class=\"number\">40</td><td class=\"number\">10</td>"),
            "{page}"
        );
        let key = value(&page, "key");
        let typed = [("key", &*key), ("from", "2026-06-01"), ("to", "2026-06-30")];
        let page = a.done("/o/a/settlements/c/next", &typed).await;
        assert!(
            page.contains("相手に申し出ました") && page.contains("返事待ちの精算書を見る"),
            "{page}"
        );
        let again = a.done("/o/a/settlements/c/next", &typed).await;
        assert!(again.contains("二重にはなっていません"), "{again}");

        // c finds it at home, in words, and whole
        let page = c.page("/o/c").await;
        assert!(page.contains("精算書の確認"), "{page}");
        let page = c.page(NEXT_C).await;
        assert!(
            page.contains("確認をたのまれています") && page.contains("払う 9,350円"),
            "{page}"
        );
        assert!(
            page.contains("うち消費税")
                && page.contains("<td class=\"number\">1,650</td><td class=\"number\">150</td>"),
            "{page}"
        );
        // staff may look, but not answer
        let mut staff = reader(&town.api, "c").await;
        let page = staff.page(NEXT_C).await;
        assert!(
            page.contains("確認は、事業所の管理者がします") && !page.contains("/answer\""),
            "{page}"
        );
        let page = c.page(NEXT_C).await;
        let page = c.done(&answer_at(&page), &[("said", "yes"), ("note", "")]).await;
        assert!(page.contains("同意しました"), "{page}");

        // both have the same paper; its proof is printed
        for (reader, path) in [(&mut a, "/o/a/settlements/c/1"), (&mut c, "/o/c/settlements/a/1")] {
            let page = reader.page(path).await;
            assert!(
                page.contains("精算書 No. 1") && page.contains("9,350円"),
                "{page}"
            );
            assert!(
                page.contains("まだ 9,350円") && page.contains("<svg class=\"qr\""),
                "{page}"
            );
        }
        let page = c.page("/o/c/settlements/a/1").await;
        let way = page
            .split("href=\"")
            .find(|part| part.starts_with("/o/c/money/pay"))
            .unwrap();
        let way = way.split('"').next().unwrap().replace("&amp;", "&");
        let page = c.page(&way).await;
        assert!(page.contains("9350"), "{page}");
        let pay = json!({"clears": {"what": "consignment_deposit", "with_office": "a"}, "yen": 9350});
        record(&town.api, &[act("pay", "c", "paid", "2026-07-10", pay)]).await;
        let page = a.page("/o/a/settlements/c/1").await;
        assert!(page.contains("支払いずみ"), "{page}");
        // whom it does not concern
        town.b.get("/o/a/settlements/c/1").await.expect(404);
        town.b.get("/o/b/settlements/c/1").await.expect(404);
    }
}

#[tokio::test]
async fn a_line_is_asked_about_and_answered() {
    for engine in engines() {
        let (mut town, mut a, mut c) = sold(engine).await;
        let page = a.page(NEXT_A).await;
        let at = page
            .split("href=\"")
            .find(|part| part.starts_with("/o/a/questions/about/"));
        let at = at.and_then(|part| part.split('"').next()).unwrap().to_owned();
        let page = a.page(&at).await;
        let key = value(&page, "key");
        let empty = html(&a.send(&at, &[("key", &*key), ("text", "")]).await.expect(422));
        assert!(empty.contains("質問を、1000字までで書いてください"), "{empty}");
        let page = a
            .done(&at, &[("key", &*key), ("text", "9個ではありませんか。")])
            .await;
        assert!(
            page.contains("質問を送りました") && page.contains("9個ではありませんか。"),
            "{page}"
        );
        assert!(a.page(NEXT_A).await.contains("質問中"));

        assert!(c.page("/o/c").await.contains("質問が来ています"));
        let page = c.page("/o/c/questions").await;
        let page = c
            .done(&answer_at(&page), &[("text", "レジの記録で10個です。")])
            .await;
        assert!(page.contains("返事をしました"), "{page}");
        assert!(!c.page("/o/c").await.contains("質問が来ています"));
        let page = a.page("/o/a").await;
        assert!(page.contains("質問に返事が来ました"), "{page}");
        let page = a.page("/o/a/questions").await;
        let close = page
            .split("action=\"")
            .find(|part| part.contains("/close\""))
            .unwrap();
        let page = a.done(close.split('"').next().unwrap(), &[]).await;
        assert!(page.contains("質問を終わりにしました"), "{page}");
        assert!(!town.b.page("/o/b/questions").await.contains("9個では"));
        town.b.get(&at).await.expect(404);
        let theirs = at.replace("/o/a/", "/o/b/");
        town.b.get(&theirs).await.expect(404);
    }
}

#[tokio::test]
async fn who_changed_their_mind_says_no_and_it_is_asked_anew() {
    for engine in engines() {
        let (town, mut a, mut c) = sold(engine).await;
        let ask = [("key", "k-1"), ("from", "2026-06-01"), ("to", "2026-06-30")];
        a.done("/o/a/settlements/c/next", &ask).await;
        // a forgotten sale is entered meanwhile: the sum is another one, and both are told
        let sale = json!({"lines": [{"lot": "K-1", "quantity": "1", "unit_price": "1100"}]});
        record(&town.api, &[act("sell", "c", "late", "2026-06-11", sale)]).await;
        let page = c.page(NEXT_C).await;
        assert!(page.contains("記録が変わったか"), "{page}");
        let told = c.send(&answer_at(&page), &[("said", "yes"), ("note", "")]).await;
        let page = html(&told);
        assert!(page.contains("精算書"), "{page}");
        let page = a.page(NEXT_A).await;
        assert!(page.contains("申し出を取り下げて"), "{page}");
    }
}
