//! Counted less booked, line by line, and what it does to goods and money.

use super::{CountLine, LotCount, Spread};
use crate::{
    acts::loss::Keeping,
    draft::Draft,
    facts::LotFact,
    id::LotId,
    lot::Lot,
    masters::Product,
    money::UnitPrice,
    place::Place,
    quantity::{Quantity, StatedQuantity},
    refs::ProductRef,
    refusal::{Refusal, Stop, Why, refuse},
};
use std::collections::BTreeSet;

/// What a line found otherwise than the book.
pub(super) struct Difference<'a> {
    field: String,
    product: &'a Product,
    /// Signed steps per lot: found +, missing −; never nought.
    lots: Vec<(LotId, i64)>,
    /// The lots follow from the rule, they were not counted one by one.
    assumed: bool,
    unit_price: Option<UnitPrice>,
}

/// The lines that differ from the book.
pub(super) fn find<'a>(
    draft: &Draft<'a>,
    place: Place,
    lines: &[CountLine],
) -> Result<Vec<Difference<'a>>, Stop> {
    let mut differences = Vec::new();
    let mut seen: BTreeSet<LotId> = BTreeSet::new();
    let mut products = BTreeSet::new();
    for (n, line) in lines.iter().enumerate() {
        let field = format!("lines[{n}]");
        let mut counting = Counting {
            draft,
            place,
            field: &field,
            seen: &mut seen,
        };
        let (product, lots, assumed) = match (&line.lot, &line.product) {
            (Some(code), None) => {
                let lot = draft.lot(&format!("{field}.lot"), code)?;
                let product = draft.product_of(&lot)?;
                let counted = counting.read("counted", product, &line.counted)?;
                (
                    product,
                    counting.lot(&format!("{field}.lot"), &lot, counted)?,
                    false,
                )
            }
            (None, Some(reference)) => {
                let product = draft.product(&format!("{field}.product"), reference)?;
                if !products.insert(product.id) {
                    return refuse(format!("{field}.product"), Why::LineTwice);
                }
                let lots = counting.product(reference, product, line)?;
                (product, lots, line.spread.is_usual())
            }
            _ => {
                let problem = "lot か product の、どちらか1つを書いてください。".to_owned();
                return refuse(field, Why::Malformed { problem });
            }
        };
        let lots: Vec<(LotId, i64)> = lots.into_iter().filter(|(_, steps)| *steps != 0).collect();
        if !lots.is_empty() {
            differences.push(Difference {
                field,
                product,
                lots,
                assumed,
                unit_price: line.unit_price,
            });
        }
    }
    Ok(differences)
}

impl Difference<'_> {
    /// Finds or loses the difference; what is missing is charged to a shop that bears losses.
    pub fn book(self, draft: &mut Draft<'_>, keeping: &mut Keeping) -> Result<(), Stop> {
        let Difference { field, product, .. } = self;
        let mut missing = 0_i64;
        for (lot, steps) in self.lots {
            let quantity = quantity(&field, steps.saturating_abs())?;
            if steps > 0 {
                draft.move_chosen(
                    &field,
                    lot,
                    keeping.found(),
                    keeping.place,
                    quantity,
                    self.assumed,
                )?;
            } else {
                draft.can_leave(&format!("{field}.counted"), lot, keeping.place, quantity.get())?;
                keeping.lose(draft, &field, lot, quantity, self.assumed)?;
                missing = missing.saturating_add(quantity.get());
            }
        }
        if missing > 0 {
            let missing = quantity(&field, missing)?;
            keeping.owe(draft, &field, product, missing, self.unit_price)?;
        }
        Ok(())
    }
}

/// One line of a count being read.
struct Counting<'d, 'a> {
    draft: &'d Draft<'a>,
    place: Place,
    field: &'d str,
    /// Lots that a line has counted.
    seen: &'d mut BTreeSet<LotId>,
}

impl<'a> Counting<'_, 'a> {
    fn read(&self, name: &str, product: &Product, stated: &StatedQuantity) -> Result<i64, Refusal> {
        let field = format!("{}.{name}", self.field);
        Ok(self.draft.quantity_or_zero(&field, product, stated)?.get())
    }

    /// One lot counted.
    fn lot(&mut self, field: &str, lot: &Lot, counted: i64) -> Result<Vec<(LotId, i64)>, Stop> {
        if !self.seen.insert(lot.id) {
            return refuse(field, Why::LineTwice);
        }
        let was_there =
            (self.draft.facts().lot(lot.id)?).is_some_and(|fact| fact.stock.contains_key(&self.place));
        if !was_there && counted > 0 {
            let lot = lot.code.to_string();
            return refuse(field, Why::NeverThere { lot });
        }
        let booked = self.draft.counted_against(lot.id, self.place)?;
        Ok(vec![(lot.id, counted.saturating_sub(booked))])
    }

    /// A product counted over all its lots.
    fn product(
        &mut self,
        reference: &ProductRef,
        product: &'a Product,
        line: &CountLine,
    ) -> Result<Vec<(LotId, i64)>, Stop> {
        let there = self.draft.lots_there(product, self.place)?;
        for fact in &there {
            if !self.seen.insert(fact.lot.id) {
                return refuse(format!("{}.product", self.field), Why::LineTwice);
            }
        }
        let counted = self.read("counted", product, &line.counted)?;
        match &line.spread {
            Spread::EarliestFirst => self.by_expiry(reference, product, &there, counted),
            Spread::Lots(lots) => self.lot_by_lot(product, &there, counted, lots),
        }
    }

    fn by_expiry(
        &self,
        reference: &ProductRef,
        product: &'a Product,
        there: &[&LotFact],
        counted: i64,
    ) -> Result<Vec<(LotId, i64)>, Stop> {
        let mut booked = Vec::with_capacity(there.len());
        for fact in there {
            booked.push((fact.lot.id, self.draft.counted_against(fact.lot.id, self.place)?));
        }
        let total = booked
            .iter()
            .fold(0_i64, |total, (_, steps)| total.saturating_add(*steps));
        let surplus = counted.saturating_sub(total);
        if surplus >= 0 {
            // the last lot of which something was there, else the last that ever was
            let last = (booked.iter().rev())
                .find(|(_, steps)| *steps > 0)
                .or_else(|| booked.last());
            return match last {
                Some((lot, _)) => Ok(vec![(*lot, surplus)]),
                None if surplus == 0 => Ok(Vec::new()),
                None => {
                    let (product, place) = (reference.to_string(), self.place.kind.label());
                    refuse(
                        format!("{}.product", self.field),
                        Why::NoneThere { product, place },
                    )
                }
            };
        }
        let mut missing = surplus.saturating_neg();
        let mut lots = Vec::new();
        for (lot, steps) in &booked {
            // what later days need of a lot cannot be missing already
            let take = self
                .draft
                .available(*lot, self.place)?
                .min(*steps)
                .clamp(0, missing);
            missing -= take;
            lots.push((*lot, -take));
        }
        if missing == 0 {
            return Ok(lots);
        }
        self.too_little(reference, product, &booked, missing, surplus)
    }

    /// Later days have used what the count misses.
    fn too_little<T>(
        &self,
        reference: &ProductRef,
        product: &Product,
        booked: &[(LotId, i64)],
        short: i64,
        surplus: i64,
    ) -> Result<T, Stop> {
        let mut day = self.draft.book_on();
        for (lot, _) in booked {
            let from = self.draft.book_on();
            day = day.max(self.draft.facts().lowest_day_from(*lot, self.place, from)?.1);
        }
        let missing = surplus.saturating_neg();
        let why = Why::NotEnough {
            lot: reference.to_string(),
            place: self.place.kind.label(),
            have: product.unit.decimal(missing - short).to_string(),
            wanted: product.unit.decimal(missing).to_string(),
            day,
        };
        refuse(format!("{}.counted", self.field), why)
    }

    fn lot_by_lot(
        &self,
        product: &Product,
        there: &[&LotFact],
        counted: i64,
        stated: &[LotCount],
    ) -> Result<Vec<(LotId, i64)>, Stop> {
        let field = |n: usize, name: &str| format!("{}.spread.lots[{n}].{name}", self.field);
        let mut parts = Vec::with_capacity(stated.len());
        let mut total = 0_i64;
        for (n, part) in stated.iter().enumerate() {
            let lot = self.draft.lot(&field(n, "lot"), &part.lot)?;
            let code = part.lot.to_string();
            if lot.product != product.id {
                return refuse(field(n, "lot"), Why::LotNotOfProduct { code });
            }
            if !there.iter().any(|fact| fact.lot.id == lot.id) {
                return refuse(field(n, "lot"), Why::NeverThere { lot: code });
            }
            if parts.iter().any(|(id, _)| *id == lot.id) {
                return refuse(field(n, "lot"), Why::LineTwice);
            }
            let counted = self
                .draft
                .quantity_or_zero(&field(n, "counted"), product, &part.counted)?;
            total = total.saturating_add(counted.get());
            parts.push((lot.id, counted.get()));
        }
        if total != counted {
            let (total, counted) = (product.unit.decimal(total), product.unit.decimal(counted));
            let problem = format!("ロットごとの数の合計({total})が、数えた数({counted})と合いません。");
            return refuse(format!("{}.spread.lots", self.field), Why::Malformed { problem });
        }
        let mut lots = Vec::with_capacity(there.len());
        for fact in there {
            let id = fact.lot.id;
            let counted = parts
                .iter()
                .find(|(lot, _)| *lot == id)
                .map_or(0, |(_, counted)| *counted);
            let booked = self.draft.counted_against(id, self.place)?;
            lots.push((id, counted.saturating_sub(booked)));
        }
        Ok(lots)
    }
}

fn quantity(field: &str, steps: i64) -> Result<Quantity, Refusal> {
    let wrong = |error: crate::quantity::QuantityError| Why::QuantityWrong {
        problem: error.to_string(),
    };
    Quantity::try_new(steps).map_err(|error| Refusal::at(format!("{field}.counted"), wrong(error)))
}
