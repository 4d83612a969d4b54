//! 棚: what lies on the shelves of an office and whose it is, what of its own lies on the shelves of others, what of that was
//! sold lately, as soon as the shop has recorded it; what was placed lately, what was sold ahead of a count, and who bears what.

mod ahead;
mod lately;
mod placed;
mod terms;

pub use ahead::SoldAhead;
pub use placed::{PlacedLine, Placement};
pub use terms::{Costs, ShelfTerms, costs};

use super::{
    ViewError,
    close::held::Held,
    names::{self, Named},
    stock::{StockLine, stock},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    calendar::business_day,
    id::{OfficeId, PartyId},
    place::PlaceKind,
};
use rust_decimal::Decimal;
use serde::Serialize;
use store::Search;
use utoipa::ToSchema;

/// Entries that tell what was sold, placed and counted.
const ENTRIES: u32 = 1_000;
/// Entries of an office that are looked through for them: more than a week of a busy one.
const AMONG: u32 = 3_000;

/// The shelves of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShelfView {
    /// Goods of others on its shelves, by owner.
    pub here: Vec<StockLine>,
    /// Its own goods on the shelves of others, by shop.
    pub elsewhere: Vec<StockLine>,
    /// What of its own others sold in the last seven days, what sold most first.
    pub sold: Vec<SoldLately>,
    /// What was placed lately, here by others and by it elsewhere, the newest first.
    pub placed: Vec<Placement>,
    /// What was sold although the book did not have it on the shelf, and was not counted since.
    pub ahead: Vec<SoldAhead>,
    /// What the agreements say of the goods here, lot by lot.
    pub terms: Vec<ShelfTerms>,
}

/// A product that a shop sold for its owner. Quantities alone: what the customer paid is the shop's under 消化仕入型.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SoldLately {
    /// Who sold it.
    pub shop: Named,
    /// Product.
    pub product: Named,
    /// How much, returns taken off.
    pub sold: Decimal,
    /// What is left there now.
    pub left: Decimal,
    /// Unit.
    pub unit: String,
    /// Less is left than was sold: at this pace the shelf is empty within as many days again.
    pub refill: bool,
}

/// The shelves of an office.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn shelf(book: &Book, viewer: &Viewer, office: OfficeId) -> Result<ShelfView, ViewError> {
    let today = business_day(book.outside().clock.now());
    let moment = book.moment().await?;
    if !viewer.gate(&moment.masters).follows(office, today) {
        return Ok(ShelfView::default());
    }
    let own = names::party(&moment.masters, PartyId::from(office), today);
    let rows = stock(book, viewer, None, Some(office)).await?.rows;
    let on_shelves = rows
        .into_iter()
        .filter(|row| row.place == PlaceKind::Shelf.label());
    let (elsewhere, here): (Vec<StockLine>, Vec<StockLine>) = on_shelves.partition(|row| row.owner == own);
    let held = lately(&moment, office).await?;
    let gate = viewer.gate(&moment.masters);
    Ok(ShelfView {
        sold: lately::sold(&moment, &held, office, today, &elsewhere).await?,
        placed: placed::placed(&moment, gate, &held, (&here, &elsewhere), today).await?,
        ahead: ahead::ahead(&moment, gate, &held, office).await?,
        terms: terms::terms(&moment.masters, gate, &here, today)?,
        here,
        elsewhere,
    })
}

/// What tells of a shelf, with what takes it back or puts it right.
async fn lately(moment: &Moment, office: OfficeId) -> Result<Held, ViewError> {
    let kinds = ["sell", "return", "consign", "count", "reverse", "correct"].map(str::to_owned);
    let search = Search {
        offices: Some(vec![office]),
        kinds: kinds.into(),
        newest: Some(AMONG),
        ..Search::default()
    };
    let found = moment.snapshot.search(&search, ENTRIES).await?;
    Held::at(moment, found.into_iter().collect()).await
}
