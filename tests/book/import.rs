//! JSON Lines into the book: every line is recorded, known or refused by name; the same file twice adds nothing.

use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, engines},
    world::{SMALL_WORLD, World, outside},
};
use app::{
    Book,
    export::content_root,
    import::{ImportError, Listener, Options, Outcome, Progress, RefusedLine, import},
};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// Keeps what it hears.
#[derive(Default)]
struct Heard {
    refused: Vec<RefusedLine>,
    recorded: Vec<(u64, u64)>,
    progress: Vec<Progress>,
}

impl Listener for Heard {
    fn progress(&mut self, progress: Progress) {
        self.progress.push(progress);
    }

    fn refused(&mut self, line: &RefusedLine) {
        self.refused.push(line.clone());
    }

    fn recorded(&mut self, line: u64, seq: u64) {
        self.recorded.push((line, seq));
    }
}

const EACH: Options = Options { atomic: false };
const ALL: Options = Options { atomic: true };

async fn take(book: &Book, input: impl AsRef<[u8]>, options: Options) -> (Outcome, Heard) {
    let mut heard = Heard::default();
    let outcome = import(book, input.as_ref(), options, &mut heard).await.unwrap();
    (outcome, heard)
}

fn recorded(count: usize) -> Outcome {
    Outcome {
        recorded: count as u64,
        ..Outcome::default()
    }
}

fn already(count: usize) -> Outcome {
    Outcome {
        already: count as u64,
        ..Outcome::default()
    }
}

#[tokio::test]
async fn whole_in_pieces_and_all_or_nothing_give_the_same_content() {
    let file = SMALL_WORLD.to_owned() + &lines(&dealings(60));
    let acts: Vec<&str> = file.lines().collect();
    let mut roots = Vec::new();
    for engine in engines() {
        // other random bytes each time: other salts, another head, the same content
        for (seed, way) in [(1, "whole"), (2, "pieces"), (3, "atomic")] {
            let database = TestDatabase::new(engine);
            let book = Book::open(&database.url().parse().unwrap(), outside(seed))
                .await
                .unwrap();
            match way {
                "pieces" => {
                    for piece in acts.chunks(7) {
                        assert_eq!(take(&book, piece.join("\n"), EACH).await.0, recorded(piece.len()));
                    }
                }
                "atomic" => assert_eq!(take(&book, &file, ALL).await.0, recorded(acts.len())),
                _ => assert_eq!(take(&book, &file, EACH).await.0, recorded(acts.len())),
            }
            roots.push((
                content_root(&book).await.unwrap(),
                book.store().log_head().await.unwrap().root,
            ));
            book.close().await.unwrap();
        }
    }
    assert!(roots.windows(2).all(|pair| pair[0].0 == pair[1].0), "{roots:?}");
    assert_ne!(roots[0].1, roots[1].1);
}

#[tokio::test]
async fn the_same_file_twice_adds_nothing() {
    for engine in engines() {
        let world = World::empty(engine).await;
        // more than one job, so that two are on their way
        let file = SMALL_WORLD.to_owned() + &lines(&dealings(400));
        let count = file.lines().count();
        let (outcome, heard) = take(&world.book, &file, EACH).await;
        assert_eq!(outcome, recorded(count));
        let expected: Vec<(u64, u64)> = (0..count as u64).map(|n| (n + 1, n)).collect();
        assert_eq!(heard.recorded, expected);
        let last = heard.progress.last().unwrap();
        assert_eq!((last.bytes, last.lines), (file.len() as u64, count as u64));
        let head = world.head().await;
        let (outcome, heard) = take(&world.book, &file, EACH).await;
        assert_eq!(outcome, already(count));
        assert_eq!(heard.recorded, expected);
        assert_eq!(take(&world.book, &file, ALL).await.0, already(count));
        assert_eq!(world.head().await, head);
        let known = world
            .number("SELECT COUNT(*) FROM entry WHERE recorder = 'import'")
            .await;
        assert_eq!(known, i64::try_from(count).unwrap());
    }
}

/// Line, code, field, and a part of the value that is shown.
type Bad = (&'static [u8], &'static str, &'static str, &'static str);

const PRODUCE: &[u8] = br#"{"kind":"produce","office":"a","key":"p1","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":"2","lot":{"code":"A-1"}}]}"#;

const BAD: &[Bad] = &[
    (b"{\"kind\":\"produce\",\"off", "malformed", "", "{\"kind\":\"produce\",\"off"),
    (b"hello", "malformed", "", "hello"),
    (b"[1]", "malformed", "", ""),
    (b"{\"kind\":\"ship\",\"note\":\"\x82\xa0\"}", "malformed", "", "\u{fffd}"),
    (b"{\"kind\":\"ship\",\"office\":\"a\",\"key\":\"k\x07\"}", "malformed", "", "\\u{7}"),
    (br#"{"kind":"ship","kind":"ship"}"#, "malformed", "", "kind"),
    (br#"{"kind":"fly","office":"a","key":"k","supplied_on":"2026-06-01"}"#, "unknown-kind", "kind", "\"fly\""),
    (br#"{"kind":"produce","format":2,"office":"a","key":"k","supplied_on":"2026-06-01"}"#, "unknown-format", "format", "2"),
    (br#"{"kind":"produce","office":"a","supplied_on":"2026-06-01","lines":[]}"#, "malformed", "key", ""),
    (br#"{"kind":"produce","office":"a","key":"a\u0007b","supplied_on":"2026-06-01","lines":[]}"#, "malformed", "key", "a\\u0007b"),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-31","lines":[]}"#, "malformed", "supplied_on", "\"2026-06-31\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2126-06-01","lines":[{"product":"carrot","quantity":"1"}]}"#, "date-in-future", "supplied_on", "\"2126-06-01\""),
    (br#"{"kind":"produce","office":"zz","key":"k","supplied_on":"2026-06-01","lines":[]}"#, "acting-unknown", "office", "\"zz\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[]}"#, "no-lines", "lines", "[]"),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","linse":[]}"#, "malformed", "linse", "[]"),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":1.5}]}"#, "malformed", "", "{\"kind\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":"0"}]}"#, "quantity-wrong", "lines[0].quantity", "\"0\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":"-3"}]}"#, "quantity-wrong", "lines[0].quantity", "\"-3\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":"1.2345"}]}"#, "quantity-wrong", "lines[0].quantity", "\"1.2345\""),
    (br#"{"kind":"produce","office":"a","key":"k","supplied_on":"2026-06-01","lines":[{"product":"melon","quantity":"1"}]}"#, "product-unknown", "lines[0].product", "\"melon\""),
    (br#"{"kind":"ship","office":"a","key":"k","supplied_on":"2026-06-01","to":"b","lines":[{"lot":"A-1","quantity":"3"}]}"#, "not-enough", "lines[0].quantity", "\"3\""),
    (br#"{"kind":"ship","office":"a","key":"k","supplied_on":"2026-06-01","to":"b","lines":[{"lot":"Z-9","quantity":"3"}]}"#, "lot-unknown", "lines[0].lot", "\"Z-9\""),
    (br#"{"kind":"produce","office":"a","key":"p1","supplied_on":"2026-06-01","lines":[{"product":"carrot","quantity":"3","lot":{"code":"A-1"}}]}"#, "key-reused", "key", "\"p1\""),
    (br#"{"kind":"reverse","office":"a","key":"k","supplied_on":"2026-06-01","entry":{"key":"p1"}}"#, "reason-missing", "reason", ""),
    (br#"{"kind":"entry","seq":0,"recorded_at":"","canonical":"","salt":"","body_hash":""}"#, "malformed", "kind", "\"entry\""),
];

#[tokio::test]
async fn every_bad_line_is_named_with_its_field_and_nothing_else_is_lost() {
    for engine in engines() {
        let world = World::new(engine).await;
        let before = world.head().await.0;
        // a good line, the bad ones with a blank line after each, a line of 10 MB, a good line
        let mut file = [PRODUCE, b"\n"].concat();
        for (line, ..) in BAD {
            file.extend_from_slice(line);
            file.extend_from_slice(b"\r\n\n");
        }
        file.extend_from_slice(b"{\"kind\":\"ship\",\"note\":\"");
        file.resize(file.len() + 10_000_000, b'x');
        file.extend_from_slice(b"\"}\n");
        let last = String::from_utf8_lossy(PRODUCE)
            .replace("p1", "p2")
            .replace("A-1", "A-2");
        file.extend_from_slice(last.as_bytes());
        let (outcome, heard) = take(&world.book, &file, EACH).await;
        for (n, (line, code, field, value)) in BAD.iter().enumerate() {
            let text = String::from_utf8_lossy(line);
            let refused = &heard.refused[n];
            assert_eq!(refused.line, 2 + 2 * n as u64, "{text}");
            assert_eq!(
                (refused.code, refused.field.as_str()),
                (*code, *field),
                "{text}: {refused}"
            );
            assert!(
                refused.value.as_deref().unwrap_or_default().contains(value),
                "{text}: {refused}"
            );
            assert!(
                refused.sentence.ends_with('。') || refused.sentence.ends_with(')'),
                "{refused}"
            );
        }
        let long = &heard.refused[BAD.len()];
        assert_eq!((long.line, long.code), (2 + 2 * BAD.len() as u64, "malformed"));
        assert!(long.sentence.contains("1MB"), "{long}");
        let refused = BAD.len() as u64 + 1;
        assert_eq!(
            outcome,
            Outcome {
                recorded: 2,
                refused,
                ..Outcome::default()
            }
        );
        assert_eq!(world.head().await.0, before + 2);
    }
}

#[tokio::test]
async fn all_or_nothing_with_one_bad_line_records_nothing() {
    for engine in engines() {
        let world = World::new(engine).await;
        let before = world.head().await;
        for bad in [
            "{\"kind\":\"produce\"}",
            "{\"kind\":\"produce\",\"office\":\"a\",\"key\":\"k\",\"supplied_on\":\"2026-06-01\",\"lines\":[]}",
        ] {
            let file = lines(&dealings(3)) + bad;
            let (outcome, heard) = take(&world.book, &file, ALL).await;
            let count = dealings(3).len() as u64;
            assert_eq!(
                outcome,
                Outcome {
                    refused: 1,
                    not_recorded: count,
                    ..Outcome::default()
                }
            );
            assert_eq!(heard.refused[0].line, count + 1);
            assert_eq!(heard.recorded, []);
            assert_eq!(world.head().await, before);
        }
    }
}

/// 5,000 new acts at most into a book that others use; into an empty one any number.
#[tokio::test]
async fn a_group_is_bounded_unless_the_book_is_empty() {
    for engine in engines() {
        let world = World::empty(engine).await;
        let made = |word: &str, count: usize| -> String {
            let acts = (0..count).map(|n| {
                let lines =
                    json!([{"product": "craft", "quantity": "1", "lot": {"code": format!("{word}-{n}")}}]);
                acceptance::world::act(
                    "produce",
                    "a",
                    &format!("{word}-{n}"),
                    "2026-06-01",
                    json!({"lines": lines}),
                )
            });
            lines(&acts.collect::<Vec<_>>())
        };
        let first = SMALL_WORLD.to_owned() + &made("A", 5_001);
        let count = first.lines().count();
        assert_eq!(take(&world.book, &first, ALL).await.0, recorded(count));
        assert_eq!(take(&world.book, &first, ALL).await.0, already(count));
        let (outcome, heard) = take(&world.book, made("B", 5_001), ALL).await;
        assert_eq!(
            outcome,
            Outcome {
                refused: 1,
                not_recorded: 5_000,
                ..Outcome::default()
            }
        );
        assert_eq!(heard.refused[0].code, "too-many-lines");
        // what is there already does not count
        let (outcome, _) = take(&world.book, made("A", 5_001) + &made("B", 5_000), ALL).await;
        assert_eq!(
            outcome,
            Outcome {
                recorded: 5_000,
                already: 5_001,
                ..Outcome::default()
            }
        );
    }
}

#[tokio::test]
async fn a_full_disk_stops_an_import_and_says_how_far_it_came() {
    if !engines().contains(&Engine::Sqlite) {
        return;
    }
    let world = World::new(Engine::Sqlite).await;
    let before = world.head().await.0;
    let limit = async |pages: i64| {
        let db = &world.book.store().writer;
        db.execute_unprepared(&format!("PRAGMA max_page_count = {pages}"))
            .await
            .unwrap();
    };
    // room for the largest first batch, however much of the file is waiting by then, and not for the whole file
    limit(world.number("PRAGMA page_count").await + 1_800).await;
    let file = lines(&dealings(2_000));
    let mut heard = Heard::default();
    let error = import(&world.book, file.as_bytes(), EACH, &mut heard)
        .await
        .unwrap_err();
    let ImportError::Stopped { failure, outcome } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(failure.code, "disk-full");
    assert!(outcome.recorded > 0 && outcome.refused == 0, "{outcome:?}");
    assert_eq!(heard.recorded.len() as u64, outcome.recorded);
    assert_eq!(
        world.head().await.0 - before,
        i64::try_from(outcome.recorded).unwrap()
    );
    assert!(
        error
            .to_string()
            .contains(&format!("{}件は記録済み", outcome.recorded)),
        "{error}"
    );
    limit(1_000_000).await;
    let (again, _) = take(&world.book, &file, EACH).await;
    assert_eq!(again.already, outcome.recorded);
    assert_eq!(
        (again.already + again.recorded, again.refused),
        (dealings(2_000).len() as u64, 0)
    );
}

#[tokio::test]
async fn an_empty_file_is_no_error() {
    let world = World::empty(engines()[0]).await;
    assert_eq!(take(&world.book, "", EACH).await.0, Outcome::default());
    assert_eq!(take(&world.book, "\n \r\n", ALL).await.0, Outcome::default());
}
