//! Backups on a schedule, by a clock that is moved by hand.

use super::{Place, Source, content_root, record_until_over};
use acceptance::{
    people::{HOUR, MINUTE, Visited},
    support::engines,
};
use app::{
    backup::schedule::{Made, Schedule, Turn},
    key,
    last_head::Kept,
};
use domain::log::BookKey;
use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// A schedule for the world of a visited book.
struct Scheduled {
    visited: Visited,
    key: BookKey,
    head: PathBuf,
    schedule: Schedule,
}

impl Scheduled {
    async fn new(visited: Visited, keep: usize) -> Scheduled {
        let directory = visited.world.database.directory();
        let (folder, head) = (directory.join("backups"), directory.join("book.head"));
        fs::create_dir(&folder).unwrap();
        Scheduled {
            key: key::open(visited.book(), &directory.join("book.key"))
                .await
                .unwrap(),
            head,
            schedule: Schedule {
                folder,
                every: Duration::from_hours(24),
                keep: NonZeroUsize::new(keep).unwrap(),
            },
            visited,
        }
    }

    async fn turn(&self) -> Turn {
        let turn = self.schedule.turn(self.visited.book(), &self.key, &self.head);
        turn.await.unwrap()
    }

    async fn made(&self) -> Made {
        match self.turn().await {
            Turn::Made(made) => made,
            Turn::Wait(pause) => panic!("{pause:?} to wait"),
        }
    }

    async fn waits(&self, hours: u64) {
        match self.turn().await {
            Turn::Wait(pause) => assert_eq!(pause, Duration::from_hours(hours)),
            Turn::Made(made) => panic!("{made:?}"),
        }
    }

    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(&self.schedule.folder).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[tokio::test]
async fn they_appear_old_ones_go_and_foreign_files_stay() {
    for engine in engines() {
        let scheduled = Scheduled::new(Visited::new(engine).await, 2).await;
        let folder = scheduled.schedule.folder.clone();
        let foreign = ["yokoito-20260701-0300.jsonl", "yokoito.jsonl.gz", "月末.jsonl.gz"];
        for name in foreign {
            fs::write(folder.join(name), "foreign").unwrap();
        }
        fs::create_dir(folder.join("yokoito-20200101-0000.jsonl.gz")).unwrap();
        // what a killed program left
        fs::write(folder.join("yokoito-20260709-1200.jsonl.gz.part"), "half").unwrap();
        let others = 4;

        let made = scheduled.made().await;
        assert_eq!(made.path, folder.join("yokoito-20260710-1200.jsonl.gz"));
        assert_eq!((made.removed.unwrap(), made.kept.unwrap()), (0, Kept::Written));
        scheduled.waits(24).await;
        scheduled.visited.clock.pass(23 * HOUR);
        scheduled.waits(1).await;
        scheduled.visited.clock.pass(HOUR);
        assert_eq!(scheduled.made().await.removed.unwrap(), 0);
        // late, as after a night without power: one, not one for each day
        scheduled.visited.clock.pass(72 * HOUR + 30 * MINUTE);
        assert_eq!(scheduled.made().await.removed.unwrap(), 1);
        scheduled.waits(24).await;
        let names = scheduled.names();
        for name in foreign {
            assert!(names.contains(&name.to_owned()), "{names:?}");
        }
        assert!(
            names.contains(&"yokoito-20260711-1200.jsonl.gz".to_owned()),
            "{names:?}"
        );
        assert!(
            names.contains(&"yokoito-20260714-1230.jsonl.gz".to_owned()),
            "{names:?}"
        );
        assert_eq!(names.len(), 2 + others, "{names:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_written_removes_nothing() {
    for engine in engines() {
        let mut scheduled = Scheduled::new(Visited::new(engine).await, 1).await;
        scheduled.made().await;
        let there = scheduled.names();
        scheduled.visited.clock.pass(25 * HOUR);
        // a folder stands where the file should
        let next = scheduled.schedule.folder.join("yokoito-20260711-1300.jsonl.gz");
        fs::create_dir(&next).unwrap();
        let failed = scheduled
            .schedule
            .turn(scheduled.visited.book(), &scheduled.key, &scheduled.head);
        failed.await.unwrap_err();
        fs::remove_dir(&next).unwrap();
        assert_eq!(scheduled.names(), there);
        scheduled.made().await;
        assert_eq!(scheduled.names().len(), 1);
        // a disk that is not there is no folder to be made
        scheduled.schedule.folder.push("gone");
        let failed = scheduled
            .schedule
            .turn(scheduled.visited.book(), &scheduled.key, &scheduled.head);
        failed.await.unwrap_err();
        assert!(!scheduled.schedule.folder.exists());
    }
}

#[tokio::test]
async fn a_clock_that_was_wrong_once_keeps_nothing_waiting() {
    for engine in engines() {
        let scheduled = Scheduled::new(Visited::new(engine).await, 1).await;
        let ahead = scheduled.schedule.folder.join("yokoito-21260710-1200.jsonl.gz");
        fs::write(&ahead, "of the future").unwrap();
        let made = scheduled.made().await;
        assert!(made.path.exists());
        scheduled.waits(24).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_it_restores_elsewhere_with_the_same_head() {
    for engine in engines() {
        let source = Source::new(engine, 200).await;
        let key = key::open(source.book(), &source.file("book.key")).await.unwrap();
        let schedule = Schedule {
            folder: source.file("").clone(),
            every: Duration::from_hours(24),
            keep: NonZeroUsize::MIN,
        };
        let progress = Arc::new((AtomicU64::new(0), AtomicBool::new(false)));
        let recording = tokio::spawn(record_until_over(source.book().clone(), Arc::clone(&progress)));
        while progress.0.load(Ordering::SeqCst) < 100 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let turn = schedule
            .turn(source.book(), &key, &source.file("book.head"))
            .await;
        let Ok(Turn::Made(made)) = turn else {
            panic!("{turn:?}")
        };
        progress.1.store(true, Ordering::SeqCst);
        recording.await.unwrap();
        assert!(source.book().store().log_head().await.unwrap().size >= made.head.size);
        for other in engines() {
            let place = Place::new(other);
            place.restore_plainly(Path::new(&made.path)).await.unwrap();
            let restored = place.open().await;
            let head = restored.store().log_head().await.unwrap();
            assert_eq!((head.size, head.root), (made.head.size, made.head.root));
            assert_eq!(
                content_root(&restored, head.size).await,
                content_root(source.book(), head.size).await
            );
            restored.close().await.unwrap();
        }
    }
}
