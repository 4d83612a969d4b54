//! 残高.

use crate::{Api, actor::Actor, extract::Query, problem::Problem};
use app::views::balances::{At, BalancesView, balances};
use axum::{Json, extract::State};
use domain::calendar::{Day, Month};
use serde::Deserialize;
use utoipa::IntoParams;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BalancesQuestion {
    /// この日の終わりの残高。収益と費用は年度(4月)のはじめから数えます。書かなければ今日
    #[param(value_type = Option<Day>)]
    pub day: Option<Day>,
    /// この月の終わりの残高。収益と費用はこの月の分。day といっしょには書けません
    #[param(value_type = Option<Month>)]
    pub month: Option<Month>,
}

/// 残高を見る
///
/// 会計単位ごとの、資産・負債・収益・費用。見えるのは自分の事業所の帳簿だけです。
#[utoipa::path(get, path = "/v1/balances", operation_id = "balances", tag = "見る", params(BalancesQuestion),
    responses((status = 200, description = "残高", body = BalancesView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Query(question): Query<BalancesQuestion>,
) -> Result<Json<BalancesView>, Problem> {
    let at = match (question.day, question.month) {
        (None, None) => None,
        (Some(day), None) => Some(At::Day(day)),
        (None, Some(month)) => Some(At::Month(month)),
        (Some(_), Some(_)) => {
            let detail = "day と month は、どちらか1つだけ書いてください。";
            return Err(Problem::bad_request("query-wrong", detail).at("?month"));
        }
    };
    let view = balances(&api.book, &actor.viewer, at).await?;
    actor.register(&api, "balances", "").await?;
    Ok(Json(view))
}
