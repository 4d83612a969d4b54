//! 在庫: what lies where, and whose it is.

use super::{
    ViewError,
    names::{self, Named},
};
use crate::{Book, moment::Moment, viewer::Viewer};
use domain::{
    calendar::{Day, business_day},
    id::{OfficeId, PartyId},
    lot::BestBefore,
    masters::Masters,
    place::Place,
};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::HashMap;
use store::{KeptLot, StockRow};
use utoipa::ToSchema;

/// Stock of the offices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockView {
    /// End of this day; none for all that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Day>,
    /// By holder, owner, kind of place, product, lot.
    pub rows: Vec<StockLine>,
}

/// A lot at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockLine {
    /// Who has it.
    pub holder: Named,
    /// Whose it is.
    pub owner: Named,
    /// Kind of place, for people.
    pub place: &'static str,
    /// Product.
    pub product: Named,
    /// Code of the lot.
    pub lot: String,
    /// How much.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// Made, harvested or bought on.
    pub made_on: Day,
    /// 期限.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_before: Option<BestBefore>,
}

/// What lies at inner places: as recorded, or at the end of a day; of all offices, or what one has or owns.
///
/// # Errors
/// [`ViewError::Store`] or [`ViewError::Broken`].
pub async fn stock(
    book: &Book,
    viewer: &Viewer,
    day: Option<Day>,
    only: Option<OfficeId>,
) -> Result<StockView, ViewError> {
    let Moment {
        snapshot, masters, ..
    } = book.moment().await?;
    let gate = viewer.gate(&masters);
    let named_on = day.unwrap_or_else(|| business_day(book.outside().clock.now()));
    let mut found = match day {
        None => match gate.offices_followed() {
            None => snapshot.stock().await?,
            Some(offices) => {
                let parties: Vec<PartyId> = offices.into_iter().map(PartyId::from).collect();
                snapshot.stock_of_parties(&parties).await?
            }
        },
        Some(day) => snapshot.stock_on(day).await?,
    };
    // before the gate is asked: what it opens counts as read
    if let Some(only) = only.map(PartyId::from) {
        found.retain(|row| row.place.owner == only || row.place.holder == only);
    }
    found.retain(|row| gate.sees_goods(row.place.owner, row.place.holder, named_on));
    let numbers: Vec<i64> = found.iter().map(|row| row.lot).collect();
    let lots: HashMap<i64, KeptLot> = snapshot
        .lots(&numbers)
        .await?
        .into_iter()
        .map(|lot| (lot.no, lot))
        .collect();
    let rows = found.iter().map(|row| line(&masters, &lots, row, named_on));
    let mut rows: Vec<(i64, Place, StockLine)> = rows.collect::<Result<_, _>>()?;
    rows.sort_by(|(no, place, line), (other_no, other_place, other)| {
        let key = |place: &Place, line: &StockLine| {
            (
                line.holder.clone(),
                place.kind,
                line.owner.clone(),
                line.product.clone(),
            )
        };
        key(place, line)
            .cmp(&key(other_place, other))
            .then(no.cmp(other_no))
    });
    Ok(StockView {
        day,
        rows: rows.into_iter().map(|(_, _, line)| line).collect(),
    })
}

fn line(
    masters: &Masters,
    lots: &HashMap<i64, KeptLot>,
    row: &StockRow,
    day: Day,
) -> Result<(i64, Place, StockLine), ViewError> {
    let lot = &lots.get(&row.lot).ok_or(ViewError::Broken { what: "lot" })?.lot;
    let product = masters
        .product(lot.product)
        .ok_or(ViewError::Broken { what: "product" })?;
    let line = StockLine {
        holder: names::party(masters, row.place.holder, day),
        owner: names::party(masters, row.place.owner, day),
        place: row.place.kind.label(),
        product: names::product(masters, product, day),
        lot: lot.code.to_string(),
        quantity: product.unit.decimal(row.quantity),
        unit: product.unit.name.clone(),
        made_on: lot.made_on,
        best_before: lot.best_before,
    };
    Ok((row.lot, row.place, line))
}
