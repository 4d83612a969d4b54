//! QRカード: how a tablet that many share comes in, with nothing to remember and nothing to type. A card is a secret of one
//! office; whoever holds it works as that office's staff until the day is over, and never as its manager.
//!
//! Each card has an account of its own, without a password, so entries tell by which card they were recorded.

use super::{
    AccessRefused, Caller, Means,
    invitations::is_known,
    log_in::{HOUR, LogInRefused, begin, caller_of_session},
    new_id,
    rights::Role,
    secret::{Secret, SecretKind},
};
use crate::Book;
use domain::{id::OfficeId, text::Name};
use std::net::IpAddr;
use store::entity::{card, person, person_role};
use uuid::Uuid;

/// A session of a card is over after this: a working day.
pub const CARD_LASTS: i64 = 12 * HOUR;

/// A card, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: Uuid,
    /// Its account, which stands in entries.
    pub person: Uuid,
    /// Office for which it is.
    pub office: OfficeId,
    /// Where it lies.
    pub name: String,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; none while it counts.
    pub stopped_at: Option<i64>,
}

impl From<card::Model> for Card {
    fn from(row: card::Model) -> Card {
        Card {
            id: row.id,
            person: row.person,
            office: OfficeId(row.office),
            name: row.name,
            made_at: row.made_at,
            stopped_at: row.stopped_at,
        }
    }
}

/// Makes a card for an office, by its managers or an operator. The same id again with the same content gives the card
/// without its secret, which nobody knows any more.
///
/// # Errors
/// [`AccessRefused`].
pub async fn issue_card(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    name: &Name,
    id: Uuid,
) -> Result<(Card, Option<Secret>), AccessRefused> {
    caller.logged_in()?;
    let role = Role::Staff(office);
    if !caller.rights.gives(role) {
        return Err(AccessRefused::NotAllowed);
    }
    is_known(book, role).await?;
    let (secret, hash) = Secret::new(SecretKind::Card, book.outside());
    let now = book.outside().clock.now().millis();
    let account = person::Model {
        id: new_id(book.outside()),
        // a word of its own: what people read is the card's name
        login: format!("card-{}", &id.simple().to_string()[..24]),
        password: None,
        made_at: now,
        disabled_at: None,
    };
    let row = card::Model {
        id,
        secret_hash: hash.to_vec(),
        person: account.id,
        office: office.0,
        name: name.as_str().to_owned(),
        made_by: caller.person(),
        made_at: now,
        stopped_at: None,
    };
    let held = person_role::Model {
        id: new_id(book.outside()),
        person: account.id,
        role: role.name().to_owned(),
        of: role.of(),
        from_at: now,
        until_at: None,
    };
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if change.add_person(account).await? && change.add_card(row.clone()).await? {
        change.add_role(held).await?;
        change.commit().await?;
        return Ok((row.into(), Some(secret)));
    }
    drop(change);
    match book.store().card(id).await?.map(Card::from) {
        Some(there) if there.office == office && there.name == name.as_str() => Ok((there, None)),
        _ => Err(AccessRefused::KeyReused),
    }
}

/// Cards, also those that were stopped, the newest first: to a manager those of their offices, to an operator all.
///
/// # Errors
/// [`AccessRefused`].
pub async fn cards(book: &Book, caller: &Caller) -> Result<Vec<Card>, AccessRefused> {
    let managed: Vec<Uuid> = caller.rights.managed.iter().map(|office| office.0).collect();
    let of = (!caller.rights.is_operator).then_some(managed.as_slice());
    let rows = book.store().cards(of).await?;
    Ok(rows.into_iter().map(Card::from).collect())
}

/// Stops a card at once, with all that was begun by it: one that was lost counts no more. It stays so.
///
/// # Errors
/// [`AccessRefused`].
pub async fn stop_card(book: &Book, caller: &Caller, id: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let there = book.store().card(id).await?.ok_or(AccessRefused::NotFound)?;
    if !caller.rights.gives(Role::Staff(OfficeId(there.office))) {
        return Err(AccessRefused::NotFound);
    }
    let now = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    change.lock_roles().await?;
    if change.stop_card(id, now).await? {
        change.disable_person(there.person, now).await?;
        change.end_sessions(there.person, &[], now).await?;
        change.commit().await?;
    }
    Ok(())
}

/// Somebody comes in with a card, from an address: the session's secret, and who they are.
///
/// # Errors
/// [`LogInRefused`].
pub async fn log_in_by_card(
    book: &Book,
    secret: &str,
    address: IpAddr,
) -> Result<(Secret, Caller), LogInRefused> {
    let access = book.access();
    let tried = access.limits().take(None, address, book.outside().clock.now());
    let tried =
        tried.map_err(|retry_after| LogInRefused::TooMany(AccessRefused::TooManyTries { retry_after }))?;
    let hash = SecretKind::Card.hash(secret).ok_or(LogInRefused::WrongCard)?;
    let holder = book.store().card_holder(&hash).await?;
    let holder = holder.ok_or(LogInRefused::WrongCard)?;
    // it may be stopped this moment
    let begun = begin(book, holder.person, Some(holder.card)).await?;
    let session = begun.ok_or(LogInRefused::WrongCard)?;
    access.limits().was_right(&tried);
    let caller = caller_of_session(book, session.expose()).await?;
    Ok((session, caller.ok_or(LogInRefused::WrongCard)?))
}

/// Whether somebody came in with a card, and for which office.
pub fn card_of(caller: &Caller) -> Option<OfficeId> {
    match caller.means {
        Means::Card(_) => caller.rights.offices.first().copied(),
        Means::Session(_) | Means::Token(_) => None,
    }
}
