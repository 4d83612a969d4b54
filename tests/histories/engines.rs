//! The same history on every engine: through the writer, in batches of changing size, it gives the answers, the content
//! and the sums that it gives in memory, and the same bytes and head on both engines.

use crate::{
    replay::{Outcome, Replay, masters},
    step::{EVERYTHING, history},
};
use acceptance::{support::engines, world::World};
use app::{
    export::content_root,
    verify::verify,
    viewer::Viewer,
    writer::{Answer, Job},
};
use domain::{canonical, command::Command, entry::TextRole, log};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestRunner},
};

const STEPS: usize = 1_500;

async fn record(world: &World, commands: Vec<Command>) -> Vec<Answer> {
    let job = Job {
        commands,
        atomic: false,
        recorder: "test".into(),
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

#[tokio::test(flavor = "multi_thread")]
async fn the_same_history_is_the_same_book_on_every_engine() {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(4),
        ..Config::default()
    });
    let steps = history(EVERYTHING, STEPS).prop_filter("long", |steps| steps.len() > STEPS / 2);
    let steps = steps.new_tree(&mut runner).unwrap().current();
    let mut replay = Replay::new();
    replay.run(&steps).unwrap();
    let leaves: Vec<log::Hash> = (replay.book.entries().iter())
        .map(|entry| log::leaf_hash(&canonical::content_hash(entry)))
        .collect();
    let mut heads = Vec::new();
    for engine in engines() {
        let world = World::empty(engine).await;
        record(&world, masters().collect()).await;
        let mut sent = replay.sent.as_slice();
        for size in (0..).map(|n| 1 + n * 37 % 211) {
            let (batch, rest) = sent.split_at(size.min(sent.len()));
            let commands = batch.iter().map(|(command, _)| command.clone()).collect();
            for (answer, (command, outcome)) in record(&world, commands).await.iter().zip(batch) {
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
        assert_eq!(
            content_root(&world.book).await.unwrap(),
            log::root_of(&leaves),
            "{engine:?}"
        );
        let verified = verify(&world.book, &Viewer::Keeper, None).await.unwrap();
        assert!(
            verified.is_clean(),
            "{engine:?} {:?}",
            verified.findings().collect::<Vec<_>>()
        );
        for record in &replay.model.records {
            let kept = world.book.store().kept_texts(record.id).await.unwrap();
            let wanted = record.texts.iter().map(|text| match *text {
                "note" => TextRole::Note,
                _ => TextRole::Reason,
            });
            assert_eq!(kept, wanted.collect::<Vec<_>>(), "{engine:?} {record:?}");
        }
        assert!(
            replay
                .model
                .records
                .iter()
                .any(|record| record.texts != record.written)
        );
        heads.push(world.head().await);
    }
    assert!(heads.windows(2).all(|pair| pair[0] == pair[1]), "{heads:?}");
}
