//! 仕事の準備: what the forms of an office begin with, as its pages show them. Each is of one office, for those who work there.

use crate::{Api, actor::Actor, extract::Params, extract::Query, problem::Problem};
use app::order_deadline::Deadline;
use app::views::{
    deliveries::{Delivery, deliveries},
    money::{Money, money},
    names::Named,
    on_sale::{OnSale, customers, on_sale},
    orders::{OpenOrder, open_orders},
    recipes::{FilledRecipe, filled},
    shelf::{ShelfView, shelf},
    usual::{self, OfferedProduct, UsualProduct},
};
use axum::{Json, extract::State};
use domain::{id::OfficeId, text::Code};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Shipments.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveriesView {
    /// The oldest first.
    pub items: Vec<Delivery>,
}

/// Orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenOrdersView {
    /// By the day they are wanted on.
    pub items: Vec<OpenOrder>,
}

/// Products.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsualProductsView {
    /// The most usual ones first.
    pub items: Vec<UsualProduct>,
}

/// Offices or partners.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedView {
    /// The most usual ones first.
    pub items: Vec<Named>,
}

/// What an office sells to another one.
#[derive(Debug, Serialize, ToSchema)]
pub struct OffersView {
    /// Until when it takes orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Deadline>,
    /// By code.
    pub items: Vec<OfferedProduct>,
}

/// What can be sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnSaleView {
    /// Own goods first.
    pub items: Vec<OnSale>,
}

/// How many times a recipe.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Batches {
    /// 何回分か。書かなければ1
    #[param(value_type = Option<String>, pattern = r"^[0-9]{1,6}(\.[0-9]{1,3})?$")]
    pub batches: Option<Decimal>,
}

/// An office of those who ask.
async fn own(api: &Api, actor: &Actor, office: &Code) -> Result<OfficeId, Problem> {
    let office = actor.own_office(api, office).await?;
    office.ok_or_else(Problem::not_found)
}

/// 配送中のもの
///
/// 事業所が送ったもの、受け取るもの。まだ受け取られていない分だけが出ます。
#[utoipa::path(get, path = "/v1/offices/{office}/deliveries", operation_id = "deliveries", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "配送中のもの", body = DeliveriesView)))]
pub async fn on_the_way(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<DeliveriesView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = deliveries(&api.book, &actor.viewer, office).await?;
    Ok(Json(DeliveriesView { items }))
}

/// まだ届けていない注文
///
/// 事業所が出した注文と、事業所に来た注文。
#[utoipa::path(get, path = "/v1/offices/{office}/open-orders", operation_id = "open_orders", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "注文", body = OpenOrdersView)))]
pub async fn orders(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<OpenOrdersView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = open_orders(&api.book, &actor.viewer, office).await?;
    Ok(Json(OpenOrdersView { items }))
}

/// 現金・預金と貸し借り
///
/// いまの現金・預金の残りと、相手ごとの貸し借り。
#[utoipa::path(get, path = "/v1/offices/{office}/money", operation_id = "money", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "お金", body = Money)))]
pub async fn purses(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<Money>, Problem> {
    let office_id = own(&api, &actor, &office).await?;
    let money = money(&api.book, &actor.viewer, office_id).await?;
    actor.register(&api, "money", office.as_ref()).await?;
    Ok(Json(money))
}

/// いつもの品目
///
/// 事業所の品目を、最近よく作った順に。
#[utoipa::path(get, path = "/v1/offices/{office}/usual-products", operation_id = "usual_products", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "品目", body = UsualProductsView)))]
pub async fn products(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<UsualProductsView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = usual::products(&api.book, &actor.viewer, office).await?;
    Ok(Json(UsualProductsView { items }))
}

/// 届け先
///
/// 品物を届けられる事業所。最近届けたところから。
#[utoipa::path(get, path = "/v1/offices/{office}/receivers", operation_id = "receivers", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "事業所", body = NamedView)))]
pub async fn receivers(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<NamedView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = usual::receivers(&api.book, &actor.viewer, office).await?;
    Ok(Json(NamedView { items }))
}

/// 注文できる事業所
///
/// 値段のわかる品目がある事業所。最近注文したところから。
#[utoipa::path(get, path = "/v1/offices/{office}/makers", operation_id = "makers", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "事業所", body = NamedView)))]
pub async fn makers(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<NamedView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = usual::makers(&api.book, &actor.viewer, office).await?;
    Ok(Json(NamedView { items }))
}

/// 注文できる品目
///
/// ある事業所から買える品目と、今日の値段。
#[utoipa::path(get, path = "/v1/offices/{office}/makers/{maker}/offers", operation_id = "offers", tag = "見る",
    params(("office" = Code, Path, description = "買う事業所のコード"), ("maker" = Code, Path, description = "売る事業所のコード")),
    responses((status = 200, description = "品目", body = OffersView)))]
pub async fn offers(
    State(api): State<Api>,
    actor: Actor,
    Params((office, maker)): Params<(Code, Code)>,
) -> Result<Json<OffersView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = usual::offered(&api.book, &actor.viewer, office, maker.as_str()).await?;
    let deadline = usual::deadline(&api.book, &actor.viewer, office, maker.as_str()).await?;
    Ok(Json(OffersView { deadline, items }))
}

/// 売れるもの
///
/// 店先で売れる品目と数、今日の値段。預かっているものには持ち主が付きます。
#[utoipa::path(get, path = "/v1/offices/{office}/on-sale", operation_id = "on_sale", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "売れるもの", body = OnSaleView)))]
pub async fn selling(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<OnSaleView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = on_sale(&api.book, &actor.viewer, office).await?;
    Ok(Json(OnSaleView { items }))
}

/// 棚
///
/// 棚にあるほかの事業所のもの、ほかの事業所の棚にある自分のもの、そこでこの7日に売れた数、この2週間に置かれたもの、数える前に売れた分。
/// 届いた数がちがうときは、返品(return)か廃棄(dispose、missing)を申し出(/v1/proposals)として持ち主にたずねます。
#[utoipa::path(get, path = "/v1/offices/{office}/shelf", operation_id = "shelf", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "棚", body = ShelfView)))]
pub async fn shelves(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<ShelfView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(Json(shelf(&api.book, &actor.viewer, office).await?))
}

/// 掛けで売る取引先
#[utoipa::path(get, path = "/v1/offices/{office}/customers", operation_id = "customers", tag = "見る",
    description = "得意先・発注元・官公庁。名前の順。", params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "取引先", body = NamedView)))]
pub async fn buyers(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<Json<NamedView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let items = customers(&api.book, &actor.viewer, office).await?;
    Ok(Json(NamedView { items }))
}

/// レシピから材料を出す
///
/// 何回分かの材料とできる数、いまの在庫、先に使うロット。
#[utoipa::path(get, path = "/v1/offices/{office}/recipes/{code}/filled", operation_id = "filled_recipe", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), ("code" = Code, Path, description = "レシピのコード"), Batches),
    responses((status = 200, description = "材料とできる数", body = FilledRecipe)))]
pub async fn recipe(
    State(api): State<Api>,
    actor: Actor,
    Params((office, code)): Params<(Code, Code)>,
    Query(asked): Query<Batches>,
) -> Result<Json<FilledRecipe>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let batches = asked.batches.unwrap_or(Decimal::ONE);
    if batches <= Decimal::ZERO {
        let detail = "batches は0より大きい数にしてください。";
        return Err(Problem::bad_request("batches-wrong", detail).at("?batches"));
    }
    let found = filled(&api.book, &actor.viewer, office, &code, batches).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
