//! `yokoito demo`, and programs that start at the same time.

use crate::run::{on, run};
use acceptance::support::{TestDatabase, engines};
use std::process::Stdio;

#[test]
fn the_demo_shows_the_month_and_a_second_run_changes_nothing() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let first = run(&database, &["demo"]).ok();
        for part in [
            "1565件の伝票を記録しました",
            // field to bento, with quantity, share, day and yen
            "├─ きゅうり HIN-0609-CUCUMBER",
            "産地 新潟県産",
            "2026-06-09 検収 ひなた農園 → あおぞらキッチン 1.5kg 480円",
            // the purchase in both books: 13 × 480
            "借  売掛金  もりの工房  6,240円",
            // the consigned tote bags and what the shop owes for them
            "受託預り金  いとぐるま",
            "未払工賃",
            "✔ 9 ",
            "伝票1565枚を調べました。帳簿は正しい状態です。",
        ] {
            assert!(first.contains(part), "「{part}」 is missing in\n{first}");
        }
        assert!(!first.contains('✘'), "{first}");
        let head = run(&database, &["log", "head"]).ok();
        let second = run(&database, &["demo"]).ok();
        assert!(
            second.contains("見本がもう入っています(1565件)。何も変えていません。"),
            "{second}"
        );
        assert_eq!(run(&database, &["log", "head"]).ok(), head);
    }
}

#[test]
fn the_demo_leaves_another_book_alone() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let world = crate::run::file(&database, "world.jsonl", acceptance::world::SMALL_WORLD);
        run(&database, &["import", &world.to_string_lossy()]).ok();
        let head = run(&database, &["log", "head"]).ok();
        let answer = run(&database, &["demo"]);
        assert_eq!(answer.code, Some(2), "{answer:?}");
        assert!(answer.stderr.contains("見本ではない記録"), "{answer:?}");
        assert_eq!(run(&database, &["log", "head"]).ok(), head);
    }
}

#[test]
fn six_programs_that_start_at_once_make_one_book() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let world = crate::run::file(&database, "world.jsonl", acceptance::world::SMALL_WORLD);
        let world = world.to_string_lossy().into_owned();
        let programs: Vec<_> = (0..6)
            .map(|_| {
                let mut program = on(&database, &["import", &world]);
                program
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for program in programs {
            let output = program.wait_with_output().unwrap();
            assert!(output.status.success(), "{engine:?} {output:?}");
        }
        let lines = acceptance::world::SMALL_WORLD.lines().count();
        let verified = run(&database, &["verify"]).ok();
        assert!(verified.contains(&format!("伝票{lines}枚")), "{verified}");
    }
}
