//! A migration that somebody has applied is never edited.

use std::fmt::Write as _;

use migrations::PAIRS;
use sha2::{Digest, Sha256};

const LISTED: &str = include_str!("../../sql/SHA256SUMS");

/// The lines that `sha256sum *.sql` prints.
fn sums<'a>(files: impl IntoIterator<Item = (String, &'a str)>) -> String {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort();
    let mut lines = String::new();
    for (name, text) in files {
        writeln!(lines, "{}  {name}", hex::encode(Sha256::digest(text))).expect("a String takes all");
    }
    lines
}

fn files() -> Vec<(String, &'static str)> {
    PAIRS
        .iter()
        .flat_map(|pair| {
            [
                (format!("{}.sqlite.sql", pair.name), pair.sqlite),
                (format!("{}.postgres.sql", pair.name), pair.postgres),
            ]
        })
        .collect()
}

#[test]
fn no_released_migration_was_edited() {
    assert_eq!(
        sums(files()),
        LISTED,
        "an applied migration is never edited: write a new one and add its lines to sql/SHA256SUMS"
    );
}

#[test]
fn an_edit_would_be_seen() {
    let edited = format!("{}-- one more line\n", PAIRS[0].sqlite);
    let mut files = files();
    files[0].1 = &edited;
    assert_ne!(sums(files), LISTED);
}

#[test]
fn names_are_in_order_and_once() {
    let names: Vec<&str> = PAIRS.iter().map(|pair| pair.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted);
}
