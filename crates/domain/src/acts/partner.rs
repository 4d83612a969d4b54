//! partner 取引先: a business or public body outside the book, of one office (or, by the keeper, of the whole book).

use super::Rules;
use crate::{
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, PartnerId},
    masters::{self, Masters, PUBLIC_CODE, PartnerFacts, PartnerKind},
    refusal::{Refusal, Stop, Why},
    registration::RegistrationNumber,
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};

/// A partner, never a person: private customers are all 一般客.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PartnerFacts))]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// Code within the office.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// What it is to us.
    #[serde(default, rename = "partner_kind")]
    pub kind: PartnerKind,
    /// 登録番号 T….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
}

impl Rules for Partner {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if self.code.as_ref() == PUBLIC_CODE {
            return Err(Refusal::at(
                "code",
                Why::CodeTaken {
                    code: self.code.to_string(),
                },
            )
            .into());
        }
        if draft.acting().office().is_none() {
            draft.keeper_acts()?;
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
        let key = (entry.acting.office(), self.code.clone());
        let known = masters.partner_codes.get(&key).copied();
        let id = known.unwrap_or_else(|| PartnerId(id::derive(&entry.acting, &entry.key, "partner", 0)));
        let facts = PartnerFacts {
            name: self.name.clone(),
            kind: self.kind,
            registration: self.registration,
        };
        let partner = masters.partners.entry(id).or_insert_with(|| masters::Partner {
            id,
            office: key.0,
            code: key.1.clone(),
            facts: Dated::default(),
        });
        partner.facts.set(entry.supplied_on, facts);
        masters.partner_codes.insert(key, id);
    }
}
