//! Rows changed, taken away and put in, with the triggers dropped, one at a time.

use super::{World, book, bytes, execute, findings, verified};
use acceptance::support::{Engine, engines};
use sea_orm::{ConnectionTrait, Statement, Value};

/// Drops what keeps rows from being changed.
pub(super) async fn unguard(world: &World) {
    let db = &world.book.store().writer;
    let sql = match world.database.engine() {
        Engine::Sqlite => "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
        Engine::Postgres => {
            "SELECT DISTINCT 'ALTER TABLE ' || relname || ' DISABLE TRIGGER ALL' FROM pg_trigger t \
             JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = current_schema()::regnamespace"
        }
    };
    if world.database.engine() == Engine::Sqlite {
        execute(world, "PRAGMA foreign_keys = OFF").await;
    }
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    for row in rows {
        execute(world, &row.try_get_by_index::<String>(0).unwrap()).await;
    }
}

/// Does the damage, verifies, and puts the tables back.
pub(super) async fn damaged(world: &World, damage: &[&str]) -> Vec<String> {
    let tables: std::collections::BTreeSet<&str> = damage.iter().map(|sql| table(sql)).collect();
    for table in &tables {
        let columns = stored(world, table).await;
        let keep = format!("CREATE TABLE before_{table} AS SELECT {columns} FROM {table}");
        execute(world, &keep).await;
    }
    for sql in damage {
        execute(world, sql).await;
    }
    let found = findings(&verified(world).await);
    for table in &tables {
        execute(world, &format!("DELETE FROM {table}")).await;
        let columns = stored(world, table).await;
        let back = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM before_{table}");
        execute(world, &back).await;
        execute(world, &format!("DROP TABLE before_{table}")).await;
    }
    found
}

/// Columns that can be written, as a list.
async fn stored(world: &World, table: &str) -> String {
    let columns = super::columns::columns(world, table).await;
    let names: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
    names.join(", ")
}

/// `UPDATE table …`, `DELETE FROM table …`, `INSERT INTO table …`.
fn table(sql: &str) -> &str {
    let mut words = sql
        .split_whitespace()
        .filter(|word| !["FROM", "INTO"].contains(word));
    words.nth(1).unwrap()
}

fn names(found: &[String], invariant: u8, words: &[&str]) -> bool {
    let number = format!("{invariant} ");
    found
        .iter()
        .any(|line| line.starts_with(&number) && words.iter().all(|word| line.contains(word)))
}

const S1: &str = "(SELECT seq FROM entry WHERE key = 's1')";

#[tokio::test]
async fn a_changed_row_is_named() {
    let of = |key: &str| format!("(SELECT seq FROM entry WHERE key = '{key}')");
    let (r1, b1, c1) = (of("r1"), of("b1"), of("c1"));
    let carrot = "(SELECT no FROM lot WHERE code = 'A-0601')";
    let sales = "(SELECT no FROM account WHERE kind = 60 ORDER BY no LIMIT 1)";
    let cases: Vec<(String, u8, Vec<&str>)> = vec![
        // what the entry says
        (
            format!("UPDATE posting SET yen = yen + 1 WHERE seq = {r1} AND line = 0"),
            6,
            vec!["posting の yen", "r1", "売掛金"],
        ),
        (
            format!("UPDATE posting SET tax_percent = 9 WHERE seq = {r1} AND line = 1"),
            6,
            vec!["posting の tax_percent", "r1"],
        ),
        (
            format!("UPDATE posting SET account_no = account_no + 1 WHERE seq = {r1} AND line = 0"),
            6,
            vec!["posting の account_no", "r1"],
        ),
        (
            format!("UPDATE movement SET quantity = quantity + 1 WHERE seq = {S1}"),
            6,
            vec!["movement の quantity", "s1", "A-0601"],
        ),
        (
            format!("UPDATE movement SET book_on = 20260501 WHERE seq = {S1}"),
            6,
            vec!["movement の book_on", "s1", "A-0601"],
        ),
        (
            format!("UPDATE movement SET to_no = 1 WHERE seq = {S1}"),
            6,
            vec!["movement の to_no", "s1", "A-0601"],
        ),
        (
            format!("UPDATE link SET quantity = quantity - 1 WHERE seq = {b1}"),
            6,
            vec!["link の quantity", "b1", "A-0601"],
        ),
        (
            format!("UPDATE entry SET book_on = 20260603 WHERE seq = {S1}"),
            6,
            vec!["entry の book_on", "s1"],
        ),
        (
            format!("UPDATE entry SET reverses_seq = NULL WHERE seq = {c1}"),
            6,
            vec!["entry の reverses_seq", "c1"],
        ),
        (
            format!("UPDATE entry SET key = 's2' WHERE seq = {S1}"),
            7,
            vec!["entry の key", "s1"],
        ),
        (
            format!("UPDATE entry SET body_hash = leaf_hash WHERE seq = {c1}"),
            7,
            vec!["entry の body_hash", "c1"],
        ),
        (
            format!("UPDATE entry SET salt = leaf_hash WHERE seq = {r1}"),
            8,
            vec!["r1"],
        ),
        (
            format!("UPDATE entry SET leaf_hash = salt WHERE seq = {r1}"),
            8,
            vec!["r1"],
        ),
        (
            "UPDATE entry_text SET text = '夜の便' WHERE text = '朝の便'".into(),
            8,
            vec!["メモ", "s1"],
        ),
        // what has a number
        (
            "UPDATE lot SET code = 'A-9999' WHERE code = 'A-0601'".into(),
            6,
            vec!["lot の code", "p1", "A-0601"],
        ),
        (
            "UPDATE lot SET facts = '{}' WHERE code = 'N-1'".into(),
            6,
            vec!["lot の facts", "p1", "N-1"],
        ),
        (
            "UPDATE lot SET birth_seq = birth_seq + 1 WHERE code = 'B-1'".into(),
            5,
            vec!["B-1"],
        ),
        (
            "UPDATE lot_amendment SET facts = '{}'".into(),
            6,
            vec!["lot_amendment の facts", "c1", "A-0601"],
        ),
        (
            "UPDATE place SET kind = 14 WHERE kind = 12".into(),
            6,
            vec!["movement の to_no", "s1"],
        ),
        (
            "UPDATE account SET section = 2 WHERE kind = 60".into(),
            6,
            vec!["posting の account_no", "売上高"],
        ),
        (
            "UPDATE party SET code = 'bb' WHERE code = 'b'".into(),
            6,
            vec!["party の code", "bb"],
        ),
        (
            "UPDATE product SET seq = seq + 1 WHERE code = 'rice'".into(),
            6,
            vec!["product の seq", "rice"],
        ),
        (
            "UPDATE entry_ref SET role = 'job' WHERE role = 'shipment'".into(),
            6,
            vec!["entry_ref", "r1"],
        ),
        // what is kept in sum
        (
            format!("UPDATE stock SET quantity = quantity + 1 WHERE lot_no = {carrot} AND inner_place"),
            6,
            vec!["stock の quantity", "A-0601"],
        ),
        (
            format!("UPDATE stock SET quantity = quantity + 1 WHERE lot_no = {carrot} AND inner_place"),
            1,
            vec!["A-0601"],
        ),
        (
            format!("UPDATE stock SET last_day = 20260701 WHERE lot_no = {carrot}"),
            6,
            vec!["stock の last_day", "A-0601", "在庫(A農園)"],
        ),
        (
            format!("UPDATE balance SET yen = yen + 1 WHERE account_no = {sales}"),
            6,
            vec!["balance の yen", "売上高"],
        ),
        (
            format!("UPDATE balance SET yen = yen + 1 WHERE account_no = {sales}"),
            9,
            vec!["1円"],
        ),
        (
            format!("UPDATE balance_month SET yen = yen - 1 WHERE account_no = {sales}"),
            6,
            vec!["balance_month の yen", "売上高", "202606"],
        ),
        (
            format!("UPDATE balance_month SET month = 202607 WHERE account_no = {sales}"),
            6,
            vec!["balance_month に、あるはず", "202606"],
        ),
        // the log
        (
            "UPDATE log_head SET last_recorded_at = 1".into(),
            8,
            vec!["last_recorded_at"],
        ),
        (
            "UPDATE log_head SET root = (SELECT salt FROM entry WHERE seq = 0)".into(),
            8,
            vec!["root"],
        ),
        (
            "UPDATE log_head SET next_lot_no = next_lot_no + 1".into(),
            6,
            vec!["next_lot_no"],
        ),
        ("UPDATE book SET format = 2".into(), 8, vec!["book"]),
    ];
    for engine in engines() {
        let world = book(engine).await;
        unguard(&world).await;
        for (sql, invariant, words) in &cases {
            let found = damaged(&world, &[sql]).await;
            assert!(names(&found, *invariant, words), "{engine:?} {sql}\n{found:#?}");
        }
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

#[tokio::test]
async fn a_missing_row_is_named() {
    let cases: Vec<(String, u8, Vec<&str>)> = vec![
        (
            format!("DELETE FROM movement WHERE seq = {S1}"),
            6,
            vec!["movement に、あるはず", "s1", "A-0601"],
        ),
        (
            "DELETE FROM posting WHERE line = 1".into(),
            6,
            vec!["posting に、あるはず", "r1"],
        ),
        (
            "DELETE FROM link WHERE quantity < 0".into(),
            6,
            vec!["link に、あるはず", "x1"],
        ),
        (
            format!("DELETE FROM entry_office WHERE seq = {S1}"),
            6,
            vec!["entry_office に、あるはず", "s1"],
        ),
        (
            "DELETE FROM entry_ref WHERE role = 'reverses'".into(),
            6,
            vec!["entry_ref に、あるはず", "c1"],
        ),
        (
            format!("DELETE FROM entry_text WHERE seq = {S1}"),
            6,
            vec!["entry_text に、あるはず", "s1"],
        ),
        (
            "DELETE FROM lot WHERE code = 'N-1'".into(),
            6,
            vec!["lot に、あるはず", "p1", "N-1"],
        ),
        (
            "DELETE FROM lot_amendment".into(),
            6,
            vec!["lot_amendment に、あるはず", "c1"],
        ),
        (
            "DELETE FROM stock WHERE NOT inner_place".into(),
            6,
            vec!["stock に、あるはず", "A-0601"],
        ),
        (
            "DELETE FROM balance WHERE yen > 0".into(),
            6,
            vec!["balance に、あるはず", "売掛金"],
        ),
        (
            "DELETE FROM entry WHERE key = 's1'".into(),
            8,
            vec!["伝票がありません"],
        ),
        (
            "DELETE FROM entry WHERE key = 's1'".into(),
            6,
            vec!["movement に、どの伝票のものでもない"],
        ),
        (
            "DELETE FROM log_tile WHERE level = 0 AND slot = 33".into(),
            8,
            vec!["タイル"],
        ),
        ("DELETE FROM log_head".into(), 8, vec!["id"]),
        ("DELETE FROM book".into(), 8, vec!["book"]),
    ];
    for engine in engines() {
        let world = book(engine).await;
        unguard(&world).await;
        for (sql, invariant, words) in &cases {
            let found = damaged(&world, &[sql]).await;
            assert!(names(&found, *invariant, words), "{engine:?} {sql}\n{found:#?}");
        }
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

#[tokio::test]
async fn a_row_put_in_is_named() {
    let next = "(SELECT size FROM log_head)";
    let cases: Vec<(String, &str)> = vec![
        (
            format!(
                "INSERT INTO movement SELECT seq, 9, lot_no, from_no, to_no, 1, assumed, book_on FROM movement WHERE seq = {S1}"
            ),
            "movement",
        ),
        (
            format!(
                "INSERT INTO movement SELECT {next}, 0, lot_no, from_no, to_no, 1, assumed, book_on FROM movement WHERE seq = {S1}"
            ),
            "movement",
        ),
        (
            format!("INSERT INTO entry_ref SELECT 0, {S1}, 'order' FROM log_head"),
            "entry_ref",
        ),
        (
            format!("INSERT INTO entry_office SELECT 999, {S1} FROM log_head"),
            "entry_office",
        ),
        (
            format!("INSERT INTO lot_amendment SELECT no, {S1}, facts FROM lot WHERE code = 'N-1'"),
            "lot_amendment",
        ),
        (
            "INSERT INTO balance SELECT 999, 0, 20260601 FROM log_head".into(),
            "balance",
        ),
        (
            format!("INSERT INTO entry_text SELECT {S1}, 5, 'note', NULL, NULL FROM log_head"),
            "entry_text",
        ),
    ];
    for engine in engines() {
        let world = book(engine).await;
        unguard(&world).await;
        for (sql, table) in &cases {
            let found = damaged(&world, &[sql]).await;
            let extra = format!("{table} に、どの伝票のものでもない");
            assert!(names(&found, 6, &[&extra]), "{engine:?} {sql}\n{found:#?}");
        }
        let lot = "INSERT INTO lot SELECT no + 90, book_id, 'X-1', product_no, maker_no, birth_seq, made_on, \
                   best_before, facts FROM lot CROSS JOIN book WHERE code = 'N-1'";
        let found = damaged(&world, &[lot]).await;
        assert!(
            names(&found, 6, &["lot に、どの伝票のものでもない", "X-1"]),
            "{found:#?}"
        );
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

#[tokio::test]
async fn a_removed_tail_is_named() {
    for engine in engines() {
        let world = book(engine).await;
        unguard(&world).await;
        let last = "(SELECT size - 1 FROM log_head)";
        let tail: Vec<String> = [
            "entry",
            "movement",
            "posting",
            "link",
            "entry_office",
            "entry_ref",
            "entry_text",
        ]
        .map(|table| format!("DELETE FROM {table} WHERE seq = {last}"))
        .to_vec();
        let tail: Vec<&str> = tail.iter().map(String::as_str).collect();
        let found = damaged(&world, &tail).await;
        let last = format!("{}番", world.head().await.0 - 1);
        assert!(names(&found, 8, &[&last, "伝票がありません"]), "{found:#?}");
        // the sums remember
        assert!(
            names(&found, 6, &["balance に、どの伝票のものでもない", "燃料費"]),
            "{found:#?}"
        );
    }
}

/// Changes one byte of a value.
async fn flip(world: &World, table: &str, column: &str, row: &str, at: usize) {
    let mut changed = bytes(world, &format!("SELECT {column} FROM {table} WHERE {row}")).await;
    changed[at] ^= 1;
    let db = &world.book.store().writer;
    let parameter = match world.database.engine() {
        Engine::Sqlite => "?1",
        Engine::Postgres => "$1",
    };
    let sql = format!("UPDATE {table} SET {column} = {parameter} WHERE {row}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [Value::from(changed)]);
    db.execute_raw(statement).await.unwrap();
}

#[tokio::test]
async fn one_byte_is_enough() {
    for engine in engines() {
        let world = book(engine).await;
        unguard(&world).await;
        let canonical = bytes(&world, "SELECT canonical FROM entry WHERE key = 'p1'").await;
        for at in [0, 40, canonical.len() / 2, canonical.len() - 1] {
            flip(&world, "entry", "canonical", "key = 'p1'", at).await;
            let found = findings(&verified(&world).await);
            let seq = world.number("SELECT seq FROM entry WHERE key = 'p1'").await;
            assert!(names(&found, 8, &[&format!("{seq}番")]), "byte {at}: {found:#?}");
            flip(&world, "entry", "canonical", "key = 'p1'", at).await;
        }
        flip(&world, "log_tile", "hashes", "level = 0 AND slot = 33", 0).await;
        let found = findings(&verified(&world).await);
        assert!(names(&found, 8, &["タイル 段0・0番", "33番目"]), "{found:#?}");
        flip(&world, "log_tile", "hashes", "level = 0 AND slot = 33", 0).await;
        flip(&world, "log_head", "frontier", "id = 1", 20).await;
        let found = findings(&verified(&world).await);
        assert!(names(&found, 8, &["frontier"]), "{found:#?}");
        flip(&world, "log_head", "frontier", "id = 1", 20).await;
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}

#[tokio::test]
async fn an_erased_text_is_no_error() {
    for engine in engines() {
        let world = book(engine).await;
        execute(
            &world,
            "UPDATE entry_text SET salt = NULL, text = NULL WHERE text = '朝の便'",
        )
        .await;
        assert_eq!(findings(&verified(&world).await), [""; 0]);
    }
}
