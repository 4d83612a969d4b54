//! Another program holds what every writer needs, or nobody answers at all: for a while it is waited for, then it is
//! said, and afterwards it goes on.

use acceptance::{
    rows::assert_verified,
    server::{Server, texts},
    support::{Engine, engines},
    world::{World, act, outside},
};
use app::{
    Book,
    writer::{Answer, Job},
};
use domain::command::Command;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, TransactionTrait};
use serde_json::{Value, json};
use std::time::Duration;

fn produce(key: &str) -> Value {
    let fields = json!({"lines": [{"product": "craft", "quantity": "3", "lot": {"code": key}}]});
    act("produce", "a", key, "2026-06-01", fields)
}

/// Somebody else who writes and does not finish.
struct Holder {
    other: DatabaseConnection,
    tx: Option<DatabaseTransaction>,
}

impl Holder {
    #[expect(clippy::disallowed_methods, reason = "another program does as it likes")]
    async fn of(world: &World) -> Holder {
        match world.database.engine() {
            Engine::Sqlite => {
                let other = Database::connect(world.database.url()).await.unwrap();
                other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
                Holder { other, tx: None }
            }
            Engine::Postgres => {
                let (server, schema) = world.database.url().split_once("?schema=").unwrap();
                let other = Database::connect(server).await.unwrap();
                let tx = other.begin().await.unwrap();
                let lock = format!("SELECT 1 FROM {schema}.log_head FOR UPDATE");
                tx.execute_unprepared(&lock).await.unwrap();
                Holder { other, tx: Some(tx) }
            }
        }
    }

    async fn release(self) {
        match self.tx {
            Some(tx) => tx.rollback().await.unwrap(),
            None => drop(self.other.execute_unprepared("ROLLBACK").await.unwrap()),
        }
    }
}

/// Longer than the engine itself waits for a lock.
fn a_while(engine: Engine) -> Duration {
    Duration::from_secs(match engine {
        Engine::Sqlite => 6,
        Engine::Postgres => 11,
    })
}

async fn held_for_a_while(engine: Engine) {
    let world = World::new(engine).await;
    let holder = Holder::of(&world).await;
    let release = async {
        tokio::time::sleep(a_while(engine)).await;
        holder.release().await;
    };
    let (answer, ()) = tokio::join!(world.record(produce("p")), release);
    assert!(matches!(answer, Answer::Recorded(..)), "{engine:?}: {answer:?}");
    assert_verified(&world.book).await;
}

async fn held_until_it_is_said(engine: Engine) {
    let world = World::new(engine).await;
    let before = world.head().await;
    let holder = Holder::of(&world).await;
    let answer = world.record(produce("p")).await;
    let Answer::Failed(failure) = &answer else {
        panic!("{engine:?}: {answer:?}");
    };
    assert_eq!(failure.code, "book-locked", "{engine:?}");
    assert!(
        failure.sentence.starts_with("ほかのプログラムが帳簿を使っている"),
        "{}",
        failure.sentence
    );
    // who only reads does not wait
    assert_eq!(world.head().await, before);
    holder.release().await;
    let answer = world.record(produce("p")).await;
    assert!(matches!(answer, Answer::Recorded(..)), "{engine:?}: {answer:?}");
    assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, 1);
    assert_verified(&world.book).await;
}

async fn one(book: &Book, act: &Value) -> Answer {
    let job = Job {
        commands: vec![Command::parse(&act.to_string()).unwrap()],
        atomic: false,
        recorder: "test".into(),
        expects: Vec::new(),
    };
    book.writer().record(job).await.unwrap().pop().unwrap()
}

/// The server goes away in the middle of a commit and stays away.
async fn away_until_it_is_said() {
    let server = Server::start();
    let url = server.book("away").parse().unwrap();
    let book = Book::open(&url, outside(7)).await.unwrap();
    for line in acceptance::world::SMALL_WORLD.lines() {
        let answer = one(&book, &serde_json::from_str(line).unwrap()).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{line}: {answer:?}");
    }
    // the commit is flushed and its answer waits for a copy that does not exist
    server.set("synchronous_standby_names", "nobody").await;
    let committing = produce("flushed");
    let halt = async {
        let connection = server.connect_again().await;
        let waits = "SELECT pid::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        while texts(&connection, waits).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let reset = "ALTER SYSTEM RESET synchronous_standby_names";
        connection.execute_unprepared(reset).await.unwrap();
        drop(connection.close().await);
        server.halt();
    };
    let (answer, ()) = tokio::join!(one(&book, &committing), halt);
    let Answer::Failed(failure) = &answer else {
        panic!("{answer:?}");
    };
    assert_eq!(failure.code, "outcome-unknown");
    assert!(
        failure.sentence.contains("二重にはなりません"),
        "{}",
        failure.sentence
    );
    let answer = one(&book, &produce("later")).await;
    assert!(
        matches!(&answer, Answer::Failed(failure) if failure.code == "book-unavailable"),
        "{answer:?}"
    );
    server.start_again();
    let answer = one(&book, &committing).await;
    assert!(matches!(answer, Answer::Already(..)), "{answer:?}");
    let answer = one(&book, &produce("later")).await;
    assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
    assert_verified(&book).await;
    book.close().await.unwrap();
}

/// All at the same time: each of them mostly waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_holds_the_book_is_waited_for_and_then_it_is_said() {
    let mut cases = tokio::task::JoinSet::new();
    for engine in engines() {
        cases.spawn(held_for_a_while(engine));
        cases.spawn(held_until_it_is_said(engine));
        if engine == Engine::Postgres {
            cases.spawn(away_until_it_is_said());
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}
