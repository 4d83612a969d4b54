//! The program as people run it: arguments, exit codes, what it says.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "tests fail by panicking")]

mod backup;
mod bench;
mod command_line;
mod copy;
mod demo;
mod doctor;
mod import;
mod parallel;
mod proof;
mod serve;
mod text;

use acceptance::run;
