//! 見本の連絡会, for an empty book.

use crate::{Api, actor::Actor, problem::Problem};
use app::sample;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of the sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleView {
    /// New in the book.
    pub recorded: u64,
    /// In the book from before.
    pub already: u64,
}

/// 見本の連絡会を入れる
///
/// まだ何も記録していない帳簿に、架空の9事業所の2か月分の記録を入れます。入れた運用者は、そのうちのいくつかの管理者になります。
/// 途中で止まったときは、もう一度送ると続きを入れます。
#[utoipa::path(post, path = "/v1/sample", operation_id = "fill_with_sample", tag = "まとめて",
    responses((status = 201, description = "入れました", body = SampleView),
        (status = 200, description = "もう入っています", body = SampleView)))]
pub async fn fill(State(api): State<Api>, actor: Actor) -> Result<Response, Problem> {
    let sample = api.sample.as_ref().ok_or_else(Problem::not_found)?;
    let filled = sample::fill(&api.book, &actor.caller, sample).await?;
    let view = SampleView {
        recorded: filled.recorded,
        already: filled.already,
    };
    let status = if view.recorded > 0 {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(view)).into_response())
}
