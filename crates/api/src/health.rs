//! Whether the program runs, and whether it can read its book: for whoever keeps watch over it.

use crate::{Api, problem::Problem};
use axum::{
    Router,
    extract::{FromRef, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::time::Duration;

/// How long the book may take to say a word.
const WORD: Duration = Duration::from_secs(5);

/// `/healthz` and `/readyz`: two words, no figures of the book.
pub fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Api: FromRef<S>,
{
    Router::new()
        .route("/healthz", get(async || word("ok")))
        .route("/readyz", get(ready))
}

async fn ready(State(api): State<Api>) -> Response {
    let unready = || {
        let detail = "帳簿のデータベースから返事がありません。動作とネットワークを確かめてください。";
        let status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        let mut problem = Problem::new(status, "book-unavailable", detail);
        problem.retry_after = Some(5);
        problem.into_response()
    };
    match tokio::time::timeout(WORD, app::log::head(&api.book)).await {
        Ok(Ok(_)) => word("ready"),
        Ok(Err(_)) | Err(_) => unready(),
    }
}

fn word(word: &'static str) -> Response {
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, plain)], word).into_response()
}
