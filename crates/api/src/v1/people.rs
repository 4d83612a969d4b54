//! People and their roles.

use super::roles::{RoleForm, named};
use crate::{Api, actor::Actor, extract::Params, problem::Problem};
use app::access::people as access;
use axum::{Json, extract::State, http::StatusCode};
use domain::calendar::Instant;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody who may come in.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// The account's id.
    pub id: Uuid,
    /// The account's word.
    pub login: String,
    /// Since when.
    pub made_at: Instant,
    /// Shut.
    pub is_disabled: bool,
    /// Roles that run.
    pub roles: Vec<HeldRoleView>,
}

/// A role that somebody holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldRoleView {
    /// Its id.
    pub id: Uuid,
    /// The role.
    pub held: RoleForm,
    /// Since when.
    pub from: Instant,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeopleView {
    /// By their words.
    pub items: Vec<PersonView>,
}

/// Milliseconds as they are kept.
pub(super) fn moment(millis: i64) -> Instant {
    Instant::from_millis(millis).unwrap_or(Instant::EPOCH)
}

/// 人の一覧
///
/// 管理者には、自分の事業所に役割のある人。運用者には、全員。
#[utoipa::path(get, path = "/v1/people", operation_id = "list_people", tag = "人",
    responses((status = 200, description = "一覧", body = PeopleView)))]
pub async fn list(State(api): State<Api>, actor: Actor) -> Result<Json<PeopleView>, Problem> {
    let people = access::people(&api.book, &actor.caller).await?;
    let items = named(&api, |masters| {
        let role = |held: &access::HeldRole| {
            Some(HeldRoleView {
                id: held.id,
                held: RoleForm::of(held.role, masters)?,
                from: moment(held.from_at),
            })
        };
        people
            .iter()
            .map(|person| {
                Some(PersonView {
                    id: person.id,
                    login: person.login.clone(),
                    made_at: moment(person.made_at),
                    is_disabled: person.is_disabled,
                    roles: person.roles.iter().map(role).collect::<Option<_>>()?,
                })
            })
            .collect()
    })
    .await?;
    Ok(Json(PeopleView { items }))
}

/// 役割を外す
///
/// その人のログインとトークンは、この役割の分がすぐに使えなくなります。
#[utoipa::path(delete, path = "/v1/roles/{id}", operation_id = "end_role", tag = "人",
    params(("id" = Uuid, Path, description = "役割の ID(人の一覧にあります)")),
    responses((status = 204, description = "外しました")))]
pub async fn end_role(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::end_role(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// アカウントを止める
///
/// 運用者だけができます。ログインもトークンも使えなくなります。記録はそのまま残ります。
#[utoipa::path(delete, path = "/v1/people/{id}", operation_id = "disable_person", tag = "人",
    params(("id" = Uuid, Path, description = "アカウントの ID")),
    responses((status = 204, description = "止めました")))]
pub async fn disable(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::disable(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// アカウントをまた使えるようにする
///
/// 運用者だけができます。止める前の役割とパスワードのまま、使えるようになります。
#[utoipa::path(post, path = "/v1/people/{id}/reopening", operation_id = "enable_person", tag = "人",
    params(("id" = Uuid, Path, description = "アカウントの ID")),
    responses((status = 204, description = "使えるようにしました")))]
pub async fn enable(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::enable(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
