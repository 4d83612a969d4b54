//! 売れるもの: what an office can sell over its counter, product by product: its own goods in the store and those of others on
//! its shelf, with the price of the list; and who buys on account.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, viewer::Viewer};
use domain::{
    calendar::business_day,
    id::{OfficeId, PartyId, ProductId},
    masters::{Channel, PartnerKind},
    money::UnitPrice,
    place::PlaceKind,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use store::KeptLot;
use utoipa::ToSchema;

/// A product at the counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnSale {
    /// As an act names it.
    pub reference: String,
    /// Product.
    pub product: Named,
    /// Whose goods they are, when they are consigned.
    pub owner: Option<Named>,
    /// How much is there.
    pub there: Decimal,
    /// Unit.
    pub unit: String,
    /// Price of the list today, in yen with tax.
    pub price: Option<UnitPrice>,
}

/// What an office can sell, its own goods first, by product.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn on_sale(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<OnSale>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    if !viewer.gate(masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let own = PartyId::from(office);
    let rows = moment.snapshot.stock_of_parties(&[own]).await?;
    let here = rows.iter().filter(|row| {
        let is_store = row.place.kind == PlaceKind::Store && row.place.owner == own;
        row.place.holder == own && (is_store || row.place.kind == PlaceKind::Shelf)
    });
    let numbers: Vec<i64> = here.clone().map(|row| row.lot).collect();
    let lots = moment.snapshot.lots(&numbers).await?;
    let lots: HashMap<i64, KeptLot> = lots.into_iter().map(|lot| (lot.no, lot)).collect();
    let mut sums: BTreeMap<(bool, PartyId, ProductId), i64> = BTreeMap::new();
    for row in here {
        let lot = &lots.get(&row.lot).ok_or(ViewError::Broken { what: "lot" })?.lot;
        let key = (row.place.owner != own, row.place.owner, lot.product);
        *sums.entry(key).or_default() += row.quantity;
    }
    let line = |((is_consigned, owner, product), steps): ((bool, PartyId, ProductId), i64)| {
        let product = masters
            .product(product)
            .ok_or(ViewError::Broken { what: "product" })?;
        let named = names::product(masters, product, today);
        let price = masters.price(product.id, &Channel::Retail, today);
        Ok(OnSale {
            reference: named.code.clone(),
            product: named,
            owner: is_consigned.then(|| names::party(masters, owner, today)),
            there: product.unit.decimal(steps),
            unit: product.unit.name.clone(),
            price: price.map(|price| price.unit_price),
        })
    };
    let mut lines: Vec<OnSale> = sums.into_iter().map(line).collect::<Result<_, ViewError>>()?;
    lines.sort_by(|one, other| (&one.owner, &one.reference).cmp(&(&other.owner, &other.reference)));
    Ok(lines)
}

/// Partners of an office that buy on account: customers, clients and public bodies.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn customers(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<Vec<Named>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let masters = &moment.masters;
    if !viewer.gate(masters).follows(office, today) {
        return Ok(Vec::new());
    }
    let buys = [
        PartnerKind::Customer,
        PartnerKind::Client,
        PartnerKind::PublicBody,
    ];
    let own = masters.partners().filter(|partner| {
        let facts = partner.facts.on_or_first(today);
        partner.office == Some(office) && facts.is_some_and(|facts| buys.contains(&facts.kind))
    });
    let mut named: Vec<Named> = own
        .map(|partner| names::party(masters, partner.id.into(), today))
        .collect();
    named.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(named)
}
