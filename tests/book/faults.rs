//! What goes wrong below the rules: a row the engine will not take, a connection that is cut, a caller who does not wait.
//! What was acknowledged is there; the rest gets a clear answer; then it goes on. Worse things happen in `tests/crash`.

use acceptance::{
    support::{Engine, engines},
    world::{World, act},
};
use app::writer::{Answer, Job};
use domain::command::Command;
use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

fn produce(key: &str, code: &str) -> Value {
    act(
        "produce",
        "a",
        key,
        "2026-06-01",
        json!({"lines": [
        {"product": "craft", "quantity": "3", "lot": {"code": code}}]}),
    )
}

async fn record_all(world: &World, acts: &[Value]) -> Vec<Answer> {
    let commands = acts
        .iter()
        .map(|act| Command::parse(&act.to_string()).unwrap())
        .collect();
    let job = Job {
        commands,
        atomic: false,
        recorder: "test".into(),
        expects: Vec::new(),
    };
    world.book.writer().record(job).await.unwrap()
}

async fn execute(world: &World, sql: &str) {
    world.book.store().writer.execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn a_poison_command_stands_alone() {
    for engine in engines() {
        let world = World::new(engine).await;
        match engine {
            Engine::Sqlite => {
                execute(
                    &world,
                    "CREATE TRIGGER poison BEFORE INSERT ON lot WHEN NEW.code = 'POISON' \
                                 BEGIN SELECT RAISE(ABORT, 'poison'); END",
                )
                .await;
            }
            Engine::Postgres => {
                execute(&world, "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS \
                                 $$ BEGIN IF NEW.code = 'POISON' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;\
                                 CREATE TRIGGER poison BEFORE INSERT ON lot FOR EACH ROW EXECUTE FUNCTION poison()").await;
            }
        }
        let before = world.head().await.0;
        let acts: Vec<Value> = (0..200)
            .map(|n| {
                produce(
                    &format!("p{n}"),
                    &if n == 77 {
                        "POISON".to_owned()
                    } else {
                        format!("N-{n}")
                    },
                )
            })
            .collect();
        let answers = record_all(&world, &acts).await;
        assert_eq!(answers.len(), 200);
        for (n, answer) in answers.iter().enumerate() {
            match n {
                77 => assert!(matches!(answer, Answer::Failed(_)), "{answer:?}"),
                _ => assert!(matches!(answer, Answer::Recorded(..)), "{n}: {answer:?}"),
            }
        }
        assert_eq!(world.head().await.0, before + 199);
        assert_eq!(
            world
                .number("SELECT COUNT(*) FROM lot WHERE code = 'POISON'")
                .await,
            0
        );
    }
}

#[tokio::test]
async fn a_cut_connection_is_made_again() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let world = World::new(Engine::Postgres).await;
    let other = Database::connect(std::env::var("YOKOITO_TEST_POSTGRES").unwrap())
        .await
        .unwrap();
    for n in 0..5 {
        let pid = world
            .book
            .store()
            .writer
            .query_one_raw(sea_orm::Statement::from_string(
                sea_orm::DbBackend::Postgres,
                "SELECT pg_backend_pid()",
            ))
            .await
            .unwrap()
            .unwrap();
        let pid: i32 = pid.try_get_by_index(0).unwrap();
        other
            .execute_unprepared(&format!("SELECT pg_terminate_backend({pid})"))
            .await
            .unwrap();
        let answer = world.record(produce(&format!("p{n}"), &format!("N-{n}"))).await;
        assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
    }
    assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, 5);
}

#[tokio::test]
async fn a_caller_that_hangs_up_cancels_nothing() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer().clone();
        let command = Command::parse(&produce("p", "N").to_string()).unwrap();
        let job = Job {
            commands: vec![command],
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        let caller = tokio::spawn(async move { writer.record(job).await });
        // let it queue the job, then hang up
        tokio::task::yield_now().await;
        caller.abort();
        drop(caller.await);
        let again = world.record(produce("p", "N")).await;
        assert!(
            matches!(again, Answer::Already(..) | Answer::Recorded(..)),
            "{again:?}"
        );
        assert_eq!(world.number("SELECT COUNT(*) FROM lot").await, 1);
    }
}

#[tokio::test]
async fn what_was_accepted_is_answered_before_the_book_closes() {
    for engine in engines() {
        let world = World::new(engine).await;
        let writer = world.book.writer().clone();
        let commands =
            (0..50).map(|n| Command::parse(&produce(&format!("p{n}"), &format!("N-{n}")).to_string()));
        let job = Job {
            commands: commands.map(Result::unwrap).collect(),
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        let waiting = tokio::spawn(async move { writer.record(job).await });
        tokio::task::yield_now().await;
        world.book.writer().drain().await;
        let answers = waiting.await.unwrap().unwrap();
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Answer::Recorded(..))),
            "{answers:?}"
        );
    }
}
