//! Who sends a request: a person with a session cookie, or a program with a token.

use crate::{Api, problem::Problem};
use app::{
    access::{self, rights::Rights},
    viewer::Viewer,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::CookieJar;

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

    /// Writes to the register what was read as a coordinator, before the answer goes out.
    pub async fn register(&self, api: &Api, operation: &'static str, subject: &str) -> Result<(), Problem> {
        let read = self.viewer.take_read();
        access::register::note(&api.book, &self.caller, read, operation, subject).await?;
        Ok(())
    }
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
                Some(secret) => access::sessions::caller_of_session(&api.book, &secret).await?,
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
