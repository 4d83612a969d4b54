//! `kill -9` in the middle of an import: what was acknowledged is there, nothing is there twice, and the same file again
//! completes it.

use crate::run::{file, on, run};
use acceptance::{
    dealings::{self, dealings, lines},
    support::{TestDatabase, engines, long},
    world::SMALL_WORLD,
};
use domain::log::{Hash, root_of};
use rand::RngExt as _;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};
use store::Store;

/// Lots of one file: about 1,070 acts, three jobs.
const LOTS: usize = 350;

#[test]
fn twenty_kills_of_an_import_lose_and_double_nothing() {
    let kills = if long() { 100 } else { 20 };
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let world = file(&database, "world.jsonl", SMALL_WORLD);
        run(&database, &["import", world.to_str().unwrap()]).ok();
        let all = dealings(LOTS * (kills + 1));
        let mut recorded = SMALL_WORLD.lines().count();
        // the first file in peace: how long it takes
        let mut files = all.chunks(all.len().div_ceil(kills + 1));
        let first = files.next().unwrap();
        let path = file(&database, "first.jsonl", lines(first));
        let import = || {
            let begun = Instant::now();
            run(&database, &["import", path.to_str().unwrap()]).ok();
            begun.elapsed()
        };
        let whole = import();
        // the second time nothing is written: about how long it takes to get going
        let idle = import().min(whole);
        recorded += first.len();
        let mut heard = Vec::new();
        for (n, acts) in files.enumerate() {
            let text = lines(acts);
            let path = file(&database, "acts.jsonl", &text);
            let report = database.directory().join(format!("report-{n}"));
            // one moment in each part of the time that it takes, so that some hit the middle
            let parts = u32::try_from(kills).unwrap();
            let span = whole.saturating_sub(idle);
            let moment =
                idle + span * u32::try_from(n).unwrap() / parts + span.mul_f32(rand::rng().random()) / parts;
            kill_after(
                &database,
                path.to_str().unwrap(),
                report.to_str().unwrap(),
                moment,
            );
            let acknowledged = fs::read_to_string(&report).unwrap_or_default();
            let there = entries(&database);
            for line in acknowledged
                .split_inclusive('\n')
                .filter(|line| line.ends_with('\n'))
            {
                let (number, seq) = line.trim().split_once(' ').unwrap();
                let act = &acts[number.parse::<usize>().unwrap() - 1];
                let key = there.get(&seq.parse().unwrap());
                assert_eq!(
                    key.map(String::as_str),
                    act["key"].as_str(),
                    "{engine:?}, killed after {moment:?}: {line}"
                );
            }
            let new = there.len() - recorded;
            assert!(
                new >= acknowledged.lines().count(),
                "{engine:?}, killed after {moment:?}"
            );
            // whole acts of the file, from its beginning on
            let mut keys: Vec<&str> = there.values().skip(recorded).map(String::as_str).collect();
            let expected: Vec<&str> = acts
                .iter()
                .take(new)
                .filter_map(|act| act["key"].as_str())
                .collect();
            assert_eq!(keys, expected, "{engine:?}, killed after {moment:?}");
            keys.dedup();
            assert_eq!(keys.len(), new);
            check(&database, &format!("{engine:?}, killed after {moment:?}"));
            let again = run(&database, &["import", path.to_str().unwrap()]).ok();
            assert!(again.starts_with("取り込みました: 記録 "), "{again}");
            recorded += acts.len();
            assert_eq!(entries(&database).len(), recorded);
            heard.push(new);
        }
        check(&database, "at the end");
        run(&database, &["verify"]).ok();
        amounts_are_right(&database, LOTS * (kills + 1));
        println!(
            "{engine:?}: recorded when it was killed {heard:?} of about {}",
            first.len()
        );
    }
}

fn kill_after(database: &TestDatabase, path: &str, report: &str, moment: Duration) {
    let mut command = on(database, &["import", path, "--report", report]);
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(moment);
    // SIGKILL on Unix
    child.kill().unwrap();
    child.wait().unwrap();
}

fn read<T>(database: &TestDatabase, sql: &str, row: impl Fn(&QueryResult) -> T) -> Vec<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::connect(&database.url().parse().unwrap()).await.unwrap();
        let db = &store.reader;
        let found = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .expect(sql);
        let rows = found.iter().map(row).collect();
        store.close().await.unwrap();
        rows
    })
}

fn numbers(database: &TestDatabase, sql: &str) -> Vec<i64> {
    read(database, sql, |row| row.try_get_by_index(0).expect(sql))
}

/// Keys by position.
fn entries(database: &TestDatabase) -> BTreeMap<i64, String> {
    let rows = read(database, "SELECT seq, key FROM entry", |row| {
        (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap())
    });
    rows.into_iter().collect()
}

/// The head is the root of the leaves, and what is kept in sum is the sum.
fn check(database: &TestDatabase, when: &str) {
    let leaves = read(database, "SELECT leaf_hash FROM entry ORDER BY seq", |row| {
        let bytes: Vec<u8> = row.try_get_by_index(0).unwrap();
        Hash::new(bytes.try_into().unwrap())
    });
    let head = read(database, "SELECT size, root FROM log_head", |row| {
        let root: Vec<u8> = row.try_get_by_index(1).unwrap();
        (row.try_get_by_index::<i64>(0).unwrap(), root)
    });
    let size = i64::try_from(leaves.len()).unwrap();
    assert_eq!(head, [(size, root_of(&leaves).as_bytes().to_vec())], "{when}");
    assert_eq!(
        numbers(database, "SELECT MAX(seq) + 1 FROM entry"),
        [size],
        "{when}"
    );
    for (what, sql) in [
        (
            "stock that is not the sum of its movements",
            "SELECT s.lot_no FROM stock s WHERE s.quantity <> \
            (SELECT COALESCE(SUM(m.quantity), 0) FROM movement m WHERE m.lot_no = s.lot_no AND m.to_no = s.place_no) - \
            (SELECT COALESCE(SUM(m.quantity), 0) FROM movement m WHERE m.lot_no = s.lot_no AND m.from_no = s.place_no)",
        ),
        (
            "a balance that is not the sum of its postings",
            "SELECT b.account_no FROM balance b WHERE b.yen <> \
            (SELECT SUM(p.yen) FROM posting p WHERE p.account_no = b.account_no)",
        ),
        (
            "an entry that does not balance",
            "SELECT p.seq FROM posting p GROUP BY p.seq HAVING SUM(p.yen) <> 0",
        ),
        (
            "an office of an entry without entry",
            "SELECT o.seq FROM entry_office o WHERE o.seq NOT IN (SELECT seq FROM entry)",
        ),
        (
            "a movement without entry",
            "SELECT m.seq FROM movement m WHERE m.seq NOT IN (SELECT seq FROM entry)",
        ),
        (
            "a key twice",
            "SELECT COUNT(*) FROM entry GROUP BY acting, key HAVING COUNT(*) > 1",
        ),
    ] {
        assert_eq!(numbers(database, sql), [0_i64; 0], "{when}: {what}");
    }
}

/// Worked out from what the file says: lots made, corrected, shipped, received and taken back.
fn amounts_are_right(database: &TestDatabase, lots: usize) {
    let (made, corrected) = (i64::try_from(lots).unwrap(), dealings::count(lots, 25, 0));
    let received = made - dealings::count(lots, 40, 1);
    // kind 1 is 在庫: what A kept, and what B received; what was taken back is on its way again
    let inner = "SELECT CAST(SUM(quantity) AS bigint) FROM stock WHERE inner_place";
    assert_eq!(numbers(database, inner), [made * dealings::MADE - corrected]);
    let owed = "SELECT b.yen FROM balance b JOIN account a ON a.no = b.account_no WHERE a.kind = 10";
    assert_eq!(
        numbers(database, owed),
        [received * dealings::SHIPPED * dealings::YEN]
    );
    let keys: Vec<Value> = dealings(lots);
    let expected = keys.len() + SMALL_WORLD.lines().count();
    assert_eq!(
        numbers(database, "SELECT size FROM log_head"),
        [i64::try_from(expected).unwrap()]
    );
}
