//! office 事業所: made known, or changed from a day on (name, corporation, municipality, address).

use super::Rules;
use crate::{
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, OfficeId},
    masters::{self, Masters, OfficeFacts},
    refusal::{Refusal, Stop, Why},
    text::{Code, Kana, Name, Phone},
};
use serde::{Deserialize, Serialize};

/// An office of a corporation. It is named by `code`, since `office` is who acts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OfficeFacts))]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Code.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// How the name is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kana: Option<Kana>,
    /// Corporation that runs it.
    pub corporation: Code,
    /// 市町村.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Name>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Name>,
    /// Telephone of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

impl Rules for Office {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if self.code.as_ref() == "keeper" {
            return Err(Refusal::at(
                "code",
                Why::CodeTaken {
                    code: self.code.to_string(),
                },
            )
            .into());
        }
        if draft.masters().corporation_by_code(&self.corporation).is_none() {
            let code = self.corporation.to_string();
            return Err(Refusal::at("corporation", Why::CorporationUnknown { code }).into());
        }
        let known = draft.masters().office_by_code(&self.code).map(|office| office.id);
        let id = known.unwrap_or_else(|| new_id(draft.acting(), draft.key().1));
        draft.touch(id);
        Ok(draft.keeper_acts()?)
    }

    fn is_dealing(&self) -> bool {
        false
    }

    fn may_lie_ahead(&self) -> bool {
        true
    }

    fn apply(&self, masters: &mut Masters, entry: &Entry) {
        let Some(corporation) = masters
            .corporation_by_code(&self.corporation)
            .map(|found| found.id)
        else {
            return;
        };
        let known = masters.office_codes.get(&self.code).copied();
        let id = known.unwrap_or_else(|| new_id(entry.acting, &entry.key));
        let facts = OfficeFacts {
            name: self.name.clone(),
            kana: self.kana.clone(),
            corporation,
            municipality: self.municipality.clone(),
            address: self.address.clone(),
            phone: self.phone.clone(),
        };
        let code = self.code.clone();
        let office = masters.offices.entry(id).or_insert_with(|| masters::Office {
            id,
            code: code.clone(),
            facts: Dated::default(),
        });
        office.facts.set(entry.supplied_on, facts);
        masters.office_codes.insert(code, id);
    }
}

fn new_id(acting: crate::id::Acting, key: &crate::text::Key) -> OfficeId {
    OfficeId(id::derive(&acting, key, "office", 0))
}
