//! Many clients at once on a book that fails under them: acts are sent twice, sent again, sent in groups; the program
//! is closed and opened or ended in the middle, a second one writes beside it, rows are refused, faults of the program
//! are caught, locks are held, connections are cut. An auditor holds each answer against the model, which knows nothing
//! of any of this: what was answered is there, in this order, once; what was refused had to be refused at some moment
//! between question and answer; the rest of the book is what the acts say.
//!
//! Round by round, each with a book of its own and a seed that is printed. `YOKOITO_SIMULATION_SEED=N` takes that round
//! alone on each engine; `YOKOITO_SIMULATION_ACTS=1000000` goes on with seeds that nobody chose until so many acts were
//! sent. A seed gives the same plan; what happens within a millisecond is the machine's.

mod auditor;
mod clients;
mod faults;
mod incarnation;

use crate::step::{EVERYTHING, step};
use acceptance::support::{Engine, TestDatabase, engines, long, note};
use auditor::Auditor;
use clients::Client;
use faults::Faults;
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{collections::BTreeMap, env};

/// Acts of a round: the model looks through all of them for each answer.
const ACTS: usize = 900;
/// Rounds on each engine in an ordinary run.
const ROUNDS: u64 = 2;
/// Acts of a long run.
const ACTS_LONG: usize = 40_000;
/// Clients that send at the same time, at most.
const CLIENTS: usize = 12;

/// What happened, and how often.
pub type Tally = BTreeMap<String, usize>;

pub fn count(tally: &mut Tally, what: impl Into<String>) {
    *tally.entry(what.into()).or_default() += 1;
}

fn number(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{name}={value} is no number")),
    )
}

#[tokio::test]
async fn many_clients_on_a_book_that_fails_under_them() {
    let mut tally = Tally::new();
    let mut sent = 0;
    let one = number("YOKOITO_SIMULATION_SEED");
    let wanted = number("YOKOITO_SIMULATION_ACTS").map(|acts| usize::try_from(acts).unwrap());
    let wanted = wanted.or(long().then_some(ACTS_LONG));
    for n in 0_u64.. {
        let enough = match (one, wanted) {
            (Some(_), _) => n > 0,
            (None, Some(wanted)) => sent >= wanted,
            (None, None) => n >= ROUNDS,
        };
        if enough {
            break;
        }
        for engine in engines() {
            let seed = one.unwrap_or_else(|| if wanted.is_some() { rand::random() } else { n });
            println!("YOKOITO_SIMULATION_SEED={seed} on {engine:?}");
            match round(engine, seed, &mut tally).await {
                Ok(acts) => sent += acts,
                Err(why) => panic!("{why}\nYOKOITO_SIMULATION_SEED={seed} TEST_ENGINES={engine:?}"),
            }
        }
    }
    note(&format!("simulation: {sent} acts; {tally:?}"));
    if one.is_none() {
        // a simulation proves nothing of what never happens in it
        for what in [
            "sent again",
            "sent twice",
            "all or nothing",
            "restarted",
            "ended in the middle",
            "two programs",
        ] {
            assert!(tally.contains_key(what), "{what}: never");
        }
        for fault in Faults::names(&engines()) {
            assert!(tally.contains_key(fault), "{fault}: never");
        }
    }
}

/// One book. Returns how many acts were sent.
async fn round(engine: Engine, seed: u64, tally: &mut Tally) -> Result<usize, String> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let steps = vec(step(EVERYTHING), ACTS..=ACTS).new_tree(&mut runner);
    let steps = steps.map_err(|why| why.to_string())?.current();
    let programs = random.random_range(1..=2);
    let mut auditor = Auditor::new(programs);
    let mut faults = Faults::new(TestDatabase::new(engine)).await;
    if programs == 2 {
        count(tally, "two programs");
    }
    faults.open(programs, seed).await;
    auditor.begin(&faults.program(0)).await?;
    let mut steps = steps.iter();
    let mut sent = 0;
    while steps.len() > 0 {
        let clients = random.random_range(1..=CLIENTS);
        let steps: Vec<_> = steps.by_ref().take(clients).collect();
        let acts = auditor.acts(&steps);
        sent += acts.len();
        let mut clients = Client::of(acts, &mut random, tally);
        faults.meet(&mut clients, &mut random, tally).await;
        auditor.hear(&clients, tally)?;
    }
    faults.end().await;
    auditor.end(&faults.url()).await?;
    faults.remove().await;
    Ok(sent)
}
