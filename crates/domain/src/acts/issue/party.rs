//! Who makes a paper and who gets it, as it stands there: the names and the registration of that day.

use super::{DocumentGoods, Issue};
use crate::{
    calendar::Day,
    draft::Draft,
    id::{OfficeId, PartnerId, PartyId},
    masters::Masters,
    refusal::{Refusal, Why},
    registration::RegistrationNumber,
    text::{Name, Phone},
};
use serde::{Deserialize, Serialize};

/// A party on a paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PartyOnPaper {
    /// Name of the office or partner.
    pub name: Name,
    /// Its corporation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corporation: Option<Name>,
    /// 登録番号; of the seller alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Name>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

impl PartyOnPaper {
    /// A party as papers of a day name it, `sells` with its registration; none when it is not known on that day.
    pub fn of(masters: &Masters, party: PartyId, day: Day, sells: bool) -> Option<PartyOnPaper> {
        if let Some(office) = masters.as_office(party) {
            let facts = office.facts.on_or_first(day)?;
            let corporation = masters.corporation(facts.corporation)?.facts.on_or_first(day)?;
            return Some(PartyOnPaper {
                name: facts.name.clone(),
                corporation: Some(corporation.name.clone()),
                registration: corporation.registration.filter(|_| sells),
                address: facts.address.clone(),
                phone: facts.phone.clone(),
            });
        }
        let facts = masters.partner(PartnerId(party.0))?.facts.on_or_first(day)?;
        Some(PartyOnPaper {
            name: facts.name.clone(),
            corporation: None,
            registration: facts.registration.filter(|_| sells),
            address: None,
            phone: None,
        })
    }
}

impl Issue {
    /// Both are named as the book names them on the day of the paper; a registration that is not there is not claimed, nor the
    /// shop's own for goods of others that it may not answer for.
    pub(super) fn parties(
        &self,
        draft: &Draft<'_>,
        office: OfficeId,
        with: Option<PartyId>,
    ) -> Result<(), Refusal> {
        let (masters, day) = (draft.masters(), draft.supplied_on());
        let differs = |field: &str, what| Err(Refusal::at(field, Why::DocumentDiffers { what }));
        let sells = self.form.is_by_seller();
        let registered = sells && self.goods == DocumentGoods::Own;
        if PartyOnPaper::of(masters, office.into(), day, registered).as_ref() != Some(&self.issuer) {
            return differs("issuer", "発行者(名前・住所・登録番号)");
        }
        let named = with.and_then(|with| PartyOnPaper::of(masters, with, day, !sells));
        match (&self.recipient, named) {
            (None, None) => Ok(()),
            (Some(stated), Some(named)) if *stated == named => Ok(()),
            _ => differs("recipient", "相手(名前・住所・登録番号)"),
        }
    }
}
