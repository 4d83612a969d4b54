//! What is in a backup, and whether it is whole: every line is read and checked, nothing is kept but the sum.

use super::{BackupError, file};
use crate::{form::read::CopyReader, lines::Lines, log};
use domain::{
    calendar::Instant,
    log::{Hash, VerifierKey},
};
use std::{collections::BTreeMap, path::Path};
use store::{Identity, LogHead};
use uuid::Uuid;

/// A whole and sound backup.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The book's id; none of an empty book that was never signed.
    pub book: Option<Uuid>,
    /// Entries in it and their root, as worked out from them.
    pub head: LogHead,
    /// When the last entry was recorded.
    pub last_recorded_at: Option<Instant>,
    /// Public keys whose signatures count.
    pub keys: Vec<VerifierKey>,
    /// Signed heads in it, smallest first; each is signed by one of the keys and is what its entries give.
    pub signed: Vec<SignedHead>,
    /// The roots that were asked for, of the sizes that it reaches.
    pub roots: BTreeMap<u64, Hash>,
}

/// A signed head in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// Entries it covers.
    pub size: u64,
    /// When it was signed.
    pub at: Option<Instant>,
    /// The note.
    pub note: String,
}

impl Summary {
    /// Name of the book's log.
    pub fn origin(&self) -> Option<String> {
        self.book.map(log::origin)
    }

    /// The signature over all of it; a plain export may have none.
    pub fn signature(&self) -> Option<&SignedHead> {
        self.signed.last().filter(|signed| signed.size == self.head.size)
    }
}

/// Reads a backup to its end and checks it: every leaf up to the stated root, every signed head, every byte against the
/// last line. `sizes` says of how many first entries the root is wanted, to compare it with a book or a signed head.
///
/// # Errors
/// [`BackupError::Unsound`] and [`BackupError::Newer`] for a file that cannot be restored.
pub async fn summary(path: &Path, sizes: &[u64]) -> Result<Summary, BackupError> {
    let mut copy = begin(path).await?;
    for size in sizes {
        copy.watch(*size);
    }
    finish(path, copy, |_, _| {}).await
}

/// Opens a backup and reads its first line.
pub(super) async fn begin(path: &Path) -> Result<CopyReader<file::Input>, BackupError> {
    let copy = CopyReader::begin(Lines::new(file::open(path).await?)).await;
    copy.map_err(|error| BackupError::of_copy(path, error))
}

/// Reads the rest for the book's identity.
pub(super) async fn read_all(
    path: &Path,
    mut copy: CopyReader<file::Input>,
) -> Result<Option<Identity>, BackupError> {
    let failed = |error| BackupError::of_copy(path, error);
    while copy.next().await.map_err(failed)?.is_some() {}
    Ok(copy.into_identity())
}

/// Reads the rest; `progress` hears how many entries were read, of how many.
pub(super) async fn finish(
    path: &Path,
    mut copy: CopyReader<file::Input>,
    mut progress: impl FnMut(u64, u64),
) -> Result<Summary, BackupError> {
    let failed = |error| BackupError::of_copy(path, error);
    let size = copy.header().size;
    while let Some(read) = copy.next().await.map_err(failed)? {
        if read.entry.seq.is_multiple_of(1_000) {
            progress(read.entry.seq, size);
        }
    }
    let roots = copy
        .roots()
        .iter()
        .filter_map(|(size, root)| Some((*size, (*root)?)))
        .collect();
    let (head, last_recorded_at) = (copy.header(), copy.last_recorded_at());
    let identity = copy.into_identity();
    let keys = identity.iter().flat_map(|identity| &identity.keys);
    let signed = identity.iter().flat_map(|identity| &identity.checkpoints);
    let signed = signed.map(|checkpoint| SignedHead {
        size: u64::try_from(checkpoint.size).unwrap_or_default(),
        at: Instant::from_millis(checkpoint.at).ok(),
        note: checkpoint.note.clone(),
    });
    Ok(Summary {
        book: identity.as_ref().map(|identity| identity.book.book_id),
        head,
        last_recorded_at,
        keys: keys.filter_map(|key| log::public_key(key).ok()).collect(),
        signed: signed.collect(),
        roots,
    })
}
