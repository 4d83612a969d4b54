//! 在庫.

use crate::{Api, actor::Actor, extract::Query, problem::Problem};
use app::views::stock::{StockView, stock};
use axum::{Json, extract::State};
use domain::calendar::Day;
use serde::Deserialize;
use utoipa::IntoParams;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StockQuestion {
    /// この日の終わりの在庫。書かなければ、いま記録されているすべてによる在庫
    #[param(value_type = Option<Day>)]
    pub day: Option<Day>,
}

/// 在庫を見る
///
/// どこに何がいくつあり、だれのものか。自分の事業所が持っているもの、ほかの事業所に預けているものが見えます。
#[utoipa::path(get, path = "/v1/stock", operation_id = "stock", tag = "見る", params(StockQuestion),
    responses((status = 200, description = "在庫", body = StockView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Query(question): Query<StockQuestion>,
) -> Result<Json<StockView>, Problem> {
    let view = stock(&api.book, &actor.viewer, question.day, None).await?;
    actor.register(&api, "stock", "").await?;
    Ok(Json(view))
}
