//! Readers: rows out, one file per reader. They use the connections that cannot write.

pub mod balances;
pub mod entries;
pub mod log;
pub mod lots;
pub mod snapshot;
pub mod stock;
pub mod trace;
