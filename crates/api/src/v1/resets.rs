//! パスワードの設定し直し.

use super::people::moment;
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, read},
    problem::Problem,
    record::made,
};
use app::access::resets as access;
use axum::{extract::State, http::StatusCode, response::Response};
use domain::calendar::Instant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A link for another password.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResetView {
    /// Its id.
    pub id: Uuid,
    /// Whose password.
    pub person: Uuid,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it counts.
    pub expires_at: Instant,
    /// The secret of the link, in the first answer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The secret of the link.
    #[schema(min_length = 1, max_length = 128)]
    pub secret: String,
    /// Password.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub password: String,
}

/// パスワードの設定し直しを頼まれた
///
/// 答えの secret を本人に渡します。1回だけ、24時間のあいだ使えます。運用者はだれの分でも、管理者は自分の事業所の役割だけを
/// 持つ人の分を作れます。前に作ったものは、使えなくなります。
#[utoipa::path(post, path = "/v1/people/{id}/password-resets", operation_id = "make_password_reset", tag = "人",
    params(("id" = Uuid, Path, description = "アカウントの ID")),
    responses((status = 201, description = "設定し直しのリンク", body = ResetView),
        (status = 200, description = "前に作っています(同じキー、同じ内容)。secret は、もう見られません",
            body = ResetView, headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn make(
    State(api): State<Api>,
    actor: Actor,
    Params(person): Params<Uuid>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Response, Problem> {
    let id = id_of(&actor, "password-reset", &key);
    let (reset, secret) = access::make_reset(&api.book, &actor.caller, person, id).await?;
    let is_new = secret.is_some();
    let view = ResetView {
        id: reset.id,
        person: reset.person,
        made_at: moment(reset.made_at),
        expires_at: moment(reset.expires_at),
        secret: secret.map(|secret| secret.expose().to_owned()),
    };
    Ok(made(is_new, view))
}

/// パスワードを設定し直す
///
/// 渡された secret で、新しいパスワードを決めます。前のパスワードで入っていた端末は、すべて出されます。
#[utoipa::path(post, path = "/v1/password-resets", operation_id = "reset_password", tag = "人",
    request_body = NewPassword, security(()), responses((status = 204, description = "設定しました")))]
pub async fn reset(State(api): State<Api>, Json(body): Json<ACT_LIMIT>) -> Result<StatusCode, Problem> {
    let form: NewPassword = read(body)?;
    access::reset_password(&api.book, &form.secret, &form.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
