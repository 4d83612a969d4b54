//! QRカード: how tablets that many share come in.

use super::{people::moment, roles::named, sessions::entered};
use crate::{
    Api,
    actor::{Actor, id_of, sender},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, read},
    problem::Problem,
    record::made,
};
use app::access::{AccessRefused, Means, cards as access, secret::Secret};
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    calendar::Instant,
    masters::Masters,
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use utoipa::ToSchema;
use uuid::Uuid;

/// A card to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueCard {
    /// Office.
    pub office: Code,
    /// Where it lies.
    pub name: Name,
}

/// A card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardView {
    /// Its id.
    pub id: Uuid,
    /// Its account.
    pub person: Uuid,
    /// Office.
    pub office: Code,
    /// Where it lies.
    pub name: String,
    /// When it was made.
    pub made_at: Instant,
    /// When it was stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Instant>,
    /// The secret of the card, in the first answer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardsView {
    /// Newest first.
    pub items: Vec<CardView>,
}

/// Who comes in with a card.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogInByCard {
    /// The secret of the card.
    #[schema(min_length = 1, max_length = 128)]
    pub secret: String,
}

fn view(masters: &Masters, card: &access::Card, secret: Option<&Secret>) -> Option<CardView> {
    Some(CardView {
        id: card.id,
        person: card.person,
        office: masters.office(card.office)?.code.clone(),
        name: card.name.clone(),
        made_at: moment(card.made_at),
        stopped_at: card.stopped_at.map(moment),
        secret: secret.map(|secret| secret.expose().to_owned()),
    })
}

/// カードを作る
///
/// 答えの secret を QR コードにして、タブレットのそばに置きます。カードで入った人は、その事業所の職員として記録できます。
#[utoipa::path(post, path = "/v1/cards", operation_id = "issue_card", tag = "人", request_body = IssueCard,
    responses((status = 201, description = "カード", body = CardView),
        (status = 200, description = "前に作っています(同じキー、同じ内容)。secret は、もう見られません",
            body = CardView, headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn issue(
    State(api): State<Api>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: IssueCard = read(body)?;
    match actor.caller.means {
        Means::Token(_) => return Err(AccessRefused::NeedsLogin.into()),
        Means::Card(_) => return Err(AccessRefused::NeedsPassword.into()),
        Means::Session(_) => {}
    }
    let of = |masters: &Masters| {
        masters
            .office_by_code(&form.office)
            .map(|office| office.id)
            .ok_or(())
    };
    let office = match api.book.with_masters(of).await? {
        Ok(office) => office,
        Err(()) if actor.rights().is_operator => {
            return Err(Problem::from(AccessRefused::OfficeUnknown).at("/office"));
        }
        // which offices there are is told to those who may make cards for any
        Err(()) => return Err(AccessRefused::NotAllowed.into()),
    };
    let id = id_of(&actor, "card", &key);
    let (card, secret) = access::issue_card(&api.book, &actor.caller, office, &form.name, id).await?;
    let shown = named(&api, |masters| view(masters, &card, secret.as_ref())).await?;
    Ok(made(secret.is_some(), shown))
}

/// カードの一覧
#[utoipa::path(get, path = "/v1/cards", operation_id = "list_cards", tag = "人",
    description = "管理者には自分の事業所のカード、運用者にはすべてのカード。止めたものもふくみます。",
    responses((status = 200, description = "一覧", body = CardsView)))]
pub async fn list(State(api): State<Api>, actor: Actor) -> Result<axum::Json<CardsView>, Problem> {
    let cards = access::cards(&api.book, &actor.caller).await?;
    let items = named(&api, |masters| {
        cards.iter().map(|card| view(masters, card, None)).collect()
    })
    .await?;
    Ok(axum::Json(CardsView { items }))
}

/// カードを止める
///
/// すぐに使えなくなり、そのカードで入っていた端末は出されます。記録はそのまま残ります。
#[utoipa::path(delete, path = "/v1/cards/{id}", operation_id = "stop_card", tag = "人",
    params(("id" = Uuid, Path, description = "カードの ID")),
    responses((status = 204, description = "止めました")))]
pub async fn stop(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    access::stop_card(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// カードでログインする
///
/// 12時間使えます。その事業所の職員として記録と閲覧ができ、管理者の操作や、人・トークンの操作はできません。
#[utoipa::path(post, path = "/v1/card-sessions", operation_id = "log_in_by_card", tag = "人", request_body = LogInByCard,
    security(()), responses((status = 201, description = "ログインしました", body = super::sessions::Me,
        headers(("Set-Cookie" = String, description = "セッション")))))]
pub async fn log_in(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: LogInByCard = read(body)?;
    let address = sender(&api, peer, &headers);
    let (secret, caller) = access::log_in_by_card(&api.book, &form.secret, address).await?;
    entered(&api, &secret, &caller).await
}
