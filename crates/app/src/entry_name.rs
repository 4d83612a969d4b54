//! Finding the entry that people point at.

use crate::Book;
use domain::{
    command::{ActingRef, entry_id},
    id::{Acting, EntryId},
    masters::Masters,
    refs::EntryPointer,
    text::Code,
};
use store::StoreError;

/// Why there is no entry of that name.
#[derive(Debug, thiserror::Error)]
pub enum NotNamed {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such entry.
    #[error("伝票「{0}」は帳簿にありません。番号・ID・「事業所のコード/キー」を確かめてください。")]
    NoEntry(EntryPointer),
    /// A code that the book does not know.
    #[error("コード「{0}」の事業所・連絡会は帳簿にありません。つづりを確かめてください。")]
    NoSuchCode(Code),
}

/// Where the entry is that is pointed at, among the first so many.
pub(crate) async fn position(
    book: &Book,
    masters: &Masters,
    pointer: &EntryPointer,
    size: u64,
) -> Result<u64, NotNamed> {
    let missing = || NotNamed::NoEntry(pointer.clone());
    let id = match pointer {
        EntryPointer::Position(seq) if *seq < size => return Ok(*seq),
        EntryPointer::Position(_) => return Err(missing()),
        EntryPointer::Id(id) => *id,
        EntryPointer::Key { acting, key } => entry_id(acting_of(masters, acting)?, key),
    };
    let EntryId(id) = id;
    let found = book.store().rows().positions(&[id]).await?;
    found
        .get(&id)
        .and_then(|seq| u64::try_from(*seq).ok())
        .ok_or_else(missing)
}

fn acting_of(masters: &Masters, acting: &ActingRef) -> Result<Acting, NotNamed> {
    let (code, found) = match acting {
        ActingRef::Keeper => return Ok(Acting::Keeper),
        ActingRef::Network(code) => {
            let network = masters.network_by_code(code);
            (code, network.map(|network| Acting::Network(network.id)))
        }
        ActingRef::Office(code) => {
            let office = masters.office_by_code(code);
            (code, office.map(|office| Acting::Office(office.id)))
        }
    };
    found.ok_or_else(|| NotNamed::NoSuchCode(code.clone()))
}
