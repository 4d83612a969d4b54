//! 質問 about lines of 精算書.

use super::AccessChange;
use crate::{Store, StoreError, entity::question};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

impl Store {
    /// A question.
    ///
    /// # Errors
    /// As any statement.
    pub async fn question(&self, id: Uuid) -> Result<Option<question::Model>, StoreError> {
        Ok(question::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// Questions of an office, asked or to be answered, the newest first: those with one other office or with all, all or only
    /// those that are not closed.
    ///
    /// # Errors
    /// As any statement.
    pub async fn questions(
        &self,
        office: Uuid,
        with: Option<Uuid>,
        only_open: bool,
        limit: u64,
    ) -> Result<Vec<question::Model>, StoreError> {
        let mut asks = Condition::all().add(question::Column::Office.eq(office));
        let mut asked = Condition::all().add(question::Column::Other.eq(office));
        if let Some(with) = with {
            asks = asks.add(question::Column::Other.eq(with));
            asked = asked.add(question::Column::Office.eq(with));
        }
        let mut found = question::Entity::find().filter(Condition::any().add(asks).add(asked));
        if only_open {
            found = found.filter(question::Column::ClosedAt.is_null());
        }
        let found = found
            .order_by_desc(question::Column::AskedAt)
            .order_by_asc(question::Column::Id)
            .limit(limit);
        Ok(found.all(&self.reader).await?)
    }
}

impl AccessChange {
    /// Adds a question; false when there is one with this id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_question(&self, row: question::Model) -> Result<bool, StoreError> {
        let sql = "INSERT INTO question (id, office, other, entry, text, asked_by, asked_at, answer, answered_by, \
                   answered_at, closed_at) VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}, NULL, NULL, NULL, NULL) \
                   ON CONFLICT DO NOTHING";
        let values = [
            row.id.into(),
            row.office.into(),
            row.other.into(),
            row.entry.into(),
            row.text.into(),
            row.asked_by.into(),
            row.asked_at.into(),
        ];
        Ok(self.change(sql, values).await? == 1)
    }

    /// Keeps the answer to a question that has none and is not closed; false when there is no such question.
    ///
    /// # Errors
    /// As any statement.
    pub async fn answer_question(
        &self,
        id: Uuid,
        answer: &str,
        by: Uuid,
        at: i64,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE question SET answer = {2}, answered_by = {3}, answered_at = {4} \
                   WHERE id = {1} AND answer IS NULL AND closed_at IS NULL";
        let values = [id.into(), answer.to_owned().into(), by.into(), at.into()];
        Ok(self.change(sql, values).await? == 1)
    }

    /// Closes a question; false when it is closed.
    ///
    /// # Errors
    /// As any statement.
    pub async fn close_question(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE question SET closed_at = {2} WHERE id = {1} AND closed_at IS NULL";
        Ok(self.change(sql, [id.into(), at.into()]).await? == 1)
    }
}
