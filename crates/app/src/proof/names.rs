//! The labels for the ids in the parts that are shown, and for no others: what a name says is part of what is shown.

use domain::{
    account::BookUnit,
    calendar::Day,
    canonical::Content,
    id::{Acting, AgreementId, CashPlaceId, LotId, NetworkId, PartnerId, PartyId, ProductId},
    masters::{Masters, PUBLIC_CODE},
    place::Place,
    proof::{Label, Names, PartyKind},
    refs::ProductRef,
};
use std::collections::BTreeSet;
use store::{Snapshot, StoreError};

/// Ids that need a name.
#[derive(Default)]
struct Ids {
    parties: BTreeSet<PartyId>,
    networks: BTreeSet<NetworkId>,
    products: BTreeSet<ProductId>,
    lots: BTreeSet<LotId>,
    cash_places: BTreeSet<CashPlaceId>,
    agreements: BTreeSet<AgreementId>,
}

/// What the ids in these parts are called on a day. What the book has no name for gets none.
pub(super) async fn of(
    snapshot: &Snapshot,
    masters: &Masters,
    day: Day,
    contents: &[Content],
) -> Result<Names, StoreError> {
    let mut ids = Ids::default();
    for content in contents {
        ids.add(content);
    }
    let mut labels = Vec::new();
    for id in &ids.lots {
        if let Some(kept) = snapshot.lot_by_id(*id).await? {
            ids.products.insert(kept.lot.product);
            labels.push(Label::Lot {
                id: *id,
                code: kept.lot.code,
                product: kept.lot.product,
            });
        }
    }
    let parties = ids.parties.iter().filter_map(|id| party(masters, *id, day));
    labels.extend(parties);
    let networks = ids.networks.iter().filter_map(|id| network(masters, *id, day));
    labels.extend(networks);
    labels.extend(ids.products.iter().filter_map(|id| product(masters, *id, day)));
    for place in ids.cash_places.iter().filter_map(|id| masters.cash_place(*id)) {
        labels.push(Label::CashPlace {
            id: place.id,
            name: place.name.clone(),
        });
    }
    for agreement in ids.agreements.iter().filter_map(|id| masters.agreement(*id)) {
        labels.push(Label::Agreement {
            id: agreement.id,
            code: agreement.code.clone(),
        });
    }
    Ok(labels.into_iter().collect())
}

impl Ids {
    fn add(&mut self, content: &Content) {
        match content {
            Content::Shared(shared) => {
                match shared.acting {
                    Acting::Keeper => {}
                    Acting::Network(id) => drop(self.networks.insert(id)),
                    Acting::Office(id) => drop(self.parties.insert(id.into())),
                }
                self.parties
                    .extend(shared.offices.iter().map(|office| PartyId::from(*office)));
                for birth in &shared.births {
                    self.products.insert(birth.lot.product);
                    self.parties.insert(birth.lot.maker);
                    self.parties.extend(birth.lot.supplier);
                    self.lots.insert(birth.lot.id);
                }
                for movement in &shared.movements {
                    self.lots.insert(movement.lot);
                    self.place(&movement.from);
                    self.place(&movement.to);
                }
                self.lots
                    .extend(shared.links.iter().flat_map(|link| [link.input, link.output]));
            }
            Content::Acting(acting) => self.agreements.extend(acting.agreement),
            Content::Postings(postings) => {
                self.agreements.extend(postings.agreement);
                for (_, posting) in &postings.lines {
                    let unit = match posting.account.unit {
                        BookUnit::Office(office, _) => PartyId::from(office),
                        BookUnit::Head(corporation) => PartyId::from(corporation),
                    };
                    self.parties.insert(unit);
                    self.parties.extend(posting.account.party);
                    self.cash_places.extend(posting.account.cash_place);
                }
            }
            Content::Record(_) => {}
        }
    }

    fn place(&mut self, place: &Place) {
        self.parties.extend([place.owner, place.holder]);
    }
}

fn party(masters: &Masters, id: PartyId, day: Day) -> Option<Label> {
    let label = |kind, code, name| Some(Label::Party { id, kind, code, name });
    if id == PartyId::from(Masters::public()) {
        let name = masters.party_name(id, day).parse().ok()?;
        return label(PartyKind::Public, PUBLIC_CODE.parse().ok()?, name);
    }
    if let Some(office) = masters.as_office(id) {
        let name = office.facts.on_or_first(day)?.name.clone();
        return label(PartyKind::Office, office.code.clone(), name);
    }
    if let Some(partner) = masters.partner(PartnerId(id.0)) {
        let name = partner.facts.on_or_first(day)?.name.clone();
        return label(PartyKind::Partner, partner.code.clone(), name);
    }
    let head = masters.corporations().find(|head| PartyId::from(head.id) == id)?;
    let name = head.facts.on_or_first(day)?.name.clone();
    label(PartyKind::Head, head.code.clone(), name)
}

fn network(masters: &Masters, id: NetworkId, day: Day) -> Option<Label> {
    let network = masters.networks().find(|network| network.id == id)?;
    Some(Label::Network {
        id,
        code: network.code.clone(),
        name: network.name.on_or_first(day)?.clone(),
    })
}

fn product(masters: &Masters, id: ProductId, day: Day) -> Option<Label> {
    let product = masters.product(id)?;
    Some(Label::Product {
        id,
        code: ProductRef {
            office: masters.office(product.office).map(|office| office.code.clone()),
            code: product.code.clone(),
        },
        name: product.facts.on_or_first(day)?.name.clone(),
        unit: product.unit.name.parse().ok()?,
        decimals: product.unit.decimals,
    })
}
