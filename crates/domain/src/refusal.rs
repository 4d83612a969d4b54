//! Every way the book can say no: a stable code for machines, a sentence in plain Japanese for people that says what
//! to do next, and the field it is about.

mod why;

pub use why::{LaterAct, Why};

use std::fmt;

/// A refusal: which field, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Path of the field in the act: `lines[0].quantity`; empty when it is about the act as a whole.
    pub field: String,
    /// The reason.
    pub why: Why,
}

impl Refusal {
    /// A refusal about a field.
    pub fn at(field: impl Into<String>, why: Why) -> Refusal {
        Refusal {
            field: field.into(),
            why,
        }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        self.why.code()
    }

    /// Sentence for people.
    pub fn sentence(&self) -> String {
        self.why.to_string()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "{}", self.why)
        } else {
            write!(f, "「{}」: {}", self.field, self.why)
        }
    }
}

impl std::error::Error for Refusal {}

/// Why a decision could not be finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The rules say no.
    Refused(Box<Refusal>),
    /// Facts that have to be loaded first; then decide again.
    Need(Vec<crate::facts::Need>),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(Box::new(refusal))
    }
}

/// Shorthand in the acts: `refuse("lines[0].lot", Why::…)`.
pub fn refuse<T>(field: impl Into<String>, why: Why) -> Result<T, Stop> {
    Err(Refusal::at(field, why).into())
}
