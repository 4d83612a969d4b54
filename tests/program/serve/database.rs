//! PostgreSQL restarted and gone under a running server: requests wait or are told to come back, and nothing is lost or
//! doubled by those who send again.

use super::making;
use acceptance::{
    http::{Client, Reply},
    run::{Ran, yokoito},
    served::Served,
    server::Server,
    support::{Engine, engines, note},
    world::SMALL_WORLD,
};
use std::{
    collections::BTreeMap,
    path::Path,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const SENDERS: usize = 8;
/// How often the server is killed and started again.
const KILLS: usize = 3;
/// How long it takes at most until acts are recorded again.
const GOES_ON: Duration = Duration::from_mins(1);

fn command(directory: &Path, url: &str, words: &[&str]) -> Command {
    let mut command = yokoito(words);
    command.args(["--database", url]).current_dir(directory);
    command
}

fn run(directory: &Path, url: &str, words: &[&str]) -> String {
    Ran::from(command(directory, url, words).output().unwrap()).ok()
}

/// Sends under one key until it is recorded; each status that was heard is counted.
fn until_recorded(till: &Client, key: &str, heard: &Mutex<BTreeMap<u16, usize>>) {
    let begun = Instant::now();
    loop {
        let reply = till.post("/v1/productions", key, &making(key));
        *heard.lock().unwrap().entry(reply.status).or_default() += 1;
        match reply.status {
            200 | 201 => return,
            503 => come_back(&reply),
            other => unreachable!("{other}: {}", reply.text()),
        }
        assert!(begun.elapsed() < GOES_ON, "{key} is not recorded");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A 503 says when to come back, and why in words.
fn come_back(reply: &Reply) {
    let seconds: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert!(reply.json()["detail"].as_str().unwrap().ends_with('。'));
}

#[test]
fn a_database_that_goes_and_comes_back_loses_and_doubles_nothing() {
    if !engines().contains(&Engine::Postgres) {
        return;
    }
    let server = Server::start();
    let directory = tempfile::tempdir().unwrap();
    let (directory, url) = (directory.path(), server.book("served"));
    let world = directory.join("world.jsonl");
    std::fs::write(&world, SMALL_WORLD).unwrap();
    run(directory, &url, &["import", "world.jsonl"]);
    let size = || -> usize {
        let head = run(directory, &url, &["log", "head"]);
        head.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let before = size();
    let start = ["serve", "--listen", "127.0.0.1:0", "--key", "book.key"];
    let mut served = Served::from(command(directory, &url, &start));
    let till = served.manager();
    let (heard, recorded, over) = (Mutex::default(), AtomicUsize::new(0), AtomicBool::new(false));
    let readings: Mutex<BTreeMap<u16, usize>> = Mutex::default();
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (till, heard, recorded, over) = (&till, &heard, &recorded, &over);
            scope.spawn(move || {
                for n in 0.. {
                    until_recorded(till, &format!("d-{sender}-{n}"), heard);
                    recorded.fetch_add(1, Ordering::SeqCst);
                    if over.load(Ordering::SeqCst) {
                        break;
                    }
                }
            });
        }
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                let reply = till.get("/v1/stock");
                assert!([200, 503].contains(&reply.status), "{}", reply.text());
                *readings.lock().unwrap().entry(reply.status).or_default() += 1;
            }
        });
        let goes_on = || {
            let (begun, count) = (Instant::now(), recorded.load(Ordering::SeqCst));
            while recorded.load(Ordering::SeqCst) < count + 3 * SENDERS {
                assert!(begun.elapsed() < GOES_ON, "nothing is recorded any more");
                thread::sleep(Duration::from_millis(10));
            }
        };
        for _ in 0..KILLS {
            goes_on();
            server.kill_postmaster();
            server.start_again();
        }
        goes_on();
        over.store(true, Ordering::SeqCst);
    });

    // gone for longer than an act waits
    server.halt();
    let nobody = served.anonymous();
    nobody.get("/healthz").expect(200);
    come_back(&nobody.get("/readyz").expect(503));
    let told = till.post("/v1/productions", "gone", &making("gone")).expect(503);
    come_back(&told);
    come_back(&till.get("/v1/stock").expect(503));
    server.start_again();
    until_recorded(&till, "gone", &heard);
    till.get("/v1/stock").expect(200);
    nobody.get("/readyz").expect(200);
    served.stop();
    assert_eq!(size() - before, recorded.load(Ordering::SeqCst) + 1, "each once");
    run(directory, &url, &["verify"]);
    note(&format!(
        "PostgreSQL killed {KILLS} times and stopped once under a server with {SENDERS} senders: {} acts, answers {:?}, \
         readings {:?}",
        recorded.load(Ordering::SeqCst) + 1,
        heard.lock().unwrap(),
        readings.lock().unwrap(),
    ));
}
