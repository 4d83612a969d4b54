//! ラベル: what is chosen is remembered and printed, what is missing is said, and nothing of the law is left out.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::{Engine, engines},
    world::act,
};
use serde_json::json;

/// A bento of office b with carrots of office a in it, and eggs of its own.
pub async fn cooked(engine: Engine) -> Town {
    let town = Town::with_carrots(engine).await;
    let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "4"}]});
    let receive = json!({"shipment": {"office": "a", "key": "s-1"}, "all": true});
    let rice = json!({"supplier": "komeya", "lines": [{"product": "rice", "quantity": "9", "amount": 4321, "lot": {"code": "R-1"}}], "purpose": "material"});
    let cook = json!({"inputs": [{"lot": "C-1", "quantity": "2"}, {"lot": "R-1", "quantity": "3"}],
        "outputs": [{"product": "bento", "quantity": "17", "lot": {"code": "B-1"}}]});
    let acts = [
        act("ship", "a", "s-1", "2026-07-09", ship),
        act("receive", "b", "r-1", "2026-07-09", receive),
        act("purchase", "b", "u-1", "2026-07-09", rice),
        act("process", "b", "k-1", "2026-07-10", cook),
    ];
    record(&town.api, &acts).await;
    town
}

const ALL_OF_A_SHEET: [(&str, &str); 6] = [
    ("form", "price"),
    ("sheet", "44"),
    ("start", "３"),
    ("right", "-1"),
    ("down", "2"),
    ("copies/B-1", "45枚"),
];

#[tokio::test]
async fn as_many_labels_as_pieces_on_the_sheet_that_was_used_last() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        let page = town.b.page("/o/b/lots/B-1").await;
        assert!(page.contains("/o/b/labels?lot=B-1"));
        let page = town.b.page("/o/b/labels?lot=B-1").await;
        assert_eq!(value(&page, "copies/B-1"), "17");
        assert_eq!(value(&page, "copies/R-1"), "");
        let page = town.b.done("/o/b/labels", &ALL_OF_A_SHEET).await;
        // two cells are used up, 45 labels on 44 cells: a second sheet
        assert_eq!(page.matches("<section class=\"a4\"").count(), 2);
        assert_eq!(page.matches("B-1 のQR").count(), 45);
        assert!(
            page.contains("500<span>円(税込)</span>")
                && page.contains("消費期限 <span class=\"date\">2026.7.11</span>")
        );
        let styles = "/labels/sheet.css?sheet=44&#38;right=-1&#38;down=2";
        assert!(
            page.contains(styles) || page.contains(&styles.replace("&#38;", "&amp;")),
            "{page}"
        );
        let css = town
            .b
            .get("/labels/sheet.css?sheet=44&right=-1&down=2")
            .await
            .expect(200);
        assert!(
            css.headers["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/css")
        );
        assert!(html(&css).contains("left: 7.90mm; top: 9.80mm;"));
        // the next time
        let page = town.b.page("/o/b/labels").await;
        assert!(page.contains("<option value=\"44\" selected>") && value(&page, "right") == "-1");
        let page = town.b.page("/o/b/labels/calibrate").await;
        assert_eq!(page.matches("<rect").count(), 44);
        assert!(page.contains("<rect x=\"790\" y=\"980\" width=\"4830\" height=\"2540\""));
    }
}

#[tokio::test]
async fn a_food_label_says_what_is_missing_and_then_all_of_it() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        let order = [
            ("form", "food"),
            ("sheet", "12"),
            ("start", "1"),
            ("copies/B-1", "2"),
        ];
        let to = "/o/b/labels/print?form=food&sheet=12&start=1&copies/B-1=2";
        town.b.send("/o/b/labels", &order).await.expect(303);
        let page = html(&town.b.get(to).await.expect(422));
        for missing in ["原材料名", "内容量", "保存方法", "製造者の所在地"] {
            assert!(page.contains(missing), "{missing}: {page}");
        }
        assert!(!page.contains("<section class=\"a4\""));
        // the facts of the product, and where the office is
        let form = town.b.page("/o/b/labels/facts/bento").await;
        assert!(
            form.contains("name=\"contains/卵\" value=\"yes\" checked"),
            "{form}"
        );
        let facts = [
            ("key", &*value(&form, "key")),
            ("base", &*unescaped(&value(&form, "base"))),
            ("ingredients", "ご飯(米(国産))、にんじん、卵"),
            ("content", "1人前"),
            ("storage", "10℃以下で保存"),
            ("contains/卵", "yes"),
            ("contains/乳", "yes"),
            ("may_contain", "そば、えび"),
        ];
        let list = town.b.done("/o/b/labels/facts/bento", &facts).await;
        assert!(list.contains("食品表示を記録しました。"), "{list}");
        let again = town.b.done("/o/b/labels/facts/bento", &facts).await;
        assert!(again.contains("二重にはなっていません"));
        // the rest of the product is as it was
        let product = town.api.world.book.store().masters().await.unwrap();
        let office = product.office_by_code(&"b".parse().unwrap()).unwrap().id;
        let product = product
            .product_by_code(office, &"bento".parse().unwrap())
            .unwrap();
        let now = product.facts.latest().unwrap();
        assert!(now.use_by && now.keeps_days == Some(1) && now.modes.len() == 1 && now.label.is_some());
        let place = json!({"kind": "office", "key": "b-2", "supplied_on": "2026-07-10", "code": "b", "name": "Bキッチン",
            "corporation": "sora", "address": "茨城県南野市中央4-7-1"});
        record(&town.api, &[place]).await;
        let page = town.b.page(to).await;
        for said in [
            "<b>名称</b>弁当",
            // what lies in the store was cooked before the milk was stated: its own facts hold
            "<b>原材料名</b>ご飯(米(国産))、にんじん、卵、（一部に卵を含む）",
            "<b>消費期限</b>2026.7.11",
            "<b>製造者</b>そら Bキッチン 茨城県南野市中央4-7-1",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert_eq!(page.matches("<div class=\"label\">").count(), 2);
        // on a sheet that is too small it is refused, not cut off
        let small = html(&town.b.get(&to.replace("sheet=12", "sheet=65")).await.expect(422));
        assert!(small.contains("入りきりません"), "{small}");
    }
}

#[tokio::test]
async fn allergens_come_down_the_chain_as_they_are_known_now() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        let masters = town.api.world.book.store().masters().await.unwrap();
        let b = masters.office_by_code(&"b".parse().unwrap()).unwrap().id;
        let client = town
            .api
            .person("label-b", &[app::access::rights::Role::Staff(b)])
            .await;
        let label = client.get("/v1/lots/B-1/label").await.expect(200).json();
        assert_eq!(label["allergens"]["contains"], json!(["卵"]));
        assert_eq!(
            (&label["allergens"]["unknown"], &label["price"]),
            (&json!(false), &json!(500))
        );
        // the rice was stated wrongly: put right after it was cooked
        let right = json!({"kind": "purchase", "supplier": "komeya", "purpose": "material",
            "lines": [{"product": "rice", "quantity": "9", "amount": 4321, "lot": {"code": "R-1", "allergens": {"contains": ["落花生", "ごま"], "unknown": true}}}]});
        let correct = json!({"entry": {"key": "u-1"}, "reason": "袋の表示を見落とした", "right": right});
        record(&town.api, &[act("correct", "b", "c-1", "2026-07-10", correct)]).await;
        let label = client.get("/v1/lots/B-1/label").await.expect(200).json();
        assert_eq!(label["allergens"]["contains"], json!(["卵", "落花生", "ごま"]));
        assert_eq!(label["allergens"]["must"], json!(["卵", "落花生"]));
        assert_eq!(label["allergens"]["unknown"], json!(true));
        let page = town.b.page("/o/b/labels/print?form=price&copies/B-1=1").await;
        assert!(page.contains("アレルゲンのわからない材料があります"), "{page}");
    }
}

#[tokio::test]
async fn labels_are_not_there_for_strangers() {
    for engine in engines() {
        let mut town = cooked(engine).await;
        for path in [
            "/o/b/labels",
            "/o/b/labels/print?copies/B-1=1",
            "/o/b/labels/facts",
            "/o/b/labels/facts/bento",
            "/o/b/labels/calibrate",
            // office a has seen carrots, and no bento
            "/o/a/labels/print?copies/B-1=1",
        ] {
            let page = html(&town.a.get(path).await.expect(404));
            assert!(!page.contains("弁当"), "{path}");
        }
        // another office's product is not changed through one's own pages
        let form = town.a.page("/o/a/labels/facts/craft").await;
        let key = value(&form, "key");
        town.a
            .send("/o/b/labels/facts/bento", &[("key", &*key), ("base", "{}")])
            .await
            .expect(404);
        let base = unescaped(&value(&form, "base"));
        let other = [("key", &*key), ("base", &*base), ("content", "1個")];
        town.a.send("/o/a/labels/facts/carrot", &other).await.expect(404);
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
