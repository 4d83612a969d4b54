//! Logging in and out.

use super::roles::{RoleForm, named};
use crate::{
    Api,
    actor::{Actor, no_session, sender, session_cookie, set},
    extract::{ACT_LIMIT, Json, read},
    problem::Problem,
};
use app::access::{AccessRefused, Means, log_in as access, rights::Role, secret::Secret};
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// The account's word.
    #[schema(min_length = 1, max_length = 64)]
    pub login: String,
    /// Password.
    #[schema(format = Password, min_length = 1, max_length = 1024)]
    pub password: String,
}

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The account's id.
    pub person: Uuid,
    /// Roles that hold here and now.
    pub roles: Vec<RoleForm>,
    /// Came in by a token that only reads.
    pub only_reads: bool,
    /// Came in by a token.
    pub by_token: bool,
    /// Came in by a card.
    pub by_card: bool,
}

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    #[schema(format = Password, min_length = 1, max_length = 1024)]
    pub old: String,
    /// The new one.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    pub new: String,
}

async fn me(api: &Api, caller: &app::access::Caller) -> Result<Me, Problem> {
    let rights = &caller.rights;
    let staff = rights
        .offices
        .difference(&rights.managed)
        .map(|office| Role::Staff(*office));
    let managed = rights.managed.iter().map(|office| Role::Manager(*office));
    let networks = rights.networks.iter().map(|network| Role::Coordinator(*network));
    let roles: Vec<Role> = managed
        .chain(staff)
        .chain(networks)
        .chain(rights.is_operator.then_some(Role::Operator))
        .collect();
    let roles = named(api, |masters| {
        roles.iter().map(|role| RoleForm::of(*role, masters)).collect()
    })
    .await?;
    Ok(Me {
        person: rights.person,
        roles,
        only_reads: rights.only_reads,
        by_token: matches!(caller.means, Means::Token(_)),
        by_card: matches!(caller.means, Means::Card(_)),
    })
}

/// ログインする
///
/// ログイン名とパスワードで。答えの Cookie を、次からの要求につけます。プログラムからは、トークンを使ってください。
#[utoipa::path(post, path = "/v1/sessions", operation_id = "log_in", tag = "人", request_body = LogIn, security(()),
    responses((status = 201, description = "ログインしました", body = Me,
        headers(("Set-Cookie" = String, description = "セッション")))))]
pub async fn log_in(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: LogIn = read(body)?;
    let address = sender(&api, peer, &headers);
    let (secret, caller) = access::log_in(&api.book, &form.login, &form.password, address).await?;
    entered(&api, &secret, &caller).await
}

/// The answer to somebody who came in: who they are, and the session's cookie.
pub(super) async fn entered(
    api: &Api,
    secret: &Secret,
    caller: &app::access::Caller,
) -> Result<Response, Problem> {
    let me = me(api, caller).await?;
    let cookie = session_cookie(api, secret.expose().to_owned());
    let mut answer = (StatusCode::CREATED, axum::Json(me)).into_response();
    set(&mut answer, &cookie);
    Ok(answer)
}

/// 自分を確かめる
///
/// だれとして、どの役割で入っているか。
#[utoipa::path(get, path = "/v1/session", operation_id = "who_am_i", tag = "人",
    responses((status = 200, description = "自分", body = Me)))]
pub async fn who(State(api): State<Api>, actor: Actor) -> Result<axum::Json<Me>, Problem> {
    Ok(axum::Json(me(&api, &actor.caller).await?))
}

/// ログアウトする
#[utoipa::path(delete, path = "/v1/session", operation_id = "log_out", tag = "人",
    description = "このセッションを終えます。トークンで入っているときは、できません。",
    responses((status = 204, description = "ログアウトしました")))]
pub async fn log_out(State(api): State<Api>, actor: Actor) -> Result<Response, Problem> {
    if matches!(actor.caller.means, Means::Token(_)) {
        return Err(AccessRefused::NeedsLogin.into());
    }
    access::log_out(&api.book, &actor.caller).await?;
    let mut answer = StatusCode::NO_CONTENT.into_response();
    set(&mut answer, &no_session(&api));
    Ok(answer)
}

/// パスワードを変える
///
/// ほかの端末のログインは、すべて終わります。
#[utoipa::path(put, path = "/v1/session/password", operation_id = "change_password", tag = "人",
    request_body = PasswordChange, responses((status = 204, description = "変えました")))]
pub async fn change_password(
    State(api): State<Api>,
    actor: Actor,
    Json(body): Json<ACT_LIMIT>,
) -> Result<StatusCode, Problem> {
    let form: PasswordChange = read(body)?;
    let changed = access::change_password(&api.book, &actor.caller, &form.old, &form.new).await;
    changed.map_err(|error| match &error {
        AccessRefused::Password(_) => Problem::from(error).named("/new"),
        AccessRefused::WrongPassword => Problem::from(error).at("/old"),
        _ => error.into(),
    })?;
    Ok(StatusCode::NO_CONTENT)
}
