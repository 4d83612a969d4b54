//! 相殺: the plan of now for a network or for two offices, and its proposal to all whom it touches.

use super::{
    proposals::{ProposalView, proposal_view},
    roles::named,
};
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, Query, read},
    problem::Problem,
    record::made,
};
use app::{
    netting::{Between, NoNetting, ProposeNetting, planned, propose_netting},
    views::netting::NettingView,
};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    calendar::Day,
    text::{Code, Key},
};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};

/// Who stays out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NettingQuestion {
    /// 相殺に入らない事業所のコード。いくつもあれば「,」で区切る
    #[serde(default)]
    pub stay_out: String,
}

/// A plan that is proposed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePlan {
    /// Offices that stay out; of a network alone.
    #[serde(default)]
    pub stay_out: BTreeSet<Code>,
    /// The plan that was seen; whichever there is where it is missing.
    #[serde(default)]
    pub version: Option<String>,
    /// Last day for an answer.
    pub due_on: Day,
}

impl From<NoNetting> for Problem {
    fn from(error: NoNetting) -> Problem {
        let conflict = |code, detail: &str| Problem::new(StatusCode::CONFLICT, code, detail);
        match error {
            NoNetting::NotFound => Problem::not_found(),
            NoNetting::NothingToNet => conflict(
                "nothing-to-net",
                "相殺して少なくなる振込がありません。入る事業所を増やすか、貸し借りがふえてから、もう一度見てください。",
            ),
            NoNetting::Changed => conflict(
                "netting-changed",
                "見ていた案のあとに、貸し借りが変わりました。新しい案を見て、もう一度申し出てください。",
            ),
            NoNetting::View(error) => error.into(),
            NoNetting::Refused(error) => error.into(),
            NoNetting::NotProposed(error) => error.into(),
        }
    }
}

/// 連絡会の相殺の案を見る
///
/// 参加している事業所どうしの貸し借りを、少ない振込で済むようにまとめた案(いまの残高から)。どの事業所も、もらう分から払う分を引いた
/// 金額は変わらず、振込の件数は前より多くなりません。コーディネーターだけに見えます。見ただけでは、何も記録されません。
#[utoipa::path(get, path = "/v1/networks/{network}/netting", operation_id = "network_netting", tag = "見る",
    params(("network" = Code, Path, description = "連絡会のコード"), NettingQuestion),
    responses((status = 200, description = "案", body = NettingView)))]
pub async fn of_network(
    State(api): State<Api>,
    actor: Actor,
    Params(network): Params<Code>,
    Query(asked): Query<NettingQuestion>,
) -> Result<axum::Json<NettingView>, Problem> {
    let codes = asked
        .stay_out
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty());
    let stay_out: Result<BTreeSet<Code>, _> = codes.map(str::parse).collect();
    let stay_out =
        stay_out.map_err(|error| Problem::bad_request("query-wrong", format!("{error}")).at("?stay_out"))?;
    shown(&api, &actor, &Between::Members { network, stay_out }).await
}

/// 2つの事業所の相殺の案を見る
///
/// 事業所 `office` と相手 `other` が、おたがいに払う分を差し引いた案(いまの残高から)。見ただけでは、何も記録されません。
#[utoipa::path(get, path = "/v1/offices/{office}/netting/{other}", operation_id = "office_netting", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"),
        ("other" = Code, Path, description = "相手の事業所のコード")),
    responses((status = 200, description = "案", body = NettingView)))]
pub async fn of_two(
    State(api): State<Api>,
    actor: Actor,
    Params((office, other)): Params<(Code, Code)>,
) -> Result<axum::Json<NettingView>, Problem> {
    shown(&api, &actor, &Between::Two { office, other }).await
}

/// 連絡会の相殺を申し出る
///
/// いまの案を、かかわるすべての事業所に申し出ます。全員が同意すると、1枚の伝票(net)として記録されます。それまでに貸し借りが減っていると
/// 断られるので、新しい案で申し出直します。1つの事業所が同意しないときは、その事業所を外した案を申し出ます。
#[utoipa::path(post, path = "/v1/networks/{network}/netting", operation_id = "propose_network_netting", tag = "申し出",
    params(("network" = Code, Path, description = "連絡会のコード")), request_body = ProposePlan,
    responses((status = 201, description = "申し出", body = ProposalView),
        (status = 200, description = "前に申し出ています(同じキー)", body = ProposalView,
            headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn propose_for_network(
    State(api): State<Api>,
    actor: Actor,
    Params(network): Params<Code>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let plan: ProposePlan = read(body)?;
    let between = Between::Members {
        network,
        stay_out: plan.stay_out.clone(),
    };
    proposed(&api, &actor, between, plan, key).await
}

/// 2つの事業所の相殺を申し出る
///
/// いまの案を、相手の事業所に申し出ます。相手が同意すると、伝票(net)として記録されます。
#[utoipa::path(post, path = "/v1/offices/{office}/netting/{other}", operation_id = "propose_office_netting",
    tag = "申し出", params(("office" = Code, Path, description = "事業所のコード"),
        ("other" = Code, Path, description = "相手の事業所のコード")), request_body = ProposePlan,
    responses((status = 201, description = "申し出", body = ProposalView),
        (status = 200, description = "前に申し出ています(同じキー)", body = ProposalView,
            headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn propose_for_two(
    State(api): State<Api>,
    actor: Actor,
    Params((office, other)): Params<(Code, Code)>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let plan: ProposePlan = read(body)?;
    proposed(&api, &actor, Between::Two { office, other }, plan, key).await
}

async fn shown(api: &Api, actor: &Actor, between: &Between) -> Result<axum::Json<NettingView>, Problem> {
    let plan = planned(&api.book, &actor.viewer, between).await;
    actor.register(api, "netting", &between.subject()).await?;
    Ok(axum::Json(plan?.view))
}

async fn proposed(
    api: &Api,
    actor: &Actor,
    between: Between,
    plan: ProposePlan,
    key: Key,
) -> Result<Response, Problem> {
    let found = planned(&api.book, &actor.viewer, &between).await;
    actor.register(api, "netting", &between.subject()).await?;
    let asked = ProposeNetting {
        between,
        version: plan.version,
        due_on: plan.due_on,
        id: id_of(actor, "proposal", &key),
        key,
    };
    let (proposal, is_new) = propose_netting(&api.book, &actor.viewer, &actor.caller, asked, found?).await?;
    let view = named(api, |masters| proposal_view(masters, &proposal)).await?;
    Ok(made(is_new, view))
}
