//! トークン: how other programs come in.

use super::{people::moment, roles::named};
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, read},
    problem::Problem,
    record::made,
};
use app::access::{AccessRefused, secret::Secret, tokens as access};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    calendar::Instant,
    id::OfficeId,
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeToken {
    /// What it is for.
    pub name: Name,
    /// Records nothing.
    #[serde(default)]
    pub only_reads: bool,
    /// Offices it is limited to; all of its person when empty.
    #[serde(default)]
    pub offices: Vec<Code>,
    /// Until when it counts; until it is revoked when missing.
    #[serde(default)]
    pub expires_at: Option<Instant>,
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person: Uuid,
    /// What it is for.
    pub name: String,
    /// Records nothing.
    pub only_reads: bool,
    /// Offices it is limited to.
    pub offices: Vec<Code>,
    /// When it was made.
    pub made_at: Instant,
    /// Until when it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Instant>,
    /// The token itself, in the first answer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensView {
    /// One's own, then those of one's offices.
    pub items: Vec<TokenView>,
}

async fn view(api: &Api, token: &access::Token, secret: Option<Secret>) -> Result<TokenView, Problem> {
    let offices = named(api, |masters| {
        let code = |office: &OfficeId| masters.office(*office).map(|office| office.code.clone());
        token.offices.iter().map(code).collect()
    })
    .await?;
    Ok(TokenView {
        id: token.id,
        person: token.person,
        name: token.name.clone(),
        only_reads: token.only_reads,
        offices,
        made_at: moment(token.made_at),
        expires_at: token.expires_at.map(moment),
        revoked_at: token.revoked_at.map(moment),
        secret: secret.map(|secret| secret.expose().to_owned()),
    })
}

/// トークンを作る
///
/// 答えの secret は、このときだけ見えます。要求には `Authorization: Bearer <secret>` とつけます。
#[utoipa::path(post, path = "/v1/tokens", operation_id = "make_token", tag = "人", request_body = MakeToken,
    responses((status = 201, description = "トークン", body = TokenView),
        (status = 200, description = "前に作っています(同じキー、同じ内容)。secret は、もう見られません",
            body = TokenView, headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn make(
    State(api): State<Api>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: MakeToken = read(body)?;
    let mut offices: BTreeSet<OfficeId> = BTreeSet::new();
    for code in &form.offices {
        let own = actor.own_office(&api, code).await?;
        offices.insert(own.ok_or(AccessRefused::NotYourOffice)?);
    }
    let new = access::NewToken {
        name: form.name,
        only_reads: form.only_reads,
        offices,
        expires: form.expires_at,
    };
    let id = id_of(&actor, "token", &key);
    let (token, secret) = access::make_token(&api.book, &actor.caller, new, id).await?;
    let is_new = secret.is_some();
    Ok(made(is_new, view(&api, &token, secret).await?))
}

/// トークンの一覧
#[utoipa::path(get, path = "/v1/tokens", operation_id = "list_tokens", tag = "人",
    description = "自分のトークンと、管理する事業所の人のトークン。",
    responses((status = 200, description = "一覧", body = TokensView)))]
pub async fn list(State(api): State<Api>, actor: Actor) -> Result<axum::Json<TokensView>, Problem> {
    let mut tokens = access::own_tokens(&api.book, &actor.caller).await?;
    let managed = if actor.rights().managed.is_empty() {
        Vec::new()
    } else {
        access::managed_tokens(&api.book, &actor.caller).await?
    };
    for token in managed {
        if tokens.iter().all(|other| other.id != token.id) {
            tokens.push(token);
        }
    }
    let mut items = Vec::new();
    for token in &tokens {
        items.push(view(&api, token, None).await?);
    }
    Ok(axum::Json(TokensView { items }))
}

/// トークンを止める
#[utoipa::path(delete, path = "/v1/tokens/{id}", operation_id = "revoke_token", tag = "人",
    description = "すぐに使えなくなります。", params(("id" = Uuid, Path, description = "トークンの ID")),
    responses((status = 204, description = "止めました")))]
pub async fn revoke(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::revoke_token(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
