//! Links by which an account gets another password.

use super::AccessChange;
use crate::{Store, StoreError, entity::password_reset};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

impl Store {
    /// A link.
    ///
    /// # Errors
    /// As any statement.
    pub async fn password_reset(&self, id: Uuid) -> Result<Option<password_reset::Model>, StoreError> {
        Ok(password_reset::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// A link by the hash of its secret.
    ///
    /// # Errors
    /// As any statement.
    pub async fn password_reset_by_secret(
        &self,
        secret_hash: &[u8],
    ) -> Result<Option<password_reset::Model>, StoreError> {
        let found = password_reset::Entity::find().filter(password_reset::Column::SecretHash.eq(secret_hash));
        Ok(found.one(&self.reader).await?)
    }
}

impl AccessChange {
    /// Adds a link, and ends those of the same account that nobody used; false, and nothing ended, when there is one with
    /// this id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_password_reset(&self, reset: password_reset::Model) -> Result<bool, StoreError> {
        let sql = "INSERT INTO password_reset (id, secret_hash, person, made_by, made_at, expires_at, used_at) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}) ON CONFLICT (id) DO NOTHING";
        let values = [
            reset.id.into(),
            reset.secret_hash.into(),
            reset.person.into(),
            reset.made_by.into(),
            reset.made_at.into(),
            reset.expires_at.into(),
            reset.used_at.into(),
        ];
        if self.change(sql, values).await? == 0 {
            return Ok(false);
        }
        let older = "UPDATE password_reset SET expires_at = {3} \
                     WHERE person = {1} AND id <> {2} AND used_at IS NULL AND expires_at > {3}";
        let values = [reset.person.into(), reset.id.into(), reset.made_at.into()];
        self.change(older, values).await?;
        Ok(true)
    }

    /// Uses a link; false when it was used, has expired, or the account of who made it is shut.
    ///
    /// # Errors
    /// As any statement.
    pub async fn use_password_reset(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE password_reset SET used_at = {2} \
                   WHERE id = {1} AND used_at IS NULL AND expires_at > {2} AND EXISTS (\
                   SELECT 1 FROM person p WHERE p.id = password_reset.made_by AND p.disabled_at IS NULL)";
        Ok(self.change(sql, [id.into(), at.into()]).await? == 1)
    }

    /// Ends the links that somebody made and nobody used.
    ///
    /// # Errors
    /// As any statement.
    pub async fn end_password_resets_by(&self, person: Uuid, at: i64) -> Result<(), StoreError> {
        let sql = "UPDATE password_reset SET expires_at = {2} \
                   WHERE made_by = {1} AND used_at IS NULL AND expires_at > {2}";
        self.change(sql, [person.into(), at.into()]).await?;
        Ok(())
    }

    /// Gives an account that may be used another password, whatever it was; false for one without a password.
    ///
    /// # Errors
    /// As any statement.
    pub async fn set_password(&self, person: Uuid, new: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE person SET password = {2} \
                   WHERE id = {1} AND password IS NOT NULL AND disabled_at IS NULL";
        Ok(self.change(sql, [person.into(), new.into()]).await? == 1)
    }
}
