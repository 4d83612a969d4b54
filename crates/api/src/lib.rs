//! JSON over HTTP: every act and view of the book, described by OpenAPI, open only to those it concerns.
//!
//! [`routes::router`] puts it together; [`openapi::document`] is its description and needs no book. A handler parses,
//! asks [`app`], and maps the answer; whatever goes wrong leaves as a [`problem::Problem`].

#![expect(
    clippy::result_large_err,
    reason = "a problem is the answer itself, made once per request"
)]

pub mod actor;
mod docs;
pub mod extract;
mod health;
pub mod kinds;
pub mod layers;
pub mod openapi;
pub mod problem;
pub mod record;
pub mod routes;
pub mod serve;
pub mod tls;
pub mod v1;
pub mod watch;

use app::Book;
use domain::log::BookKey;
use std::sync::Arc;

/// What every handler is given.
#[derive(Clone)]
pub struct Api {
    /// The book.
    pub book: Book,
    /// The key that signs heads; without it there are no signed heads and proofs.
    pub key: Option<Arc<BookKey>>,
    /// Whether people reach us by HTTPS: then cookies are for it alone.
    pub is_secure: bool,
    /// Whether all requests come over a proxy of ours, which says in `X-Forwarded-For` from where.
    pub is_behind_proxy: bool,
    /// A month of made-up offices that an empty book may be filled with; none where the program brings none.
    pub sample: Option<app::sample::Sample>,
}
