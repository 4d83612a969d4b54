//! 証拠書類: files that entries name by their hash.

use super::people::moment;
use crate::{
    Api,
    actor::Actor,
    extract::{EVIDENCE_LIMIT, Params, Query, body},
    problem::Problem,
};
use app::access::{AccessRefused, evidence as access};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{calendar::business_day, text::Code};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Whose file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// どの事業所の書類か
    #[param(value_type = Code)]
    pub office: Code,
}

/// A file that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// SHA-256 of its bytes, hex: what an act names.
    pub hash: String,
}

/// 証拠書類を置く
///
/// 5MBまで。PDF・JPEG・PNG・WebP・CSV・テキスト。答えの hash を、伝票の evidence に書きます。同じファイルは1つだけ残ります。
#[utoipa::path(post, path = "/v1/evidence", operation_id = "keep_evidence", tag = "証明", params(Whose),
    request_body(content = String, content_type = "application/pdf", description = "ファイルの中身"),
    responses((status = 201, description = "置きました", body = EvidenceView)))]
pub async fn keep(
    State(api): State<Api>,
    actor: Actor,
    Query(whose): Query<Whose>,
    headers: HeaderMap,
    file: Body,
) -> Result<(StatusCode, Json<EvidenceView>), Problem> {
    let office = actor.own_office(&api, &whose.office).await?;
    let office = office.ok_or_else(Problem::not_found)?;
    let stated = headers
        .get(header::CONTENT_TYPE)
        .map(|value| value.to_str().unwrap_or_default());
    // larger still, it is the same to whoever sends it: a photo cannot be sent in parts
    let bytes = body(file, EVIDENCE_LIMIT)
        .await
        .map_err(|problem| match problem.status() {
            StatusCode::PAYLOAD_TOO_LARGE => AccessRefused::EvidenceTooLarge.into(),
            _ => problem,
        })?;
    let media_type = stated.unwrap_or_default();
    let hash = access::keep_evidence(&api.book, &actor.caller, office, media_type, bytes.to_vec()).await?;
    let hash = hex::encode(hash);
    Ok((StatusCode::CREATED, Json(EvidenceView { hash })))
}

/// 証拠書類を見る
///
/// 置いた事業所と、その事業所を見られるコーディネーターに見えます。
#[utoipa::path(get, path = "/v1/evidence/{hash}", operation_id = "get_evidence", tag = "証明",
    params(("hash" = String, Path, description = "SHA-256(16進64桁)", pattern = "^[0-9A-Fa-f]{64}$")),
    responses((status = 200, description = "ファイル", content_type = "application/octet-stream", body = Vec<u8>)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params(text): Params<String>,
) -> Result<Response, Problem> {
    let hash = hex::decode(&text)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let hash = hash.ok_or_else(Problem::not_found)?;
    let found = access::evidence(&api.book, &hash)
        .await?
        .ok_or_else(Problem::not_found)?;
    let brought_on = business_day(moment(found.made_at));
    let follows = app::views::follows_any(&api.book, &actor.viewer, &found.offices, brought_on).await?;
    actor.register(&api, "get_evidence", &text).await?;
    if !follows {
        return Err(Problem::not_found());
    }
    let mut answer = found.bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(found.media_type.name()),
    );
    // shown by nobody's browser as a page of ours
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment"),
    );
    Ok(answer)
}
