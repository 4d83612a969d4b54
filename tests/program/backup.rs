//! `yokoito backup` and `restore` as people run them: from engine to engine, killed, without room, refused.

use crate::run::{Ran, file, on, run, run_with, yokoito};
use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, engines, program},
    world::SMALL_WORLD,
};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Enough to kill the program in the middle of.
const LOTS: usize = 1_200;
const KILLS: u32 = 12;

fn book(engine: Engine, lots: usize) -> TestDatabase {
    let database = TestDatabase::new(engine);
    let acts = SMALL_WORLD.to_owned() + &lines(&dealings(lots));
    run_with(&database, &["import", "-"], &acts).ok();
    database
}

/// The program with a key in the book's own folder: a server's would be in the user's.
fn with_key(database: &TestDatabase, arguments: &[&str]) -> Ran {
    run(database, &[arguments, &["--key", "book.key"]].concat())
}

fn names(database: &TestDatabase) -> Vec<String> {
    let files = fs::read_dir(database.directory()).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn from_engine_to_engine() {
    for engine in engines() {
        let source = book(engine, 40);
        let said = with_key(&source, &["backup", "backup.jsonl"]).ok();
        assert!(
            said.starts_with("バックアップを作りました: backup.jsonl(伝票"),
            "{said}"
        );
        assert!(
            said.contains("鍵のファイル「book.key」は入っていません"),
            "{said}"
        );
        assert!(names(&source).contains(&"book.head".to_owned()));
        let again = with_key(&source, &["backup", "backup.jsonl"]);
        assert_eq!(again.code, Some(2), "{again:?}");
        assert!(again.stderr.contains("--replace"), "{again:?}");
        with_key(&source, &["backup", "backup.jsonl", "--replace"]).ok();
        with_key(&source, &["backup", "backup.jsonl.gz"]).ok();
        let size = |name| fs::metadata(source.directory().join(name)).unwrap().len();
        assert!(size("backup.jsonl.gz") * 2 < size("backup.jsonl"));
        for other in engines() {
            let place = TestDatabase::new(other);
            let backup = source.directory().join("backup.jsonl.gz");
            let backup = backup.to_str().unwrap();
            let said = with_key(&place, &["restore", "--check", backup]).ok();
            assert!(said.starts_with("このバックアップは戻せます: 伝票"), "{said}");
            assert_eq!(names(&place), [""; 0]);
            let said = with_key(&place, &["restore", backup]).ok();
            for expected in [
                "戻しました: 伝票",
                "鍵のファイル「book.key」がありません",
                "✔ 9",
                "帳簿は正しい状態です",
            ] {
                assert!(said.contains(expected), "{said}");
            }
            assert_eq!(
                run(&place, &["log", "head"]).ok(),
                run(&source, &["log", "head"]).ok()
            );
            assert_eq!(run(&place, &["export"]).ok(), run(&source, &["export"]).ok());
            // what is there is never written over
            let twice = with_key(&place, &["restore", backup]);
            assert_eq!(twice.code, Some(2), "{twice:?}");
            assert!(twice.stderr.contains("すでに帳簿があります"), "{twice:?}");
        }
    }
}

#[test]
fn an_older_backup_says_what_would_be_missing() {
    let source = book(engines()[0], 4);
    with_key(&source, &["backup", "old.jsonl"]).ok();
    run_with(&source, &["import", "-"], &lines(&dealings(7))).ok();
    let note = with_key(&source, &["log", "checkpoint"]).ok();
    assert_eq!(
        fs::read_to_string(source.directory().join("book.head")).unwrap(),
        note
    );
    let place = TestDatabase::new(engines()[0]);
    file(&place, "book.head", &note);
    let backup = source.directory().join("old.jsonl");
    let backup = backup.to_str().unwrap();
    let check = with_key(&place, &["restore", "--check", backup]);
    assert_eq!(check.code, Some(1), "{check:?}");
    let refused = with_key(&place, &["restore", backup]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    // nine acts of three lots
    for said in [&check.stdout, &refused.stderr] {
        assert!(said.contains("少なくとも9枚の伝票がなくなります"), "{said}");
    }
    let said = with_key(&place, &["restore", "--older", backup]).ok();
    assert!(said.contains("少なくとも9枚"), "{said}");
    assert!(said.contains("book.head.given-up-"), "{said}");
    let later = with_key(&place, &["log", "checkpoint"]);
    assert_eq!((later.code, later.stderr.as_str()), (Some(0), ""), "{later:?}");
    // rolled back behind the program's back, it is noticed the next time something is signed
    file(&place, "book.head", &note);
    let warned = with_key(&place, &["log", "checkpoint"]);
    assert_eq!(warned.code, Some(0), "{warned:?}");
    assert!(
        warned.stderr.contains("古い控えに戻されたかもしれません"),
        "{warned:?}"
    );
    assert_eq!(
        fs::read_to_string(place.directory().join("book.head")).unwrap(),
        note
    );
}

/// Waits for a file, then kills; the answer is whether the program was still running.
fn kill_when_there(mut command: Command, sign: &Path, pause: Duration) -> bool {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !sign.exists() && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(pause);
    // SIGKILL on Unix
    child.kill().unwrap();
    !child.wait().unwrap().success()
}

#[test]
fn a_killed_backup_leaves_no_half_of_a_file() {
    for engine in engines() {
        let database = book(engine, LOTS);
        let begun = Instant::now();
        with_key(&database, &["backup", "whole.jsonl"]).ok();
        let whole = begun.elapsed();
        let (target, part) = (
            database.directory().join("b.jsonl"),
            database.directory().join("b.jsonl.part"),
        );
        let mut killed = 0;
        for n in 0..KILLS {
            let command = on(&database, &["backup", "b.jsonl", "--key", "book.key"]);
            drop(fs::remove_file(&part));
            killed += u32::from(kill_when_there(command, &part, whole * n / (KILLS * 2)));
            if target.exists() {
                run(&database, &["restore", "--check", "b.jsonl", "--key", "book.key"]).ok();
                fs::remove_file(&target).unwrap();
            }
        }
        assert!(
            killed > KILLS / 3,
            "{killed} of {KILLS} were killed in the middle"
        );
        // what the last one left is in nobody's way
        fs::write(&part, "half").unwrap();
        with_key(&database, &["backup", "b.jsonl"]).ok();
        assert!(!part.exists());
        run(&database, &["restore", "--check", "b.jsonl", "--key", "book.key"]).ok();
        run(&database, &["verify"]).ok();
    }
}

#[test]
fn a_killed_restore_is_simply_run_again() {
    for engine in engines() {
        let source = book(engine, LOTS);
        with_key(&source, &["backup", "backup.jsonl"]).ok();
        let backup = source.directory().join("backup.jsonl");
        let backup = backup.to_str().unwrap();
        let place = TestDatabase::new(engine);
        let begun = Instant::now();
        with_key(&TestDatabase::new(engine), &["restore", backup]).ok();
        let whole = begun.elapsed();
        let (name, making) = (
            place.directory().join("book.db"),
            place.directory().join("book.db.restoring"),
        );
        let mut killed = 0;
        for n in 0..KILLS {
            let command = on(&place, &["restore", backup, "--key", "book.key"]);
            drop(fs::remove_file(&making));
            // a server has no file that shows the beginning
            let (sign, pause) = match engine {
                Engine::Sqlite => (making.as_path(), whole * n / (KILLS * 2)),
                Engine::Postgres => (Path::new("/"), whole * (n + 1) / (KILLS + 2)),
            };
            killed += u32::from(kill_when_there(command, sign, pause));
            if name.exists()
                || engine == Engine::Postgres && run(&place, &["log", "head"]).ok() != empty_head()
            {
                // it was quicker than the kill: all of it is there
                run(&place, &["verify"]).ok();
                assert_eq!(
                    run(&place, &["log", "head"]).ok(),
                    run(&source, &["log", "head"]).ok()
                );
                break;
            }
        }
        assert!(killed > 0, "none was killed in the middle");
        if run(&place, &["log", "head"]).stdout != run(&source, &["log", "head"]).ok() {
            with_key(&place, &["restore", backup]).ok();
        }
        assert_eq!(run(&place, &["export"]).ok(), run(&source, &["export"]).ok());
        let left = names(&place);
        let left: Vec<&String> = left
            .iter()
            .filter(|name| name.contains("restoring") || name.contains("part"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn empty_head() -> String {
    let empty = TestDatabase::new(Engine::Sqlite);
    let acts = yokoito(&["import", "-", "--database", empty.url()])
        .output()
        .unwrap();
    assert!(acts.status.success());
    run(&empty, &["log", "head"]).ok()
}

/// The program may write files of so many blocks of 512 or 1,024 bytes.
fn limited(database: &TestDatabase, blocks: u32, arguments: &[&str]) -> Ran {
    // beyond the limit a write fails, as on a full disk, instead of ending the program
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).arg(program()).args(arguments);
    command.args(["--database", database.url(), "--key", "book.key"]);
    command
        .current_dir(database.directory())
        .env_remove("YOKOITO_DATABASE")
        .env_remove("YOKOITO_KEY");
    command.stdin(Stdio::null()).output().unwrap().into()
}

#[cfg(unix)]
#[test]
fn without_room_there_is_no_backup_and_a_plain_sentence() {
    for engine in engines() {
        let database = book(engine, 150);
        for name in ["b.jsonl", "b.jsonl.gz"] {
            let ran = limited(&database, 120, &["backup", name]);
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(ran.stderr.contains("空きが足りません"), "{ran:?}");
            assert!(ran.stderr.contains("バックアップは作っていません"), "{ran:?}");
            assert!(
                !names(&database).iter().any(|name| name.starts_with("b.jsonl")),
                "{:?}",
                names(&database)
            );
        }
        // an old one is kept
        with_key(&database, &["backup", "b.jsonl"]).ok();
        let old = fs::read(database.directory().join("b.jsonl")).unwrap();
        assert_eq!(
            limited(&database, 120, &["backup", "b.jsonl", "--replace"]).code,
            Some(2)
        );
        assert!(fs::read(database.directory().join("b.jsonl")).unwrap() == old);
        run(&database, &["verify"]).ok();
        // nor half of a book
        let place = TestDatabase::new(Engine::Sqlite);
        let backup = database.directory().join("b.jsonl");
        let ran = limited(&place, 300, &["restore", backup.to_str().unwrap()]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert_eq!(names(&place), [""; 0], "{ran:?}");
    }
}
