//! PostgreSQL killed under load: a backend ended or killed, the postmaster killed, at any moment and in the middle of a
//! `COMMIT`. Each test has a server of its own to kill.

use acceptance::{
    dealings::{self, dealings},
    load::{Failures, Load, until_answered},
    rows::{Rows, assert_there, assert_verified},
    server::{self, Server, texts},
    support::{Engine, engines, long, note},
    world::{SMALL_WORLD, outside},
};
use app::{Book, writer::Answer, writer::Job};
use domain::command::Command;
use rand::RngExt as _;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const RECORDERS: usize = 8;

/// The session that writes. Sessions that read say so when they begin; nobody reads here.
const WRITER: &str = "application_name = 'yokoito' AND pid <> pg_backend_pid() AND state IS NOT NULL";

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Victim {
    /// The writer's backend, asked to end: `pg_terminate_backend`.
    Asked,
    /// The writer's backend, by SIGKILL: the postmaster ends all sessions and recovers.
    Backend,
    /// The postmaster, by SIGKILL: nothing works until it is started again.
    Postmaster,
}

/// Kills at any moment, and as many in the middle of a `COMMIT`.
fn kills() -> [(Victim, usize); 3] {
    let times = if long() { 10 } else { 1 };
    [
        (Victim::Asked, 6 * times),
        (Victim::Backend, 3 * times),
        (Victim::Postmaster, 2 * times),
    ]
}

async fn open(url: &str) -> Book {
    let book = Book::open(&url.parse().unwrap(), outside(7)).await.unwrap();
    for line in SMALL_WORLD.lines() {
        let act = serde_json::from_str(line).unwrap();
        until_answered(&book, &act).await;
    }
    book
}

/// Kills when a statement finds the writer.
async fn strike_when(server: &Server, victim: Victim, writer: &str) {
    let connection = server.connect_again().await;
    // whom the server ends itself is ended by the statement that finds it
    let end = if victim == Victim::Asked {
        "WHERE pg_terminate_backend(pid)"
    } else {
        ""
    };
    // found first: else it would end whomever it looks at
    let sql = format!(
        "WITH found AS MATERIALIZED (SELECT pid FROM pg_stat_activity WHERE {writer}) \
         SELECT pid::text FROM found {end}"
    );
    let begun = Instant::now();
    let pid: u32 = loop {
        if let Some(pid) = texts(&connection, &sql).await.unwrap().pop() {
            break pid.parse().unwrap();
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody writes");
    };
    match victim {
        Victim::Asked => {}
        Victim::Backend => drop(server::kill(pid)),
        Victim::Postmaster => {
            server.kill_postmaster();
            server.start_again();
        }
    }
    drop(connection.close().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_of_the_server_lose_and_double_nothing() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = Server::start();
    let book = open(&server.book("kills")).await;
    let answered: Arc<Mutex<Vec<(String, u64)>>> = Arc::default();
    let hears = Arc::clone(&answered);
    let load = Load::new(&book, 0..usize::MAX, move |key: &str, seq: u64| {
        hears.lock().unwrap().push((key.to_owned(), seq));
    });
    let running = load.clone();
    let recorders = tokio::spawn(async move { running.run(RECORDERS).await });
    let count = || answered.lock().unwrap().len();
    let mut struck: BTreeMap<String, usize> = BTreeMap::new();
    for in_commit in [false, true] {
        // a commit that waits this long before it is flushed is easily met
        let delay = if in_commit { "30000" } else { "0" };
        server.set("commit_siblings", "0").await;
        server.set("commit_delay", delay).await;
        for (victim, times) in kills() {
            for _ in 0..times {
                // under load again, for a while
                let before = count();
                let more = rand::rng().random_range(1..40);
                let begun = Instant::now();
                while count() < before + more {
                    assert!(
                        begun.elapsed() < Duration::from_mins(1),
                        "the load does not go on after {struck:?}"
                    );
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let (writer, place) = if in_commit {
                    let commits = format!("{WRITER} AND state = 'active' AND query = 'COMMIT'");
                    (commits, "in the middle of a COMMIT")
                } else {
                    // the load keeps the writer busy
                    let busy = format!("{WRITER} ORDER BY state_change DESC LIMIT 1");
                    (busy, "anywhere")
                };
                strike_when(&server, victim, &writer).await;
                *struck.entry(format!("{victim:?} {place}")).or_default() += 1;
            }
        }
    }
    server.connect_again().await.close().await.unwrap();
    load.stop();
    let (lots, failures) = recorders.await.unwrap();
    note(&format!(
        "PostgreSQL killed {} times under {RECORDERS} recorders, {struck:?}; {} acts answered; failures met: {failures:?}",
        struck.values().sum::<usize>(),
        count()
    ));
    assert_only_clear_failures(&failures);
    let rows = Rows::of(&server.book("kills")).await;
    let keys = rows.keys().await;
    let answered = answered.lock().unwrap().clone();
    assert_there(
        answered.iter().map(|(key, seq)| (key.as_str(), *seq)),
        &keys,
        "at the end",
    );
    assert_eq!(answered.len(), dealings(lots).len());
    assert_eq!(keys.len(), SMALL_WORLD.lines().count() + answered.len());
    rows.assert_sound("at the end").await;
    rows.assert_amounts(lots).await;
    rows.close().await;
    assert_verified(&book).await;
    assert_durable(&book).await;
    book.close().await.unwrap();
}

fn assert_only_clear_failures(failures: &Failures) {
    for code in failures.keys() {
        assert!(
            ["book-unavailable", "outcome-unknown"].contains(code),
            "{failures:?}"
        );
    }
}

/// The connection that replaced those that were killed flushes each commit too.
async fn assert_durable(book: &Book) {
    let settings = book.store().settings_of_writer().await.unwrap();
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        assert_eq!(settings.get(name).map(String::as_str), Some("on"), "{name}");
    }
}

/// A server that waits after the flush, before the answer, for a copy that does not exist.
async fn answers_nothing(server: &Server) {
    server.set("synchronous_standby_names", "nobody").await;
}

/// The session that has flushed its commit and does not say so.
const WAITS: &str = "wait_event = 'SyncRep'";

async fn waiting_after_the_flush(connection: &DatabaseConnection) {
    let sql = format!("SELECT pid::text FROM pg_stat_activity WHERE {WAITS}");
    let begun = Instant::now();
    while texts(connection, &sql).await.unwrap().is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(1), "nobody waits");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn job(lots: std::ops::Range<usize>, atomic: bool) -> Job {
    let commands = lots.flat_map(dealings::lot);
    Job {
        commands: commands
            .map(|act| Command::parse(&act.to_string()).unwrap())
            .collect(),
        atomic,
        recorder: "test".into(),
        expects: Vec::new(),
    }
}

/// The commit is on the disk, the server is killed before it says so: the writer looks the keys up, and everybody hears
/// that it is recorded, by them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_of_which_nobody_heard_is_found_again() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = Server::start();
    let book = open(&server.book("unheard")).await;
    let mut lots = 0;
    for victim in [Victim::Asked, Victim::Backend, Victim::Postmaster] {
        for atomic in [false, true] {
            answers_nothing(&server).await;
            let connection = server.connect_again().await;
            let job = job(lots..lots + 10, atomic);
            let expected = job.commands.len();
            let writer = book.writer().clone();
            let answers = tokio::spawn(async move { writer.record(job).await.unwrap() });
            waiting_after_the_flush(&connection).await;
            drop(connection.close().await);
            // only the answer is lost: the server would answer what comes next
            quietly(&server).await;
            strike_when(&server, victim, WAITS).await;
            let answers = answers.await.unwrap();
            assert_eq!(answers.len(), expected);
            assert!(
                answers
                    .iter()
                    .all(|answer| matches!(answer, Answer::Recorded(..))),
                "{victim:?}: {answers:?}"
            );
            lots += 10;
            server.connect_again().await.close().await.unwrap();
        }
    }
    let rows = Rows::of(&server.book("unheard")).await;
    assert_eq!(
        rows.keys().await.len(),
        SMALL_WORLD.lines().count() + dealings(lots).len()
    );
    rows.assert_sound("at the end").await;
    rows.assert_amounts(lots).await;
    rows.close().await;
    assert_verified(&book).await;
    book.close().await.unwrap();
}

/// Takes the setting back without telling the session that waits: it looks only when it is woken.
async fn quietly(server: &Server) {
    let connection = server.connect_again().await;
    connection
        .execute_unprepared("ALTER SYSTEM RESET synchronous_standby_names")
        .await
        .unwrap();
    drop(connection.close().await);
}

/// Connections that were used a moment ago and are dead now: who reads next is given one that lives.
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_after_the_server_ended_all_sessions_hears_nothing_of_it() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = Server::start();
    let book = open(&server.book("reread")).await;
    let connection = server.connect_again().await;
    let end = "SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity \
               WHERE application_name = 'yokoito'";
    let entries = SMALL_WORLD.lines().count() as u64;
    for _ in 0..3 {
        // all of them at once, so that each is opened and used
        let mut reading = Vec::new();
        for _ in 0..4 {
            let snapshot = book.store().snapshot().await.unwrap();
            assert_eq!(snapshot.size().await.unwrap(), entries);
            reading.push(snapshot);
        }
        drop(reading);
        assert_verified(&book).await;
        let ended = texts(&connection, end).await.unwrap();
        assert!(ended.len() > 5, "{} sessions", ended.len());
    }
    assert_verified(&book).await;
    connection.close().await.unwrap();
    book.close().await.unwrap();
}
