//! Making a backup.

use super::{BackupError, beside, file};
use crate::{
    Book,
    export::CopyWriter,
    last_head::{self, Kept},
    log,
    part::{PartFile, Readers},
};
use domain::log::BookKey;
use std::path::Path;
use store::LogHead;
use tokio::io::AsyncWriteExt;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What is in it.
    pub head: LogHead,
    /// Its signed head, for the last known head.
    pub note: String,
}

impl Written {
    /// Keeps the signed head beside the key.
    ///
    /// # Errors
    /// The file cannot be written; the backup stands.
    pub async fn keep_head(&self, book: &Book, path: &Path) -> std::io::Result<Kept> {
        last_head::keep(book, path, &self.note).await
    }
}

/// Writes the book as it is now into a file, while recording goes on: `progress` hears how many entries are written, of
/// how many. The file appears when it is whole and on the disk; one that is there is kept unless it is to be replaced.
///
/// # Errors
/// [`BackupError`]; then there is no new file.
pub async fn write(
    book: &Book,
    key: &BookKey,
    path: &Path,
    replace: bool,
    mut progress: impl FnMut(u64, u64),
) -> Result<Written, BackupError> {
    let failed = |error| BackupError::of_output(path, error);
    let exported = |error| BackupError::of_export(path, error);
    if !replace && path.try_exists().map_err(failed)? {
        return Err(BackupError::Exists(path.to_owned()));
    }
    let part = PartFile::begin(path, Readers::Owner).map_err(failed)?;
    let part = part.ok_or_else(|| BackupError::Busy(path.to_owned()))?;
    let head = book.store().log_head().await?;
    let output = file::output(path, &part).map_err(failed)?;
    let mut copy = CopyWriter::begin(book, head, output).await.map_err(exported)?;
    progress(0, head.size);
    while let Some(written) = copy.page().await.map_err(exported)? {
        progress(written, head.size);
    }
    // nothing is signed that was not read
    copy.check()?;
    let signed = log::sign(book, key, head).await?;
    if !copy.is_signed() {
        copy.sign(signed.clone()).await.map_err(exported)?;
    }
    beside::write(book, &mut copy).await.map_err(exported)?;
    let mut output = copy.end().await.map_err(exported)?;
    output.shutdown().await.map_err(failed)?;
    part.finish(replace).map_err(failed)?;
    Ok(Written {
        head,
        note: signed.note,
    })
}
