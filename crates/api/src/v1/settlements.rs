//! 精算書 of a pair of offices: the one in the making and those that both agreed on.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::settlement::{SettlementList, SettlementView, Which, settlement, settlements};
use axum::{Json, extract::State};
use domain::{calendar::Day, text::Code};
use serde::Deserialize;
use utoipa::IntoParams;

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
