//! 会計担当者のために: the journal's page and its file, columns that are remembered, and the statement with its file.

use crate::{Town, record};
use acceptance::{
    pages::{html, seen, value},
    support::engines,
    world::act,
};
use app::table::{Line, read};
use serde_json::json;

async fn rows(town: &mut Town, path: &str) -> Vec<Vec<String>> {
    let told = town.a.get(path).await.expect(200);
    let lines: Vec<Line> = read(&told.bytes, None).unwrap();
    lines.into_iter().map(|line| line.cells).collect()
}

#[tokio::test]
async fn the_journal_is_seen_saved_and_remembered() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let partner = json!({"code": "tsuchi", "name": "𠮷野園芸", "partner_kind": "supplier"});
        let seeds = json!({"supplier": "tsuchi", "paid": {"by": "on_account", "partner": "tsuchi"}, "lines": [
            {"product": "craft", "quantity": "1", "amount": 1100}]});
        let acts = [
            act("partner", "a", "tsuchi", "2026-04-01", partner),
            act("purchase", "a", "seeds-6", "2026-06-01", seeds),
        ];
        record(&town.api, &acts).await;
        assert!(town.a.page("/o/a/money").await.contains("/o/a/money/journal"));
        // the month before, where none is named
        let page = town.a.page("/o/a/money/journal").await;
        assert!(
            page.contains("value=\"2026-06-01\"") && page.contains("value=\"2026-06-30\""),
            "{page}"
        );
        let text = seen(&page);
        for told in [
            "借方  1,100円",
            "材料費",
            "買掛金",
            "課税仕入10%",
            "シフトJISにない文字があります: 𠮷",
        ] {
            assert!(
                text.contains(told) || text.contains(&told.replace("1,100", "1100")),
                "{told}\n{text}"
            );
        }
        // 1,100 yen hold 100
        let page = seen(
            &town
                .a
                .page("/o/a/money/journal?from=2026-06-01&to=2026-06-30&tax=exclusive")
                .await,
        );
        assert!(page.contains("仮払消費税") && page.contains("1000"), "{page}");
        // the columns that the office's program takes
        let page = town.a.page("/o/a/money/journal/columns").await;
        assert_eq!(value(&page, "at/memo"), "15", "{page}");
        let form = [
            ("at/book_on", "2"),
            ("at/debit_account", "１"),
            ("at/debit_yen", "3"),
            ("heading/debit_account", "借方"),
            ("account/materials", "当期材料仕入高"),
        ];
        let page = town.a.done("/o/a/money/journal/columns", &form).await;
        assert!(
            page.contains("設定を保存しました。") && page.contains("当期材料仕入高"),
            "{page}"
        );
        let saved = rows(
            &mut town,
            "/o/a/money/journal/journal-cp932.csv?from=2026-06-01&to=2026-06-30",
        )
        .await;
        assert_eq!(
            saved,
            [
                ["借方", "取引日付", "借方金額"],
                ["当期材料仕入高", "2026/06/01", "1100"]
            ]
        );
        let page = town.a.page("/o/a/money/journal/columns").await;
        assert_eq!(value(&page, "account/materials"), "当期材料仕入高");
        // what is wrong is said, and what was typed comes back
        let wrong = [("at/book_on", "はじめ"), ("account/sales", "売上")];
        let page = html(
            &town
                .a
                .send("/o/a/money/journal/columns", &wrong)
                .await
                .expect(422),
        );
        assert!(page.contains("順番は、1から始まる数字にしてください"), "{page}");
        assert_eq!(value(&page, "account/sales"), "売上");
        for path in [
            "/o/a/money/journal",
            "/o/a/money/journal/journal.csv",
            "/o/a/money/production",
        ] {
            town.b.get(path).await.expect(404);
        }
        town.a.get("/o/a/money/journal/journal.pdf").await.expect(404);
        town.a.get("/o/a/money/journal?from=x").await.expect(400);
    }
}

#[tokio::test]
async fn the_statement_is_seen_and_saved() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let sold = json!({"lines": [{"lot": "C-1", "quantity": "4"}]});
        let fare = json!({"item": "travel", "yen": 440, "work": "farm", "paid": {"by": "cash"}});
        record(
            &town.api,
            &[
                act("sell", "a", "sold", "2026-07-09", sold),
                act("spend", "a", "bus", "2026-07-09", fare),
            ],
        )
        .await;
        let days = "?from=2026-07-01&to=2026-07-31";
        let page = seen(&town.a.page(&format!("/o/a/money/production{days}")).await);
        // carrots are work of the farm: 4 × 300 = 1,200 yen, of which 88 are tax (1,200 × 8/108 = 88.9)
        for told in ["作業種別 farm", "売上高", "旅費交通費", "不明", "8%(軽減)", "88"] {
            assert!(page.contains(told), "{told}\n{page}");
        }
        let saved = rows(&mut town, &format!("/o/a/files/production.csv{days}")).await;
        let cells = |row: [&str; 5]| row.map(str::to_owned).to_vec();
        assert!(
            saved.contains(&cells(["収益", "farm", "就労支援事業収益", "売上高", "1200"])),
            "{saved:?}"
        );
        assert!(
            saved.contains(&cells(["費用", "farm", "経費", "旅費交通費", "440"])),
            "{saved:?}"
        );
        assert!(
            saved.contains(&cells(["期末棚卸高", "にんじん", "6 kg", "C-1", "不明"])),
            "{saved:?}"
        );
        // whoever spent in cash without naming a supplier can show no invoice: it is not guessed
        assert!(
            saved
                .iter()
                .any(|row| row[1] == "仕入(相手がわからない)" && row.len() == 6),
            "{saved:?}"
        );
    }
}
