//! A network that fails between the program and PostgreSQL, by a proxy on loopback: cut at every part of a batch, the
//! answer of a commit lost, nothing passing, nobody answering.

use acceptance::{
    dealings::{self, dealings},
    load::{Load, until_answered},
    proxy::{Fault, Proxy, Way},
    rows::{Rows, assert_there, assert_verified},
    support::{Engine, TestDatabase, engines, long, note},
    world::{SMALL_WORLD, outside},
};
use app::{
    Book,
    writer::{Answer, Job},
};
use domain::command::Command;
use rand::RngExt as _;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// A book behind a proxy.
struct Behind {
    proxy: Proxy,
    /// Past the proxy.
    direct: String,
    url: String,
}

impl Behind {
    async fn new() -> Option<Behind> {
        if !engines().contains(&Engine::Postgres) {
            return None;
        }
        let database = TestDatabase::new(Engine::Postgres);
        let (server, schema) = database.url().split_once("?schema=").unwrap();
        let proxy = Proxy::to(server).await;
        Some(Behind {
            url: proxy.book(schema),
            direct: database.url().to_owned(),
            proxy,
        })
    }

    async fn open(&self) -> Book {
        let book = Book::open(&self.url.parse().unwrap(), outside(7)).await.unwrap();
        for line in SMALL_WORLD.lines() {
            until_answered(&book, &serde_json::from_str(line).unwrap()).await;
        }
        book
    }

    /// All acts about so many lots are there once, and nothing else.
    async fn finish(self, book: Book, lots: usize) {
        self.proxy.order(Fault::None);
        let rows = Rows::of(&self.direct).await;
        assert_eq!(
            rows.keys().await.len(),
            SMALL_WORLD.lines().count() + dealings(lots).len()
        );
        rows.assert_sound("at the end").await;
        if lots > 0 {
            rows.assert_amounts(lots).await;
        }
        rows.close().await;
        assert_verified(&book).await;
        book.close().await.unwrap();
    }
}

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

fn all_recorded(answers: &[Answer]) -> bool {
    answers
        .iter()
        .all(|answer| matches!(answer, Answer::Recorded(..)))
}

/// Each byte that goes there and back in a batch is the last one once; in an ordinary run, each so-manieth.
#[tokio::test(flavor = "multi_thread")]
async fn cut_anywhere_in_a_batch_it_is_recorded_once() {
    let Some(behind) = Behind::new().await else { return };
    let book = behind.open().await;
    let before = behind.proxy.passed();
    assert!(all_recorded(&record(&book, &dealings::lot(0), false).await));
    let after = behind.proxy.passed();
    let (there, back) = (after[0] - before[0], after[1] - before[1]);
    let mut lots = 1;
    let mut cuts = 0;
    for way in [Way::There, Way::Back] {
        let each = if long() { 1 } else { 37 };
        let mut after = 0;
        loop {
            behind.proxy.order(Fault::Cut(way, after));
            let answers = record(&book, &dealings::lot(lots), lots.is_multiple_of(2)).await;
            assert!(
                all_recorded(&answers),
                "cut after {after} bytes {way:?}: {answers:?}"
            );
            lots += 1;
            if behind.proxy.ordered() != Fault::None {
                // more than a batch has
                behind.proxy.order(Fault::None);
                break;
            }
            cuts += 1;
            after += each;
        }
    }
    note(&format!(
        "cut {cuts} times within a batch of {there} bytes there and {back} back"
    ));
    assert!(cuts > 60, "{cuts} cuts");
    behind.finish(book, lots).await;
}

/// The commit does not arrive, or it is done and its answer does not arrive: recorded once, and said so.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_lost_on_the_way_there_or_back_is_recorded_once() {
    let Some(behind) = Behind::new().await else { return };
    let book = behind.open().await;
    let mut lots = 0;
    for fault in [Fault::LoseCommit, Fault::LoseAnswer] {
        for (size, atomic) in [(1, false), (30, false), (30, true)] {
            let acts: Vec<Value> = (lots..lots + size).flat_map(dealings::lot).collect();
            behind.proxy.order(fault);
            let answers = record(&book, &acts, atomic).await;
            assert_eq!(behind.proxy.ordered(), Fault::None, "it never came to a commit");
            assert_eq!(answers.len(), acts.len());
            assert!(all_recorded(&answers), "{fault:?}, {atomic}: {answers:?}");
            lots += size;
        }
        // of two who send the same it is new to one
        let act = &dealings::lot(lots)[0];
        behind.proxy.order(fault);
        let answers = record(&book, &[act.clone(), act.clone()], false).await;
        assert_eq!(behind.proxy.ordered(), Fault::None, "it never came to a commit");
        assert!(
            matches!(answers[..], [Answer::Recorded(one, _), Answer::Already(other, _)] if one == other),
            "{fault:?}: {answers:?}"
        );
        assert!(all_recorded(
            &record(&book, &dealings::lot(lots)[1..], false).await
        ));
        lots += 1;
    }
    behind.finish(book, lots).await;
}

/// A connection that falls silent without being cut, before the batch or after its commit, is given up after a while:
/// over a new one it is recorded once, and the book goes on.
#[tokio::test(flavor = "multi_thread")]
async fn who_falls_silent_is_not_waited_for_without_end() {
    let silent = async |fault| {
        let Some(behind) = Behind::new().await else { return };
        let book = behind.open().await;
        // the connection is back in its pool, where silence would be noticed sooner
        tokio::time::sleep(Duration::from_millis(500)).await;
        behind.proxy.order(fault);
        let begun = Instant::now();
        let answers = record(&book, &dealings::lot(0), false).await;
        assert_eq!(behind.proxy.ordered(), Fault::None, "it never came to it");
        assert!(all_recorded(&answers), "{fault:?}: {answers:?}");
        assert!(begun.elapsed() > Duration::from_secs(25), "nothing was silent");
        // whoever comes next waits for nothing
        let begun = Instant::now();
        assert!(all_recorded(&record(&book, &dealings::lot(1), true).await));
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        tokio::time::timeout(Duration::from_mins(1), behind.finish(book, 2))
            .await
            .expect("the book closes");
    };
    tokio::join!(silent(Fault::Silence), silent(Fault::SilenceAnswer));
}

/// Faults of all kinds at random moments under many recorders who each send everything twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_recorders_behind_a_bad_network_lose_and_double_nothing() {
    let Some(behind) = Behind::new().await else { return };
    let book = behind.open().await;
    let answered: Arc<Mutex<Vec<(String, u64)>>> = Arc::default();
    let hears = Arc::clone(&answered);
    let load = Load::new(&book, 0..usize::MAX, move |key: &str, seq: u64| {
        hears.lock().unwrap().push((key.to_owned(), seq));
    });
    let running = load.clone();
    let recorders = tokio::spawn(async move { running.run(8).await });
    let count = || answered.lock().unwrap().len();
    let faults = if long() { 400 } else { 40 };
    for n in 0..faults {
        let (fault, more) = {
            let mut random = rand::rng();
            let fault = match n % 5 {
                0 => Fault::LoseAnswer,
                1 => Fault::LoseCommit,
                2 => Fault::Cut(Way::There, random.random_range(0..20_000)),
                3 => Fault::Cut(Way::Back, random.random_range(0..5_000)),
                _ if n % 2 == 0 => Fault::Stall,
                _ => Fault::Refuse,
            };
            (fault, random.random_range(1..10))
        };
        let before = count();
        behind.proxy.order(fault);
        if matches!(fault, Fault::Stall | Fault::Refuse) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            // what stalled is cut, or goes on
            behind.proxy.order(if n % 4 == 0 {
                Fault::Cut(Way::There, 0)
            } else {
                Fault::None
            });
        }
        let begun = Instant::now();
        while behind.proxy.ordered() != Fault::None || count() < before + more {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "the load does not go on after {fault:?}"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    load.stop();
    let (lots, failures) = recorders.await.unwrap();
    note(&format!(
        "{faults} faults of the network under 8 recorders; {} acts answered; failures met: {failures:?}",
        count()
    ));
    let keys = {
        let rows = Rows::of(&behind.direct).await;
        let keys = rows.keys().await;
        rows.close().await;
        keys
    };
    let answered = answered.lock().unwrap().clone();
    assert_there(
        answered.iter().map(|(key, seq)| (key.as_str(), *seq)),
        &keys,
        "at the end",
    );
    behind.finish(book, lots).await;
}

/// While a book is opened for the first time: an error or an open book, and the next try opens it.
#[tokio::test(flavor = "multi_thread")]
async fn cut_while_a_book_is_made_the_next_try_makes_it() {
    let Some(first) = Behind::new().await else { return };
    let book = Book::open(&first.url.parse().unwrap(), outside(7)).await.unwrap();
    let all = first.proxy.passed();
    book.close().await.unwrap();
    let mut failed = 0;
    let parts = if long() { 200 } else { 12 };
    for part in 0..parts {
        for (way, bytes) in [(Way::There, all[0]), (Way::Back, all[1])] {
            let behind = Behind::new().await.unwrap();
            let url = behind.url.parse().unwrap();
            behind.proxy.order(Fault::Cut(way, bytes * part / parts));
            match Book::open(&url, outside(7)).await {
                Ok(book) => book.close().await.unwrap(),
                Err(error) => {
                    failed += 1;
                    assert!(
                        matches!(error, store::StoreError::Unavailable { .. }),
                        "{error:?}"
                    );
                }
            }
            behind.proxy.order(Fault::None);
            let book = behind.open().await;
            behind.finish(book, 0).await;
        }
    }
    note(&format!("{failed} of {} openings were cut and failed", 2 * parts));
    assert!(failed > parts);
}
