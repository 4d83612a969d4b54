//! 書類: what stands on a delivery note, an order form and a count sheet, what does not, and for whom they are.

use crate::{Town, record};
use acceptance::{
    pages::{html, seen, value},
    support::{Engine, engines},
    world::act,
};
use serde_json::json;

/// Address of the newest entry of office a.
async fn newest(town: &mut Town, reader: char) -> String {
    let list = match reader {
        'a' => town.a.page("/o/a/entries").await,
        _ => town.b.page("/o/b/entries").await,
    };
    let at = list.split(&format!("/o/{reader}/entries/")).nth(1).unwrap();
    format!("/o/{reader}/entries/{}", at.split('"').next().unwrap())
}

async fn shipped(engine: Engine) -> Town {
    let town = Town::with_carrots(engine).await;
    let place = json!({"kind": "office", "key": "a-2", "supplied_on": "2026-05-01", "code": "a", "name": "A農園",
        "corporation": "midori", "address": "茨城県南野市日向町2-14", "phone": "0297-00-0101"});
    let order =
        json!({"to": "a", "wanted_on": "2026-07-10", "lines": [{"product": "a/carrot", "quantity": "3"}]});
    let ship = json!({"to": "b", "order": {"office": "b", "key": "o-1"},
        "lines": [{"lot": "C-1", "quantity": "3", "unit_price": "151.5"}]});
    let acts = [
        place,
        act("order", "b", "o-1", "2026-07-09", order),
        act("ship", "a", "s-1", "2026-07-10", ship),
    ];
    record(&town.api, &acts).await;
    town
}

#[tokio::test]
async fn a_delivery_note_and_its_receipt_stand_on_one_sheet() {
    for engine in engines() {
        let mut town = shipped(engine).await;
        let entry = newest(&mut town, 'a').await;
        let page = town.a.page(&entry).await;
        let address = format!("{entry}/delivery-note");
        assert!(page.contains(&address), "{page}");
        let page = town.a.page(&address).await;
        assert_eq!(page.matches("<section class=\"a4\"").count(), 1);
        for said in [
            "納品書",
            "受領書",
            "令和8年7月10日（2026年7月10日）",
            "みどり福祉会",
            "茨城県南野市日向町2-14",
            "0297-00-0101",
            "にんじん",
            "C-1",
            "2026.7.23",
            "151.5",
            // 3 × 151.5, fractions cut off
            "454",
            "施設長",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        // who receives sees the same paper, but not the price that the sender wrote down for itself
        let theirs = address.replace("/o/a/", "/o/b/");
        let page = town.b.page(&theirs).await;
        assert!(page.contains("C-1") && page.contains("受領書"));
        assert!(!page.contains("151.5") && !page.contains("454") && !page.contains("単価"));
    }
}

#[tokio::test]
async fn a_price_that_was_frozen_with_the_order_is_known_to_both() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let order = json!({"to": "a", "wanted_on": "2026-07-10",
            "lines": [{"product": "a/carrot", "quantity": "3", "unit_price": "149"}]});
        let ship = json!({"to": "b", "order": {"office": "b", "key": "o-1"}, "lines": [{"lot": "C-1", "quantity": "3"}]});
        record(&town.api, &[act("order", "b", "o-1", "2026-07-09", order)]).await;
        let form = newest(&mut town, 'b').await + "/order-form";
        let page = town.b.page(&form).await;
        for said in ["注文書", "A農園", "御中", "令和8年7月10日", "149", "447 円"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(
            town.a
                .page(&form.replace("/o/b/", "/o/a/"))
                .await
                .contains("447 円")
        );
        record(&town.api, &[act("ship", "a", "s-1", "2026-07-10", ship)]).await;
        let note = newest(&mut town, 'b').await + "/delivery-note";
        let page = town.b.page(&note).await;
        assert!(page.contains("447 円") && page.contains("注文 No."), "{page}");
        // an order has no delivery note, a shipment no order form
        town.b
            .get(&form.replace("order-form", "delivery-note"))
            .await
            .expect(404);
        town.b
            .get(&note.replace("delivery-note", "order-form"))
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn what_was_taken_back_or_put_right_says_so_across_the_paper() {
    for engine in engines() {
        let mut town = shipped(engine).await;
        let entry = newest(&mut town, 'a').await;
        let right = json!({"kind": "ship", "to": "b", "lines": [{"lot": "C-1", "quantity": "2"}]});
        let correct = json!({"entry": {"key": "s-1"}, "reason": "数えまちがい", "right": right});
        record(&town.api, &[act("correct", "a", "c-1", "2026-07-10", correct)]).await;
        let page = town.a.page(&format!("{entry}/delivery-note")).await;
        assert!(page.contains("訂正ずみ（正しい伝票 No."), "{page}");
        let corrected = newest(&mut town, 'a').await;
        let page = town.a.page(&format!("{corrected}/delivery-note")).await;
        // the right version alone, once on each half
        assert_eq!(page.matches(">C-1<").count(), 2);
        assert!(page.contains(">2<") && !page.contains(">3<") && !page.contains("class=\"void\""));
        let back = json!({"entry": {"key": "c-1"}, "reason": "届けなかった"});
        record(&town.api, &[act("reverse", "a", "x-1", "2026-07-10", back)]).await;
        let page = town.a.page(&format!("{corrected}/delivery-note")).await;
        assert!(page.contains("<p class=\"void\">取消</p>"), "{page}");
    }
}

#[tokio::test]
async fn more_lines_than_a_half_holds_go_onto_more_sheets_and_a_copy_is_kept_on_wish() {
    let mut town = Town::with_carrots(Engine::Sqlite).await;
    let lots: Vec<_> = (0..9)
        .map(|n| json!({"product": "carrot", "quantity": "1", "lot": {"code": format!("L-{n}")}}))
        .collect();
    let lines: Vec<_> = (0..9)
        .map(|n| json!({"lot": format!("L-{n}"), "quantity": "1"}))
        .collect();
    let acts = [
        act("produce", "a", "p-9", "2026-07-09", json!({"lines": lots})),
        act(
            "ship",
            "a",
            "s-9",
            "2026-07-10",
            json!({"to": "b", "lines": lines}),
        ),
    ];
    record(&town.api, &acts).await;
    let note = newest(&mut town, 'a').await + "/delivery-note";
    let page = town.a.page(&note).await;
    assert_eq!(page.matches("<section class=\"a4\"").count(), 2);
    assert!(page.contains("1/2枚") && page.contains("2/2枚") && page.contains("L-8"));
    // how the office likes its papers
    let likes = [
        ("days", "seireki"),
        ("stamp/0", "管理者"),
        ("stamp/1", ""),
        ("seal", "square"),
        ("copy", "yes"),
    ];
    let set = town.a.done("/o/a/papers", &likes).await;
    assert!(set.contains("設定を保存しました。") && value(&set, "stamp/0") == "管理者");
    let page = town.a.page(&note).await;
    assert_eq!(page.matches("<section class=\"a4\"").count(), 4);
    assert!(page.contains("納品書（控え）") && page.contains("sender square"));
    assert!(page.contains("2026年7月10日") && !page.contains("令和") && !page.contains("施設長"));
    // nobody else's papers look so
    let theirs = town.b.page(&note.replace("/o/a/", "/o/b/")).await;
    assert!(theirs.contains("令和8年7月10日") && !theirs.contains("管理者"));
    let bad = html(
        &town
            .a
            .send("/o/a/papers", &[("stamp/0", "a\tb")])
            .await
            .expect(422),
    );
    assert!(bad.contains("印の枠の名前を直してください"));
}

#[tokio::test]
async fn a_count_sheet_has_no_quantities() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let lines = json!({"lines": [{"product": "carrot", "quantity": "7.125", "lot": {"code": "C-7"}}]});
        record(&town.api, &[act("produce", "a", "p-7", "2026-07-09", lines)]).await;
        assert!(town.a.page("/o/a/stock").await.contains("7.125"));
        let page = town.a.page("/o/a/papers/count-sheet").await;
        let text = seen(&page);
        assert!(
            text.contains("棚卸表")
                && text.contains("C-7")
                && text.contains("にんじん")
                && text.contains("kg")
        );
        assert!(!page.contains("7.125"), "{page}");
        assert!(!seen(&town.b.page("/o/b/papers/count-sheet").await).contains("C-7"));
    }
}

#[tokio::test]
async fn papers_are_not_there_for_strangers() {
    for engine in engines() {
        let mut town = shipped(engine).await;
        let note = newest(&mut town, 'a').await + "/delivery-note";
        let mut c = crate::reader(&town.api, "c").await;
        for path in [
            note.as_str(),
            &note.replace("/o/a/", "/o/c/"),
            "/o/a/papers",
            "/o/a/papers/count-sheet",
        ] {
            let page = html(&c.get(path).await.expect(404));
            assert!(!page.contains("にんじん") && !page.contains("C-1"), "{path}");
        }
        c.send("/o/a/papers", &[("days", "wareki")]).await.expect(404);
        // and an entry that moves nothing to another office has no such paper
        let made = town.a.page("/o/a/entries?from=2026-07-09&to=2026-07-09").await;
        let ids = made
            .split("/o/a/entries/")
            .skip(1)
            .map(|at| at.split('"').next().unwrap());
        let made = ids.last().unwrap();
        town.a
            .get(&format!("/o/a/entries/{made}/delivery-note"))
            .await
            .expect(404);
    }
}
