//! Signed heads that are kept outside the database, and what they say about a backup.

use super::{
    BackupError,
    summary::{self, Summary},
};
use crate::{
    key,
    last_head::{self, FoundHead},
    log,
    part::folder_of,
};
use domain::log::{Checkpoint, NoteError, VerifierKey};
use std::path::{Path, PathBuf};
use store::DatabaseUrl;

/// Which backup, where it should go, and what it is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The backup.
    pub file: &'a Path,
    /// Where the book should be.
    pub place: &'a DatabaseUrl,
    /// The key file, where one was named.
    pub key: Option<&'a Path>,
    /// A signed head that was kept elsewhere.
    pub head: Option<&'a Path>,
    /// The loss of later entries is accepted.
    pub older: bool,
}

/// A whole backup and what is known about the book besides.
#[derive(Clone, Debug)]
pub struct Examined {
    /// What is in it.
    pub summary: Summary,
    /// Where the book's key is expected.
    pub key: Option<PathBuf>,
    /// Signed heads of more entries than the backup has; their loss was accepted.
    pub lost: Vec<FoundHead>,
}

impl Examined {
    /// At least so many entries are lost.
    pub fn missing(&self) -> u64 {
        let signed = self.lost.iter().map(|head| head.stated.size()).max();
        signed.map_or(0, |signed| signed.saturating_sub(self.summary.head.size))
    }
}

/// Reads all of a backup and compares it with the signed heads kept beside the key and named; writes nothing.
///
/// # Errors
/// [`BackupError`]: why it cannot be restored.
pub async fn examine(request: &Request<'_>, progress: impl FnMut(u64, u64)) -> Result<Examined, BackupError> {
    let file = request.file;
    let mut copy = summary::begin(file).await?;
    let origin = copy.identity().map(|identity| log::origin(identity.book.book_id));
    let key = origin
        .as_deref()
        .and_then(|origin| key::path_of(origin, request.place, request.key).ok());
    let heads = found(request, origin.as_deref(), key.as_deref())?;
    let identity = copy.identity();
    let keys = identity.into_iter().flat_map(|identity| &identity.keys);
    let mut keys: Vec<VerifierKey> = keys.filter_map(|key| log::public_key(key).ok()).collect();
    // made known to the book after the backup, perhaps
    let own = key.as_deref().zip(origin.as_deref());
    keys.extend(own.and_then(|(key, origin)| key::public_in(key, origin)));
    for head in &heads {
        believe(head, &keys)?;
        copy.watch(head.stated.size());
    }
    let summary = summary::finish(file, copy, progress).await?;
    let lost = compare(&summary, heads, request.older)?;
    Ok(Examined { summary, key, lost })
}

/// The head named, which must be one, and those in the folder of the key.
fn found(
    request: &Request<'_>,
    origin: Option<&str>,
    key: Option<&Path>,
) -> Result<Vec<FoundHead>, BackupError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| BackupError::Unreadable { path, source }
    };
    let mut heads = Vec::new();
    if let Some(path) = request.head {
        let head = last_head::read(path).map_err(unreadable(path))?;
        let head = head.filter(|head| Some(head.stated.origin()) == origin);
        heads.push(head.ok_or_else(|| BackupError::OtherHead(path.to_owned()))?);
    }
    if let Some((key, origin)) = key.zip(origin) {
        let folder = folder_of(key);
        let mut beside = last_head::of_book(folder, origin).map_err(unreadable(folder))?;
        // one of these may be the one that was named
        let named = request.head.and_then(|path| path.canonicalize().ok());
        if beside
            .iter()
            .any(|head| named.is_some() && head.path.canonicalize().ok() == named)
        {
            heads.clear();
        }
        heads.append(&mut beside);
    }
    Ok(heads)
}

fn believe(head: &FoundHead, keys: &[VerifierKey]) -> Result<(), BackupError> {
    let distrusted = |source: NoteError| BackupError::Head {
        path: head.path.clone(),
        source,
    };
    Checkpoint::parse_and_verify(&head.note, keys)
        .map(drop)
        .map_err(distrusted)
}

/// The heads of more entries than the backup has, if that is accepted. One that contradicts it never is.
fn compare(summary: &Summary, heads: Vec<FoundHead>, older: bool) -> Result<Vec<FoundHead>, BackupError> {
    let have = summary.head.size;
    let (within, ahead): (Vec<_>, Vec<_>) = heads.into_iter().partition(|head| head.stated.size() <= have);
    for head in within {
        let signed = head.stated.size();
        if summary.roots.get(&signed) != Some(&head.stated.root()) {
            return Err(BackupError::Forks {
                signed,
                day: head.day,
                path: head.path,
            });
        }
    }
    match ahead.iter().max_by_key(|head| head.stated.size()) {
        Some(head) if !older => Err(BackupError::Older {
            have,
            signed: head.stated.size(),
            day: head.day,
            path: head.path.clone(),
        }),
        _ => Ok(ahead),
    }
}
