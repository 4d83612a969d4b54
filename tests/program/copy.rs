//! `yokoito export` and back: the same book on the other engine.

use crate::run::{file, on, run, run_with};
use acceptance::{
    dealings::{dealings, lines},
    support::{TestDatabase, engines},
    world::SMALL_WORLD,
};
use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

#[test]
fn from_engine_to_engine_and_back_the_copies_are_equal() {
    let mut chain: Vec<TestDatabase> = engines().into_iter().map(TestDatabase::new).collect();
    chain.push(TestDatabase::new(chain[0].engine()));
    let acts = SMALL_WORLD.to_owned() + &lines(&dealings(40));
    run_with(&chain[0], &["import", "-"], &acts).ok();
    let count = acts.lines().count();
    let note = run(&chain[0], &["log", "checkpoint", "--key", "book.key"]).ok();
    let first = run(&chain[0], &["export"]).ok();
    let head = first.lines().last().unwrap().to_owned();
    assert!(
        head.starts_with(&format!(r#"{{"kind":"end","format":1,"size":{count},"root":""#)),
        "{head}"
    );
    for pair in chain.windows(2) {
        let copy = run(&pair[0], &["export"]).ok();
        assert!(copy == first, "the copies differ");
        let path = file(&pair[1], "copy.jsonl", &copy);
        // cut off: refused, nothing stays
        let cut = file(&pair[1], "cut.jsonl", &copy[..copy.len() - head.len() - 1]);
        let ran = run(&pair[1], &["import", cut.to_str().unwrap()]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains("途中で切れています"), "{ran:?}");
        assert_eq!(run(&pair[1], &["export"]).ok().lines().count(), 2);
        let taken = run(&pair[1], &["import", path.to_str().unwrap()]).ok();
        assert_eq!(taken, format!("取り込みました: 記録 {count}件\n"));
        // what was signed before the move is continued after it
        file(&pair[1], "head.txt", &note);
        run(&pair[1], &["verify", "--head", "head.txt"]).ok();
        let again = run(&pair[1], &["import", path.to_str().unwrap()]).ok();
        assert_eq!(
            again,
            format!("取り込みました: 記録 0件、すでに記録済み {count}件\n")
        );
    }
    assert!(run(&chain[chain.len() - 1], &["export"]).ok() == first);
}

#[test]
fn acts_can_be_written_out_and_recorded_anew() {
    for engine in engines() {
        let (one, other) = (TestDatabase::new(engine), TestDatabase::new(engine));
        let acts = SMALL_WORLD.to_owned() + &lines(&dealings(40));
        run_with(&one, &["import", "-"], &acts).ok();
        let written = run(&one, &["export", "--acts"]).ok();
        run_with(&other, &["import", "-"], &written).ok();
        assert_eq!(run(&other, &["export", "--acts"]).ok(), written);
    }
}

/// `yokoito export | head -1`
#[test]
fn a_reader_that_has_enough_is_no_error() {
    let database = TestDatabase::new(engines()[0]);
    run_with(
        &database,
        &["import", "-"],
        &(SMALL_WORLD.to_owned() + &lines(&dealings(400))),
    )
    .ok();
    let mut command = on(&database, &["export"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.contains("\"book\""), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
