//! Cards by which tablets come in.

use super::AccessChange;
use crate::{Store, StoreError, entity::card};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Whose card it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardHolder {
    /// The card.
    pub card: Uuid,
    /// Its account.
    pub person: Uuid,
}

impl Store {
    /// A card.
    ///
    /// # Errors
    /// As any statement.
    pub async fn card(&self, id: Uuid) -> Result<Option<card::Model>, StoreError> {
        Ok(card::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// Whose card it is by the hash of its secret: none of one that was stopped or whose account is shut.
    ///
    /// # Errors
    /// As any statement.
    pub async fn card_holder(&self, secret_hash: &[u8]) -> Result<Option<CardHolder>, StoreError> {
        let sql = "SELECT c.id AS id, c.person AS person FROM card c JOIN person p ON p.id = c.person \
                   WHERE c.secret_hash = {1} AND c.stopped_at IS NULL AND p.disabled_at IS NULL";
        let rows = self.found(sql, vec![secret_hash.to_vec().into()]).await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(CardHolder {
            card: first.try_get("", "id")?,
            person: first.try_get("", "person")?,
        }))
    }

    /// Cards of these offices, or all, also those that were stopped; the newest first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn cards(&self, of: Option<&[Uuid]>) -> Result<Vec<card::Model>, StoreError> {
        let mut found = card::Entity::find();
        if let Some(of) = of {
            found = found.filter(card::Column::Office.is_in(of.iter().copied()));
        }
        let newest_first = found
            .order_by_desc(card::Column::MadeAt)
            .order_by_asc(card::Column::Id);
        Ok(newest_first.all(&self.reader).await?)
    }
}

impl AccessChange {
    /// Adds a card; false when there is one with this id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_card(&self, card: card::Model) -> Result<bool, StoreError> {
        let sql = "INSERT INTO card (id, secret_hash, person, office, name, made_by, made_at, stopped_at) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}) ON CONFLICT (id) DO NOTHING";
        let values = [
            card.id.into(),
            card.secret_hash.into(),
            card.person.into(),
            card.office.into(),
            card.name.into(),
            card.made_by.into(),
            card.made_at.into(),
            card.stopped_at.into(),
        ];
        Ok(self.change(sql, values).await? == 1)
    }

    /// Stops a card; false when it was stopped.
    ///
    /// # Errors
    /// As any statement.
    pub async fn stop_card(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE card SET stopped_at = {2} WHERE id = {1} AND stopped_at IS NULL";
        Ok(self.change(sql, [id.into(), at.into()]).await? == 1)
    }

    /// Whether a card still counts, seen by who is about to begin a session with it.
    ///
    /// # Errors
    /// As any statement.
    pub async fn card_counts(&self, id: Uuid) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM card WHERE id = {1} AND stopped_at IS NULL";
        Ok(!self.found(sql, vec![id.into()]).await?.is_empty())
    }
}
