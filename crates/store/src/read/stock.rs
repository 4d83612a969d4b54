//! What lies where: today by the kept sums, on any day by the movements.

use super::snapshot::Snapshot;
use crate::{
    StoreError,
    write::{
        column::Column,
        load::read_place,
        lookup::{Join, Lookup},
    },
};
use domain::{
    calendar::Day,
    place::{Place, PlaceKind},
};
use sea_orm::QueryResult;

/// A lot at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Number of the lot.
    pub lot: i64,
    /// Place.
    pub place: Place,
    /// Smallest steps, never nought; below nought only at boundary places.
    pub quantity: i64,
}

const FIRST_INNER: u8 = PlaceKind::Store.number();

pub(crate) const STOCK_OF: Lookup = Lookup::by(
    &[("no", Column::Big)],
    "k.no, s.quantity, p.kind, p.owner, p.holder, p.ref",
    &[
        Join::inner(
            "stock",
            "s",
            "s.place_no, s.quantity",
            "s.lot_no = k.no AND s.quantity <> 0",
        ),
        Join::inner(
            "place",
            "p",
            "p.kind, p.owner, p.holder, p.ref",
            "p.no = s.place_no",
        ),
    ],
);

impl Snapshot {
    /// Where these lots are, boundary places included.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a place that cannot be read, else as any statement.
    pub async fn stock_of(&self, lots: &[i64]) -> Result<Vec<StockRow>, StoreError> {
        read(&self.by_keys(&STOCK_OF, lots).await?)
    }

    /// All that lies at inner places by all entries, also those that count for a later day.
    ///
    /// # Errors
    /// As [`Snapshot::stock_of`].
    pub async fn stock(&self) -> Result<Vec<StockRow>, StoreError> {
        let sql = "SELECT s.lot_no, s.quantity, p.kind, p.owner, p.holder, p.ref \
                   FROM stock s JOIN place p ON p.no = s.place_no WHERE s.there";
        read(&self.all(sql, Vec::new()).await?)
    }

    /// All that lay at inner places at the end of a day.
    ///
    /// # Errors
    /// As [`Snapshot::stock_of`].
    pub async fn stock_on(&self, day: Day) -> Result<Vec<StockRow>, StoreError> {
        let (until, first_inner) = (self.parameter(1), self.parameter(2));
        let sql = format!(
            "SELECT l.lot_no, l.quantity, p.kind, p.owner, p.holder, p.ref FROM (\
             SELECT lot_no, place_no, CAST(SUM(moved) AS bigint) AS quantity FROM (\
             SELECT lot_no, to_no AS place_no, quantity AS moved FROM movement WHERE book_on <= {until} UNION ALL \
             SELECT lot_no, from_no AS place_no, -quantity AS moved FROM movement WHERE book_on <= {until}) legs \
             GROUP BY lot_no, place_no) l JOIN place p ON p.no = l.place_no \
             WHERE p.kind >= {first_inner} AND l.quantity <> 0"
        );
        let values = vec![day.as_number().into(), i16::from(FIRST_INNER).into()];
        read(&self.all(&sql, values).await?)
    }
}

pub(super) fn read(rows: &[QueryResult]) -> Result<Vec<StockRow>, StoreError> {
    let rows = rows.iter().map(|row| {
        let (lot, quantity) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok(StockRow {
            lot,
            place: read_place(row, 2)?,
            quantity,
        })
    });
    rows.collect()
}
