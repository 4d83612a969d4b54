//! The book on both engines: chains, parallel recorders, keys, the same bytes.

mod chain;
mod parallel;
