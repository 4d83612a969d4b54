//! Backups: taken while recording goes on, brought back on either engine, refused when damaged, and never behind or
//! beside a signed head unseen.

mod heads;
mod schedule;
mod unsound;

use acceptance::{
    dealings::{dealings, lines},
    support::{Engine, TestDatabase, engines},
    world::{World, act, outside},
};
use app::{
    Book,
    backup::{self, BackupError, Request, Restored, Written},
    key,
    last_head::Kept,
    log,
    outside::Outside,
    writer::{Answer, Job},
};
use domain::{
    canonical,
    command::Command,
    log::{Frontier, Hash, leaf_hash},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};
use store::DatabaseUrl;

/// A book with so many lots, and the folder of its key and backups.
struct Source {
    world: World,
    lots: usize,
}

impl Source {
    async fn new(engine: Engine, lots: usize) -> Source {
        let world = World::new(engine).await;
        let mut source = Source { world, lots: 0 };
        source.grow(lots).await;
        source
    }

    fn book(&self) -> &Book {
        &self.world.book
    }

    fn file(&self, name: &str) -> PathBuf {
        self.world.database.directory().join(name)
    }

    /// More lots; some of their acts correct earlier ones, so they are recorded in order.
    async fn grow(&mut self, lots: usize) {
        let acts = dealings(self.lots + lots).split_off(dealings(self.lots).len());
        for answer in self.world.record_lines(&lines(&acts)).await {
            assert!(matches!(answer, Answer::Recorded(..)), "{answer:?}");
        }
        self.lots += lots;
    }

    async fn backup(&self, name: &str) -> (PathBuf, Written) {
        let path = self.file(name);
        let key = key::open(self.book(), &self.file("book.key")).await.unwrap();
        let written = backup::write(self.book(), &key, &path, false, |_, _| {})
            .await
            .unwrap();
        let kept = written
            .keep_head(self.book(), &self.file("book.head"))
            .await
            .unwrap();
        assert_eq!(kept, Kept::Written);
        (path, written)
    }

    /// Signs the head and keeps it beside the key; also its note.
    async fn sign(&self) -> String {
        let key = key::open(self.book(), &self.file("book.key")).await.unwrap();
        let note = log::checkpoint(self.book(), &key).await.unwrap();
        let kept = app::last_head::keep(self.book(), &self.file("book.head"), &note).await;
        assert_eq!(kept.unwrap(), Kept::Written);
        note
    }
}

/// A place to restore to, with a folder of its own unless the key is named.
struct Place {
    database: TestDatabase,
    url: DatabaseUrl,
}

impl Place {
    fn new(engine: Engine) -> Place {
        let database = TestDatabase::new(engine);
        let url = database.url().parse().unwrap();
        Place { database, url }
    }

    fn key(&self) -> PathBuf {
        self.database.directory().join("book.key")
    }

    async fn restore(
        &self,
        file: &Path,
        key: &Path,
        head: Option<&Path>,
        older: bool,
    ) -> Result<Restored, BackupError> {
        let request = Request {
            file,
            place: &self.url,
            key: Some(key),
            head,
            older,
        };
        let restored = backup::restore(&request, Outside::system(), |_, _| {}).await?;
        assert!(restored.verified.is_clean(), "{:?}", restored.verified);
        Ok(restored)
    }

    async fn restore_plainly(&self, file: &Path) -> Result<Restored, BackupError> {
        self.restore(file, &self.key(), None, false).await
    }

    async fn open(&self) -> Book {
        Book::open(&self.url, outside(9)).await.unwrap()
    }

    /// Nothing was written.
    async fn assert_untouched(&self, what: &str) {
        let names: Vec<_> = std::fs::read_dir(self.database.directory())
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert_eq!(names, [""; 0], "{what}");
        if self.database.engine() == Engine::Postgres {
            let book = self.open().await;
            assert_eq!(book.store().log_head().await.unwrap().size, 0, "{what}");
            assert!(book.store().book().await.unwrap().is_none(), "{what}");
            book.close().await.unwrap();
        }
    }
}

/// Root over what the first entries hold without recorder, times and salts.
async fn content_root(book: &Book, size: u64) -> Hash {
    let mut frontier = Frontier::default();
    for stored in book.store().log_page(0, size).await.unwrap() {
        frontier.append(leaf_hash(&canonical::content_hash(&stored.entry)));
    }
    frontier.root()
}

async fn record_until_over(book: Book, progress: Arc<(AtomicU64, AtomicBool)>) {
    let (recorded, over) = (&progress.0, &progress.1);
    let mut acts = (0_u64..).map(|n| {
        let lines = json!([{"product": "craft", "quantity": "1"}]);
        let act = act(
            "produce",
            "a",
            &format!("more-{n}"),
            "2026-07-01",
            json!({"lines": lines}),
        );
        Command::from_value(act).unwrap()
    });
    while !over.load(Ordering::SeqCst) {
        let job = Job {
            commands: acts.by_ref().take(20).collect(),
            atomic: false,
            recorder: "test".to_owned(),
            expects: Vec::new(),
        };
        let answers = book.writer().record(job).await.unwrap();
        let is_new = |answer: &Answer| matches!(answer, Answer::Recorded(..));
        assert!(answers.iter().all(is_new), "{answers:?}");
        recorded.fetch_add(20, Ordering::SeqCst);
    }
}

/// Recording goes on between any two pages of the backup: each waits until something more is in the book.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn taken_while_recording_goes_on_it_is_the_same_book_on_the_other_engine() {
    for engine in engines() {
        let source = Source::new(engine, 420).await;
        let key = key::open(source.book(), &source.file("book.key")).await.unwrap();
        let path = source.file("backup.jsonl.gz");
        let progress = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
        let recorder = tokio::spawn(record_until_over(source.book().clone(), Arc::clone(&progress)));
        let (recorded, over) = (&progress.0, &progress.1);
        let mut pages = 0;
        let written = backup::write(source.book(), &key, &path, false, |_, _| {
            pages += 1;
            let before = recorded.load(Ordering::SeqCst);
            tokio::task::block_in_place(|| {
                while recorded.load(Ordering::SeqCst) == before && !recorder.is_finished() {
                    thread::sleep(Duration::from_millis(1));
                }
            });
        })
        .await;
        over.store(true, Ordering::SeqCst);
        recorder.await.unwrap();
        let written = written.unwrap();
        assert!(pages > 3, "{pages}");
        let now = source.book().store().log_head().await.unwrap();
        assert!(now.size >= written.head.size + 20 * pages, "{now:?} {written:?}");
        let root = log::root_at(source.book().store(), written.head.size)
            .await
            .unwrap();
        assert_eq!(written.head.root, root);
        let content = content_root(source.book(), written.head.size).await;

        for other in engines() {
            let place = Place::new(other);
            let restored = place.restore_plainly(&path).await.unwrap();
            assert_eq!(restored.backup.summary.head, written.head);
            assert_eq!(restored.backup.summary.signature().unwrap().note, written.note);
            let book = place.open().await;
            assert_eq!(book.store().log_head().await.unwrap(), written.head);
            assert_eq!(content_root(&book, written.head.size).await, content);
            assert_eq!(
                log::origin_of(&book).await.unwrap(),
                log::origin_of(source.book()).await.unwrap()
            );
            // the last known head came with it
            let head = app::last_head::read(&place.database.directory().join("book.head"))
                .unwrap()
                .unwrap();
            assert_eq!(head.note, written.note);
            assert_eq!(head.day.unwrap().to_string(), "2026-07-10");
            // and what was signed is continued
            let signed = log::read_checkpoint(&book, &written.note).await.unwrap();
            assert_eq!(signed.size(), written.head.size);
            book.close().await.unwrap();
        }
    }
}
