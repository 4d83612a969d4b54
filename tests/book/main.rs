//! The book on both engines: chains, parallel recorders, keys, the same bytes.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod backup;
mod chain;
mod export;
mod faults;
mod import;
mod lanes;
mod map;
mod parallel;
mod plans;
mod proof;
mod texts;
mod trace;
mod verify;
