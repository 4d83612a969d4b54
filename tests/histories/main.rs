//! Long random histories: the book against an independent, simple model. After every act the answer, the entry and the
//! rows it touched are compared; after every thousand all nine invariants are checked by a fold of the whole book.
//!
//! `YOKOITO_LONG=1` takes two million acts with seeds that nobody chose; a history that fails is shrunk and kept in
//! `proptest-regressions`.

#![expect(
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::inconsistent_digit_grouping,
    clippy::match_same_arms,
    clippy::panic,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::unwrap_used,
    reason = "tests fail by panicking; days are written 2026_06_01; the model's parts keep one shape"
)]

mod engines;
mod fold;
mod generate;
mod model;
mod money;
mod plan;
mod predict;
mod replay;
mod simulation;
mod step;
mod world;

use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestError, TestRunner};
use replay::{Replay, Tally};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};
use step::{CORRECTIONS, EVERYTHING, MONEY, Step, Weights, history};

/// Acts of one test in an ordinary run; three tests make more than 100,000 in ten rounds or so.
const ACTS: usize = 36_000;
/// Acts of one test in a long run.
const ACTS_LONG: usize = 700_000;
/// Steps of the longest history.
const STEPS: usize = 1_600;

const KEPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/histories/proptest-regressions/histories.txt"
);

fn histories(weights: Weights, seed: u64) {
    let long = acceptance::support::long();
    let wanted = if long { ACTS_LONG } else { ACTS };
    let (taken, tally) = (Cell::new(0), RefCell::new(Tally::new()));
    for round in 0.. {
        if taken.get() >= wanted {
            break;
        }
        let mut runner = TestRunner::new(Config {
            cases: 10,
            failure_persistence: Some(Box::new(FileFailurePersistence::Direct(KEPT))),
            rng_seed: if long {
                RngSeed::Random
            } else {
                RngSeed::Fixed(seed + round)
            },
            max_shrink_iters: 20_000,
            ..Config::default()
        });
        let run = runner.run(&history(weights, STEPS), |steps| {
            let mut replay = Replay::new();
            replay.run(&steps).map_err(TestCaseError::fail)?;
            taken.set(taken.get() + replay.model.sent.len());
            for (what, times) in replay.tally {
                *tally.borrow_mut().entry(what).or_insert(0) += times;
            }
            Ok(())
        });
        match run {
            Ok(()) => {}
            Err(TestError::Fail(why, steps)) => panic!("{why}\n{}", written(&steps)),
            Err(TestError::Abort(why)) => panic!("{why}"),
        }
    }
    println!("{} acts", taken.get());
    each_kind_was_taken_and_refused(&tally.into_inner());
}

/// A history proves nothing of what never happens in it.
fn each_kind_was_taken_and_refused(tally: &Tally) {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((kind, what), times) in tally {
        println!("{times:>7} {kind} {what}");
        let (recorded, refused) = kinds.entry(kind).or_default();
        *if what == "recorded" { recorded } else { refused } += times;
    }
    for (kind, (recorded, refused)) in kinds {
        assert!(
            recorded >= 20 && refused >= 5,
            "{kind}: {recorded} recorded, {refused} refused"
        );
    }
}

/// Steps in a form that a test can keep.
fn written(steps: &[Step]) -> String {
    steps.iter().map(|step| format!("{step:?},\n")).collect()
}

#[test]
fn of_everything() {
    histories(EVERYTHING, 1);
}

#[test]
fn of_corrections() {
    histories(CORRECTIONS, 2);
}

#[test]
fn of_money() {
    histories(MONEY, 3);
}
