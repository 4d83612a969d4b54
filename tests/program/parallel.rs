//! Two programs on one book at the same time.

use acceptance::{
    dealings::lines,
    rows::{Rows, assert_verified_at},
    run::{file, on, run},
    support::{Engine, TestDatabase, engines},
    world::{SMALL_WORLD, act},
};
use serde_json::{Value, json};
use std::process::{Output, Stdio};

/// 50 acts each, by two imports that are started together, about the one unit there is.
async fn by_two_imports(engine: Engine, acts: impl Fn(usize) -> Value) -> (Rows, [Output; 2], TestDatabase) {
    let database = TestDatabase::new(engine);
    let lines_of_one = json!({"lines": [{"product": "craft", "quantity": "1", "lot": {"code": "N-1"}}]});
    let one = act("produce", "a", "p1", "2026-06-01", lines_of_one);
    let world = file(&database, "world.jsonl", SMALL_WORLD.to_owned() + &lines(&[one]));
    run(&database, &["import", world.to_str().unwrap()]).ok();
    let imports = [0, 50].map(|from| {
        let acts: Vec<Value> = (from..from + 50).map(&acts).collect();
        let path = file(&database, &format!("acts-{from}.jsonl"), lines(&acts));
        let mut import = on(&database, &["import", path.to_str().unwrap()]);
        import
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    });
    let outputs = imports.map(|import| import.wait_with_output().unwrap());
    let rows = Rows::of(database.url()).await;
    rows.assert_sound("after both").await;
    (rows, outputs, database)
}

/// Stock of the unit by kind of place.
async fn stock(rows: &Rows, kind: u8) -> Vec<i64> {
    let of_kind =
        format!("SELECT s.quantity FROM stock s JOIN place p ON p.no = s.place_no WHERE p.kind = {kind}");
    rows.numbers(&of_kind).await
}

#[tokio::test]
async fn two_imports_ship_the_last_unit_once() {
    for engine in engines() {
        let ship = |n: usize| {
            let line = json!([{"lot": "N-1", "quantity": "1", "unit_price": "10"}]);
            act(
                "ship",
                "a",
                &format!("s{n}"),
                "2026-06-02",
                json!({"to": "b", "lines": line}),
            )
        };
        let (rows, outputs, database) = by_two_imports(engine, ship).await;
        let said = outputs.map(|output| (output.status.code(), String::from_utf8(output.stdout).unwrap()));
        let refused = said.iter().map(|(_, said)| said.matches("[not-enough]").count());
        assert_eq!(refused.sum::<usize>(), 99, "{said:?}");
        assert_eq!(
            said.each_ref().map(|(code, _)| *code),
            [Some(1), Some(1)],
            "{said:?}"
        );
        assert_eq!(
            (stock(&rows, 12).await, stock(&rows, 11).await),
            (vec![1], vec![0])
        );
        rows.close().await;
        assert_verified_at(database.url()).await;
    }
}

#[tokio::test]
async fn two_imports_sell_the_last_unit_once_and_find_99() {
    for engine in engines() {
        let sell = |n: usize| {
            let line = json!([{"lot": "N-1", "quantity": "1"}]);
            act(
                "sell",
                "a",
                &format!("sale{n}"),
                "2026-06-02",
                json!({"lines": line}),
            )
        };
        let (rows, outputs, database) = by_two_imports(engine, sell).await;
        for output in outputs {
            assert!(output.status.success(), "{output:?}");
        }
        // sold, found ahead of the count, in store
        let at = [
            stock(&rows, 4).await,
            stock(&rows, 6).await,
            stock(&rows, 11).await,
        ];
        assert_eq!(at, [[100], [-99], [0]]);
        rows.close().await;
        assert_verified_at(database.url()).await;
    }
}
