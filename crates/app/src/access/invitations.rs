//! 招待: links by which people come in. A link gives one role to one person, once; the first one, which sets the book up,
//! makes its operator and is printed when the program starts.

use super::{
    AccessRefused, Caller, new_id,
    password::Password,
    rights::Role,
    secret::{Secret, SecretKind},
};
use crate::{Book, viewer::AtTheMachine};
use domain::text::Login;
use store::{
    StoreError,
    access::AccessChange,
    entity::{invitation, person, person_role},
};
use uuid::Uuid;

const HOUR: i64 = 60 * 60 * 1_000;
/// The link that sets the book up.
pub const SET_UP_LASTS: i64 = 24 * HOUR;
/// Any other one.
pub const INVITATION_LASTS: i64 = 7 * 24 * HOUR;

/// An invitation, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// The role it gives.
    pub role: Role,
    /// Who invited; none for the link that sets the book up and for the keeper at the machine.
    pub made_by: Option<Uuid>,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds.
    pub expires_at: i64,
    /// UTC milliseconds.
    pub used_at: Option<i64>,
}

impl TryFrom<invitation::Model> for Invitation {
    type Error = StoreError;

    fn try_from(row: invitation::Model) -> Result<Invitation, StoreError> {
        let role = Role::stored(&row.role, row.of);
        Ok(Invitation {
            id: row.id,
            role: role.ok_or_else(|| StoreError::corrupt("invitation.role"))?,
            made_by: row.made_by,
            made_at: row.made_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        })
    }
}

/// The link that sets the book up, where nobody runs it: whoever opens it becomes its operator. An older one that was not
/// used ends, so only the one that was printed last counts.
///
/// # Errors
/// As any statement.
pub async fn set_up_link(book: &Book) -> Result<Option<Secret>, StoreError> {
    let outside = book.outside();
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if has_operator(&change).await? {
        return Ok(None);
    }
    let (secret, hash) = Secret::new(SecretKind::Invitation, outside);
    let now = outside.clock.now().millis();
    let row = row(
        new_id(outside),
        hash,
        Role::Operator,
        None,
        (now, now + SET_UP_LASTS),
    );
    change.replace_set_up(row).await?;
    change.commit().await?;
    Ok(Some(secret))
}

async fn has_operator(change: &AccessChange) -> Result<bool, StoreError> {
    let role = Role::Operator;
    change.others_hold(role.name(), role.of(), Uuid::nil()).await
}

fn row(
    id: Uuid,
    secret_hash: [u8; 32],
    role: Role,
    made_by: Option<Uuid>,
    (made_at, expires_at): (i64, i64),
) -> invitation::Model {
    invitation::Model {
        id,
        secret_hash: secret_hash.to_vec(),
        role: role.name().to_owned(),
        of: role.of(),
        made_by,
        made_at,
        expires_at,
        used_at: None,
        used_by: None,
    }
}

/// Invites somebody to a role. Managers invite to their offices, operators to any role. The same id again with the same
/// role gives the invitation without its secret, which nobody knows any more.
///
/// # Errors
/// [`AccessRefused`].
pub async fn invite(
    book: &Book,
    caller: &Caller,
    role: Role,
    id: Uuid,
) -> Result<(Invitation, Option<Secret>), AccessRefused> {
    caller.logged_in()?;
    if !caller.rights.gives(role) {
        return Err(AccessRefused::NotAllowed);
    }
    is_known(book, role).await?;
    let (secret, hash) = Secret::new(SecretKind::Invitation, book.outside());
    let now = book.outside().clock.now().millis();
    let new = row(
        id,
        hash,
        role,
        Some(caller.person()),
        (now, now + INVITATION_LASTS),
    );
    if book.store().add_invitation(new.clone()).await? {
        return Ok((new.try_into()?, Some(secret)));
    }
    let there = book.store().invitation(id).await?;
    match there.map(Invitation::try_from).transpose()? {
        Some(there) if there.role == role && there.made_by == Some(caller.person()) => Ok((there, None)),
        _ => Err(AccessRefused::KeyReused),
    }
}

/// Invites somebody to any role in the keeper's name: for those who have locked themselves out. Of links to become an
/// operator that nobody invited to, the set-up link among them, only the newest counts; so an old one never opens a book
/// that is run by somebody.
///
/// # Errors
/// [`AccessRefused`].
pub async fn invite_at_the_machine(
    book: &Book,
    _: AtTheMachine,
    role: Role,
) -> Result<(Invitation, Secret), AccessRefused> {
    is_known(book, role).await?;
    let outside = book.outside();
    let (secret, hash) = Secret::new(SecretKind::Invitation, outside);
    let now = outside.clock.now().millis();
    let row = row(new_id(outside), hash, role, None, (now, now + INVITATION_LASTS));
    let invitation = Invitation::try_from(row.clone())?;
    if role == Role::Operator {
        let change = book.store().change_access().await?;
        change.lock_roles().await?;
        change.replace_set_up(row).await?;
        change.commit().await?;
    } else {
        book.store().add_invitation(row).await?;
    }
    Ok((invitation, secret))
}

/// A role of an office or network that is in the book.
pub(super) async fn is_known(book: &Book, role: Role) -> Result<(), AccessRefused> {
    let masters = book.store().masters().await?;
    match role {
        Role::Staff(office) | Role::Manager(office) if masters.office(office).is_none() => {
            Err(AccessRefused::OfficeUnknown)
        }
        Role::Coordinator(network) if masters.networks().all(|known| known.id != network) => {
            Err(AccessRefused::NetworkUnknown)
        }
        _ => Ok(()),
    }
}

/// Invitations that may still be used, the newest first: to a manager those to their offices, to an operator all.
///
/// # Errors
/// [`AccessRefused`].
pub async fn invitations(book: &Book, caller: &Caller) -> Result<Vec<Invitation>, AccessRefused> {
    let rights = &caller.rights;
    let now = book.outside().clock.now().millis();
    let managed: Vec<Uuid> = rights.managed.iter().map(|office| office.0).collect();
    let of = (!rights.is_operator).then_some(managed.as_slice());
    let rows = book.store().open_invitations(of, now).await?;
    let read: Result<_, StoreError> = rows.into_iter().map(Invitation::try_from).collect();
    Ok(read?)
}

/// Withdraws an invitation; one that was withdrawn or has expired stays so.
///
/// # Errors
/// [`AccessRefused::InvitationUsed`] when somebody has come in by it.
pub async fn withdraw_invitation(book: &Book, caller: &Caller, id: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let there = book.store().invitation(id).await?;
    let there = Invitation::try_from(there.ok_or(AccessRefused::NotFound)?)?;
    if !caller.rights.gives(there.role) {
        return Err(AccessRefused::NotFound);
    }
    let now = book.outside().clock.now().millis();
    if !book.store().withdraw_invitation(id, now).await? {
        let there = book.store().invitation(id).await?;
        if there.is_some_and(|there| there.used_at.is_some()) {
            return Err(AccessRefused::InvitationUsed);
        }
    }
    Ok(())
}

/// What an invitation would give: for the page that it opens.
///
/// # Errors
/// [`AccessRefused`] when it cannot be used.
pub async fn invitation(book: &Book, secret: &str) -> Result<Invitation, AccessRefused> {
    let hash = SecretKind::Invitation.hash(secret);
    let hash = hash.ok_or(AccessRefused::InvitationUnknown)?;
    let there = book.store().invitation_by_secret(&hash).await?;
    let there = Invitation::try_from(there.ok_or(AccessRefused::InvitationUnknown)?)?;
    if there.used_at.is_some() {
        Err(AccessRefused::InvitationUsed)
    } else if there.expires_at <= book.outside().clock.now().millis() {
        Err(AccessRefused::InvitationExpired)
    } else {
        Ok(there)
    }
}

/// Somebody new comes in: an account with the role. The answer is the account's id. Of two who use an invitation at the
/// same time one comes in.
///
/// # Errors
/// [`AccessRefused`]; then the invitation was not used.
pub async fn accept_invitation(
    book: &Book,
    secret: &str,
    login: &str,
    password: &str,
) -> Result<Uuid, AccessRefused> {
    // said before a password is thought of
    let invitation = invitation(book, secret).await?;
    let login: Login = login.parse().map_err(AccessRefused::Login)?;
    let password = Password::new(password, &login)?;
    let password = book.access().hashing.hash(password, book.outside()).await?;
    let person = person::Model {
        id: new_id(book.outside()),
        login: login.into(),
        password: Some(password),
        made_at: book.outside().clock.now().millis(),
        disabled_at: None,
    };
    let id = person.id;
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if !change.add_person(person).await? {
        return Err(AccessRefused::LoginTaken);
    }
    give(book, change, &invitation, id).await?;
    Ok(id)
}

/// Somebody who is logged in gets the role besides those they have.
///
/// # Errors
/// [`AccessRefused`]; then the invitation was not used.
pub async fn accept_as(book: &Book, caller: &Caller, secret: &str) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let invitation = invitation(book, secret).await?;
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if !change.is_enabled(caller.person()).await? {
        return Err(AccessRefused::NotAllowed);
    }
    give(book, change, &invitation, caller.person()).await
}

/// Somebody takes a role themselves that they may give to anybody: an operator who also runs an office.
///
/// # Errors
/// [`AccessRefused`].
pub async fn take_role(book: &Book, caller: &Caller, role: Role) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    if !caller.rights.gives(role) {
        return Err(AccessRefused::NotAllowed);
    }
    is_known(book, role).await?;
    super::roles_given(book, caller, &[role]).await
}

/// Uses the invitation and gives the role, in the change under way.
async fn give(
    book: &Book,
    change: AccessChange,
    invitation: &Invitation,
    person: Uuid,
) -> Result<(), AccessRefused> {
    let now = book.outside().clock.now().millis();
    if !change.use_invitation(invitation.id, person, now).await? {
        drop(change);
        let there = book.store().invitation(invitation.id).await?;
        let is_used = there.is_some_and(|there| there.used_at.is_some());
        return Err(if is_used {
            AccessRefused::InvitationUsed
        } else {
            AccessRefused::InvitationExpired
        });
    }
    let role = person_role::Model {
        id: new_id(book.outside()),
        person,
        role: invitation.role.name().to_owned(),
        of: invitation.role.of(),
        from_at: now,
        until_at: None,
    };
    change.add_role(role).await?;
    Ok(change.commit().await?)
}
