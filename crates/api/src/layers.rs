//! What is around all routes: a panic is an answer, a request has an id and a time, a browser is told what it may do with
//! the answer, and another site's pages cannot act in a person's name.

use crate::{problem::Problem, watch};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::{any::Any, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
};
use tracing::Instrument as _;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_mins(1);
/// As long as a trace and a span together.
const LONGEST_ID: usize = 64;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Answers are data: nothing in them is to be run, shown in a frame or guessed at.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Puts everything around the routes. What comes later in the list is further out.
pub fn around<S: Clone + Send + Sync + 'static>(routes: Router<S>, is_secure: bool) -> Router<S> {
    let routes = routes
        .layer(middleware::from_fn(timely))
        .layer(CsrfLayer::new().with_rejection_response(cross_site))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(told))
        .layer(unless_said(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(unless_said(header::CACHE_CONTROL, "no-store"))
        .layer(unless_said(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_said(header::X_FRAME_OPTIONS, "DENY"))
        .layer(unless_said(header::REFERRER_POLICY, "no-referrer"))
        .layer(unless_said(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ))
        .layer(unless_said(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ));
    let routes = if is_secure {
        routes.layer(unless_said(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
    } else {
        routes
    };
    routes
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
}

fn unless_said(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// An answer in time. The writer goes on with what it was given: the same key tells later what became of it.
async fn timely(request: Request, next: Next) -> Response {
    if let Ok(answer) = tokio::time::timeout(ANSWER, next.run(request)).await {
        return answer;
    }
    let detail = "時間がかかりすぎました。記録するときは、同じ Idempotency-Key でもう一度送ってください。\
                  記録済みなら、二重にはなりません。";
    let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed-out", detail);
    problem.retry_after = Some(5);
    problem.into_response()
}

/// One line a request: which route, how it ended, how long it took. No address, body, name or secret.
async fn told(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let id = request.headers().get(&REQUEST_ID).and_then(named);
    let method = request.method().clone();
    let began = tokio::time::Instant::now();
    let id = id.unwrap_or_default();
    // what is logged while answering carries the id as well
    let span = tracing::info_span!("answer", request_id = id);
    let answer = next.run(request).instrument(span).await;
    let taken = began.elapsed();
    watch::request(&method, &route, answer.status(), taken);
    let duration_ms = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        request_id = id,
        method = watch::word(&method),
        route,
        status = answer.status().as_u16(),
        duration_ms,
        "request"
    );
    answer
}

/// An id that a proxy gave, if it is one: the log holds nothing that strangers write into it.
fn named(id: &HeaderValue) -> Option<String> {
    let id = id.to_str().ok().filter(|id| id.len() <= LONGEST_ID)?;
    let is_id = id.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    is_id.then(|| id.to_owned())
}

fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a panic while answering");
    Problem::internal().into_response()
}

fn cross_site(_: ProtectionError) -> Response {
    let detail =
        "ほかのサイトのページからの操作は受け付けません。このサイトのページから、やり直してください。";
    Problem::new(StatusCode::FORBIDDEN, "cross-site", detail).into_response()
}

/// Nothing at that path.
pub async fn no_such_path() -> Problem {
    Problem::not_found()
}

/// Something is there, but not this method.
pub async fn no_such_method() -> Problem {
    let detail = "この URL では、その操作(メソッド)は使えません。/docs で確かめてください。";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}
