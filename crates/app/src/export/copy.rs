//! A copy being written: first line, entries with the signed heads among them, last line.

use super::{ExportError, Pages, json};
use crate::{
    Book,
    form::{BookLine, EndLine, EntryLine, FORMAT, TextLine, fingerprint::Fingerprint, identity},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::log::Frontier;
use serde::Serialize;
use std::collections::VecDeque;
use store::{Identity, LogHead, StoreError, StoredEntry, access::Kept, entity::log_checkpoint};
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Writes the first so many entries of a book.
pub(crate) struct CopyWriter<'a, W> {
    output: W,
    head: LogHead,
    identity: Option<Identity>,
    /// Signed heads that are still to be written, smallest first.
    signed: VecDeque<log_checkpoint::Model>,
    pages: Pages<'a>,
    frontier: Frontier,
    fingerprint: Fingerprint,
}

impl<'a, W: AsyncWrite + Unpin> CopyWriter<'a, W> {
    /// Writes the first line. The book may grow meanwhile: its copy ends at this head.
    pub async fn begin(book: &'a Book, head: LogHead, output: W) -> Result<CopyWriter<'a, W>, ExportError> {
        let identity = book.store().identity(head.size).await?;
        if identity.is_none() && head.size > 0 {
            return Err(StoreError::corrupt("book").into());
        }
        let line = BookLine {
            kind: "book".to_owned(),
            format: FORMAT,
            size: head.size,
            root: hex::encode(head.root.as_bytes()),
            identity: identity.as_ref().map(identity::write).transpose()?,
        };
        let signed = identity.iter().flat_map(|identity| identity.checkpoints.clone());
        let mut copy = CopyWriter {
            output,
            head,
            signed: signed.collect(),
            identity,
            pages: Pages::new(book, head.size),
            frontier: Frontier::default(),
            fingerprint: Fingerprint::default(),
        };
        copy.line(&line).await?;
        copy.signed_here().await?;
        Ok(copy)
    }

    /// Writes the next page of entries; the answer is how many have been written by now, none when all had been.
    pub async fn page(&mut self) -> Result<Option<u64>, ExportError> {
        let Some(page) = self.pages.next().await? else {
            return Ok(None);
        };
        for stored in &page {
            self.frontier.append(stored.leaf());
            self.line(&entry_line(stored)).await?;
            self.signed_here().await?;
        }
        Ok(Some(self.frontier.size()))
    }

    /// Whether the head has been signed: then its note has been written.
    pub fn is_signed(&self) -> bool {
        let last = self
            .identity
            .as_ref()
            .and_then(|identity| identity.checkpoints.last());
        last.is_some_and(|last| u64::try_from(last.size) == Ok(self.head.size))
    }

    /// Whether the entries written give the head's root.
    pub fn check(&self) -> Result<(), StoreError> {
        if self.frontier.size() == self.head.size && self.frontier.root() == self.head.root {
            Ok(())
        } else {
            Err(StoreError::corrupt("log_head.root"))
        }
    }

    /// Writes a signed head that was made since the beginning.
    pub async fn sign(&mut self, checkpoint: log_checkpoint::Model) -> Result<(), ExportError> {
        self.signed.push_back(checkpoint);
        self.signed_here().await
    }

    /// Writes a row that is kept beside the book; after all entries and signed heads.
    pub async fn beside(&mut self, row: &Kept) -> Result<(), ExportError> {
        self.line(row).await
    }

    /// Writes the last line and hands the output back, flushed.
    pub async fn end(mut self) -> Result<W, ExportError> {
        self.check()?;
        let line = EndLine {
            kind: "end".to_owned(),
            format: FORMAT,
            size: self.head.size,
            root: hex::encode(self.head.root.as_bytes()),
            sha256: self.fingerprint.to_hex(),
        };
        self.line(&line).await?;
        self.output.flush().await.map_err(ExportError::Output)?;
        Ok(self.output)
    }

    /// The signed heads of just the entries written so far. One that contradicts them would make the copy unreadable.
    async fn signed_here(&mut self) -> Result<(), ExportError> {
        let size = self.frontier.size();
        while let Some(checkpoint) = self
            .signed
            .pop_front_if(|next| u64::try_from(next.size).is_ok_and(|signed| signed <= size))
        {
            let here = LogHead {
                size,
                root: self.frontier.root(),
            };
            if let Some(identity) = &self.identity {
                identity::is_sound(&checkpoint, identity, here)
                    .map_err(|_| StoreError::corrupt(format!("log_checkpoint {}", checkpoint.size)))?;
            }
            let line = identity::write_checkpoint(&checkpoint)?;
            self.line(&line).await?;
        }
        Ok(())
    }

    async fn line(&mut self, line: &impl Serialize) -> Result<(), ExportError> {
        let mut bytes = json(line)?;
        self.fingerprint.line(&bytes);
        bytes.push(b'\n');
        self.output.write_all(&bytes).await.map_err(ExportError::Output)
    }
}

fn entry_line(stored: &StoredEntry) -> EntryLine {
    let texts = stored.texts.iter().map(|text| TextLine {
        role: text.role.into(),
        salt: text.kept.as_ref().map(|kept| STANDARD.encode(kept.salt)),
        text: text.kept.as_ref().map(|kept| kept.text.to_string()),
    });
    EntryLine {
        kind: "entry".to_owned(),
        seq: stored.entry.seq,
        recorded_at: stored.entry.recorded_at.to_string(),
        canonical: STANDARD.encode(&stored.canonical),
        salt: STANDARD.encode(stored.seed),
        body_hash: STANDARD.encode(stored.body_hash),
        texts: texts.collect(),
    }
}
