//! What the rules know of the book when they decide. Facts are loaded on demand: a rule that misses one says so
//! ([`Need`]), the store loads it, and the rule decides again. So no list of what to load can drift from the rules.

use crate::{
    account::Account,
    calendar::Day,
    entry::{Entry, TextRole},
    id::{AgreementId, EntryId, LotId, OfficeId, PartyId, ProductId},
    lot::Lot,
    masters::Masters,
    money::Yen,
    numbered::Series,
    place::Place,
    refusal::{LaterAct, Stop},
    text::LotCode,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// A fact that is not loaded yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Whether an entry with this id is there, and the hash of its body.
    Known(EntryId),
    /// A lot by its code, with all its stock rows.
    Lot(LotCode),
    /// A lot by its id, with all its stock rows.
    LotById(LotId),
    /// The sums per day of what moved in and out of a place.
    Timeline(LotId, Place),
    /// The lots of a product that are or were at a place.
    LotsAt(ProductId, Place),
    /// A whole entry.
    Entry(EntryId),
    /// An answer that holds only until the next entry.
    Answer(Question),
}

/// A question whose answer changes with any entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Balance of an account at the end of a day, by `book_on`.
    Balance(Account, Day),
    /// Entries after a position that move a lot and are not reversed themselves.
    LaterMovements(LotId, u64),
    /// Entries of these kinds under an agreement with `supplied_on` in a range of days, both ends included.
    UnderAgreement(AgreementId, Vec<String>, Day, Day),
    /// Entries that change what stands in an office's books between it and another one, with `supplied_on` in a range of days,
    /// both ends included, and those of earlier days since a day that were recorded after a position.
    Between(OfficeId, OfficeId, (Day, Day), (Day, u64)),
    /// Entries of a kind that touch an office with `supplied_on` in a range of days, both ends included.
    OfKind(OfficeId, String, Day, Day),
    /// The free texts of an entry that were not erased.
    KeptTexts(EntryId),
    /// What stands between an office and another one at the end of a day, by `book_on`: all debts of the office's books
    /// together, above nought owed to it.
    Debts(OfficeId, OfficeId, Day),
    /// The entries with the highest numbers of a series, at most so many.
    LastNumbered(Series, u32),
    /// The documents of the office that cover these positions and were not replaced; without one document.
    Issued(OfficeId, Vec<u64>, Option<EntryId>),
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To [`Question::Balance`] and [`Question::Debts`].
    Yen(Yen),
    /// To [`Question::LaterMovements`].
    Later(Vec<LaterAct>),
    /// To [`Question::KeptTexts`].
    Texts(Vec<TextRole>),
    /// To [`Question::Issued`]: by position the documents.
    Issued(BTreeMap<u64, BTreeSet<EntryId>>),
    /// To the others.
    Entries(Vec<EntryFact>),
}

/// An entry and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFact {
    /// The entry.
    pub entry: Arc<Entry>,
    /// The reversal or correction that mirrors it, if there is one.
    pub reversed_by: Option<EntryId>,
}

/// That an entry is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Position.
    pub seq: u64,
    /// Hash of its body.
    pub body_hash: [u8; 32],
}

/// A lot and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotFact {
    /// The facts, as last amended.
    pub lot: Lot,
    /// Position of its birth.
    pub born_in: u64,
    /// Stock by place, boundary places included; signed steps.
    pub stock: BTreeMap<Place, Stock>,
}

/// Stock of a lot at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Smallest steps; below nought only at boundary places.
    pub quantity: i64,
    /// The latest `book_on` of a movement there, as a number; from this day on the quantity is the end of each day.
    pub last_day: i32,
}

/// Lots of a product at a place: over the years very many were there, few have something left.
#[derive(Clone, Debug, Default)]
pub(crate) struct LotsThere {
    /// All that are or were there, in no particular order.
    pub all: Vec<LotId>,
    /// Those with something there.
    pub in_stock: BTreeSet<LotId>,
}

/// Lots at places are kept when other facts are forgotten, up to so many: they are many to read, and small.
const KEPT_LOTS: usize = 1_000_000;

/// The loaded part of the book, as of a log size.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Size of the log the facts belong to.
    pub size: u64,
    /// Master data, always whole.
    pub masters: Masters,
    pub(crate) known: HashMap<EntryId, Option<Known>>,
    pub(crate) lot_codes: HashMap<LotCode, Option<LotId>>,
    pub(crate) lots: HashMap<LotId, Option<LotFact>>,
    pub(crate) timelines: HashMap<(LotId, Place), BTreeMap<i32, i64>>,
    pub(crate) lots_at: HashMap<(ProductId, Place), LotsThere>,
    pub(crate) entries: HashMap<EntryId, Option<EntryFact>>,
    pub(crate) answers: HashMap<Question, Answer>,
}

fn need<T>(need: Need) -> Result<T, Stop> {
    Err(Stop::Need(vec![need]))
}

impl Facts {
    /// Facts of a book of this size with these masters and nothing else loaded.
    pub fn new(size: u64, masters: Masters) -> Facts {
        Facts {
            size,
            masters,
            ..Facts::default()
        }
    }

    /// Rough number of loaded facts, so that the writer can bound its memory.
    pub fn loaded(&self) -> usize {
        self.known.len()
            + self.lots.len() * 4
            + self.timelines.len() * 8
            + self.lots_at.len()
            + self.entries.len() * 8
    }

    /// Forgets everything but the masters and which lots are at places: [`apply`](crate::apply) keeps these true, or
    /// forgets them when a lot is moved that is not loaded.
    pub fn forget(&mut self) {
        let masters = std::mem::take(&mut self.masters);
        let lots_at = std::mem::take(&mut self.lots_at);
        *self = Facts::new(self.size, masters);
        if lots_at.values().map(|there| there.all.len()).sum::<usize>() <= KEPT_LOTS {
            self.lots_at = lots_at;
        }
    }

    /// Whether an entry is there.
    pub fn known(&self, id: EntryId) -> Result<Option<Known>, Stop> {
        self.known
            .get(&id)
            .copied()
            .map_or_else(|| need(Need::Known(id)), Ok)
    }

    /// A lot by its code.
    pub fn lot_by_code(&self, code: &LotCode) -> Result<Option<&LotFact>, Stop> {
        match self.lot_codes.get(code) {
            None => need(Need::Lot(code.clone())),
            Some(None) => Ok(None),
            Some(Some(id)) => self.lot(*id),
        }
    }

    /// A lot.
    pub fn lot(&self, id: LotId) -> Result<Option<&LotFact>, Stop> {
        self.lots
            .get(&id)
            .map_or_else(|| need(Need::LotById(id)), |fact| Ok(fact.as_ref()))
    }

    /// Lots of a product that are or were at a place, in no particular order.
    pub fn lots_at(&self, product: ProductId, place: Place) -> Result<&[LotId], Stop> {
        self.lots_at.get(&(product, place)).map_or_else(
            || need(Need::LotsAt(product, place)),
            |there| Ok(there.all.as_slice()),
        )
    }

    /// Lots of a product with something at a place, in no particular order.
    pub fn lots_in_stock(&self, product: ProductId, place: Place) -> Result<&BTreeSet<LotId>, Stop> {
        self.lots_at
            .get(&(product, place))
            .map_or_else(|| need(Need::LotsAt(product, place)), |there| Ok(&there.in_stock))
    }

    /// A whole entry.
    pub fn entry(&self, id: EntryId) -> Result<Option<&EntryFact>, Stop> {
        self.entries
            .get(&id)
            .map_or_else(|| need(Need::Entry(id)), |fact| Ok(fact.as_ref()))
    }

    /// The answer to a question.
    pub fn answer(&self, question: &Question) -> Result<&Answer, Stop> {
        self.answers
            .get(question)
            .map_or_else(|| need(Need::Answer(question.clone())), Ok)
    }

    /// The lowest end-of-day quantity of a lot at a place from a day on.
    pub fn lowest_from(&self, lot: LotId, place: Place, day: Day) -> Result<i64, Stop> {
        Ok(self.lowest_day_from(lot, place, day)?.0)
    }

    /// [`Facts::lowest_from`] with the first day that ends so low.
    pub fn lowest_day_from(&self, lot: LotId, place: Place, day: Day) -> Result<(i64, Day), Stop> {
        let mut at_end = self.at_end_of(lot, place, day)?;
        let mut lowest = (at_end, day.as_number());
        // loaded when a later day moved something; when none did there is nothing to walk
        if let Some(days) = self.timelines.get(&(lot, place)) {
            for (later, moved) in days.range(day.as_number() + 1..) {
                at_end = at_end.saturating_add(*moved);
                if at_end < lowest.0 {
                    lowest = (at_end, *later);
                }
            }
        }
        Ok((lowest.0, Day::from_number(lowest.1).unwrap_or(day)))
    }

    /// The quantity of a lot at a place at the end of a day, by `book_on`.
    pub fn at_end_of(&self, lot: LotId, place: Place, day: Day) -> Result<i64, Stop> {
        let Some(stock) = self.lot(lot)?.and_then(|fact| fact.stock.get(&place)) else {
            return Ok(0);
        };
        let day = day.as_number();
        if day >= stock.last_day {
            return Ok(stock.quantity);
        }
        let Some(days) = self.timelines.get(&(lot, place)) else {
            return need(Need::Timeline(lot, place));
        };
        // backwards from today's quantity: what moved after a day was not there at its end
        let later = days.range(day + 1..).map(|(_, moved)| moved);
        Ok(later.fold(stock.quantity, |quantity, moved| quantity.saturating_sub(*moved)))
    }

    // Loading: the store puts in what was missing.

    /// Loads whether an entry is there.
    pub fn put_known(&mut self, id: EntryId, known: Option<Known>) {
        self.known.insert(id, known);
    }

    /// Loads that no lot has this code.
    pub fn put_no_lot(&mut self, code: LotCode) {
        self.lot_codes.insert(code, None);
    }

    /// Loads that no lot has this id.
    pub fn put_no_lot_by_id(&mut self, id: LotId) {
        self.lots.insert(id, None);
    }

    /// Loads a lot with all its stock rows.
    pub fn put_lot(&mut self, fact: LotFact) {
        self.lot_codes.insert(fact.lot.code.clone(), Some(fact.lot.id));
        self.lots.insert(fact.lot.id, Some(fact));
    }

    /// Loads the sums per day of a lot at a place.
    pub fn put_timeline(&mut self, lot: LotId, place: Place, days: BTreeMap<i32, i64>) {
        self.timelines.insert((lot, place), days);
    }

    /// Loads which lots of a product are or were at a place, with what is there now; the lots themselves are loaded
    /// when needed.
    pub fn put_lots_at(&mut self, product: ProductId, place: Place, lots: Vec<(LotId, i64)>) {
        let in_stock = lots
            .iter()
            .filter(|(_, quantity)| *quantity > 0)
            .map(|(lot, _)| *lot);
        let there = LotsThere {
            in_stock: in_stock.collect(),
            all: lots.into_iter().map(|(lot, _)| lot).collect(),
        };
        self.lots_at.insert((product, place), there);
    }

    /// Loads an entry, or that it is not there.
    pub fn put_entry(&mut self, id: EntryId, fact: Option<EntryFact>) {
        self.entries.insert(id, fact);
    }

    /// Loads an answer.
    pub fn put_answer(&mut self, question: Question, answer: Answer) {
        self.answers.insert(question, answer);
    }

    /// Whether the party is an office of the book.
    pub fn is_office(&self, party: PartyId) -> bool {
        self.masters.as_office(party).is_some()
    }
}

impl Facts {
    /// Master data with the facts' own lifetime.
    pub fn masters_ref(&self) -> &Masters {
        &self.masters
    }
}
