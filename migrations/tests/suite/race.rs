//! Programs that start together migrate once.

use migrations::{MigrateError, PAIRS, pending, run};
use sea_orm_migration::sea_orm::ConnectionTrait;
use tokio::task::JoinSet;

use crate::support::{Fresh, texts};

#[tokio::test(flavor = "multi_thread")]
async fn six_migrators_at_once_all_succeed() {
    for fresh in Fresh::both("race").await {
        let mut racers = JoinSet::new();
        for _ in 0..6 {
            let db = fresh.open().await;
            racers.spawn(async move { run(&db).await });
        }
        while let Some(outcome) = racers.join_next().await {
            outcome.expect("no panic").expect("migrated");
        }
        let db = fresh.open().await;
        let names: Vec<&str> = PAIRS.iter().map(|pair| pair.name).collect();
        assert_eq!(
            texts(&db, "SELECT version FROM seaql_migrations ORDER BY version").await,
            names
        );
        assert_eq!(
            texts(&db, "SELECT CAST(count(*) AS text) FROM log_head").await,
            ["1"]
        );
    }
}

#[tokio::test]
async fn pending_names_what_run_applies() {
    for fresh in Fresh::both("pending").await {
        let db = fresh.open().await;
        assert_eq!(pending(&db).await.expect("read").len(), PAIRS.len());
        run(&db).await.expect("migrated");
        assert_eq!(pending(&db).await.expect("read"), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_book_of_a_newer_program_is_left_alone() {
    for fresh in Fresh::both("newer").await {
        let db = fresh.migrated().await;
        db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m29990101_000001_later', 0)")
            .await
            .expect("one more row");
        match run(&db).await {
            Err(MigrateError::Newer { unknown }) => assert_eq!(unknown, ["m29990101_000001_later"]),
            other => panic!("{other:?}"),
        }
    }
}
