//! The place where a backup goes. It must be empty; a SQLite file gets its name only when the book in it is whole.

use super::{BackupError, Occupied};
use crate::{
    log,
    part::{PartFile, Readers, beside, publish, remove},
};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};
use store::{DatabaseUrl, Store};

/// Files that SQLite keeps beside a book.
const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A SQLite book in the making, under another name.
pub(super) struct NewFile {
    name: PathBuf,
    making: PathBuf,
    /// Held while it is made: only one program makes it.
    _lock: PartFile,
}

impl NewFile {
    /// Begins a file where there is none. What a killed program left of it is thrown away.
    pub async fn begin(
        place: &DatabaseUrl,
        name: &Path,
        book: &Expected<'_>,
    ) -> Result<NewFile, BackupError> {
        let failed = |source| BackupError::NotPlaced {
            path: name.to_owned(),
            source,
        };
        if name.try_exists().map_err(failed)? {
            return Err(BackupError::Occupied(book.occupied(place).await));
        }
        for ending in COMPANIONS {
            let left = beside(name, ending);
            if left.try_exists().map_err(failed)? {
                return Err(BackupError::Occupied(Occupied::Left(left)));
            }
        }
        let lock = PartFile::begin(name, Readers::Owner).map_err(failed)?;
        let lock = lock.ok_or_else(|| BackupError::Restoring(name.to_owned()))?;
        let new = NewFile {
            name: name.to_owned(),
            making: beside(name, ".restoring"),
            _lock: lock,
        };
        new.clear().map_err(failed)?;
        Ok(new)
    }

    /// Where it is made.
    pub fn url(&self) -> DatabaseUrl {
        DatabaseUrl::of_file(self.making.clone())
    }

    /// Gives the file its name. Its connections are closed: all of it is in the one file.
    pub fn finish(self) -> Result<(), BackupError> {
        let finish = || {
            let log = beside(&self.making, "-wal");
            if log.try_exists()? {
                return Err(io::Error::other(format!("{} is still there", log.display())));
            }
            File::open(&self.making)?.sync_all()?;
            publish(&self.making, &self.name, false)
        };
        finish().map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Occupied(Occupied::Book {
                place: self.name.display().to_string(),
                size: None,
                ahead: 0,
            }),
            _ => BackupError::NotPlaced {
                path: self.name.clone(),
                source,
            },
        })
    }

    fn clear(&self) -> io::Result<()> {
        for ending in COMPANIONS {
            remove(&beside(&self.making, ending))?;
        }
        remove(&self.making)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // after it got its name nothing is left; else what stays is thrown away next time
        drop(self.clear());
    }
}

/// The book that is to be brought back, to be compared with what is in its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    pub origin: Option<&'a str>,
    pub size: u64,
}

impl Expected<'_> {
    /// What is at a place, as far as it can be read.
    async fn occupied(&self, place: &DatabaseUrl) -> Occupied {
        let there = match Store::connect(place).await {
            Err(_) => None,
            Ok(store) => {
                let there = self.read(&store).await;
                drop(store.close().await);
                there
            }
        };
        Occupied::Book {
            place: place.path().unwrap_or(Path::new("")).display().to_string(),
            size: there.map(|(size, _)| size),
            ahead: there.map_or(0, |(_, ahead)| ahead),
        }
    }

    /// What is in an open book that is not as good as empty.
    pub async fn in_the_way(
        &self,
        place: &DatabaseUrl,
        store: &Store,
    ) -> Result<Option<Occupied>, BackupError> {
        let head = store.log_head().await?;
        let book = store.book().await?;
        let is_other = book.is_some_and(|book| Some(log::origin(book.book_id).as_str()) != self.origin);
        let signed = store.checkpoints(1, 1).await?;
        if head.size == 0 && !is_other && signed.is_empty() {
            return Ok(None);
        }
        Ok(Some(Occupied::Book {
            place: place.to_string(),
            size: Some(head.size),
            ahead: self.read(store).await.map_or(0, |(_, ahead)| ahead),
        }))
    }

    /// Entries there, and by how many they are more, of the same book.
    async fn read(&self, store: &Store) -> Option<(u64, u64)> {
        let size = store.log_head().await.ok()?.size;
        let book = store.book().await.ok()?;
        let is_same = book.is_some_and(|book| Some(log::origin(book.book_id).as_str()) == self.origin);
        let ahead = if is_same {
            size.saturating_sub(self.size)
        } else {
            0
        };
        Some((size, ahead))
    }
}
