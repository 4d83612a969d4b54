//! Numbers as people type them.

pub use app::number::tidied;
