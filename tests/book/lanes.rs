//! Two lanes in front of the writer: bounded, people before bulk, and nothing that was accepted is forgotten.

use acceptance::{
    support::{Engine, engines},
    world::{World, act},
};
use app::writer::{Answer, Job, Lane, Unaccepted, Writer};
use domain::command::Command;
use sea_orm::{ConnectionTrait, Database, DatabaseTransaction, TransactionTrait};
use serde_json::json;
use std::{pin::Pin, time::Duration};

fn produce(key: &str) -> Command {
    let fields = json!({"lines": [{"product": "craft", "quantity": "3", "lot": {"code": key}}]});
    Command::parse(&act("produce", "a", key, "2026-06-01", fields).to_string()).unwrap()
}

fn job(keys: impl Iterator<Item = String>) -> Job {
    Job {
        commands: keys.map(|key| produce(&key)).collect(),
        atomic: false,
        recorder: "test".into(),
        expects: Vec::new(),
    }
}

/// Somebody else holds what every writer needs.
#[expect(clippy::disallowed_methods, reason = "another program does as it likes")]
async fn hold(world: &World) -> (sea_orm::DatabaseConnection, Option<DatabaseTransaction>) {
    match world.database.engine() {
        Engine::Sqlite => {
            let other = Database::connect(world.database.url()).await.unwrap();
            other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
            (other, None)
        }
        Engine::Postgres => {
            let server = std::env::var("YOKOITO_TEST_POSTGRES").unwrap();
            let other = Database::connect(server).await.unwrap();
            let schema = world.database.url().rsplit_once("schema=").unwrap().1;
            let tx = other.begin().await.unwrap();
            tx.execute_unprepared(&format!("SELECT 1 FROM {schema}.log_head FOR UPDATE"))
                .await
                .unwrap();
            (other, Some(tx))
        }
    }
}

async fn release((other, tx): (sea_orm::DatabaseConnection, Option<DatabaseTransaction>)) {
    match tx {
        Some(tx) => tx.rollback().await.unwrap(),
        None => drop(other.execute_unprepared("ROLLBACK").await.unwrap()),
    }
}

type Answers = Pin<Box<dyn Future<Output = Result<Vec<Answer>, Unaccepted>> + Send>>;

async fn submit(writer: &Writer, lane: Lane, job: Job) -> Answers {
    Box::pin(writer.submit(lane, job).await.unwrap())
}

fn positions(answers: Vec<Answer>) -> Vec<u64> {
    let position = |answer| match answer {
        Answer::Recorded(_, seq) => seq,
        answer => panic!("{answer:?}"),
    };
    answers.into_iter().map(position).collect()
}

#[tokio::test]
async fn people_go_before_bulk_and_bulk_goes_on() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer();
        let held = hold(&world).await;
        // the task takes this one and waits for the lock; all others wait in their lanes
        let first = submit(writer, Lane::People, job(std::iter::once("first".to_owned()))).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut bulk = Vec::new();
        for n in 0..10 {
            let keys = (0..300).map(move |m| format!("bulk-{n}-{m}"));
            bulk.push(submit(writer, Lane::Bulk, job(keys)).await);
        }
        let mut people = Vec::new();
        for n in 0..20 {
            people.push(submit(writer, Lane::People, job(std::iter::once(format!("person-{n}")))).await);
        }
        release(held).await;
        let mut last_person = positions(first.await.unwrap())[0];
        for person in people {
            let position = positions(person.await.unwrap())[0];
            assert!(
                position > last_person,
                "{engine:?}: people in the order they came"
            );
            last_person = position;
        }
        let mut all = Vec::new();
        for bulk in bulk {
            all.extend(positions(bulk.await.unwrap()));
        }
        assert!(all.is_sorted(), "{engine:?}: bulk in the order it was sent");
        assert_eq!(all.len(), 3_000);
        let before = all.iter().filter(|position| **position < last_person).count();
        assert!(
            before <= 100,
            "{engine:?}: {before} acts of bulk went before people"
        );
    }
}

#[tokio::test]
async fn a_full_lane_says_so_at_once_and_what_was_accepted_is_recorded() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer();
        let held = hold(&world).await;
        let mut accepted = vec![submit(writer, Lane::Bulk, job((0..3).map(|n| format!("first-{n}")))).await];
        tokio::time::sleep(Duration::from_millis(300)).await;
        for n in 0.. {
            let one = job(std::iter::once(format!("bulk-{n}")));
            // a full lane answers at once; an accepted job waits for the lock
            let writer = writer.clone();
            let mut sent = Box::pin(async move { writer.try_record(Lane::Bulk, one).await });
            match tokio::time::timeout(Duration::from_millis(20), &mut sent).await {
                Ok(Err(Unaccepted::Busy)) => break,
                Ok(answer) => panic!("{engine:?}: {answer:?} while the head was held"),
                Err(_) => accepted.push(sent),
            }
            assert!(n < 100, "{engine:?}: the lane has no end");
        }
        assert!(
            accepted.len() > 10,
            "{engine:?}: {} were accepted",
            accepted.len()
        );
        // the lane of people is another one
        let person = submit(writer, Lane::People, job(std::iter::once("person".to_owned()))).await;
        release(held).await;
        positions(person.await.unwrap());
        let mut recorded = 1;
        for answers in accepted {
            recorded += i64::try_from(positions(answers.await.unwrap()).len()).unwrap();
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, recorded);
    }
}

#[tokio::test]
async fn closing_answers_what_waits_in_both_lanes() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer();
        let held = hold(&world).await;
        let first = submit(writer, Lane::People, job(std::iter::once("first".to_owned()))).await;
        let bulk = submit(writer, Lane::Bulk, job((0..700).map(|n| format!("bulk-{n}")))).await;
        let person = submit(writer, Lane::People, job(std::iter::once("person".to_owned()))).await;
        let (closing, also) = (writer.clone(), writer.clone());
        let drained = tokio::spawn(async move { closing.drain().await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        release(held).await;
        drained.await.unwrap();
        let counts = [first, bulk, person].map(|answers| async { positions(answers.await.unwrap()).len() });
        let [first, bulk, person] = counts;
        assert_eq!((first.await, bulk.await, person.await), (1, 700, 1));
        let late = also
            .try_record(Lane::People, job(std::iter::once("late".to_owned())))
            .await;
        assert_eq!(late, Err(Unaccepted::Closed));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closing_ends_although_both_lanes_never_get_empty() {
    for engine in engines() {
        let world = World::new(engine).await;
        let mut senders = Vec::new();
        // together far more than one batch, so that something is always left over when a batch has been answered
        for sender in 0..8 {
            let writer = world.book.writer().clone();
            let lane = if sender % 4 == 0 { Lane::Bulk } else { Lane::People };
            senders.push(tokio::spawn(async move {
                for n in 0.. {
                    let keys =
                        |half: &'static str| job((0..200).map(move |m| format!("{half}-{sender}-{n}-{m}")));
                    let one = writer.submit(lane, keys("one")).await;
                    let other = writer.submit(lane, keys("other")).await;
                    for sent in [one, other] {
                        match sent {
                            Ok(answers) => drop(positions(answers.await.unwrap())),
                            Err(closed) => {
                                assert_eq!(closed, Unaccepted::Closed);
                                return;
                            }
                        }
                    }
                }
            }));
        }
        while world.number("SELECT COUNT(*) FROM lot").await < 2_000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // no measure of speed: without an end it would go on for ever
        let drained = tokio::time::timeout(Duration::from_mins(1), world.book.writer().drain()).await;
        let is_drained = drained.is_ok();
        for sender in &senders {
            if !is_drained {
                sender.abort();
            }
        }
        assert!(is_drained, "{engine:?}: new acts are still accepted");
        for sender in senders {
            sender.await.unwrap();
        }
    }
}

#[tokio::test]
async fn waiting_for_the_lock_does_not_make_a_batch_smaller() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer();
        let pieces = "SELECT COUNT(*) FROM log_tile WHERE level = 0";
        let before = world.number(pieces).await;
        let held = hold(&world).await;
        // the task has taken all of it when it begins to wait
        let keys = (0..50).map(|n| format!("act-{n}"));
        let all = submit(writer, Lane::People, job(keys)).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        release(held).await;
        assert_eq!(positions(all.await.unwrap()).len(), 50);
        // each batch adds a piece to the first tile, which has room for all of them
        let batches = world.number(pieces).await - before;
        assert_eq!(batches, 1, "{engine:?}");
    }
}
