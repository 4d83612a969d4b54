//! 加工: a recipe fills the form, what was really used is recorded, the first to expire is used first.

use crate::{Town, record};
use acceptance::{
    pages::{html, value},
    support::engines,
    world::act,
};
use serde_json::json;

#[tokio::test]
async fn a_recipe_fills_the_form_and_the_oldest_lot_is_used() {
    for engine in engines() {
        let mut town = Town::new(engine).await;
        let lots = json!({"lines": [
            {"product": "carrot", "quantity": "4", "lot": {"code": "C-NEW", "best_before": {"day": "2026-07-30"}}},
            {"product": "carrot", "quantity": "3", "lot": {"code": "C-OLD", "best_before": {"day": "2026-07-12"}}}]});
        let ship = json!({"to": "b", "lines": [{"lot": "C-NEW", "quantity": "4"}, {"lot": "C-OLD", "quantity": "3"}]});
        let receive = json!({"shipment": {"office": "a", "key": "s-1"}, "all": true});
        let recipe = json!({"code": "lunch", "inputs": [{"product": "a/carrot", "quantity": "0.5"}],
            "outputs": [{"product": "bento", "quantity": "4"}]});
        record(
            &town.api,
            &[
                act("produce", "a", "p-1", "2026-07-09", lots),
                act("ship", "a", "s-1", "2026-07-09", ship),
                act("receive", "b", "r-1", "2026-07-09", receive),
                act("recipe", "b", "lunch", "2026-07-01", recipe),
            ],
        )
        .await;
        assert!(town.b.page("/o/b/process").await.contains("?recipe=lunch"));
        let page = town.b.page("/o/b/process?recipe=lunch&batches=４").await;
        assert_eq!(
            (value(&page, "in/a/carrot"), value(&page, "out/bento")),
            ("2".into(), "16".into())
        );
        let (old, new) = (page.find("C-OLD").unwrap(), page.find("C-NEW").unwrap());
        assert!(old < new && page.contains("7 kg"));
        let form = |used| {
            [
                ("key", "k-1"),
                ("recipe", "lunch"),
                ("batches", "4"),
                ("supplied_on", "2026-07-10"),
                ("in/a/carrot", used),
                ("out/bento", "15"),
            ]
        };
        let page = html(&town.b.send("/o/b/process", &form("70")).await.expect(422));
        assert!(
            page.contains("class=\"field-error\"") && value(&page, "out/bento") == "15",
            "{page}"
        );
        let page = town.b.done("/o/b/process", &form("2.5")).await;
        assert!(page.contains("加工を記録しました。"));
        let stock = town.b.page("/o/b/stock").await;
        assert!(
            stock.contains("15 個") && stock.contains("0.5 kg") && stock.contains("4 kg"),
            "{stock}"
        );
        town.b
            .send("/o/b/process", &[("recipe", "nothing")])
            .await
            .expect(404);
    }
}
