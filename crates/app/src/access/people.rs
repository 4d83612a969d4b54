//! People: who holds which role. Managers see and end those of their offices, operators all.

use super::{AccessRefused, Caller, rights::Role};
use crate::{Book, viewer::AtTheMachine};
use store::{StoreError, access::Account, entity::person_role};
use uuid::Uuid;

/// Somebody who may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account's id.
    pub id: Uuid,
    /// The account's word.
    pub login: String,
    /// UTC milliseconds.
    pub made_at: i64,
    /// Whether the account is shut.
    pub is_disabled: bool,
    /// Whether it comes in by a password; else it is a card's.
    pub has_password: bool,
    /// Roles that run, in the order in which they were given; to a manager those of their offices.
    pub roles: Vec<HeldRole>,
}

/// A role that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Its id.
    pub id: Uuid,
    /// The role.
    pub role: Role,
    /// UTC milliseconds.
    pub from_at: i64,
}

impl TryFrom<&person_role::Model> for HeldRole {
    type Error = StoreError;

    fn try_from(row: &person_role::Model) -> Result<HeldRole, StoreError> {
        let role = Role::stored(&row.role, row.of);
        Ok(HeldRole {
            id: row.id,
            role: role.ok_or_else(|| StoreError::corrupt("person_role.role"))?,
            from_at: row.from_at,
        })
    }
}

/// People by their words: to a manager those with a role of their offices, to an operator all.
///
/// # Errors
/// [`AccessRefused`].
pub async fn people(book: &Book, caller: &Caller) -> Result<Vec<Person>, AccessRefused> {
    let (store, rights) = (book.store(), &caller.rights);
    let accounts = if rights.is_operator {
        store.people().await?
    } else if rights.managed.is_empty() {
        return Err(AccessRefused::NotAllowed);
    } else {
        let offices: Vec<Uuid> = rights.managed.iter().map(|office| office.0).collect();
        store.people_of(&offices).await?
    };
    Ok(read(accounts)?)
}

/// All people by their words, to the keeper at the machine.
///
/// # Errors
/// As any statement.
pub async fn all_people(book: &Book, _: AtTheMachine) -> Result<Vec<Person>, StoreError> {
    read(book.store().people().await?)
}

fn read(accounts: Vec<Account>) -> Result<Vec<Person>, StoreError> {
    let person = |account: Account| {
        let roles: Result<_, _> = account.roles.iter().map(HeldRole::try_from).collect();
        Ok(Person {
            id: account.person.id,
            login: account.person.login,
            made_at: account.person.made_at,
            is_disabled: account.person.disabled_at.is_some(),
            has_password: account.person.password.is_some(),
            roles: roles?,
        })
    };
    accounts.into_iter().map(person).collect()
}

/// Ends a role at once: sessions and tokens lose it with the next thing they ask for. Invitations that this person sent
/// out in this role end with it, or they could come in again by one of them. One that has ended stays so.
///
/// # Errors
/// [`AccessRefused::LastOperator`], [`AccessRefused::LastManager`] (an operator may end that one), and others.
pub async fn end_role(book: &Book, caller: &Caller, id: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let row = book.store().person_role(id).await?;
    let row = row.ok_or(AccessRefused::NotFound)?;
    let role = HeldRole::try_from(&row)?.role;
    if !caller.rights.gives(role) {
        return Err(AccessRefused::NotFound);
    }
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    let now = book.outside().clock.now().millis();
    if !change.end_role(id, now).await? {
        return Ok(());
    }
    let is_last = !change.others_hold(role.name(), role.of(), row.person).await?;
    match role {
        Role::Operator if is_last => return Err(AccessRefused::LastOperator),
        Role::Manager(_) if is_last && !caller.rights.is_operator => return Err(AccessRefused::LastManager),
        _ => {}
    }
    let of = (role != Role::Operator).then(|| role.of());
    change.end_invitations_by(row.person, of, now).await?;
    change.end_password_resets_by(row.person, now).await?;
    Ok(change.commit().await?)
}

/// Shuts an account, by an operator: no session, token or password of it counts any more, and no invitation it sent out.
///
/// # Errors
/// [`AccessRefused::LastOperator`], and others.
pub async fn disable(book: &Book, caller: &Caller, person: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    if !caller.rights.is_operator {
        return Err(AccessRefused::NotAllowed);
    }
    let store = book.store();
    store.person(person).await?.ok_or(AccessRefused::NotFound)?;
    let now = book.outside().clock.now().millis();
    let change = store.change_access().await?;
    change.lock_roles().await?;
    let operator = Role::Operator;
    // the caller is one: if nobody else is, they shut themselves out
    if !change.others_hold(operator.name(), operator.of(), person).await? {
        return Err(AccessRefused::LastOperator);
    }
    change.disable_person(person, now).await?;
    change.end_invitations_by(person, None, now).await?;
    change.end_password_resets_by(person, now).await?;
    change.end_sessions(person, &[], now).await?;
    Ok(change.commit().await?)
}

/// Opens an account that was shut, by an operator: it has the roles and the password that it had.
///
/// # Errors
/// [`AccessRefused`].
pub async fn enable(book: &Book, caller: &Caller, person: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    if !caller.rights.is_operator {
        return Err(AccessRefused::NotAllowed);
    }
    let store = book.store();
    store.person(person).await?.ok_or(AccessRefused::NotFound)?;
    let change = store.change_access().await?;
    change.lock_roles().await?;
    change.enable_person(person).await?;
    Ok(change.commit().await?)
}
