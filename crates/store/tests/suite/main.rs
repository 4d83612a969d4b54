//! The store on real databases. PostgreSQL comes from `YOKOITO_TEST_POSTGRES`, the address of a database in which
//! schemas may be made; without it these tests fail rather than pass unseen.
#![expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod connect;
mod drift;
mod inspect;
mod refusals;
mod support;
