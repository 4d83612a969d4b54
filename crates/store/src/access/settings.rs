//! How an office likes its papers, labels and files.

use crate::{Store, StoreError, entity::setting};
use sea_orm::EntityTrait;
use uuid::Uuid;

impl Store {
    /// What an office has set, as JSON.
    ///
    /// # Errors
    /// As any statement.
    pub async fn setting(&self, office: Uuid, name: &str) -> Result<Option<String>, StoreError> {
        let found = setting::Entity::find_by_id((office, name.to_owned()));
        Ok(found.one(&self.reader).await?.map(|row| row.value))
    }

    /// Sets it, over what was set before.
    ///
    /// # Errors
    /// As any statement.
    pub async fn set(&self, row: setting::Model) -> Result<(), StoreError> {
        let sql = "INSERT INTO setting (office, name, value, person, set_at) VALUES ({1}, {2}, {3}, {4}, {5}) \
                   ON CONFLICT (office, name) DO UPDATE SET value = excluded.value, person = excluded.person, \
                   set_at = excluded.set_at";
        let values = [
            row.office.into(),
            row.name.into(),
            row.value.into(),
            row.person.into(),
            row.set_at.into(),
        ];
        self.change_one(sql, values).await?;
        Ok(())
    }
}
