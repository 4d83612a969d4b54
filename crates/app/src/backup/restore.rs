//! Bringing a backup back.

use super::{
    BackupError, Examined, Request, beside, examine, file,
    place::{Expected, NewFile},
};
use crate::{
    Book,
    import::{self, ImportError, Listener, Options},
    last_head::{self, FoundHead, Kept},
    outside::Outside,
    part::folder_of,
    verify::{Verified, verify},
    viewer::AtTheMachine,
};
use std::{io, path::PathBuf};
use store::{Store, StoreError};

/// A book that was brought back.
#[derive(Debug)]
pub struct Restored {
    /// The backup.
    pub backup: Examined,
    /// What verify says about the book.
    pub verified: Verified,
    /// Signed heads of entries that were given up, taken out of the way of later backups.
    pub given_up: Vec<PathBuf>,
    /// What became of the last known head, where the backup is signed.
    pub head: Option<io::Result<Kept>>,
}

/// Brings a backup back into an empty place and verifies the book. All or nothing: a restore that was killed is simply
/// run again.
///
/// # Errors
/// [`BackupError`]; then nothing was written.
pub async fn restore(
    request: &Request<'_>,
    outside: Outside,
    mut progress: impl FnMut(u64, u64) + Send,
) -> Result<Restored, BackupError> {
    let backup = examine(request, &mut progress).await?;
    let origin = backup.summary.origin();
    let expected = Expected {
        origin: origin.as_deref(),
        size: backup.summary.head.size,
    };
    let mut steps = Steps {
        progress,
        size: expected.size,
    };
    let verified = if let Some(path) = request.place.path() {
        let new = NewFile::begin(request.place, path, &expected).await?;
        let book = Book::open(&new.url(), outside).await?;
        let verified = fill(&book, request, &backup, &mut steps).await;
        // closed in any case: the file is removed or gets its name
        let closed = book.close().await;
        let verified = verified?;
        closed?;
        new.finish()?;
        verified
    } else {
        let book = Book::open(request.place, outside).await?;
        let verified = match expected.in_the_way(request.place, book.store()).await {
            Ok(None) => fill(&book, request, &backup, &mut steps).await,
            Ok(Some(occupied)) => Err(BackupError::Occupied(occupied)),
            Err(error) => Err(error),
        };
        let closed = book.close().await;
        let verified = verified?;
        closed?;
        verified
    };
    let given_up = give_up(&backup);
    let head = keep(&backup).await;
    Ok(Restored {
        backup,
        verified,
        given_up,
        head,
    })
}

/// Takes over what is kept beside the book, then the entries, and verifies them.
async fn fill(
    book: &Book,
    request: &Request<'_>,
    backup: &Examined,
    listener: &mut impl Listener,
) -> Result<Verified, BackupError> {
    beside::put_back(book.store(), request.place, request.file).await?;
    let input = file::open(request.file).await?;
    import::import(book, input, Options::default(), listener)
        .await
        .map_err(|error| match error {
            ImportError::Store(error) => error.into(),
            error => BackupError::NotRestored(Box::new(error)),
        })?;
    if backup.summary.head.size == 0 {
        identify(book.store(), request).await?;
    }
    if book.store().log_head().await? != backup.summary.head {
        return Err(StoreError::corrupt("log_head").into());
    }
    let note = backup.summary.signature().map(|signed| signed.note.as_str());
    Ok(verify(book, AtTheMachine, note).await?)
}

/// A book without entries is its id, its keys and what was signed.
async fn identify(store: &Store, request: &Request<'_>) -> Result<(), BackupError> {
    let copy = super::summary::begin(request.file).await?;
    let copy = super::summary::read_all(request.file, copy).await?;
    let Some(identity) = copy else {
        return Ok(());
    };
    let book = identity.book;
    store.make_book(book.book_id, book.format, book.made_at).await?;
    for key in identity.keys {
        store.add_book_key(key).await?;
    }
    for checkpoint in identity.checkpoints {
        store.add_checkpoint(checkpoint).await?;
    }
    Ok(())
}

/// Heads beside the key; one that was named stays where it is kept.
fn give_up(backup: &Examined) -> Vec<PathBuf> {
    let Some(folder) = backup.key.as_deref().map(folder_of) else {
        return Vec::new();
    };
    let is_beside = |head: &&FoundHead| {
        let of_head = folder_of(&head.path).canonicalize();
        of_head.ok() == folder.canonicalize().ok()
    };
    let beside = backup.lost.iter().filter(is_beside);
    // one that cannot be moved speaks up again, at the next backup or restore
    beside
        .filter_map(|head| last_head::set_aside(head).ok())
        .collect()
}

async fn keep(backup: &Examined) -> Option<io::Result<Kept>> {
    let (key, signed) = backup.key.as_ref().zip(backup.summary.signature())?;
    let path = last_head::path(key);
    Some(last_head::put(&path, &signed.note).await)
}

/// Entries taken over, from the lines read.
struct Steps<P> {
    progress: P,
    size: u64,
}

impl<P: FnMut(u64, u64) + Send> Listener for Steps<P> {
    fn progress(&mut self, progress: import::Progress) {
        (self.progress)(progress.lines.min(self.size), self.size);
    }
}
