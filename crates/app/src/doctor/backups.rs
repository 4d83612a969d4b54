//! Backups: which of them are whole, of this book, and fit what is known of its log.

use super::safety::Scan;
use crate::backup::{self, BackupError, Summary};
use domain::{
    calendar::Instant,
    log::{Checkpoint, Hash},
};
use std::path::{Path, PathBuf};

/// A backup that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExaminedBackup {
    /// The file.
    pub path: PathBuf,
    /// What is to be thought of it.
    pub verdict: BackupVerdict,
}

/// What is to be thought of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupVerdict {
    /// It can be brought back.
    Good {
        /// Entries in it.
        size: u64,
        /// When the last of them was recorded.
        last_recorded_at: Option<Instant>,
        /// Whether a signed head or the book itself bears it out; else it is whole by itself only.
        borne_out: bool,
    },
    /// Damaged, cut off, none, or not to be read; a sentence.
    Unusable(String),
    /// Of another book.
    OtherBook(String),
    /// It is this book's, but its entries are not those that were signed, or that the book has.
    Contradicts {
        /// Entries in it.
        size: u64,
        /// Up to here it should have been the same.
        at: u64,
        /// Whether a signed head says so; else it is only the book that differs.
        signed: bool,
    },
}

impl ExaminedBackup {
    /// Entries in a good one.
    pub fn good_size(&self) -> Option<u64> {
        match self.verdict {
            BackupVerdict::Good { size, .. } => Some(size),
            _ => None,
        }
    }
}

/// A backup as read.
pub(super) struct ReadBackup {
    path: PathBuf,
    read: Result<Summary, String>,
}

impl ReadBackup {
    /// Reads all of it; the roots at these sizes will be compared.
    pub async fn read(path: &Path, sizes: &[u64]) -> ReadBackup {
        let read = backup::summary(path, sizes).await;
        ReadBackup {
            path: path.to_owned(),
            read: read.map_err(|error: BackupError| error.to_string()),
        }
    }

    /// Entries in it.
    pub fn size(&self) -> Option<u64> {
        self.read.as_ref().ok().map(|read| read.head.size)
    }

    /// Compares it with signed heads of the book, and with the book as far as its entries were gone through.
    pub fn judge(
        self,
        origin: Option<&str>,
        heads: &[Checkpoint],
        book: Option<(&Scan, u64)>,
    ) -> ExaminedBackup {
        let verdict = match &self.read {
            Err(why) => BackupVerdict::Unusable(why.clone()),
            Ok(read) => judge(read, origin, heads, book),
        };
        ExaminedBackup {
            path: self.path,
            verdict,
        }
    }
}

fn judge(
    read: &Summary,
    origin: Option<&str>,
    heads: &[Checkpoint],
    book: Option<(&Scan, u64)>,
) -> BackupVerdict {
    let size = read.head.size;
    if let (Some(own), Some(origin)) = (read.origin(), origin)
        && own != origin
    {
        return BackupVerdict::OtherBook(own);
    }
    let mut borne_out = false;
    for head in heads.iter().filter(|head| (1..=size).contains(&head.size())) {
        if read.roots.get(&head.size()) != Some(&head.root()) {
            return BackupVerdict::Contradicts {
                size,
                at: head.size(),
                signed: true,
            };
        }
        borne_out = true;
    }
    if let Some((scan, have)) = book {
        // as far as both go
        let at = size.min(have);
        let own = if at == size {
            Some(read.head.root)
        } else {
            read.roots.get(&at).copied()
        };
        let roots = scan.roots(at);
        match own {
            _ if at == 0 => {}
            Some(root) if roots.contains(&Some(root)) => borne_out = true,
            // the book can be read whole up to there and differs; unless a signed head says that the book is wrong
            Some(root) if differs(roots, root) && !speaks_against_book(heads, scan, at) => {
                return BackupVerdict::Contradicts {
                    size,
                    at,
                    signed: false,
                };
            }
            _ => {}
        }
    }
    BackupVerdict::Good {
        size,
        last_recorded_at: read.last_recorded_at,
        borne_out,
    }
}

fn differs([by_entries, _]: [Option<Hash>; 2], root: Hash) -> bool {
    by_entries.is_some_and(|by_entries| by_entries != root)
}

/// Whether the book was written anew before a size.
fn speaks_against_book(heads: &[Checkpoint], scan: &Scan, size: u64) -> bool {
    heads.iter().filter(|head| head.size() <= size).any(|head| {
        let [by_entries, _] = scan.roots(head.size());
        by_entries.is_some_and(|root| root != head.root())
    })
}
