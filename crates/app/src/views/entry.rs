//! One entry as people read it: what moved, and what each office's books say of it.

use super::{
    ViewError,
    names::{Named, party, product},
};
use crate::{Book, viewer::Viewer};
use domain::{
    account::{BookUnit, Section},
    acts::Act,
    calendar::Day,
    command::entry_id,
    entry::{Movement, Posting},
    id::{Acting, PartyId},
    masters::Masters,
    money::Yen,
    place::Place,
    refs::EntryRef,
    tax::TaxRate,
};
use rust_decimal::Decimal;
use serde::Serialize;
use store::Snapshot;

/// An entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryView {
    /// Position in the log, from 0.
    pub seq: u64,
    /// Kind of act.
    pub kind: String,
    /// What people call it.
    pub label: &'static str,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Key of the acting body.
    pub key: String,
    /// Goods.
    pub movements: Vec<MovementView>,
    /// Money.
    pub postings: Vec<PostingView>,
}

/// Goods that moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MovementView {
    /// Lot.
    pub lot: String,
    /// Product.
    pub product: Named,
    /// From which place, held by whom.
    pub from: PlaceView,
    /// To which place, held by whom.
    pub to: PlaceView,
    /// How much.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
}

/// A place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceView {
    /// Kind, for people.
    pub place: &'static str,
    /// Whose the goods are.
    pub owner: Named,
    /// Who has them.
    pub holder: Named,
}

/// Yen on an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PostingView {
    /// Whose books: an office or a head office.
    pub unit: Named,
    /// Section of an office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<Section>,
    /// Account, for people.
    pub label: &'static str,
    /// Who is owed or owes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<Named>,
    /// Debit +, credit −.
    pub yen: Yen,
    /// Class and rate as used.
    pub tax: TaxRate,
}

/// Whether the book has an entry under this key of the keeper.
///
/// # Errors
/// [`ViewError::Store`].
pub async fn keeper_recorded(book: &Book, key: &domain::text::Key) -> Result<bool, ViewError> {
    let snapshot = book.store().snapshot().await?;
    Ok(snapshot.entry(entry_id(Acting::Keeper, key)).await?.is_some())
}

/// The entry an office recorded under a key; `None` when there is none, or when the viewer may not know of it.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] when the entry moves a lot that is not in the book.
pub async fn entry(
    book: &Book,
    viewer: &Viewer,
    reference: &EntryRef,
) -> Result<Option<EntryView>, ViewError> {
    let snapshot = book.store().snapshot().await?;
    let masters = snapshot.masters().await?;
    let Some(acting) = reference.acting(&masters, Acting::Keeper) else {
        return Ok(None);
    };
    let Some(entry) = snapshot.entry(entry_id(acting, &reference.key)).await? else {
        return Ok(None);
    };
    let movements: Vec<&Movement> = (entry.movements.iter())
        .filter(|movement| viewer.sees_goods(movement.from.owner, movement.from.holder))
        .collect();
    let postings: Vec<PostingView> = (entry.postings.iter())
        .filter(|posting| viewer.sees_books(posting.account.unit))
        .map(|posting| posting_view(&masters, posting, entry.supplied_on))
        .collect();
    if movements.is_empty() && postings.is_empty() {
        return Ok(None);
    }
    let mut shown = Vec::new();
    for movement in movements {
        shown.push(movement_view(&snapshot, &masters, movement, entry.supplied_on).await?);
    }
    Ok(Some(EntryView {
        seq: entry.seq,
        label: Act::label(&entry.kind),
        supplied_on: entry.supplied_on,
        book_on: entry.book_on,
        key: entry.key.to_string(),
        movements: shown,
        postings,
        kind: entry.kind,
    }))
}

async fn movement_view(
    snapshot: &Snapshot,
    masters: &Masters,
    movement: &Movement,
    day: Day,
) -> Result<MovementView, ViewError> {
    let lot = snapshot.lot_by_id(movement.lot).await?;
    let lot = lot.ok_or(ViewError::Broken { what: "ロット" })?.lot;
    let of_product = masters.product(lot.product);
    let of_product = of_product.ok_or(ViewError::Broken { what: "品目" })?;
    Ok(MovementView {
        lot: lot.code.to_string(),
        product: product(masters, of_product, day),
        from: place_view(masters, movement.from, day),
        to: place_view(masters, movement.to, day),
        quantity: of_product.unit.decimal(movement.quantity.get()),
        unit: of_product.unit.name.clone(),
    })
}

fn place_view(masters: &Masters, place: Place, day: Day) -> PlaceView {
    PlaceView {
        place: place.kind.label(),
        owner: party(masters, place.owner, day),
        holder: party(masters, place.holder, day),
    }
}

fn posting_view(masters: &Masters, posting: &Posting, day: Day) -> PostingView {
    let account = &posting.account;
    let (unit, section) = match account.unit {
        BookUnit::Office(office, section) => (PartyId::from(office), Some(section)),
        BookUnit::Head(corporation) => (PartyId::from(corporation), None),
    };
    PostingView {
        unit: party(masters, unit, day),
        section,
        label: account.kind.label(),
        party: account.party.map(|other| party(masters, other, day)),
        yen: posting.yen,
        tax: posting.tax,
    }
}
