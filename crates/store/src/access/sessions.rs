//! Who is logged in.

use super::{AccessChange, StoredRole, role};
use crate::{Store, StoreError, entity::session};
use uuid::Uuid;

/// Whose session it is, with the roles that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionHolder {
    /// Who.
    pub person: Uuid,
    /// When it was last written that they were there.
    pub seen_at: i64,
    /// Their roles.
    pub roles: Vec<StoredRole>,
    /// Office of the card by which it was begun; none for a password.
    pub card_of: Option<Uuid>,
}

impl Store {
    /// Whose session it is, at a time: none of one that has ended, has expired, rested since before `seen_after`,
    /// whose account is shut or whose card was stopped.
    ///
    /// # Errors
    /// As any statement.
    pub async fn session_holder(
        &self,
        token_hash: &[u8],
        now: i64,
        seen_after: i64,
    ) -> Result<Option<SessionHolder>, StoreError> {
        let sql = "SELECT s.person AS person, s.seen_at AS seen_at, r.role AS role, r.of AS of, \
                   c.office AS card_of FROM session s JOIN person p ON p.id = s.person \
                   LEFT JOIN card c ON c.id = s.card \
                   LEFT JOIN person_role r ON r.person = s.person AND r.until_at IS NULL \
                   WHERE s.token_hash = {1} AND s.ended_at IS NULL AND s.expires_at > {2} AND s.seen_at > {3} \
                   AND p.disabled_at IS NULL AND (s.card IS NULL OR c.stopped_at IS NULL)";
        let values = vec![token_hash.to_vec().into(), now.into(), seen_after.into()];
        let rows = self.found(sql, values).await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let roles: Result<Vec<_>, _> = rows.iter().map(role).collect();
        Ok(Some(SessionHolder {
            person: first.try_get("", "person")?,
            seen_at: first.try_get("", "seen_at")?,
            roles: roles?.into_iter().flatten().collect(),
            card_of: first.try_get("", "card_of")?,
        }))
    }

    /// Notes that somebody was there.
    ///
    /// # Errors
    /// As any statement.
    pub async fn touch_session(&self, token_hash: &[u8], at: i64) -> Result<(), StoreError> {
        let sql =
            "UPDATE session SET seen_at = {2} WHERE token_hash = {1} AND ended_at IS NULL AND seen_at < {2}";
        self.change_one(sql, [token_hash.to_vec().into(), at.into()])
            .await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As any statement.
    pub async fn end_session(&self, token_hash: &[u8], at: i64) -> Result<(), StoreError> {
        let sql = "UPDATE session SET ended_at = {2} WHERE token_hash = {1} AND ended_at IS NULL";
        self.change_one(sql, [token_hash.to_vec().into(), at.into()])
            .await?;
        Ok(())
    }
}

impl AccessChange {
    /// Adds a session, and forgets those of the same account that are over.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_session(&self, session: session::Model) -> Result<(), StoreError> {
        let over = "DELETE FROM session WHERE person = {1} AND (ended_at IS NOT NULL OR expires_at <= {2})";
        self.change(over, [session.person.into(), session.made_at.into()])
            .await?;
        let sql = "INSERT INTO session (token_hash, person, made_at, seen_at, expires_at, ended_at, card) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7})";
        let values = [
            session.token_hash.into(),
            session.person.into(),
            session.made_at.into(),
            session.seen_at.into(),
            session.expires_at.into(),
            session.ended_at.into(),
            session.card.into(),
        ];
        self.change(sql, values).await?;
        Ok(())
    }

    /// Ends all sessions of somebody but one; with no bytes: all.
    ///
    /// # Errors
    /// As any statement.
    pub async fn end_sessions(&self, person: Uuid, but: &[u8], at: i64) -> Result<(), StoreError> {
        let sql =
            "UPDATE session SET ended_at = {3} WHERE person = {1} AND token_hash <> {2} AND ended_at IS NULL";
        self.change(sql, [person.into(), but.to_vec().into(), at.into()])
            .await?;
        Ok(())
    }

    /// Whether an account may still be used.
    ///
    /// # Errors
    /// As any statement.
    pub async fn is_enabled(&self, person: Uuid) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM person WHERE id = {1} AND disabled_at IS NULL";
        Ok(!self.found(sql, vec![person.into()]).await?.is_empty())
    }
}
