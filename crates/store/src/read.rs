//! Readers: rows out, one file per reader. They use the connections that cannot write.

pub mod balances;
pub mod between;
pub mod entries;
pub mod ledger;
pub mod log;
pub mod lots;
pub mod numbered;
pub mod referring;
pub mod search;
pub mod shelf;
pub mod snapshot;
pub mod stock;
pub mod trace;
