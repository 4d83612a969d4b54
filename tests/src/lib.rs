//! Support for the acceptance suites: a database of its own for each test, on both engines.

pub mod dealings;
mod postgres;
pub mod support;
pub mod world;
