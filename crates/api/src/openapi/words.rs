//! What the fields of answers are called, for people. What an act's own fields are stands with the acts.

/// Words by `Schema`, `Schema.field` or `field`.
pub const WORDS: &[(&str, &str)] = &[];
