//! Goods in a draft: movements, the check of every day's end, choice of lots by earliest expiry, births, links.

use super::Draft;
use crate::{
    calendar::Day,
    entry::{Birth, Link, Movement},
    facts::{Need, Question},
    id::{self, LotId, PartyId},
    lot::{Allergens, BestBefore, Lot},
    masters::{Product, ProductFacts},
    place::{Place, PlaceKind},
    quantity::Quantity,
    refs::ProductRef,
    refusal::{Refusal, Stop, Why},
    text::{LotCode, Name},
};
use serde::{Deserialize, Serialize};

/// A lot, or a product of which the lots are chosen by earliest expiry. Just one of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods<'c> {
    /// The lot scanned.
    pub lot: Option<&'c LotCode>,
    /// The product counted.
    pub product: Option<&'c ProductRef>,
}

/// What is stated of a new lot; the rest comes from its product.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLot {
    /// Code on the label; made from product, day and id when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<LotCode>,
    /// 製造日・収穫日; the day of supply when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<Day>,
    /// 期限; from the product's days when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
    /// 産地.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Name>,
    /// 畑・作業場.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Name>,
    /// The supplier's own lot number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier_lot: Option<Name>,
    /// Allergens where they differ from the product's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Allergens>,
}

impl<'a> Draft<'a> {
    /// A lot by its code.
    pub fn lot(&self, field: &str, code: &LotCode) -> Result<Lot, Stop> {
        let fact = self.facts.lot_by_code(code)?;
        let unknown = || {
            Refusal::at(
                field,
                Why::LotUnknown {
                    code: code.to_string(),
                },
            )
        };
        Ok(fact.map(|fact| fact.lot.clone()).ok_or_else(unknown)?)
    }

    /// A lot by its id: of the book, or born in this draft.
    pub fn lot_by_id(&self, id: LotId) -> Result<Lot, Stop> {
        if let Some(lot) = self.born.get(&id) {
            return Ok(lot.clone());
        }
        let broken = || Refusal::at("", Why::Broken { what: "lot" });
        Ok(self
            .facts
            .lot(id)?
            .map(|fact| fact.lot.clone())
            .ok_or_else(broken)?)
    }

    /// The product of a lot.
    pub fn product_of(&self, lot: &Lot) -> Result<&'a Product, Refusal> {
        self.facts
            .masters_ref()
            .product(lot.product)
            .ok_or_else(|| Refusal::at("", Why::Broken { what: "product" }))
    }

    /// What could leave a place on the day booked on without any later day's end falling below nought.
    pub fn available(&self, lot: LotId, place: Place) -> Result<i64, Stop> {
        let pending = self.pending.get(&(lot, place)).copied().unwrap_or(0);
        if self.born.contains_key(&lot) && self.corrects.is_none() {
            return Ok(pending);
        }
        Ok(self
            .facts
            .lowest_from(lot, place, self.book_on)?
            .saturating_add(pending))
    }

    /// Moves goods; refused where an inner place would be negative at the end of any day.
    pub fn move_goods(
        &mut self,
        field: &str,
        lot: LotId,
        from: Place,
        to: Place,
        quantity: Quantity,
    ) -> Result<(), Stop> {
        self.move_chosen(field, lot, from, to, quantity, false)
    }

    /// [`Draft::move_goods`], saying whether the lot was chosen by rule.
    pub fn move_chosen(
        &mut self,
        field: &str,
        lot: LotId,
        from: Place,
        to: Place,
        quantity: Quantity,
        assumed: bool,
    ) -> Result<(), Stop> {
        // a correction is checked as a whole: its mirror alone may dip below what is left
        if from.is_inner() && self.corrects.is_none() {
            let have = self.available(lot, from)?;
            if have < quantity.get() {
                return Err(self.not_enough(field, lot, from, have, quantity.get())?.into());
            }
        }
        self.push(Movement {
            lot,
            from,
            to,
            quantity,
            assumed,
        });
        Ok(())
    }

    /// Moves goods of a true sale: what is short is found in the same entry, ahead of the count.
    pub fn sell_goods(
        &mut self,
        lot: LotId,
        from: Place,
        to: Place,
        quantity: Quantity,
        assumed: bool,
    ) -> Result<(), Stop> {
        let short = quantity
            .get()
            .saturating_sub(self.available(lot, from)?.max(0))
            .max(0);
        if short > 0 {
            let found = Place {
                kind: PlaceKind::Found,
                holder: from.owner,
                reference: None,
                ..from
            };
            let short = Quantity::try_new(short).map_err(|_| Refusal::at("", Why::AmountTooLarge))?;
            self.push(Movement {
                lot,
                from: found,
                to: from,
                quantity: short,
                assumed,
            });
        }
        self.push(Movement {
            lot,
            from,
            to,
            quantity,
            assumed,
        });
        Ok(())
    }

    pub(super) fn push(&mut self, movement: Movement) {
        if movement.quantity.is_zero() {
            return;
        }
        for (place, signed) in [
            (movement.from, -movement.quantity.get()),
            (movement.to, movement.quantity.get()),
        ] {
            let net = self.pending.entry((movement.lot, place)).or_insert(0);
            *net = net.saturating_add(signed);
            for party in [place.owner, place.holder] {
                if let Some(office) = self.facts.masters_ref().as_office(party) {
                    self.offices.insert(office.id);
                }
            }
        }
        self.movements.push(movement);
    }

    /// Chooses lots of a product at a place, earliest expiry first, then the oldest. Where there is less than wanted
    /// the rest is returned as the second value.
    pub fn choose(
        &self,
        product: &Product,
        place: Place,
        wanted: Quantity,
    ) -> Result<(Vec<(LotId, Quantity)>, Quantity), Stop> {
        let mut rest = wanted.get();
        let mut chosen = Vec::new();
        for fact in self.lots_to_take(product, place)? {
            let take = self.available(fact.lot.id, place)?.clamp(0, rest);
            if take > 0 {
                rest -= take;
                chosen.push((fact.lot.id, quantity(take)?));
            }
        }
        Ok((chosen, quantity(rest)?))
    }

    /// The lots for goods that have to be there: the lot named, or the product's lots by earliest expiry. The flag
    /// says whether they were chosen by rule.
    pub fn pick(
        &self,
        field: &str,
        goods: &Goods,
        stated: &crate::quantity::StatedQuantity,
        place: Place,
    ) -> Result<Vec<(Lot, Quantity, bool)>, Stop> {
        match (goods.lot, goods.product) {
            (Some(code), _) => {
                let lot = self.lot(&format!("{field}.lot"), code)?;
                let product = self.product_of(&lot)?;
                if let Some(expected) = goods.product
                    && self.product(&format!("{field}.product"), expected)?.id != product.id
                {
                    let why = Why::LotNotOfProduct {
                        code: code.to_string(),
                    };
                    return Err(Refusal::at(format!("{field}.lot"), why).into());
                }
                let quantity = self.quantity(&format!("{field}.quantity"), product, stated)?;
                Ok(vec![(lot, quantity, false)])
            }
            (None, Some(reference)) => {
                let product = self.product(&format!("{field}.product"), reference)?;
                let wanted = self.quantity(&format!("{field}.quantity"), product, stated)?;
                let (chosen, rest) = self.choose(product, place, wanted)?;
                if !rest.is_zero() {
                    let why = if chosen.is_empty() {
                        Why::NoneThere {
                            product: reference.to_string(),
                            place: place.kind.label(),
                        }
                    } else {
                        Why::NotEnough {
                            lot: reference.to_string(),
                            place: place.kind.label(),
                            have: product.unit.decimal(wanted.get() - rest.get()).to_string(),
                            wanted: product.unit.show(wanted),
                            day: self.book_on,
                        }
                    };
                    return Err(Refusal::at(format!("{field}.quantity"), why).into());
                }
                chosen
                    .into_iter()
                    .map(|(id, quantity)| Ok((self.lot_by_id(id)?, quantity, true)))
                    .collect()
            }
            (None, None) => {
                let problem = "lot か product を書いてください。".to_owned();
                Err(Refusal::at(field, Why::Malformed { problem }).into())
            }
        }
    }

    /// A new lot of a product; in a correction the lot that was born then, its facts amended.
    pub fn make_lot(
        &mut self,
        field: &str,
        product: &'a Product,
        stated: &NewLot,
        maker: PartyId,
        inherited: Option<&Allergens>,
        supplier: Option<PartyId>,
    ) -> Result<LotId, Stop> {
        let lot = self.new_lot(field, product, stated, maker, inherited, supplier)?;
        self.birth(field, lot)
    }

    /// The facts of a new lot.
    pub(super) fn new_lot(
        &mut self,
        field: &str,
        product: &'a Product,
        stated: &NewLot,
        maker: PartyId,
        inherited: Option<&Allergens>,
        supplier: Option<PartyId>,
    ) -> Result<Lot, Stop> {
        let facts = self.product_facts(product)?;
        let (acting, key) = self.key();
        let by_place = LotId(id::derive(&acting, key, "lot", self.lots_made));
        // in a correction a lot is known by its code first: lines may have gone or come
        let id = stated
            .code
            .as_ref()
            .and_then(|code| self.corrected_lot(code))
            .unwrap_or(by_place);
        self.lots_made += 1;
        let made_on = stated.made_on.unwrap_or(self.supplied_on);
        if made_on > self.today {
            let why = Why::DateInFuture {
                day: made_on,
                today: self.today,
            };
            return Err(Refusal::at(format!("{field}.made_on"), why).into());
        }
        let best_before = stated.best_before.or_else(|| proposed_date(facts, made_on));
        if best_before.is_some_and(|date| date.day < made_on || date.hour.is_some_and(|hour| hour > 24)) {
            return Err(Refusal::at(format!("{field}.best_before"), Why::BestBeforeWrong).into());
        }
        let own = stated.allergens.as_ref().unwrap_or(&facts.allergens);
        let code = match &stated.code {
            Some(code) => code.clone(),
            None => made_code(product, made_on, id)?,
        };
        Ok(Lot {
            id,
            code,
            product: product.id,
            maker,
            made_on,
            best_before,
            origin: stated.origin.clone(),
            field: stated.field.clone(),
            supplier,
            supplier_lot: stated.supplier_lot.clone(),
            allergens: inherited.map_or_else(|| own.clone(), |inherited| own.union(inherited)),
            origin_unknown: false,
        })
    }

    fn corrected_lot(&self, code: &LotCode) -> Option<LotId> {
        let births = &self.corrects.as_ref()?.entry.births;
        births
            .iter()
            .find(|birth| birth.lot.code == *code)
            .map(|birth| birth.lot.id)
    }

    /// Records a birth, or in a correction the amended facts of the lot born then.
    pub fn birth(&mut self, field: &str, mut lot: Lot) -> Result<LotId, Stop> {
        let id = lot.id;
        let before = match &self.corrects {
            // the original's lots were loaded with it or are now
            Some(_) => self.facts.lot(id)?.map(|fact| fact.lot.clone()),
            None => None,
        };
        if let Some(before) = before {
            // the code stands on labels: it stays
            lot.code = before.code.clone();
            if lot.product != before.product {
                let what = "ロットの品目";
                return Err(Refusal::at(field, Why::FixedForEver { what }).into());
            }
            if lot != before {
                self.births.push(Birth {
                    lot: lot.clone(),
                    amends: true,
                });
            }
        } else {
            let taken = self.facts.lot_by_code(&lot.code)?.is_some()
                || self.born.values().any(|other| other.code == lot.code);
            if taken {
                let why = Why::LotCodeTaken {
                    code: lot.code.to_string(),
                };
                return Err(Refusal::at(format!("{field}.code"), why).into());
            }
            self.births.push(Birth {
                lot: lot.clone(),
                amends: false,
            });
        }
        self.born.insert(id, lot);
        Ok(id)
    }

    /// Links an input lot to an output lot.
    pub fn link(&mut self, input: LotId, output: LotId, quantity: Quantity) {
        if !quantity.is_zero() {
            self.links.push(Link {
                input,
                output,
                quantity: quantity.get(),
            });
        }
    }

    /// Whatever moves must be loaded, also where nothing is checked: the fold needs its stock.
    pub(super) fn lots_are_loaded(&self) -> Result<(), Stop> {
        let lots = self.pending.keys().map(|(lot, _)| *lot);
        let missing: Vec<Need> = (lots
            .filter(|lot| !self.born.contains_key(lot) && self.facts.lot(*lot).is_err()))
        .map(Need::LotById)
        .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Stop::Need(missing))
        }
    }

    /// No inner place may be negative at the end of any day from the day booked on.
    pub(super) fn check_stock(&self) -> Result<(), Stop> {
        for (&(lot, place), &net) in &self.pending {
            if place.is_inner() && net < 0 {
                let left = self.available(lot, place)?;
                if left < 0 {
                    return Err(match &self.corrects {
                        Some(original) => self.must_go_first(lot, original.entry.seq)?,
                        None if self.reverses.is_some() => self.must_go_first_of_mirror(lot)?,
                        None => self.not_enough("", lot, place, left - net, -net)?,
                    }
                    .into());
                }
            }
        }
        Ok(())
    }

    fn must_go_first_of_mirror(&self, lot: LotId) -> Result<Refusal, Stop> {
        let mirrored = self.reverses.and_then(|id| self.facts.entry(id).ok().flatten());
        self.must_go_first(lot, mirrored.map_or(0, |fact| fact.entry.seq))
    }

    /// The refusal that lists what uses a lot after an entry.
    pub(super) fn must_go_first(&self, lot: LotId, after: u64) -> Result<Refusal, Stop> {
        match self.facts.answer(&Question::LaterMovements(lot, after))? {
            crate::facts::Answer::Later(acts) => {
                Ok(Refusal::at("entry", Why::MustGoFirst { acts: acts.clone() }))
            }
            _ => Ok(Refusal::at("", Why::Broken { what: "answer" })),
        }
    }

    pub(super) fn not_enough(
        &self,
        field: &str,
        lot: LotId,
        place: Place,
        have: i64,
        wanted: i64,
    ) -> Result<Refusal, Stop> {
        let (_, day) = self.facts.lowest_day_from(lot, place, self.book_on)?;
        let lot = self.lot_by_id(lot)?;
        let unit = &self.product_of(&lot)?.unit;
        let field = if field.is_empty() {
            String::new()
        } else {
            format!("{field}.quantity")
        };
        Ok(Refusal::at(
            field,
            Why::NotEnough {
                lot: lot.code.to_string(),
                place: place.kind.label(),
                have: unit.decimal(have.max(0)).to_string(),
                wanted: unit.decimal(wanted).to_string(),
                day,
            },
        ))
    }
}

fn quantity(steps: i64) -> Result<Quantity, Refusal> {
    Quantity::try_new(steps).map_err(|error| {
        Refusal::at(
            "",
            Why::QuantityWrong {
                problem: error.to_string(),
            },
        )
    })
}

fn proposed_date(facts: &ProductFacts, made_on: Day) -> Option<BestBefore> {
    let days = chrono::Days::new(u64::from(facts.keeps_days?));
    let day = Day::from_date(made_on.date().checked_add_days(days)?).ok()?;
    Some(BestBefore {
        day,
        hour: None,
        use_by: facts.use_by,
    })
}

/// A code for a lot without one: product, day and a piece of its id, so that no number has to be counted up.
fn made_code(product: &Product, made_on: Day, id: LotId) -> Result<LotCode, Refusal> {
    let short: String = id.0.simple().to_string().chars().take(6).collect();
    let code: String = product.code.as_ref().chars().take(40).collect();
    let text = format!("{code}-{}-{short}", made_on.as_number());
    text.parse()
        .map_err(|_| Refusal::at("", Why::Broken { what: "lot code" }))
}
