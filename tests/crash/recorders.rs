//! A program for the crash tests to kill: many recorders at once on one book, each answered act appended to a file.
//!
//!     recorders DATABASE FIRST-LOT END-LOT RECORDERS REPORT
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "it ends by panicking, or by being killed"
)]

use acceptance::load::Load;
use app::{Book, outside::Outside};
use std::{env, fs::OpenOptions, io::Write as _};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [database, from, to, recorders, report] = arguments.as_slice() else {
        panic!("recorders DATABASE FIRST-LOT END-LOT RECORDERS REPORT");
    };
    let report = OpenOptions::new()
        .create(true)
        .append(true)
        .open(report)
        .expect("a report");
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let url = database.parse().expect("an address");
    let book = Book::open(&url, Outside::system()).await.expect("a book");
    // one write each: a line is there whole or not at all
    let heard = move |key: &str, seq: u64| {
        let line = format!("{key} {seq}\n");
        (&report).write_all(line.as_bytes()).expect("reported");
    };
    let load = Load::new(&book, number(from)..number(to), heard);
    load.run(number(recorders)).await;
    book.close().await.expect("closed");
}
