//! Who sends a request: a person with a session cookie, or a program with a token.

use crate::{Api, problem::Problem};
use app::{
    access::{self, register::Reading, rights::Rights},
    viewer::Viewer,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::CookieJar;
use domain::{
    id::{NetworkId, OfficeId},
    masters::Masters,
    text::{Code, Key},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Name of the session cookie; with HTTPS it gets the prefix that binds it to the host.
pub const COOKIE: &str = "yokoito_session";
/// The same behind HTTPS.
pub const SECURE_COOKIE: &str = "__Host-yokoito_session";

/// Somebody who is known.
pub struct Actor {
    /// What they may do, and by which means they came in.
    pub caller: access::Caller,
    /// Who looks.
    pub viewer: Viewer,
}

impl Actor {
    /// What they may do.
    pub fn rights(&self) -> &Rights {
        &self.caller.rights
    }

    /// The account that records, as it stands in entries: an id, never a name.
    pub fn recorder(&self) -> String {
        self.caller.rights.person.hyphenated().to_string()
    }

    /// An office of theirs by its code; an office of others and one that is not there are the same to them.
    pub async fn own_office(&self, api: &Api, code: &Code) -> Result<Option<OfficeId>, Problem> {
        let by_code = |masters: &Masters| masters.office_by_code(code).map(|office| office.id).ok_or(());
        let office = api.book.with_masters(by_code).await?;
        Ok(office
            .ok()
            .filter(|office| self.rights().offices.contains(office)))
    }

    /// Writes to the register what was read as a coordinator, before the answer goes out.
    pub async fn register(&self, api: &Api, operation: &'static str, subject: &str) -> Result<(), Problem> {
        let read = self.viewer.take_read();
        if read.is_empty() {
            return Ok(());
        }
        let reading = |(office, network): (OfficeId, NetworkId)| Reading {
            person: self.caller.person(),
            office,
            network,
            operation: operation.to_owned(),
            subject: subject.to_owned(),
        };
        let readings = read.into_iter().map(reading).collect();
        Ok(access::register::note(&api.book, readings).await?)
    }
}

/// The id of what somebody makes beside the book under a key: the same request again makes the same thing.
pub fn id_of(actor: &Actor, what: &str, key: &Key) -> Uuid {
    let mut hash = Sha256::new();
    for part in ["yokoito beside 1", &actor.recorder(), what, key.as_ref()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl<S> FromRequestParts<S> for Actor
where
    S: Send + Sync,
    Api: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let api = Api::from_ref(state);
        let caller = match bearer(&parts.headers)? {
            Some(token) => access::tokens::caller_of_token(&api.book, token).await?,
            None => match session(&parts.headers, api.is_secure) {
                Some(secret) => access::log_in::caller_of_session(&api.book, &secret).await?,
                None => None,
            },
        };
        let caller = caller.ok_or_else(Problem::unauthorized)?;
        let viewer = Viewer::person(caller.rights.clone());
        Ok(Actor { caller, viewer })
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Problem::unauthorized())?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Problem::unauthorized()),
    }
}

/// The secret of the session cookie.
pub fn session(headers: &HeaderMap, is_secure: bool) -> Option<String> {
    let name = if is_secure { SECURE_COOKIE } else { COOKIE };
    let jar = CookieJar::from_headers(headers);
    jar.get(name).map(|cookie| cookie.value().to_owned())
}
