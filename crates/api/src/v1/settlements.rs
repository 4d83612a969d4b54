//! 精算書 of a pair of offices: the one in the making and those that both agreed on.

use super::{
    proposals::{ProposalView, proposal_view},
    roles::named,
};
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json as Body, Params, Query, read},
    problem::Problem,
    record::made,
};
use app::{
    settlement_request::{self, NotAsked, Request},
    views::settlement::{
        SettlementList, SettlementPartner, SettlementView, Which, partners, settlement, settlements,
    },
};
use axum::{Json, extract::State, response::Response};
use domain::{calendar::Day, text::Code};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// With whom there is something to settle.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementPartners {
    /// By name.
    pub items: Vec<SettlementPartner>,
}

/// What is to be agreed on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementRequest {
    /// First day of a first statement; the first of the last day's month when missing.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last day.
    pub to: Day,
    /// Last day for an answer; a week from today when missing.
    #[serde(default)]
    pub due_on: Option<Day>,
}

impl From<NotAsked> for Problem {
    fn from(error: NotAsked) -> Problem {
        match error {
            NotAsked::NotFound => Problem::not_found(),
            NotAsked::View(error) => error.into(),
            NotAsked::NotSettled(error) => error.into(),
            NotAsked::NotProposed(error) => error.into(),
            NotAsked::Act(refusal) => refusal.into(),
        }
    }
}

/// 精算する相手の一覧を見る
///
/// 取り決めか貸し借りのある事業所ごとに、いまの差引、前の精算書、次の精算書の終わりの日、確認待ち、質問の数。
#[utoipa::path(get, path = "/v1/offices/{office}/settlements", operation_id = "settlement_partners", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "精算する相手", body = SettlementPartners)))]
pub async fn with_whom(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<SettlementPartners>, Problem> {
    let found = partners(&api.book, &actor.viewer, &office).await?;
    actor
        .register(&api, "settlement_partners", office.as_str())
        .await?;
    let items = found.ok_or_else(Problem::not_found)?;
    Ok(Json(SettlementPartners { items }))
}

/// 精算書の確認をたのむ
///
/// 期間の手数料と外税の消費税を、終わりの日の日付で精算してから、差引残高の確認(`confirm`)を相手に申し出ます。
/// 事業所の管理者がします。
#[utoipa::path(post, path = "/v1/offices/{office}/settlements/{counterparty}/requests", operation_id = "request_settlement",
    tag = "申し出", params(("office" = Code, Path, description = "事業所のコード"),
        ("counterparty" = Code, Path, description = "相手の事業所のコード")), request_body = SettlementRequest,
    responses((status = 201, description = "申し出", body = ProposalView),
        (status = 200, description = "前に申し出ています(同じキー、同じ内容)", body = ProposalView,
            headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn request(
    State(api): State<Api>,
    actor: Actor,
    Params((office, with)): Params<(Code, Code)>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let asked: SettlementRequest = read(body)?;
    let request = Request {
        office,
        with,
        from: asked.from.unwrap_or_else(|| asked.to.month().first_day()),
        to: asked.to,
        due_on: asked.due_on,
        id: id_of(&actor, "settlement", &key),
        key,
    };
    let (proposal, is_new) =
        settlement_request::request(&api.book, &actor.viewer, &actor.caller, request).await?;
    let view = named(&api, |masters| proposal_view(masters, &proposal)).await?;
    Ok(made(is_new, view))
}

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Until {
    /// はじめの日。前の精算書があれば、その終わりの次の日になる
    #[param(value_type = Option<Day>)]
    pub from: Option<Day>,
    /// 終わりの日(この日をふくむ)
    #[param(value_type = Day)]
    pub to: Day,
}

/// 相手との精算書の一覧を見る
///
/// 両方の事業所が確認した精算書と、次の精算書の期間。
#[utoipa::path(get, path = "/v1/offices/{office}/settlements/{counterparty}", operation_id = "settlements", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"),
        ("counterparty" = Code, Path, description = "相手の事業所のコード")),
    responses((status = 200, description = "精算書の一覧", body = SettlementList)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Params((office, with)): Params<(Code, Code)>,
) -> Result<Json<SettlementList>, Problem> {
    let view = settlements(&api.book, &actor.viewer, &office, &with).await?;
    actor
        .register(&api, "settlements", &format!("{office}/{with}"))
        .await?;
    view.map(Json).ok_or_else(Problem::not_found)
}

/// 作りかけの精算書を見る
///
/// 前の精算書のあとから終わりの日までの、取引・税率ごとの売上・手数料・差引残高。両方の事業所が同じ数字を見ます。
/// 確認は、申し出(`/v1/proposals`、kind は `confirm`)でします。
#[utoipa::path(get, path = "/v1/offices/{office}/settlements/{counterparty}/next", operation_id = "next_settlement", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"),
        ("counterparty" = Code, Path, description = "相手の事業所のコード"), Until),
    responses((status = 200, description = "作りかけの精算書", body = SettlementView)))]
pub async fn next(
    State(api): State<Api>,
    actor: Actor,
    Params((office, with)): Params<(Code, Code)>,
    Query(until): Query<Until>,
) -> Result<Json<SettlementView>, Problem> {
    let from = Some(until.from.unwrap_or_else(|| until.to.month().first_day()));
    one(&api, &actor, &office, &with, Which::Next(from, until.to)).await
}

/// 確認した精算書を見る
///
/// 両方の事業所が確認したときの内容。あとから記録された取引は、次の精算書に載ります。
#[utoipa::path(get, path = "/v1/offices/{office}/settlements/{counterparty}/{number}", operation_id = "settlement", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"),
        ("counterparty" = Code, Path, description = "相手の事業所のコード"),
        ("number" = u64, Path, description = "2つの事業所のあいだの番号(1から)")),
    responses((status = 200, description = "精算書", body = SettlementView)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params((office, with, number)): Params<(Code, Code, u64)>,
) -> Result<Json<SettlementView>, Problem> {
    one(&api, &actor, &office, &with, Which::Number(number)).await
}

async fn one(
    api: &Api,
    actor: &Actor,
    office: &Code,
    with: &Code,
    which: Which,
) -> Result<Json<SettlementView>, Problem> {
    let view = settlement(&api.book, &actor.viewer, office, with, which).await?;
    actor
        .register(api, "settlement", &format!("{office}/{with}"))
        .await?;
    view.map(Json).ok_or_else(Problem::not_found)
}
