//! agreement 取り決め: in force when both offices have agreed; new terms are a new row, an end sets a date.

use super::Rules;
use crate::{
    calendar::Day,
    dated::Dated,
    draft::Draft,
    entry::Entry,
    id::{self, AgreementId},
    masters::{self, AgreementKind, AgreementTerms, Masters},
    money::Yen,
    refusal::{Refusal, Stop, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Terms between two offices from the day of the act on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementFacts))]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Code.
    pub code: Code,
    /// 納入・委託・法人内.
    pub about: AgreementKind,
    /// Who makes and owns.
    pub producer: Code,
    /// Who buys or sells on.
    pub other: Code,
    /// The terms.
    pub terms: AgreementTerms,
    /// Last day, when it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// Who agreed: both offices.
    pub agreed: Vec<Code>,
}

impl Rules for Agreement {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let producer = draft.office_of("producer", &self.producer)?;
        let other = draft.office_of("other", &self.other)?;
        if producer == other {
            return Err(Refusal::at("other", Why::SameOffice).into());
        }
        if draft
            .acting()
            .office()
            .is_some_and(|acting| acting != producer && acting != other)
        {
            return Err(Refusal::at("", Why::NotAParty).into());
        }
        for code in [&self.producer, &self.other] {
            if !self.agreed.contains(code) {
                return Err(Refusal::at(
                    "agreed",
                    Why::NotAgreed {
                        code: code.to_string(),
                    },
                )
                .into());
            }
        }
        if (self.about == AgreementKind::Internal) != draft.same_corporation(producer, other) {
            let why = if self.about == AgreementKind::Internal {
                Why::NotSameCorporation
            } else {
                Why::AgreementUnsound {
                    problem: "同じ法人の事業所どうしは internal にしてください。",
                }
            };
            return Err(Refusal::at("about", why).into());
        }
        if (self.about == AgreementKind::Consign) != self.terms.consign.is_some() {
            let problem = "委託には consign(手数料型か消化仕入型)を、ほかには書かないでください。";
            return Err(Refusal::at("terms.consign", Why::AgreementUnsound { problem }).into());
        }
        for (field, day) in [
            ("terms.closing_day", self.terms.closing_day),
            ("terms.pay_day", self.terms.pay_day),
        ] {
            if day.is_some_and(|day| !(1..=28).contains(&day)) {
                let problem = "日は1から28まで、月末なら書かないでください。";
                return Err(Refusal::at(field, Why::AgreementUnsound { problem }).into());
            }
        }
        if self.terms.carry_below.is_some_and(|yen| yen < Yen::ZERO) {
            return Err(Refusal::at("terms.carry_below", Why::AmountNegative).into());
        }
        if self.until.is_some_and(|until| until < draft.supplied_on()) {
            return Err(Refusal::at("until", Why::PeriodEndsBeforeStart).into());
        }
        let known = draft.masters().agreement_by_code(&self.code);
        if known.is_some_and(|known| !known.is_between(self.about, producer, other)) {
            return Err(Refusal::at(
                "code",
                Why::CodeTaken {
                    code: self.code.to_string(),
                },
            )
            .into());
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
        let office = |code| masters.office_by_code(code).map(|office| office.id);
        let (Some(producer), Some(other)) = (office(&self.producer), office(&self.other)) else {
            return;
        };
        let known = masters.agreement_codes.get(&self.code).copied();
        let id = known.unwrap_or_else(|| AgreementId(id::derive(&entry.acting, &entry.key, "agreement", 0)));
        let agreement = masters
            .agreements
            .entry(id)
            .or_insert_with(|| masters::Agreement {
                id,
                code: self.code.clone(),
                kind: self.about,
                producer,
                other,
                terms: Dated::default(),
                end: None,
            });
        agreement.terms.set(entry.supplied_on, self.terms.clone());
        agreement.end = self.until;
        masters.agreement_codes.insert(self.code.clone(), id);
    }
}
