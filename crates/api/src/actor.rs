//! Who sends a request: a person with a session cookie, or a program with a token.

use crate::{Api, problem::Problem};
use app::{
    access::{self, register::Reading, rights::Rights},
    viewer::Viewer,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use domain::{
    id::{NetworkId, OfficeId},
    masters::Masters,
    text::{Code, Key},
};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
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
        app::record::recorder(&self.viewer)
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
    id_of_person(actor.caller.person(), what, key)
}

/// The same, by the account's id.
pub fn id_of_person(person: Uuid, what: &str, key: &Key) -> Uuid {
    let mut hash = Sha256::new();
    let person = person.hyphenated().to_string();
    for part in ["yokoito beside 1", &person, what, key.as_ref()] {
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

/// From where a request comes, as far as that can be believed.
pub fn sender(api: &Api, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let said = api.is_behind_proxy.then(|| forwarded_for(headers)).flatten();
    said.unwrap_or_else(|| peer.ip())
}

/// From where, as our own proxy says: what it has added stands last, what stands before it anybody may have written.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let last = last.to_str().ok()?.rsplit(',').next()?.trim();
    last.parse().ok()
}

/// The cookie of a session.
pub fn session_cookie(api: &Api, value: String) -> Cookie<'static> {
    let name = if api.is_secure { SECURE_COOKIE } else { COOKIE };
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(api.is_secure)
        .same_site(SameSite::Lax)
        .build()
}

/// The end of a session, as a cookie.
pub fn no_session(api: &Api) -> Cookie<'static> {
    let mut cookie = session_cookie(api, String::new());
    cookie.make_removal();
    cookie
}

/// Adds a cookie to an answer.
pub fn set(answer: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_our_own_proxy_added_is_believed() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        headers.append(
            "x-forwarded-for",
            HeaderValue::from_static("10.9.9.9, 203.0.113.7"),
        );
        assert_eq!(forwarded_for(&headers), "203.0.113.7".parse().ok());
        headers.append("x-forwarded-for", HeaderValue::from_static("2001:db8::7"));
        assert_eq!(forwarded_for(&headers), "2001:db8::7".parse().ok());
        headers.append("x-forwarded-for", HeaderValue::from_static("somebody"));
        assert_eq!(forwarded_for(&headers), None);
    }
}
