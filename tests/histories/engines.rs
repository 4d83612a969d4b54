//! The same history on every engine: through the writer, in batches of changing size, it gives the answers, the content
//! and the sums that it gives in memory, and the same bytes and head on both engines.

use crate::{
    replay::{Outcome, Replay, masters},
    step::{EVERYTHING, history},
};
use acceptance::{
    rows::assert_verified,
    support::engines,
    world::{World, outside},
};
use app::{
    Book,
    export::content_root,
    writer::{Answer, Job},
};
use domain::{canonical, command::Command, entry::TextRole, log};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};
use store::WriterState;

const STEPS: usize = 1_500;

async fn record(world: &World, commands: Vec<Command>) -> Vec<Answer> {
    let job = Job {
        commands,
        atomic: false,
        recorder: "test".into(),
        expects: Vec::new(),
    };
    world.book.writer().record(job).await.unwrap()
}

fn same(answer: &Answer, outcome: &Outcome) -> bool {
    match (answer, outcome) {
        (Answer::Recorded(_, seq), Outcome::Recorded(known))
        | (Answer::Already(_, seq), Outcome::Already(known)) => seq == known,
        (Answer::Refused(refusal), Outcome::Refused(known)) => refusal == known,
        _ => false,
    }
}

/// A history, and what model and rules in memory answered.
fn known(seed: u64) -> Replay {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    });
    let steps = history(EVERYTHING, STEPS).prop_filter("long", |steps| steps.len() > STEPS / 2);
    let steps = steps.new_tree(&mut runner).unwrap().current();
    let mut replay = Replay::new();
    replay.run(&steps).unwrap();
    replay
}

/// Sends all of it in batches of these sizes; `before` each something may be done to the book.
async fn send(
    world: &mut World,
    replay: &Replay,
    sizes: impl Iterator<Item = usize>,
    before: impl AsyncFn(&mut World),
) {
    let engine = world.database.engine();
    record(world, masters().collect()).await;
    let mut sent = replay.sent.as_slice();
    for size in sizes {
        before(world).await;
        let (batch, rest) = sent.split_at(size.min(sent.len()));
        let commands = batch.iter().map(|(command, _)| command.clone()).collect();
        for (answer, (command, outcome)) in record(world, commands).await.iter().zip(batch) {
            assert!(
                same(answer, outcome),
                "{engine:?} {command:?}\n{answer:?}\n{outcome:?}"
            );
        }
        sent = rest;
        if sent.is_empty() {
            break;
        }
    }
    let leaves: Vec<log::Hash> = (replay.book.entries().iter())
        .map(|entry| log::leaf_hash(&canonical::content_hash(entry)))
        .collect();
    assert_eq!(
        content_root(&world.book).await.unwrap(),
        log::root_of(&leaves),
        "{engine:?}"
    );
    assert_verified(&world.book).await;
    for record in &replay.model.records {
        let kept = world.book.store().kept_texts(record.id).await.unwrap();
        let wanted = record.texts.iter().map(|text| match *text {
            "note" => TextRole::Note,
            _ => TextRole::Reason,
        });
        assert_eq!(kept, wanted.collect::<Vec<_>>(), "{engine:?} {record:?}");
    }
    let erased = replay
        .model
        .records
        .iter()
        .any(|record| record.texts != record.written);
    assert!(erased, "no text was erased");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_history_is_the_same_book_on_every_engine() {
    let replay = known(4);
    let mut heads = Vec::new();
    for engine in engines() {
        let mut world = World::empty(engine).await;
        send(&mut world, &replay, (0..).map(|n| 1 + n * 37 % 211), async |_| {}).await;
        heads.push(world.head().await);
    }
    assert!(heads.windows(2).all(|pair| pair[0] == pair[1]), "{heads:?}");
}

async fn reopen(world: &mut World, state: WriterState) {
    let url = world.database.url().parse().unwrap();
    let book = Book::open_with(&url, outside(8), state).await.unwrap();
    std::mem::replace(&mut world.book, book).close().await.unwrap();
}

/// What is kept in mind between batches must not change an answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_forgets_answers_like_one_that_remembers() {
    let replay = known(6);
    for engine in engines() {
        let mut world = World::empty(engine).await;
        // all that it may forget, before each batch; what it keeps has to stay true by itself
        reopen(&mut world, WriterState::keeping(0)).await;
        send(&mut world, &replay, (0..).map(|n| 1 + n * 7 % 23), async |_| {}).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_has_just_been_opened_answers_like_one_that_remembers() {
    let replay = known(5);
    for engine in engines() {
        let mut world = World::empty(engine).await;
        let reopen = async |world: &mut World| reopen(world, WriterState::default()).await;
        send(&mut world, &replay, (0..).map(|n| 1 + n * 7 % 23), reopen).await;
    }
}
