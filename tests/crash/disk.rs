//! A full disk: it is said, nothing of what did not fit is there, what was answered stays, and with room it goes on.

use acceptance::{
    dealings::{self, dealings, lines},
    disk::SmallDisk,
    rows::{Rows, assert_there, assert_verified_at},
    run::{file, yokoito},
    server::{Server, server_directory},
    support::{Engine, TestDatabase, engines, long, note},
    world::{SMALL_WORLD, World, outside},
};
use app::{
    Book,
    writer::{Answer, Job},
};
use domain::command::Command;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::{collections::BTreeMap, process};

const KIB: u64 = 1024;

async fn record(book: &Book, acts: &[Value], atomic: bool) -> Vec<Answer> {
    let job = Job {
        commands: acts
            .iter()
            .map(|act| Command::parse(&act.to_string()).unwrap())
            .collect(),
        atomic,
        recorder: "test".into(),
        expects: Vec::new(),
    };
    book.writer().record(job).await.unwrap()
}

async fn open(url: &str) -> Book {
    let book = Book::open(&url.parse().unwrap(), outside(7)).await.unwrap();
    let world: Vec<Value> = SMALL_WORLD
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let answers = record(&book, &world, false).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Answer::Recorded(..))),
        "{answers:?}"
    );
    book
}

/// What was answered, and the first lot that did not fit.
#[derive(Default)]
struct Filled {
    answered: BTreeMap<String, u64>,
    lot: usize,
}

impl Filled {
    fn take(&mut self, act: &Value, answer: &Answer) {
        let Answer::Recorded(_, seq) = answer else {
            panic!("{act}: {answer:?}");
        };
        self.answered
            .insert(act["key"].as_str().unwrap().to_owned(), *seq);
    }
}

/// Records until the disk is full, and checks that this is said and nothing is half there.
async fn fill(book: &Book, url: &str, filled: &mut Filled) {
    let failure = loop {
        let acts = dealings::lot(filled.lot);
        let answers = record(book, &acts, true).await;
        match &answers[0] {
            Answer::Failed(failure) => break failure.clone(),
            Answer::Recorded(..) => {}
            answer => panic!("{answer:?}"),
        }
        for (act, answer) in acts.iter().zip(answers) {
            let Answer::Recorded(_, seq) = answer else {
                panic!("{answer:?}");
            };
            filled
                .answered
                .insert(act["key"].as_str().unwrap().to_owned(), seq);
        }
        filled.lot += 1;
        assert!(filled.lot < 20_000, "the disk never got full");
    };
    assert_eq!(failure.code, "disk-full", "{}", failure.sentence);
    assert!(
        failure.sentence.starts_with("ディスクがいっぱい"),
        "{}",
        failure.sentence
    );
    assert_there_and_nothing_else(url, filled, "full").await;
}

/// Many at once do not fit either, each on its own and all together.
async fn still_full(book: &Book, url: &str, filled: &Filled) {
    for atomic in [false, true] {
        let many: Vec<Value> = (filled.lot..filled.lot + 100).flat_map(dealings::lot).collect();
        for answer in record(book, &many, atomic).await {
            match answer {
                Answer::Failed(failure) => assert_eq!(failure.code, "disk-full"),
                answer => panic!("{answer:?}"),
            }
        }
    }
    assert_there_and_nothing_else(url, filled, "still full").await;
}

async fn assert_there_and_nothing_else(url: &str, filled: &Filled, when: &str) {
    let rows = Rows::of(url).await;
    let keys = rows.keys().await;
    assert_there(
        filled.answered.iter().map(|(key, seq)| (key.as_str(), *seq)),
        &keys,
        when,
    );
    assert_eq!(
        keys.len(),
        SMALL_WORLD.lines().count() + filled.answered.len(),
        "{when}"
    );
    rows.assert_sound(when).await;
    rows.close().await;
}

/// There is room again: the same acts, and more.
async fn go_on(book: &Book, url: &str, filled: &Filled) {
    let more: Vec<Value> = (filled.lot..filled.lot + 50).flat_map(dealings::lot).collect();
    let answers = record(book, &more, false).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Answer::Recorded(..))),
        "{answers:?}"
    );
    let rows = Rows::of(url).await;
    let keys = rows.keys().await;
    assert_there(
        filled.answered.iter().map(|(key, seq)| (key.as_str(), *seq)),
        &keys,
        "with room",
    );
    rows.assert_sound("with room").await;
    rows.assert_amounts(filled.lot + 50).await;
    rows.close().await;
    assert_verified_at(url).await;
}

/// Everywhere, also where no small disk can be made: SQLite is told how large its file may grow.
#[tokio::test]
async fn a_full_file_is_said_and_then_it_goes_on() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let world = World::new(Engine::Sqlite).await;
    let url = world.database.url();
    let grow = async |pages: i64| {
        let writer = &world.book.store().writer;
        let pragma = format!("PRAGMA max_page_count = {pages}");
        writer.execute_unprepared(&pragma).await.unwrap();
    };
    let mut filled = Filled::default();
    // again and again, one act and many: what the driver thinks of the connection after a failure must not add up
    for times in 1..=4 {
        let pages = world.number("PRAGMA page_count").await;
        grow(pages + 20).await;
        fill(&world.book, url, &mut filled).await;
        assert!(filled.lot > times, "nothing fitted");
        for _ in 0..4 {
            grow(pages + 20).await;
            let many: Vec<Value> = (filled.lot..filled.lot + 30).flat_map(dealings::lot).collect();
            let answers = record(&world.book, &many, true).await;
            // a new connection knows no limit
            if matches!(&answers[0], Answer::Recorded(..)) {
                for (act, answer) in many.iter().zip(answers) {
                    filled.take(act, &answer);
                }
                filled.lot += 30;
            }
            assert_there_and_nothing_else(url, &filled, "full again").await;
        }
    }
    // a new connection has no limit, the old one has
    grow(1_000_000).await;
    go_on(&world.book, url, &filled).await;
}

#[tokio::test]
async fn on_a_full_disk_sqlite_says_so_and_then_goes_on() {
    let Some(disk) = SmallDisk::new(16 * 1024 * KIB) else {
        return;
    };
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let url = format!("sqlite://{}/book.db", disk.path().display());
    let book = open(&url).await;
    let ballast = disk.fill(700 * KIB);
    let mut filled = Filled::default();
    fill(&book, &url, &mut filled).await;
    note(&format!(
        "SQLite on a full disk: {} acts fitted",
        filled.answered.len()
    ));
    assert!(filled.lot > 0);
    still_full(&book, &url, &filled).await;
    ballast.remove();
    go_on(&book, &url, &filled).await;
    book.close().await.unwrap();
}

#[test]
fn an_import_onto_a_full_disk_stops_and_the_same_file_again_completes_it() {
    // on a busy machine batches are smaller and more, and so is what waits in the log of writes
    let Some(disk) = SmallDisk::new(32 * 1024 * KIB) else {
        return;
    };
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let database = TestDatabase::new(Engine::Sqlite);
    let all = SMALL_WORLD.to_owned() + &lines(&dealings(1_000));
    let path = file(&database, "acts.jsonl", &all);
    let count = all.lines().count();
    let url = format!("sqlite://{}/book.db", disk.path().display());
    let import = || -> (Option<i32>, String, String) {
        let output = yokoito(&["import", path.to_str().unwrap(), "--database", &url])
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let ballast = disk.fill(2_500 * KIB);
    let (code, stdout, stderr) = import();
    assert_eq!(code, Some(2), "{stdout}{stderr}");
    assert!(stderr.contains("ディスクがいっぱい"), "{stderr}");
    let verified = yokoito(&["verify", "--database", &url]).output().unwrap();
    assert!(verified.status.success(), "it is still read: {verified:?}");
    ballast.remove();
    let (code, stdout, stderr) = import();
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    let summary = stdout.trim_end().strip_prefix("取り込みました: 記録 ").unwrap();
    let (new, old) = summary.split_once("件、すでに記録済み ").unwrap();
    let number = |text: &str| {
        text.trim_end_matches('件')
            .replace(',', "")
            .parse::<usize>()
            .unwrap()
    };
    assert!(number(old) > 0, "{summary}");
    assert_eq!(number(new) + number(old), count);
    let verified = yokoito(&["verify", "--database", &url]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

/// The disk of the tables is full; the server goes on.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_of_tables_postgres_says_so_and_then_goes_on() {
    let Some(disk) = SmallDisk::new(64 * 1024 * KIB) else {
        return;
    };
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = Server::start();
    let tables = disk.path().join("tables");
    std::fs::create_dir(&tables).unwrap();
    // the server's user is the one that owns its directory
    let owner = process::Command::new("chown")
        .arg("--reference")
        .arg(server.directory().join("data"))
        .arg(&tables)
        .status();
    assert!(owner.unwrap().success());
    let connection = server.connect().await.unwrap();
    for sql in [
        format!("CREATE TABLESPACE small LOCATION '{}'", tables.display()),
        "ALTER ROLE postgres SET default_tablespace = small".to_owned(),
    ] {
        connection.execute_unprepared(&sql).await.expect(&sql);
    }
    connection.close().await.unwrap();
    let url = server.book("full");
    let book = open(&url).await;
    let ballast = disk.fill(300 * KIB);
    let mut filled = Filled::default();
    fill(&book, &url, &mut filled).await;
    note(&format!(
        "PostgreSQL, tables on a full disk: {} acts fitted",
        filled.answered.len()
    ));
    assert!(filled.lot > 0);
    still_full(&book, &url, &filled).await;
    ballast.remove();
    go_on(&book, &url, &filled).await;
    book.close().await.unwrap();
    drop(server);
}

/// The disk of everything is full: the server cannot write its log, and stops. With room it starts again.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_of_everything_postgres_stops_and_then_goes_on() {
    if !long() || !engines().contains(&Engine::Postgres) {
        return;
    }
    let Some(disk) = SmallDisk::new(512 * 1024 * KIB) else {
        return;
    };
    let server = Server::start_in(server_directory(Some(disk.path())), &[]);
    let url = server.book("everything");
    let book = open(&url).await;
    let ballast = disk.fill(1024 * KIB);
    let connection = server.connect().await.unwrap();
    let mut filled = Filled::default();
    let mut tries = 0;
    let failure = loop {
        let acts = dealings::lot(filled.lot);
        let answers = record(&book, &acts, true).await;
        match &answers[0] {
            // tables that do not fit are said as ever; the log is what the server cannot do without
            Answer::Failed(failure) if failure.code == "disk-full" => {}
            Answer::Failed(failure) => break failure.clone(),
            Answer::Recorded(..) => {
                for (act, answer) in acts.iter().zip(answers) {
                    filled.take(act, &answer);
                }
                filled.lot += 1;
            }
            answer => panic!("{answer:?}"),
        }
        tries += 1;
        assert!(tries < 2_000, "the server never stopped");
        if tries > 20 {
            // on to the next file of its log, for which there is no room; it may be the server's last word
            drop(connection.execute_unprepared("SELECT pg_switch_wal()").await);
        }
    };
    note(&format!(
        "PostgreSQL, everything on a full disk: {} acts fitted, then {failure:?}",
        filled.answered.len()
    ));
    drop(connection);
    ballast.remove();
    server.start_again();
    server.connect_again().await.close().await.unwrap();
    let again = record(&book, &dealings::lot(filled.lot), true).await;
    assert!(
        again
            .iter()
            .all(|answer| matches!(answer, Answer::Recorded(..) | Answer::Already(..))),
        "{again:?}"
    );
    filled.lot += 1;
    go_on(&book, &url, &filled).await;
    book.close().await.unwrap();
    drop(server);
}
