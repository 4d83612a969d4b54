//! corporation 法人: made known, or changed from a day on (name, registration, way of taxation).

use super::Rules;
use crate::{
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, CorporationId},
    masters::{self, CorporationFacts, Masters},
    refusal::Stop,
    registration::RegistrationNumber,
    tax::Taxation,
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};

/// A legal entity that runs offices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CorporationFacts))]
#[serde(deny_unknown_fields)]
pub struct Corporation {
    /// Code.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// 登録番号 T…; missing when not registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
    /// 免税・簡易・本則.
    pub taxation: Taxation,
}

impl Rules for Corporation {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        Ok(draft.keeper_acts()?)
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let known = masters.corporation_codes.get(&self.code).copied();
        let id =
            known.unwrap_or_else(|| CorporationId(id::derive(&entry.acting, &entry.key, "corporation", 0)));
        let facts = CorporationFacts {
            name: self.name.clone(),
            registration: self.registration,
            taxation: self.taxation,
        };
        let code = self.code.clone();
        let corporation = masters
            .corporations
            .entry(id)
            .or_insert_with(|| masters::Corporation {
                id,
                code: code.clone(),
                facts: Dated::default(),
            });
        corporation.facts.set(entry.supplied_on, facts);
        masters.corporation_codes.insert(code, id);
    }
}
