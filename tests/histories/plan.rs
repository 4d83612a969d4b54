//! A prediction in the making: what an act would do, and every reason there is to refuse it.

use crate::{
    model::{Effect, Lot, Model, Move, Posting},
    money::{self, POSTED_MAX, YEN_MAX},
    world::{self, AGREEMENTS, Channel, PRODUCTS, plus},
};
use domain::{
    account::{Account, AccountKind},
    place::{Place, PlaceKind},
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an act would do.
pub struct Plan<'m> {
    pub model: &'m Model,
    /// The office that acts.
    pub by: Option<usize>,
    pub day: i32,
    pub book_on: i32,
    /// Offices it concerns.
    pub touched: BTreeSet<usize>,
    /// Reasons to refuse it: the book must name one of them, and accept when there is none.
    pub why: BTreeSet<&'static str>,
    /// The record taken back, of a reversal or correction.
    pub replaces: Option<usize>,
    /// The first version, of a correction.
    pub first: Option<usize>,
    /// What it takes back.
    pub mirror: Effect,
    /// What it does besides.
    pub effect: Effect,
    /// Lots it gives birth to; the first has the number of the model's lots.
    pub births: Vec<Lot>,
    /// How many lots the act has named so far.
    pub named: usize,
    /// Whether the links are predicted; otherwise only how much of each input they share.
    pub links_known: bool,
    pub shared: BTreeMap<usize, i64>,
    /// The lot that a shipment's goods travel under.
    pub shipment: uuid::Uuid,
}

/// An amount with its tax.
pub type Amount = (TaxRate, i128);

impl Plan<'_> {
    /// Says no.
    pub fn no(&mut self, why: &'static str) {
        self.why.insert(why);
    }

    /// The office that acts.
    pub fn office(&mut self) -> Option<usize> {
        if self.by.is_none() {
            self.no("office-needed");
        }
        self.by
    }

    /// Another office, named by its code.
    pub fn other(&mut self, code: &Value) -> Option<usize> {
        let office = world::office(code.as_str()?);
        match office {
            None => self.no("office-unknown"),
            Some(office) if Some(office) == self.by => self.no("same-office"),
            Some(office) => {
                self.touched.insert(office);
                return Some(office);
            }
        }
        None
    }

    pub fn place(&self, kind: PlaceKind, owner: usize) -> Place {
        Place::own(kind, self.model.ids.offices[owner])
    }

    pub fn store(&self, owner: usize) -> Place {
        Place::store(self.model.ids.offices[owner])
    }

    pub fn shelf(&self, owner: usize, holder: usize) -> Place {
        Place::shelf(self.model.ids.offices[owner], self.model.ids.offices[holder])
    }

    /// A lot's product.
    pub fn product_of(&self, lot: usize) -> usize {
        self.lot(lot).product
    }

    pub fn lot(&self, lot: usize) -> &Lot {
        let known = self.model.lots.len();
        if lot < known {
            &self.model.lots[lot]
        } else {
            &self.births[lot - known]
        }
    }

    /// A lot by its code.
    pub fn lot_named(&mut self, code: &Value) -> Option<usize> {
        let lot = self.model.lot(code.as_str()?);
        if lot.is_none() {
            self.no("lot-unknown");
        }
        lot
    }

    /// A product as the acting office names it.
    pub fn product_named(&mut self, reference: &Value) -> Option<usize> {
        let product = world::product_named(self.by?, reference.as_str()?);
        if product.is_none() {
            self.no("product-unknown");
        }
        product
    }

    /// A quantity above nought.
    pub fn quantity(&mut self, product: usize, stated: &Value) -> Option<i64> {
        let steps = money::steps(product, stated).filter(|steps| *steps > 0);
        if steps.is_none() {
            self.no("quantity-wrong");
        }
        steps
    }

    /// A quantity of nought or more; nought where none is stated.
    pub fn quantity_or_none(&mut self, product: usize, stated: &Value) -> Option<i64> {
        if stated.is_null() {
            return Some(0);
        }
        let steps = money::steps(product, stated);
        if steps.is_none() {
            self.no("quantity-wrong");
        }
        steps
    }

    /// All moves so far.
    pub fn moves(&self) -> impl Iterator<Item = &Move> {
        self.mirror.moves.iter().chain(&self.effect.moves)
    }

    fn days(&self, lot: usize, place: &Place) -> Vec<(i32, i64)> {
        let known = (lot < self.model.lots.len())
            .then(|| self.model.lots[lot].places.get(place))
            .flatten();
        let mut days: Vec<(i32, i64)> = known.cloned().unwrap_or_default();
        for one in self.moves().filter(|one| one.lot == lot) {
            if one.from == *place {
                days.push((self.book_on, -one.steps));
            }
            if one.to == *place {
                days.push((self.book_on, one.steps));
            }
        }
        days.sort_by_key(|(day, _)| *day);
        days
    }

    /// The least there is at the end of the day booked on and of every later day, with what is planned.
    pub fn available(&self, lot: usize, place: &Place) -> i64 {
        let days = self.days(lot, place);
        let mut there: i64 = days
            .iter()
            .filter(|(day, _)| *day <= self.book_on)
            .map(|(_, steps)| steps)
            .sum();
        let mut least = there;
        let later: BTreeMap<i32, i64> = days.into_iter().filter(|(day, _)| *day > self.book_on).fold(
            BTreeMap::new(),
            |mut sums, (day, steps)| {
                *sums.entry(day).or_default() += steps;
                sums
            },
        );
        for steps in later.values() {
            there += steps;
            least = least.min(there);
        }
        least
    }

    /// The least that any day ends with.
    fn least(&self, lot: usize, place: &Place) -> i64 {
        let mut sums: BTreeMap<i32, i64> = BTreeMap::new();
        for (day, steps) in self.days(lot, place) {
            *sums.entry(day).or_default() += steps;
        }
        let mut there = 0;
        let ends = sums.values().map(|steps| {
            there += steps;
            there
        });
        ends.min().unwrap_or(0)
    }

    /// No inner place below nought at the end of any day.
    pub fn check_every_day(&mut self) {
        let pairs: BTreeSet<(usize, Place)> = self
            .moves()
            .flat_map(|one| [(one.lot, one.from), (one.lot, one.to)])
            .collect();
        for (lot, place) in pairs {
            if place.kind.is_inner() && self.least(lot, &place) < 0 {
                self.no(if self.replaces.is_some() {
                    "must-go-first"
                } else {
                    "not-enough"
                });
            }
        }
    }

    pub fn push(&mut self, lot: usize, from: Place, to: Place, steps: i64) {
        if steps == 0 {
            return;
        }
        for party in [from.owner, from.holder, to.owner, to.holder] {
            self.touched.extend(self.model.ids.office_of(party));
        }
        self.effect.moves.push(Move { lot, from, to, steps });
    }

    /// Moves goods that have to be there.
    pub fn take(&mut self, lot: usize, from: Place, to: Place, steps: i64) {
        if self.first.is_none() && from.kind.is_inner() && self.available(lot, &from) < steps {
            self.no("not-enough");
        }
        self.push(lot, from, to, steps);
    }

    /// Moves goods of a true sale: what is short is found.
    pub fn take_or_find(&mut self, lot: usize, from: Place, to: Place, steps: i64) {
        let short = steps - self.available(lot, &from).clamp(0, steps);
        let found = Place {
            kind: PlaceKind::Found,
            holder: from.owner,
            reference: None,
            ..from
        };
        self.push(lot, found, from, short);
        self.push(lot, from, to, steps);
    }

    /// Lots of a product that are or were at a place, in the order in which they are used up.
    pub fn in_order(&self, product: usize, place: &Place) -> Vec<usize> {
        let mut lots = self.model.lots_at(product, place);
        lots.sort_by_key(|lot| {
            let Lot {
                best_before,
                made_on,
                born,
                code,
                ..
            } = &self.model.lots[*lot];
            (best_before.is_none(), *best_before, *made_on, *born, code.clone())
        });
        lots
    }

    /// Lots of a product by earliest expiry, and what is missing.
    pub fn choose(&self, product: usize, place: &Place, wanted: i64) -> (Vec<(usize, i64)>, i64) {
        let (mut rest, mut chosen) = (wanted, Vec::new());
        for lot in self.in_order(product, place) {
            let part = self.available(lot, place).clamp(0, rest);
            if part > 0 {
                rest -= part;
                chosen.push((lot, part));
            }
        }
        (chosen, rest)
    }

    /// The lots that a line with `lot` or `product` and `quantity` means.
    pub fn pick(&mut self, line: &Value, place: &Place) -> Vec<(usize, i64)> {
        if !line["lot"].is_null() {
            let Some(lot) = self.lot_named(&line["lot"]) else {
                return Vec::new();
            };
            let steps = self.quantity(self.product_of(lot), &line["quantity"]);
            return steps.map(|steps| (lot, steps)).into_iter().collect();
        }
        let Some(product) = self.product_named(&line["product"]) else {
            return Vec::new();
        };
        self.pick_product(product, line, place)
    }

    pub fn pick_product(&mut self, product: usize, line: &Value, place: &Place) -> Vec<(usize, i64)> {
        let Some(wanted) = self.quantity(product, &line["quantity"]) else {
            return Vec::new();
        };
        let (chosen, rest) = self.choose(product, place, wanted);
        if rest > 0 {
            self.no(if chosen.is_empty() {
                "none-there"
            } else {
                "not-enough"
            });
        }
        chosen
    }

    /// A new lot, or in a correction the one that was born then.
    pub fn name_lot(
        &mut self,
        product: usize,
        stated: &Value,
        maker: usize,
        proposes_date: bool,
    ) -> Option<usize> {
        let made_on = stated["made_on"].as_str().map_or(self.day, world::read_day);
        if made_on > world::TODAY {
            self.no("date-in-future");
        }
        let ordinal = self.named;
        self.named += 1;
        let born_then = self
            .first
            .and_then(|first| self.model.records[first].made.get(ordinal));
        if let Some(lot) = born_then {
            if self.model.lots[*lot].product != product {
                self.no("fixed-for-ever");
            }
            return Some(*lot);
        }
        let code = stated["code"].as_str().unwrap_or_default().to_owned();
        let taken = self.model.lot(&code).is_some() || self.births.iter().any(|lot| lot.code == code);
        if !code.is_empty() && taken {
            self.no("lot-code-taken");
        }
        let keeps = PRODUCTS[product].keeps.filter(|_| proposes_date);
        self.births.push(Lot {
            code,
            id: None,
            product,
            maker,
            made_on,
            best_before: keeps.map(|days| plus(made_on, days)),
            born: 0,
            places: BTreeMap::new(),
        });
        Some(self.model.lots.len() + self.births.len() - 1)
    }

    /// An amount that the book can hold.
    pub fn in_range(&mut self, yen: i128) -> i64 {
        if yen.abs() > YEN_MAX {
            self.no("amount-too-large");
        }
        i64::try_from(yen).unwrap_or(i64::MAX)
    }

    pub fn post(&mut self, account: Account, tax: TaxRate, yen: i128) {
        self.touched.extend(
            account
                .unit
                .office()
                .and_then(|office| self.model.ids.office_of(office.into())),
        );
        let yen = self.in_range(yen);
        if i128::from(yen).abs() > POSTED_MAX {
            self.no("amount-too-large");
        }
        if yen != 0 {
            self.effect.postings.push(Posting { account, tax, yen });
        }
    }

    /// [`Plan::post`] without tax.
    pub fn owe(&mut self, account: Account, yen: i128) {
        self.post(account, TaxRate::OUT_OF_SCOPE, yen);
    }

    pub fn same_corporation(one: usize, other: usize) -> bool {
        world::CORPORATION[one] == world::CORPORATION[other]
    }

    /// A dealing between two offices on both sides; the buyer's section may be the welfare one.
    pub fn deal(
        &mut self,
        seller: usize,
        buyer: usize,
        amounts: &[Amount],
        income: AccountKind,
        (welfare, expense): (bool, AccountKind),
    ) {
        let ids = &self.model.ids;
        let total: i128 = amounts.iter().map(|(_, yen)| yen).sum();
        let buys = ids.unit(buyer, welfare);
        if Self::same_corporation(seller, buyer) {
            self.owe(ids.with(seller, AccountKind::Internal, buyer), total);
            self.owe(ids.plain(seller, AccountKind::InternalIncome), -total);
            self.owe(Account::plain(buys, AccountKind::InternalExpense), total);
            self.owe(
                Account::with(buys, AccountKind::Internal, ids.party(seller)),
                -total,
            );
            return;
        }
        self.owe(ids.with(seller, AccountKind::Receivable, buyer), total);
        for (tax, yen) in amounts {
            self.post(ids.plain(seller, income), *tax, -yen);
            self.post(Account::plain(buys, expense), *tax, *yen);
        }
        self.owe(
            Account::with(buys, AccountKind::Payable, ids.party(seller)),
            -total,
        );
    }

    /// Tax class of a product in a way of supply; `mode` as written.
    pub fn tax_of(product: usize, mode: Option<&str>) -> TaxRate {
        let row = &PRODUCTS[product];
        world::rate(if mode == Some("eat_in") {
            row.eat_in
        } else {
            row.tax
        })
    }

    /// The price of the first channel that has one.
    pub fn listed(&self, product: usize, channels: &[Channel]) -> Option<world::Price> {
        channels
            .iter()
            .find_map(|channel| self.model.price(product, *channel, self.day))
    }

    /// Whether an agreement still holds.
    pub fn in_force(&self, agreement: usize) -> bool {
        AGREEMENTS[agreement].until.is_none_or(|last| self.day <= last)
    }

    pub fn reason_is_due(&mut self, act: &Value) {
        if act["reason"].is_null() {
            self.no("reason-missing");
        }
    }
}
