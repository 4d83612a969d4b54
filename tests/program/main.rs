//! The program as people run it: arguments, exit codes, what it says, and what stands in the book after it was killed.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]

mod command_line;
mod copy;
mod demo;
mod import;
mod kill;
mod run;
