//! A page on its way out: what was asked along with it (way of speaking, what was just said), and how it is sent.

use crate::{said::Said, speech::Mode};
use api::{Api, actor::set};
use askama::Template;
use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use std::convert::Infallible;

/// Cookie of the way of speaking.
const MODE: &str = "yokoito_mode";
/// It is kept for a year.
const A_YEAR: i64 = 365 * 24 * 60 * 60;

/// Pages run scripts and styles of this site alone, are framed by nobody, and send forms nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What comes along with every request.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Way of speaking.
    pub mode: Mode,
    /// What the last answer wanted to be told on the next page.
    pub said: Option<Said>,
    /// Address, to come back to.
    pub path: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        let of = |name| jar.get(name).map(Cookie::value);
        Ok(Asked {
            mode: of(MODE).map(Mode::named).unwrap_or_default(),
            said: of(Said::COOKIE).and_then(Said::read),
            path: parts
                .uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
        })
    }
}

/// This site as whoever asks calls it, for links and QRs that lead here from elsewhere.
#[derive(Clone, Debug)]
pub struct Site(String);

impl Site {
    /// `https://yokoito.example.jp`.
    pub fn base(&self, api: &Api) -> String {
        let scheme = if api.is_secure { "https" } else { "http" };
        format!("{scheme}://{}", self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Site {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Site, Infallible> {
        // HTTP/2 has the name in the address
        let asked = parts
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let asked = asked.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
        Ok(Site(asked.unwrap_or_default().to_owned()))
    }
}

/// The page. What was said is told once.
pub fn shown(asked: &Asked, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a page that cannot be written");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut answer = Html(html).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if asked.said.is_some() {
        let mut cookie = Cookie::new(Said::COOKIE, "");
        cookie.set_path("/");
        cookie.make_removal();
        set(&mut answer, &cookie);
    }
    answer
}

/// The form again, with what is wrong in it.
pub fn shown_again(asked: &Asked, page: &impl Template) -> Response {
    let mut answer = shown(asked, page);
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    answer
}

/// Done: to another page, which says so.
pub fn done(to: &str, said: &Said) -> Response {
    let mut answer = Redirect::to(to).into_response();
    let cookie = Cookie::build((Said::COOKIE, said.written()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    set(&mut answer, &cookie);
    answer
}

/// An address of this site, or the home page.
pub fn own_address(to: &str) -> &str {
    let is_own = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    if is_own { to } else { "/" }
}

/// ふつう or やさしい, chosen on any page.
pub async fn set_mode(State(api): State<Api>, form: crate::form::Form) -> Response {
    let mode = Mode::named(form.get("mode"));
    let mut answer = Redirect::to(own_address(form.get("back"))).into_response();
    let cookie = format!(
        "{MODE}={}; Path=/; Max-Age={A_YEAR}; SameSite=Lax{}",
        mode.name(),
        if api.is_secure { "; Secure" } else { "" }
    );
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(own_address("/o/a?x=1"), "/o/a?x=1");
        for other in [
            "https://example.com",
            "//example.com",
            "/\\example.com",
            "",
            "o/a",
        ] {
            assert_eq!(own_address(other), "/");
        }
    }
}
