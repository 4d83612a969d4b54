//! recipe レシピ: a template that fills in a processing; what was really used is what is recorded.

use super::Rules;
use crate::{
    draft::Draft,
    entry::Entry,
    masters::{self, Masters, RecipeLine},
    refusal::{Refusal, Stop, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// A recipe of the acting office from the day of the act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RecipeFacts))]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Code within the office.
    pub code: Code,
    /// What goes in for one batch.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub inputs: Vec<RecipeLine>,
    /// What comes out of one batch.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub outputs: Vec<RecipeLine>,
}

impl Rules for Recipe {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.office()?;
        for (name, lines) in [("inputs", &self.inputs), ("outputs", &self.outputs)] {
            draft.lines_are_sound(name, lines.len())?;
            for (n, line) in lines.iter().enumerate() {
                let product = draft.product(&format!("{name}[{n}].product"), &line.product)?;
                draft.quantity(&format!("{name}[{n}].quantity"), product, &line.quantity)?;
            }
        }
        if self.outputs.iter().all(|line| line.weight == Some(0)) {
            return Err(Refusal::at("outputs", Why::NoWeight).into());
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(office) = entry.acting.office() else {
            return;
        };
        let recipe = masters::Recipe {
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
        };
        masters
            .recipes
            .entry((office, self.code.clone()))
            .or_default()
            .set(entry.supplied_on, recipe);
    }
}
