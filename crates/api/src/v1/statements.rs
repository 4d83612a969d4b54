//! 取引の明細 between two parties.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::statement::{StatementView, statement};
use axum::{Json, extract::State};
use domain::{calendar::Day, text::Code};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Period {
    /// はじめの日
    #[param(value_type = Day)]
    pub from: Day,
    /// 終わりの日(この日をふくむ)
    #[param(value_type = Day)]
    pub to: Day,
}

/// 相手との取引の明細を見る
///
/// 事業所 `office` の帳簿で、相手(事業所か取引先)`counterparty` との貸し借りが、期間のあいだにどう動いたか。
/// 両方の事業所の明細は同じ伝票から作られるので、1円まで一致します。
#[utoipa::path(get, path = "/v1/offices/{office}/statements/{counterparty}", operation_id = "statement", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"),
        ("counterparty" = Code, Path, description = "相手の事業所か取引先のコード"), Period),
    responses((status = 200, description = "明細", body = StatementView)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params((office, with)): Params<(Code, Code)>,
    Query(period): Query<Period>,
) -> Result<Json<StatementView>, Problem> {
    if period.from > period.to {
        let detail = "from は to より前の日にしてください。";
        return Err(Problem::bad_request("query-wrong", detail).at("?from"));
    }
    let view = statement(&api.book, &actor.viewer, &office, &with, (period.from, period.to)).await?;
    let subject = format!("{office}/{with}");
    actor.register(&api, "statement", &subject).await?;
    view.map(Json).ok_or_else(Problem::not_found)
}
