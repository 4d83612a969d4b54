//! The book out and in again: verbatim from either engine to the other, or as acts.

use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, engines},
    world::{SMALL_WORLD, World, outside},
};
use app::{
    Book,
    export::{content_root, export_acts, export_entries},
    import::{ImportError, Options, Outcome, import},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

const EACH: Options = Options { atomic: false };

async fn book_with(engine: Engine, lots: usize) -> World {
    let world = World::empty(engine).await;
    let file = SMALL_WORLD.to_owned() + &lines(&dealings(lots));
    let outcome = import(&world.book, file.as_bytes(), EACH, &mut ()).await.unwrap();
    assert_eq!(outcome.recorded, file.lines().count() as u64, "{outcome:?}");
    world
}

async fn entries(book: &Book) -> String {
    let mut output = Vec::new();
    export_entries(book, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

async fn acts(book: &Book) -> String {
    let mut output = Vec::new();
    export_acts(book, &mut output).await.unwrap();
    String::from_utf8(output).unwrap()
}

async fn read(book: &Book, input: impl AsRef<[u8]>) -> Result<Outcome, ImportError> {
    import(book, input.as_ref(), EACH, &mut ()).await
}

/// Everything that is kept in sum or beside the bytes, as text.
async fn tables(world: &World) -> Vec<String> {
    let db = &world.book.store().reader;
    let mut rows = Vec::new();
    for (sql, columns) in [
        (
            "SELECT s.lot_no, s.place_no, s.quantity, CAST(s.last_day AS bigint) FROM stock s ORDER BY 1, 2",
            4,
        ),
        (
            "SELECT account_no, yen, CAST(last_day AS bigint) FROM balance ORDER BY 1",
            3,
        ),
        (
            "SELECT account_no, CAST(month AS bigint), yen FROM balance_month ORDER BY 1, 2",
            3,
        ),
        ("SELECT target_seq, seq FROM entry_ref ORDER BY 1, 2, role", 2),
        ("SELECT office_no, seq FROM entry_office ORDER BY 1, 2", 2),
        (
            "SELECT seq, COALESCE(reverses_seq, -1), recorded_at FROM entry ORDER BY 1",
            3,
        ),
        (
            "SELECT seq, CAST(line AS bigint), lot_no, from_no, to_no, quantity FROM movement ORDER BY 1, 2",
            6,
        ),
        (
            "SELECT seq, CAST(line AS bigint), account_no, yen FROM posting ORDER BY 1, 2",
            4,
        ),
        (
            "SELECT no, birth_seq, product_no, maker_no FROM lot ORDER BY 1",
            4,
        ),
        (
            "SELECT next_lot_no, next_place_no, next_account_no, next_party_no, next_product_no FROM log_head",
            5,
        ),
        ("SELECT lot_no, seq FROM lot_amendment ORDER BY 1, 2", 2),
        (
            "SELECT CAST(level AS bigint), tile_index, CAST(SUM(length(hashes)) AS bigint) FROM log_tile GROUP BY level, tile_index ORDER BY 1, 2",
            3,
        ),
    ] {
        let found = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .expect(sql);
        for row in found {
            let numbers: Vec<i64> = (0..columns)
                .map(|n| row.try_get_by_index(n).expect(sql))
                .collect();
            rows.push(format!("{} {numbers:?}", &sql[..40]));
        }
    }
    rows
}

/// Over a thousand entries, so that references, mirrors and lots reach from one chunk into another.
#[tokio::test]
async fn a_copy_of_a_copy_on_the_other_engine_is_the_same_book() {
    let all = engines();
    for engine in &all {
        let source = book_with(*engine, 400).await;
        // an erased text: its commitment stays
        let erase =
            "UPDATE entry_text SET salt = NULL, text = NULL WHERE seq = (SELECT MIN(seq) FROM entry_text)";
        source
            .book
            .store()
            .writer
            .execute_unprepared(erase)
            .await
            .unwrap();
        let copy = entries(&source.book).await;
        let size = source.head().await.0;
        assert_eq!(i64::try_from(copy.lines().count()).unwrap(), size + 2);
        assert!(copy.contains(r#""texts":[{"role":"note"}]"#));
        let mut last = copy.clone();
        for other in all
            .iter()
            .filter(|other| all.len() == 1 || *other != engine)
            .chain([engine])
        {
            let restored = World::empty(*other).await;
            let outcome = read(&restored.book, &last).await.unwrap();
            assert_eq!(
                outcome,
                Outcome {
                    recorded: u64::try_from(size).unwrap(),
                    ..Outcome::default()
                }
            );
            assert_eq!(restored.head().await, source.head().await);
            let (found, expected) = (tables(&restored).await, tables(&source).await);
            let other = found
                .iter()
                .zip(&expected)
                .find(|(found, expected)| found != expected);
            assert_eq!((found.len(), other), (expected.len(), None));
            last = entries(&restored.book).await;
            assert!(last == copy, "the copies differ");
            // again: it is all there
            let outcome = read(&restored.book, &last).await.unwrap();
            assert_eq!(
                outcome,
                Outcome {
                    already: u64::try_from(size).unwrap(),
                    ..Outcome::default()
                }
            );
            // and the book goes on
            let next = lines(&dealings(401)[dealings(400).len()..]);
            assert_eq!(read(&restored.book, next).await.unwrap().refused, 0);
        }
    }
}

#[tokio::test]
async fn acts_written_out_and_recorded_anew_have_the_same_content() {
    for engine in engines() {
        let source = book_with(engine, 60).await;
        let file = acts(&source.book).await;
        let count = file.lines().count() as u64;
        assert_eq!(count, source.book.store().log_head().await.unwrap().size);
        // into the same book: all known, mirrors and corrections too
        let again = read(&source.book, &file).await.unwrap();
        assert_eq!(
            again,
            Outcome {
                already: count,
                ..Outcome::default()
            }
        );
        for other in engines() {
            let anew = World::empty(other).await;
            let outcome = read(&anew.book, &file).await.unwrap();
            assert_eq!(
                outcome,
                Outcome {
                    recorded: count,
                    ..Outcome::default()
                }
            );
            assert_eq!(
                content_root(&anew.book).await.unwrap(),
                content_root(&source.book).await.unwrap()
            );
            assert_eq!(acts(&anew.book).await, file);
        }
    }
}

#[tokio::test]
async fn an_erased_reason_does_not_keep_an_act_out() {
    for engine in engines() {
        let source = book_with(engine, 2).await;
        let erase = "UPDATE entry_text SET salt = NULL, text = NULL";
        source
            .book
            .store()
            .writer
            .execute_unprepared(erase)
            .await
            .unwrap();
        let file = acts(&source.book).await;
        assert!(file.contains("\"reason\":\"(消去済み)\""), "{file}");
        let anew = World::empty(engine).await;
        assert_eq!(read(&anew.book, &file).await.unwrap().refused, 0);
        assert_eq!(
            content_root(&anew.book).await.unwrap(),
            content_root(&source.book).await.unwrap()
        );
    }
}

#[tokio::test]
async fn a_copy_goes_into_an_empty_book_only() {
    for engine in engines() {
        let source = book_with(engine, 1).await;
        let other = World::new(engine).await;
        let before = other.head().await;
        let error = read(&other.book, entries(&source.book).await).await.unwrap_err();
        assert!(
            matches!(&error, ImportError::NotRestored(failure) if failure.code == "book-not-empty"),
            "{error:?}"
        );
        assert_eq!(other.head().await, before);
        // the writer goes on
        assert_eq!(read(&other.book, lines(&dealings(1))).await.unwrap().refused, 0);
    }
}

/// The copy is the same book: what was signed before it moved still proves something.
#[tokio::test]
async fn id_keys_and_signed_heads_come_with_the_copy() {
    for engine in engines() {
        let source = book_with(engine, 3).await;
        let key = app::key::open(&source.book, &source.database.directory().join("a.key")).await;
        let note = app::log::checkpoint(&source.book, &key.unwrap()).await.unwrap();
        assert_eq!(read(&source.book, lines(&dealings(4))).await.unwrap().refused, 0);
        let copy = entries(&source.book).await;
        for other in engines() {
            let restored = World::empty(other).await;
            assert!(read(&restored.book, &copy).await.unwrap().is_whole());
            let signed = app::log::read_checkpoint(&restored.book, &note).await.unwrap();
            let root = app::log::root_at(restored.book.store(), signed.size())
                .await
                .unwrap();
            assert_eq!(root, signed.root());
            assert!(entries(&restored.book).await == copy);
        }
        let all: Vec<&str> = copy.lines().collect();
        // right after the last entry it covers
        let signed = all
            .iter()
            .position(|line| line.starts_with(r#"{"kind":"checkpoint""#))
            .unwrap();
        let before: Value = serde_json::from_str(all[signed - 1]).unwrap();
        assert_eq!(before["seq"], signed - 2);
        let moved = {
            let mut lines = all.clone();
            lines.swap(signed, signed + 1);
            lines.join("\n")
        };
        let other_id = "00000000-0000-8000-8000-000000000000";
        for (what, file, expected) in [
            (
                "another book",
                with(&copy, 0, |line| line["identity"]["id"] = other_id.into()),
                signed + 1,
            ),
            (
                "no identity",
                with(&copy, 0, |line| line["identity"] = Value::Null),
                1,
            ),
            (
                "no key",
                with(&copy, 0, |line| line["identity"]["keys"] = json!([])),
                signed + 1,
            ),
            (
                "another size",
                with(&copy, signed, |line| line["size"] = 5.into()),
                signed + 1,
            ),
            (
                "another note",
                with(&copy, signed, |line| line["note"] = note.replace('a', "b").into()),
                signed + 1,
            ),
            ("another place", moved, signed + 2),
        ] {
            let empty = World::empty(engine).await;
            let error = read(&empty.book, &file).await.expect_err(what);
            let ImportError::Damaged { line, .. } = &error else {
                panic!("{what}: {error:?}")
            };
            assert_eq!(*line, expected as u64, "{what}: {error}");
            assert_eq!(empty.number("SELECT COUNT(*) FROM entry").await, 0, "{what}");
            assert!(empty.book.store().book().await.unwrap().is_none(), "{what}");
        }
        // an empty book that has signed something is a book of its own
        let database = TestDatabase::new(engine);
        let own = Book::open(&database.url().parse().unwrap(), outside(8))
            .await
            .unwrap();
        let key = app::key::open(&own, &database.directory().join("b.key"))
            .await
            .unwrap();
        app::log::checkpoint(&own, &key).await.unwrap();
        let error = read(&own, &copy).await.unwrap_err();
        assert!(
            matches!(&error, ImportError::NotRestored(failure) if failure.code == "book-not-empty"),
            "{error:?}"
        );
        assert_eq!(own.store().log_head().await.unwrap().size, 0);
    }
}

/// Changes one field of one line.
fn with(copy: &str, line: usize, change: impl Fn(&mut Value)) -> String {
    let changed = copy.lines().enumerate().map(|(n, text)| {
        let mut value: Value = serde_json::from_str(text).unwrap();
        if n == line {
            change(&mut value);
        }
        format!("{value}\n")
    });
    changed.collect()
}

fn without(copy: &str, line: usize) -> String {
    let kept = copy.lines().enumerate().filter(|(n, _)| *n != line);
    kept.flat_map(|(_, text)| {
        [
            text, "
",
        ]
    })
    .collect()
}

#[tokio::test]
async fn a_cut_or_changed_copy_leaves_nothing_behind() {
    for engine in engines() {
        let source = book_with(engine, 3).await;
        let copy = entries(&source.book).await;
        let all: Vec<&str> = copy.lines().collect();
        let end = all.len() - 1;
        let noted = all.iter().position(|line| line.contains("\"note\"")).unwrap();
        let swapped = {
            let mut lines = all.clone();
            lines.swap(5, 6);
            lines.join("\n")
        };
        let other_text = json!("夕方の便");
        let zeros = json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        let mut damaged: Vec<(&str, String, u64)> = vec![
            ("two lines swapped", swapped, 6),
            ("a line left out", without(&copy, 5), 6),
            ("the last entry left out", without(&copy, end - 1), end as u64),
            ("a line after the end", copy.clone() + all[3], end as u64 + 2),
            ("an act in between", all[..4].join("\n") + "\n" + SMALL_WORLD, 5),
            (
                "another sequence",
                with(&copy, 4, |line| line["seq"] = 7.into()),
                5,
            ),
            (
                "another time",
                with(&copy, 4, |line| {
                    line["recorded_at"] = "2026-07-10T03:00:00.001Z".into();
                }),
                5,
            ),
            (
                "other salts",
                with(&copy, 4, |line| line["salt"] = zeros.clone()),
                end as u64 + 1,
            ),
            (
                "another body",
                with(&copy, 4, |line| line["body_hash"] = zeros.clone()),
                5,
            ),
            (
                "another text",
                with(&copy, noted, |line| line["texts"][0]["text"] = other_text.clone()),
                noted as u64 + 1,
            ),
            (
                "no text",
                with(&copy, noted, |line| drop(line["texts"].take())),
                noted as u64 + 1,
            ),
            (
                "text without salt",
                with(&copy, noted, |line| line["texts"][0]["salt"] = Value::Null),
                noted as u64 + 1,
            ),
            (
                "another root",
                with(&copy, end, |line| line["root"] = "00".repeat(32).into()),
                end as u64 + 1,
            ),
            (
                "another root at both ends",
                {
                    let other = |line: &mut Value| line["root"] = "00".repeat(32).into();
                    with(&with(&copy, end, other), 0, other)
                },
                end as u64 + 1,
            ),
            (
                "an unknown field",
                with(&copy, 4, |line| line["more"] = 1.into()),
                5,
            ),
        ];
        // what stands beside the entries is covered by the last line
        let made_at = "2026-07-10T03:00:00.001Z";
        damaged.push((
            "another time of making",
            copy.replacen(
                r#""made_at":"2026-07-10T03:00:00.000Z""#,
                &format!(r#""made_at":"{made_at}""#),
                1,
            ),
            end as u64 + 1,
        ));
        assert!(damaged.last().unwrap().1.contains(made_at));
        for (what, file, expected) in [
            (
                "a newer form",
                with(&copy, 0, |line| line["format"] = 2.into()),
                1,
            ),
            (
                "a newer line",
                with(&copy, 3, |line| line["kind"] = "account".into()),
                4,
            ),
        ] {
            let empty = World::empty(engine).await;
            let error = read(&empty.book, &file).await.expect_err(what);
            assert!(
                matches!(&error, ImportError::Newer { line, .. } if *line == expected),
                "{what}: {error:?}"
            );
            assert_eq!(empty.number("SELECT COUNT(*) FROM entry").await, 0, "{what}");
        }
        // every byte of an entry counts
        let bytes = serde_json::from_str::<Value>(all[8]).unwrap()["canonical"]
            .as_str()
            .unwrap()
            .to_owned();
        for at in (0..bytes.len() - 4).step_by(97) {
            let mut forged = bytes.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            damaged.push((
                "other bytes",
                with(&copy, 8, |line| line["canonical"] = forged.clone().into()),
                0,
            ));
        }
        for (what, file, expected) in damaged {
            let empty = World::empty(engine).await;
            let error = read(&empty.book, &file).await.expect_err(what);
            let ImportError::Damaged { line, .. } = &error else {
                panic!("{what}: {error:?}")
            };
            assert!(expected == 0 || *line == expected, "{what}: {error}");
            assert_eq!(empty.number("SELECT COUNT(*) FROM entry").await, 0, "{what}");
        }
        for cut in [
            all[0].len() + 1,
            copy.len() / 2,
            copy.len() - 5,
            copy.len() - all[end].len() - 1,
        ] {
            let empty = World::empty(engine).await;
            let error = read(&empty.book, &copy[..cut]).await.unwrap_err();
            assert!(matches!(error, ImportError::Truncated { .. }), "{cut}: {error:?}");
            assert_eq!(empty.number("SELECT COUNT(*) FROM entry").await, 0);
            // the writer is free again
            assert_eq!(read(&empty.book, &copy).await.unwrap().refused, 0);
        }
    }
}
