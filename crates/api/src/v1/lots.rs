//! ロット and its trace.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::{
    label::{LabelView, label},
    trace::{Question, TraceTree, trace},
};
use axum::{Json, extract::State};
use domain::{quantity::StatedQuantity, text::LotCode, trace::Direction};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which way.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// What it was made of.
    #[default]
    Backward,
    /// What became of it.
    Forward,
}

/// How to trace.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TraceQuestion {
    /// 向き。backward は何からできたか、forward は何になり、どこへ行ったか
    #[serde(default)]
    #[param(inline)]
    pub direction: Way,
    /// このうち、この数量だけをたどる(品目の単位で)。書かなければ全部
    #[param(value_type = Option<String>, pattern = r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]
    pub quantity: Option<String>,
    /// 何段までたどるか
    #[param(minimum = 0, maximum = 100)]
    pub depth: Option<usize>,
}

/// ロットをたどる
///
/// 何から、いくつできたか(backward)。何になり、どこにどれだけあるか(forward)。自分の事業所を通ったロットと、
/// 自分が作ったものの行き先が見えます。ほかの事業所の値段は見えません。
#[utoipa::path(get, path = "/v1/lots/{lot}/trace", operation_id = "trace", tag = "見る",
    params(("lot" = LotCode, Path, description = "ロット番号"), TraceQuestion),
    responses((status = 200, description = "たどった結果", body = TraceTree)))]
pub async fn get_trace(
    State(api): State<Api>,
    actor: Actor,
    Params(lot): Params<LotCode>,
    Query(asked): Query<TraceQuestion>,
) -> Result<Json<TraceTree>, Problem> {
    let quantity = match asked.quantity {
        None => None,
        Some(text) => Some(
            serde_json::from_value::<StatedQuantity>(text.into())
                .map_err(|error| Problem::bad_request("quantity-wrong", error.to_string()).at("?quantity"))?,
        ),
    };
    let levels = asked.depth.unwrap_or(Question::LEVELS);
    if levels > Question::LEVELS {
        let detail = format!("depth は{}までにしてください。", Question::LEVELS);
        return Err(Problem::bad_request("query-wrong", detail).at("?depth"));
    }
    let question = Question {
        lot: lot.clone(),
        direction: match asked.direction {
            Way::Backward => Direction::Backward,
            Way::Forward => Direction::Forward,
        },
        quantity,
        levels,
    };
    let tree = trace(&api.book, &actor.viewer, &question).await;
    // also a refusal tells something of the lot
    actor.register(&api, "trace", lot.as_ref()).await?;
    Ok(Json(tree?))
}

/// ラベルに書くものを見る
///
/// 品名、製造者、期限、食品表示、店頭の値段、材料から受けついだアレルゲン、QRのアドレスの /l/ のあと。自分の事業所を通ったロットだけ。
#[utoipa::path(get, path = "/v1/lots/{lot}/label", operation_id = "label", tag = "見る",
    params(("lot" = LotCode, Path, description = "ロット番号")),
    responses((status = 200, description = "ラベルに書くもの", body = LabelView)))]
pub async fn get_label(
    State(api): State<Api>,
    actor: Actor,
    Params(lot): Params<LotCode>,
) -> Result<Json<LabelView>, Problem> {
    let view = label(&api.book, &actor.viewer, &lot).await;
    // also a refusal tells something of the lot
    actor.register(&api, "label", lot.as_ref()).await?;
    Ok(Json(view?))
}
