//! Who comes in over the network, on both engines: links, passwords, sessions, tokens, roles, the reading register,
//! proposals and evidence files.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod backup;
mod cards;
mod evidence;
mod invitations;
mod log_in;
mod people;
mod proposals;
mod register;
mod resets;
mod rights;
mod secrets;
mod settings;
mod tokens;

use app::access::AccessRefused;
use std::fmt::Debug;

/// The code of what was refused.
fn code<T: Debug>(outcome: Result<T, AccessRefused>) -> &'static str {
    outcome.expect_err("refused").code()
}
