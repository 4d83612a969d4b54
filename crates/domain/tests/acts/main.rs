//! The acts on a small world: goods, postings and refusals of each, with figures worked out by hand.

#![expect(missing_docs, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod correct;
mod transfer;
