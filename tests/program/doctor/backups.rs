//! Which backup is good, and which is best.

use super::{book, doctor, ill, more, size, well, yokoito};
use crate::run::{file, run};
use acceptance::support::{TestDatabase, engines};
use std::fs;

/// A folder with backups of every kind, beside a healthy book.
#[test]
fn each_backup_is_looked_at() {
    for engine in engines() {
        let database = book(engine);
        let folder = database.directory().join("控え");
        fs::create_dir(&folder).unwrap();
        let early = size(&database);
        fs::rename(
            database.directory().join("full.jsonl"),
            folder.join("1-early.jsonl"),
        )
        .unwrap();
        more(&database, 25);
        yokoito(&database, &["backup", "控え/2-late.jsonl.gz"]).ok();
        let late = size(&database);
        let good = fs::read_to_string(folder.join("1-early.jsonl")).unwrap();
        fs::write(folder.join("3-cut.jsonl"), &good[..good.len() / 2]).unwrap();
        fs::write(
            folder.join("4-changed.jsonl"),
            good.replacen("\"seq\":9,", "\"seq\":8,", 1),
        )
        .unwrap();
        let other = book(engine);
        fs::copy(other.directory().join("full.jsonl"), folder.join("5-other.jsonl")).unwrap();
        fs::write(
            folder.join("6-acts.jsonl"),
            run(&database, &["export", "--acts"]).ok(),
        )
        .unwrap();
        fs::write(folder.join("readme.txt"), "no backup").unwrap();
        let ran = doctor(&database, &["--backups", "控え", "--backup", "控え/none.jsonl"]);
        ill(
            &ran,
            &[
                &format!("✔ 控え/1-early.jsonl — 伝票{early}枚"),
                &format!("✔ 控え/2-late.jsonl.gz — 伝票{late}枚"),
                "✘ 控え/3-cut.jsonl — 使えません",
                "途中で切れています",
                "✘ 控え/4-changed.jsonl — 使えません",
                "− 控え/5-other.jsonl — 別の帳簿のものです",
                "✘ 控え/6-acts.jsonl — 使えません",
                "「控え/none.jsonl」を読めません",
            ],
        );
        assert!(!ran.stdout.contains("readme"), "{}", ran.stdout);
        // the good ones alone
        let two = [
            "--backup",
            "控え/1-early.jsonl",
            "--backup",
            "控え/2-late.jsonl.gz",
        ];
        well(&doctor(&database, &two), &[]);
        let behind = doctor(&database, &["--backup", "控え/1-early.jsonl"]);
        well(
            &behind,
            &[&format!("あとの{}枚の伝票が入っていません", late - early)],
        );
        let none = doctor(&database, &["--backup", "控え/3-cut.jsonl"]);
        ill(&none, &["【早めに】使えるバックアップがありません"]);
    }
}

/// The same book went on in two ways: a signed head says which is the right one.
#[test]
fn a_backup_with_other_entries_is_told() {
    for engine in engines() {
        let database = book(engine);
        let other = TestDatabase::new(engine);
        for name in ["full.jsonl", "book.key"] {
            fs::copy(database.directory().join(name), other.directory().join(name)).unwrap();
        }
        yokoito(&other, &["restore", "full.jsonl"]).ok();
        let act =
            r#"{"kind":"spend","office":"a","key":"KEY","supplied_on":"2026-06-30","item":"fuel","yen":900}"#;
        for (book, key) in [(&database, "one"), (&other, "another")] {
            crate::run::run_with(book, &["import", "-"], &act.replace("KEY", key)).ok();
        }
        let forked = size(&other);
        // an export has no signature of its own head
        let copy = run(&other, &["export"]).ok();
        file(&database, "fork.jsonl", copy);
        let unsigned = doctor(&database, &["--backup", "fork.jsonl", "--backup", "full.jsonl"]);
        ill(
            &unsigned,
            &[
                &format!("「fork.jsonl」と帳簿とで、はじめの{forked}枚の伝票がちがいます"),
                "✘ fork.jsonl — 帳簿と合いません",
                "✔ full.jsonl",
            ],
        );
        let note = yokoito(&database, &["log", "checkpoint"]).ok();
        file(&database, "head.txt", note);
        let signed = doctor(&database, &["--backup", "fork.jsonl", "--head", "head.txt"]);
        ill(
            &signed,
            &[
                "と合いません。書きかえられています",
                "✘ fork.jsonl — 署名した証明と合いません",
            ],
        );
        // and seen from the other side: the book is the one that was written anew
        file(
            &other,
            "head.txt",
            fs::read(database.directory().join("head.txt")).unwrap(),
        );
        file(&other, "right.jsonl", run(&database, &["export"]).ok());
        let ran = doctor(&other, &["--backup", "right.jsonl", "--head", "head.txt"]);
        ill(
            &ran,
            &[
                "書きかえられています",
                &format!("「right.jsonl」(伝票{forked}枚)を戻す"),
                "✔ right.jsonl",
            ],
        );
    }
}
