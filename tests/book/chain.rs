//! Field to kitchen to shop, on both engines, with the same bytes.

use acceptance::{
    support::engines,
    world::{World, act},
};
use app::writer::Answer;
use serde_json::json;

async fn chain(world: &World) {
    let acts = [
        act(
            "produce",
            "a",
            "p1",
            "2026-06-01",
            json!({"lines": [
            {"product": "carrot", "quantity": "20", "lot": {"code": "A-0601"}},
            {"product": "craft", "quantity": "6", "lot": {"code": "N-1"}}]}),
        ),
        act(
            "ship",
            "a",
            "s1",
            "2026-06-02",
            json!({"to": "b", "note": "朝の便", "lines": [
            {"lot": "A-0601", "quantity": "12"}]}),
        ),
        act(
            "receive",
            "b",
            "r1",
            "2026-06-02",
            json!({"shipment": {"office": "a", "key": "s1"}, "all": true}),
        ),
        act(
            "ship",
            "a",
            "s2",
            "2026-06-01",
            json!({"to": "c", "lines": [{"lot": "A-0601", "quantity": "3"}]}),
        ),
        act(
            "correct",
            "a",
            "c1",
            "2026-06-03",
            json!({"entry": {"key": "p1"}, "reason": "数えまちがい", "right": {
            "kind": "produce", "lines": [
            {"product": "carrot", "quantity": "16", "lot": {"code": "A-0601"}},
            {"product": "craft", "quantity": "5", "lot": {"code": "N-1"}}]}}),
        ),
    ];
    for act in acts {
        let answer = world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act} {answer:?}");
    }
}

#[tokio::test]
async fn the_same_acts_give_the_same_bytes_and_head_on_both_engines() {
    let mut heads = Vec::new();
    for engine in engines() {
        let world = World::new(engine).await;
        chain(&world).await;
        assert_eq!(
            world
                .number("SELECT CAST(SUM(quantity) AS bigint) FROM stock")
                .await,
            0
        );
        let inner = "SELECT CAST(SUM(quantity) AS bigint) FROM stock WHERE inner_place";
        assert_eq!(world.number(inner).await, 16_000 + 5);
        assert_eq!(
            world.number("SELECT CAST(SUM(yen) AS bigint) FROM balance").await,
            0
        );
        heads.push(world.head().await);
    }
    assert!(heads.windows(2).all(|pair| pair[0] == pair[1]), "{heads:?}");
}

#[tokio::test]
async fn one_batch_or_many_give_the_same_book() {
    for engine in engines() {
        let one = World::new(engine).await;
        chain(&one).await;
        let many = World::empty(engine).await;
        for line in acceptance::world::SMALL_WORLD.lines() {
            many.record_lines(line).await;
        }
        chain(&many).await;
        assert_eq!(one.head().await, many.head().await);
    }
}
