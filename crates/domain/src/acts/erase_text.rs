//! erase_text 文の消去: the free texts (メモ, 理由) of an entry are erased, the single exception to "nothing is deleted".
//!
//! Somebody wrote what must not stand in a shared book: a name, an illness. Goods and money stay as they are, and so
//! does the sealed commitment of the text: that there was one, and that it was erased, when and why, can be seen for ever.
//! It cannot be undone, because the text is gone. The reason of an erasure is a free text itself and can be erased too.

use super::Rules;
use crate::{
    decide::act_of,
    draft::Draft,
    entry::{Entry, ReferenceRole, TextRole},
    facts::{Answer, Question},
    id::{Acting, EntryId},
    refs::EntryRef,
    refusal::{Stop, Why, refuse},
};
use serde::{Deserialize, Serialize};

/// Kind of act.
pub const KIND: &str = "erase_text";

/// Erases the free texts of an entry, or only its note or its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EraseText {
    /// Whose texts.
    pub entry: EntryRef,
    /// Only this one; all when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Which>,
}

/// Which of an entry's texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ErasedText))]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// メモ.
    Note,
    /// 理由.
    Reason,
}

impl Which {
    /// The role of the text.
    pub const fn role(self) -> TextRole {
        match self {
            Which::Note => TextRole::Note,
            Which::Reason => TextRole::Reason,
        }
    }
}

impl Rules for EraseText {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if draft.acting() != Acting::Keeper {
            return refuse("office", Why::OnlyKeeper);
        }
        draft.reason_is_due()?;
        let original = &draft.entry("entry", &self.entry)?.entry;
        let is_meant = |role: TextRole| self.only.is_none_or(|only| only.role() == role);
        if !original.texts.iter().any(|seal| is_meant(seal.role)) {
            return refuse("entry", Why::NothingToErase);
        }
        let Answer::Texts(kept) = draft.facts().answer(&Question::KeptTexts(original.id))? else {
            return refuse("", Why::Broken { what: "answer" });
        };
        if !kept.iter().any(|role| is_meant(*role)) {
            return refuse("entry", Why::ErasedAlready);
        }
        // who wrote it sees that it was erased
        if let Some(office) = original.acting.office() {
            draft.touch(office);
        }
        draft.refer(ReferenceRole::Original, original.id.0);
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }
}

/// What an entry erases: the texts of which entry, and in which role if not all. None for entries of other kinds.
pub fn erased_by(entry: &Entry) -> Option<(EntryId, Option<TextRole>)> {
    if entry.kind != KIND {
        return None;
    }
    let super::Act::EraseText(act) = act_of(entry)? else {
        return None;
    };
    let original = |reference: &&crate::entry::Reference| reference.role == ReferenceRole::Original;
    let target = entry.references.iter().find(original)?;
    Some((EntryId(target.id), act.only.map(Which::role)))
}
