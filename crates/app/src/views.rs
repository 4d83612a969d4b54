//! What is read from the book: each view asks the [`Viewer`](crate::viewer::Viewer) first, reads one moment of the book,
//! and answers in names and units that people know.

pub mod balances;
pub mod both;
pub mod close;
pub mod deliveries;
pub mod document;
pub mod entries;
pub mod entry;
pub mod journal;
pub mod label;
pub mod later;
pub mod masters;
pub mod money;
pub mod names;
pub mod netting;
pub mod on_sale;
pub mod open_items;
pub mod orders;
pub mod paper;
pub mod production;
pub mod public_lot;
pub mod recipes;
pub mod settlement;
pub mod shelf;
pub mod statement;
pub mod stock;
pub mod trace;
pub mod usual;

use crate::{Book, viewer::Viewer};
use domain::{
    account::BookUnit,
    calendar::{Day, business_day},
    entry::Entry,
    id::{EntryId, OfficeId},
    masters::Masters,
    quantity::QuantityError,
    refs::EntryRef,
};
use store::StoreError;

/// Whether any of these offices is one whose dealings of a day the viewer may see.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn follows_any(
    book: &Book,
    viewer: &Viewer,
    offices: &[OfficeId],
    day: Day,
) -> Result<bool, ViewError> {
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    // each is asked: whose file it is has been read
    Ok(offices
        .iter()
        .filter(|office| gate.follows(**office, day))
        .count()
        > 0)
}

/// An entry as another act names it.
fn reference(masters: &Masters, entry: &Entry) -> EntryRef {
    let acting = entry.acting.office().and_then(|office| masters.office(office));
    EntryRef {
        office: acting.map(|office| office.code.clone()),
        network: None,
        key: entry.key.clone(),
    }
}

/// How an act of an office names an entry that touches it; nothing for who may not see the office's books.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn reference_of(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    id: EntryId,
) -> Result<Option<EntryRef>, ViewError> {
    let moment = book.moment().await?;
    let today = business_day(book.outside().clock.now());
    let unit = BookUnit::production(office);
    if !viewer.gate(&moment.masters).sees_books(unit, today) {
        return Ok(None);
    }
    let entry = moment.snapshot.entry(id).await?;
    let touches = entry.filter(|entry| entry.offices.contains(&office));
    Ok(touches.map(|entry| reference(&moment.masters, &entry)))
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The book could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No lot has this code, or the viewer may not know of it.
    #[error(
        "ロット「{code}」は見つかりません。番号を確かめてください。今あるロットは yokoito stock で見られます。"
    )]
    LotUnknown {
        /// As asked for.
        code: String,
    },
    /// A quantity that the product's unit does not know.
    #[error("{0}")]
    Quantity(#[from] QuantityError),
    /// More than there ever was of the lot.
    #[error("ロット「{code}」は全部で {size}{unit}です。それより多くはたどれません。")]
    MoreThanTheLot {
        /// Its code.
        code: String,
        /// All there ever was.
        size: String,
        /// Unit.
        unit: String,
    },
    /// The book refers to something it does not have.
    #[error("帳簿の記録が足りません（{what}）。yokoito verify で確かめてください。")]
    Broken {
        /// What is missing.
        what: &'static str,
    },
}
