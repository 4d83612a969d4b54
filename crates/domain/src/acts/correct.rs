//! correct 正しい数に直す: mirror and right version in one entry, checked as a whole; the lot keeps its birth.

use super::{Act, Rules, reverse};
use crate::{
    draft::Draft,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why},
};
use serde::{Deserialize, Serialize};

/// Puts an entry right. Keeps the original's day of supply, price and rate of that day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// What is put right.
    pub entry: EntryRef,
    /// The right version: an act of the same kind, with its `kind`.
    #[cfg_attr(feature = "openapi", schema(no_recursion))]
    pub right: Act,
}

impl Rules for Correct {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.reason_is_due()?;
        let fact = draft.entry("entry", &self.entry)?;
        reverse::check(draft, fact)?;
        super::original::nothing_came_back(draft, fact)?;
        let kind = draft.corrected_kind(fact)?;
        if kind == "confirm" {
            return Err(Refusal::at("entry", Why::StatementFrozen).into());
        }
        if self.right.kind() != kind || matches!(kind, "correct" | "reverse") {
            let kind = kind.to_owned();
            return Err(Refusal::at("right.kind", Why::CorrectionOfOtherKind { kind }).into());
        }
        draft
            .correct(fact, |draft| self.right.decide(draft))
            .map_err(within_right)
    }
}

/// Fields of the inner act are named from outside.
fn within_right(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(mut refusal) => {
            if !refusal.field.is_empty() && refusal.field != "entry" {
                refusal.field = format!("right.{}", refusal.field);
            }
            Stop::Refused(refusal)
        }
        need @ Stop::Need(_) => need,
    }
}
