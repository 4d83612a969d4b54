//! The only extractors in use: each answers with a problem when it cannot read.

use crate::problem::Problem;
use app::access::evidence::LARGEST;
use axum::{
    body::{Body as HttpBody, Bytes},
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use domain::{
    command::{in_japanese, parse_json, read_field},
    text::Key,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Largest body of one act, in bytes.
pub const ACT_LIMIT: usize = 1 << 20;
/// Largest body of many acts, in bytes.
pub const BULK_LIMIT: usize = 8 << 20;
/// Largest evidence file that is read, in bytes: one more than is kept, which is then told as what it is.
pub const EVIDENCE_LIMIT: usize = LARGEST + 1;

/// Reads a body up to a limit.
pub async fn body(body: HttpBody, limit: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, limit).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            format!(
                "本文が大きすぎます({}MBまで)。分けて送ってください。",
                limit >> 20
            ),
        )),
        Err(_) => Err(Problem::bad_request(
            "body-unreadable",
            "本文が途中で切れています。もう一度送ってください。",
        )),
    }
}

/// A body of strict JSON: no key twice, no fractions, no deep nesting; UTF-8 alone.
pub struct Json<const LIMIT: usize>(pub Value);

impl<S: Send + Sync, const LIMIT: usize> FromRequest<S> for Json<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "本文は JSON で、Content-Type: application/json(文字コードは UTF-8)をつけて送ってください。",
            ));
        }
        let bytes = body(request.into_body(), LIMIT).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            Problem::bad_request(
                "not-utf8",
                "本文の文字コードが UTF-8 ではありません。UTF-8 で送ってください。",
            )
        })?;
        parse_json(text)
            .map(Json)
            .map_err(|error| Problem::bad_request("malformed", error.to_string()))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(stated)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = stated.split(';').map(str::trim);
    let is_json = parts
        .next()
        .is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.all(|parameter| {
            let charset = parameter.to_ascii_lowercase();
            !charset.starts_with("charset=")
                || charset.trim_start_matches("charset=").trim_matches('"') == "utf-8"
        })
}

/// Reads a JSON value into a type, as strictly as acts are read; the pointer names what is wrong.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    Ok(read_field("", value)?)
}

/// What follows `?`: unknown names and names given twice are refused.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let input = serde_urlencoded::Deserializer::new(form_pairs(parts.uri.query().unwrap_or_default()));
        serde_path_to_error::deserialize(input)
            .map(Query)
            .map_err(|error| {
                let name = error.path().to_string();
                let detail = in_japanese(&error.inner().to_string());
                let problem = Problem::bad_request("query-wrong", detail);
                if name == "." || name == "?" {
                    problem
                } else {
                    problem.at(format!("?{name}"))
                }
            })
    }
}

fn form_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// Parts of the path. What cannot be read is not there.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(params) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        Ok(Params(params))
    }
}

/// `Idempotency-Key`: under it the same request is recorded once, however often it is sent.
pub struct IdempotencyKey(pub Key);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wrong = |detail: String| Problem::bad_request("key-missing", detail).at("Idempotency-Key");
        let mut stated = parts.headers.get_all("idempotency-key").iter();
        let (Some(value), None) = (stated.next(), stated.next()) else {
            return Err(wrong(
                "見出し Idempotency-Key を1つつけてください。同じ要求を送り直すときは、同じ値にします。"
                    .to_owned(),
            ));
        };
        let text = value.to_str().unwrap_or_default();
        // a structured header writes it in quotes
        let text = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        match text.parse() {
            Ok(key) => Ok(IdempotencyKey(key)),
            Err(error) => Err(wrong(format!("Idempotency-Key: {error}"))),
        }
    }
}
