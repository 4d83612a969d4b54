//! Whose goods a sale takes, from which place, and which lots.

use super::SellLine;
use crate::{
    calendar::Day,
    draft::Draft,
    facts::LotFact,
    id::{LotId, OfficeId},
    lot::Lot,
    masters::{Agreement, AgreementKind, AgreementTerms, ConsignForm, Product},
    place::{Place, PlaceKind},
    quantity::Quantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
};

/// Whose goods are sold, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::acts) enum Source<'a> {
    /// The seller's own.
    Own,
    /// 手数料型: the owner sells through the shop.
    Commission {
        /// Producer.
        owner: OfficeId,
        /// Theirs.
        agreement: &'a Agreement,
    },
    /// 消化仕入型: the shop buys at the moment it sells.
    BuyOnSale {
        /// Producer.
        owner: OfficeId,
        /// Theirs.
        agreement: &'a Agreement,
    },
}

impl<'a> Source<'a> {
    /// Where the goods are before the sale.
    pub fn place(self, seller: OfficeId) -> Place {
        match self {
            Source::Own => Place::store(seller),
            Source::Commission { owner, .. } | Source::BuyOnSale { owner, .. } => Place::shelf(owner, seller),
        }
    }

    /// Where they go.
    pub fn sold(self, seller: OfficeId) -> Place {
        match self {
            Source::Own | Source::BuyOnSale { .. } => Place::own(PlaceKind::Sold, seller),
            Source::Commission { owner, .. } => Place::own(PlaceKind::Sold, owner),
        }
    }

    /// Whose goods they are before the sale.
    pub fn owner(self, seller: OfficeId) -> OfficeId {
        match self {
            Source::Own => seller,
            Source::Commission { owner, .. } | Source::BuyOnSale { owner, .. } => owner,
        }
    }

    /// The agreement used.
    pub const fn agreement(self) -> Option<&'a Agreement> {
        match self {
            Source::Own => None,
            Source::Commission { agreement, .. } | Source::BuyOnSale { agreement, .. } => Some(agreement),
        }
    }

    /// Its terms on a day; after its end the last ones.
    pub fn terms(self, day: Day) -> Option<&'a AgreementTerms> {
        self.agreement().and_then(|agreement| agreement.terms.on(day))
    }
}

/// Goods of an owner on the shop's shelf: by their agreement, also after its end (run-off at the last terms). `None`
/// when there never was one.
pub(in crate::acts) fn consigned<'a>(
    draft: &Draft<'a>,
    owner: OfficeId,
    shop: OfficeId,
    day: Day,
) -> Option<Source<'a>> {
    let agreement =
        (draft.facts().masters_ref()).agreement_between(AgreementKind::Consign, owner, shop, day)?;
    match agreement.terms.on(day)?.consign {
        Some(ConsignForm::BuyOnSale { .. }) => Some(Source::BuyOnSale { owner, agreement }),
        Some(ConsignForm::Commission(_)) | None => Some(Source::Commission { owner, agreement }),
    }
}

/// What a line wants: whose, and a lot or any of a product.
pub(super) struct Wanted<'a> {
    pub source: Source<'a>,
    pub product: &'a Product,
    lot: Option<Lot>,
}

/// Finds whose goods a line means.
pub(super) fn find<'a>(
    draft: &mut Draft<'a>,
    field: &str,
    line: &SellLine,
    seller: OfficeId,
) -> Result<Wanted<'a>, Stop> {
    let at_owner = format!("{field}.owner");
    let stated = match &line.owner {
        None => None,
        Some(code) => Some(match draft.office_of(&at_owner, code)? {
            owner if owner == seller => Source::Own,
            owner => consigned(draft, owner, seller, draft.supplied_on())
                .ok_or_else(|| Refusal::at(at_owner, Why::AgreementMissing))?,
        }),
    };
    let owner = stated.map_or(seller, |source| source.owner(seller));
    let named = match &line.product {
        None => None,
        Some(reference) => Some(product_of(draft, &format!("{field}.product"), reference, owner)?),
    };
    match (&line.lot, named) {
        (Some(code), named) => {
            let at_lot = format!("{field}.lot");
            let lot = draft.lot(&at_lot, code)?;
            let product = draft.product_of(&lot)?;
            if named.is_some_and(|named| named.id != product.id) {
                let code = code.to_string();
                return refuse(at_lot, Why::LotNotOfProduct { code });
            }
            let source = match stated {
                Some(Source::Own) if !was_at(draft, &lot, Place::store(seller))? => None,
                Some(source) => Some(source),
                None => whose_lot(draft, &lot, seller)?,
            };
            let never = || {
                Refusal::at(
                    &at_lot,
                    Why::NeverThere {
                        lot: code.to_string(),
                    },
                )
            };
            Ok(Wanted {
                source: source.ok_or_else(never)?,
                product,
                lot: Some(lot),
            })
        }
        (None, Some(product)) => {
            let source = match stated {
                Some(source) => source,
                None => whose_product(draft, product, seller)?,
            };
            Ok(Wanted {
                source,
                product,
                lot: None,
            })
        }
        (None, None) => {
            let problem = "lot か product を書いてください。".to_owned();
            refuse(field, Why::Malformed { problem })
        }
    }
}

/// A product as the acting office names it, else as its owner does.
pub(in crate::acts) fn product_of<'a>(
    draft: &Draft<'a>,
    field: &str,
    reference: &ProductRef,
    owner: OfficeId,
) -> Result<&'a Product, Refusal> {
    match draft.product_as(Some(owner), reference) {
        Some(product) => Ok(product),
        None => draft.product(field, reference),
    }
}

/// Whose a scanned lot is: placed in the own store or on the shelf; else (not yet placed by the book) its maker's, if
/// the two have an agreement.
fn whose_lot<'a>(draft: &Draft<'a>, lot: &Lot, seller: OfficeId) -> Result<Option<Source<'a>>, Stop> {
    if was_at(draft, lot, Place::store(seller))? {
        return Ok(Some(Source::Own));
    }
    let office = |party| draft.masters().as_office(party).map(|office| office.id);
    let shelf = draft.facts().lot(lot.id)?.and_then(|fact| {
        let shelves = fact.stock.iter().filter(|(place, _)| {
            place.kind == PlaceKind::Shelf && place.holder == seller.into() && office(place.owner).is_some()
        });
        // where it lies, before where it once lay
        shelves
            .max_by_key(|(place, stock)| (stock.quantity > 0, **place))
            .map(|(place, _)| place.owner)
    });
    let owner = shelf
        .or(Some(lot.maker))
        .and_then(office)
        .filter(|owner| *owner != seller);
    Ok(owner.and_then(|owner| consigned(draft, owner, seller, draft.supplied_on())))
}

/// Whose a product is: the own, or bought and stored; else that of the office that makes it, if the two have an
/// agreement.
fn whose_product<'a>(draft: &Draft<'a>, product: &Product, seller: OfficeId) -> Result<Source<'a>, Stop> {
    if product.office == seller
        || !draft
            .facts()
            .lots_at(product.id, Place::store(seller))?
            .is_empty()
    {
        return Ok(Source::Own);
    }
    Ok(consigned(draft, product.office, seller, draft.supplied_on()).unwrap_or(Source::Own))
}

/// Whether a lot is or was at a place.
fn was_at(draft: &Draft<'_>, lot: &Lot, place: Place) -> Result<bool, Stop> {
    Ok((draft.facts().lot(lot.id)?).is_some_and(|fact| fact.stock.contains_key(&place)))
}

impl Wanted<'_> {
    /// The lots: the one scanned; else those of the product by earliest expiry, and what is short from the last lot
    /// placed there.
    pub fn take(
        &self,
        draft: &Draft<'_>,
        field: &str,
        seller: OfficeId,
        quantity: Quantity,
    ) -> Result<Vec<(LotId, Quantity, bool)>, Stop> {
        if let Some(lot) = &self.lot {
            return Ok(vec![(lot.id, quantity, false)]);
        }
        let place = self.source.place(seller);
        let (mut chosen, rest) = draft.choose(self.product, place, quantity)?;
        if !rest.is_zero() {
            let none = || Why::NoneThere {
                product: self.product.code.to_string(),
                place: place.kind.label(),
            };
            let last = last_placed(draft, self.product, place)?;
            let last = last.ok_or_else(|| Refusal::at(format!("{field}.product"), none()))?;
            match chosen.iter_mut().find(|(lot, _)| *lot == last) {
                Some((_, quantity)) => {
                    *quantity = (quantity.checked_add(rest))
                        .map_err(|_| Refusal::at(format!("{field}.quantity"), Why::AmountTooLarge))?;
                }
                None => chosen.push((last, rest)),
            }
        }
        Ok(chosen
            .into_iter()
            .map(|(lot, quantity)| (lot, quantity, true))
            .collect())
    }
}

/// The lot of a product that was born last of those at a place, whether or not any of it is left; of one slip the last
/// by code.
pub(in crate::acts) fn last_placed(
    draft: &Draft<'_>,
    product: &Product,
    place: Place,
) -> Result<Option<LotId>, Stop> {
    let mut lots: Vec<&LotFact> = Vec::new();
    for id in draft.facts().lots_at(product.id, place)? {
        lots.extend(draft.facts().lot(*id)?);
    }
    let last = lots.into_iter().max_by_key(|fact| (fact.born_in, &fact.lot.code));
    Ok(last.map(|fact| fact.lot.id))
}
