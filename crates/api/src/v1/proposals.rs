//! 申し出: an act that waits for another office's yes. With the last yes it is recorded by the one path that records
//! anything.

use super::{people::moment, roles::named};
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, Query, read},
    problem::Problem,
    record::made,
};
use app::{
    access::proposals::{self as access, Party, Proposal, Said, State as Stands, Which},
    propose,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    calendar::{Day, Instant},
    command::Command,
    id::EntryId,
    masters::Masters,
    text::{Code, Note},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Proposals of a list at most.
const LIST: u64 = 500;

/// What is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// The act with its kind: an agreement, a write-off or an opening that another office has to confirm, a difference of goods.
    #[schema(value_type = domain::acts::Act)]
    pub act: Value,
    /// Last day for an answer.
    pub due_on: Day,
}

/// Which proposals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProposalsQuestion {
    /// true なら、終わったものも
    #[serde(default)]
    pub all: bool,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Say {
    /// For which office.
    pub office: Code,
    /// Why.
    #[serde(default)]
    pub note: Option<Note>,
}

/// How a proposal stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// Waits for answers.
    Open,
    /// Nobody answered in time.
    Expired,
    /// All said yes; being recorded.
    Agreed,
    /// Recorded.
    Recorded,
    /// Somebody said no.
    Contested,
    /// Taken back.
    Withdrawn,
}

/// What an office said.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaidView {
    /// Yes.
    Agreed,
    /// No.
    Contested,
}

/// An office whose yes is needed.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// Which.
    pub office: Code,
    /// What it said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<SaidView>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A proposal.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalView {
    /// Its id.
    pub id: Uuid,
    /// The act as it would be recorded.
    #[schema(value_type = Object)]
    pub act: Value,
    /// When it was proposed.
    pub made_at: Instant,
    /// Last day for an answer.
    pub due_on: Day,
    /// How it stands.
    pub state: ProposalState,
    /// The entry it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// Whose yes is needed.
    pub parties: Vec<PartyView>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProposalsView {
    /// Newest first.
    pub items: Vec<ProposalView>,
}

/// A proposal with the codes of its offices; `None` for one that the book does not know.
pub fn proposal_view(masters: &Masters, proposal: &Proposal) -> Option<ProposalView> {
    let (state, entry) = match proposal.state {
        Stands::Open => (ProposalState::Open, None),
        Stands::Expired => (ProposalState::Expired, None),
        Stands::Agreed => (ProposalState::Agreed, None),
        Stands::Done(entry) => (ProposalState::Recorded, Some(entry)),
        Stands::Contested => (ProposalState::Contested, None),
        Stands::Withdrawn => (ProposalState::Withdrawn, None),
    };
    let party = |party: &Party| {
        Some(PartyView {
            office: masters.office(party.office)?.code.clone(),
            said: party.said.map(|said| match said {
                Said::Agreed => SaidView::Agreed,
                Said::Contested => SaidView::Contested,
            }),
            at: party.at.map(moment),
            note: party.note.clone(),
        })
    };
    Some(ProposalView {
        id: proposal.id,
        act: proposal.command.to_value(),
        made_at: moment(proposal.made_at),
        due_on: proposal.due_on,
        state,
        entry,
        parties: proposal.parties.iter().map(party).collect::<Option<_>>()?,
    })
}

/// 申し出る
///
/// 取り決め・貸倒・開始残高のように、相手の事業所の同意がいる伝票を申し出ます。全員が同意すると、伝票として記録されます。
/// 棚に置かれたものが届いた数とちがうときは、返品(owner)か廃棄(shelf_of)を申し出ます。持ち主が同意するまで、何も動きません。
#[utoipa::path(post, path = "/v1/proposals", operation_id = "propose", tag = "申し出", request_body = Propose,
    responses((status = 201, description = "申し出", body = ProposalView),
        (status = 200, description = "前に申し出ています(同じキー、同じ内容)", body = ProposalView,
            headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn propose(
    State(api): State<Api>,
    actor: Actor,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let form: Propose = read(body)?;
    let mut act = form.act;
    if let Value::Object(fields) = &mut act {
        fields.insert("key".to_owned(), key.as_ref().into());
    }
    let within = |problem: Problem| problem.within("/act");
    let command = Command::from_value(act).map_err(|refusal| within(refusal.into()))?;
    let id = id_of(&actor, "proposal", &key);
    let (proposal, is_new) =
        propose::propose(&api.book, &actor.viewer, &actor.caller, command, form.due_on, id).await?;
    let view = named(&api, |masters| proposal_view(masters, &proposal)).await?;
    Ok(made(is_new, view))
}

/// 申し出の一覧
///
/// 自分の事業所からの、自分の事業所への申し出。新しい順。
#[utoipa::path(get, path = "/v1/proposals", operation_id = "list_proposals", tag = "申し出", params(ProposalsQuestion),
    responses((status = 200, description = "一覧", body = ProposalsView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Query(asked): Query<ProposalsQuestion>,
) -> Result<axum::Json<ProposalsView>, Problem> {
    let which = if asked.all { Which::All } else { Which::Open };
    let rights = actor.rights();
    let found = access::proposals(&api.book, &rights.offices, &rights.networks, which, LIST).await?;
    let items = named(&api, |masters| {
        let shown = found
            .iter()
            .map(|proposal| proposal.clone().to_party(rights, masters));
        shown.map(|proposal| proposal_view(masters, &proposal)).collect()
    })
    .await?;
    Ok(axum::Json(ProposalsView { items }))
}

/// 申し出を見る
#[utoipa::path(get, path = "/v1/proposals/{id}", operation_id = "get_proposal", tag = "申し出",
    description = "だれの返事を待っているかもわかります。", params(("id" = Uuid, Path, description = "申し出の ID")),
    responses((status = 200, description = "申し出", body = ProposalView)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<axum::Json<ProposalView>, Problem> {
    let proposal = propose::seen(&api.book, actor.rights(), id).await?;
    Ok(axum::Json(
        named(&api, |masters| proposal_view(masters, &proposal)).await?,
    ))
}

/// 同意する
///
/// 事業所の管理者が答えます。最後の1人の同意で、伝票として記録されます。
#[utoipa::path(post, path = "/v1/proposals/{id}/consent", operation_id = "consent", tag = "申し出",
    params(("id" = Uuid, Path, description = "申し出の ID")), request_body = Say,
    responses((status = 200, description = "答えたあとの申し出", body = ProposalView)))]
pub async fn agree(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<ProposalView>, Problem> {
    say(&api, &actor, id, body, Said::Agreed).await
}

/// 異議を言う
///
/// 申し出は終わります。直して、もう一度申し出てもらいます。
#[utoipa::path(post, path = "/v1/proposals/{id}/objection", operation_id = "contest", tag = "申し出",
    params(("id" = Uuid, Path, description = "申し出の ID")), request_body = Say,
    responses((status = 200, description = "答えたあとの申し出", body = ProposalView)))]
pub async fn contest(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<ProposalView>, Problem> {
    say(&api, &actor, id, body, Said::Contested).await
}

async fn say(
    api: &Api,
    actor: &Actor,
    id: Uuid,
    body: Value,
    said: Said,
) -> Result<axum::Json<ProposalView>, Problem> {
    let form: Say = read(body)?;
    propose::seen(&api.book, actor.rights(), id).await?;
    let office = actor.own_office(api, &form.office).await?;
    let office = office.ok_or_else(Problem::not_found)?;
    let proposal = propose::answer(
        &api.book,
        &actor.viewer,
        &actor.caller,
        office,
        id,
        said,
        form.note,
    )
    .await?;
    Ok(axum::Json(
        named(api, |masters| proposal_view(masters, &proposal)).await?,
    ))
}

/// 期限が過ぎた数のちがいを記録する
///
/// 届いた数のちがい(検収、棚に置かれたものの返品・廃棄)の申し出に、期限までに返事がなかったとき。取り決めで決めた側の負担で記録します。申し出た事業所の職員が行います。
#[utoipa::path(post, path = "/v1/proposals/{id}/overdue", operation_id = "settle_overdue", tag = "申し出",
    params(("id" = Uuid, Path, description = "申し出の ID")),
    responses((status = 200, description = "記録したあとの申し出", body = ProposalView)))]
pub async fn settle_overdue(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<axum::Json<ProposalView>, Problem> {
    let proposal = propose::settle_overdue(&api.book, &actor.viewer, &actor.caller, id).await?;
    Ok(axum::Json(
        named(&api, |masters| proposal_view(masters, &proposal)).await?,
    ))
}

/// 申し出を取り下げる
#[utoipa::path(post, path = "/v1/proposals/{id}/withdrawal", operation_id = "withdraw_proposal", tag = "申し出",
    description = "申し出た側の管理者が取り下げます。", params(("id" = Uuid, Path, description = "申し出の ID")),
    responses((status = 204, description = "取り下げました")))]
pub async fn withdraw(
    State(api): State<Api>,
    actor: Actor,
    Params(id): Params<Uuid>,
) -> Result<StatusCode, Problem> {
    propose::seen(&api.book, actor.rights(), id).await?;
    access::withdraw(&api.book, &actor.caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
