//! What was paid for a lot, by the postings of the entry. Postings carry the sum of a slip; where it has several lots, a
//! lot's own price is worked out again by the prices that held, and shown only when all of them add up to that sum.

use super::{
    Paid,
    history::{Event, History},
};
use crate::{viewer::Gate, views::ViewError};
use domain::{
    account::{AccountKind, BookUnit, Class},
    acts::{Act, open::Open, purchase::Purchase, receive::Receive},
    calendar::Day,
    decide::act_of,
    entry::{Entry, Movement, Posting, ReferenceRole},
    id::{EntryId, LotId, OfficeId, PartyId, ProductId},
    lot::Lot,
    masters::{AgreementKind, Channel, Masters, Product},
    money::{Rounding, UnitPrice, Yen},
    place::{Place, PlaceKind},
    quantity::Quantity,
    tax::PriceBasis,
    trace::{Direction, Lines, holding},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Snapshot, WholeEntry};

/// Entries with what of them holds.
pub struct Prices {
    slips: HashMap<u64, Slip>,
    /// Shipments by id: prices may have been fixed with them.
    shipments: HashMap<EntryId, Entry>,
    /// Lots of the slips, also those the walk did not meet.
    lots: HashMap<LotId, Lot>,
}

struct Slip {
    entry: Entry,
    act: Option<Act>,
    movements: Vec<Movement>,
    /// Only those that the viewer may see.
    postings: Vec<Posting>,
}

impl Prices {
    pub async fn read(
        snapshot: &Snapshot,
        history: &History,
        direction: Direction,
        gate: Gate<'_>,
    ) -> Result<Prices, ViewError> {
        let of_interest = |event: &&Event| {
            let sold = direction == Direction::Forward && event.moved.to.kind == PlaceKind::Sold;
            event.is_bought() || event.changes_owner() || sold
        };
        let seqs: BTreeSet<u64> = history
            .all()
            .filter(of_interest)
            .map(|event| event.moved.seq)
            .collect();
        let entries = snapshot
            .whole_entries(&seqs.iter().copied().collect::<Vec<_>>())
            .await?;
        let mut slips = slips(entries, gate);
        slips.retain(|seq, _| seqs.contains(seq));

        let shipments = slips.values().flat_map(|slip| &slip.entry.references);
        let shipments = shipments.filter(|reference| reference.role == ReferenceRole::Shipment);
        let shipments: Vec<EntryId> = shipments.map(|reference| EntryId(reference.id)).collect();
        let shipments = snapshot.entries_by_id(&shipments).await?;
        let lots = slips
            .values()
            .flat_map(|slip| &slip.movements)
            .map(|movement| movement.lot);
        let lots = snapshot.lots_by_id(&lots.collect::<Vec<_>>()).await?;
        Ok(Prices {
            slips,
            shipments: shipments.into_iter().map(|entry| (entry.id, entry)).collect(),
            lots: lots.into_iter().map(|kept| (kept.lot.id, kept.lot)).collect(),
        })
    }

    /// What one office paid another for a lot; where it gave the lot back, what it got back.
    pub fn of_passage(&self, masters: &Masters, event: &Event, lot: &Lot) -> Option<Paid> {
        let slip = self
            .slips
            .get(&event.moved.seq)
            .filter(|_| event.changes_owner())?;
        let (from, to) = (event.moved.from.owner, event.moved.to.owner);
        let total = slip.owed_between(from, to)?;
        let mut passed: BTreeMap<LotId, i64> = BTreeMap::new();
        for movement in &slip.movements {
            // what was lost at the receiver's cost is on the slip as well
            if movement.from.owner == from && movement.to.owner == to {
                *passed.entry(movement.lot).or_default() += movement.quantity.get();
            }
        }
        let each = match &slip.act {
            Some(Act::Receive(act)) => self.of_receipt(masters, slip, act, &passed),
            _ => None,
        };
        Some(slip.paid(total, each, passed.len(), lot.id))
    }

    /// What a lot cost when it came from outside.
    pub fn of_birth(&self, masters: &Masters, event: &Event, lot: &Lot) -> Option<Paid> {
        let slip = self.slips.get(&event.moved.seq)?;
        let bought = slip
            .movements
            .iter()
            .filter(|movement| movement.from.kind == PlaceKind::Outside);
        let bought: Vec<&Movement> = bought.collect();
        match slip.act.as_ref()? {
            Act::Open(act) => opening_cost(act, &bought, lot.id),
            Act::Purchase(act) => {
                let expenses = slip
                    .postings
                    .iter()
                    .filter(|posting| posting.account.kind.class() == Class::Expense);
                let total = Yen::sum(expenses.map(|posting| posting.yen)).ok()?;
                let each = self.of_purchase(masters, act, &bought);
                Some(slip.paid(total, each, bought.len(), lot.id))
            }
            _ => None,
        }
    }

    /// The partner on whose account goods were sold.
    pub fn customer(&self, event: &Event, end: Place) -> Option<PartyId> {
        let slip = self
            .slips
            .get(&event.moved.seq)
            .filter(|_| end.kind == PlaceKind::Sold)?;
        let seller = BookUnit::production(OfficeId(event.moved.from.holder.0));
        let on_account = slip.postings.iter().find(|posting| {
            let kind = matches!(
                posting.account.kind,
                AccountKind::Receivable | AccountKind::AdvanceReceived
            );
            kind && posting.account.unit == seller
        });
        Some(
            on_account
                .and_then(|posting| posting.account.party)
                .unwrap_or(Masters::public().into()),
        )
    }

    /// Price of each lot received: as stated at receipt or shipment, else the price that held.
    fn of_receipt(
        &self,
        masters: &Masters,
        slip: &Slip,
        act: &Receive,
        passed: &BTreeMap<LotId, i64>,
    ) -> Option<BTreeMap<LotId, Yen>> {
        let shipment = slip
            .entry
            .references
            .iter()
            .find(|reference| reference.role == ReferenceRole::Shipment)?;
        let shipment = self.shipments.get(&EntryId(shipment.id))?;
        let frozen = frozen(masters, shipment);
        let agreement = slip
            .entry
            .agreement
            .and_then(|id| masters.agreements().find(|other| other.id == id));
        let day = slip.entry.supplied_on;
        let terms = agreement.and_then(|agreement| agreement.terms.on(day));
        let rounding = terms.map_or(Rounding::Down, |terms| terms.rounding);
        let mut channels: Vec<Channel> = agreement
            .iter()
            .map(|agreement| Channel::Agreement(agreement.code.clone()))
            .collect();
        channels.push(match agreement.map(|agreement| agreement.kind) {
            Some(AgreementKind::Internal) => Channel::Internal,
            None if slip.is_internal() => Channel::Internal,
            _ => Channel::Supply,
        });
        let mut prices = BTreeMap::new();
        for (lot, quantity) in passed {
            let lot = self.lots.get(lot)?;
            let product = masters.product(lot.product)?;
            let line = act.lines.iter().find(|line| line.lot == lot.code);
            let stated = line.and_then(|line| line.unit_price);
            let stated = stated.or_else(|| {
                frozen
                    .iter()
                    .find(|fixed| fixed.is_of(lot))
                    .map(|fixed| fixed.price)
            });
            let price = stated.or_else(|| held_price(masters, product.id, &channels, day))?;
            prices.insert(lot.id, amount(product, *quantity, price, rounding)?);
        }
        Some(prices)
    }

    /// Price of each lot bought, one line each.
    fn of_purchase(
        &self,
        masters: &Masters,
        act: &Purchase,
        bought: &[&Movement],
    ) -> Option<BTreeMap<LotId, Yen>> {
        if act.lines.len() != bought.len() || act.basis == PriceBasis::Exclusive {
            return None;
        }
        let mut prices = BTreeMap::new();
        for (line, movement) in act.lines.iter().zip(bought) {
            let product = masters.product(self.lots.get(&movement.lot)?.product)?;
            let yen = match line.amount {
                Some(yen) => yen,
                None => amount(product, movement.quantity.get(), line.unit_price?, act.rounding)?,
            };
            prices.insert(movement.lot, yen);
        }
        Some(prices)
    }
}

impl Slip {
    /// The price of a lot: its own where all lots' prices add up to the slip's, else the slip's.
    fn paid(&self, total: Yen, each: Option<BTreeMap<LotId, Yen>>, lots: usize, lot: LotId) -> Paid {
        let each = each.filter(|each| Yen::sum(each.values().copied()) == Ok(total));
        let own = each.and_then(|each| each.get(&lot).copied());
        let without_tax = self
            .postings
            .iter()
            .any(|posting| posting.basis == Some(PriceBasis::Exclusive))
            && !matches!(self.act, Some(Act::Purchase(_)));
        match own {
            Some(yen) => Paid {
                yen,
                lots: 1,
                without_tax,
            },
            None => Paid {
                yen: total,
                lots,
                without_tax,
            },
        }
    }

    /// What the two owe each other by this slip: either side of the debt, without its sign.
    fn owed_between(&self, one: PartyId, other: PartyId) -> Option<Yen> {
        let is_side = |posting: &&Posting, owner: PartyId, party: PartyId| {
            let kind = matches!(
                posting.account.kind,
                AccountKind::Receivable | AccountKind::Payable | AccountKind::Internal
            );
            let unit = posting.account.unit.office().map(PartyId::from);
            kind && unit == Some(owner) && posting.account.party == Some(party)
        };
        let side = |owner, party| -> Option<Yen> {
            let mut postings = self
                .postings
                .iter()
                .filter(|posting| is_side(posting, owner, party))
                .peekable();
            postings.peek()?;
            Yen::sum(postings.map(|posting| posting.yen)).ok()
        };
        let owed = side(one, other).or_else(|| side(other, one))?;
        Some(if owed.get() < 0 { owed.negated() } else { owed })
    }

    fn is_internal(&self) -> bool {
        self.postings
            .iter()
            .any(|posting| posting.account.kind == AccountKind::Internal)
    }
}

fn slips(entries: BTreeMap<u64, WholeEntry>, gate: Gate<'_>) -> HashMap<u64, Slip> {
    let lines = |seq: &u64, whole: &WholeEntry| (*seq, whole.reverses);
    let mut movements = BTreeMap::new();
    let mut postings = BTreeMap::new();
    for (seq, whole) in &entries {
        let (seq, reverses) = lines(seq, whole);
        movements.insert(
            seq,
            Lines {
                reverses,
                lines: whole.entry.movements.clone(),
            },
        );
        postings.insert(
            seq,
            Lines {
                reverses,
                lines: whole.entry.postings.clone(),
            },
        );
    }
    let (mut movements, mut postings) = (holding(movements), holding(postings));
    let slip = |(seq, whole): (u64, WholeEntry)| {
        let mut postings = postings.remove(&seq).unwrap_or_default();
        postings.retain(|posting| gate.sees_books(posting.account.unit, whole.entry.book_on));
        let act = act_of(&whole.entry).map(|act| match act {
            Act::Correct(correct) => correct.right,
            act => act,
        });
        let movements = movements.remove(&seq).unwrap_or_default();
        (
            seq,
            Slip {
                act,
                movements,
                postings,
                entry: whole.entry,
            },
        )
    };
    entries.into_iter().map(slip).collect()
}

/// A price fixed with the shipment, for a lot or a product.
struct Fixed {
    lot: Option<domain::text::LotCode>,
    product: Option<ProductId>,
    price: UnitPrice,
}

impl Fixed {
    fn is_of(&self, lot: &Lot) -> bool {
        self.lot.as_ref() == Some(&lot.code) || self.lot.is_none() && self.product == Some(lot.product)
    }
}

fn frozen(masters: &Masters, shipment: &Entry) -> Vec<Fixed> {
    let ship = match act_of(shipment) {
        Some(Act::Ship(ship)) => ship,
        Some(Act::Correct(correct)) => match correct.right {
            Act::Ship(ship) => ship,
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let fixed = ship.lines.iter().filter_map(|line| {
        let product = line.product.as_ref().and_then(|product| {
            let owner = match &product.office {
                Some(code) => masters.office_by_code(code)?.id,
                None => shipment.acting.office()?,
            };
            Some(masters.product_by_code(owner, &product.code)?.id)
        });
        Some(Fixed {
            lot: line.lot.clone(),
            product,
            price: line.unit_price?,
        })
    });
    fixed.collect()
}

fn held_price(masters: &Masters, product: ProductId, channels: &[Channel], day: Day) -> Option<UnitPrice> {
    let mut prices = channels
        .iter()
        .filter_map(|channel| masters.price(product, channel, day));
    prices.next().map(|price| price.unit_price)
}

fn opening_cost(act: &Open, brought: &[&Movement], lot: LotId) -> Option<Paid> {
    let at = brought.iter().position(|movement| movement.lot == lot)?;
    let line = act.goods.get(at).filter(|_| act.goods.len() == brought.len())?;
    line.cost.map(|yen| Paid {
        yen,
        lots: 1,
        without_tax: false,
    })
}

fn amount(product: &Product, quantity: i64, price: UnitPrice, rounding: Rounding) -> Option<Yen> {
    let quantity = Quantity::try_new(quantity).ok()?;
    let amount = product.unit.decimal(quantity.get()).checked_mul(price.get())?;
    rounding.round(amount).ok()
}
