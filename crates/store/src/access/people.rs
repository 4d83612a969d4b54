//! Accounts and the roles they hold.

use super::AccessChange;
use crate::{
    Store, StoreError,
    entity::{person, person_role},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::BTreeMap;
use uuid::Uuid;

/// An account with the roles that run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its row.
    pub person: person::Model,
    /// Roles that run, in the order in which they were given.
    pub roles: Vec<person_role::Model>,
}

impl Store {
    /// An account by its word.
    ///
    /// # Errors
    /// As any statement.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<person::Model>, StoreError> {
        let found = person::Entity::find().filter(person::Column::Login.eq(login));
        Ok(found.one(&self.reader).await?)
    }

    /// An account.
    ///
    /// # Errors
    /// As any statement.
    pub async fn person(&self, id: Uuid) -> Result<Option<person::Model>, StoreError> {
        Ok(person::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// An account with all roles that run.
    ///
    /// # Errors
    /// As any statement.
    pub async fn account(&self, id: Uuid) -> Result<Option<Account>, StoreError> {
        let roles = person_role::Entity::find()
            .filter(person_role::Column::Person.eq(id))
            .filter(person_role::Column::UntilAt.is_null());
        let person = self.person(id).await?;
        Ok(joined(person.into_iter().collect(), roles.all(&self.reader).await?).pop())
    }

    /// A role that somebody holds or held.
    ///
    /// # Errors
    /// As any statement.
    pub async fn person_role(&self, id: Uuid) -> Result<Option<person_role::Model>, StoreError> {
        Ok(person_role::Entity::find_by_id(id).one(&self.reader).await?)
    }

    /// All accounts by their words, with all roles that run.
    ///
    /// # Errors
    /// As any statement.
    pub async fn people(&self) -> Result<Vec<Account>, StoreError> {
        let people = person::Entity::find().order_by_asc(person::Column::Login);
        let roles = person_role::Entity::find().filter(person_role::Column::UntilAt.is_null());
        let people = people.all(&self.reader).await?;
        Ok(joined(people, roles.all(&self.reader).await?))
    }

    /// Those who hold a role of one of these offices or networks, with these roles alone.
    ///
    /// # Errors
    /// As any statement.
    pub async fn people_of(&self, of: &[Uuid]) -> Result<Vec<Account>, StoreError> {
        let roles = person_role::Entity::find()
            .filter(person_role::Column::Of.is_in(of.iter().copied()))
            .filter(person_role::Column::UntilAt.is_null());
        let roles = roles.all(&self.reader).await?;
        let ids = roles.iter().map(|role| role.person);
        let people = person::Entity::find()
            .filter(person::Column::Id.is_in(ids))
            .order_by_asc(person::Column::Login);
        Ok(joined(people.all(&self.reader).await?, roles))
    }
}

fn joined(people: Vec<person::Model>, roles: Vec<person_role::Model>) -> Vec<Account> {
    let mut of_person: BTreeMap<Uuid, Vec<person_role::Model>> = BTreeMap::new();
    for role in roles {
        of_person.entry(role.person).or_default().push(role);
    }
    let with_roles = people.into_iter().map(|person| {
        let mut roles = of_person.remove(&person.id).unwrap_or_default();
        roles.sort_by_key(|role| (role.from_at, role.id));
        Account { person, roles }
    });
    with_roles.collect()
}

impl AccessChange {
    /// Adds an account; false when the word is taken.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_person(&self, person: person::Model) -> Result<bool, StoreError> {
        let sql = "INSERT INTO person (id, login, password, made_at, disabled_at) VALUES ({1}, {2}, {3}, {4}, {5}) \
                   ON CONFLICT (login) DO NOTHING";
        let values = [
            person.id.into(),
            person.login.into(),
            person.password.into(),
            person.made_at.into(),
            person.disabled_at.into(),
        ];
        Ok(self.change(sql, values).await? == 1)
    }

    /// Gives an account another password, if it still has this one: two changes at once are one.
    ///
    /// # Errors
    /// As any statement.
    pub async fn change_password(&self, person: Uuid, old: &str, new: &str) -> Result<bool, StoreError> {
        let sql =
            "UPDATE person SET password = {3} WHERE id = {1} AND password = {2} AND disabled_at IS NULL";
        let values = [person.into(), old.into(), new.into()];
        Ok(self.change(sql, values).await? == 1)
    }

    /// Gives somebody a role; one that runs already goes on.
    ///
    /// # Errors
    /// As any statement.
    pub async fn add_role(&self, role: person_role::Model) -> Result<(), StoreError> {
        let sql = "INSERT INTO person_role (id, person, role, of, from_at, until_at) \
                   VALUES ({1}, {2}, {3}, {4}, {5}, {6}) \
                   ON CONFLICT (person, role, of) WHERE until_at IS NULL DO NOTHING";
        let values = [
            role.id.into(),
            role.person.into(),
            role.role.into(),
            role.of.into(),
            role.from_at.into(),
            role.until_at.into(),
        ];
        self.change(sql, values).await?;
        Ok(())
    }

    /// Ends a role that runs; false when it had ended.
    ///
    /// # Errors
    /// As any statement.
    pub async fn end_role(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE person_role SET until_at = {2} WHERE id = {1} AND until_at IS NULL";
        Ok(self.change(sql, [id.into(), at.into()]).await? == 1)
    }

    /// Shuts an account; false when it was shut.
    ///
    /// # Errors
    /// As any statement.
    pub async fn disable_person(&self, id: Uuid, at: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE person SET disabled_at = {2} WHERE id = {1} AND disabled_at IS NULL";
        Ok(self.change(sql, [id.into(), at.into()]).await? == 1)
    }

    /// Opens an account that was shut; false when it was not.
    ///
    /// # Errors
    /// As any statement.
    pub async fn enable_person(&self, id: Uuid) -> Result<bool, StoreError> {
        let sql = "UPDATE person SET disabled_at = NULL WHERE id = {1} AND disabled_at IS NOT NULL";
        Ok(self.change(sql, [id.into()]).await? == 1)
    }

    /// Whether anybody but this person holds a role that runs, in an account that may be used; by name and what it is of.
    ///
    /// # Errors
    /// As any statement.
    pub async fn others_hold(&self, role: &str, of: Uuid, but: Uuid) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM person_role r JOIN person p ON p.id = r.person \
                   WHERE r.of = {1} AND r.role = {2} AND r.until_at IS NULL AND p.disabled_at IS NULL \
                   AND r.person <> {3} LIMIT 1";
        let rows = self.found(sql, vec![of.into(), role.into(), but.into()]).await?;
        Ok(!rows.is_empty())
    }
}
