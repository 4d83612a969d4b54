//! `yokoito import`: exit codes and what it says.

use crate::run::{file, run, run_with};
use acceptance::{
    dealings::{dealings, lines},
    support::{TestDatabase, engines},
    world::SMALL_WORLD,
};

#[test]
fn all_recorded_or_known_is_0_some_refused_is_1() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let acts = SMALL_WORLD.to_owned() + &lines(&dealings(4));
        let count = acts.lines().count();
        let path = file(&database, "acts.jsonl", &acts);
        let import = ["import", path.to_str().unwrap()];
        assert_eq!(
            run(&database, &import).ok(),
            format!("取り込みました: 記録 {count}件\n")
        );
        let again = format!("取り込みました: 記録 0件、すでに記録済み {count}件\n");
        assert_eq!(run(&database, &import).ok(), again);
        assert_eq!(run_with(&database, &["import", "-"], &acts).ok(), again);
        // one more act, and one that is wrong
        let bad = r#"{"kind":"ship","office":"a","key":"s9","supplied_on":"2026-06-01","to":"b","lines":[{"lot":"N-0","quantity":"900"}]}"#;
        let more = format!("{acts}\n{bad}\n{}", &lines(&dealings(5)[dealings(4).len()..]));
        let ran = run_with(&database, &["import", "-"], &more);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        let refused = format!(
            "{}行目 [not-enough] lines[0].quantity = \"900\": 2026-06-01 の終わりに、",
            count + 2
        );
        assert!(ran.stdout.starts_with(&refused), "{}", ran.stdout);
        let summary = format!("取り込みました: 記録 3件、すでに記録済み {count}件、受け付けられない行 1件\n");
        assert!(ran.stdout.contains(&summary), "{}", ran.stdout);
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn all_or_nothing_says_that_it_was_nothing() {
    for engine in engines() {
        let database = TestDatabase::new(engine);
        let acts = SMALL_WORLD.to_owned() + &lines(&dealings(4));
        let count = acts.lines().count();
        let ran = run_with(
            &database,
            &["import", "--atomic", "-"],
            &(acts.clone() + "{\"kind\":"),
        );
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.stdout
                .starts_with(&format!("{}行目 [malformed] {{\"kind\":: ", count + 1)),
            "{}",
            ran.stdout
        );
        assert!(
            ran.stdout.contains(&format!(
                "記録 0件、受け付けられない行 1件、記録しなかった行 {count}件"
            )),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("何も記録していません"), "{}", ran.stdout);
        let whole = run_with(&database, &["import", "--atomic", "-"], &acts).ok();
        assert_eq!(whole, format!("取り込みました: 記録 {count}件\n"));
    }
}
