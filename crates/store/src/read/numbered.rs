//! Entries with a number of a series without gaps.

use super::snapshot::{Snapshot, number};
use crate::{
    StoreError,
    write::{
        answers::issued,
        load::{count, decode},
    },
};
use domain::{
    entry::Entry,
    id::{EntryId, OfficeId},
    numbered::Series,
};
use std::collections::{BTreeMap, BTreeSet};

/// Positions looked up by one statement.
const AT_ONCE: usize = 200;

/// An entry of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedEntry {
    /// Its number, from 1.
    pub number: u64,
    /// The entry.
    pub entry: Entry,
    /// What took it back.
    pub reversed_by: Option<EntryId>,
}

impl Snapshot {
    /// Entries of a series, the highest numbers first, below a number, at most so many.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for bytes that cannot be read, else as any statement.
    pub async fn numbered(
        &self,
        series: Series,
        below: Option<u64>,
        limit: u32,
    ) -> Result<Vec<NumberedEntry>, StoreError> {
        let sql = format!(
            "SELECT n.number, e.canonical, (SELECT r.id FROM entry r WHERE r.reverses_seq = e.seq) \
             FROM numbered n JOIN entry e ON e.seq = n.seq WHERE n.series = {} AND n.number < {} \
             ORDER BY n.number DESC LIMIT {limit}",
            self.parameter(1),
            self.parameter(2)
        );
        let below = below.map_or(Ok(i64::MAX), number)?;
        let rows = self.all(&sql, vec![series.key().into(), below.into()]).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let entry = decode(&row.try_get_by_index::<Vec<u8>>(1)?)?;
            found.push(NumberedEntry {
                number: count(row.try_get_by_index(0)?)?,
                entry,
                reversed_by: row.try_get_by_index::<Option<uuid::Uuid>>(2)?.map(EntryId),
            });
        }
        Ok(found)
    }

    /// The documents of the office that cover these positions and were not replaced; without one document.
    ///
    /// # Errors
    /// As any statement.
    pub async fn issued(
        &self,
        office: OfficeId,
        seqs: &[u64],
        without: Option<EntryId>,
    ) -> Result<BTreeMap<u64, BTreeSet<EntryId>>, StoreError> {
        issued(&self.tx, self.engine, office, seqs, without).await
    }

    /// The documents by which documents were replaced: position of the old one, id of the new one.
    ///
    /// # Errors
    /// As any statement.
    pub async fn replaced_by(&self, seqs: &[u64]) -> Result<BTreeMap<u64, EntryId>, StoreError> {
        let mut found = BTreeMap::new();
        for some in seqs.chunks(AT_ONCE) {
            let places: Vec<String> = (1..=some.len()).map(|n| self.parameter(n)).collect();
            let sql = format!(
                "SELECT r.target_seq, e.id FROM entry_ref r JOIN entry e ON e.seq = r.seq \
                 WHERE r.target_seq IN ({}) AND r.role = 'original' AND e.kind = 'issue'",
                places.join(", ")
            );
            let values = some.iter().map(|seq| Ok(number(*seq)?.into()));
            for row in &self.all(&sql, values.collect::<Result<_, StoreError>>()?).await? {
                let by: uuid::Uuid = row.try_get_by_index(1)?;
                found.insert(count(row.try_get_by_index(0)?)?, EntryId(by));
            }
        }
        Ok(found)
    }
}
