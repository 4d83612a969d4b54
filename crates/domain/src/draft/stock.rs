//! What lies at a place: the lots of a product in the order they are used up, the book quantity on the day of a count,
//! and lots that a count finds.

use super::{Draft, NewLot};
use crate::{
    calendar::Day,
    facts::{LotFact, Need},
    id::{LotId, PartyId},
    lot::{Allergens, BestBefore, Lot},
    masters::Product,
    place::Place,
    refusal::Stop,
    text::LotCode,
};

impl<'a> Draft<'a> {
    /// Lots of a product that are or were at a place: earliest expiry first, lots without a date last, then the oldest,
    /// then by code.
    pub fn lots_there(&self, product: &Product, place: Place) -> Result<Vec<&'a LotFact>, Stop> {
        let lots = self.facts.lots_at(product.id, place)?;
        self.in_use_order(lots.iter().copied())
    }

    /// Those of them from which something can be taken: with something there by all entries, or with what this draft
    /// has moved so far, as a correction that gives back what the original took. Of any other lot the last day's end is
    /// nought or less, so none is available on any day.
    pub fn lots_to_take(&self, product: &Product, place: Place) -> Result<Vec<&'a LotFact>, Stop> {
        let mut lots = self.facts.lots_in_stock(product.id, place)?.clone();
        for (lot, _) in self.pending.keys().filter(|(_, at)| *at == place) {
            // a lot that is born only now cannot be taken as well
            if self.born.contains_key(lot) && self.corrects.is_none() {
                continue;
            }
            let known = self.facts.lot(*lot)?;
            if known.is_some_and(|fact| fact.lot.product == product.id && fact.stock.contains_key(&place)) {
                lots.insert(*lot);
            }
        }
        self.in_use_order(lots.into_iter())
    }

    fn in_use_order(&self, ids: impl Iterator<Item = LotId>) -> Result<Vec<&'a LotFact>, Stop> {
        let mut lots: Vec<&LotFact> = Vec::new();
        let mut needs: Vec<Need> = Vec::new();
        for id in ids {
            match self.facts.lot(id) {
                Ok(fact) => lots.extend(fact),
                Err(Stop::Need(need)) => needs.extend(need),
                Err(refused) => return Err(refused),
            }
        }
        if !needs.is_empty() {
            return Err(Stop::Need(needs));
        }
        lots.sort_by(|one, other| in_use_order(one).cmp(&in_use_order(other)));
        Ok(lots)
    }

    /// What the book says lay at a place at the end of the day of supply; in a correction without what the original and
    /// its earlier corrections moved.
    pub fn counted_against(&self, lot: LotId, place: Place) -> Result<i64, Stop> {
        let mut booked = self.facts.at_end_of(lot, place, self.supplied_on)?;
        let mut version = self.reverses;
        while let Some(fact) = version.map_or(Ok(None), |id| self.facts.entry(id))? {
            // what a closed month has moved to a later day is not in `booked`
            if fact.entry.book_on <= self.supplied_on {
                let here = fact.entry.movements.iter().filter(|movement| movement.lot == lot);
                for movement in here {
                    let quantity = movement.quantity.get();
                    if movement.to == place {
                        booked = booked.saturating_sub(quantity);
                    }
                    if movement.from == place {
                        booked = booked.saturating_add(quantity);
                    }
                }
            }
            version = fact.entry.reverses;
        }
        Ok(booked)
    }

    /// A lot that turned up at a count and nobody knows from where: no date is proposed for it, and its allergens are
    /// unknown unless stated.
    pub fn found_lot(
        &mut self,
        field: &str,
        product: &'a Product,
        stated: &NewLot,
        maker: PartyId,
    ) -> Result<LotId, Stop> {
        let unknown = Allergens {
            unknown: true,
            ..Allergens::default()
        };
        let inherited = stated.allergens.is_none().then_some(&unknown);
        let mut lot = self.new_lot(field, product, stated, maker, inherited, None)?;
        lot.best_before = stated.best_before;
        lot.origin_unknown = true;
        self.birth(field, lot)
    }

    /// Refuses what a place cannot give without a later day's end falling below nought, and names that day.
    pub fn can_leave(&self, field: &str, lot: LotId, place: Place, quantity: i64) -> Result<(), Stop> {
        let have = self.available(lot, place)?;
        // a correction is checked as a whole at its end
        if have >= quantity || self.is_correction() {
            return Ok(());
        }
        let mut refusal = self.not_enough("", lot, place, have, quantity)?;
        field.clone_into(&mut refusal.field);
        Err(refusal.into())
    }
}

/// The code, which no two lots share, comes last: without it lots of one slip would come in the order they were loaded.
fn in_use_order(fact: &LotFact) -> (bool, Option<BestBefore>, Day, u64, &LotCode) {
    let Lot {
        best_before,
        made_on,
        code,
        ..
    } = &fact.lot;
    (best_before.is_none(), *best_before, *made_on, fact.born_in, code)
}
