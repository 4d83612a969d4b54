//! A disk that fails: each write and each flush of SQLite, one after the other, is answered with an error instead of
//! being done. The program says so or tries again; what it answered is there, nothing is half there or twice.

use crate::trace::{Call, calls, strace};
use acceptance::{
    dealings::dealings,
    rows::{Rows, assert_there, assert_verified_at},
    run::{file, run},
    support::{Engine, TestDatabase, engines, long, note, recorders},
    world::SMALL_WORLD,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

const LOTS: usize = 3;
/// Recording so few lots takes a fraction of a second.
const PATIENCE: Duration = Duration::from_mins(2);
/// Some faults never end: each connection that is opened in place of a failed one fails at the same write.
const PATIENCE_WITH_FAULT: Duration = Duration::from_secs(2);
const WRITES: &str = "pwrite64,pwritev";
const FLUSHES: &str = "fsync,fdatasync";

/// A book of the small world, to be copied for each fault.
struct Prepared {
    database: TestDatabase,
    folder: PathBuf,
}

impl Prepared {
    fn new() -> Prepared {
        let database = TestDatabase::new(Engine::Sqlite);
        let world = file(&database, "world.jsonl", SMALL_WORLD);
        run(&database, &["import", world.to_str().unwrap()]).ok();
        let folder = database.directory().to_owned();
        Prepared { database, folder }
    }

    fn trial(&self) -> Trial {
        let folder = tempfile::tempdir().unwrap();
        let (_, name) = self.database.url().rsplit_once('/').unwrap();
        // it was closed: all is in the one file
        fs::copy(self.folder.join(name), folder.path().join("book.db")).unwrap();
        Trial { folder }
    }
}

struct Trial {
    folder: tempfile::TempDir,
}

impl Trial {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path("book.db").display())
    }

    /// Records all lots, under `strace` when words for it are given; each act that is answered is reported. Killed when
    /// it has not ended by then.
    fn record(&self, under: &[String], patience: Duration) -> ExitStatus {
        let url = self.url();
        let report = self.path("report");
        let lots = LOTS.to_string();
        let arguments = [&url, "0", &lots, "2", report.to_str().unwrap()];
        let mut command = match under.split_first() {
            None => Command::new(recorders()),
            Some((strace, words)) => {
                let mut command = Command::new(strace);
                command.args(words).arg(recorders());
                command
            }
        };
        let command = command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().unwrap();
        let begun = Instant::now();
        loop {
            if let Some(status) = running.try_wait().unwrap() {
                return status;
            }
            if begun.elapsed() > patience {
                running.kill().unwrap();
                return running.wait().unwrap();
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// All that was answered is there.
    async fn assert_kept(&self, when: &str) -> usize {
        let report = fs::read_to_string(self.path("report")).unwrap_or_default();
        let answered = report.lines().map(|line| {
            let (key, seq) = line.split_once(' ').unwrap();
            (key, seq.parse().unwrap())
        });
        let rows = Rows::of(&self.url()).await;
        let keys = rows.keys().await;
        assert_there(answered.clone(), &keys, when);
        rows.assert_sound(when).await;
        rows.close().await;
        answered.count()
    }
}

/// Words that let the n-th of these calls on the book's files fail, of each connection that makes so many.
fn failing(words: &[String], trial: &Trial, calls: &str, error: &str, n: usize) -> Vec<String> {
    let mut words = words.to_vec();
    for name in ["book.db", "book.db-wal"] {
        words.extend(["-P".to_owned(), trial.path(name).display().to_string()]);
    }
    words.extend(["-e".to_owned(), format!("inject={calls}:error={error}:when={n}")]);
    words
}

/// How many of these calls the busiest thread makes on the book's files when nothing fails.
fn counted(trace: &Path, names: &str) -> usize {
    let calls = calls(&fs::read_to_string(trace).unwrap());
    let of_book = |call: &&Call| {
        call.path.contains("/book.db")
            && !call.path.ends_with("-shm")
            && names.split(',').any(|name| name == call.name)
    };
    let pids: Vec<u32> = calls.iter().filter(of_book).map(|call| call.pid).collect();
    let most = pids
        .iter()
        .map(|pid| pids.iter().filter(|other| *other == pid).count());
    most.max().unwrap_or_default()
}

#[tokio::test]
async fn each_write_and_each_flush_of_sqlite_fails() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let prepared = Prepared::new();
    let trace = prepared.folder.join("trace");
    let both = format!("{WRITES},{FLUSHES}");
    let Some(words) = strace(&trace, &both) else {
        return;
    };
    let whole = prepared.trial();
    assert!(whole.record(&words, PATIENCE).success());
    let settled = SMALL_WORLD.lines().count() + dealings(LOTS).len();
    let step = if long() { 1 } else { 15 };
    let (mut faults, mut hit, mut ended) = (0, 0, 0);
    for (names, error) in [(WRITES, "ENOSPC"), (WRITES, "EIO"), (FLUSHES, "EIO")] {
        // the trace is written beside the program and may end a little after it
        thread::sleep(Duration::from_millis(200));
        let calls = counted(&trace, names);
        assert!(calls > dealings(LOTS).len() / 2, "{calls} {names}");
        // few flushes are made, and each matters
        let step = if names == FLUSHES { step.min(3) } else { step };
        for n in (1..=calls).step_by(step) {
            let when = format!("{error} at {names} {n}");
            let trial = prepared.trial();
            let seen = trial.path("trace");
            let mut words = words.clone();
            let output = words.iter().position(|word| word == "-o").unwrap() + 1;
            words[output] = seen.display().to_string();
            let words = failing(&words, &trial, names, error, n);
            let is_ended = !trial.record(&words, PATIENCE_WITH_FAULT).success();
            faults += 1;
            hit += usize::from(fs::read_to_string(&seen).unwrap().contains("(INJECTED)"));
            ended += usize::from(is_ended);
            let answered = trial.assert_kept(&when).await;
            assert!(is_ended || answered == dealings(LOTS).len(), "{when}: {answered}");
            let again = trial.record(&[], PATIENCE);
            assert!(again.success(), "{when}: it does not go on");
            trial.assert_kept(&when).await;
            let rows = Rows::of(&trial.url()).await;
            assert_eq!(rows.keys().await.len(), settled, "{when}");
            rows.assert_amounts(LOTS).await;
            rows.close().await;
            assert_verified_at(&trial.url()).await;
        }
    }
    note(&format!(
        "SQLite: {faults} runs, in {hit} of them a write or flush failed; {ended} did not get to the end"
    ));
    assert!(hit * 10 > faults * 8, "{hit} of {faults}");
}
