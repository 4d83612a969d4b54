//! The file of a backup: JSON Lines, compressed when its name says so.

use super::BackupError;
use crate::part::PartFile;
use async_compression::tokio::{bufread::GzipDecoder, write::GzipEncoder};
use std::{io, path::Path};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, BufReader, BufWriter};

/// What is read or written at once.
const BUFFER: usize = 256 << 10;
/// How a compressed file begins.
const GZIP: &[u8] = &[0x1f, 0x8b];

pub(super) type Input = Box<dyn AsyncBufRead + Unpin + Send>;
pub(super) type Output = Box<dyn AsyncWrite + Unpin + Send>;

/// What is in a backup, whatever its name.
pub(super) async fn open(path: &Path) -> Result<Input, BackupError> {
    let unreadable = |source| BackupError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    if file.metadata().await.map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    let mut file = BufReader::with_capacity(BUFFER, file);
    let is_compressed = file.fill_buf().await.map_err(unreadable)?.starts_with(GZIP);
    Ok(if is_compressed {
        let mut plain = GzipDecoder::new(file);
        // as gzip itself does: files put one after the other
        plain.multiple_members(true);
        Box::new(BufReader::with_capacity(BUFFER, plain))
    } else {
        Box::new(file)
    })
}

/// Where the lines of a backup go; shut it down to end it.
pub(super) fn output(path: &Path, part: &PartFile) -> io::Result<Output> {
    let file = tokio::fs::File::from_std(part.file()?);
    let file = BufWriter::with_capacity(BUFFER, file);
    Ok(if path.extension().is_some_and(|ending| ending == "gz") {
        Box::new(GzipEncoder::new(file))
    } else {
        Box::new(file)
    })
}
