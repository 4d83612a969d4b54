//! Links by which people come in.

use super::AccessChange;
use crate::{Store, StoreError, entity::invitation};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

impl Store {
    /// An invitation.
    ///
    /// # Errors
    /// As any statement.
    pub async fn invitation(&self, id: Uuid) -> Result<Option<invitation::Model>, StoreError> {
        Ok(invitation::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// An invitation by the hash of its secret.
    ///
    /// # Errors
    /// As any statement.
    pub async fn invitation_by_secret(
        &self,
        secret_hash: &[u8],
    ) -> Result<Option<invitation::Model>, StoreError> {
        let found = invitation::Entity::find().filter(invitation::Column::SecretHash.eq(secret_hash));
        Ok(found.one(&self.reader).await?)
    }

    /// Invitations that may still be used at a time: all, or those to roles of these offices; the newest first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn open_invitations(
        &self,
        of: Option<&[Uuid]>,
        now: i64,
    ) -> Result<Vec<invitation::Model>, StoreError> {
        let mut found = invitation::Entity::find()
            .filter(invitation::Column::UsedAt.is_null())
            .filter(invitation::Column::ExpiresAt.gt(now));
        if let Some(of) = of {
            found = found
                .filter(invitation::Column::Of.is_in(of.iter().copied()))
                .filter(invitation::Column::Role.is_in(["staff", "manager"]));
        }
        let newest_first = found
            .order_by_desc(invitation::Column::MadeAt)
            .order_by_asc(invitation::Column::Id);
        Ok(newest_first.all(&self.reader).await?)
    }

    /// Adds an invitation; false when there is one with this id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_invitation(&self, invitation: invitation::Model) -> Result<bool, StoreError> {
        Ok(self.change_one(ADD, values(invitation)).await? == 1)
    }

    /// Withdraws an invitation that may still be used; false when it may not.
    ///
    /// # Errors
    /// As any statement.
    pub async fn withdraw_invitation(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql =
            "UPDATE invitation SET expires_at = {2} WHERE id = {1} AND used_at IS NULL AND expires_at > {2}";
        Ok(self.change_one(sql, [id.into(), at.into()]).await? == 1)
    }
}

const ADD: &str = "INSERT INTO invitation (id, secret_hash, role, of, made_by, made_at, expires_at, used_at, used_by) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}) ON CONFLICT (id) DO NOTHING";

fn values(invitation: invitation::Model) -> [sea_orm::Value; 9] {
    [
        invitation.id.into(),
        invitation.secret_hash.into(),
        invitation.role.into(),
        invitation.of.into(),
        invitation.made_by.into(),
        invitation.made_at.into(),
        invitation.expires_at.into(),
        invitation.used_at.into(),
        invitation.used_by.into(),
    ]
}

impl AccessChange {
    /// Uses an invitation; false when somebody was quicker, it has expired or was withdrawn, or who sent it may no longer
    /// give the role.
    ///
    /// # Errors
    /// As any statement.
    pub async fn use_invitation(&self, id: Uuid, by: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE invitation SET used_at = {3}, used_by = {2} \
                   WHERE id = {1} AND used_at IS NULL AND expires_at > {3} AND (made_by IS NULL OR EXISTS (\
                   SELECT 1 FROM person p JOIN person_role r ON r.person = p.id \
                   WHERE p.id = invitation.made_by AND p.disabled_at IS NULL AND r.until_at IS NULL AND (\
                   r.role = 'operator' OR (r.role = 'manager' AND r.of = invitation.of AND \
                   invitation.role IN ('staff', 'manager')))))";
        Ok(self.change(sql, [id.into(), by.into(), at.into()]).await? == 1)
    }

    /// Ends the links that set the book up and were not used, and adds another one.
    ///
    /// # Errors
    /// As any statement.
    pub async fn replace_set_up(&self, invitation: invitation::Model) -> Result<(), StoreError> {
        let sql = "UPDATE invitation SET expires_at = {3} WHERE of = {1} AND role = {2} AND made_by IS NULL \
                   AND used_at IS NULL AND expires_at > {3}";
        let older = [
            invitation.of.into(),
            invitation.role.clone().into(),
            invitation.made_at.into(),
        ];
        self.change(sql, older).await?;
        self.change(ADD, values(invitation)).await?;
        Ok(())
    }

    /// Ends what somebody sent out and nobody has used: for roles of this office or network, or all.
    ///
    /// # Errors
    /// As any statement.
    pub async fn end_invitations_by(
        &self,
        person: Uuid,
        of: Option<Uuid>,
        at: i64,
    ) -> Result<(), StoreError> {
        let all = "UPDATE invitation SET expires_at = {2} \
                   WHERE made_by = {1} AND used_at IS NULL AND expires_at > {2}";
        match of {
            None => self.change(all, [person.into(), at.into()]).await?,
            Some(of) => {
                let sql = format!("{all} AND of = {{3}}");
                self.change(&sql, [person.into(), at.into(), of.into()]).await?
            }
        };
        Ok(())
    }
}
