//! A program that has the book open, in a runtime of its own: it can be ended in the middle of whatever it does.

use acceptance::world::outside;
use app::{
    Book,
    outside::{Clock, Outside, Randomness},
    writer::Writer,
};
use domain::calendar::Instant;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};
use tokio::runtime::{Builder, Runtime};

/// What clients see of a program.
#[derive(Clone)]
pub struct Program {
    book: Book,
    panics: Arc<AtomicBool>,
}

impl Program {
    pub fn writer(&self) -> &Writer {
        self.book.writer()
    }

    /// The next command it takes meets a fault of the program.
    pub fn panic_once(&self) {
        self.panics.store(true, Ordering::Relaxed);
    }
}

/// A program that runs. Dropped, it ends wherever it is.
pub struct Incarnation {
    runtime: Option<Runtime>,
    pub program: Program,
}

impl Incarnation {
    /// Opens the book. Panics when it cannot, which nothing here explains.
    pub async fn open(url: &str, seed: u64) -> Incarnation {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let panics = Arc::new(AtomicBool::new(false));
        let Outside { clock, random } = outside(seed);
        let outside = Outside {
            clock: Arc::new(Restless(clock, AtomicI64::new(0))),
            random: Arc::new(Faulty(random, Arc::clone(&panics))),
        };
        let url = url.parse().expect("an address");
        let opened = runtime.spawn(async move { Book::open(&url, outside).await });
        let book = opened.await.expect("a task").expect("a book");
        Incarnation {
            runtime: Some(runtime),
            program: Program { book, panics },
        }
    }

    /// Answers what it has accepted and ends.
    pub async fn close(self) {
        let book = self.program.book.clone();
        if let Some(runtime) = &self.runtime {
            let closed = runtime.spawn(async move { book.close().await });
            closed.await.expect("a task").expect("closed");
        }
    }
}

impl Drop for Incarnation {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A clock that somebody sets forward and back, within the day.
struct Restless(Arc<dyn Clock>, AtomicI64);

impl Clock for Restless {
    fn now(&self) -> Instant {
        let n = self.1.fetch_add(1, Ordering::Relaxed);
        let millis = self.0.now().millis() + (n * 7_919) % 3_600_000;
        Instant::from_millis(millis).expect("a time")
    }
}

/// Randomness that fails when it is told to: the one thing behind the rules that may panic.
struct Faulty(Arc<dyn Randomness>, Arc<AtomicBool>);

impl Randomness for Faulty {
    fn seed(&self) -> [u8; 32] {
        if self.1.swap(false, Ordering::Relaxed) {
            // without the message that a panic prints
            std::panic::resume_unwind(Box::new("a fault of the program, made by the simulation"));
        }
        self.0.seed()
    }
}
