//! Every list as a file: what stands on the page stands in it.

use crate::{Town, record};
use acceptance::{support::engines, world::act};
use app::table::{Line, read};
use serde_json::json;

async fn rows(town: &mut Town, path: &str) -> Vec<Vec<String>> {
    let told = town.a.get(path).await.expect(200);
    let lines: Vec<Line> = read(&told.bytes, None).unwrap();
    lines.into_iter().map(|line| line.cells).collect()
}

#[tokio::test]
async fn lists_are_saved_as_they_are_shown() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let ship = json!({"to": "b", "lines": [{"lot": "C-1", "quantity": "2.5"}]});
        let order =
            json!({"to": "a", "wanted_on": "2026-07-12", "lines": [{"product": "carrot", "quantity": "4"}]});
        let acts = [
            act("ship", "a", "s-1", "2026-07-10", ship),
            act("order", "b", "o-1", "2026-07-10", order),
        ];
        record(&town.api, &acts).await;
        for end in ["xlsx", "csv"] {
            let stock = rows(&mut town, &format!("/o/a/files/stock.{end}")).await;
            assert_eq!(stock[0][..4], ["品目コード", "品目", "ロット番号", "数量"]);
            let lots: Vec<&[String]> = stock[1..].iter().map(|row| &row[1..5]).collect();
            assert_eq!(lots.len(), 2);
            assert!(
                lots.contains(&&["にんじん", "C-1", "7.5", "kg"].map(str::to_owned)[..]),
                "{stock:?}"
            );
            let entries = rows(
                &mut town,
                &format!("/o/a/files/entries.{end}?from=2026-07-10&to=2026-07-10"),
            )
            .await;
            assert_eq!(entries.len(), 3, "{entries:?}");
            assert!(
                entries[2].contains(&"A農園が Bキッチンへ にんじん 2.5kg を届けに出しました".to_owned()),
                "{entries:?}"
            );
            let all = rows(&mut town, &format!("/o/a/files/entries.{end}")).await;
            assert!(all.len() > 3);
            let deliveries = rows(&mut town, &format!("/o/a/files/deliveries.{end}")).await;
            assert_eq!(deliveries[1][0..3], ["2026-07-10", "A農園", "Bキッチン"]);
            assert_eq!(deliveries[1][5..8], ["C-1", "2.5", "kg"]);
            let money = rows(&mut town, &format!("/o/a/files/money.{end}")).await;
            assert_eq!(money[0], ["種類", "置き場・科目", "相手", "円"]);
            assert!(
                money.contains(&["現金・預金", "金庫", "", "0"].map(str::to_owned).to_vec()),
                "{money:?}"
            );
            let orders = rows(&mut town, &format!("/o/a/files/orders.{end}")).await;
            assert_eq!(orders[1][..3], ["2026-07-12", "Bキッチン", "A農園"]);
            assert_eq!(orders[1][4..], ["にんじん", "4", "kg"]);
        }
        let page = town.a.page("/o/a/entries?from=2026-07-10&to=2026-07-10").await;
        assert!(
            page.contains("/o/a/files/entries.xlsx?from=2026-07-10&"),
            "{page}"
        );
        assert!(town.a.page("/o/a/stock").await.contains("/o/a/files/stock.csv"));
        for path in [
            "/o/a/files/stock",
            "/o/a/files/people.csv",
            "/o/a/files/stock.pdf",
        ] {
            town.a.get(path).await.expect(404);
        }
    }
}
