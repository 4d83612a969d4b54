//! 未入金・未払い: the list, paying just one item, paying twice, a purchase with the supplier's invoice.

use crate::{Town, record};
use acceptance::{
    pages::{html, told, value},
    support::engines,
    world::act,
};
use serde_json::json;

/// The way from an item in the list to its form.
fn way(page: &str, text: &str) -> String {
    let row = page.split("<tr>").find(|row| row.contains(text)).unwrap();
    let link = row
        .split("href=\"")
        .find(|part| part.contains("/money/pay?"))
        .unwrap();
    link.split('"')
        .next()
        .unwrap()
        .replace("&amp;", "&")
        .replace("&#38;", "&")
}

#[tokio::test]
async fn one_bill_of_two_is_paid_and_the_other_stays_open() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let bought = |key: &str, yen: i64, number: &str, due: &str| {
            let bill = json!({"item": "supplies", "yen": yen, "paid": {"by": "on_account", "partner": "tane"},
                "invoice": {"number": number, "due_on": due}});
            act("spend", "a", key, "2026-06-20", bill)
        };
        let bills = [
            bought("e1", 5_500, "T-1", "2026-07-05"),
            bought("e2", 3_300, "T-2", "2026-07-31"),
        ];
        record(&town.api, &bills).await;
        let page = town.a.page("/o/a/money/open").await;
        let shown = told(&page);
        assert!(shown.contains("期限を過ぎた支払いが 5,500円 あります"), "{shown}");
        // the second one, though the first is due before
        let form = way(&page, "T-2");
        let page = town.a.page(&form).await;
        assert_eq!(value(&page, "yen"), "3300");
        let item = page
            .split("<option value=\"")
            .find(|option| option.contains("selected") && option.contains("T-2"));
        let item = item.unwrap().split('"').next().unwrap().to_owned();
        let paid = [
            ("key", "p-1"),
            ("supplied_on", "2026-07-10"),
            ("debt", "payable partner tane"),
            ("item", item.as_str()),
            ("yen", "3300"),
            ("purse", "cash kinko"),
            ("bearer", "payer"),
        ];
        town.a.done("/o/a/money/pay", &paid).await;
        assert!(
            town.a
                .done("/o/a/money/pay", &paid)
                .await
                .contains("二重にはなっていません")
        );
        let page = town.a.page("/o/a/money/open").await;
        assert!(page.contains("T-1") && !page.contains("T-2"), "{page}");
        assert!(town.a.page("/o/a/money/open?show=all").await.contains("T-2"));

        // another clerk pays all that was there before: refused, until it is meant
        let mut twice = [
            ("key", "p-2"),
            ("supplied_on", "2026-07-10"),
            ("debt", "payable partner tane"),
            ("yen", "8800"),
            ("purse", "cash kinko"),
            ("bearer", "payer"),
            ("ahead", ""),
        ];
        let page = html(&town.a.send("/o/a/money/pay", &twice).await.expect(422));
        assert!(page.contains("残高は 5500円です"), "{page}");
        twice[6] = ("ahead", "yes");
        town.a.done("/o/a/money/pay", &twice).await;
        let shown = told(&town.a.page("/o/a/money/open").await);
        assert!(shown.contains("払いすぎ・前払い 3,300円"), "{shown}");
        town.b.get("/o/a/money/open").await.expect(404);
    }
}

#[tokio::test]
async fn goods_are_bought_with_the_suppliers_invoice() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let mut bought = vec![
            ("key", "b-1"),
            ("supplied_on", "2026-07-08"),
            ("supplier", "tane"),
            ("goods/carrot/quantity", "12"),
            ("goods/carrot/amount", "千"),
            ("basis", "exclusive"),
            ("purpose", "merchandise"),
            ("paid", "later"),
            ("number", "T-9"),
            ("due_on", "2026-07-31"),
        ];
        let page = html(&town.a.send("/o/a/money/purchase", &bought).await.expect(422));
        assert!(page.contains("＊") && value(&page, "number") == "T-9", "{page}");
        bought[4] = ("goods/carrot/amount", "1,000");
        town.a.done("/o/a/money/purchase", &bought).await;
        // 1,000 and 8 % on top
        let shown = told(&town.a.page("/o/a/money/open").await);
        assert!(shown.contains("T-9") && shown.contains("1,080"), "{shown}");
        assert!(told(&town.a.page("/o/a/stock").await).contains("12"));
        let nothing = [
            ("key", "b-2"),
            ("supplied_on", "2026-07-08"),
            ("supplier", "tane"),
            ("paid", "later"),
        ];
        town.a.send("/o/a/money/purchase", &nothing).await.expect(422);
    }
}
