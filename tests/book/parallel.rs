//! Recorders at the same time.

use acceptance::{
    support::{Engine, engines},
    world::{World, act, outside},
};
use app::{
    Book,
    verify::verify,
    viewer::AtTheMachine,
    writer::{Answer, Job},
};
use domain::{command::Command, place::PlaceKind};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::sync::Barrier;

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

fn is_recorded(answer: &Answer) -> bool {
    matches!(answer, Answer::Recorded(..))
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

fn ship(n: usize) -> Value {
    let lines = json!([{"lot": "N-1", "quantity": "1", "unit_price": "10"}]);
    let fields = json!({"to": "b", "lines": lines});
    act("ship", "a", &format!("ship-{n}"), "2026-06-02", fields)
}

fn sell(n: usize) -> Value {
    let fields = json!({"lines": [{"lot": "N-1", "quantity": "1"}]});
    act("sell", "a", &format!("sale-{n}"), "2026-06-02", fields)
}

/// One shipment has the last unit on its way, and the other 99 moved nothing.
fn assert_one_won(answers: &[Answer]) {
    let won = |answer: &&Answer| matches!(answer, Answer::Recorded(..));
    let refused =
        |answer: &&Answer| matches!(answer, Answer::Refused(refusal) if refusal.code() == "not-enough");
    let counts = (
        answers.iter().filter(won).count(),
        answers.iter().filter(refused).count(),
    );
    assert_eq!(counts, (1, 99), "{answers:?}");
}

async fn assert_shipped_once(world: &World) {
    assert_eq!(stock_at(world, PlaceKind::Transit).await, 1);
    assert_eq!(stock_at(world, PlaceKind::Store).await, 0);
    assert_eq!(
        world
            .number("SELECT COUNT(*) FROM entry WHERE kind = 'ship'")
            .await,
        1
    );
}

/// 100 sold for 1,100 yen each, of which 99 were found ahead of the count, each in the entry that sold it.
async fn assert_sold_and_found(world: &World) {
    assert_eq!(stock_at(world, PlaceKind::Sold).await, 100);
    assert_eq!(stock_at(world, PlaceKind::Found).await, -99);
    assert_eq!(stock_at(world, PlaceKind::Store).await, 0);
    let entries = |found: i64, sold: i64| {
        format!(
            "SELECT COUNT(*) FROM (SELECT SUM(CASE WHEN f.kind = 6 AND t.kind = 11 THEN m.quantity ELSE 0 END) AS found, \
             SUM(CASE WHEN f.kind = 11 AND t.kind = 4 THEN m.quantity ELSE 0 END) AS sold, COUNT(*) AS all_of_it \
             FROM entry e JOIN movement m ON m.seq = e.seq JOIN place f ON f.no = m.from_no JOIN place t ON t.no = m.to_no \
             WHERE e.kind = 'sell' GROUP BY e.seq) s \
             WHERE found = {found} AND sold = {sold} AND all_of_it = {}",
            found + sold
        )
    };
    assert_eq!(world.number(&entries(0, 1)).await, 1, "one took the unit");
    assert_eq!(
        world.number(&entries(1, 1)).await,
        99,
        "99 found it in the same entry"
    );
    let cash = "SELECT b.yen FROM balance b JOIN account a ON a.no = b.account_no WHERE a.kind = 1";
    assert_eq!(world.number(cash).await, 110_000);
}

async fn assert_verified(world: &World) {
    let verified = verify(&world.book, AtTheMachine, None).await.unwrap();
    assert!(
        verified.is_clean(),
        "{:?}",
        verified.findings().collect::<Vec<_>>()
    );
}

async fn stock_at(world: &World, kind: PlaceKind) -> i64 {
    let of_kind = format!(
        "SELECT s.quantity FROM stock s JOIN place p ON p.no = s.place_no WHERE p.kind = {}",
        kind.number()
    );
    world.number(&of_kind).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_shipments_of_the_last_unit_one_wins() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        world.record(produce("1")).await;
        assert_one_won(&at_once(&world, (0..100).map(ship).collect()).await);
        assert_shipped_once(&world).await;
        assert_verified(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_sales_of_the_last_unit_one_takes_it_and_99_are_found_ahead_of_the_count() {
    for engine in engines() {
        let world = Arc::new(World::new(engine).await);
        world.record(produce("1")).await;
        let answers = at_once(&world, (0..100).map(sell).collect()).await;
        assert!(answers.iter().all(is_recorded), "{answers:?}");
        assert_sold_and_found(&world).await;
        assert_verified(&world).await;
    }
}

/// Two programs, or two that are open in one: each has its own writer, and only the lock of the book keeps them apart.
/// Each writer takes its 50 recorders one act at a time, so that both go back and forth.
async fn by_two_writers(engine: Engine, acts: impl Fn(usize) -> Value) -> (World, Vec<Answer>) {
    let world = World::new(engine).await;
    world.record(produce("1")).await;
    let url = world.database.url().parse().unwrap();
    let second = Book::open(&url, outside(8)).await.unwrap();
    let start = Arc::new(Barrier::new(2));
    let [one, other] =
        [(world.book.writer().clone(), 0), (second.writer().clone(), 50)].map(|(writer, from)| {
            let acts: Vec<Value> = (from..from + 50).map(&acts).collect();
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                let mut answers = Vec::new();
                for act in acts {
                    let job = Job {
                        commands: vec![Command::parse(&act.to_string()).unwrap()],
                        atomic: false,
                        recorder: "test".into(),
                        expects: Vec::new(),
                    };
                    answers.append(&mut writer.record(job).await.unwrap());
                    // a SQLite file goes to who asks at the right moment: leave the other some
                    tokio::time::sleep(Duration::from_millis(4)).await;
                }
                answers
            })
        });
    let mut answers = one.await.unwrap();
    answers.append(&mut other.await.unwrap());
    second.close().await.unwrap();
    (world, answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_on_one_book_ship_the_last_unit_once() {
    for engine in engines() {
        let (world, answers) = by_two_writers(engine, ship).await;
        assert_one_won(&answers);
        assert_shipped_once(&world).await;
        assert_verified(&world).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_on_one_book_sell_the_last_unit_once_and_find_99() {
    for engine in engines() {
        let (world, answers) = by_two_writers(engine, sell).await;
        assert!(answers.iter().all(is_recorded), "{answers:?}");
        assert_sold_and_found(&world).await;
        assert_verified(&world).await;
        // numbers of sales in the order of the log: the writers took turns, each with the facts of the other
        let sql = "SELECT CAST(substr(key, 6) AS bigint) FROM entry WHERE kind = 'sell' ORDER BY seq";
        let order = world.all_numbers(sql).await;
        let turns = order
            .windows(2)
            .filter(|two| (two[0] < 50) != (two[1] < 50))
            .count();
        println!("{engine:?}: two writers took turns {turns} times");
        assert!(turns > 1, "one after the other: {order:?}");
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
            expects: Vec::new(),
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
