//! Which entries refer to entries, and in which role.

use super::snapshot::{Snapshot, number};
use crate::{
    StoreError,
    write::{
        column::Column,
        load::count,
        lookup::{Join, Lookup},
        rows::role_of,
    },
};
use domain::entry::ReferenceRole;

/// An entry that refers to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referring {
    /// Position of the other one.
    pub target: u64,
    /// Its own position.
    pub by: u64,
    /// In which role.
    pub role: ReferenceRole,
}

pub(crate) const REFERRING: Lookup = Lookup::by(
    &[("seq", Column::Big)],
    "r.target_seq, r.seq, r.role",
    &[Join::inner(
        "entry_ref",
        "r",
        "r.target_seq, r.seq, r.role",
        "r.target_seq = k.seq",
    )],
);

impl Snapshot {
    /// All that refers to entries at these positions, in the order of the book.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for an unknown role, else as any statement.
    pub async fn referring_to(&self, seqs: &[u64]) -> Result<Vec<Referring>, StoreError> {
        let seqs = seqs.iter().copied().map(number).collect::<Result<Vec<_>, _>>()?;
        let rows = self.by_keys(&REFERRING, &seqs).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let role: String = row.try_get_by_index(2)?;
            found.push(Referring {
                target: count(row.try_get_by_index(0)?)?,
                by: count(row.try_get_by_index(1)?)?,
                role: role_of(&role).ok_or_else(|| StoreError::corrupt("entry_ref.role"))?,
            });
        }
        found.sort_by_key(|referring| (referring.by, referring.target, referring.role));
        Ok(found)
    }
}
