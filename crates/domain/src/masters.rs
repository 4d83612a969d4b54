//! Master data 台帳: who and what there is, dated, in memory. It is the fold of the book's master entries and of
//! nothing else; the store keeps only numbers for it.

mod agreement;
mod goods;
mod organization;

pub use agreement::{Agreement, AgreementKind, AgreementTerms, Bearer, ConsignForm, LossTreatment};
pub use goods::{
    CashPlace, CashPlaceKind, Channel, FoodLabel, Price, Product, ProductFacts, Recipe, RecipeLine,
};
pub use organization::{
    Corporation, CorporationFacts, Membership, Network, Office, OfficeFacts, Partner, PartnerFacts,
    PartnerKind,
};

use crate::{
    calendar::{Day, Month},
    dated::Dated,
    id::{
        self, Acting, AgreementId, CashPlaceId, CorporationId, NetworkId, OfficeId, PartnerId, PartyId,
        ProductId,
    },
    tax::RateTable,
    text::{Code, Key, LotCode},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Code of the one partner that stands for private customers, 一般客.
pub const PUBLIC_CODE: &str = "public";

/// All master data of a book.
#[derive(Clone, Debug, Default)]
pub struct Masters {
    pub(crate) networks: BTreeMap<NetworkId, Network>,
    pub(crate) corporations: BTreeMap<CorporationId, Corporation>,
    pub(crate) offices: BTreeMap<OfficeId, Office>,
    pub(crate) partners: BTreeMap<PartnerId, Partner>,
    pub(crate) products: BTreeMap<ProductId, Product>,
    pub(crate) cash_places: BTreeMap<CashPlaceId, CashPlace>,
    pub(crate) agreements: BTreeMap<AgreementId, Agreement>,
    pub(crate) prices: HashMap<(ProductId, Channel), Dated<Price>>,
    pub(crate) recipes: HashMap<(OfficeId, Code), Dated<Recipe>>,
    pub(crate) rates: RateTable,
    pub(crate) closed: BTreeMap<OfficeId, Month>,
    /// Lots that offices say are not theirs.
    pub(crate) disowned: BTreeMap<LotCode, BTreeSet<OfficeId>>,
    // codes to ids
    pub(crate) network_codes: HashMap<Code, NetworkId>,
    pub(crate) corporation_codes: HashMap<Code, CorporationId>,
    pub(crate) office_codes: HashMap<Code, OfficeId>,
    pub(crate) partner_codes: HashMap<(Option<OfficeId>, Code), PartnerId>,
    pub(crate) product_codes: HashMap<(OfficeId, Code), ProductId>,
    pub(crate) cash_place_codes: HashMap<(OfficeId, Code), CashPlaceId>,
    pub(crate) agreement_codes: HashMap<Code, AgreementId>,
}

impl Masters {
    /// The built-in partner 一般客 (private customers): the same id in every book.
    pub fn public() -> PartnerId {
        // parsing a constant; "-" is a key of its own should it ever fail
        let key: Option<Key> = "public".parse().ok();
        PartnerId(key.map_or(uuid::Uuid::nil(), |key| {
            id::derive(&Acting::Keeper, &key, "partner", 0)
        }))
    }

    /// Offices that say of a lot that it is not theirs (うちのものではない), though the book names them.
    pub fn disowned_by(&self, lot: &LotCode) -> impl Iterator<Item = OfficeId> {
        self.disowned.get(lot).into_iter().flatten().copied()
    }

    /// An office by its code.
    pub fn office_by_code(&self, code: &Code) -> Option<&Office> {
        self.office_codes.get(code).and_then(|id| self.offices.get(id))
    }

    /// An office.
    pub fn office(&self, id: OfficeId) -> Option<&Office> {
        self.offices.get(&id)
    }

    /// All offices.
    pub fn offices(&self) -> impl Iterator<Item = &Office> {
        self.offices.values()
    }

    /// The party as an office of the book, if it is one.
    pub fn as_office(&self, party: PartyId) -> Option<&Office> {
        self.offices.get(&OfficeId(party.0))
    }

    /// A network by its code.
    pub fn network_by_code(&self, code: &Code) -> Option<&Network> {
        self.network_codes.get(code).and_then(|id| self.networks.get(id))
    }

    /// A network.
    pub fn network(&self, id: NetworkId) -> Option<&Network> {
        self.networks.get(&id)
    }

    /// All networks.
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.networks.values()
    }

    /// A corporation.
    pub fn corporation(&self, id: CorporationId) -> Option<&Corporation> {
        self.corporations.get(&id)
    }

    /// A corporation by its code.
    pub fn corporation_by_code(&self, code: &Code) -> Option<&Corporation> {
        self.corporation_codes
            .get(code)
            .and_then(|id| self.corporations.get(id))
    }

    /// All corporations.
    pub fn corporations(&self) -> impl Iterator<Item = &Corporation> {
        self.corporations.values()
    }

    /// The corporation that runs an office on a day.
    pub fn corporation_of(&self, office: OfficeId, day: Day) -> Option<CorporationId> {
        self.offices
            .get(&office)?
            .facts
            .on_or_first(day)
            .map(|facts| facts.corporation)
    }

    /// A partner as an office names it: its own one first, then one of the whole book.
    pub fn partner_by_code(&self, office: Option<OfficeId>, code: &Code) -> Option<PartnerId> {
        if code.as_ref() == PUBLIC_CODE {
            return Some(Masters::public());
        }
        let own = office.and_then(|office| self.partner_codes.get(&(Some(office), code.clone())));
        own.or_else(|| self.partner_codes.get(&(None, code.clone())))
            .copied()
    }

    /// A partner; 一般客 has no row.
    pub fn partner(&self, id: PartnerId) -> Option<&Partner> {
        self.partners.get(&id)
    }

    /// All partners.
    pub fn partners(&self) -> impl Iterator<Item = &Partner> {
        self.partners.values()
    }

    /// A product.
    pub fn product(&self, id: ProductId) -> Option<&Product> {
        self.products.get(&id)
    }

    /// A product by office and code.
    pub fn product_by_code(&self, office: OfficeId, code: &Code) -> Option<&Product> {
        self.product_codes
            .get(&(office, code.clone()))
            .and_then(|id| self.products.get(id))
    }

    /// All products.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.values()
    }

    /// An agreement.
    pub fn agreement(&self, id: AgreementId) -> Option<&Agreement> {
        self.agreements.get(&id)
    }

    /// An agreement by its code.
    pub fn agreement_by_code(&self, code: &Code) -> Option<&Agreement> {
        self.agreement_codes
            .get(code)
            .and_then(|id| self.agreements.get(id))
    }

    /// All agreements.
    pub fn agreements(&self) -> impl Iterator<Item = &Agreement> {
        self.agreements.values()
    }

    /// The agreement of a kind between producer and other office whose terms hold on a day: the one in force, else
    /// (run-off) the one that ended last.
    pub fn agreement_between(
        &self,
        kind: AgreementKind,
        producer: OfficeId,
        other: OfficeId,
        day: Day,
    ) -> Option<&Agreement> {
        let mut candidates: Vec<&Agreement> = (self.agreements.values())
            .filter(|agreement| {
                agreement.is_between(kind, producer, other) && agreement.terms.on(day).is_some()
            })
            .collect();
        candidates.sort_by_key(|agreement| (agreement.in_force(day), agreement.until(), agreement.id));
        candidates.pop()
    }

    /// A price of a product in a channel on a day.
    pub fn price(&self, product: ProductId, channel: &Channel, day: Day) -> Option<&Price> {
        self.prices
            .get(&(product, channel.clone()))
            .and_then(|rows| rows.on(day))
    }

    /// All prices.
    pub fn prices(&self) -> impl Iterator<Item = (&(ProductId, Channel), &Dated<Price>)> {
        self.prices.iter()
    }

    /// All recipes.
    pub fn recipes(&self) -> impl Iterator<Item = (OfficeId, &Code, &Dated<Recipe>)> {
        self.recipes
            .iter()
            .map(|((office, code), rows)| (*office, code, rows))
    }

    /// All cash places.
    pub fn cash_places(&self) -> impl Iterator<Item = &CashPlace> {
        self.cash_places.values()
    }

    /// A recipe of an office on a day.
    pub fn recipe(&self, office: OfficeId, code: &Code, day: Day) -> Option<&Recipe> {
        self.recipes
            .get(&(office, code.clone()))
            .and_then(|rows| rows.on(day))
    }

    /// The dated tax rates.
    pub fn rates(&self) -> &RateTable {
        &self.rates
    }

    /// A cash or bank place of an office.
    pub fn cash_place_by_code(&self, office: OfficeId, code: &Code) -> Option<&CashPlace> {
        self.cash_place_codes
            .get(&(office, code.clone()))
            .and_then(|id| self.cash_places.get(id))
    }

    /// A cash place.
    pub fn cash_place(&self, id: CashPlaceId) -> Option<&CashPlace> {
        self.cash_places.get(&id)
    }

    /// The office's first cash place of kind cash: where sales for cash go when none is named.
    pub fn usual_cash_place(&self, office: OfficeId, kind: CashPlaceKind) -> Option<&CashPlace> {
        let mut places = self
            .cash_places
            .values()
            .filter(|place| place.office == office && place.kind == kind);
        // the first one recorded: ids are hashes, the order of recording is kept beside
        let first = places.next()?;
        Some(places.fold(first, |first, place| {
            if place.ordinal < first.ordinal {
                place
            } else {
                first
            }
        }))
    }

    /// The last closed month of an office.
    pub fn closed_through(&self, office: OfficeId) -> Option<Month> {
        self.closed.get(&office).copied()
    }

    /// Name of a party for people.
    pub fn party_name(&self, party: PartyId, day: Day) -> String {
        if party == PartyId::from(Masters::public()) {
            return "一般客".to_owned();
        }
        if let Some(facts) = self
            .as_office(party)
            .and_then(|office| office.facts.on_or_first(day))
        {
            return facts.name.to_string();
        }
        let partner = self
            .partners
            .get(&PartnerId(party.0))
            .and_then(|partner| partner.facts.on_or_first(day));
        partner.map_or_else(|| "(不明)".to_owned(), |facts| facts.name.to_string())
    }
}
