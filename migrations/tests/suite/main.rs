//! What every migrated database must be, on both engines. PostgreSQL comes from `YOKOITO_TEST_POSTGRES`, the address
//! of a database in which schemas may be made; without it these tests fail rather than pass unseen.
#![expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod append_only;
mod dump;
mod hashes;
mod parity;
mod race;
mod support;
