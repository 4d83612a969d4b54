//! 未入金・未払い: of each debt what is open and what is overdue.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::open_items::{OpenDebt, Wanted, open_items};
use axum::{Json, extract::State};
use domain::{acts::debt::DebtKind, text::Code};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OpenItemsQuestion {
    /// この相手(事業所か取引先のコード)だけ
    #[param(value_type = Option<Code>)]
    pub with: Option<Code>,
    /// この種類の債務・債権だけ
    #[param(inline)]
    pub what: Option<DebtKind>,
    /// true なら、支払いずみのものも
    #[serde(default)]
    pub paid_too: bool,
    /// true なら、期限を過ぎたものだけ
    #[serde(default)]
    pub overdue_only: bool,
}

/// Debts and what they are made of.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenItems {
    /// What the office is owed first.
    pub items: Vec<OpenDebt>,
}

/// 未入金・未払いの一覧を見る
///
/// 掛けの売上・仕入・経費が、請求書ごと(なければ伝票ごと)に、どこまで支払われたか。支払に `items` があればそれを先に、なければ期限の早い
/// ものから消し込みます。未消込の合計から前払いを引くと、帳簿の残高です。委託の分は精算書で見ます。
#[utoipa::path(get, path = "/v1/offices/{office}/open-items", operation_id = "open_items", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), OpenItemsQuestion),
    responses((status = 200, description = "未入金・未払い", body = OpenItems)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<OpenItemsQuestion>,
) -> Result<Json<OpenItems>, Problem> {
    let wanted = Wanted {
        with: asked.with,
        what: asked.what,
        paid_too: asked.paid_too,
        overdue_only: asked.overdue_only,
    };
    let found = open_items(&api.book, &actor.viewer, &office, &wanted).await?;
    actor.register(&api, "open_items", office.as_str()).await?;
    let items = found.ok_or_else(Problem::not_found)?;
    Ok(Json(OpenItems { items }))
}
