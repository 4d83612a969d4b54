//! A small world on a real engine: the master data of `tests/data/small-world.jsonl`, a clock that stands still and
//! bytes that follow from a number, so that the same acts give the same book.

use crate::support::{Engine, TestDatabase};
use app::{
    Book,
    outside::Outside,
    writer::{Answer, Job},
};
use domain::{calendar::Instant, command::Command};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;

/// The small world's master data.
pub const SMALL_WORLD: &str = include_str!("../data/small-world.jsonl");

/// An open book in a database of its own.
pub struct World {
    /// The book.
    pub book: Book,
    /// Its database; removed with the world.
    pub database: TestDatabase,
}

/// Clock and bytes of the tests: 2026-07-10 noon in Tokyo.
///
/// # Panics
/// Never: the time is a constant.
#[expect(clippy::expect_used, reason = "a constant")]
pub fn outside(seed: u64) -> Outside {
    Outside::fixed(
        Instant::from_rfc3339("2026-07-10T03:00:00Z").expect("a time"),
        seed,
    )
}

impl World {
    /// The small world on an engine.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn new(engine: Engine) -> World {
        let world = World::empty(engine).await;
        for (line, answer) in SMALL_WORLD.lines().zip(world.record_lines(SMALL_WORLD).await) {
            assert!(matches!(answer, Answer::Recorded(..)), "{line}: {answer:?}");
        }
        world
    }

    /// An empty book on an engine.
    ///
    /// # Panics
    /// When it cannot be made.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn empty(engine: Engine) -> World {
        let database = TestDatabase::new(engine);
        let url = database.url().parse().expect("an address");
        let book = Book::open(&url, outside(7)).await.expect("a book");
        World { book, database }
    }

    /// Records JSON Lines as one job.
    ///
    /// # Panics
    /// When a line is no act or the writer is gone.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn record_lines(&self, lines: &str) -> Vec<Answer> {
        let commands = lines
            .lines()
            .map(|line| Command::parse(line).expect(line))
            .collect();
        let job = Job {
            commands,
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        self.book.writer().record(job).await.expect("an open writer")
    }

    /// Records one act.
    ///
    /// # Panics
    /// When it is no act or the writer is gone.
    pub async fn record(&self, act: Value) -> Answer {
        self.record_lines(&act.to_string()).await.swap_remove(0)
    }

    /// One number of the book's tables.
    ///
    /// # Panics
    /// When the statement fails or gives no number.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn number(&self, sql: &str) -> i64 {
        self.all_numbers(sql).await.into_iter().next().expect("a row")
    }

    /// The numbers in the first column.
    ///
    /// # Panics
    /// When the statement fails or gives no numbers.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn all_numbers(&self, sql: &str) -> Vec<i64> {
        let db = &self.book.store().reader;
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .expect(sql);
        let number = |row: &QueryResult| row.try_get_by_index(0).expect("a number");
        rows.iter().map(number).collect()
    }

    /// The log's head: size and root.
    ///
    /// # Panics
    /// When it cannot be read.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn head(&self) -> (i64, Vec<u8>) {
        let db = &self.book.store().reader;
        let sql = "SELECT size, root FROM log_head";
        let row = db
            .query_one_raw(Statement::from_string(db.get_database_backend(), sql))
            .await
            .expect(sql);
        let row = row.expect("a head");
        (
            row.try_get_by_index(0).expect("size"),
            row.try_get_by_index(1).expect("root"),
        )
    }
}

/// An act of an office on a day.
pub fn act(kind: &str, office: &str, key: &str, day: &str, mut fields: Value) -> Value {
    for (name, value) in [
        ("kind", kind),
        ("office", office),
        ("key", key),
        ("supplied_on", day),
    ] {
        if let Some(fields) = fields.as_object_mut() {
            fields.insert(name.to_owned(), value.into());
        }
    }
    fields
}
