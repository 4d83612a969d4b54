//! A whole book's copy: every entry is checked against its own bytes, and all of them against the root of the log, before
//! the writer keeps any.

use super::{ImportError, Listener, Outcome};
use crate::{Book, form::read::CopyReader, writer::Restoring};
use domain::decide::Decided;
use tokio::io::AsyncBufRead;

/// Entries handed to the writer at once, and bytes of their lines.
const CHUNK_ENTRIES: usize = 1_000;
const CHUNK_BYTES: u64 = 16 << 20;

pub(super) async fn import(
    book: &Book,
    mut copy: CopyReader<impl AsyncBufRead + Unpin + Send>,
    listener: &mut impl Listener,
) -> Result<Outcome, ImportError> {
    let header = copy.header();
    // the same copy again: nothing to do
    if book.store().log_head().await? == header && header.size > 0 {
        return Ok(Outcome {
            already: header.size,
            ..Outcome::default()
        });
    }
    let restore = book.writer().restore().await?;
    let (entries, outcome) = (restore.entries, restore.outcome);
    let checked = async {
        loop {
            let (chunk, is_end) = next_chunk(&mut copy).await?;
            if entries.send(Restoring::Entries(chunk)).await.is_err() {
                // the writer gave up: the outcome says why
                return Ok(());
            }
            listener.progress(copy.lines().read());
            if is_end {
                let identity = copy.into_identity().map(Box::new);
                drop(entries.send(Restoring::End(identity)).await);
                return Ok(());
            }
        }
    };
    let checked: Result<(), ImportError> = checked.await;
    // without an end the writer rolls back
    drop(entries);
    let outcome = outcome.await?;
    checked?;
    outcome.map_err(ImportError::NotRestored)?;
    Ok(Outcome {
        recorded: header.size,
        ..Outcome::default()
    })
}

/// The next entries, and whether the copy ended with them.
async fn next_chunk(
    copy: &mut CopyReader<impl AsyncBufRead + Unpin + Send>,
) -> Result<(Vec<Decided>, bool), ImportError> {
    let mut chunk = Vec::new();
    let start = copy.lines().read().bytes;
    while chunk.len() < CHUNK_ENTRIES && copy.lines().read().bytes - start < CHUNK_BYTES {
        match copy.next().await? {
            Some(entry) => chunk.push(entry),
            None => return Ok((chunk, true)),
        }
    }
    Ok((chunk, false))
}
