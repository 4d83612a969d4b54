//! Keys of other programs.

use super::{AccessChange, StoredRole, role};
use crate::{
    Store, StoreError,
    entity::{access_token, access_token_office},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Whose token it is, with the roles that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenHolder {
    /// The token.
    pub token: Uuid,
    /// Whose.
    pub person: Uuid,
    /// Records nothing.
    pub only_reads: bool,
    /// Offices it is limited to; none: all of its person.
    pub offices: BTreeSet<Uuid>,
    /// Roles of the person.
    pub roles: BTreeSet<StoredRole>,
}

/// A token with the offices it is limited to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitedToken {
    /// Its row.
    pub token: access_token::Model,
    /// None: all of its person.
    pub offices: BTreeSet<Uuid>,
}

impl Store {
    /// Whose token it is, at a time: none of one that was revoked, has expired, or whose account is shut.
    ///
    /// # Errors
    /// As any statement.
    pub async fn token_holder(&self, token_hash: &[u8], now: i64) -> Result<Option<TokenHolder>, StoreError> {
        let sql = "SELECT t.id AS id, t.person AS person, t.only_reads AS only_reads, r.role AS role, r.of AS of, \
                   o.office AS office FROM access_token t JOIN person p ON p.id = t.person \
                   LEFT JOIN person_role r ON r.person = t.person AND r.until_at IS NULL \
                   LEFT JOIN access_token_office o ON o.token = t.id \
                   WHERE t.token_hash = {1} AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > {2}) \
                   AND p.disabled_at IS NULL";
        let rows = self
            .found(sql, vec![token_hash.to_vec().into(), now.into()])
            .await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let (mut offices, mut roles) = (BTreeSet::new(), BTreeSet::new());
        for row in &rows {
            roles.extend(role(row)?);
            offices.extend(row.try_get::<Option<Uuid>>("", "office")?);
        }
        Ok(Some(TokenHolder {
            token: first.try_get("", "id")?,
            person: first.try_get("", "person")?,
            only_reads: first.try_get("", "only_reads")?,
            offices,
            roles,
        }))
    }

    /// A token.
    ///
    /// # Errors
    /// As any statement.
    pub async fn token(&self, id: Uuid) -> Result<Option<LimitedToken>, StoreError> {
        let found = access_token::Entity::find_by_id(id).all(&self.reader).await?;
        Ok(self.limited(found).await?.pop())
    }

    /// Tokens of somebody, the newest first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn tokens_of(&self, person: Uuid) -> Result<Vec<LimitedToken>, StoreError> {
        let found = access_token::Entity::find().filter(access_token::Column::Person.eq(person));
        self.limited(found.all(&self.reader).await?).await
    }

    /// Tokens limited to one of these offices, and those without a limit of everybody who holds a role there; the newest
    /// first.
    ///
    /// # Errors
    /// As any statement.
    pub async fn tokens_at(&self, offices: &[Uuid]) -> Result<Vec<LimitedToken>, StoreError> {
        let mut found = BTreeMap::new();
        for office in offices {
            for sql in [
                "SELECT t.* FROM access_token_office o JOIN access_token t ON t.id = o.token WHERE o.office = {1}",
                "SELECT t.* FROM person_role r JOIN access_token t ON t.person = r.person \
                 WHERE r.of = {1} AND r.role IN ('staff', 'manager') AND r.until_at IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM access_token_office o WHERE o.token = t.id)",
            ] {
                let statement = super::statement(&self.reader, self.engine, sql, vec![(*office).into()]);
                let tokens = access_token::Entity::find().from_raw_sql(statement);
                let tokens = tokens.all(&self.reader).await?;
                found.extend(tokens.into_iter().map(|token| (token.id, token)));
            }
        }
        self.limited(found.into_values().collect()).await
    }

    async fn limited(&self, mut tokens: Vec<access_token::Model>) -> Result<Vec<LimitedToken>, StoreError> {
        tokens.sort_by_key(|token| (std::cmp::Reverse(token.made_at), token.id));
        let ids = tokens.iter().map(|token| token.id);
        let offices = access_token_office::Entity::find()
            .filter(access_token_office::Column::Token.is_in(ids))
            .all(&self.reader)
            .await?;
        let with_offices = tokens.into_iter().map(|token| {
            let of_token = offices.iter().filter(|row| row.token == token.id);
            LimitedToken {
                offices: of_token.map(|row| row.office).collect(),
                token,
            }
        });
        Ok(with_offices.collect())
    }

    /// Revokes a token; false when it was, or there is none.
    ///
    /// # Errors
    /// As any statement.
    pub async fn revoke_token(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE access_token SET revoked_at = {2} WHERE id = {1} AND revoked_at IS NULL";
        Ok(self.change_one(sql, [id.into(), at.into()]).await? == 1)
    }
}

impl AccessChange {
    /// Adds a token; false when there is one with this id.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_token(&self, limited: LimitedToken) -> Result<bool, StoreError> {
        let LimitedToken { token, offices } = limited;
        let sql = "INSERT INTO access_token (id, token_hash, person, name, only_reads, made_at, expires_at, revoked_at) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}) ON CONFLICT (id) DO NOTHING";
        let values = [
            token.id.into(),
            token.token_hash.into(),
            token.person.into(),
            token.name.into(),
            token.only_reads.into(),
            token.made_at.into(),
            token.expires_at.into(),
            token.revoked_at.into(),
        ];
        if self.change(sql, values).await? == 0 {
            return Ok(false);
        }
        for office in offices {
            let sql = "INSERT INTO access_token_office (token, office) VALUES ({1}, {2})";
            self.change(sql, [token.id.into(), office.into()]).await?;
        }
        Ok(true)
    }
}
