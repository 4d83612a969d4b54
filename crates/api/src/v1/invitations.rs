//! 招待: how people come in.

use super::{
    people::moment,
    roles::{RoleForm, named},
};
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, read},
    problem::Problem,
    record::made,
};
use app::access::{AccessRefused, Means, invitations as access, secret::Secret};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::calendar::Instant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The role that the invitation gives.
    pub gives: RoleForm,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationView {
    /// Its id.
    pub id: Uuid,
    /// The role it gives.
    pub gives: RoleForm,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it counts.
    pub expires_at: Instant,
    /// When somebody came in by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Instant>,
    /// The secret of the link, in the first answer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationsView {
    /// Newest first.
    pub items: Vec<InvitationView>,
}

/// Who comes in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The secret of the link.
    #[schema(min_length = 1, max_length = 128)]
    pub secret: String,
    /// Word for the account, never a person's name.
    #[schema(min_length = 1, max_length = 64)]
    pub login: String,
    /// Password.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub password: String,
}

/// Who takes one more role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The secret of the link.
    #[schema(min_length = 1, max_length = 128)]
    pub secret: String,
}

/// The account that was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Accepted {
    /// Its id.
    pub person: Uuid,
}

async fn view(
    api: &Api,
    invitation: &access::Invitation,
    secret: Option<Secret>,
) -> Result<InvitationView, Problem> {
    let gives = named(api, |masters| RoleForm::of(invitation.role, masters)).await?;
    Ok(InvitationView {
        id: invitation.id,
        gives,
        made_at: moment(invitation.made_at),
        expires_at: moment(invitation.expires_at),
        used_at: invitation.used_at.map(moment),
        secret: secret.map(|secret| secret.expose().to_owned()),
    })
}

/// 招待する
///
/// 答えの secret を本人に渡します。1回だけ、7日のあいだ使えます。管理者は自分の事業所の役割を、運用者はどの役割でも。
#[utoipa::path(post, path = "/v1/invitations", operation_id = "invite", tag = "人", request_body = Invite,
    responses((status = 201, description = "招待", body = InvitationView),
        (status = 200, description = "前に招待しています(同じキー、同じ内容)。secret は、もう見られません",
            body = InvitationView, headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn invite(
    State(api): State<Api>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: Invite = read(body)?;
    let role = form
        .gives
        .role(&api)
        .await
        .map_err(|unknown| match actor.caller.means {
            Means::Token(_) => AccessRefused::NeedsLogin.into(),
            Means::Card(_) => AccessRefused::NeedsPassword.into(),
            // which offices there are is told to those who may invite to any
            Means::Session(_) if !actor.rights().is_operator => AccessRefused::NotAllowed.into(),
            Means::Session(_) => unknown.within("/gives"),
        })?;
    let id = id_of(&actor, "invitation", &key);
    let (invitation, secret) = access::invite(&api.book, &actor.caller, role, id).await?;
    let is_new = secret.is_some();
    Ok(made(is_new, view(&api, &invitation, secret).await?))
}

/// 招待の一覧
#[utoipa::path(get, path = "/v1/invitations", operation_id = "list_invitations", tag = "人",
    description = "まだ使われていない招待。",
    responses((status = 200, description = "一覧", body = InvitationsView)))]
pub async fn list(State(api): State<Api>, actor: Actor) -> Result<axum::Json<InvitationsView>, Problem> {
    let mut items = Vec::new();
    for invitation in access::invitations(&api.book, &actor.caller).await? {
        items.push(view(&api, &invitation, None).await?);
    }
    Ok(axum::Json(InvitationsView { items }))
}

/// 招待を取り消す
#[utoipa::path(delete, path = "/v1/invitations/{id}", operation_id = "withdraw_invitation", tag = "人",
    description = "リンクは、すぐに使えなくなります。",
    params(("id" = Uuid, Path, description = "招待の ID")),
    responses((status = 204, description = "取り消しました")))]
pub async fn withdraw(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::withdraw_invitation(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 招待を受ける
///
/// ログイン名とパスワードを決めて、アカウントを作ります。はじめの設定のリンクも、これで使います。
#[utoipa::path(post, path = "/v1/accounts", operation_id = "accept_invitation", tag = "人", request_body = Accept,
    security(()), responses((status = 201, description = "アカウントができました", body = Accepted)))]
pub async fn accept(
    State(api): State<Api>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<(StatusCode, axum::Json<Accepted>), Problem> {
    let form: Accept = read(body)?;
    let person = access::accept_invitation(&api.book, &form.secret, &form.login, &form.password).await?;
    Ok((StatusCode::CREATED, axum::Json(Accepted { person })))
}

/// 招待を、いまのアカウントで受ける
///
/// もうアカウントがある人が、役割を増やします。
#[utoipa::path(post, path = "/v1/session/roles", operation_id = "join", tag = "人", request_body = Join,
    responses((status = 204, description = "役割が増えました")))]
pub async fn join(
    State(api): State<Api>,
    actor: Actor,
    Json(body): Json<ACT_LIMIT>,
) -> Result<StatusCode, Problem> {
    let form: Join = read(body)?;
    access::accept_as(&api.book, &actor.caller, &form.secret).await?;
    Ok(StatusCode::NO_CONTENT)
}
