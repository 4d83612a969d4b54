//! Every constant statement walks from its keys through indexes, on an empty book and on a grown one, whatever the
//! engine has counted of the tables: none of them reads a table from end to end.

use acceptance::{
    dealings::dealings,
    support::{Engine, engines},
    world::World,
};
use app::writer::{Answer, Job, Lane};
use domain::command::Command;
use store::Plan;

/// Steps that go through a whole table.
fn scans(engine: Engine, plan: &Plan) -> Vec<&String> {
    let whole = |step: &&String| match engine {
        // the keys themselves are a list of constants, `k`
        Engine::Sqlite => step.starts_with("SCAN ") && *step != "SCAN k" && !step.contains("CONSTANT ROW"),
        Engine::Postgres => {
            step.contains("Seq Scan") || step.contains("Hash Join") || step.contains("Merge Join")
        }
    };
    plan.steps.iter().filter(whole).collect()
}

async fn assert_fixed(world: &World, when: &str) -> Vec<Plan> {
    let engine = world.database.engine();
    let plans = world.book.store().plans().await.unwrap();
    assert!(plans.len() >= 17, "{plans:?}");
    for plan in &plans {
        assert!(!plan.steps.is_empty(), "{}", plan.name);
        assert_eq!(scans(engine, plan), [""; 0], "{engine:?}, {when}: {plan:#?}");
    }
    plans
}

/// The same way into each table. PostgreSQL may keep what it looked up in mind, and choose another of two indexes that
/// begin alike: it has no way of naming one.
fn assert_same(engine: Engine, plans: &[Plan], empty: &[Plan]) {
    if engine == Engine::Postgres {
        return;
    }
    let indexes = |plan: &Plan| -> Vec<String> {
        let steps = plan
            .steps
            .iter()
            .map(|step| step.trim_start_matches([' ', '-', '>']));
        let found = steps.filter(|step| step.starts_with("SEARCH "));
        found.map(str::to_owned).collect()
    };
    for (plan, empty) in plans.iter().zip(empty) {
        assert_eq!(indexes(plan), indexes(empty), "{}", plan.name);
    }
}

async fn analyze(world: &World) {
    world.book.store().analyze().await.unwrap();
}

#[tokio::test]
async fn plans_are_the_same_on_an_empty_and_on_a_grown_book() {
    for engine in engines() {
        let world = World::empty(engine).await;
        let empty = assert_fixed(&world, "without statistics").await;
        // the statistics of empty tables are the worst
        analyze(&world).await;
        assert_same(
            engine,
            &assert_fixed(&world, "with statistics of nothing").await,
            &empty,
        );
        world.record_lines(acceptance::world::SMALL_WORLD).await;
        let commands: Vec<Command> = dealings(700)
            .iter()
            .map(|act| Command::parse(&act.to_string()).unwrap())
            .collect();
        let job = Job {
            commands,
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        let answers = world
            .book
            .writer()
            .submit(Lane::Bulk, job)
            .await
            .unwrap()
            .await
            .unwrap();
        assert!(
            answers
                .iter()
                .all(|answer| matches!(answer, Answer::Recorded(..)))
        );
        assert_same(engine, &assert_fixed(&world, "grown").await, &empty);
        analyze(&world).await;
        assert_same(engine, &assert_fixed(&world, "grown, counted").await, &empty);
    }
}
