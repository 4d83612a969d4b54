//! What stands in a line: the goods of the line's owner and rate with their quantities, else what was done.

use super::{DraftError, Sale, Share};
use crate::{moment::Moment, views::names};
use domain::{
    acts::Act,
    calendar::Day,
    entry::Movement,
    id::{LotId, OfficeId, PartyId, ProductId},
    masters::{Masters, Product},
    place::PlaceKind,
    tax::{SupplyMode, TaxCategory},
    text::LabelText,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of an item at most.
const ITEM: usize = 120;
const MODES: [SupplyMode; 5] = [
    SupplyMode::TakeAway,
    SupplyMode::Delivery,
    SupplyMode::EatIn,
    SupplyMode::Catering,
    SupplyMode::Service,
];

/// The goods of sales.
pub(super) struct Items<'m> {
    masters: &'m Masters,
    products: HashMap<LotId, ProductId>,
    seller: OfficeId,
    buyer: Option<PartyId>,
    today: Day,
}

impl<'m> Items<'m> {
    pub(super) async fn read(
        moment: &'m Moment,
        sales: &[Sale],
        (seller, buyer): (OfficeId, Option<PartyId>),
        today: Day,
    ) -> Result<Items<'m>, DraftError> {
        let ids: BTreeSet<LotId> = (sales.iter())
            .flat_map(|sale| sale.movements.iter().map(|movement| movement.lot))
            .collect();
        let ids: Vec<LotId> = ids.into_iter().collect();
        let products = (moment.snapshot.lots_by_id(&ids).await?.into_iter())
            .map(|kept| (kept.lot.id, kept.lot.product))
            .collect();
        Ok(Items {
            masters: &moment.masters,
            products,
            seller,
            buyer,
            today,
        })
    }

    /// The item of a share of a sale; none when nothing can be said.
    pub(super) fn of(&self, sale: &Sale, share: &Share) -> Option<LabelText> {
        let mut steps: BTreeMap<ProductId, i64> = BTreeMap::new();
        for movement in self.moved(sale, share) {
            if let Some(product) = self.products.get(&movement.lot) {
                let sum = steps.entry(*product).or_default();
                *sum = sum.saturating_add(movement.quantity.get());
            }
        }
        let day = sale.entry.supplied_on;
        let all: Vec<(&Product, i64)> = (steps.into_iter())
            .filter_map(|(product, steps)| Some((self.masters.product(product)?, steps)))
            .collect();
        // goods of another rate stand in another line; where it cannot be told, all are named
        let of_rate: Vec<_> = (all.iter())
            .filter(|(product, _)| may_be(product, day, share.rate.category))
            .collect();
        let named = if of_rate.is_empty() {
            all.iter().collect()
        } else {
            of_rate
        };
        let named = named.into_iter().map(|(product, steps)| {
            let name = names::product(self.masters, product, day.min(self.today)).name;
            let quantity = product.unit.decimal(*steps).normalize();
            format!("{name} {quantity}{}", product.unit.name)
        });
        let named: Vec<String> = named.collect();
        let text = match (sale.entry.kind.as_str(), named.is_empty()) {
            ("reverse", _) => format!("取り消し({})", Act::label(sale.first)),
            (kind, true) => Act::label(kind).to_owned(),
            (_, false) if sale.is_again => format!("訂正: {}", named.join("、")),
            (_, false) => named.join("、"),
        };
        let short: String = if text.chars().count() > ITEM {
            text.chars().take(ITEM).chain("…".chars()).collect()
        } else {
            text
        };
        short.parse().ok()
    }

    /// The movements by which the goods of a share went to the buyer, or came back.
    fn moved<'s>(&self, sale: &'s Sale, share: &Share) -> Vec<&'s Movement> {
        let is_sold = |movement: &&Movement| {
            [movement.from, movement.to]
                .map(|place| place.kind)
                .contains(&PlaceKind::Sold)
        };
        let all = || sale.movements.iter();
        if all().any(|movement| is_sold(&movement)) {
            let whose = share.owner.unwrap_or(self.seller);
            return all()
                .filter(is_sold)
                .filter(|movement| self.is_of(movement, whose, share.owner.is_none()))
                .collect();
        }
        if sale.first == "receive" {
            // what was accepted; not what went back or was lost on the way
            let accepted = |movement: &&Movement| {
                movement.to.kind == PlaceKind::Store && Some(movement.to.owner) == self.buyer
            };
            return all().filter(accepted).collect();
        }
        all().collect()
    }

    /// Whether sold goods are those of a line: sold as an office's own, or (as the producer sells to the shop that sells on) lying
    /// there as its own.
    fn is_of(&self, movement: &Movement, whose: OfficeId, is_own: bool) -> bool {
        let whose = PartyId::from(whose);
        let (sold, other) = if movement.to.kind == PlaceKind::Sold {
            (movement.to, movement.from)
        } else {
            (movement.from, movement.to)
        };
        let sold_on = is_own && Some(sold.owner) == self.buyer && other.owner == whose;
        sold.owner == whose || sold_on
    }
}

/// Whether a product can be of a class, by whichever way it is supplied.
fn may_be(product: &Product, day: Day, category: TaxCategory) -> bool {
    let facts = product.facts.on_or_first(day);
    facts.is_some_and(|facts| MODES.iter().any(|mode| facts.tax_for(*mode) == category))
}
