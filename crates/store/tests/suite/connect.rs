//! Opening a book: what the connections run with, who may open it at once, what is said when it cannot be opened.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Database};
use store::{DatabaseUrl, Engine, Store, StoreError};
use tokio::task::JoinSet;

use crate::support::{Fresh, in_schema, number, server};

async fn assert_sqlite_is_durable(store: &Store) {
    let expected = [
        ("busy_timeout", "5000"),
        ("foreign_keys", "1"),
        ("journal_mode", "wal"),
        ("query_only", "0"),
        ("recursive_triggers", "1"),
        ("secure_delete", "1"),
        ("synchronous", "2"), // FULL
        ("wal_autocheckpoint", "10000"),
    ];
    let expected: BTreeMap<_, _> = expected.map(|(name, value)| (name, value.to_owned())).into();
    assert_eq!(store.settings_of_writer().await.expect("settings"), expected);
}

async fn assert_postgres_is_durable(store: &Store) {
    let settings = store.settings_of_writer().await.expect("settings");
    for (name, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "30s"),
    ] {
        assert_eq!(settings.get(name).map(String::as_str), Some(value), "{name}");
    }
}

#[tokio::test]
async fn the_writer_of_sqlite_flushes_each_commit() {
    let fresh = Fresh::sqlite();
    let store = fresh.migrated().await;
    assert_sqlite_is_durable(&store).await;
    // a connection that replaces one that was given up
    let broken = store.writer.get_sqlite_connection_pool().acquire().await;
    broken.expect("a connection").close().await.expect("closed");
    assert_sqlite_is_durable(&store).await;
    store.close().await.expect("closed");
    // a file that is there already
    assert_sqlite_is_durable(&fresh.open().await).await;
}

#[tokio::test]
async fn the_writer_of_postgres_flushes_each_commit() {
    let fresh = Fresh::postgres("settings").await;
    let store = fresh.open().await;
    assert_postgres_is_durable(&store).await;
    let settings = store.settings_of_writer().await.expect("settings");
    assert_eq!(
        settings.get("search_path").map(String::as_str),
        Some("store_settings")
    );
    // a connection that replaces one that the server ended
    let pid = number(&store.writer, "SELECT pg_backend_pid()::bigint").await;
    let end = format!("SELECT pg_terminate_backend({pid})");
    store.reader.execute_unprepared(&end).await.expect("ended");
    // noticed at once, or when it is used
    let same = format!("SELECT 1 / (pg_backend_pid() <> {pid})::int");
    while store.writer.execute_unprepared(&same).await.is_err() {}
    assert_postgres_is_durable(&store).await;
}

#[tokio::test]
async fn the_writer_of_postgres_flushes_each_commit_whatever_its_role_is_told() {
    let fresh = Fresh::postgres("hasty").await;
    let store = fresh.migrated().await;
    let role = format!("hasty_{}", std::process::id());
    for sql in [
        format!("CREATE ROLE {role} LOGIN SUPERUSER"),
        format!("ALTER ROLE {role} SET synchronous_commit = off"),
        format!("ALTER ROLE {role} SET default_transaction_isolation = 'serializable'"),
        format!("ALTER ROLE {role} SET lock_timeout = 0"),
    ] {
        store.writer.execute_unprepared(&sql).await.expect(&sql);
    }
    let hasty = server().replacen("//postgres@", &format!("//{role}@"), 1);
    assert_ne!(hasty, server());
    // for other programs it is so
    let other = Database::connect(&hasty).await.expect("connected");
    assert_eq!(
        number(
            &other,
            "SELECT (current_setting('synchronous_commit') = 'off')::int::bigint"
        )
        .await,
        1
    );
    other.close().await.expect("closed");
    let hasty = in_schema(&hasty, "store_hasty");
    let hasty = Store::connect(&hasty).await.expect("opened");
    assert_postgres_is_durable(&hasty).await;
    hasty.close().await.expect("closed");
    let drop = format!("DROP ROLE {role}");
    store.writer.execute_unprepared(&drop).await.expect(&drop);
}

/// A word of SQL is a name like any other.
#[tokio::test]
async fn a_schema_may_be_called_like_a_word_of_sql() {
    let other = Database::connect(server()).await.expect("connected");
    let drop = "DROP SCHEMA IF EXISTS \"full\" CASCADE";
    other.execute_unprepared(drop).await.expect(drop);
    let store = Store::connect(&in_schema(&server(), "full"))
        .await
        .expect("opened");
    store.migrate().await.expect("migrated");
    assert_eq!(number(&store.reader, "SELECT size FROM log_head").await, 0);
    store.close().await.expect("closed");
    other.execute_unprepared(drop).await.expect(drop);
}

#[tokio::test]
async fn the_embedded_sqlite_is_the_one_we_pinned() {
    let fresh = Fresh::sqlite();
    let store = fresh.open().await;
    assert_eq!(
        number(
            &store.reader,
            "SELECT sqlite_version() >= '3.51' AND sqlite_version() LIKE '3.__.%'"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn readers_cannot_write() {
    for fresh in Fresh::both("readers").await {
        let store = fresh.migrated().await;
        for _ in 0..8 {
            let outcome = store
                .reader
                .execute_unprepared("UPDATE log_head SET size = 9")
                .await;
            assert!(outcome.is_err());
        }
        assert_eq!(number(&store.reader, "SELECT size FROM log_head").await, 0);
    }
}

#[tokio::test]
async fn what_is_not_committed_is_gone_and_what_is_committed_is_read() {
    for fresh in Fresh::both("transactions").await {
        let store = fresh.migrated().await;
        let tx = store.begin_write().await.expect("begun");
        tx.execute_unprepared("UPDATE log_head SET size = 1")
            .await
            .expect("changed");
        assert_eq!(number(&store.reader, "SELECT size FROM log_head").await, 0);
        drop(tx);
        let tx = store.begin_write().await.expect("begun");
        assert_eq!(number(&tx, "SELECT size FROM log_head").await, 0);
        tx.execute_unprepared("UPDATE log_head SET size = 2")
            .await
            .expect("changed");
        tx.commit().await.expect("committed");
        assert_eq!(number(&store.reader, "SELECT size FROM log_head").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn six_programs_open_a_new_book_together() {
    for fresh in Fresh::both("six").await {
        let mut racers = JoinSet::new();
        for _ in 0..6 {
            let url = fresh.url.clone();
            racers.spawn(async move {
                let store = Store::connect(&url).await?;
                store.migrate().await?;
                store.close().await
            });
        }
        while let Some(outcome) = racers.join_next().await {
            outcome.expect("no panic").expect("opened and migrated");
        }
        assert_eq!(
            fresh.open().await.pending_migrations().await.expect("read"),
            Vec::<String>::new()
        );
    }
}

#[tokio::test]
async fn a_locked_file_is_said_to_be_locked() {
    let fresh = Fresh::sqlite();
    let path = fresh.folder.path().join("book.db");
    let other = Database::connect(format!("sqlite://{}?mode=rwc", path.display()))
        .await
        .expect("opened");
    other.execute_unprepared("BEGIN EXCLUSIVE").await.expect("locked");
    match Store::connect(&fresh.url).await {
        Err(error @ StoreError::Locked { .. }) => assert!(
            error
                .to_string()
                .starts_with("ほかのプログラムが帳簿を使っている")
        ),
        other => panic!("{other:?}"),
    }
    other.execute_unprepared("ROLLBACK").await.expect("unlocked");
    fresh.migrated().await;
}

#[tokio::test]
async fn what_cannot_be_reached_is_unavailable() {
    let folder = tempfile::tempdir().expect("a folder");
    let nowhere = format!("sqlite://{}/none/book.db", folder.path().display());
    for url in [nowhere.as_str(), "postgres://u@127.0.0.1:1/none"] {
        let url: DatabaseUrl = url.parse().expect("an address");
        match Store::connect(&url).await {
            Err(StoreError::Unavailable { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_book_is_damaged() {
    let fresh = Fresh::sqlite();
    std::fs::write(fresh.folder.path().join("book.db"), "にんじん".repeat(1000)).expect("written");
    match Store::connect(&fresh.url).await {
        Err(StoreError::Corrupt { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_lost_connection_is_told_and_replaced() {
    let fresh = Fresh::postgres("lost").await;
    let store = fresh.migrated().await;
    assert_eq!(store.engine, Engine::Postgres);
    let tx = store.begin_write().await.expect("begun");
    let pid = number(&tx, "SELECT pg_backend_pid()::bigint").await;
    store
        .reader
        .execute_unprepared(&format!("SELECT pg_terminate_backend({pid})"))
        .await
        .expect("ended");
    let lost = tx
        .execute_unprepared("UPDATE log_head SET size = 1")
        .await
        .map_err(StoreError::from);
    assert!(matches!(lost, Err(StoreError::Unavailable { .. })), "{lost:?}");
    drop(tx);
    let tx = store.begin_write().await.expect("a new connection");
    assert_ne!(number(&tx, "SELECT pg_backend_pid()::bigint").await, pid);
    assert_eq!(number(&tx, "SELECT size FROM log_head").await, 0);
}
