//! Tokens: how other programs (a till, a spreadsheet) come in, in the name of a person and with no more than that person
//! may do.

use super::{
    AccessRefused, Caller, Means,
    rights::Rights,
    roles,
    secret::{Secret, SecretKind},
};
use crate::Book;
use domain::{calendar::Instant, id::OfficeId, text::Name};
use std::collections::BTreeSet;
use store::{
    StoreError,
    access::{LimitedToken, StoredRole},
    entity::access_token,
};
use uuid::Uuid;

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person: Uuid,
    /// What it is for.
    pub name: String,
    /// Records nothing.
    pub only_reads: bool,
    /// Offices it is limited to; none: all of its person.
    pub offices: BTreeSet<OfficeId>,
    /// UTC milliseconds.
    pub made_at: i64,
    /// UTC milliseconds; none: for ever.
    pub expires_at: Option<i64>,
    /// UTC milliseconds; none while it counts.
    pub revoked_at: Option<i64>,
}

impl From<LimitedToken> for Token {
    fn from(LimitedToken { token, offices }: LimitedToken) -> Token {
        Token {
            id: token.id,
            person: token.person,
            name: token.name,
            only_reads: token.only_reads,
            offices: offices.into_iter().map(OfficeId).collect(),
            made_at: token.made_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// What a new token is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for; never a person's name.
    pub name: Name,
    /// Whether it records nothing.
    pub only_reads: bool,
    /// Offices it is limited to, all of them the person's; none: whatever the person may do.
    pub offices: BTreeSet<OfficeId>,
    /// Until when it counts; none: until it is revoked.
    pub expires: Option<Instant>,
}

/// Who comes with a token; none when it does not count.
///
/// # Errors
/// As any statement.
pub async fn caller_of_token(book: &Book, secret: &str) -> Result<Option<Caller>, StoreError> {
    let Some(hash) = SecretKind::Token.hash(secret) else {
        return Ok(None);
    };
    let now = book.outside().clock.now().millis();
    let Some(holder) = book.store().token_holder(&hash, now).await? else {
        return Ok(None);
    };
    let held: &BTreeSet<StoredRole> = &holder.roles;
    let mut rights = Rights::of(holder.person, roles(held)?);
    if !holder.offices.is_empty() {
        rights = rights.limited_to(&holder.offices.into_iter().map(OfficeId).collect());
    }
    rights.only_reads = holder.only_reads;
    Ok(Some(Caller {
        rights,
        means: Means::Token(holder.token),
    }))
}

/// Makes a token of the caller's own. The same id again with the same content gives the token without its secret, which
/// nobody knows any more.
///
/// # Errors
/// [`AccessRefused`].
pub async fn make_token(
    book: &Book,
    caller: &Caller,
    new: NewToken,
    id: Uuid,
) -> Result<(Token, Option<Secret>), AccessRefused> {
    caller.logged_in()?;
    if !new.offices.is_subset(&caller.rights.offices) {
        return Err(AccessRefused::NotYourOffice);
    }
    let store = book.store();
    let now = book.outside().clock.now();
    let expires_at = new.expires.map(Instant::millis);
    let is_same = |there: &Token| {
        there.person == caller.person()
            && there.name == new.name.as_str()
            && there.only_reads == new.only_reads
            && there.offices == new.offices
            && there.expires_at == expires_at
    };
    // a retry may come after it has expired
    let there = store.token(id).await?.map(Token::from);
    if there.is_none() && new.expires.is_some_and(|expires| expires <= now) {
        return Err(AccessRefused::ExpiryPast);
    }
    let (secret, hash) = Secret::new(SecretKind::Token, book.outside());
    let made = LimitedToken {
        token: access_token::Model {
            id,
            token_hash: hash.to_vec(),
            person: caller.person(),
            name: new.name.as_str().to_owned(),
            only_reads: new.only_reads,
            made_at: now.millis(),
            expires_at,
            revoked_at: None,
        },
        offices: new.offices.iter().map(|office| office.0).collect(),
    };
    let change = store.change_access().await?;
    if change.add_token(made.clone()).await? {
        change.commit().await?;
        return Ok((made.into(), Some(secret)));
    }
    drop(change);
    match store.token(id).await?.map(Token::from) {
        Some(there) if is_same(&there) => Ok((there, None)),
        _ => Err(AccessRefused::KeyReused),
    }
}

/// The caller's own tokens, the newest first.
///
/// # Errors
/// [`AccessRefused`].
pub async fn own_tokens(book: &Book, caller: &Caller) -> Result<Vec<Token>, AccessRefused> {
    let tokens = book.store().tokens_of(caller.person()).await?;
    let tokens = tokens.into_iter().map(Token::from);
    // a token tells of itself, not of what else its person has
    let is_told = |token: &Token| match caller.means {
        Means::Session(_) | Means::Card(_) => true,
        Means::Token(id) => token.id == id,
    };
    Ok(tokens.filter(is_told).collect())
}

/// Tokens limited to an office that the caller manages, and those of its people; the newest first.
///
/// # Errors
/// [`AccessRefused`].
pub async fn managed_tokens(book: &Book, caller: &Caller) -> Result<Vec<Token>, AccessRefused> {
    if caller.rights.managed.is_empty() {
        return Err(AccessRefused::NotAllowed);
    }
    let offices: Vec<Uuid> = caller.rights.managed.iter().map(|office| office.0).collect();
    let tokens = book.store().tokens_at(&offices).await?;
    let mut tokens: Vec<Token> = tokens.into_iter().map(Token::from).collect();
    // in which other offices a token counts is theirs to know
    for token in &mut tokens {
        token
            .offices
            .retain(|office| caller.rights.managed.contains(office));
    }
    Ok(tokens)
}

/// Revokes a token at once: the caller's own, one that they see as a manager, or any by an operator. One that is revoked
/// stays so.
///
/// # Errors
/// [`AccessRefused`].
pub async fn revoke_token(book: &Book, caller: &Caller, id: Uuid) -> Result<(), AccessRefused> {
    caller.logged_in()?;
    let store = book.store();
    let there = store.token(id).await?.ok_or(AccessRefused::NotFound)?;
    let is_theirs = there.token.person == caller.person()
        || caller.rights.is_operator
        || (!caller.rights.managed.is_empty()
            && managed_tokens(book, caller)
                .await?
                .iter()
                .any(|token| token.id == id));
    if !is_theirs {
        return Err(AccessRefused::NotFound);
    }
    let now = book.outside().clock.now().millis();
    store.revoke_token(id, now).await?;
    Ok(())
}
