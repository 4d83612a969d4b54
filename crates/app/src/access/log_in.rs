//! Logging in and out. A session rests for at most 12 hours and lasts for at most 30 days.

use super::{
    AccessRefused, Caller, Means,
    cards::CARD_LASTS,
    password::Password,
    secret::{Secret, SecretKind},
};
use crate::Book;
use domain::text::Login;
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};
use store::{StoreError, entity::session};
use uuid::Uuid;

const MINUTE: i64 = 60 * 1_000;
/// Milliseconds.
pub(super) const HOUR: i64 = 60 * MINUTE;
/// A session that rested longer is over.
pub const IDLE: i64 = 12 * HOUR;
/// A session is over after this, whatever happens in it.
pub const LONGEST: i64 = 30 * 24 * HOUR;
/// How exactly it is known when somebody was last there: a write each time would be one for each page.
const SEEN_EVERY: i64 = 10 * MINUTE;

/// Why somebody was not logged in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LogInRefused {
    /// No such account, a wrong password, or the account is shut: nobody outside learns which.
    #[error("ログイン名かパスワードがちがいます。確かめて、もう一度入力してください。")]
    Wrong,
    /// No such card, or it was stopped.
    #[error("このカードは使えません。新しいカードを管理者に頼んでください。")]
    WrongCard,
    /// Too many tries.
    #[error(transparent)]
    TooMany(AccessRefused),
    /// It could not be done.
    #[error(transparent)]
    Failed(AccessRefused),
}

impl LogInRefused {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            LogInRefused::Wrong => "log-in-wrong",
            LogInRefused::WrongCard => "card-wrong",
            LogInRefused::TooMany(refused) | LogInRefused::Failed(refused) => refused.code(),
        }
    }

    /// How long to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            LogInRefused::TooMany(AccessRefused::TooManyTries { retry_after }) => Some(*retry_after),
            _ => None,
        }
    }
}

impl From<StoreError> for LogInRefused {
    fn from(error: StoreError) -> LogInRefused {
        LogInRefused::Failed(error.into())
    }
}

/// Logs somebody in from an address: the session's secret, and who they are now.
///
/// # Errors
/// [`LogInRefused`].
pub async fn log_in(
    book: &Book,
    login: &str,
    password: &str,
    address: IpAddr,
) -> Result<(Secret, Caller), LogInRefused> {
    let (access, store) = (book.access(), book.store());
    let login: Option<Login> = login.parse().ok();
    let tried = access
        .limits()
        .take(login.clone(), address, book.outside().clock.now());
    let tried =
        tried.map_err(|retry_after| LogInRefused::TooMany(AccessRefused::TooManyTries { retry_after }))?;
    tokio::time::sleep(tried.slowed).await;
    let person = match &login {
        Some(login) => store.person_by_login(login.as_str()).await?,
        None => None,
    };
    let person = person.filter(|person| person.disabled_at.is_none());
    let kept = person.as_ref().and_then(|person| person.password.clone());
    let is_right = access.hashing.is_right(password, kept).await;
    let person = person.filter(|_| matches!(is_right, Ok(true)));
    is_right.map_err(LogInRefused::Failed)?;
    let person = person.ok_or(LogInRefused::Wrong)?;
    // the account may be shut this moment
    let secret = begin(book, person.id, None).await?.ok_or(LogInRefused::Wrong)?;
    access.limits().was_right(&tried);
    let caller = caller_of_session(book, secret.expose()).await?;
    Ok((secret, caller.ok_or(LogInRefused::Wrong)?))
}

/// Begins a session of somebody whose account may be used, by a card that counts or by their password.
pub(super) async fn begin(
    book: &Book,
    person: Uuid,
    card: Option<Uuid>,
) -> Result<Option<Secret>, StoreError> {
    let now = book.outside().clock.now().millis();
    let (secret, hash) = Secret::new(SecretKind::Session, book.outside());
    let change = book.store().change_access().await?;
    if !change.is_enabled(person).await? {
        return Ok(None);
    }
    if let Some(card) = card
        && !change.card_counts(card).await?
    {
        return Ok(None);
    }
    let lasts = if card.is_some() { CARD_LASTS } else { LONGEST };
    let session = session::Model {
        token_hash: hash.to_vec(),
        person,
        made_at: now,
        seen_at: now,
        expires_at: now + lasts,
        ended_at: None,
        card,
    };
    change.add_session(session).await?;
    change.commit().await?;
    Ok(Some(secret))
}

/// Who comes with a session's secret; none when it is over.
///
/// # Errors
/// As any statement.
pub async fn caller_of_session(book: &Book, secret: &str) -> Result<Option<Caller>, StoreError> {
    let Some(hash) = SecretKind::Session.hash(secret) else {
        return Ok(None);
    };
    let now = book.outside().clock.now().millis();
    let Some(holder) = book.store().session_holder(&hash, now, now - IDLE).await? else {
        return Ok(None);
    };
    if now - holder.seen_at >= SEEN_EVERY {
        // what was asked for is answered even while nothing can be written
        drop(book.store().touch_session(&hash, now).await);
    }
    Caller::of_session(hash, &holder).map(Some)
}

/// Ends the caller's session. A token is not ended by this: it is revoked.
///
/// # Errors
/// As any statement.
pub async fn log_out(book: &Book, caller: &Caller) -> Result<(), StoreError> {
    match caller.means {
        Means::Session(hash) | Means::Card(hash) => {
            let now = book.outside().clock.now().millis();
            book.store().end_session(&hash, now).await
        }
        Means::Token(_) => Ok(()),
    }
}

/// Ends all sessions of somebody, also the caller's own: by themselves, or by an operator.
///
/// # Errors
/// [`AccessRefused`].
pub async fn end_all_sessions(book: &Book, caller: &Caller, person: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    if person != caller.person() && !caller.rights.is_operator {
        return Err(AccessRefused::NotAllowed);
    }
    let now = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    change.end_sessions(person, &[], now).await?;
    Ok(change.commit().await?)
}

/// Gives the caller another password, and ends their other sessions: whoever knew the old one is out.
///
/// # Errors
/// [`AccessRefused`].
pub async fn change_password(
    book: &Book,
    caller: &Caller,
    old: &str,
    new: &str,
) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let Means::Session(hash) = caller.means else {
        return Err(AccessRefused::NeedsLogin);
    };
    let (access, store) = (book.access(), book.store());
    let person = store.person(caller.person()).await?;
    let person = person.ok_or(AccessRefused::NotFound)?;
    let login: Login = person.login.parse().map_err(AccessRefused::Login)?;
    // who has got hold of a session must not find the password by trying; their address does not matter
    let nowhere = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let tried = access
        .limits()
        .take_pair(&login, nowhere, book.outside().clock.now());
    tried.map_err(|retry_after| AccessRefused::TooManyTries { retry_after })?;
    let kept = person.password.ok_or(AccessRefused::WrongPassword)?;
    if !access.hashing.is_right(old, Some(kept.clone())).await? {
        return Err(AccessRefused::WrongPassword);
    }
    access.limits().forget_pair(&login, nowhere);
    let password = Password::new(new, &login)?;
    let new = access.hashing.hash(password, book.outside()).await?;
    let change = store.change_access().await?;
    if !change.change_password(person.id, &kept, &new).await? {
        // another change was quicker
        return Err(AccessRefused::WrongPassword);
    }
    let now = book.outside().clock.now().millis();
    change.end_sessions(person.id, &hash, now).await?;
    Ok(change.commit().await?)
}
