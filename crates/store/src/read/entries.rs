//! Single entries.

use super::snapshot::Snapshot;
use crate::{StoreError, write::load::decode};
use domain::{entry::Entry, id::EntryId};

impl Snapshot {
    /// An entry by its id.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for bytes that cannot be read, else as any statement.
    pub async fn entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        let sql = format!("SELECT canonical FROM entry WHERE id = {}", self.parameter(1));
        let rows = self.all(&sql, vec![id.0.into()]).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let bytes: Vec<u8> = row.try_get_by_index(0)?;
        decode(&bytes).map(Some)
    }
}
