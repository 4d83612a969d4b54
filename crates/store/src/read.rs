//! Readers: rows out, one file per reader. They use the connections that cannot write.

pub mod log;
