//! A small world for the tests of the acts: two corporations, three offices, products, prices, cash.

use domain::{
    account::{Account, AccountKind, BookUnit},
    book::Book,
    calendar::Instant,
    command::Command,
    decide::{Context, Decision},
    entry::Entry,
    id::{OfficeId, PartyId},
    place::Place,
    refusal::Refusal,
};
use serde_json::Value;
use std::sync::Arc;

/// A book with the world's master data; `today` is 2026-07-10.
pub struct World {
    pub book: Book,
    pub now: Instant,
}

impl World {
    pub fn new() -> World {
        let now = Instant::from_rfc3339("2026-07-10T03:00:00Z").unwrap();
        let mut world = World {
            book: Book::default(),
            now,
        };
        for line in include_str!("../../../../tests/data/small-world.jsonl").lines() {
            let act: Value = serde_json::from_str(line).unwrap();
            world
                .try_record(&act)
                .unwrap_or_else(|refusal| panic!("{line}: {refusal} ({})", refusal.code()));
        }
        world
    }

    /// Records an act; panics with the refusal.
    pub fn record(&mut self, act: Value) -> Arc<Entry> {
        match self.try_record(&act) {
            Ok(entry) => entry,
            Err(refusal) => panic!("{refusal} [{}] {act}", refusal.code()),
        }
    }

    /// Records an act or returns the refusal.
    pub fn try_record(&mut self, act: &Value) -> Result<Arc<Entry>, Refusal> {
        let command = Command::parse(&act.to_string())?;
        let context = Context {
            now: self.now,
            recorder: "test".into(),
            seed: [7; 32],
        };
        match self.book.record(&command, &context)? {
            Decision::New(_) => Ok(Arc::clone(self.book.entries().last().unwrap())),
            Decision::Already(_, seq) => Ok(Arc::clone(&self.book.entries()[usize::try_from(seq).unwrap()])),
        }
    }

    /// Code of the refusal and the field it names.
    pub fn refused(&mut self, act: Value) -> (String, String) {
        let before = self.book.entries().len();
        let refusal = self.try_record(&act).expect_err("should be refused");
        assert_eq!(self.book.entries().len(), before, "a refusal records nothing");
        (refusal.code().to_owned(), refusal.field)
    }

    pub fn office(&self, code: &str) -> OfficeId {
        self.book
            .facts()
            .masters
            .office_by_code(&code.parse().unwrap())
            .unwrap()
            .id
    }

    pub fn partner(&self, office: &str, code: &str) -> PartyId {
        let office = self.office(office);
        self.book
            .facts()
            .masters
            .partner_by_code(Some(office), &code.parse().unwrap())
            .unwrap()
            .into()
    }

    /// Steps of a lot at a place.
    pub fn stock(&self, lot: &str, place: Place) -> i64 {
        let fact = self
            .book
            .facts()
            .lot_by_code(&lot.parse().unwrap())
            .unwrap()
            .unwrap();
        fact.stock.get(&place).map_or(0, |stock| stock.quantity)
    }

    /// Steps of a lot in an office's store.
    pub fn stored(&self, lot: &str, office: &str) -> i64 {
        self.stock(lot, Place::store(self.office(office)))
    }

    /// Sum of an office's postings of a kind (就労支援事業), with any counterparty.
    pub fn balance(&self, office: &str, kind: AccountKind) -> i64 {
        let unit = BookUnit::production(self.office(office));
        self.sum(|account| account.unit == unit && account.kind == kind)
    }

    /// Sum of postings on accounts that match.
    pub fn sum(&self, matches: impl Fn(&Account) -> bool) -> i64 {
        let postings = self.book.entries().iter().flat_map(|entry| &entry.postings);
        postings
            .filter(|posting| matches(&posting.account))
            .map(|posting| posting.yen.get())
            .sum()
    }
}

/// Act of an office on a day.
pub fn act(kind: &str, office: &str, key: &str, day: &str, fields: Value) -> Value {
    let mut act = fields;
    act["kind"] = kind.into();
    act["office"] = office.into();
    act["key"] = key.into();
    act["supplied_on"] = day.into();
    act
}
