//! Who comes in over the network, and what they may do there. Beside the book: nothing of it is an entry, in the log or
//! in an export.
//!
//! Somebody is a [`Caller`]: a person's [`Rights`], and the means by which they came, a session ([`log_in`]), a token
//! ([`tokens`]), or a card of a shared tablet ([`cards`]). Rights are read from the database each time, so a role that ends or an account that is shut stops at
//! once. People come in by [`invitations`]; the first one by the link that sets the book up.
//!
//! Of secrets only hashes are kept ([`secret`], [`password`]).

pub mod authority;
pub mod cards;
pub mod evidence;
pub mod invitations;
mod limits;
pub mod log_in;
pub mod named;
pub mod password;
pub mod people;
pub mod proposals;
pub mod questions;
mod refused;
pub mod register;
pub mod resets;
pub mod rights;
pub mod secret;
pub mod settings;
pub mod tokens;
pub mod undone;
pub mod veil;

pub use refused::AccessRefused;

use crate::{Book, outside::Outside};
use domain::id::OfficeId;
use limits::{LogInLimits, PublicLimits};
use password::Hashing;
use register::Register;
use rights::{Rights, Role};
use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::{
    Store, StoreError,
    access::{Account, SessionHolder, StoredRole},
    entity::person_role,
};
use uuid::Uuid;

/// By what somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// Logged in: the hash of the session's secret.
    Session([u8; 32]),
    /// A token, by its id.
    Token(Uuid),
    /// A card of a shared tablet: the hash of the session's secret.
    Card([u8; 32]),
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// What they may do.
    pub rights: Rights,
    /// How they came in.
    pub means: Means,
}

impl Caller {
    /// Who: the account's id.
    pub fn person(&self) -> Uuid {
        self.rights.person
    }

    /// People, tokens and passwords are for those who are logged in: a token that leaks, or a tablet that anybody may take,
    /// must not make others.
    pub(crate) fn logged_in(&self) -> Result<(), AccessRefused> {
        match self.means {
            Means::Session(_) => Ok(()),
            Means::Token(_) => Err(AccessRefused::NeedsLogin),
            Means::Card(_) => Err(AccessRefused::NeedsPassword),
        }
    }

    fn of_session(hash: [u8; 32], holder: &SessionHolder) -> Result<Caller, StoreError> {
        let rights = Rights::of(holder.person, roles(&holder.roles)?);
        Ok(match holder.card_of {
            None => Caller {
                rights,
                means: Means::Session(hash),
            },
            Some(office) => Caller {
                rights: rights.as_staff_of(OfficeId(office)),
                means: Means::Card(hash),
            },
        })
    }
}

/// Roles as they are stored.
fn roles<'a>(stored: impl IntoIterator<Item = &'a StoredRole>) -> Result<Vec<Role>, StoreError> {
    let role = |(name, of): &StoredRole| {
        Role::stored(name, *of).ok_or_else(|| StoreError::corrupt(format!("person_role.role {name}")))
    };
    stored.into_iter().map(role).collect()
}

/// Roles that an account holds.
fn roles_held(account: &Account) -> Result<Vec<Role>, StoreError> {
    let held: Vec<StoredRole> = account
        .roles
        .iter()
        .map(|role| (role.role.clone(), role.of))
        .collect();
    roles(&held)
}

/// Gives the caller roles which they may give to anybody: an operator who also manages an office.
pub(crate) async fn roles_given(book: &Book, caller: &Caller, roles: &[Role]) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    if !roles.iter().all(|role| caller.rights.gives(*role)) {
        return Err(AccessRefused::NotAllowed);
    }
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if !change.is_enabled(caller.person()).await? {
        return Err(AccessRefused::NotAllowed);
    }
    for role in roles {
        let row = person_role::Model {
            id: new_id(book.outside()),
            person: caller.person(),
            role: role.name().to_owned(),
            of: role.of(),
            from_at: book.outside().clock.now().millis(),
            until_at: None,
        };
        change.add_role(row).await?;
    }
    Ok(change.commit().await?)
}

/// What callers share: how often they tried, who is hashing, what waits for the register.
pub(crate) struct Access {
    limits: Mutex<LogInLimits>,
    public: Mutex<PublicLimits>,
    hashing: Hashing,
    register: Register,
}

impl Access {
    pub fn start(store: Store) -> Access {
        Access {
            limits: Mutex::default(),
            public: Mutex::default(),
            hashing: Hashing::default(),
            register: Register::start(store),
        }
    }

    fn limits(&self) -> MutexGuard<'_, LogInLimits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the register finish what it accepted.
    pub async fn drain(&self) {
        self.register.drain().await;
    }
}

/// Counts a look at something public from an address.
///
/// # Errors
/// [`AccessRefused::TooManyTries`].
pub fn look_at_public(book: &Book, address: IpAddr) -> Result<(), AccessRefused> {
    let limits = &book.access().public;
    let mut limits = limits.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = limits.take(address, book.outside().clock.now());
    taken.map_err(|retry_after| AccessRefused::TooManyTries { retry_after })
}

/// A new id of something that nobody named.
fn new_id(outside: &Outside) -> Uuid {
    let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = outside.random.seed();
    uuid::Builder::from_random_bytes(id).into_uuid()
}
