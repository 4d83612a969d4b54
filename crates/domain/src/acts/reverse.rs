//! reverse 取り消し: what an entry holds, mirrored. Refused for a lot already used, with the list of later acts.

use super::{Act, Rules, erase_text};
use crate::{
    draft::Draft,
    refs::EntryRef,
    refusal::{Refusal, Stop, Why},
};
use serde::{Deserialize, Serialize};

/// Takes back an entry. Keeps its day of supply; books on its day, or on the first day open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reverse {
    /// What is taken back.
    pub entry: EntryRef,
}

impl Rules for Reverse {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.reason_is_due()?;
        let fact = draft.entry("entry", &self.entry)?;
        let original = &fact.entry;
        check(draft, fact)?;
        super::original::nothing_came_back(draft, fact)?;
        if original.kind == "confirm" {
            super::confirm::is_last(draft, fact)?;
        }
        draft.births_are_unused(original)?;
        draft.mirror(fact)
    }
}

/// What reversal and correction have in common: a party's own dealing, not dated before the original.
pub(super) fn check(draft: &Draft<'_>, fact: &crate::facts::EntryFact) -> Result<(), Refusal> {
    let original = &fact.entry;
    if Act::is_master(&original.kind) {
        return Err(Refusal::at(
            "entry",
            Why::CannotBeReversed {
                kind: original.kind.clone(),
            },
        ));
    }
    if original.kind == erase_text::KIND {
        return Err(Refusal::at("entry", Why::ErasedForGood));
    }
    if original.kind == "issue" {
        return Err(Refusal::at("entry", Why::DocumentStands));
    }
    if draft.supplied_on() < original.supplied_on {
        let why = Why::DateBeforeOriginal {
            day: draft.supplied_on(),
            original: original.supplied_on,
        };
        return Err(Refusal::at("supplied_on", why));
    }
    // the acting body takes back its own act; the keeper any
    if original.acting != draft.acting() && draft.acting() != crate::id::Acting::Keeper {
        return Err(Refusal::at("entry", Why::NotAParty));
    }
    Ok(())
}
