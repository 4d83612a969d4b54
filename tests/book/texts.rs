//! Erasing free texts: the entry of its own, the bytes that are gone, and what stays.

use acceptance::{
    dealings::lines,
    support::{Engine, engines},
    world::{World, act},
};
use app::{
    export::{content_root, export_acts, export_entries},
    import::{ImportError, Options, Outcome, import},
    texts::{self, EraseError, Erased},
    verify::verify,
    viewer::AtTheMachine,
    writer::Answer,
};
use domain::{acts::erase_text::Which, entry::TextRole, text::Note};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::{fs, path::Path};

/// What must not stay: found as bytes wherever it stands.
const NAME: &str = "山田花子さんの弁当";

/// Entries of the longest test.
const ENTRIES: usize = 150;

/// So many entries with notes of different lengths, some longer than a page of the database.
fn acts(count: usize) -> impl Iterator<Item = Value> {
    (0..count).map(|n| {
        let lines = json!([{"product": "craft", "quantity": "1"}]);
        let note = format!("{NAME} {n:04} {}", "。".repeat(n * n % 450));
        act(
            "produce",
            "a",
            &format!("p{n}"),
            "2026-06-01",
            json!({"lines": lines, "note": note}),
        )
    })
}

async fn written(engine: Engine, count: usize) -> World {
    let world = World::new(engine).await;
    let acts: Vec<Value> = acts(count).collect();
    for answer in world.record_lines(&lines(&acts)).await {
        assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
    }
    world
}

async fn erase(world: &World, entry: &str) -> Result<Erased, EraseError> {
    erase_only(world, entry, None).await
}

async fn erase_only(world: &World, entry: &str, only: Option<Which>) -> Result<Erased, EraseError> {
    let reason: Note = "利用者の名前".parse().unwrap();
    texts::erase(&world.book, &entry.parse().unwrap(), only, reason).await
}

async fn findings(world: &World) -> Vec<String> {
    let verified = verify(&world.book, AtTheMachine, None).await.unwrap();
    verified
        .findings()
        .map(|finding| verified.sentence(finding))
        .collect()
}

/// How often bytes stand in the files of a folder.
fn count(folder: &Path, bytes: &[u8]) -> usize {
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    files
        .map(|content| {
            content
                .windows(bytes.len())
                .filter(|window| *window == bytes)
                .count()
        })
        .sum()
}

#[tokio::test]
async fn an_erased_text_leaves_the_book_and_its_seal_stays() {
    for engine in engines() {
        let world = written(engine, 12).await;
        let (size, _) = world.head().await;
        let first = size - 12;
        let erased = erase(&world, "a/p3").await.unwrap();
        assert_eq!(
            (erased.of, erased.seq),
            (u64::try_from(first + 3).unwrap(), u64::try_from(size).unwrap())
        );
        assert_eq!((erased.label, erased.key.as_str()), ("生産", "p3"));
        assert_eq!(erased.roles, [TextRole::Note]);
        assert!(erased.is_scrubbed);
        // by number, and by id
        erase(&world, &(first + 4).to_string()).await.unwrap();
        let page = world
            .book
            .store()
            .log_page(erased.of + 2, erased.of + 3)
            .await
            .unwrap();
        let id = page[0].entry.id.to_string();
        erase_only(&world, &id, Some(Which::Note)).await.unwrap();
        // the reason of an erasure is a text as well
        let of_erasure = erase(&world, &erased.seq.to_string()).await.unwrap();
        assert_eq!(of_erasure.roles, [TextRole::Reason]);
        assert_eq!(
            world
                .number("SELECT COUNT(*) FROM entry_text WHERE text IS NULL AND salt IS NULL")
                .await,
            4
        );
        let gone = format!(
            "SELECT COUNT(*) FROM entry_text WHERE text IS NOT NULL AND seq = {}",
            erased.of
        );
        assert_eq!(world.number(&gone).await, 0);
        assert_eq!(findings(&world).await, [""; 0]);
        for (entry, only, code) in [
            ("a/p3", None, "erased-already"),
            ("a/p5", None, "erased-already"),
            ("a/p6", Some(Which::Reason), "nothing-to-erase"),
            ("keeper/rate-10", None, "nothing-to-erase"),
        ] {
            let error = erase_only(&world, entry, only).await.unwrap_err();
            assert!(
                matches!(&error, EraseError::Refused(refusal) if refusal.code() == code),
                "{entry}: {error:?}"
            );
        }
        for entry in ["a/nai", "nai/p1", "99999"] {
            let error = erase(&world, entry).await.unwrap_err();
            assert!(matches!(&error, EraseError::NotNamed(_)), "{entry}: {error:?}");
        }
        assert_eq!(world.head().await.0, size + 4);
    }
}

/// An act and its erasure in one batch, in this order: the text never is in the book.
#[tokio::test]
async fn in_one_batch_as_well() {
    for engine in engines() {
        let world = written(engine, 1).await;
        let erase = |key: &str, of: &str| {
            json!({"kind": "erase_text", "key": key, "supplied_on": "2026-07-10", "reason": "名前",
                "entry": {"office": "a", "key": of}})
        };
        let lines = json!([{"product": "craft", "quantity": "1"}]);
        let produce = act(
            "produce",
            "a",
            "q1",
            "2026-06-01",
            json!({"lines": lines, "note": NAME}),
        );
        let batch = [
            erase("e0", "p0"),
            produce,
            erase("e1", "q1"),
            erase("e2", "q1"),
            erase("e3", "p0"),
        ];
        let answers = world
            .record_lines(&batch.map(|act| format!("{act}\n")).concat())
            .await;
        let codes: Vec<&str> = answers
            .iter()
            .map(|answer| match answer {
                Answer::Recorded(..) => "recorded",
                Answer::Refused(refusal) => refusal.code(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            codes,
            [
                "recorded",
                "recorded",
                "recorded",
                "erased-already",
                "erased-already"
            ]
        );
        assert_eq!(
            world
                .number("SELECT COUNT(*) FROM entry_text WHERE text IS NULL")
                .await,
            2
        );
        assert_eq!(findings(&world).await, [""; 0]);
    }
}

/// Not in the file, not in free pages, not in the write-ahead log; while the book is open and after.
#[tokio::test]
async fn the_bytes_are_gone_from_the_files_of_sqlite() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let world = written(Engine::Sqlite, ENTRIES).await;
    let folder = world.database.directory().to_owned();
    let name = NAME.as_bytes();
    assert!(count(&folder, name) >= ENTRIES);
    // in an order in which pages are filled, thinned out and joined
    let order: Vec<usize> = (0..ENTRIES).map(|n| n * 67 % ENTRIES).collect();
    let (some, rest) = order.split_at(ENTRIES / 2);
    for n in some {
        assert!(erase(&world, &format!("a/p{n}")).await.unwrap().is_scrubbed);
        let there = format!("{NAME} {n:04}");
        assert_eq!(count(&folder, there.as_bytes()), 0, "{n}");
    }
    for n in rest {
        let there = format!("{NAME} {n:04}");
        assert!(count(&folder, there.as_bytes()) > 0, "{n} is still to be erased");
    }
    for n in rest {
        erase(&world, &format!("a/p{n}")).await.unwrap();
    }
    assert_eq!(count(&folder, name), 0);
    assert_eq!(findings(&world).await, [""; 0]);
    let World { book, database } = world;
    book.close().await.unwrap();
    assert_eq!(count(database.directory(), name), 0);
}

/// A reader that holds an old page keeps it in the write-ahead log: it is said, and gone when the reader is.
#[tokio::test]
async fn a_reader_in_the_way_is_said() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let world = written(Engine::Sqlite, 3).await;
    let snapshot = world.book.store().snapshot().await.unwrap();
    snapshot.size().await.unwrap();
    let erased = erase(&world, "a/p1").await.unwrap();
    assert!(!erased.is_scrubbed);
    drop(snapshot);
    let World { book, database } = world;
    book.close().await.unwrap();
    assert_eq!(count(database.directory(), format!("{NAME} 0001").as_bytes()), 0);
}

/// Verbatim, as acts, and as acts with the text still there.
#[tokio::test]
async fn a_copy_knows_what_was_erased() {
    for engine in engines() {
        let world = written(engine, 4).await;
        erase(&world, "a/p1").await.unwrap();
        let of = erase(&world, "a/p2").await.unwrap();
        erase(&world, &of.seq.to_string()).await.unwrap();
        let mut copy = Vec::new();
        export_entries(&world.book, &mut copy).await.unwrap();
        let mut acts = Vec::new();
        export_acts(&world.book, &mut acts).await.unwrap();
        let acts = String::from_utf8(acts).unwrap();
        assert_eq!(acts.matches("(消去済み)").count(), 3, "{acts}");
        assert!(!acts.contains(&format!("{NAME} 0001")));
        for other in engines() {
            let verbatim = World::empty(other).await;
            import(&verbatim.book, copy.as_slice(), Options::default(), &mut ())
                .await
                .unwrap();
            assert_eq!(verbatim.head().await, world.head().await);
            let kept = "SELECT COUNT(*) FROM entry_text WHERE text IS NOT NULL";
            assert_eq!(verbatim.number(kept).await, world.number(kept).await);
            assert_eq!(findings(&verbatim).await, [""; 0]);
            let anew = World::empty(other).await;
            let outcome = import(&anew.book, acts.as_bytes(), Options::default(), &mut ())
                .await
                .unwrap();
            assert_eq!((outcome.refused, outcome.not_recorded), (0, 0), "{outcome:?}");
            assert_eq!(anew.number(kept).await, world.number(kept).await);
            assert_eq!(
                content_root(&anew.book).await.unwrap(),
                content_root(&world.book).await.unwrap()
            );
            // the same acts again are known
            let again = import(&anew.book, acts.as_bytes(), Options::default(), &mut ())
                .await
                .unwrap();
            assert_eq!(
                again,
                Outcome {
                    already: outcome.recorded,
                    ..Outcome::default()
                }
            );
        }
    }
}

/// A text that was put back is named by verify; one that is erased although nobody said so is no error.
#[tokio::test]
async fn a_text_that_came_back_is_named() {
    for engine in engines() {
        let world = written(engine, 3).await;
        let page = world
            .book
            .store()
            .log_page(0, u64::try_from(world.head().await.0).unwrap())
            .await
            .unwrap();
        let kept = page.last().unwrap().texts[0].kept.clone().unwrap();
        let seq = page.last().unwrap().entry.seq;
        erase(&world, "a/p2").await.unwrap();
        let writer = &world.book.store().writer;
        match engine {
            Engine::Sqlite => writer
                .execute_unprepared("DROP TRIGGER entry_text_only_erased")
                .await
                .unwrap(),
            Engine::Postgres => writer
                .execute_unprepared("ALTER TABLE entry_text DISABLE TRIGGER entry_text_only_erased")
                .await
                .unwrap(),
        };
        let salt: Vec<String> = kept.salt.iter().map(|byte| format!("{byte:02x}")).collect();
        let salt = salt.concat();
        let salt = match engine {
            Engine::Sqlite => format!("x'{salt}'"),
            Engine::Postgres => format!("'\\x{salt}'::bytea"),
        };
        let back = format!(
            "UPDATE entry_text SET salt = {salt}, text = '{}' WHERE seq = {seq}",
            kept.text
        );
        writer.execute_unprepared(&back).await.unwrap();
        let found = findings(&world).await;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("消したはずのメモ・理由の文が"), "{found:?}");
    }
}

/// Erased is salt and text, not one of them.
#[tokio::test]
async fn a_copy_with_half_an_erased_text_is_refused() {
    for engine in engines() {
        let world = written(engine, 2).await;
        erase(&world, "a/p1").await.unwrap();
        let mut copy = Vec::new();
        export_entries(&world.book, &mut copy).await.unwrap();
        // the other text without its salt
        let copy = String::from_utf8(copy).unwrap();
        let line = copy
            .lines()
            .find(|line| line.contains(&format!("{NAME} 0000")))
            .unwrap();
        let mut value: Value = serde_json::from_str(line).unwrap();
        value["texts"][0]["salt"] = Value::Null;
        let changed = copy.replace(line, &value.to_string());
        let empty = World::empty(engine).await;
        let error = import(&empty.book, changed.as_bytes(), Options::default(), &mut ())
            .await
            .unwrap_err();
        assert!(matches!(error, ImportError::Damaged { .. }), "{error:?}");
    }
}
