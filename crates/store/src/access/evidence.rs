//! 証拠書類: files that entries name by hash.

use super::AccessChange;
use crate::{
    Store, StoreError,
    entity::{evidence, evidence_office},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

impl Store {
    /// A file by the SHA-256 of its bytes.
    ///
    /// # Errors
    /// As any statement.
    pub async fn evidence(&self, hash: &[u8]) -> Result<Option<evidence::Model>, StoreError> {
        Ok(evidence::Entity::find_by_id(hash.to_vec())
            .one(&self.reader)
            .await?)
    }

    /// Offices that brought a file.
    ///
    /// # Errors
    /// As any statement.
    pub async fn offices_of_evidence(&self, hash: &[u8]) -> Result<Vec<Uuid>, StoreError> {
        let found = evidence_office::Entity::find().filter(evidence_office::Column::Hash.eq(hash));
        let found = found.all(&self.reader).await?;
        Ok(found.into_iter().map(|row| row.office).collect())
    }
}

impl AccessChange {
    /// Keeps a file, unless it is kept.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_evidence(&self, file: evidence::Model) -> Result<(), StoreError> {
        let sql = "INSERT INTO evidence (hash, media_type, size, bytes, made_at) VALUES ({1}, {2}, {3}, {4}, {5}) \
                   ON CONFLICT (hash) DO NOTHING";
        let values = [
            file.hash.into(),
            file.media_type.into(),
            file.size.into(),
            file.bytes.into(),
            file.made_at.into(),
        ];
        self.change(sql, values).await?;
        Ok(())
    }

    /// Notes that an office brought a file, unless it had.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_evidence_office(&self, row: evidence_office::Model) -> Result<(), StoreError> {
        let sql = "INSERT INTO evidence_office (hash, office, person, made_at) VALUES ({1}, {2}, {3}, {4}) \
                   ON CONFLICT (hash, office) DO NOTHING";
        let values = [
            row.hash.into(),
            row.office.into(),
            row.person.into(),
            row.made_at.into(),
        ];
        self.change(sql, values).await?;
        Ok(())
    }
}
