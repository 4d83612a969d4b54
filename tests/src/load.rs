//! Recorders at work: many at the same time, each act sent twice at once as impatient clients do, sent again until it
//! is answered.

use crate::dealings;
use app::{
    Book,
    writer::{Answer, Job},
};
use domain::command::Command;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// Who hears of each answered act: its key and position.
pub trait Heard: Send + Sync + 'static {
    /// An act is in the book.
    fn recorded(&self, key: &str, seq: u64);
}

impl<F: Fn(&str, u64) + Send + Sync + 'static> Heard for F {
    fn recorded(&self, key: &str, seq: u64) {
        self(key, seq);
    }
}

/// How often which failure was answered.
pub type Failures = BTreeMap<&'static str, usize>;

/// What recorders do: the acts about these lots, lot by lot, until they are told to stop.
#[derive(Clone)]
pub struct Load {
    book: Book,
    lots: Range<usize>,
    next: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
    heard: Arc<dyn Heard>,
}

impl Load {
    /// Nothing is recorded yet.
    pub fn new(book: &Book, lots: Range<usize>, heard: impl Heard) -> Load {
        Load {
            book: book.clone(),
            next: Arc::new(lots.start.into()),
            lots,
            stop: Arc::default(),
            heard: Arc::new(heard),
        }
    }

    /// No further lot is begun.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// So many recorders at the same time, until there are no more lots or they were stopped. Returns the first lot
    /// that was not begun, and which failures they met.
    ///
    /// # Panics
    /// When an act is refused, or its two senders are answered differently.
    #[expect(clippy::expect_used, reason = "tests fail by panicking")]
    pub async fn run(&self, recorders: usize) -> (usize, Failures) {
        let mut tasks = JoinSet::new();
        for _ in 0..recorders {
            let load = self.clone();
            tasks.spawn(async move { load.recorder().await });
        }
        let mut failures = Failures::new();
        while let Some(met) = tasks.join_next().await {
            for (code, times) in met.expect("a recorder") {
                *failures.entry(code).or_default() += times;
            }
        }
        (self.next.load(Ordering::Relaxed).min(self.lots.end), failures)
    }

    async fn recorder(&self) -> Failures {
        let mut failures = Failures::new();
        while !self.stop.load(Ordering::Relaxed) {
            let lot = self.next.fetch_add(1, Ordering::Relaxed);
            if lot >= self.lots.end {
                break;
            }
            for act in dealings::lot(lot) {
                let (one, other) =
                    tokio::join!(until_answered(&self.book, &act), until_answered(&self.book, &act));
                assert_eq!(one.0, other.0, "{act}");
                for code in one.1.into_iter().chain(other.1) {
                    *failures.entry(code).or_default() += 1;
                }
                self.heard
                    .recorded(act["key"].as_str().unwrap_or_default(), one.0);
            }
        }
        failures
    }
}

/// Sends an act until it is in the book; its position, and the failures that were answered before.
///
/// # Panics
/// When it is refused.
#[expect(clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
pub async fn until_answered(book: &Book, act: &Value) -> (u64, Vec<&'static str>) {
    let mut failures = Vec::new();
    loop {
        let job = Job {
            commands: vec![Command::parse(&act.to_string()).expect("an act")],
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        let mut answers = book.writer().record(job).await.expect("an open writer");
        match answers.pop() {
            Some(Answer::Recorded(_, seq) | Answer::Already(_, seq)) => return (seq, failures),
            Some(Answer::Failed(failure)) => failures.push(failure.code),
            answer => panic!("{act}: {answer:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
