//! Figures for whoever watches over the program, as Prometheus reads them. They have a listener of their own, which is
//! for the machine or its network and not for the people who record.
//!
//! No label holds anything that people have written or sent: a route is the pattern that matched, never the path; a
//! method is one of a list.

use app::{
    Book,
    writer::{
        Lane,
        counted::{ACTS, UNACCEPTED},
    },
};
use axum::{
    Router,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::Arc, time::Duration};
use tokio::time::interval;

/// Requests, by `method`, `route` and class of `status`.
pub const REQUESTS: &str = "yokoito_http_requests_total";
/// How long they took, by `method` and `route`.
pub const DURATION: &str = "yokoito_http_request_duration_seconds";
/// Connections that are open.
pub const CONNECTIONS: &str = "yokoito_http_connections";
/// Jobs that wait for the writer, by `lane`.
pub const WAITING: &str = "yokoito_jobs_waiting";
/// Backups on schedule, by `outcome`.
pub const BACKUPS: &str = "yokoito_backups_total";

/// Upper bounds of the classes of durations, in seconds: from a read to what is given up.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];
/// Durations are kept one by one until they are sorted into their classes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to count; before, nothing is counted and nothing costs. Once a program.
///
/// # Errors
/// Somebody counts already.
pub fn begin() -> Result<PrometheusHandle, BuildError> {
    let durations = Matcher::Full(DURATION.to_owned());
    let counting = PrometheusBuilder::new()
        .set_buckets_for_metric(durations, &SECONDS)?
        .install_recorder()?;
    describe_counter!(
        REQUESTS,
        "Requests answered, by method, route and class of status"
    );
    describe_histogram!(DURATION, "Seconds from a request's head to its answer's");
    describe_gauge!(CONNECTIONS, "Open connections");
    describe_counter!(ACTS, "Acts answered by the writer, by kind and outcome");
    describe_counter!(UNACCEPTED, "Jobs sent away because a lane was full or closed");
    describe_gauge!(WAITING, "Jobs waiting for the writer");
    describe_counter!(BACKUPS, "Backups on schedule, by outcome");
    Ok(counting)
}

/// `/metrics`, for a listener of its own.
pub fn routes(counting: PrometheusHandle, book: Book) -> Router {
    let (counting, book) = (Arc::new(counting), Arc::new(book));
    Router::new().route("/metrics", get(async move || figures(&counting, &book)))
}

/// Keeps the figures small while nobody asks for them. Never ends.
pub async fn upkeep(counting: PrometheusHandle) {
    let mut turns = interval(UPKEEP);
    loop {
        turns.tick().await;
        counting.run_upkeep();
    }
}

fn figures(counting: &PrometheusHandle, book: &Book) -> Response {
    for lane in Lane::ALL {
        let waiting = u32::try_from(book.writer().waiting(lane)).unwrap_or(u32::MAX);
        gauge!(WAITING, "lane" => lane.name()).set(waiting);
    }
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], counting.render()).into_response()
}

/// A request was answered.
pub(crate) fn request(method: &Method, route: &str, status: StatusCode, taken: Duration) {
    let (method, route) = (word(method), route.to_owned());
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => class(status)).increment(1);
    histogram!(DURATION, "method" => method, "route" => route).record(taken);
}

/// A connection that is open for as long as this lives.
pub(crate) struct Open;

impl Open {
    pub fn new() -> Open {
        gauge!(CONNECTIONS).increment(1);
        Open
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1);
    }
}

/// A backup on schedule was made or not.
pub fn backup(is_made: bool) {
    let outcome = if is_made { "made" } else { "failed" };
    counter!(BACKUPS, "outcome" => outcome).increment(1);
}

/// A method in a word of ours: anybody may make methods up.
pub(crate) fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
