//! What lay on a shelf, and what came and went in the days of a 精算書.

use super::{
    between::Window,
    snapshot::{Snapshot, number},
};
use crate::{StoreError, write::load::count};
use domain::{
    id::{OfficeId, PartyId},
    place::PlaceKind,
};
use sea_orm::Value;

impl Snapshot {
    /// Number of the place that is an owner's shelf at a holder, where goods ever lay there.
    async fn shelf_no(&self, owner: OfficeId, holder: OfficeId) -> Result<Option<i64>, StoreError> {
        let p = |n| self.parameter(n);
        let sql = format!(
            "SELECT no FROM place WHERE kind = {} AND owner = {} AND holder = {} ORDER BY no LIMIT 1",
            p(1),
            p(2),
            p(3)
        );
        let values = vec![
            i16::from(PlaceKind::Shelf.number()).into(),
            PartyId::from(owner).0.into(),
            PartyId::from(holder).0.into(),
        ];
        let rows = self.all(&sql, values).await?;
        rows.first().map(|row| Ok(row.try_get_by_index(0)?)).transpose()
    }

    /// What lay on an owner's shelf at a holder before a statement began, lot by lot: what all statements before it cover.
    ///
    /// # Errors
    /// As any statement.
    pub async fn shelf_before(
        &self,
        (owner, holder): (OfficeId, OfficeId),
        window: Window,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        let Some(shelf) = self.shelf_no(owner, holder).await? else {
            return Ok(Vec::new());
        };
        let p = |n| self.parameter(n);
        let legs = |into: &str, sign: &str| {
            format!(
                "SELECT s.lot_no, {sign}m.quantity AS moved FROM stock s \
                 JOIN movement m ON m.lot_no = s.lot_no AND m.{into} = s.place_no \
                 WHERE s.place_no = {} AND s.inner_place AND m.book_on < {} AND m.seq <= {}",
                p(1),
                p(2),
                p(3)
            )
        };
        let sql = format!(
            "SELECT lot_no, CAST(SUM(moved) AS bigint) FROM ({} UNION ALL {}) legs GROUP BY lot_no \
             HAVING SUM(moved) <> 0",
            legs("to_no", ""),
            legs("from_no", "-")
        );
        let values: Vec<Value> = vec![
            shelf.into(),
            window.from.as_number().into(),
            window.after.map_or(Ok(i64::MAX), number)?.into(),
        ];
        let rows = self.all(&sql, values).await?;
        rows.iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect()
    }

    /// Positions of the entries that moved goods onto or off an owner's shelf at a holder and that a statement covers.
    ///
    /// # Errors
    /// As any statement.
    pub async fn shelf_covered(
        &self,
        (owner, holder): (OfficeId, OfficeId),
        window: Window,
    ) -> Result<Vec<u64>, StoreError> {
        let Some(shelf) = self.shelf_no(owner, holder).await? else {
            return Ok(Vec::new());
        };
        let p = |n| self.parameter(n);
        let legs = |into: &str| {
            format!(
                "SELECT m.seq FROM stock s JOIN movement m ON m.lot_no = s.lot_no AND m.{into} = s.place_no \
                 WHERE s.place_no = {} AND s.inner_place AND m.book_on <= {} AND (m.book_on >= {} OR m.seq > {}) \
                 AND m.seq < {}",
                p(1),
                p(2),
                p(3),
                p(4),
                p(5)
            )
        };
        let sql = format!("{} UNION {} ORDER BY 1", legs("to_no"), legs("from_no"));
        let values: Vec<Value> = vec![
            shelf.into(),
            window.to.as_number().into(),
            window.from.as_number().into(),
            window.after.map_or(Ok(i64::MAX), number)?.into(),
            window.before.map_or(Ok(i64::MAX), number)?.into(),
        ];
        let rows = self.all(&sql, values).await?;
        rows.iter().map(|row| count(row.try_get_by_index(0)?)).collect()
    }
}
