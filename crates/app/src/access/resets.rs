//! A forgotten password: no letter is sent, since the book knows nobody's address. Whoever gives an account all of its roles
//! makes a link, hands it over, and the account gets another password, once; all its sessions end.

use super::{
    AccessRefused, Caller,
    log_in::HOUR,
    password::Password,
    rights::Rights,
    secret::{Secret, SecretKind},
};
use crate::Book;
use domain::text::Login;
use store::entity::password_reset;
use uuid::Uuid;

/// A link counts for this long.
pub const RESET_LASTS: i64 = 24 * HOUR;

/// A link, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Its id.
    pub id: Uuid,
    /// Whose password.
    pub person: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds.
    pub expires_at: i64,
}

impl From<password_reset::Model> for Reset {
    fn from(row: password_reset::Model) -> Reset {
        Reset {
            id: row.id,
            person: row.person,
            made_at: row.made_at,
            expires_at: row.expires_at,
        }
    }
}

/// Makes a link for an account: by an operator, or by a manager who gives every role the account has. A manager of one
/// office must not get hold of what somebody is elsewhere. Older links of the account end. The same id again gives the link
/// without its secret.
///
/// # Errors
/// [`AccessRefused`].
pub async fn make_reset(
    book: &Book,
    caller: &Caller,
    person: Uuid,
    id: Uuid,
) -> Result<(Reset, Option<Secret>), AccessRefused> {
    caller.logged_in()?;
    let rights = &caller.rights;
    if !rights.is_operator && rights.managed.is_empty() {
        return Err(AccessRefused::NotAllowed);
    }
    let account = book.store().account(person).await?;
    let account = account.ok_or(AccessRefused::NotFound)?;
    let held = super::roles_held(&account)?;
    if !rights.is_operator && !held.iter().any(|role| rights.gives(*role)) {
        return Err(AccessRefused::NotFound);
    }
    if !held.iter().all(|role| rights.gives(*role)) {
        return Err(AccessRefused::NotAllowed);
    }
    if person == caller.person() {
        return Err(AccessRefused::OwnPassword);
    }
    if account.person.disabled_at.is_some() {
        return Err(AccessRefused::AccountShut);
    }
    if account.person.password.is_none() {
        return Err(AccessRefused::NoPassword);
    }
    let (secret, hash) = Secret::new(SecretKind::Reset, book.outside());
    let now = book.outside().clock.now().millis();
    let row = password_reset::Model {
        id,
        secret_hash: hash.to_vec(),
        person,
        made_by: caller.person(),
        made_at: now,
        expires_at: now + RESET_LASTS,
        used_at: None,
    };
    let change = book.store().change_access().await?;
    if change.add_password_reset(row.clone()).await? {
        change.commit().await?;
        return Ok((row.into(), Some(secret)));
    }
    drop(change);
    match book.store().password_reset(id).await? {
        Some(there) if there.person == person && there.made_by == caller.person() => Ok((there.into(), None)),
        _ => Err(AccessRefused::KeyReused),
    }
}

/// The link is used: another password, and everybody who was logged in with the old one is out. Tokens of other programs go
/// on; they are revoked one by one.
///
/// # Errors
/// [`AccessRefused`]; then the link was not used.
pub async fn reset_password(book: &Book, secret: &str, password: &str) -> Result<(), AccessRefused> {
    let hash = SecretKind::Reset
        .hash(secret)
        .ok_or(AccessRefused::ResetUnknown)?;
    let store = book.store();
    let there = store.password_reset_by_secret(&hash).await?;
    let there = there.ok_or(AccessRefused::ResetUnknown)?;
    if there.used_at.is_some() {
        return Err(AccessRefused::ResetUsed);
    }
    if there.expires_at <= book.outside().clock.now().millis() {
        return Err(AccessRefused::ResetExpired);
    }
    let account = store.account(there.person).await?;
    let account = account.ok_or(AccessRefused::ResetUnknown)?;
    let maker = store.account(there.made_by).await?;
    let maker = maker.ok_or(AccessRefused::ResetUnknown)?;
    // whoever made the link may know it: it must not open what the account has become since
    let rights = Rights::of(there.made_by, super::roles_held(&maker)?);
    if !super::roles_held(&account)?
        .iter()
        .all(|role| rights.gives(*role))
    {
        return Err(AccessRefused::ResetExpired);
    }
    let person = account.person;
    let login: Login = person.login.parse().map_err(AccessRefused::Login)?;
    let password = Password::new(password, &login)?;
    let password = book.access().hashing.hash(password, book.outside()).await?;
    let now = book.outside().clock.now().millis();
    let change = store.change_access().await?;
    if !change.use_password_reset(there.id, now).await? {
        // somebody was quicker, or who made it may no longer
        return Err(AccessRefused::ResetExpired);
    }
    if !change.set_password(person.id, &password).await? {
        return Err(AccessRefused::AccountShut);
    }
    change.end_sessions(person.id, &[], now).await?;
    Ok(change.commit().await?)
}
