//! The model: what has happened, in plain lists and maps. It shares the book's names for things (ids, places,
//! accounts) and none of its rules.

use crate::{
    money,
    world::{self, Channel, Ids, PRICES, PRODUCTS, Price},
};
use domain::{
    account::Account,
    entry::Entry,
    id::{EntryId, LotId},
    place::Place,
    tax::TaxRate,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Goods of a lot that moved: from, to, steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub lot: usize,
    pub from: Place,
    pub to: Place,
    pub steps: i64,
}

/// Yen on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub tax: TaxRate,
    pub yen: i64,
}

/// What an act does.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    pub moves: Vec<Move>,
    pub postings: Vec<Posting>,
    /// Input lot, output lot, quantity.
    pub links: Vec<(usize, usize, i64)>,
}

/// A lot.
#[derive(Clone, Debug)]
pub struct Lot {
    pub code: String,
    pub id: Option<LotId>,
    pub product: usize,
    pub maker: usize,
    pub made_on: i32,
    pub best_before: Option<i32>,
    pub born: u64,
    /// Where it is or was: what moved on which day.
    pub places: BTreeMap<Place, Vec<(i32, i64)>>,
}

/// An act that the book accepted.
#[derive(Clone, Debug)]
pub struct Record {
    pub seq: u64,
    pub id: EntryId,
    /// `sell`, also `correct` or `reverse`.
    pub kind: String,
    /// The act as sent; of a correction its right version.
    pub act: Value,
    pub by: Option<usize>,
    pub key: String,
    pub day: i32,
    pub book_on: i32,
    pub offices: BTreeSet<usize>,
    /// What it took back, as a place in the list of records.
    pub reverses: Option<usize>,
    /// What took it back.
    pub reversed_by: Option<usize>,
    /// The first version, of a correction; itself otherwise.
    pub first: usize,
    /// Free texts that were written with it.
    pub written: BTreeSet<&'static str>,
    /// Those of them that were not erased.
    pub texts: BTreeSet<&'static str>,
    /// Lots it gave birth to.
    pub births: Vec<usize>,
    /// Lots by the order in which the act named them; of a first version.
    pub made: Vec<usize>,
    /// What it holds: without the mirror of what it took back.
    pub held: Effect,
    /// All it did.
    pub whole: Effect,
}

/// All there is.
#[derive(Clone)]
pub struct Model {
    pub ids: Ids,
    pub lots: Vec<Lot>,
    pub records: Vec<Record>,
    /// What happened on each account, by day.
    pub money: BTreeMap<Account, Vec<(i32, i64)>>,
    /// The last closed month of each office.
    pub closed: [Option<i32>; 4],
    /// What was accepted under a key: its position and its body.
    pub keys: BTreeMap<(Option<usize>, String), (u64, Value)>,
    prices: BTreeMap<(usize, Channel), BTreeMap<i32, Price>>,
    /// The day on which people write now.
    pub cursor: i32,
    /// Counts keys and codes.
    pub written: usize,
    /// Acts sent so far, accepted or not.
    pub sent: Vec<Value>,
}

impl Model {
    /// An empty book with the world's master data.
    pub fn new(ids: Ids) -> Model {
        let mut prices: BTreeMap<_, BTreeMap<i32, Price>> = BTreeMap::new();
        for (product, channel, price) in PRICES {
            prices
                .entry((product, channel))
                .or_default()
                .insert(2026_04_01, price);
        }
        Model {
            ids,
            lots: Vec::new(),
            records: Vec::new(),
            money: BTreeMap::new(),
            closed: [None; 4],
            keys: BTreeMap::new(),
            prices,
            cursor: 2026_05_25,
            written: 0,
            sent: Vec::new(),
        }
    }

    /// A price on a day.
    pub fn price(&self, product: usize, channel: Channel, day: i32) -> Option<Price> {
        let rows = self.prices.get(&(product, channel))?;
        rows.range(..=day).next_back().map(|(_, price)| *price)
    }

    /// A new price from a day on.
    fn set_price(&mut self, record: &Record) {
        let act = &record.act;
        let named = |name: &str| act[name].as_str().unwrap_or_default();
        let product =
            world::product_named(record.by.expect("an office"), named("product")).expect("a product");
        let channel = match named("channel") {
            "retail" => Channel::Retail,
            "supply" => Channel::Supply,
            "cost" => Channel::Cost,
            "internal" => Channel::Internal,
            other => panic!("channel {other}"),
        };
        let price = (money::price(named("unit_price")), named("basis") == "exclusive");
        self.prices
            .entry((product, channel))
            .or_default()
            .insert(record.day, price);
    }

    /// A lot by its code.
    pub fn lot(&self, code: &str) -> Option<usize> {
        self.lots.iter().position(|lot| lot.code == code)
    }

    /// Lots of a product that are or were at a place.
    pub fn lots_at(&self, product: usize, place: &Place) -> Vec<usize> {
        let is_there = |lot: &&usize| {
            let lot = &self.lots[**lot];
            lot.product == product && lot.places.contains_key(place)
        };
        (0..self.lots.len())
            .collect::<Vec<_>>()
            .iter()
            .filter(is_there)
            .copied()
            .collect()
    }

    /// What of a lot lies at a place after all that happened.
    pub fn left(&self, lot: usize, place: &Place) -> i64 {
        let days = self.lots[lot].places.get(place);
        days.map_or(0, |days| days.iter().map(|(_, steps)| steps).sum())
    }

    /// A record by the office that acted and its key.
    pub fn record(&self, by: Option<usize>, key: &str) -> Option<usize> {
        self.records
            .iter()
            .position(|record| record.by == by && record.key == key)
    }

    /// The record that a reference means, of the acting body or of the one named.
    pub fn named(&self, by: Option<usize>, reference: &Value) -> Option<usize> {
        let by = match reference["office"].as_str() {
            None => by,
            Some("keeper") => None,
            Some(code) => Some(world::office(code)?),
        };
        self.record(by, reference["key"].as_str()?)
    }

    /// The version that holds: the last of the corrections.
    pub fn newest(&self, mut record: usize) -> usize {
        while let Some(next) = self.records[record].reversed_by {
            record = next;
        }
        record
    }

    /// Balance of an account at the end of a day, without what some records did.
    pub fn balance(&self, account: &Account, day: i32) -> i128 {
        let rows = self.money.get(account).map_or(&[][..], Vec::as_slice);
        rows.iter()
            .filter(|(at, _)| *at <= day)
            .map(|(_, yen)| i128::from(*yen))
            .sum()
    }

    /// Takes what was predicted into the lists; ids and codes of new lots are read off the entry.
    pub fn accept(&mut self, mut record: Record, new_lots: Vec<Lot>, entry: &Entry) {
        let born = entry.births.iter().filter(|birth| !birth.amends);
        for (mut lot, birth) in new_lots.into_iter().zip(born) {
            lot.id = Some(birth.lot.id);
            lot.code = birth.lot.code.to_string();
            record.births.push(self.lots.len());
            self.lots.push(lot);
        }
        for Move { lot, from, to, steps } in &record.whole.moves {
            let places = &mut self.lots[*lot].places;
            places.entry(*from).or_default().push((record.book_on, -steps));
            places.entry(*to).or_default().push((record.book_on, *steps));
        }
        for posting in &record.whole.postings {
            let rows = self.money.entry(posting.account).or_default();
            rows.push((record.book_on, posting.yen));
        }
        match record.kind.as_str() {
            "close" => {
                let of = record.act["of"].as_str().and_then(world::office).or(record.by);
                let month = world::read_day(record.act["month"].as_str().unwrap_or_default());
                self.closed[of.expect("an office")] = Some(month);
            }
            "price" => self.set_price(&record),
            "erase_text" => {
                let entry = &record.act["entry"];
                let target = self.named(record.by, entry).expect("an entry");
                let only = record.act["only"].as_str();
                let texts = &mut self.records[target].texts;
                texts.retain(|text| only.is_some_and(|only| only != *text));
            }
            _ => {}
        }
        let place = self.records.len();
        if let Some(target) = record.reverses {
            self.records[target].reversed_by = Some(place);
        }
        if record.kind == "correct" {
            let births = record.births.clone();
            self.records[record.first].made.extend(births);
        } else {
            record.first = place;
            record.made.clone_from(&record.births);
        }
        self.records.push(record);
    }

    /// Name of a lot's product as an office writes it.
    pub fn product_name(&self, by: usize, product: usize) -> String {
        let row = &PRODUCTS[product];
        if row.office == by {
            row.code.to_owned()
        } else {
            format!("{}/{}", world::OFFICES[row.office], row.code)
        }
    }
}

/// An act without what may change between two sendings: the texts, the group, and of an act that takes something back
/// the day it was asked for on, which stands nowhere in its entry.
pub fn body(act: &Value) -> Value {
    let mut body = act.clone();
    if let Value::Object(fields) = &mut body {
        for name in ["note", "reason", "group"] {
            fields.remove(name);
        }
        if ["reverse", "correct"].contains(&act["kind"].as_str().unwrap_or_default()) {
            fields.remove("supplied_on");
        }
    }
    body
}
