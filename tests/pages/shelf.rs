//! 棚: placed by the producer, counted by the shop, sold as the count says, seen by the producer at once.

use crate::{Town, reader, record};
use acceptance::{
    pages::{Reader, html, value},
    support::{Engine, engines},
    world::act,
};
use serde_json::json;

/// Ten crafts in a's store.
pub async fn crafts(engine: Engine) -> (Town, Reader) {
    let town = Town::new(engine).await;
    let made = json!({"lines": [{"product": "craft", "quantity": "10", "lot": {"code": "K-1"}}]});
    record(&town.api, &[act("produce", "a", "crafts", "2026-07-08", made)]).await;
    let shop = reader(&town.api, "c").await;
    (town, shop)
}

pub const PLACED: [(&str, &str); 4] = [
    ("key", "p-1"),
    ("to", "c"),
    ("supplied_on", "2026-07-09"),
    ("lots/K-1", "１０"),
];

#[tokio::test]
async fn a_count_becomes_sales_that_the_producer_sees_at_once() {
    for engine in engines() {
        let (mut town, mut shop) = crafts(engine).await;
        let page = town.a.page("/o/a/consign").await;
        assert!(
            page.contains("name=\"lots/K-1\"") && page.contains("ある数 10 個"),
            "{page}"
        );
        let page = town.a.done("/o/a/consign", &PLACED).await;
        assert!(page.contains("棚に置いたものを記録しました"), "{page}");
        assert!(page.contains("ほかの事業所の棚にある、うちのもの"), "{page}");

        let page = shop.page("/o/c/shelf").await;
        assert!(page.contains("A農園のものを数える"), "{page}");
        let at = "/o/c/shelf/of/a";
        let page = shop.page(at).await;
        let (key, carried) = (value(&page, "key"), value(&page, "carried"));
        assert_eq!(carried, "a/craft=10");
        // 10 − 3 left − 1 lost − 2 back = 4 sold; shown first
        let typed = [
            ("key", &*key),
            ("carried", &*carried),
            ("supplied_on", "2026-07-10"),
            ("lines/a/craft/left", "３"),
            ("lines/a/craft/lost", "1"),
            ("lines/a/craft/returned", "2個"),
            ("reason", "棚でこわれた"),
        ];
        let look: Vec<(&str, &str)> = typed.iter().copied().chain([("then", "look")]).collect();
        let page = html(&shop.send(at, &look).await.expect(200));
        assert!(
            page.contains("売れた数(まだ記録していません)") && page.contains("<td>4 個</td>"),
            "{page}"
        );
        assert!(
            shop.page("/o/c/sell").await.contains("10 個"),
            "nothing is recorded yet"
        );

        let into: Vec<(&str, &str)> = typed.iter().copied().chain([("then", "record")]).collect();
        let page = shop.done(at, &into).await;
        assert!(
            page.contains("数えたものから、売上・返品・廃棄を記録しました"),
            "{page}"
        );
        let again = shop.done(at, &into).await;
        assert!(again.contains("二重にはなっていません"), "{again}");
        assert!(shop.page("/o/c/sell").await.contains("3 個"));

        // the producer: how much, where, what is left, and to refill; two came back
        let page = town.a.page("/o/a/shelf").await;
        assert!(
            page.contains("よく売れています") && page.contains("<td>4 個</td>"),
            "{page}"
        );
        assert!(page.contains("足しませんか"), "3 left of what sells 4 a week");
        assert!(town.a.page("/o/a/consign").await.contains("ある数 2 個"));
        // and takes back what is left
        let back = [("key", "b-1"), ("supplied_on", "2026-07-10"), ("lots/K-1", "3")];
        let page = town.a.done("/o/a/shelf/at/c", &back).await;
        assert!(page.contains("棚から返したものを記録しました"), "{page}");
        // whom it does not concern
        let page = town.b.page("/o/b/shelf").await;
        assert!(
            page.contains("いま、棚には何もありません") && !page.contains("布小物"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_is_told_and_what_was_typed_stays() {
    for engine in engines() {
        let (mut town, mut shop) = crafts(engine).await;
        town.a.done("/o/a/consign", &PLACED).await;
        let at = "/o/c/shelf/of/a";
        let count = |left: &'static str, lost: &'static str| {
            [
                ("key", "n-1"),
                ("carried", "a/craft=10"),
                ("supplied_on", "2026-07-10"),
                ("lines/a/craft/left", left),
                ("lines/a/craft/lost", lost),
                ("then", "record"),
            ]
        };
        let page = html(&shop.send(at, &count("11", "")).await.expect(422));
        assert!(
            page.contains("帳簿では10個なのに、残り・こわれた・返すを合わせると11個です"),
            "{page}"
        );
        assert_eq!(value(&page, "lines/a/craft/left"), "11");
        let page = html(&shop.send(at, &count("8", "1")).await.expect(422));
        assert!(page.contains("理由を書いてください"), "{page}");
        let page = html(&shop.send(at, &count("", "1")).await.expect(422));
        assert!(page.contains("残っている数が1つも入っていません"), "{page}");
        // sold at the counter while somebody counted
        let sold = [
            ("key", "s-1"),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "1"),
        ];
        shop.done("/o/c/sell", &sold).await;
        let page = html(&shop.send(at, &count("8", "")).await.expect(422));
        assert!(page.contains("帳簿の数が変わりました"), "{page}");
        assert!(shop.page("/o/c/sell").await.contains("9 個"));

        // more than the book has on the shelf is sold all the same: found ahead of the count
        let sold = [
            ("key", "s-2"),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "12"),
        ];
        let page = shop.done("/o/c/sell", &sold).await;
        assert!(page.contains("売上を記録しました"), "{page}");
        // goods of an office without an agreement with the shop, though it knows it
        let join = json!({"kind": "membership", "key": "member-c", "supplied_on": "2026-04-01", "network": "minami", "member": "c"});
        record(&town.api, &[join]).await;
        let alien = [
            ("key", "s-3"),
            ("supplied_on", "2026-07-10"),
            ("sold/b/b/bento", "1"),
        ];
        let page = html(&shop.send("/o/c/sell", &alien).await.expect(422));
        assert!(page.contains("取り決め"), "{page}");
    }
}

#[tokio::test]
async fn after_the_end_what_is_there_is_sold_and_nothing_new_is_placed() {
    for engine in engines() {
        let (mut town, mut shop) = crafts(engine).await;
        let some = [
            ("key", "p-1"),
            ("to", "c"),
            ("supplied_on", "2026-07-08"),
            ("lots/K-1", "4"),
        ];
        town.a.done("/o/a/consign", &some).await;
        let end = json!({"code": "a-c-consign", "about": "consign", "producer": "a", "other": "c", "agreed": ["a", "c"],
            "until": "2026-07-09", "terms": {"consign": {"commission": {"charge": {"percent": "15"},
                "base": "inclusive", "tax": "inclusive"}}}});
        record(&town.api, &[act("agreement", "a", "end", "2026-07-08", end)]).await;
        let more = [
            ("key", "p-2"),
            ("to", "c"),
            ("supplied_on", "2026-07-10"),
            ("lots/K-1", "2"),
        ];
        let page = html(&town.a.send("/o/a/consign", &more).await.expect(422));
        assert!(page.contains("まだ記録していません"), "{page}");
        assert_eq!(value(&page, "lots/K-1"), "2");
        let sold = [
            ("key", "s-1"),
            ("supplied_on", "2026-07-10"),
            ("sold/a/a/craft", "1"),
        ];
        let page = shop.done("/o/c/sell", &sold).await;
        assert!(page.contains("売上を記録しました"), "{page}");
    }
}
