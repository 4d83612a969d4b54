//! `kill -9` of the program under load: what was answered is there, nothing is there twice, and the same acts sent
//! again complete the book.

use acceptance::{
    dealings::{self, dealings, lines},
    rows::{Rows, assert_there, assert_verified_at},
    run::{file, on, run},
    server,
    support::{Engine, TestDatabase, engines, long, note, recorders},
    world::SMALL_WORLD,
};
use rand::RngExt as _;
use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Books in turn, and kills in each of them: of each of two kinds on each of two engines.
fn rounds() -> (usize, usize) {
    if long() { (5, 12) } else { (1, 10) }
}

/// What was answered when a program was killed, as the lines of its report say; a torn last line was not.
fn answered(report: &Path) -> Vec<(String, u64)> {
    let text = fs::read_to_string(report).unwrap_or_default();
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let parsed = whole.map(|line| {
        let (what, seq) = line.trim_end().split_once(' ').unwrap();
        (what.to_owned(), seq.parse().unwrap())
    });
    parsed.collect()
}

/// Waits until a program has answered so many, or has ended.
fn wait_for(child: &mut Child, report: &Path, lines: usize) {
    let answered =
        || fs::read(report).is_ok_and(|text| text.iter().filter(|byte| **byte == b'\n').count() >= lines);
    while !answered() && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_micros(300));
    }
}

fn spawn(command: &mut Command) -> Child {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// SIGKILL; whether it was still running.
fn kill(mut child: Child) -> bool {
    server::kill(child.id());
    let status = child.wait().unwrap();
    status.code().is_none()
}

/// How a long test says that it has proved something.
fn tell(engine: Engine, what: &str, kills: usize, hit: usize, recorded: &[String]) {
    let some: Vec<&str> = recorded.iter().take(12).map(String::as_str).collect();
    note(&format!(
        "{engine:?}: {what} killed {kills} times, {hit} times in the middle; recorded by then: {}",
        some.join(", ")
    ));
    assert!(3 * hit >= kills, "{engine:?}: too few kills hit the middle");
}

/// Lots of one file: about 3,000 acts, six jobs, of which two or three make a batch.
const LOTS: usize = 1_000;

/// When an import is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So long after it was started.
    Started(Duration),
    /// So long after so many lines were answered.
    Answered(usize, Duration),
}

#[tokio::test]
async fn kills_of_an_import_lose_and_double_nothing() {
    let (rounds, kills) = rounds();
    for engine in engines() {
        let (mut hit, mut seen) = (0, Vec::new());
        for _ in 0..rounds {
            kill_imports(engine, kills, &mut hit, &mut seen).await;
        }
        tell(engine, "an import was", rounds * kills, hit, &seen);
    }
}

async fn kill_imports(engine: Engine, kills: usize, hit: &mut usize, seen: &mut Vec<String>) {
    let database = TestDatabase::new(engine);
    let world = file(&database, "world.jsonl", SMALL_WORLD);
    run(&database, &["import", world.to_str().unwrap()]).ok();
    let mut recorded = SMALL_WORLD.lines().count();
    let whole = {
        // a book of its own: how long it takes
        let database = TestDatabase::new(engine);
        let all = SMALL_WORLD.to_owned() + &lines(&dealings(LOTS));
        let path = file(&database, "acts.jsonl", all);
        let begun = Instant::now();
        run(&database, &["import", path.to_str().unwrap()]).ok();
        begun.elapsed()
    };
    for n in 0..kills {
        let acts: Vec<_> = (n * LOTS..(n + 1) * LOTS).flat_map(dealings::lot).collect();
        let path = file(&database, "acts.jsonl", lines(&acts));
        let report = database.directory().join(format!("report-{n}"));
        let mut random = rand::rng();
        let moment = if n % 4 == 0 {
            // also while it starts, or when it is done
            Moment::Started(whole.mul_f64(random.random_range(0.0..1.0)))
        } else {
            // at least two jobs are left, so that there is something to be in the middle of
            let jobs = random.random_range(1..acts.len() / 500 - 2);
            Moment::Answered(jobs * 500, (whole / 8).mul_f64(random.random_range(0.0..1.0)))
        };
        let arguments = [
            "import",
            path.to_str().unwrap(),
            "--report",
            report.to_str().unwrap(),
        ];
        let mut import = spawn(&mut on(&database, &arguments));
        match moment {
            Moment::Started(after) => thread::sleep(after),
            Moment::Answered(lines, after) => {
                wait_for(&mut import, &report, lines);
                thread::sleep(after);
            }
        }
        kill(import);
        let when = format!("{engine:?}, import {n} killed at {moment:?}");
        let rows = Rows::of(database.url()).await;
        let keys = rows.keys().await;
        let answers = answered(&report);
        let key = |line: &str| acts[line.parse::<usize>().unwrap() - 1]["key"].as_str().unwrap();
        assert_there(answers.iter().map(|(line, seq)| (key(line), *seq)), &keys, &when);
        let new = keys.len() - recorded;
        assert!(new >= answers.len(), "{when}");
        // one file, one after the other: whole acts, from its beginning on
        let there: Vec<&str> = keys.values().skip(recorded).map(String::as_str).collect();
        let first: Vec<&str> = acts
            .iter()
            .take(new)
            .filter_map(|act| act["key"].as_str())
            .collect();
        assert_eq!(there, first, "{when}");
        rows.assert_sound(&when).await;
        rows.close().await;
        let again = run(&database, &["import", path.to_str().unwrap()]).ok();
        assert!(again.starts_with("取り込みました: 記録 "), "{again}");
        recorded += acts.len();
        *hit += usize::from(0 < new && new < acts.len());
        seen.push(format!("{new} ({} answered) of {}", answers.len(), acts.len()));
    }
    finished(&database, kills * LOTS).await;
}

/// Lots of recorders that are killed: about 125 acts.
const FEW: usize = 40;
const RECORDERS: usize = 8;

fn start(database: &TestDatabase, lots: Range<usize>, report: &Path) -> Child {
    let mut command = Command::new(recorders());
    command
        .arg(database.url())
        .args([lots.start, lots.end, RECORDERS].map(|n| n.to_string()))
        .arg(report);
    spawn(&mut command)
}

#[tokio::test]
async fn kills_of_many_recorders_lose_and_double_nothing() {
    let (rounds, kills) = rounds();
    for engine in engines() {
        let (mut hit, mut seen) = (0, Vec::new());
        for _ in 0..rounds {
            kill_recorders(engine, kills, &mut hit, &mut seen).await;
        }
        let what = format!("{RECORDERS} recorders in each of one or two programs were");
        tell(engine, &what, rounds * kills, hit, &seen);
    }
}

async fn kill_recorders(engine: Engine, kills: usize, hit: &mut usize, seen: &mut Vec<String>) {
    let database = TestDatabase::new(engine);
    let world = file(&database, "world.jsonl", SMALL_WORLD);
    run(&database, &["import", world.to_str().unwrap()]).ok();
    let mut recorded = SMALL_WORLD.lines().count();
    for n in 0..kills {
        let lots = n * FEW..(n + 1) * FEW;
        let acts: usize = lots.clone().map(|lot| dealings::lot(lot).len()).sum();
        // two programs send the same acts at the same time
        let programs = 1 + n % 2;
        let reports: Vec<PathBuf> = (0..programs)
            .map(|program| database.directory().join(format!("report-{n}-{program}")))
            .collect();
        let mut running: Vec<Child> = reports
            .iter()
            .map(|report| start(&database, lots.clone(), report))
            .collect();
        let mut random = rand::rng();
        let after = random.random_range(1..acts * 3 / 4);
        let pause = Duration::from_micros(random.random_range(0..20_000));
        wait_for(&mut running[0], &reports[0], after);
        thread::sleep(pause);
        // of two, sometimes one goes on
        let survivor = if n % 4 == 3 { running.pop() } else { None };
        let in_time: Vec<bool> = running.into_iter().map(kill).collect();
        if let Some(mut survivor) = survivor {
            assert!(survivor.wait().unwrap().success(), "the other one stopped");
        }
        let when = format!(
            "{engine:?}, recorders {n} of {programs} programs killed after {after} answers and {pause:?}"
        );
        let rows = Rows::of(database.url()).await;
        let keys = rows.keys().await;
        let answers: Vec<Vec<(String, u64)>> = reports.iter().map(|report| answered(report)).collect();
        for answers in &answers {
            assert_there(
                answers.iter().map(|(key, seq)| (key.as_str(), *seq)),
                &keys,
                &when,
            );
        }
        let new = keys.len() - recorded;
        assert!(
            new >= answers.iter().map(Vec::len).max().unwrap_or_default(),
            "{when}"
        );
        rows.assert_sound(&when).await;
        rows.close().await;
        let again = database.directory().join("again");
        assert!(start(&database, lots, &again).wait().unwrap().success(), "{when}");
        recorded += acts;
        *hit +=
            usize::from(in_time.iter().all(|one| *one) && !answers[0].is_empty() && answers[0].len() < acts);
        seen.push(format!("{new} ({} answered) of {acts}", answers[0].len()));
    }
    finished(&database, kills * FEW).await;
}

/// All acts about so many lots are there once.
async fn finished(database: &TestDatabase, lots: usize) {
    let rows = Rows::of(database.url()).await;
    rows.assert_sound("at the end").await;
    rows.assert_amounts(lots).await;
    let expected = SMALL_WORLD.lines().count() + dealings(lots).len();
    let size = rows.numbers("SELECT size FROM log_head").await;
    assert_eq!(size, [i64::try_from(expected).unwrap()]);
    rows.close().await;
    assert_verified_at(database.url()).await;
    run(database, &["verify"]).ok();
}
