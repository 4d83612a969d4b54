//! Recorders at the same time.

use acceptance::{
    support::engines,
    world::{World, act},
};
use app::writer::{Answer, Job};
use domain::command::Command;
use serde_json::{Value, json};
use std::sync::Arc;

async fn at_once(world: &Arc<World>, acts: Vec<Value>) -> Vec<Answer> {
    let tasks: Vec<_> = (acts.into_iter())
        .map(|act| {
            let world = Arc::clone(world);
            tokio::spawn(async move { world.record(act).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.expect("a task"));
    }
    answers
}

fn produce(quantity: &str) -> Value {
    act(
        "produce",
        "a",
        "p1",
        "2026-06-01",
        json!({"lines": [
        {"product": "craft", "quantity": quantity, "lot": {"code": "N-1"}}]}),
    )
}

#[tokio::test]
async fn of_two_shipments_of_the_last_unit_one_wins() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        world.record(produce("1")).await;
        let ship = |n: usize| {
            act(
                "ship",
                "a",
                &format!("s{n}"),
                "2026-06-02",
                json!({"to": "b", "lines": [
                {"lot": "N-1", "quantity": "1", "unit_price": "10"}]}),
            )
        };
        let answers = at_once(&world, (0..8).map(ship).collect()).await;
        let won = answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Recorded(..)))
            .count();
        let refused = answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Refused(refusal) if refusal.code() == "not-enough"));
        assert_eq!((won, refused.count()), (1, 7), "{answers:?}");
    }
}

#[tokio::test]
async fn the_same_key_from_twenty_clients_is_one_entry() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        let before = world.head().await.0;
        let answers = at_once(&world, vec![produce("5"); 20]).await;
        let recorded = answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Recorded(..)))
            .count();
        let already = answers
            .iter()
            .filter(|answer| matches!(answer, Answer::Already(..)))
            .count();
        assert_eq!((recorded, already), (1, 19), "{answers:?}");
        assert_eq!(world.head().await.0, before + 1);
        let other = world.record(produce("6")).await;
        assert!(matches!(other, Answer::Refused(refusal) if refusal.code() == "key-reused"));
    }
}

#[tokio::test]
async fn the_first_two_debits_of_an_account_without_a_row_are_both_there() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        world.record(produce("2")).await;
        let mut receipts = Vec::new();
        for n in 0..2 {
            let key = format!("s{n}");
            let ship = act(
                "ship",
                "a",
                &key,
                "2026-06-02",
                json!({"to": "b", "lines": [
                {"lot": "N-1", "quantity": "1", "unit_price": "700"}]}),
            );
            assert!(matches!(world.record(ship).await, Answer::Recorded(..)));
            receipts.push(act(
                "receive",
                "b",
                &format!("r{n}"),
                "2026-06-02",
                json!({"all": true,
                "shipment": {"office": "a", "key": key}}),
            ));
        }
        at_once(&world, receipts).await;
        let debts = "SELECT b.yen FROM balance b JOIN account a ON a.no = b.account_no WHERE a.kind = 10";
        assert_eq!(world.number(debts).await, 1_400);
    }
}

#[tokio::test]
async fn all_or_nothing_records_nothing_when_one_is_refused() {
    for engine in engines() {
        let world = World::new(engine).await;
        let before = world.head().await;
        let lines = [
            produce("5"),
            act(
                "ship",
                "a",
                "s",
                "2026-06-02",
                json!({"to": "b", "lines": [
            {"lot": "N-1", "quantity": "6"}]}),
            ),
        ];
        let commands = lines
            .iter()
            .map(|act| Command::parse(&act.to_string()).unwrap())
            .collect();
        let job = Job {
            commands,
            atomic: true,
            recorder: "test".into(),
        };
        let answers = world.book.writer().record(job).await.unwrap();
        assert_eq!(answers[0], Answer::NotRecorded);
        assert!(
            matches!(&answers[1], Answer::Refused(refusal) if refusal.code() == "not-enough"),
            "{answers:?}"
        );
        assert_eq!(world.head().await, before);
        // nothing stuck: the same lot can be made now
        assert!(matches!(world.record(produce("5")).await, Answer::Recorded(..)));
    }
}

#[tokio::test]
async fn of_two_sales_of_the_last_unit_one_takes_it_and_the_other_is_found_ahead_of_the_count() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        world.record(produce("1")).await;
        let sell = |n: usize| {
            act(
                "sell",
                "a",
                &format!("sale{n}"),
                "2026-06-02",
                json!({"lines": [{"lot": "N-1", "quantity": "1"}]}),
            )
        };
        let answers = at_once(&world, (0..2).map(sell).collect()).await;
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Answer::Recorded(..))),
            "{answers:?}"
        );
        // two sold for 1,100 each, one of them found
        let at = |kind: u8| {
            format!("SELECT s.quantity FROM stock s JOIN place p ON p.no = s.place_no WHERE p.kind = {kind}")
        };
        assert_eq!(world.number(&at(4)).await, 2);
        assert_eq!(world.number(&at(6)).await, -1);
        assert_eq!(world.number(&at(11)).await, 0);
        let cash = "SELECT b.yen FROM balance b JOIN account a ON a.no = b.account_no WHERE a.kind = 1";
        assert_eq!(world.number(cash).await, 2_200);
    }
}
