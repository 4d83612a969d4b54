//! The public page of a lot: what everybody is told, what nobody is told, and the word of an office that it is not its own.

use crate::{Town, labels::cooked, record};
use acceptance::{
    pages::{Reader, html, seen, value},
    support::engines,
    world::act,
};
use app::access::rights::Role;
use axum::http::header;
use serde_json::{Value, json};

/// The address behind the QR of a lot, as office b reads it off its label.
async fn code(town: &Town, lot: &str) -> String {
    let masters = town.api.world.book.store().masters().await.unwrap();
    let b = masters.office_by_code(&"b".parse().unwrap()).unwrap().id;
    let client = town
        .api
        .person(&format!("code-{}", lot.to_lowercase()), &[Role::Staff(b)])
        .await;
    let label: Value = client
        .get(&format!("/v1/lots/{lot}/label"))
        .await
        .expect(200)
        .json();
    label["public_code"].as_str().unwrap().to_owned()
}

/// All of a page but the addresses of its own files and of itself, whose letters are by chance.
fn without_addresses(page: &str, code: &str) -> String {
    let page = page.replace(code, "");
    let mut parts = page.split("/static/");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| all + part.split_once('"').unwrap().1)
}

#[tokio::test]
async fn everybody_reads_names_and_nobody_anything_private() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        // sold on: who bought it, how many and for how much is nobody's business
        let sell = json!({"lines": [{"lot": "B-1", "quantity": "13", "unit_price": "612"}]});
        record(&town.api, &[act("sell", "b", "v-1", "2026-07-10", sell)]).await;
        let code = code(&town, "B-1").await;
        let mut anybody = Reader::new(town.api.anonymous());
        let told = anybody.get(&format!("/l/{code}")).await.expect(200);
        assert_eq!(told.headers["x-robots-tag"], "noindex, nofollow");
        assert_eq!(told.headers[header::CACHE_CONTROL], "no-store");
        let page = html(&told);
        let text = seen(&page);
        for said in [
            "弁当",
            "Bキッチン",
            "にんじん",
            "A農園",
            "消費期限",
            "2026年7月11日",
            "卵",
            "B-1",
        ] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let spoken = town
            .api
            .anonymous()
            .get(&format!("/v1/public/lots/{code}"))
            .await
            .expect(200);
        for answer in [without_addresses(&page, &code), html(&spoken)] {
            // quantities, prices, suppliers, buyers, other lots, days of dealings, codes and addresses of the book
            for private in [
                "17",
                "13",
                "612",
                "4321",
                "500",
                "300",
                "150",
                "kg",
                "個",
                "komeya",
                "米屋",
                "C-1",
                "R-1",
                "米",
                "2026-07-09",
                "2026-07-10",
                "/o/",
                "b/bento",
                "a/carrot",
            ] {
                assert!(!answer.contains(private), "{private}: {answer}");
            }
        }
        // easy words for whoever wants them
        anybody.set_cookie("yokoito_mode", "easy");
        assert!(anybody.page(&format!("/l/{code}")).await.contains("<ruby>"));
        // staff who scan it find their own page of it, and only they
        let theirs = town.b.page(&format!("/l/{code}")).await;
        assert!(theirs.contains("/o/b/lots/B-1"));
        assert!(!town.a.page(&format!("/l/{code}")).await.contains("/o/a/lots/B-1"));
    }
}

#[tokio::test]
async fn without_the_tag_of_the_label_there_is_no_lot() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        let right = code(&town, "B-1").await;
        let other = code(&town, "C-1").await;
        let tag = other.rsplit_once('-').unwrap().1;
        let mut anybody = Reader::new(town.api.anonymous());
        let of_nothing = html(&anybody.get("/l/NO-SUCH-LOT-0123456789abcdef").await.expect(404));
        for wrong in [
            "B-1",
            "B-1-",
            "B-1-0123456789abcdef",
            &format!("B-1-{tag}"),
            &right.to_uppercase(),
            &right[..right.len() - 1],
            "%00",
        ] {
            let page = html(&anybody.get(&format!("/l/{wrong}")).await.expect(404));
            // but for the address itself
            let page = page.replace(&format!("/l/{wrong}"), "/l/NO-SUCH-LOT-0123456789abcdef");
            assert_eq!(page, of_nothing, "{wrong}");
            town.api
                .anonymous()
                .get(&format!("/v1/public/lots/{wrong}"))
                .await
                .expect(404);
        }
        anybody.get(&format!("/l/{right}")).await.expect(200);
        // a lot whose making was taken back never was
        let back = json!({"entry": {"key": "k-1"}, "reason": "二重に記録した"});
        record(&town.api, &[act("reverse", "b", "x-1", "2026-07-10", back)]).await;
        anybody.get(&format!("/l/{right}")).await.expect(404);
        town.b.get("/o/b/labels/print?copies/B-1=1").await.expect(404);
    }
}

#[tokio::test]
async fn a_maker_says_it_is_not_its_own_and_is_no_longer_named() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        let (carrot, bento) = (code(&town, "C-1").await, code(&town, "B-1").await);
        let mut anybody = Reader::new(town.api.anonymous());
        // only the office that is named is asked
        assert!(!town.b.page("/o/b/lots/C-1").await.contains("/disown"));
        let form = [("key", "d-0"), ("reason", "うちのものではない")];
        for path in [
            "/o/b/lots/C-1/disown",
            "/o/a/lots/C-1/disown",
            "/o/b/lots/NO-SUCH/disown",
        ] {
            town.b.send(path, &form).await.expect(404);
            town.b.get(path).await.expect(404);
        }
        assert!(
            town.a
                .page("/o/a/lots/C-1")
                .await
                .contains("/o/a/lots/C-1/disown")
        );
        let page = town.a.page("/o/a/lots/C-1/disown").await;
        assert!(page.contains("うちのものではないと申し立てる"), "{page}");
        let key = value(&page, "key");
        let empty = html(
            &town
                .a
                .send("/o/a/lots/C-1/disown", &[("key", &*key)])
                .await
                .expect(422),
        );
        assert!(empty.contains("まだ記録していません"));
        let form = [("key", &*key), ("reason", "この日は収穫していない")];
        let page = town.a.done("/o/a/lots/C-1/disown", &form).await;
        assert!(page.contains("申し立てを記録しました。") && page.contains("申し立てを取り下げる"));
        let again = town.a.done("/o/a/lots/C-1/disown", &form).await;
        assert!(again.contains("二重にはなっていません"));
        for address in [&carrot, &bento] {
            let text = seen(&anybody.page(&format!("/l/{address}")).await);
            assert!(
                text.contains("確認しています") && !text.contains("A農園"),
                "{text}"
            );
            assert!(
                !text.contains("収穫していない"),
                "the reason is for the book alone"
            );
        }
        // the lot is what it was; who has it is told, and prints no label of it meanwhile
        let page = town.b.page("/o/b/lots/C-1").await;
        assert!(page.contains("うちのものではない、と言っています") && page.contains("A農園"));
        assert!(!page.contains("収穫していない"));
        let page = html(&town.b.get("/o/b/labels/print?copies/C-1=1").await.expect(422));
        assert!(page.contains("申し立てがあります"), "{page}");
        // withdrawn
        let page = town.a.page("/o/a/lots/C-1/disown").await;
        let form = [
            ("key", &*value(&page, "key")),
            ("withdrawn", "yes"),
            ("reason", "日誌にあった"),
        ];
        let page = town.a.done("/o/a/lots/C-1/disown", &form).await;
        assert!(page.contains("申し立てを取り下げました。"));
        assert!(seen(&anybody.page(&format!("/l/{carrot}")).await).contains("A農園"));
    }
}

#[tokio::test]
async fn who_is_named_on_another_offices_label_says_so_without_ever_having_had_it() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        // b labels something as a's product, and a learns of it in a shop
        let made = json!({"lines": [{"product": "a/craft", "quantity": "5", "lot": {"code": "X-1"}}]});
        record(&town.api, &[act("produce", "b", "p-1", "2026-07-10", made)]).await;
        let code = code(&town, "X-1").await;
        town.a.get("/o/a/lots/X-1").await.expect(404);
        let page = town.a.page(&format!("/l/{code}")).await;
        assert!(
            page.contains("/o/a/lots/X-1/disown") && !page.contains("ロットを見る"),
            "{page}"
        );
        let page = town.a.page("/o/a/lots/X-1/disown").await;
        let form = [("key", &*value(&page, "key")), ("reason", "うちの品ではない")];
        let page = town.a.done("/o/a/lots/X-1/disown", &form).await;
        assert!(page.contains("申し立てを記録しました。"), "{page}");
        let mut anybody = Reader::new(town.api.anonymous());
        assert!(seen(&anybody.page(&format!("/l/{code}")).await).contains("確認しています"));
        // b learns that somebody says so
        assert!(town.b.page("/o/b/entries").await.contains("うちのものではない"));
    }
}

#[tokio::test]
async fn who_opens_too_many_public_pages_waits() {
    let mut town = cooked(acceptance::support::Engine::Sqlite).await;
    let mut anybody = Reader::new(town.api.anonymous());
    for _ in 0..600 {
        anybody.get("/l/B-1").await.expect(404);
    }
    let told = anybody.get("/l/B-1").await.expect(429);
    assert!(told.headers.contains_key("retry-after"));
    // and nobody else does, nor who works here
    town.a.page("/o/a").await;
}
