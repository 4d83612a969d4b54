//! disown うちのものではない: an office says that a lot that names it is not its own, or takes that back.
//!
//! Goods, money and the lot's facts stay as they are: who is right is for people to find out. Until then nobody outside is
//! told that the office made it. It is master data, so that it holds at once wherever the lot is shown.

use super::Rules;
use crate::{
    draft::Draft,
    entry::Entry,
    id::PartyId,
    masters::Masters,
    refusal::{Refusal, Stop, Why, refuse},
    text::LotCode,
};
use serde::{Deserialize, Serialize};

/// An office contests a lot that names it as its maker, or that is of a product of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Disown {
    /// The lot.
    pub lot: LotCode,
    /// It is the office's own after all.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub withdrawn: bool,
}

impl Rules for Disown {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        draft.reason_is_due()?;
        let lot = draft.lot("lot", &self.lot)?;
        let product = draft.product_of(&lot)?;
        if lot.maker != PartyId::from(office) && product.office != office {
            let code = self.lot.to_string();
            return refuse("lot", Why::LotNotOfOffice { code });
        }
        let is_disowned = draft
            .masters()
            .disowned_by(&self.lot)
            .any(|other| other == office);
        if is_disowned != self.withdrawn {
            return Err(Refusal::at("lot", Why::SaidAlready).into());
        }
        // who it says has made it learns of it
        if let Some(maker) = draft.masters().as_office(lot.maker) {
            draft.touch(maker.id);
        }
        Ok(())
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(office) = entry.acting.office() else {
            return;
        };
        let by = masters.disowned.entry(self.lot.clone()).or_default();
        if self.withdrawn {
            by.remove(&office);
        } else {
            by.insert(office);
        }
    }
}
