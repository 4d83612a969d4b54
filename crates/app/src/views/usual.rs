//! いつもの: what an office mostly does, so that its forms begin with it: products as often as it made them lately, offices
//! as it last sent something to them.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{
    Book,
    access::settings::setting,
    moment::Moment,
    order_deadline::{Deadline, OrderLikes},
    viewer::Viewer,
};
use domain::{
    calendar::{Day, business_day},
    entry::Entry,
    id::{OfficeId, PartyId, ProductId},
    masters::{AgreementKind, Channel, Masters, Price, Product},
    money::UnitPrice,
    place::PlaceKind,
    tax::PriceBasis,
    text::Code,
};
use serde::Serialize;
use std::collections::HashMap;
use store::Search;
use utoipa::ToSchema;

/// Entries that say what is usual.
const LATELY: u32 = 100;
/// Entries of an office that are looked through for them: some months of a busy one.
const AMONG: u32 = 3_000;

/// A product of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UsualProduct {
    /// Code within the office.
    pub code: String,
    /// Name of today, and how it is read.
    pub named: Named,
    /// Unit.
    pub unit: String,
    /// Decimals of its quantities.
    pub decimals: u8,
    /// The office makes it; else it buys it.
    pub is_made: bool,
}

/// Products of an office, the most usual ones of its production first, then by code.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn products(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
) -> Result<Vec<UsualProduct>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let mut times: HashMap<ProductId, usize> = HashMap::new();
    for entry in lately(&moment, office, "produce").await? {
        for birth in &entry.births {
            *times.entry(birth.lot.product).or_default() += 1;
        }
    }
    let products = moment.masters.products();
    let own = products.filter(|product| product.office == office);
    let mut own: Vec<(usize, UsualProduct)> = own
        .map(|product| {
            let times = times.get(&product.id).copied().unwrap_or_default();
            let facts = product.facts.on_or_first(today);
            let usual = UsualProduct {
                is_made: times > 0 || facts.is_some_and(|facts| facts.work.is_some()),
                code: product.code.to_string(),
                named: names::product(&moment.masters, product, today),
                unit: product.unit.name.clone(),
                decimals: product.unit.decimals,
            };
            (times, usual)
        })
        .collect();
    own.sort_by(|(times, one), (others, other)| others.cmp(times).then_with(|| one.code.cmp(&other.code)));
    Ok(own.into_iter().map(|(_, product)| product).collect())
}

/// Offices that goods of an office can be sent to: neighbours and counterparties of today; those that it sent something to
/// lately come first.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn receivers(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<Named>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters: &Masters = &moment.masters;
    let gate = viewer.gate(masters);
    if !gate.follows(office, today) {
        return Ok(Vec::new());
    }
    let mut last: Vec<PartyId> = Vec::new();
    for entry in lately(&moment, office, "ship").await? {
        let to = entry.movements.iter().map(|movement| movement.to);
        for place in to.filter(|place| place.kind == PlaceKind::Transit && place.owner == office.into()) {
            if !last.contains(&place.holder) {
                last.push(place.holder);
            }
        }
    }
    let others = masters.offices().filter(|other| other.id != office);
    let mut known: Vec<(usize, Named)> = others
        .filter(|other| gate.knows_office(other.id))
        .map(|other| {
            let at = last.iter().position(|party| *party == other.id.into());
            let named = names::party(masters, other.id.into(), today);
            (at.unwrap_or(usize::MAX), named)
        })
        .collect();
    known.sort();
    Ok(known.into_iter().map(|(_, named)| named).collect())
}

/// A product that another office sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfferedProduct {
    /// Code within its office.
    pub code: String,
    /// Name of today, and how it is read.
    pub named: Named,
    /// Unit.
    pub unit: String,
    /// What a unit costs this office today, in yen.
    pub price: Option<UnitPrice>,
    /// Without tax (外税).
    pub without_tax: bool,
}

/// Offices that sell to an office: those of whose products it knows a price; where it last ordered something comes first.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn makers(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<Named>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters: &Masters = &moment.masters;
    let gate = viewer.gate(masters);
    if !gate.follows(office, today) {
        return Ok(Vec::new());
    }
    let mut last: Vec<OfficeId> = Vec::new();
    for entry in lately(&moment, office, "order").await? {
        let others = entry.offices.iter().filter(|other| **other != office);
        let is_own = entry.acting.office() == Some(office);
        for other in others.filter(|_| is_own) {
            if !last.contains(other) {
                last.push(*other);
            }
        }
    }
    let offers = |other: OfficeId| {
        masters.products().any(|product| {
            product.office == other
                && gate.knows_product(product, today)
                && price(masters, office, product, today).is_some()
        })
    };
    let others = masters.offices().filter(|other| other.id != office);
    let mut makers: Vec<(usize, Named)> = others
        .filter(|other| gate.knows_office(other.id) && offers(other.id))
        .map(|other| {
            let at = last.iter().position(|id| *id == other.id);
            let named = names::party(masters, other.id.into(), today);
            (at.unwrap_or(usize::MAX), named)
        })
        .collect();
    makers.sort();
    Ok(makers.into_iter().map(|(_, named)| named).collect())
}

/// What an office sells to another one, by code.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn offered(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    maker: &str,
) -> Result<Vec<OfferedProduct>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters: &Masters = &moment.masters;
    let gate = viewer.gate(masters);
    let products = masters.products().filter(|product| {
        let of = masters.office(product.office);
        of.is_some_and(|of| of.code.as_str() == maker)
            && gate.follows(office, today)
            && gate.knows_product(product, today)
    });
    let mut offered: Vec<OfferedProduct> = products
        .filter_map(|product| {
            let price = price(masters, office, product, today)?;
            Some(OfferedProduct {
                code: product.code.to_string(),
                named: names::product(masters, product, today),
                unit: product.unit.name.clone(),
                price: Some(price.unit_price),
                without_tax: price.basis == PriceBasis::Exclusive,
            })
        })
        .collect();
    offered.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(offered)
}

/// Until when an office takes orders, for another one that knows it.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn deadline(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    maker: &str,
) -> Result<Option<Deadline>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let gate = viewer.gate(&moment.masters);
    let code: Option<Code> = maker.parse().ok();
    let maker = code.and_then(|code| moment.masters.office_by_code(&code));
    match maker.filter(|maker| gate.follows(office, today) && gate.knows_office(maker.id)) {
        Some(maker) => Ok(setting::<OrderLikes>(book, maker.id).await?.deadline),
        None => Ok(None),
    }
}

/// What a product costs an office: as agreed, within the corporation, or by the list for offices.
fn price<'a>(masters: &'a Masters, buyer: OfficeId, product: &Product, day: Day) -> Option<&'a Price> {
    let agreement = masters.agreement_between(AgreementKind::Supply, product.office, buyer, day);
    let agreed = agreement.map(|agreement| Channel::Agreement(agreement.code.clone()));
    let corporation = |office| masters.corporation_of(office, day);
    let is_within = corporation(buyer).is_some() && corporation(buyer) == corporation(product.office);
    let channels = [
        agreed,
        is_within.then_some(Channel::Internal),
        Some(Channel::Supply),
    ];
    channels
        .into_iter()
        .flatten()
        .find_map(|channel| masters.price(product.id, &channel, day))
}

/// The newest entries of a kind that touch an office.
async fn lately(moment: &Moment, office: OfficeId, kind: &str) -> Result<Vec<Entry>, ViewError> {
    let search = Search {
        offices: Some(vec![office]),
        kinds: vec![kind.to_owned()],
        newest: Some(AMONG),
        ..Search::default()
    };
    let found = moment.snapshot.search(&search, LATELY).await?;
    let found = moment.snapshot.whole_entries(&found).await?;
    Ok(found.into_values().rev().map(|whole| whole.entry).collect())
}
