//! What goes wrong, as a page: what happened, what to do next, and a way on.

use crate::{
    page::{self, Asked},
    shell::Shell,
};
use api::problem::Problem;
use app::{StoreError, access::AccessRefused, record::NotRecorded, views::ViewError};
use askama::Template;
use axum::{
    extract::{FromRequestParts, Request},
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

/// Why there is no page.
pub enum PageError {
    /// Told on a page of its own.
    Problem(Problem),
    /// Somebody has to log in, and comes back here afterwards.
    LogIn(String),
}

impl PageError {
    /// Nothing there, or nothing that the visitor may know of.
    pub fn not_found() -> PageError {
        Problem::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "見つかりません。アドレスがまちがっているか、見てはいけないものです。ホームから開いてください。",
        )
        .into()
    }

    /// To the page where one logs in.
    pub fn log_in_first(to: &str) -> PageError {
        PageError::LogIn(to.to_owned())
    }
}

macro_rules! told {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for PageError {
            fn from(error: $error) -> PageError {
                PageError::Problem(error.into())
            }
        }
    )+};
}

told!(Problem, StoreError, AccessRefused, NotRecorded, ViewError);

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: Shell,
    title: String,
    detail: String,
}

/// A page for a problem, in the words of the problem.
pub fn page_of(asked: &Asked, problem: &Problem) -> Response {
    let page = ErrorPage {
        shell: Shell::of_nobody(asked),
        title: problem.title.clone(),
        detail: problem.detail.clone(),
    };
    let mut answer = page::shown(asked, &page);
    *answer.status_mut() = problem.status();
    if let Some(seconds) = problem.retry_after {
        answer.headers_mut().insert("retry-after", seconds.into());
    }
    answer
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            // a layer that knows how the reader is spoken to writes the page
            PageError::Problem(problem) => {
                let mut answer = problem.status().into_response();
                answer.extensions_mut().insert(Unwritten(problem));
                answer
            }
            PageError::LogIn(to) => {
                let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
                Redirect::to(&format!("/login?next={to}")).into_response()
            }
        }
    }
}

/// A problem for which there is no page yet: what a handler refuses with does not know the request.
#[derive(Clone)]
struct Unwritten(Problem);

/// Around all pages: an error is told as the reader is spoken to.
pub async fn write_errors(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(asked) = Asked::from_request_parts(&mut parts, &()).await;
    let mut answer = next.run(Request::from_parts(parts, body)).await;
    match answer.extensions_mut().remove::<Unwritten>() {
        Some(Unwritten(problem)) => page_of(&asked, &problem),
        None => answer,
    }
}

/// Whether an address is the API's: those who ask there read problems, not pages.
fn is_of_api(uri: &Uri) -> bool {
    let path = uri.path();
    path.starts_with("/v1/") || path == "/v1" || path.starts_with("/openapi") || path.starts_with("/docs")
}

/// Nothing at that address.
pub async fn no_such_page(uri: Uri, asked: Asked) -> Response {
    if is_of_api(&uri) {
        return api::layers::no_such_path().await.into_response();
    }
    let PageError::Problem(problem) = PageError::not_found() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    page_of(&asked, &problem)
}

/// Something is there, but not this method.
pub async fn no_such_method(uri: Uri, asked: Asked) -> Response {
    let problem = api::layers::no_such_method().await;
    if is_of_api(&uri) {
        return problem.into_response();
    }
    let detail = "このページは、ここからは開けません。ホームから開いてください。";
    page_of(
        &asked,
        &Problem {
            detail: detail.to_owned(),
            ..problem
        },
    )
}
