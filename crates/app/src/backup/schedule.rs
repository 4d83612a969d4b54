//! Backups on a schedule: into a folder of the book's own, named after the moment on the clock of Tokyo. Which is due is
//! told by the names that are there, so a program that is started again goes on where it was.

use super::{BackupError, write};
use crate::{
    Book,
    last_head::{self, Kept},
    part::{PartFile, Readers, beside, remove},
};
use domain::{calendar::Instant, log::BookKey};
use std::{
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};
use store::LogHead;

const BEFORE: &str = "yokoito-";
const AFTER: &str = ".jsonl.gz";
const PART: &str = ".part";

/// Where, how often, how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The folder. It is not made: a disk that is not there must not become a folder of another disk.
    pub folder: PathBuf,
    /// From one backup to the next, at least a minute.
    pub every: Duration,
    /// So many stay; older ones go when a newer one is whole.
    pub keep: NonZeroUsize,
}

/// What was done when the schedule was looked at.
#[derive(Debug)]
pub enum Turn {
    /// None is due for so long.
    Wait(Duration),
    /// One was made.
    Made(Made),
}

/// A backup made on schedule.
#[derive(Debug)]
pub struct Made {
    /// The file.
    pub path: PathBuf,
    /// What is in it.
    pub head: LogHead,
    /// What became of its signed head beside the key; an error does not harm the backup.
    pub kept: io::Result<Kept>,
    /// How many old ones went; an error does not harm the backup.
    pub removed: io::Result<usize>,
}

impl Schedule {
    /// Makes a backup where one is due. `head` is where the last signed head is kept, beside the key.
    ///
    /// # Errors
    /// [`BackupError`]; then there is no new file, and nothing old has gone.
    pub async fn turn(&self, book: &Book, key: &BookKey, head: &Path) -> Result<Turn, BackupError> {
        let now = book.outside().clock.now();
        let unreadable = |source| BackupError::Unreadable {
            path: self.folder.clone(),
            source,
        };
        let there = self.there().map_err(unreadable)?;
        // a clock that was once set wrong must not keep all later ones waiting
        let newest = there
            .iter()
            .map(|(made, _)| *made)
            .filter(|made| *made <= now)
            .max();
        if let Some(wait) = newest.and_then(|newest| self.wait(newest, now)) {
            return Ok(Turn::Wait(wait));
        }
        let path = self.folder.join(name(now));
        let written = write(book, key, &path, false, |_, _| {}).await?;
        Ok(Turn::Made(Made {
            removed: self.remove_old(&path),
            kept: last_head::keep(book, head, &written.note).await,
            head: written.head,
            path,
        }))
    }

    /// How long the next one is not due.
    fn wait(&self, newest: Instant, now: Instant) -> Option<Duration> {
        let passed = u64::try_from(now.millis() - newest.millis()).unwrap_or(0);
        let wait = self.every.checked_sub(Duration::from_millis(passed))?;
        (!wait.is_zero()).then_some(wait)
    }

    /// Backups on schedule that are there, in the order of their moments.
    fn there(&self) -> io::Result<Vec<(Instant, PathBuf)>> {
        let mut there = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let made = file.file_name().to_str().and_then(moment);
            if let Some(made) = made
                && file.file_type()?.is_file()
            {
                there.push((made, file.path()));
            }
        }
        there.sort();
        Ok(there)
    }

    /// Removes the oldest beyond the number that stays, never the one just made, and what a killed program left of one.
    fn remove_old(&self, new: &Path) -> io::Result<usize> {
        let there = self.there()?;
        let mut beyond = there.len().saturating_sub(self.keep.get());
        let mut removed = 0;
        for (_, path) in there {
            clear_part(&path)?;
            if beyond > 0 && path != new {
                remove(&path)?;
                (beyond, removed) = (beyond - 1, removed + 1);
            }
        }
        for file in fs::read_dir(&self.folder)? {
            let file = file?.file_name();
            let whole = file.to_str().and_then(|name| name.strip_suffix(PART));
            if let Some(whole) = whole.filter(|whole| moment(whole).is_some()) {
                clear_part(&self.folder.join(whole))?;
            }
        }
        Ok(removed)
    }
}

/// Removes a part that nobody writes any more.
fn clear_part(path: &Path) -> io::Result<()> {
    if beside(path, PART).try_exists()? {
        drop(PartFile::begin(path, Readers::Owner)?);
    }
    Ok(())
}

/// `yokoito-20261126-0300.jsonl.gz`, by the clock of Tokyo.
fn name(moment: Instant) -> String {
    let digits: String = moment
        .in_tokyo()
        .chars()
        .filter(|c| !matches!(c, '-' | ':'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect();
    format!("{BEFORE}{digits}{AFTER}")
}

/// The moment in a name; none in one that is written in any other way.
fn moment(file: &str) -> Option<Instant> {
    let digits = file.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let part = |range| digits.get(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute) = (part(9..11)?, part(11..13)?);
    let moment = Instant::from_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:00+09:00")).ok()?;
    (name(moment) == file).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_moment_in_tokyo() {
        let three = Instant::from_rfc3339("2026-11-25T18:00:59Z").unwrap();
        assert_eq!(name(three), "yokoito-20261126-0300.jsonl.gz");
        let read = moment("yokoito-20261126-0300.jsonl.gz").unwrap();
        assert_eq!(read.to_string(), "2026-11-25T18:00:00.000Z");
    }

    #[test]
    fn other_names_are_foreign() {
        for foreign in [
            "yokoito-20261126-0300.jsonl",
            "yokoito-20261126-0300.jsonl.gz.part",
            "yokoito-20261131-0300.jsonl.gz",
            "yokoito-20261126-2500.jsonl.gz",
            "yokoito-20261126_0300.jsonl.gz",
            "yokoito-2026112-60300.jsonl.gz",
            "my-yokoito-20261126-0300.jsonl.gz",
            "yokoito-月末.jsonl.gz",
            "yokoito-.jsonl.gz",
        ] {
            assert_eq!(moment(foreign), None, "{foreign}");
        }
    }
}
