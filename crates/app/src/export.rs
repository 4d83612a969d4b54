//! The book as JSON Lines: entries verbatim, or the acts they were made of. Read in pages up to the size it has when the
//! export begins, so no long transaction holds anything.

mod copy;

use crate::Book;
pub(crate) use copy::CopyWriter;
use domain::{
    acts::Act,
    canonical,
    command::{Command, Head},
    decide::act_of,
    log::{Frontier, Hash, leaf_hash},
    masters::Masters,
    text::Note,
};
use serde::Serialize;
use std::io;
use store::{LogHead, StoreError, StoredEntry};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Entries of one page.
const PAGE: u64 = 500;
/// What stands in an act for a text that was erased: the book remembers that there was one.
const ERASED: &str = "(消去済み)";

/// Why an export is not whole.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The book cannot be read, or is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output cannot be written.
    #[error("書き出せません。空き容量と書き込みの権限を確かめてください。")]
    Output(#[source] io::Error),
    /// An entry of a kind that only a newer program knows has no act.
    #[error(
        "{seq}番目の伝票({kind})は新しい版のプログラムで記録されたため、伝票の形では書き出せません。プログラムを新しくするか、--acts なしで書き出してください。"
    )]
    UnknownKind {
        /// Position.
        seq: u64,
        /// Its kind.
        kind: String,
    },
}

/// Writes every entry verbatim, between a first line that says how many there are and a last one that says that it was
/// all. The answer is what was written.
///
/// # Errors
/// Bytes that do not give the root of the log are [`StoreError::Corrupt`]: then the last line is missing.
pub async fn export_entries(book: &Book, output: impl AsyncWrite + Unpin) -> Result<LogHead, ExportError> {
    let head = book.store().log_head().await?;
    let mut copy = CopyWriter::begin(book, head, output).await?;
    while copy.page().await?.is_some() {}
    copy.end().await?;
    Ok(head)
}

/// Writes every act in the form that import reads, master data included. The answer is how many.
pub async fn export_acts(book: &Book, mut output: impl AsyncWrite + Unpin) -> Result<u64, ExportError> {
    let head = book.store().log_head().await?;
    let masters = book.store().masters().await?;
    let mut pages = Pages::new(book, head.size);
    while let Some(page) = pages.next().await? {
        for stored in page {
            let command = command(stored, &masters)?;
            write(&mut output, &command.to_value()).await?;
        }
    }
    output.flush().await.map_err(ExportError::Output)?;
    Ok(head.size)
}

/// Root over what was recorded without recorder, times and salts: equal for the same acts in the same order, however
/// they came into the book.
pub async fn content_root(book: &Book) -> Result<Hash, StoreError> {
    let head = book.store().log_head().await?;
    let mut frontier = Frontier::default();
    let mut pages = Pages::new(book, head.size);
    while let Some(page) = pages.next().await? {
        for stored in page {
            frontier.append(leaf_hash(&canonical::content_hash(&stored.entry)));
        }
    }
    Ok(frontier.root())
}

struct Pages<'a> {
    book: &'a Book,
    from: u64,
    size: u64,
}

impl Pages<'_> {
    fn new(book: &Book, size: u64) -> Pages<'_> {
        Pages { book, from: 0, size }
    }

    async fn next(&mut self) -> Result<Option<Vec<StoredEntry>>, StoreError> {
        if self.from >= self.size {
            return Ok(None);
        }
        let to = self.size.min(self.from + PAGE);
        let page = self.book.store().log_page(self.from, to).await?;
        self.from = to;
        Ok(Some(page))
    }
}

/// The command that an entry was made of. Of a reversal or correction the day is the original's, which it keeps.
fn command(stored: StoredEntry, masters: &Masters) -> Result<Command, ExportError> {
    let entry = stored.entry;
    let Some(act) = act_of(&entry) else {
        if Act::KINDS.iter().any(|(kind, _)| *kind == entry.kind) {
            return Err(StoreError::corrupt(format!("entry {}: payload", entry.seq)).into());
        }
        return Err(ExportError::UnknownKind {
            seq: entry.seq,
            kind: entry.kind,
        });
    };
    let unreadable = |what: &str| StoreError::corrupt(format!("entry {}: {what}", entry.seq));
    let mut texts = Vec::new();
    for text in stored.texts {
        let erased = || ERASED.parse::<Note>().map_err(|_| unreadable("text"));
        texts.push((text.role, text.kept.map_or_else(erased, |kept| Ok(kept.text))?));
    }
    let head = Head {
        acting: Head::acting_ref(entry.acting, masters).ok_or_else(|| unreadable("acting"))?,
        key: entry.key,
        supplied_on: entry.supplied_on,
        group: entry.group,
        texts,
        evidence: entry.evidence,
    };
    Ok(Command { head, act })
}

/// A line of JSON.
fn json(line: &impl Serialize) -> Result<Vec<u8>, ExportError> {
    serde_json::to_vec(line).map_err(|error| ExportError::Output(error.into()))
}

async fn write(output: &mut (impl AsyncWrite + Unpin), line: &impl Serialize) -> Result<(), ExportError> {
    let mut bytes = json(line)?;
    bytes.push(b'\n');
    output.write_all(&bytes).await.map_err(ExportError::Output)
}
