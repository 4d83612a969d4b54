//! The files of the sample month, and a book to record them in.

use acceptance::{
    support::{Engine, TestDatabase},
    world::World,
};
use app::{Book, outside::Outside, writer::Answer};
use domain::calendar::Instant;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;

macro_rules! sample {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../crates/yokoito/sample/", $name)),
        )
    };
}

/// Names and contents, in the order of recording.
pub const FILES: [(&str, &str); 4] = [
    sample!("01-masters.jsonl"),
    sample!("02-opening.jsonl"),
    sample!("03-june.jsonl"),
    sample!("04-july.jsonl"),
];

/// What describes them.
pub const README: &str = include_str!("../../crates/yokoito/sample/README.md");

/// Acts sent to the writer at once: below its batch, so that many batches are written.
const JOB: usize = 200;

/// All acts in order.
pub fn acts() -> impl Iterator<Item = Value> {
    let lines = FILES.into_iter().flat_map(|(_, lines)| lines.lines());
    lines.map(|line| serde_json::from_str(line).expect(line))
}

/// An empty book on an engine; its clock shows the end of July 2026.
pub async fn empty(engine: Engine) -> World {
    let database = TestDatabase::new(engine);
    let now = Instant::from_rfc3339("2026-07-31T09:00:00+09:00").expect("a time");
    let url = database.url().parse().expect("an address");
    let book = Book::open(&url, Outside::fixed(now, 1)).await.expect("a book");
    World { book, database }
}

/// Records all files; each line with its answer.
pub async fn record(world: &World) -> Vec<(&'static str, Answer)> {
    let mut answered = Vec::new();
    for (_, lines) in FILES {
        let lines: Vec<&str> = lines.lines().collect();
        for job in lines.chunks(JOB) {
            let answers = world.record_lines(&job.join("\n")).await;
            answered.extend(job.iter().copied().zip(answers));
        }
    }
    answered
}

/// Rows of the book's tables.
pub async fn rows(world: &World, sql: &str) -> Vec<QueryResult> {
    let db = &world.book.store().reader;
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .expect(sql)
}
