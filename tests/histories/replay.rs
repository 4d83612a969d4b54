//! A history taken step by step: each act goes to the book and to the model, and what they say is compared.

use crate::{
    fold, generate,
    model::{Model, Posting},
    predict::{Expected, Forecast, expect},
    step::Step,
    world::{self, Ids},
};
use acceptance::world::{SMALL_WORLD, outside};
use app::outside::Outside;
use domain::{
    account::Account,
    book::Book,
    calendar::Instant,
    command::Command,
    decide::{Context, Decision},
    entry::Entry,
    id::LotId,
    place::Place,
    refusal::Refusal,
    tax::TaxRate,
};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

/// Acts after which the whole book is folded and checked.
const FOLD_EVERY: usize = 1_000;

/// What became of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Recorded(u64),
    Already(u64),
    Refused(Refusal),
}

/// Kind of act and what became of it, with how often.
pub type Tally = BTreeMap<(String, String), usize>;

/// A book and its model side by side.
pub struct Replay {
    pub book: Book,
    pub model: Model,
    /// Commands sent, with what became of them; without the world's.
    pub sent: Vec<(Command, Outcome)>,
    /// Seeds of the entries' salts, in the order of the entries.
    pub seeds: Vec<[u8; 32]>,
    /// Sums of what was posted, as the entries say.
    balances: BTreeMap<Account, i64>,
    outside: Outside,
    /// How often which kind of act was accepted, and refused for which reason.
    pub tally: Tally,
}

/// The world's master data as commands.
pub fn masters() -> impl Iterator<Item = Command> {
    let lines = SMALL_WORLD.lines().chain(world::MORE.lines());
    lines.map(|line| Command::parse(line).unwrap_or_else(|refusal| panic!("{line}: {refusal}")))
}

fn now() -> Instant {
    outside(0).clock.now()
}

/// The book before a history, and the seeds used for it; made once.
fn beginning() -> &'static (Book, Vec<[u8; 32]>) {
    static BEGINNING: OnceLock<(Book, Vec<[u8; 32]>)> = OnceLock::new();
    BEGINNING.get_or_init(|| {
        let (mut book, outside) = (Book::default(), outside(7));
        let mut seeds = Vec::new();
        for command in masters() {
            let seed = outside.random.seed();
            seeds.push(seed);
            let context = Context {
                now: now(),
                recorder: "test".into(),
                seed,
            };
            book.record(&command, &context)
                .unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
        }
        (book, seeds)
    })
}

impl Replay {
    /// The world, and nothing happened yet.
    pub fn new() -> Replay {
        let (book, seeds) = beginning().clone();
        // one seed for each command, as the writer draws them
        let outside = outside(7);
        for _ in &seeds {
            let _ = outside.random.seed();
        }
        let ids = Ids::of(&book.facts().masters);
        Replay {
            book,
            model: Model::new(ids),
            sent: Vec::new(),
            seeds,
            balances: BTreeMap::new(),
            outside,
            tally: BTreeMap::new(),
        }
    }

    /// Takes a whole history; the error says where book and model part.
    pub fn run(&mut self, steps: &[Step]) -> Result<(), String> {
        for step in steps {
            let act = generate::act(&mut self.model, step);
            self.take(&act).map_err(|what| self.told(&act, &what))?;
            if self.model.sent.len().is_multiple_of(FOLD_EVERY) {
                self.fold()?;
            }
        }
        self.fold()
    }

    /// All that must be true of the book as a whole.
    pub fn fold(&self) -> Result<(), String> {
        fold::check(self.book.entries(), &self.seeds, self.book.facts())
    }

    pub fn told(&self, act: &Value, what: &str) -> String {
        let sent = &self.model.sent;
        let mut text = String::new();
        let last = sent.len().saturating_sub(30);
        for (n, earlier) in sent.iter().enumerate() {
            if n >= last || earlier["key"] == act["key"] {
                text += &format!("{earlier}\n");
            }
        }
        format!("{text}--> {act}\n{what}")
    }

    /// Sends one act to both.
    pub fn take(&mut self, act: &Value) -> Result<(), String> {
        let expected = expect(&self.model, act);
        self.model.sent.push(act.clone());
        let command = match Command::from_value(act.clone()) {
            Ok(command) => command,
            Err(refusal) => return self.refused(act, &expected, &refusal),
        };
        let seed = self.outside.random.seed();
        let context = Context {
            now: now(),
            recorder: "test".into(),
            seed,
        };
        let before = self.book.entries().len();
        let outcome = match self.book.record(&command, &context) {
            Ok(Decision::New(decided)) => {
                self.seeds.push(seed);
                let seq = decided.entry.seq;
                self.recorded(act, expected)?;
                Outcome::Recorded(seq)
            }
            Ok(Decision::Already(_, seq)) => {
                *self
                    .tally
                    .entry((act["kind"].as_str().unwrap_or_default().into(), "already".into()))
                    .or_default() += 1;
                match expected {
                    Expected::Already(expected) if expected == seq => Outcome::Already(seq),
                    _ => {
                        return Err(format!(
                            "the book knows it as {seq}; the model: {}",
                            shown(&expected)
                        ));
                    }
                }
            }
            Err(refusal) => {
                self.refused(act, &expected, &refusal)?;
                Outcome::Refused(refusal)
            }
        };
        let new = usize::from(matches!(outcome, Outcome::Recorded(_)));
        if self.book.entries().len() != before + new || self.book.facts().size != (before + new) as u64 {
            return Err(format!("{before} entries became {}", self.book.entries().len()));
        }
        self.sent.push((command, outcome));
        Ok(())
    }

    /// Whether model and book, as they are now, refuse an act for this very reason. The act is not taken.
    pub fn would_refuse(
        &mut self,
        act: &Value,
        command: &Command,
        refusal: &Refusal,
    ) -> Result<bool, String> {
        match expect(&self.model, act) {
            Expected::Refused(why) if why.contains(refusal.code()) => {}
            _ => return Ok(false),
        }
        let context = Context {
            now: now(),
            recorder: "test".into(),
            seed: [0; 32],
        };
        match self.book.record(command, &context) {
            Err(found) => Ok(found == *refusal),
            Ok(decision) => Err(format!(
                "the model refuses ({}), the book: {decision:?}",
                refusal.code()
            )),
        }
    }

    fn refused(&mut self, act: &Value, expected: &Expected, refusal: &Refusal) -> Result<(), String> {
        let kind = act["kind"].as_str().unwrap_or_default();
        *self
            .tally
            .entry((kind.into(), refusal.code().into()))
            .or_default() += 1;
        match expected {
            Expected::Refused(why) if why.contains(refusal.code()) => Ok(()),
            _ => Err(format!(
                "the book: {} ({}, {refusal}); the model: {}",
                refusal.code(),
                refusal.field,
                shown(expected)
            )),
        }
    }

    fn recorded(&mut self, act: &Value, expected: Expected) -> Result<(), String> {
        let kind = act["kind"].as_str().unwrap_or_default();
        *self.tally.entry((kind.into(), "recorded".into())).or_default() += 1;
        let entry = Arc::clone(self.book.entries().last().expect("an entry"));
        for posting in &entry.postings {
            *self.balances.entry(posting.account).or_default() += posting.yen.get();
        }
        let Expected::New(mut forecast) = expected else {
            return Err(format!("the book recorded it; the model: {}", shown(&expected)));
        };
        self.compare(&entry, &mut forecast)?;
        let touched: BTreeSet<usize> = forecast.record.whole.moves.iter().map(|one| one.lot).collect();
        let Forecast {
            mut record, new_lots, ..
        } = *forecast;
        record.seq = entry.seq;
        let accounts: BTreeSet<Account> = record
            .whole
            .postings
            .iter()
            .map(|posting| posting.account)
            .collect();
        let (by, key) = (record.by, record.key.clone());
        let new_lots = new_lots
            .into_iter()
            .map(|lot| crate::model::Lot {
                born: entry.seq,
                ..lot
            })
            .collect();
        self.model.accept(record, new_lots, &entry);
        self.model
            .keys
            .insert((by, key), (entry.seq, crate::model::body(act)));
        self.touched_lots(&touched)?;
        self.touched_accounts(&accounts)
    }

    /// The entry says what was predicted.
    fn compare(&self, entry: &Entry, forecast: &mut Forecast) -> Result<(), String> {
        let record = &mut forecast.record;
        same("supplied_on", &entry.supplied_on.as_number(), &record.day)?;
        same("book_on", &entry.book_on.as_number(), &record.book_on)?;
        same("id", &entry.id, &record.id)?;
        same(
            "reverses",
            &entry.reverses,
            &record.reverses.map(|n| self.model.records[n].id),
        )?;
        let offices: BTreeSet<_> = record
            .offices
            .iter()
            .map(|office| self.model.ids.offices[*office])
            .collect();
        same("offices", &entry.offices, &offices)?;
        let born: Vec<_> = entry
            .births
            .iter()
            .filter(|birth| !birth.amends)
            .map(|birth| &birth.lot)
            .collect();
        let known = self.model.lots.len();
        let mut ids: BTreeMap<LotId, usize> = BTreeMap::new();
        same("births", &born.len(), &forecast.new_lots.len())?;
        for (n, (born, lot)) in born.into_iter().zip(&forecast.new_lots).enumerate() {
            ids.insert(born.id, known + n);
            let ids = &self.model.ids;
            same("product", &born.product, &ids.products[lot.product])?;
            same("maker", &born.maker, &ids.party(lot.maker))?;
            same("made_on", &born.made_on.as_number(), &lot.made_on)?;
            same(
                "best_before",
                &born.best_before.map(|date| date.day.as_number()),
                &lot.best_before,
            )?;
            if !lot.code.is_empty() {
                same("code", &born.code.to_string(), &lot.code)?;
            }
        }
        let lot_of = |id: LotId| {
            let known = || self.model.lots.iter().position(|lot| lot.id == Some(id));
            ids.get(&id)
                .copied()
                .or_else(known)
                .ok_or_else(|| format!("the entry moves a lot {id} that nobody knows"))
        };
        let mut found: BTreeMap<(usize, Place, Place), i64> = BTreeMap::new();
        for one in &entry.movements {
            *found.entry((lot_of(one.lot)?, one.from, one.to)).or_default() += one.quantity.get();
        }
        let mut wanted = BTreeMap::new();
        for one in &record.whole.moves {
            *wanted.entry((one.lot, one.from, one.to)).or_default() += one.steps;
        }
        same("movements", &found, &wanted)?;
        same(
            "postings",
            &postings(&entry_postings(entry)),
            &postings(&record.whole.postings),
        )?;
        let links = entry
            .links
            .iter()
            .map(|link| Ok((lot_of(link.input)?, lot_of(link.output)?, link.quantity)));
        let links = links.collect::<Result<Vec<_>, String>>()?;
        self.compare_links(links, forecast)
    }

    fn compare_links(&self, links: Vec<(usize, usize, i64)>, forecast: &mut Forecast) -> Result<(), String> {
        let sums = |links: &[(usize, usize, i64)]| {
            let mut sums: BTreeMap<(usize, usize), i64> = BTreeMap::new();
            for (input, output, steps) in links {
                *sums.entry((*input, *output)).or_default() += steps;
            }
            sums.retain(|_, steps| *steps != 0);
            sums
        };
        let record = &mut forecast.record;
        if forecast.links_known {
            return same("links", &sums(&links), &sums(&record.whole.links));
        }
        // how inputs are shared among several outputs is the book's business; nothing may be lost
        let mirrored = record.whole.links.len();
        let (mirror, held) = links
            .split_at_checked(mirrored)
            .ok_or("links of the mirror are missing")?;
        same("mirrored links", &sums(mirror), &sums(&record.whole.links))?;
        let mut shared: BTreeMap<usize, i64> = BTreeMap::new();
        for (input, _, steps) in held {
            *shared.entry(*input).or_default() += steps;
        }
        same("quantities shared", &shared, &forecast.shared)?;
        record.held.links = held.to_vec();
        record.whole.links = links;
        Ok(())
    }

    /// Stock of these lots at all their places, in both directions.
    fn touched_lots(&self, lots: &BTreeSet<usize>) -> Result<(), String> {
        for lot in lots {
            let lot = &self.model.lots[*lot];
            let code = lot.code.parse().expect("a code");
            let fact = self.book.facts().lot_by_code(&code).ok().flatten();
            let fact = fact.ok_or_else(|| format!("lot {} is not in the book", lot.code))?;
            let found: BTreeMap<Place, (i64, i32)> = fact
                .stock
                .iter()
                .map(|(place, stock)| (*place, (stock.quantity, stock.last_day)))
                .collect();
            let wanted = lot.places.iter().map(|(place, days)| {
                let left = days.iter().map(|(_, steps)| steps).sum();
                (
                    *place,
                    (left, days.iter().map(|(day, _)| *day).max().unwrap_or(0)),
                )
            });
            same(&format!("stock of {}", lot.code), &found, &wanted.collect())?;
        }
        Ok(())
    }

    fn touched_accounts(&self, accounts: &BTreeSet<Account>) -> Result<(), String> {
        for account in accounts {
            let found = self.balances.get(account).copied().unwrap_or(0);
            let wanted: i64 = self
                .model
                .money
                .get(account)
                .into_iter()
                .flatten()
                .map(|(_, yen)| yen)
                .sum();
            same(&format!("balance of {account:?}"), &found, &wanted)?;
        }
        Ok(())
    }
}

fn entry_postings(entry: &Entry) -> Vec<Posting> {
    let posting = |posting: &domain::entry::Posting| Posting {
        account: posting.account,
        tax: posting.tax,
        yen: posting.yen.get(),
    };
    entry.postings.iter().map(posting).collect()
}

fn postings(postings: &[Posting]) -> BTreeMap<(Account, TaxRate), i64> {
    let mut sums = BTreeMap::new();
    for Posting { account, tax, yen } in postings {
        *sums.entry((*account, *tax)).or_default() += yen;
    }
    sums.retain(|_, yen| *yen != 0);
    sums
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Result<(), String> {
    if found == wanted {
        Ok(())
    } else {
        Err(format!("{what}\n  book:  {found:?}\n  model: {wanted:?}"))
    }
}

fn shown(expected: &Expected) -> String {
    match expected {
        Expected::Already(seq) => format!("known as {seq}"),
        Expected::Refused(why) => format!("refused: {why:?}"),
        Expected::New(forecast) => format!("recorded on {}", forecast.record.book_on),
    }
}
