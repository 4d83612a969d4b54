//! Networks, corporations, offices, partners.

use crate::{
    calendar::Day,
    dated::Dated,
    id::{CorporationId, NetworkId, OfficeId, PartnerId},
    registration::RegistrationNumber,
    tax::Taxation,
    text::{Code, Kana, Name, Phone},
};
use serde::{Deserialize, Serialize};

/// 連絡会: offices of an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Id.
    pub id: NetworkId,
    /// Code.
    pub code: Code,
    /// Dated names.
    pub name: Dated<Name>,
    /// Members with the days of their membership.
    pub members: Vec<Membership>,
}

/// An office's stay in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub office: OfficeId,
    /// First day.
    pub from: Day,
    /// Last day; open when missing.
    pub to: Option<Day>,
}

impl Network {
    /// Whether the office is a member on a day.
    pub fn has(&self, office: OfficeId, day: Day) -> bool {
        self.members.iter().any(|member| {
            member.office == office && member.from <= day && member.to.is_none_or(|last| day <= last)
        })
    }
}

/// 法人.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corporation {
    /// Id.
    pub id: CorporationId,
    /// Code.
    pub code: Code,
    /// Dated facts.
    pub facts: Dated<CorporationFacts>,
}

/// What is known of a corporation from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorporationFacts {
    /// Name.
    pub name: Name,
    /// 適格請求書発行事業者の登録番号, if registered.
    pub registration: Option<RegistrationNumber>,
    /// 免税・簡易・本則.
    pub taxation: Taxation,
}

/// 事業所.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Id.
    pub id: OfficeId,
    /// Code.
    pub code: Code,
    /// Dated facts.
    pub facts: Dated<OfficeFacts>,
}

/// What is known of an office from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeFacts {
    /// Name.
    pub name: Name,
    /// How the name is read, for people who read with difficulty.
    pub kana: Option<Kana>,
    /// Corporation that runs it.
    pub corporation: CorporationId,
    /// City, town or village.
    pub municipality: Option<Name>,
    /// Address, as it stands on papers and labels.
    pub address: Option<Name>,
    /// Telephone of the office.
    pub phone: Option<Phone>,
}

/// What a partner is to the offices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    /// 仕入先.
    Supplier,
    /// 得意先.
    #[default]
    Customer,
    /// 発注元 of work.
    Client,
    /// 決済会社.
    CardCompany,
    /// Shop outside the book that sells on consignment.
    Shop,
    /// 官公庁.
    PublicBody,
}

/// 取引先: a business or public body outside the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// Id.
    pub id: PartnerId,
    /// Office whose partner it is; of the whole book when missing.
    pub office: Option<OfficeId>,
    /// Code, unique within the office.
    pub code: Code,
    /// Dated facts.
    pub facts: Dated<PartnerFacts>,
}

/// What is known of a partner from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerFacts {
    /// Name.
    pub name: Name,
    /// What it is to us.
    pub kind: PartnerKind,
    /// Its registration number, if registered.
    pub registration: Option<RegistrationNumber>,
}
