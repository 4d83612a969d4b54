//! 今日の生産: numbers as people type them, one entry however often it is sent, and what is wrong beside its row.

use crate::Town;
use acceptance::{
    pages::{html, value},
    support::engines,
};

const ENTRIES: &str = "SELECT COUNT(*) FROM entry WHERE kind = 'produce'";

#[tokio::test]
async fn what_was_made_is_recorded_once() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let page = town.a.page("/o/a/produce").await;
        assert_eq!(value(&page, "supplied_on"), "2026-07-10");
        let key = value(&page, "key");
        let form = [
            ("key", &*key),
            ("supplied_on", "2026-07-10"),
            ("made/carrot", "１２．５kg"),
            ("made/craft", "1,200個"),
        ];
        let page = town.a.done("/o/a/produce", &form).await;
        assert!(page.contains("作ったものを記録しました。") && page.contains("記録を見る・取り消す"));
        let again = town.a.done("/o/a/produce", &form).await;
        assert!(again.contains("二重にはなっていません"));
        assert_eq!(town.api.world.number(ENTRIES).await, 1);
        let stock = town.a.page("/o/a/stock").await;
        assert!(stock.contains("12.5 kg") && stock.contains("1200 個"), "{stock}");
        // it is said once
        assert!(!town.a.page("/o/a/produce").await.contains("role=\"status\""));
    }
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_row() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let form = [
            ("key", "k-1"),
            ("supplied_on", "2026-07-10"),
            ("made/carrot", "3"),
            ("made/craft", "十個"),
        ];
        let page = html(&town.a.send("/o/a/produce", &form).await.expect(422));
        assert_eq!(
            (value(&page, "made/carrot"), value(&page, "made/craft")),
            ("3".into(), "十個".into())
        );
        let row = page.split("name=\"made/craft\"").nth(1).unwrap();
        let row = row.split("</tr>").next().unwrap();
        assert!(
            row.contains("aria-invalid=\"true\"") && row.contains("field-error"),
            "{row}"
        );
        assert_eq!(page.matches("class=\"field-error\"").count(), 1);
        assert_eq!(
            value(&page, "key"),
            "k-1",
            "the same key: what was recorded meanwhile stays one"
        );
        let empty = [
            ("key", "k-2"),
            ("supplied_on", "2026-07-10"),
            ("made/carrot", " "),
        ];
        let page = html(&town.a.send("/o/a/produce", &empty).await.expect(422));
        assert!(page.contains("数が1つも入っていません"));
        assert_eq!(town.api.world.number(ENTRIES).await, 0);
    }
}
