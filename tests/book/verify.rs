//! verify: a sound book passes; whatever is changed behind the program's back is named.

mod columns;
mod damage;
mod heads;
mod keys;
mod unknown;

use acceptance::{
    support::{Engine, engines},
    world::{World, act},
};
use app::{
    verify::{Verified, verify},
    viewer::AtTheMachine,
    writer::Answer,
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

/// A lot from field to kitchen to customer, with a note, a correction and a reversal.
fn acts() -> Vec<Value> {
    let lot = |code: &str| json!({"code": code});
    let day = "2026-06-02";
    vec![
        act(
            "produce",
            "a",
            "p1",
            "2026-06-01",
            json!({"lines": [
            {"product": "carrot", "quantity": "20", "lot": lot("A-0601")},
            {"product": "craft", "quantity": "6", "lot": lot("N-1")}]}),
        ),
        act(
            "ship",
            "a",
            "s1",
            day,
            json!({"to": "b", "note": "朝の便", "lines": [
            {"lot": "A-0601", "quantity": "12"}]}),
        ),
        act(
            "receive",
            "b",
            "r1",
            day,
            json!({"shipment": {"office": "a", "key": "s1"}, "all": true}),
        ),
        act(
            "correct",
            "a",
            "c1",
            "2026-06-03",
            json!({"entry": {"key": "p1"}, "reason": "数えまちがい", "right": {
            "kind": "produce", "lines": [
            {"product": "carrot", "quantity": "16", "lot": {"code": "A-0601", "field": "北の畑"}},
            {"product": "craft", "quantity": "5", "lot": lot("N-1")}]}}),
        ),
        act(
            "process",
            "b",
            "b1",
            day,
            json!({
            "inputs": [{"lot": "A-0601", "quantity": "8"}],
            "outputs": [{"product": "bento", "quantity": "10", "lot": lot("B-1")}]}),
        ),
        act(
            "process",
            "b",
            "b2",
            day,
            json!({
            "inputs": [{"lot": "A-0601", "quantity": "1"}],
            "outputs": [{"product": "bento", "quantity": "2", "lot": lot("B-2")}]}),
        ),
        act(
            "reverse",
            "b",
            "x1",
            "2026-06-04",
            json!({"entry": {"key": "b2"}, "reason": "つくらなかった"}),
        ),
        act(
            "sell",
            "b",
            "v1",
            "2026-06-03",
            json!({"lines": [{"lot": "B-1", "quantity": "3"}]}),
        ),
        act(
            "spend",
            "a",
            "e1",
            "2026-06-30",
            json!({"item": "fuel", "yen": 1_000}),
        ),
    ]
}

/// A book with all of them.
async fn book(engine: Engine) -> World {
    let world = World::new(engine).await;
    record(&world, acts()).await;
    world
}

async fn record(world: &World, acts: Vec<Value>) {
    for act in acts {
        let answer = world.record(act.clone()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{act} {answer:?}");
    }
}

async fn verified(world: &World) -> Verified {
    verify(&world.book, AtTheMachine, None).await.unwrap()
}

/// The findings, each as "number sentence".
fn findings(verified: &Verified) -> Vec<String> {
    let line = |finding| verified.sentence(finding);
    verified
        .findings()
        .map(|finding| format!("{} {}", finding.invariant.number(), line(finding)))
        .collect()
}

async fn execute(world: &World, sql: &str) {
    world
        .book
        .store()
        .writer
        .execute_unprepared(sql)
        .await
        .expect(sql);
}

async fn bytes(world: &World, sql: &str) -> Vec<u8> {
    let db = &world.book.store().reader;
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect(sql);
    row.expect(sql).try_get_by_index(0).expect(sql)
}

#[tokio::test]
async fn a_sound_book_passes() {
    for engine in engines() {
        let world = book(engine).await;
        let verified = verified(&world).await;
        assert_eq!(findings(&verified), [""; 0]);
        assert!(verified.is_clean());
        assert_eq!(i64::try_from(verified.size()).unwrap(), world.head().await.0);
        assert_eq!(verified.lines().len(), 9);
    }
}

#[tokio::test]
async fn an_empty_book_passes() {
    for engine in engines() {
        let world = World::empty(engine).await;
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

/// More than two pages and tiles; recording goes on meanwhile.
#[tokio::test]
async fn recording_while_verifying_is_no_damage() {
    for engine in engines() {
        let world = std::sync::Arc::new(book(engine).await);
        let produce = |from: usize| {
            (from..from + 400)
                .map(|n| {
                    act(
                        "produce",
                        "a",
                        &format!("q{n}"),
                        "2026-06-05",
                        json!({"lines": [
                        {"product": "craft", "quantity": "3", "lot": {"code": format!("Q-{n}")}}]}),
                    )
                    .to_string()
                })
                .collect::<Vec<_>>()
                .join("\n")
        };
        world.record_lines(&produce(0)).await;
        let recording = tokio::spawn({
            let (world, more) = (std::sync::Arc::clone(&world), [produce(400), produce(800)]);
            async move {
                for lines in more {
                    world.record_lines(&lines).await;
                }
            }
        });
        for _ in 0..3 {
            assert_eq!(findings(&verified(&world).await), [""; 0]);
        }
        recording.await.unwrap();
        let verified = verified(&world).await;
        assert_eq!(findings(&verified), [""; 0]);
        assert!(verified.size() > 1_200);
    }
}
