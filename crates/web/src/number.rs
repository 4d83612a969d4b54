//! Numbers as people type them.

pub use app::number::tidied;
use serde_json::Value;

/// A whole number as an act wants it; anything else as it was typed, for the refusal to show.
pub fn whole(typed: &str) -> Value {
    typed.parse::<i64>().map_or_else(|_| typed.into(), Value::from)
}
