//! The log: its head, signed heads, and proofs that stand on them.

use crate::Book;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::log::{
    BookKey, Checkpoint, Hash, KeyError, NoteError, ProofError, VerifierKey, consistency_proof, frontier_at,
    inclusion_proof, needed_tiles_for_consistency, needed_tiles_for_frontier, needed_tiles_for_inclusion,
};
use std::cmp::Ordering;
use store::{
    LogHead, Store, StoreError,
    entity::{book_key, log_checkpoint},
};
use uuid::Uuid;

/// Ed25519 in the text form of a public key.
const ED25519: u8 = 1;

/// Why the log could not answer.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such proof.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// No checkpoint, or not signed by a key of this book.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A row of a public key that is none.
    #[error("帳簿の公開鍵を読めません({0})。yokoito verify で確かめてください。")]
    Key(KeyError),
    /// There are not so many entries.
    #[error("帳簿の伝票はまだ{have}枚です。{size}枚目までの証明は作れません。")]
    TooShort {
        /// Asked for.
        size: u64,
        /// There are.
        have: u64,
    },
    /// A checkpoint of another book.
    #[error("別の帳簿({0})の証明です。--database で、その帳簿を指定してください。")]
    OtherBook(String),
}

/// Name of a book's log, and of its keys.
pub fn origin(book: Uuid) -> String {
    format!("yokoito/{}", book.hyphenated())
}

/// Name of this book's log; a book without entries that has none yet gets it now.
///
/// # Errors
/// [`StoreError::Corrupt`] when the book has lost its row, else as any statement.
pub async fn origin_of(book: &Book) -> Result<String, StoreError> {
    let store = book.store();
    let row = match store.book().await? {
        Some(row) => row,
        None if store.log_head().await?.size == 0 => {
            let new = crate::new_book(book.outside());
            store.make_book(new.book_id, new.format, new.made_at).await?
        }
        None => return Err(StoreError::corrupt("book")),
    };
    Ok(origin(row.book_id))
}

/// Size and root.
///
/// # Errors
/// As any statement.
pub async fn head(book: &Book) -> Result<LogHead, StoreError> {
    book.store().log_head().await
}

/// The signed head. A size is signed once: the next time the same note is the answer.
///
/// # Errors
/// [`LogError`].
pub async fn checkpoint(book: &Book, key: &BookKey) -> Result<String, LogError> {
    let head = book.store().log_head().await?;
    Ok(sign(book, key, head).await?.note)
}

/// The signed head at a size for somebody who only reads: the one that is kept, else one signed for this answer alone.
///
/// # Errors
/// As [`checkpoint_at`].
pub async fn checkpoint_for_reading(book: &Book, key: &BookKey, size: u64) -> Result<String, LogError> {
    let head = head_at(book, size).await?;
    let stored = i64::try_from(size).map_err(|_| StoreError::corrupt("log_head.size"))?;
    if let Some(kept) = checkpoint_of(book.store(), stored).await? {
        return Ok(kept.note);
    }
    let checkpoint = Checkpoint::new(&origin_of(book).await?, head.size, head.root)?;
    Ok(checkpoint.signed_at(book.outside().clock.now()).sign(key))
}

/// The signed head that the log had, or has, at a size.
///
/// # Errors
/// [`LogError::TooShort`] beyond the end of the log; [`LogError::Proof`] when tiles are missing.
pub async fn checkpoint_at(book: &Book, key: &BookKey, size: u64) -> Result<String, LogError> {
    let head = head_at(book, size).await?;
    Ok(sign(book, key, head).await?.note)
}

async fn head_at(book: &Book, size: u64) -> Result<LogHead, LogError> {
    let now = book.store().log_head().await?;
    let root = match size.cmp(&now.size) {
        Ordering::Greater => return Err(LogError::TooShort { size, have: now.size }),
        Ordering::Equal => now.root,
        Ordering::Less => root_at(book.store(), size).await?,
    };
    Ok(LogHead { size, root })
}

/// A head that the log has or had, signed; of one that was signed before, the row that is kept.
///
/// # Errors
/// [`LogError`].
pub async fn sign(book: &Book, key: &BookKey, head: LogHead) -> Result<log_checkpoint::Model, LogError> {
    let store = book.store();
    let size = i64::try_from(head.size).map_err(|_| StoreError::corrupt("log_head.size"))?;
    if let Some(kept) = checkpoint_of(store, size).await? {
        return Ok(kept);
    }
    let at = book.outside().clock.now();
    let checkpoint = Checkpoint::new(&origin_of(book).await?, head.size, head.root)?.signed_at(at);
    let new = log_checkpoint::Model {
        size,
        note: checkpoint.sign(key),
        at: at.millis(),
    };
    store.add_checkpoint(new.clone()).await?;
    // another program may have been quicker
    Ok(checkpoint_of(store, size).await?.unwrap_or(new))
}

async fn checkpoint_of(store: &Store, size: i64) -> Result<Option<log_checkpoint::Model>, StoreError> {
    let kept = store.checkpoints(size, 1).await?;
    Ok(kept.into_iter().find(|kept| kept.size == size))
}

/// Reads a signed head of this book.
///
/// # Errors
/// [`LogError`]; nothing of the note may be believed then.
pub async fn read_checkpoint(book: &Book, note: &str) -> Result<Checkpoint, LogError> {
    let checkpoint = Checkpoint::parse_and_verify(note, &public_keys(book.store()).await?)?;
    if checkpoint.origin() == origin_of(book).await? {
        Ok(checkpoint)
    } else {
        Err(LogError::OtherBook(checkpoint.origin().to_owned()))
    }
}

/// The keys whose signatures count.
///
/// # Errors
/// [`LogError`].
pub async fn public_keys(store: &Store) -> Result<Vec<VerifierKey>, LogError> {
    store
        .book_keys()
        .await?
        .iter()
        .map(|row| public_key(row).map_err(LogError::Key))
        .collect()
}

/// A public key from its row; name, number and key must belong together.
pub(crate) fn public_key(row: &book_key::Model) -> Result<VerifierKey, KeyError> {
    let key = STANDARD.encode([&[ED25519], row.public_key.as_slice()].concat());
    format!("{}+{}+{key}", row.name, row.key_id).parse()
}

/// The root that the first `size` entries had.
///
/// # Errors
/// [`LogError::Proof`] when the log is shorter or tiles are missing.
pub async fn root_at(store: &Store, size: u64) -> Result<Hash, LogError> {
    let tiles = store.tiles(&needed_tiles_for_frontier(size)).await?;
    Ok(frontier_at(size, &tiles)?.root())
}

/// Shows that the entry at a position is among the first `size`: the hashes that lead from its leaf to the root.
///
/// # Errors
/// [`LogError::Proof`] when there is no such entry.
pub async fn inclusion(book: &Book, seq: u64, size: u64) -> Result<Vec<Hash>, LogError> {
    let tiles = book
        .store()
        .tiles(&needed_tiles_for_inclusion(seq, size)?)
        .await?;
    Ok(inclusion_proof(seq, size, &tiles)?)
}

/// Shows that the first `old` entries are the beginning of the first `new` ones.
///
/// # Errors
/// [`LogError::Proof`] when the log is shorter.
pub async fn consistency(book: &Book, old: u64, new: u64) -> Result<Vec<Hash>, LogError> {
    let tiles = book
        .store()
        .tiles(&needed_tiles_for_consistency(old, new)?)
        .await?;
    Ok(consistency_proof(old, new, &tiles)?)
}
