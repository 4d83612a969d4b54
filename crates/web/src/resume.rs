//! A form that was sent after its session had ended is not lost: whoever logs in again finds it as it was typed, with a button
//! that sends it. Its key is the same, so that it is recorded once.
//!
//! What was typed goes to the page that asks to log in and comes back with it, never into a store: nobody else can read it.

use crate::{
    form::Form,
    page::{self, Asked, own_address},
    shell::Shell,
};
use askama::Template;
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Bytes of a form at most.
const LIMIT: usize = 1 << 20;
/// Fields that are not carried: secrets, and what the form that logs in has itself.
const SECRET: [&str; 6] = ["login", "password", "next", "secret", "old", "new"];

#[derive(Template)]
#[template(path = "login/resume.html")]
struct ResumePage {
    shell: Shell,
    to: String,
    fields: Vec<(String, String)>,
}

/// Around all pages: a form for which somebody has to log in first is kept in the page that asks for it.
pub async fn keep_typed(request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(asked) = Asked::from_request_parts(&mut parts, &()).await;
    let path = parts.uri.path().to_owned();
    // a sender that has gone
    let Ok(bytes) = to_bytes(body, LIMIT).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = next
        .run(Request::from_parts(parts, Body::from(bytes.clone())))
        .await;
    if !asks_to_log_in(&answer) {
        return answer;
    }
    match to_carry(form_urlencoded::parse(&bytes).into_owned().collect()) {
        nothing if nothing.is_empty() => answer,
        typed => crate::login::ask_with(&asked, &path, typed),
    }
}

/// The form again, after somebody has logged in: one press sends it.
pub fn page(asked: &Asked, fields: Vec<(String, String)>, to: &str) -> Response {
    let page = ResumePage {
        shell: Shell::of(asked),
        to: own_address(to).to_owned(),
        fields,
    };
    page::shown(asked, &page)
}

/// What was typed before, as it came along with the form that logs in.
pub fn carried(form: &Form) -> Vec<(String, String)> {
    let typed = form.filled("typed/").into_iter();
    typed
        .map(|(name, _)| {
            (
                name.to_owned(),
                form.verbatim(&format!("typed/{name}")).to_owned(),
            )
        })
        .collect()
}

/// What may be carried on.
fn to_carry(mut typed: Vec<(String, String)>) -> Vec<(String, String)> {
    typed.retain(|(name, value)| !value.is_empty() && !SECRET.contains(&name.as_str()));
    typed
}

/// Whether it is a form of a size that says so itself; a larger one is not held.
fn is_form(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_form =
        text(header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let size = text(header::CONTENT_LENGTH).and_then(|size| size.parse::<usize>().ok());
    is_form && size.is_some_and(|size| size <= LIMIT)
}

fn asks_to_log_in(answer: &Response) -> bool {
    let to = answer.headers().get(header::LOCATION);
    answer.status() == StatusCode::SEE_OTHER
        && to.is_some_and(|to| to.as_bytes().starts_with(b"/login?next="))
}
