//! The document, and a page to look at it with, from the program itself.

use crate::{openapi, problem::Problem};
use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

/// The page builds itself from scripts of its own address; it makes styles as it goes, and has its icons within.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                      connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::from("/openapi.json")
        .doc_expansion("none")
        .filter(true)
        .validator_url("none")
        .persist_authorization(false);
    Arc::new(config)
});
static DOCUMENT: LazyLock<String> = LazyLock::new(|| openapi::document().to_string());

/// `/openapi.json` and `/docs`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/openapi.json", get(document))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(async || page("")))
        .route("/docs/{*file}", get(async |Path(file): Path<String>| page(&file)))
}

async fn document() -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], DOCUMENT.as_str()).into_response()
}

fn page(file: &str) -> Response {
    let Ok(Some(file)) = utoipa_swagger_ui::serve(file, Arc::clone(&CONFIG)) else {
        return Problem::not_found().into_response();
    };
    let Ok(kind) = HeaderValue::from_str(&file.content_type) else {
        return Problem::internal().into_response();
    };
    let mut answer = file.bytes.into_owned().into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if file.gzpipped {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    answer
}
