//! The flush comes before the answer: shown by the system calls of the program on SQLite and of PostgreSQL's backend,
//! because `kill -9` cannot show it: what is written and not flushed survives a killed program, but not a power cut.

use crate::trace::{Call, calls, flushed_before, strace};
use acceptance::{
    dealings::{self, dealings, lines},
    load::until_answered,
    run::{file, yokoito},
    server::Server,
    support::{Engine, TestDatabase, engines, note, recorders},
    world::{SMALL_WORLD, outside},
};
use app::Book;
use sea_orm::ConnectionTrait;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Calls by which SQLite and the report are written.
const OF_PROGRAMS: &str = "write,writev,pwrite64,pwritev,fsync,fdatasync";
/// Calls of PostgreSQL: its log, and what it hears and says.
const OF_SERVERS: &str = "write,writev,pwrite64,pwritev,fsync,fdatasync,sendto,recvfrom";

/// The trace once it is whole: the last thing that is traced is an end.
fn whole(trace: &Path) -> String {
    let begun = Instant::now();
    let mut last = String::new();
    loop {
        thread::sleep(Duration::from_millis(100));
        let text = fs::read_to_string(trace).unwrap_or_default();
        let ended = text.lines().next_back().is_some_and(|line| line.ends_with("+++"));
        if ended && text == last {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "the trace has no end");
        last = text;
    }
}

fn run(words: &[String], command: &Path, arguments: &[&str]) {
    let mut traced = Command::new(&words[0]);
    traced
        .args(&words[1..])
        .arg(command)
        .args(arguments)
        .stdin(Stdio::null());
    let output = traced.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Before each line of answers, what was written to the log of writes was flushed. Returns how many there were.
fn assert_flushed_before_answers(trace: &str, report: &Path) -> usize {
    let calls = calls(trace);
    let is_log = |call: &Call| call.path.ends_with("book.db-wal");
    let answers: Vec<&Call> = calls
        .iter()
        .filter(|call| call.writes() && Path::new(&call.path) == report)
        .collect();
    let mut since = 0;
    for answer in &answers {
        if let Err(why) = flushed_before(&calls, is_log, since, answer.begun) {
            panic!("{why}: {}", answer.text);
        }
        since = answer.begun;
    }
    answers.len()
}

/// One job a file, so that nothing is written for the next one while the first is answered.
#[test]
fn on_sqlite_the_flush_precedes_each_answer_of_an_import() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let database = TestDatabase::new(Engine::Sqlite);
    let trace = database.directory().join("trace");
    let Some(words) = strace(&trace, OF_PROGRAMS) else {
        return;
    };
    let mut answers = 0;
    let files = [SMALL_WORLD.to_owned()].into_iter().chain((0..4).map(|n| {
        let acts: Vec<_> = (n * 20..(n + 1) * 20).flat_map(dealings::lot).collect();
        lines(&acts)
    }));
    for (n, content) in files.enumerate() {
        let path = file(&database, "acts.jsonl", &content);
        let report = database.directory().join(format!("report-{n}"));
        let program = yokoito(&[]);
        let arguments = [
            "import",
            path.to_str().unwrap(),
            "--report",
            report.to_str().unwrap(),
            "--database",
            database.url(),
        ];
        run(&words, Path::new(program.get_program()), &arguments);
        let trace = whole(&trace);
        if n == 0 {
            // a file that nobody can find again after a power cut is not written either
            let folder = database.directory();
            let calls = calls(&trace);
            let answer = calls.iter().find(|call| Path::new(&call.path) == report).unwrap();
            let named = calls
                .iter()
                .any(|call| call.flushes() && Path::new(&call.path) == folder && call.done < answer.begun);
            assert!(named, "the names of new files are not flushed");
        }
        let answered = assert_flushed_before_answers(&trace, &report);
        assert!(answered > 0, "file {n}: nothing was answered");
        assert_eq!(
            fs::read_to_string(&report).unwrap().lines().count(),
            content.lines().count()
        );
        answers += answered;
    }
    note(&format!(
        "SQLite: {answers} answers of an import, a flush before each"
    ));
}

#[test]
fn on_sqlite_the_flush_precedes_each_answer_to_a_recorder() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let database = TestDatabase::new(Engine::Sqlite);
    let world = file(&database, "world.jsonl", SMALL_WORLD);
    acceptance::run::run(&database, &["import", world.to_str().unwrap()]).ok();
    let trace = database.directory().join("trace");
    let Some(words) = strace(&trace, OF_PROGRAMS) else {
        return;
    };
    let report = database.directory().join("report");
    run(
        &words,
        recorders(),
        &[database.url(), "0", "20", "1", report.to_str().unwrap()],
    );
    let answers = assert_flushed_before_answers(&whole(&trace), &report);
    assert_eq!(answers, dealings(20).len());
    note(&format!(
        "SQLite: {answers} answers to a recorder, a flush before each"
    ));
}

/// What the backend of this process heard and said: `COMMIT`, and that it is done.
fn commits(calls: &[Call], pid: u32, from: usize) -> Vec<(usize, usize)> {
    let mut commits = Vec::new();
    let mut heard = None;
    for call in calls.iter().filter(|call| call.pid == pid && call.begun > from) {
        match call.name.as_str() {
            "recvfrom" if call.text.contains("COMMIT\\0") => heard = Some(call.begun),
            "sendto" if call.text.contains("COMMIT\\0") => commits.push((heard.take().unwrap(), call.begun)),
            _ => {}
        }
    }
    commits
}

fn is_servers_log(call: &Call) -> bool {
    call.path.contains("/pg_wal/")
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres_the_flush_precedes_the_answer_of_each_commit() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let Some(words) = strace(&trace, OF_SERVERS) else {
        return;
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let server = Server::start_under(&words);
    // who is traced may come to stand still; then the test fails instead of never ending
    let recorded = tokio::time::timeout(Duration::from_mins(3), record_traced(&server)).await;
    let acts = recorded.expect("nothing moves any more under the trace");
    drop(server);
    assert_flushed_before_commits_answered(&calls(&whole(&trace)), acts);
}

/// Records between marks, and once in a hurry; how many acts there are between the marks.
async fn record_traced(server: &Server) -> usize {
    // nobody but who commits flushes the log in the meantime
    server.set("wal_writer_delay", "10s").await;
    let book = Book::open(&server.book("flushed").parse().unwrap(), outside(7))
        .await
        .unwrap();
    for line in SMALL_WORLD.lines() {
        until_answered(&book, &serde_json::from_str(line).unwrap()).await;
    }
    let begins = |what: &str| format!("SELECT pg_backend_pid() AS {what}");
    let writer = &book.store().writer;
    writer.execute_unprepared(&begins("acts_begin")).await.unwrap();
    let acts = dealings(10);
    for act in &acts {
        until_answered(&book, act).await;
    }
    writer.execute_unprepared(&begins("acts_end")).await.unwrap();
    // what does not wait for the flush, to see that the trace shows it
    let hasty = server.connect().await.unwrap();
    for sql in [
        "SET synchronous_commit = off",
        "CREATE TABLE hasty (n int)",
        &begins("haste_begins"),
    ] {
        hasty.execute_unprepared(sql).await.unwrap();
    }
    for sql in [
        "BEGIN",
        "INSERT INTO hasty VALUES (1)",
        "COMMIT",
        &begins("haste_ends"),
    ] {
        hasty.execute_unprepared(sql).await.unwrap();
    }
    hasty.close().await.unwrap();
    book.close().await.unwrap();
    acts.len()
}

fn assert_flushed_before_commits_answered(calls: &[Call], acts: usize) {
    let marked = |what: &str| {
        calls
            .iter()
            .find(|call| call.name == "recvfrom" && call.text.contains(what))
            .unwrap()
    };
    let (begin, end) = (marked("acts_begin"), marked("acts_end"));
    assert_eq!(begin.pid, end.pid);
    let commits_of = |from: &Call| commits(calls, from.pid, from.begun);
    let mut answered = commits_of(begin);
    answered.retain(|(_, said)| *said < end.begun);
    assert_eq!(answered.len(), acts, "each act is a commit");
    for (heard, said) in &answered {
        flushed_before(calls, is_servers_log, *heard, *said).unwrap();
    }
    let hasty = commits_of(marked("haste_begins"));
    assert_eq!(hasty.len(), 1);
    assert!(
        flushed_before(calls, is_servers_log, hasty[0].0, hasty[0].1).is_err(),
        "a commit that waits for nothing looks like one that does"
    );
    note(&format!(
        "PostgreSQL: {} commits answered, a flush before each; none before a hasty one",
        answered.len()
    ));
}
