//! Backups on a schedule beside the server: one that fails is told in the log and tried again, and stops nothing.

use anyhow::anyhow;
use api::watch;
use app::{
    Book,
    backup::schedule::{Made, Schedule, Turn},
    last_head::{self, Kept},
};
use domain::log::BookKey;
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{task::JoinHandle, time::sleep};

/// After a failure.
const AGAIN: Duration = Duration::from_hours(1);
/// At the longest: a machine that sleeps, or whose clock is set, is noticed.
const LOOK: Duration = Duration::from_mins(10);

/// A schedule for a folder that is there.
pub fn schedule(folder: PathBuf, every: Duration, keep: NonZeroUsize) -> anyhow::Result<Schedule> {
    if folder.is_dir() {
        Ok(Schedule { folder, every, keep })
    } else {
        Err(anyhow!(
            "バックアップのフォルダー「{}」がありません。ディスクがつながっているか確かめ、フォルダーを作ってから、もう一度動かしてください。",
            folder.display()
        ))
    }
}

/// Begins to make backups; ends when it is aborted.
pub fn begin(schedule: Schedule, book: Book, key: Arc<BookKey>, key_file: &Path) -> JoinHandle<()> {
    let head = last_head::path(key_file);
    tokio::spawn(async move {
        loop {
            let pause = match schedule.turn(&book, &key, &head).await {
                Ok(Turn::Wait(pause)) => pause.min(LOOK),
                Ok(Turn::Made(made)) => {
                    watch::backup(true);
                    tell(&made);
                    Duration::ZERO
                }
                Err(error) => {
                    watch::backup(false);
                    let error = anyhow!(error);
                    tracing::error!(
                        code = "backup-failed",
                        error = format!("{error:#}"),
                        "a backup could not be made; it is tried again in an hour"
                    );
                    AGAIN
                }
            };
            sleep(pause).await;
        }
    })
}

fn tell(made: &Made) {
    let removed = made.removed.as_ref().copied().unwrap_or_default();
    tracing::info!(path = %made.path.display(), entries = made.head.size, removed, "a backup was made");
    if let Err(error) = &made.removed {
        tracing::warn!(code = "old-backups-not-removed", %error, "old backups could not be removed");
    }
    match &made.kept {
        Ok(Kept::Written) => {}
        Ok(Kept::Ahead(size)) => tracing::error!(
            code = "book-behind-head",
            signed = size,
            "a head of more entries was once signed: the book may have been rolled back; run yokoito doctor"
        ),
        Ok(Kept::Contradicts(size)) => tracing::error!(
            code = "book-contradicts-head",
            signed = size,
            "the book contradicts a head that was once signed; run yokoito verify --head"
        ),
        Ok(Kept::Foreign) => tracing::warn!(
            code = "head-of-another-book",
            "the file of the last signed head is not of this book; move it elsewhere"
        ),
        Err(error) => {
            tracing::warn!(code = "head-not-kept", %error, "the signed head could not be kept beside the key");
        }
    }
}
