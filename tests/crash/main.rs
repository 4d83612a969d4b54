//! The book under attack: programs and servers killed, disks full, files held, connections cut. What was answered is
//! there, nothing is there twice, and it goes on or says clearly why not.
//!
//! `YOKOITO_LONG=1` makes the long ones longer. Each of them prints what it hit.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::naive_bytecount,
    clippy::format_collect,
    reason = "tests fail by panicking; a few bytes are counted as they come"
)]

mod disk;
mod flush;
mod inject;
mod kill;
mod lock;
mod network;
mod postgres;
mod trace;
