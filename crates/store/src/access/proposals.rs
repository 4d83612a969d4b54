//! 申し出: acts that wait beside the book for another office's yes.

use super::{AccessChange, statement};
use crate::{
    Engine, Store, StoreError,
    entity::{proposal, proposal_party},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A proposal with the offices whose yes it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its row.
    pub proposal: proposal::Model,
    /// Offices, by id.
    pub parties: Vec<proposal_party::Model>,
}

impl Store {
    /// A proposal.
    ///
    /// # Errors
    /// As any statement.
    pub async fn proposal(&self, id: Uuid) -> Result<Option<Proposed>, StoreError> {
        let found = proposal::Entity::find_by_id(id).all(&self.reader).await?;
        Ok(with_parties(&self.reader, found).await?.pop())
    }

    /// Proposals by these bodies (`office:ID`, `network:ID`) or to these offices, the newest first: all, or only those
    /// that are open.
    ///
    /// # Errors
    /// As any statement.
    pub async fn proposals(
        &self,
        acting: &[String],
        offices: &[Uuid],
        only_open: bool,
        limit: u64,
    ) -> Result<Vec<Proposed>, StoreError> {
        let open = if only_open { "AND p.state = 'open'" } else { "" };
        let by = format!(
            "SELECT p.* FROM proposal p WHERE p.acting = {{1}} {open} ORDER BY p.made_at DESC, p.id LIMIT {{2}}"
        );
        let to = format!(
            "SELECT p.* FROM proposal_party o JOIN proposal p ON p.id = o.proposal WHERE o.office = {{1}} {open} \
             ORDER BY p.made_at DESC, p.id LIMIT {{2}}"
        );
        let count = i64::try_from(limit).unwrap_or(i64::MAX);
        let by = acting
            .iter()
            .map(|acting| (&by, vec![acting.clone().into(), count.into()]));
        let to = offices
            .iter()
            .map(|office| (&to, vec![(*office).into(), count.into()]));
        let mut found = BTreeMap::new();
        for (sql, values) in by.chain(to) {
            let statement = statement(&self.reader, self.engine, sql, values);
            let rows = proposal::Entity::find().from_raw_sql(statement);
            for row in rows.all(&self.reader).await? {
                found.insert((std::cmp::Reverse(row.made_at), row.id), row);
            }
        }
        let newest = found
            .into_values()
            .take(usize::try_from(limit).unwrap_or(usize::MAX));
        with_parties(&self.reader, newest.collect()).await
    }
}

/// Proposals, in the order given, with their offices.
async fn with_parties(
    db: &impl ConnectionTrait,
    found: Vec<proposal::Model>,
) -> Result<Vec<Proposed>, StoreError> {
    let ids = found.iter().map(|proposal| proposal.id);
    let mut parties = proposal_party::Entity::find()
        .filter(proposal_party::Column::Proposal.is_in(ids))
        .all(db)
        .await?;
    parties.sort_by_key(|party| party.office);
    let with_parties = found.into_iter().map(|proposal| Proposed {
        parties: parties
            .iter()
            .filter(|party| party.proposal == proposal.id)
            .cloned()
            .collect(),
        proposal,
    });
    Ok(with_parties.collect())
}

impl AccessChange {
    /// A proposal, kept as it is until this change has ended.
    ///
    /// # Errors
    /// As any statement.
    pub async fn lock_proposal(&self, id: Uuid) -> Result<Option<Proposed>, StoreError> {
        let sql = match self.engine {
            Engine::Sqlite => "SELECT * FROM proposal WHERE id = {1}",
            Engine::Postgres => "SELECT * FROM proposal WHERE id = {1} FOR UPDATE",
        };
        let statement = statement(&self.tx, self.engine, sql, vec![id.into()]);
        let found = proposal::Entity::find()
            .from_raw_sql(statement)
            .all(&self.tx)
            .await?;
        Ok(with_parties(&self.tx, found).await?.pop())
    }

    /// Adds a proposal; false when there is one with this id, or by this body under this key.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_proposal(&self, proposed: Proposed) -> Result<bool, StoreError> {
        let Proposed { proposal, parties } = proposed;
        let sql = "INSERT INTO proposal (id, acting, key, kind, command, made_by, made_at, due_on, state, entry, \
                   closed_at) VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, {11}) ON CONFLICT DO NOTHING";
        let values = [
            proposal.id.into(),
            proposal.acting.into(),
            proposal.key.into(),
            proposal.kind.into(),
            proposal.command.into(),
            proposal.made_by.into(),
            proposal.made_at.into(),
            proposal.due_on.into(),
            proposal.state.into(),
            proposal.entry.into(),
            proposal.closed_at.into(),
        ];
        if self.change(sql, values).await? == 0 {
            return Ok(false);
        }
        for party in parties {
            let sql = "INSERT INTO proposal_party (proposal, office, answer, person, at, note) \
                       VALUES ({1}, {2}, {3}, {4}, {5}, {6})";
            let values = [
                party.proposal.into(),
                party.office.into(),
                party.answer.into(),
                party.person.into(),
                party.at.into(),
                party.note.into(),
            ];
            self.change(sql, values).await?;
        }
        Ok(true)
    }

    /// Notes what an office answered.
    ///
    /// # Errors
    /// As any statement.
    pub async fn answer_proposal(&self, party: proposal_party::Model) -> Result<(), StoreError> {
        let sql = "UPDATE proposal_party SET answer = {3}, person = {4}, at = {5}, note = {6} \
                   WHERE proposal = {1} AND office = {2}";
        let values = [
            party.proposal.into(),
            party.office.into(),
            party.answer.into(),
            party.person.into(),
            party.at.into(),
            party.note.into(),
        ];
        self.change(sql, values).await?;
        Ok(())
    }

    /// Closes an open proposal that is not recorded; false when it was closed.
    ///
    /// # Errors
    /// As any statement.
    pub async fn close_proposal(&self, id: Uuid, state: &str, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE proposal SET state = {2}, closed_at = {3} WHERE id = {1} AND state = 'open'";
        Ok(self.change(sql, [id.into(), state.into(), at.into()]).await? == 1)
    }

    /// Notes what a proposal became, also of one that was withdrawn; false when it was recorded or contested.
    ///
    /// # Errors
    /// As any statement.
    pub async fn finish_proposal(&self, id: Uuid, entry: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE proposal SET state = 'done', entry = {2}, closed_at = {3} \
                   WHERE id = {1} AND state IN ('open', 'withdrawn')";
        let values = [id.into(), entry.into(), at.into()];
        Ok(self.change(sql, values).await? == 1)
    }
}
