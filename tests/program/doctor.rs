//! `yokoito doctor`: damage of every kind, what it says, and that it leaves everything as it was, byte for byte.

mod backups;
mod damage;
mod keys;
mod opening;

use crate::run::{Ran, run, run_with};
use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, program},
    world::SMALL_WORLD,
};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use std::{collections::BTreeMap, fs, path::Path, process::Command, time::SystemTime};
use store::Store;

/// A book of some dealings with its key, a signed head of all of it, and a backup.
fn book(engine: Engine) -> TestDatabase {
    let database = TestDatabase::new(engine);
    run_with(&database, &["import", "-"], SMALL_WORLD).ok();
    more(&database, 20);
    yokoito(&database, &["backup", "full.jsonl"]).ok();
    database
}

/// Imports dealings up to a number; those that are there already are not recorded again.
fn more(database: &TestDatabase, lots: usize) {
    run_with(database, &["import", "-"], &lines(&dealings(lots))).ok();
}

/// The program on a book with the key beside it.
fn yokoito(database: &TestDatabase, arguments: &[&str]) -> Ran {
    run(database, &[arguments, &["--key", "book.key"]].concat())
}

/// Entries there are.
fn size(database: &TestDatabase) -> u64 {
    let head = yokoito(database, &["log", "head"]).ok();
    head.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Runs doctor; nothing may be changed by it.
fn doctor(database: &TestDatabase, arguments: &[&str]) -> Ran {
    let before = (files(database.directory()), tables(database));
    let ran = yokoito(database, &[&["doctor"], arguments].concat());
    let after = (files(database.directory()), tables(database));
    assert!(before.0 == after.0, "a file was changed: {ran:?}");
    assert!(before.1 == after.1, "a table was changed: {ran:?}");
    assert_eq!(ran.stderr, "", "{ran:?}");
    ran
}

/// It has something to do, and says this.
fn ill(ran: &Ran, says: &[&str]) {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    says_all(&ran.stdout, says);
    assert!(!ran.stdout.contains("帳簿は健康です"), "{}", ran.stdout);
}

fn well(ran: &Ran, says: &[&str]) {
    assert_eq!(ran.code, Some(0), "{ran:?}");
    says_all(&ran.stdout, says);
    assert!(
        ran.stdout.contains("✔ 帳簿は健康です") && !ran.stdout.contains('✘'),
        "{}",
        ran.stdout
    );
}

fn says_all(text: &str, says: &[&str]) {
    for expected in says {
        assert!(text.contains(expected), "{expected}:\n{text}");
    }
}

/// Every file in and below a folder: its bytes and when it was last changed. Read by another program: when this one
/// closes a file that it has open as a book as well, it loses its locks on it.
fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let changed = fs::metadata(&path).unwrap().modified().unwrap();
            let bytes = Command::new("cat").arg(&path).output().unwrap();
            assert!(bytes.status.success(), "{bytes:?}");
            found.insert(path.display().to_string(), (bytes.stdout, changed));
        }
    }
    found
}

/// Every table of a server's book with a hash of its rows, every schema and every trigger.
fn tables(database: &TestDatabase) -> Vec<String> {
    if database.engine() == Engine::Sqlite {
        return Vec::new();
    }
    block_on(async {
        let (url, schema) = database.url().split_once("?schema=").unwrap();
        let db = Database::connect(url).await.unwrap();
        let names = texts(
            &db,
            &format!("SELECT tablename::text FROM pg_tables WHERE schemaname = '{schema}' ORDER BY 1"),
        )
        .await;
        let mut found = vec![format!("{} tables", names.len())];
        for name in names {
            let rows = format!(
                "SELECT '{name} ' || COALESCE(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {schema}.{name} t"
            );
            found.extend(texts(&db, &rows).await);
        }
        let others = format!(
            "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE '{schema}%' UNION ALL \
             SELECT tgname || tgenabled::text FROM pg_trigger JOIN pg_class ON tgrelid = pg_class.oid \
             JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = '{schema}' ORDER BY 1"
        );
        found.extend(texts(&db, &others).await);
        db.close().await.unwrap();
        found
    })
}

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect(sql);
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect(sql))
        .collect()
}

/// Statements behind the program's back, with nothing that would refuse them.
fn behind_its_back(database: &TestDatabase, statements: &[&str]) {
    block_on(async {
        let store = Store::connect(&database.url().parse().unwrap()).await.unwrap();
        let guards = match database.engine() {
            Engine::Sqlite => "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger'",
            Engine::Postgres => {
                "SELECT 'ALTER TABLE ' || tablename || ' DISABLE TRIGGER ALL' FROM pg_tables \
                 WHERE schemaname = current_schema()"
            }
        };
        for sql in texts(&store.reader, guards).await {
            store.writer.execute_unprepared(&sql).await.expect(&sql);
        }
        for sql in statements {
            store.writer.execute_unprepared(sql).await.expect(sql);
        }
        store.close().await.unwrap();
    });
}

/// One number of the book's tables.
fn number(database: &TestDatabase, sql: &str) -> i64 {
    block_on(async {
        let store = Store::open_read_only(&database.url().parse().unwrap())
            .await
            .unwrap();
        let row = store
            .reader
            .query_one_raw(Statement::from_string(store.reader.get_database_backend(), sql))
            .await
            .expect(sql);
        let number = row.unwrap().try_get_by_index(0).expect(sql);
        store.close().await.unwrap();
        number
    })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

/// Runs the command lines that doctor gave, as a person would paste them. Answers where the last one put the book.
fn follow(database: &TestDatabase, said: &str) -> String {
    let mut place = None;
    for line in said.lines().filter(|line| line.contains(". yokoito ")) {
        let (_, command) = line.split_once(". yokoito ").unwrap();
        let command = command.split(" で、").next().unwrap();
        if !(command.starts_with("restore") || command.starts_with("backup 救出")) {
            continue;
        }
        let key = if command.contains("--key") {
            ""
        } else {
            " --key book.key"
        };
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("\"$YOKOITO\" {command}{key}")])
            .env("YOKOITO", program())
            .current_dir(database.directory());
        let ran: Ran = shell.output().unwrap().into();
        assert_eq!(ran.code, Some(0), "{command}: {ran:?}");
        if let Some((_, rest)) = command.split_once("--database ") {
            place = Some(rest.split(' ').next().unwrap().trim_matches('\'').to_owned());
        }
    }
    place.expect("a command that brings the book back")
}

/// The book at a place is sound and has so many entries.
fn sound_at(database: &TestDatabase, place: &str, entries: u64) {
    let ran: Ran = Command::new(program())
        .args(["verify", "--database", place])
        .current_dir(database.directory())
        .output()
        .unwrap()
        .into();
    says_all(
        &ran.ok(),
        &[&format!("伝票{entries}枚を調べました。帳簿は正しい状態です。")],
    );
}
