//! 連絡会, 法人, 事業所, 取引先, 取り決め, 締め.

use super::{Reading, Versioned, version::versioned};
use crate::views::names::{Named, party};
use domain::{
    calendar::{Day, Month},
    id::{OfficeId, PartyId},
    masters::{AgreementKind, AgreementTerms, PartnerKind},
    registration::RegistrationNumber,
    tax::Taxation,
    text::{Code, Kana, Name, Phone},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A name from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NameRow {
    /// First day.
    pub from: Day,
    /// Name.
    pub name: Name,
}

/// 連絡会.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NetworkView {
    /// Code.
    pub code: Code,
    /// Names by the day each is valid from.
    pub rows: Vec<NameRow>,
    /// Members by office and first day.
    pub members: Vec<MemberView>,
}

/// An office's stay in a network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct MemberView {
    /// Who.
    pub office: Named,
    /// First day.
    pub from: Day,
    /// Last day; open when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

/// 法人.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorporationView {
    /// Code.
    pub code: Code,
    /// Facts by the day each is valid from.
    pub rows: Vec<CorporationRow>,
}

/// What holds for a corporation from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorporationRow {
    /// First day.
    pub from: Day,
    /// Name.
    pub name: Name,
    /// 登録番号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
    /// 課税方式.
    pub taxation: Taxation,
}

/// 事業所.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeView {
    /// Code.
    pub code: Code,
    /// Facts by the day each is valid from.
    pub rows: Vec<OfficeRow>,
}

/// What holds for an office from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeRow {
    /// First day.
    pub from: Day,
    /// Name.
    pub name: Name,
    /// How the name is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kana: Option<Kana>,
    /// 法人.
    pub corporation: Named,
    /// 市区町村.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality: Option<Name>,
    /// 所在地.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Name>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// 取引先.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartnerView {
    /// Whose partner; of the whole book when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<Named>,
    /// Code.
    pub code: Code,
    /// Facts by the day each is valid from.
    pub rows: Vec<PartnerRow>,
}

/// What holds for a partner from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartnerRow {
    /// First day.
    pub from: Day,
    /// Name.
    pub name: Name,
    /// What it is to the offices.
    pub partner_kind: PartnerKind,
    /// 登録番号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationNumber>,
}

/// 取り決め.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgreementView {
    /// Code.
    pub code: Code,
    /// What it is about.
    pub about: AgreementKind,
    /// Who makes.
    pub producer: Named,
    /// Who buys or sells on.
    pub other: Named,
    /// Terms by the day each is valid from.
    pub rows: Vec<AgreementRow>,
    /// Last day, once it was ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// Terms from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgreementRow {
    /// First day.
    pub from: Day,
    /// Terms.
    pub terms: AgreementTerms,
}

/// 締め: the last closed month of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CloseView {
    /// Who.
    pub office: Named,
    /// Closed up to and including this month.
    pub through: Month,
}

pub(super) fn networks(reading: &Reading<'_>) -> Vec<Versioned<NetworkView>> {
    let known = reading.masters.networks();
    let mut views: Vec<Versioned<NetworkView>> = known
        .filter(|network| reading.wants(None, &network.code))
        .filter(|network| reading.gate.knows_network(network.id))
        .map(|network| {
            let mut members: Vec<MemberView> = network
                .members
                .iter()
                .map(|member| MemberView {
                    office: reading.office(member.office),
                    from: member.from,
                    to: member.to,
                })
                .collect();
            members.sort();
            let view = NetworkView {
                code: network.code.clone(),
                rows: network
                    .name
                    .iter()
                    .map(|(from, name)| NameRow {
                        from,
                        name: name.clone(),
                    })
                    .collect(),
                members,
            };
            versioned(network, view)
        })
        .collect();
    views.sort_by(|one, other| one.thing.code.cmp(&other.thing.code));
    views
}

pub(super) fn corporations(reading: &Reading<'_>) -> Vec<Versioned<CorporationView>> {
    let known = reading.masters.corporations();
    let mut views: Vec<Versioned<CorporationView>> = known
        .filter(|corporation| reading.wants(None, &corporation.code))
        .filter(|corporation| reading.gate.knows_corporation(corporation.id))
        .map(|corporation| {
            let view = CorporationView {
                code: corporation.code.clone(),
                rows: corporation
                    .facts
                    .iter()
                    .map(|(from, facts)| CorporationRow {
                        from,
                        name: facts.name.clone(),
                        registration: facts.registration,
                        taxation: facts.taxation,
                    })
                    .collect(),
            };
            versioned(corporation, view)
        })
        .collect();
    views.sort_by(|one, other| one.thing.code.cmp(&other.thing.code));
    views
}

pub(super) fn offices(reading: &Reading<'_>) -> Vec<Versioned<OfficeView>> {
    let known = reading.masters.offices();
    let mut views: Vec<Versioned<OfficeView>> = known
        .filter(|office| reading.wants(None, &office.code))
        .filter(|office| reading.gate.knows_office(office.id))
        .map(|office| {
            let view = OfficeView {
                code: office.code.clone(),
                rows: office
                    .facts
                    .iter()
                    .map(|(from, facts)| OfficeRow {
                        from,
                        name: facts.name.clone(),
                        kana: facts.kana.clone(),
                        corporation: reading.corporation(facts.corporation, from),
                        municipality: facts.municipality.clone(),
                        address: facts.address.clone(),
                        phone: facts.phone.clone(),
                    })
                    .collect(),
            };
            versioned(office, view)
        })
        .collect();
    views.sort_by(|one, other| one.thing.code.cmp(&other.thing.code));
    views
}

pub(super) fn partners(reading: &Reading<'_>) -> Vec<Versioned<PartnerView>> {
    let known = reading.masters.partners();
    let mut views: Vec<Versioned<PartnerView>> = known
        .filter(|partner| reading.wants(partner.office, &partner.code))
        .filter(|partner| reading.gate.knows_partner(partner, reading.today))
        .map(|partner| {
            let view = PartnerView {
                office: partner.office.map(|office| reading.office(office)),
                code: partner.code.clone(),
                rows: partner
                    .facts
                    .iter()
                    .map(|(from, facts)| PartnerRow {
                        from,
                        name: facts.name.clone(),
                        partner_kind: facts.kind,
                        registration: facts.registration,
                    })
                    .collect(),
            };
            versioned(partner, view)
        })
        .collect();
    views.sort_by(|one, other| {
        (&one.thing.office, &one.thing.code).cmp(&(&other.thing.office, &other.thing.code))
    });
    views
}

pub(super) fn agreements(reading: &Reading<'_>) -> Vec<Versioned<AgreementView>> {
    let known = reading.masters.agreements();
    let mut views: Vec<Versioned<AgreementView>> = known
        .filter(|agreement| reading.wants(None, &agreement.code))
        .filter(|agreement| reading.gate.knows_agreement(agreement, reading.today))
        .map(|agreement| {
            let view = AgreementView {
                code: agreement.code.clone(),
                about: agreement.kind,
                producer: reading.office(agreement.producer),
                other: reading.office(agreement.other),
                rows: agreement
                    .terms
                    .iter()
                    .map(|(from, terms)| AgreementRow {
                        from,
                        terms: terms.clone(),
                    })
                    .collect(),
                until: agreement.until(),
            };
            versioned(agreement, view)
        })
        .collect();
    views.sort_by(|one, other| one.thing.code.cmp(&other.thing.code));
    views
}

pub(super) fn closes(reading: &Reading<'_>) -> Vec<Versioned<CloseView>> {
    let known = reading.masters.offices();
    let mut views: Vec<Versioned<CloseView>> = known
        .filter(|office| reading.gate.follows(office.id, reading.today))
        .filter_map(|office| {
            let through = reading.masters.closed_through(office.id)?;
            let view = CloseView {
                office: reading.office(office.id),
                through,
            };
            Some(versioned(&through, view))
        })
        .collect();
    views.sort_by(|one, other| one.thing.office.cmp(&other.thing.office));
    views
}

impl Reading<'_> {
    pub(super) fn office(&self, office: OfficeId) -> Named {
        party(self.masters, PartyId::from(office), self.today)
    }

    fn corporation(&self, corporation: domain::id::CorporationId, day: Day) -> Named {
        let corporation = self.masters.corporation(corporation);
        let facts = corporation.and_then(|known| known.facts.on_or_first(day));
        Named::new(
            corporation.map_or("", |known| known.code.as_str()),
            facts.map_or("", |facts| facts.name.as_str()),
        )
    }
}
