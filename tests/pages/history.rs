//! 履歴: sentences, and taking back.

use crate::Town;
use acceptance::{pages::html, support::engines};

fn entry_of(list: &str) -> String {
    let at = list.split("/o/a/entries/").nth(1).unwrap();
    format!("/o/a/entries/{}", at.split('"').next().unwrap())
}

#[tokio::test]
async fn an_entry_is_a_sentence_and_is_taken_back() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let list = town.a.page("/o/a/entries").await;
        assert!(list.contains("A農園が にんじん 10kg を作りました"), "{list}");
        let address = entry_of(&list);
        let page = town.a.page(&address).await;
        assert!(page.contains("/o/a/lots/C-1") && page.contains("まちがえて記録した"));
        let form = [("key", "u-1"), ("reason", "二重に記録した"), ("other_reason", "")];
        let list = town.a.done(&format!("{address}/undo"), &form).await;
        assert!(list.contains("取り消しました。") && list.contains("取り消し済み"));
        assert!(list.contains("A農園が 記録を取り消しました"));
        assert!(
            town.a
                .page("/o/a/stock")
                .await
                .contains("ここには、いま何もありません。")
        );
        // what was taken back offers it no more
        assert!(!town.a.page(&address).await.contains("/undo"));
        let days = "/o/a/entries?from=2026-07-01&to=2026-07-08";
        assert!(town.a.page(days).await.contains("記録は、ありません。"));
    }
}

#[tokio::test]
async fn what_was_used_already_says_what_must_go_first() {
    for engine in engines() {
        let mut town = Town::with_carrots(engine).await;
        let address = entry_of(&town.a.page("/o/a/entries").await);
        let ship = [
            ("key", "s-1"),
            ("to", "b"),
            ("supplied_on", "2026-07-10"),
            ("ship/C-1", "4"),
        ];
        town.a.done("/o/a/ship", &ship).await;
        let form = [
            ("key", "u-1"),
            ("reason", "数をまちがえた"),
            ("other_reason", "種まきの数と取りちがえた"),
        ];
        let page = html(&town.a.send(&format!("{address}/undo"), &form).await.expect(422));
        assert!(
            page.contains("まだ記録していません") && page.contains("種まきの数と取りちがえた"),
            "{page}"
        );
        assert!(page.contains("出荷"), "{page}");
    }
}
