//! cash_place 現金・預金の置き場: cash box, bank account or till of an office.

use super::Rules;
use crate::{
    draft::Draft,
    entry::Entry,
    id::{self, CashPlaceId},
    masters::{self, CashPlaceKind, Masters},
    refusal::{Refusal, Stop, Why},
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};

/// A cash place of the acting office.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = CashPlaceFacts))]
#[serde(deny_unknown_fields)]
pub struct CashPlace {
    /// Code within the office.
    pub code: Code,
    /// Name.
    pub name: Name,
    /// Cash, bank or till; fixed.
    pub holds: CashPlaceKind,
}

impl Rules for CashPlace {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        let known = draft.masters().cash_place_by_code(office, &self.code);
        if known.is_some_and(|place| place.kind != self.holds) {
            return Err(Refusal::at(
                "holds",
                Why::FixedForEver {
                    what: "置き場の種類"
                },
            )
            .into());
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
        let key = (office, self.code.clone());
        let known = masters.cash_place_codes.get(&key).copied();
        let id = known.unwrap_or_else(|| CashPlaceId(id::derive(&entry.acting, &entry.key, "cash_place", 0)));
        let ordinal = masters.cash_places.len();
        let place = masters
            .cash_places
            .entry(id)
            .or_insert_with(|| masters::CashPlace {
                id,
                office,
                code: key.1.clone(),
                name: self.name.clone(),
                kind: self.holds,
                ordinal,
            });
        place.name = self.name.clone();
        masters.cash_place_codes.insert(key, id);
    }
}
