//! Lots with their facts as last amended.

use super::snapshot::{Snapshot, number};
use crate::{
    StoreError,
    write::{
        column::Column,
        load::count,
        lookup::{Join, Lookup},
    },
};
use domain::{id::LotId, lot::Lot, text::LotCode};
use sea_orm::QueryResult;

/// A lot as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLot {
    /// Number in this book, in order of birth.
    pub no: i64,
    /// Facts.
    pub lot: Lot,
    /// Position of the entry it was born in.
    pub born_in: u64,
}

const COLUMNS: &str = "l.no, l.birth_seq, l.facts, (SELECT a.facts FROM lot_amendment a WHERE a.lot_no = l.no \
                       ORDER BY a.seq DESC LIMIT 1)";

pub(crate) const BY_NO: Lookup = Lookup::by(
    &[("no", Column::Big)],
    COLUMNS,
    &[Join::inner(
        "lot",
        "l",
        "l.no, l.birth_seq, l.facts",
        "l.no = k.no",
    )],
);
pub(crate) const BY_ID: Lookup = Lookup::by(
    &[("id", Column::Uuid)],
    COLUMNS,
    &[Join::inner(
        "lot",
        "l",
        "l.no, l.birth_seq, l.facts",
        "l.id = k.id",
    )],
);

impl Snapshot {
    /// The lot with this code on its label.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for facts that cannot be read, else as any statement.
    pub async fn lot_by_code(&self, code: &LotCode) -> Result<Option<KeptLot>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM lot l WHERE l.code = {}", self.parameter(1));
        let rows = self.all(&sql, vec![code.as_str().to_owned().into()]).await?;
        rows.first().map(read).transpose()
    }

    /// The lot with this id.
    ///
    /// # Errors
    /// As [`Snapshot::lot_by_code`].
    pub async fn lot_by_id(&self, id: LotId) -> Result<Option<KeptLot>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM lot l WHERE l.id = {}", self.parameter(1));
        let rows = self.all(&sql, vec![id.0.into()]).await?;
        rows.first().map(read).transpose()
    }

    /// The random bytes of the entry a lot was born in: known to the book alone.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a lot without its entry, else as any statement.
    pub async fn seed_of_birth(&self, lot: &KeptLot) -> Result<[u8; 32], StoreError> {
        let sql = format!("SELECT salt FROM entry WHERE seq = {}", self.parameter(1));
        let rows = self.all(&sql, vec![number(lot.born_in)?.into()]).await?;
        let row = rows.first().ok_or_else(|| StoreError::corrupt("lot.birth_seq"))?;
        let bytes: Vec<u8> = row.try_get_by_index(0)?;
        bytes.try_into().map_err(|_| StoreError::corrupt("entry.salt"))
    }

    /// Lots by number, in no order.
    ///
    /// # Errors
    /// As [`Snapshot::lot_by_code`].
    pub async fn lots(&self, numbers: &[i64]) -> Result<Vec<KeptLot>, StoreError> {
        let rows = self.by_keys(&BY_NO, numbers).await?;
        rows.iter().map(read).collect()
    }

    /// Lots by id, in no order.
    ///
    /// # Errors
    /// As [`Snapshot::lot_by_code`].
    pub async fn lots_by_id(&self, ids: &[LotId]) -> Result<Vec<KeptLot>, StoreError> {
        let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
        let rows = self.by_keys(&BY_ID, &ids).await?;
        rows.iter().map(read).collect()
    }
}

fn read(row: &QueryResult) -> Result<KeptLot, StoreError> {
    let born: String = row.try_get_by_index(2)?;
    let amended: Option<String> = row.try_get_by_index(3)?;
    let lot = serde_json::from_str(amended.as_deref().unwrap_or(&born));
    Ok(KeptLot {
        no: row.try_get_by_index(0)?,
        lot: lot.map_err(|_| StoreError::corrupt("lot.facts"))?,
        born_in: count(row.try_get_by_index(1)?)?,
    })
}
