//! 台帳: lists of what there is, and single things with their version as ETag.

use crate::{Api, actor::Actor, extract::Params, problem::Problem};
use app::views::masters::{self, Only, Versioned};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{tax::RateRow, text::Code};
use serde::Serialize;
use utoipa::ToSchema;

/// An answer with its version as ETag; nothing but that when the one who asks has it already.
fn tagged<T: Serialize>(found: &Versioned<T>, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", found.version);
    let has = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut answer = if has {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(found).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

macro_rules! lists {
    ($($module:ident, $path:literal, $operation:literal, $view:ident, $list:ident, $summary:literal;)+) => {$(
        #[doc = $summary]
        pub mod $module {
            use super::*;
            use app::views::masters::$view;

            /// The list.
            #[derive(Debug, Serialize, ToSchema)]
            #[schema(as = $list)]
            pub struct List {
                /// All that may be known of.
                #[schema(value_type = Vec<Versioned<$view>>)]
                pub items: Vec<Versioned<$view>>,
            }

            /// The list.
            #[utoipa::path(get, path = $path, operation_id = $operation, tag = "台帳", summary = $summary,
                description = "日付つきの内容を、古い順にすべてふくみます。見えるのは、かかわりのあるものだけです。",
                responses((status = 200, description = "一覧", body = List)))]
            pub async fn list(State(api): State<Api>, actor: Actor) -> Result<Json<List>, Problem> {
                let items = masters::$module(&api.book, &actor.viewer, None).await?;
                actor.register(&api, $operation, "").await?;
                Ok(Json(List { items }))
            }
        }
    )+};
}

lists! {
    networks, "/v1/networks", "list_networks", NetworkView, NetworkList, "連絡会の一覧";
    corporations, "/v1/corporations", "list_corporations", CorporationView, CorporationList, "法人の一覧";
    offices, "/v1/offices", "list_offices", OfficeView, OfficeList, "事業所の一覧";
    partners, "/v1/partners", "list_partners", PartnerView, PartnerList, "取引先の一覧";
    agreements, "/v1/agreements", "list_agreements", AgreementView, AgreementList, "取り決めの一覧";
    closes, "/v1/closes", "list_closes", CloseView, CloseList, "どの月まで締めたか";
    products, "/v1/products", "list_products", ProductView, ProductList, "品目の一覧";
    prices, "/v1/prices", "list_prices", PriceView, PriceList, "値段の一覧";
    recipes, "/v1/recipes", "list_recipes", RecipeView, RecipeList, "レシピの一覧";
    cash_places, "/v1/cash-places", "list_cash_places", CashPlaceView, CashPlaceList, "現金・預金の置き場の一覧";
}

macro_rules! by_code {
    ($($name:ident, $module:ident, $path:literal, $operation:literal, $view:ident, $summary:literal;)+) => {$(
        /// One thing.
        #[utoipa::path(get, path = $path, operation_id = $operation, tag = "台帳", summary = $summary,
            description = "ETag は、変えるときに If-Match に書くと、ほかの人の変更を消さずにすみます。",
            params(("code" = Code, Path, description = "コード")),
            responses((status = 200, description = "内容", body = Versioned<masters::$view>,
                headers(("ETag" = String, description = "版"))),
                (status = 304, description = "If-None-Match の版から変わっていません")))]
        pub async fn $name(
            State(api): State<Api>,
            actor: Actor,
            Params(code): Params<Code>,
            headers: HeaderMap,
        ) -> Result<Response, Problem> {
            let only = Only { office: None, code };
            let found = masters::$module(&api.book, &actor.viewer, Some(&only)).await?;
            actor.register(&api, $operation, only.code.as_ref()).await?;
            let found = found.first().map(|found| tagged(found, &headers));
            found.ok_or_else(Problem::not_found)
        }
    )+};
}

by_code! {
    network, networks, "/v1/networks/{code}", "get_network", NetworkView, "連絡会を見る";
    corporation, corporations, "/v1/corporations/{code}", "get_corporation", CorporationView, "法人を見る";
    office, offices, "/v1/offices/{code}", "get_office", OfficeView, "事業所を見る";
    agreement, agreements, "/v1/agreements/{code}", "get_agreement", AgreementView, "取り決めを見る";
}

macro_rules! of_office {
    ($($name:ident, $module:ident, $path:literal, $operation:literal, $view:ident, $summary:literal;)+) => {$(
        /// One thing of an office.
        #[utoipa::path(get, path = $path, operation_id = $operation, tag = "台帳", summary = $summary,
            description = "ETag は、変えるときに If-Match に書くと、ほかの人の変更を消さずにすみます。",
            params(("office" = Code, Path, description = "事業所のコード"), ("code" = Code, Path, description = "コード")),
            responses((status = 200, description = "内容", body = Versioned<masters::$view>,
                headers(("ETag" = String, description = "版"))),
                (status = 304, description = "If-None-Match の版から変わっていません")))]
        pub async fn $name(
            State(api): State<Api>,
            actor: Actor,
            Params((office, code)): Params<(Code, Code)>,
            headers: HeaderMap,
        ) -> Result<Response, Problem> {
            let subject = format!("{office}/{code}");
            let only = Only { office: Some(office), code };
            let found = masters::$module(&api.book, &actor.viewer, Some(&only)).await?;
            actor.register(&api, $operation, &subject).await?;
            let found = found.first().map(|found| tagged(found, &headers));
            found.ok_or_else(Problem::not_found)
        }
    )+};
}

of_office! {
    product, products, "/v1/products/{office}/{code}", "get_product", ProductView, "品目を見る";
    partner, partners, "/v1/partners/{office}/{code}", "get_partner", PartnerView, "取引先を見る";
    recipe, recipes, "/v1/recipes/{office}/{code}", "get_recipe", RecipeView, "レシピを見る";
}

/// The rates.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateList {
    /// By class and first day.
    pub items: Vec<RateRow>,
}

/// 税率の一覧
///
/// 日付と出典のついた、消費税の税率。
#[utoipa::path(get, path = "/v1/rates", operation_id = "list_rates", tag = "台帳",
    responses((status = 200, description = "一覧", body = RateList)))]
pub async fn rates(State(api): State<Api>, _actor: Actor) -> Result<Json<RateList>, Problem> {
    let items = masters::rates(&api.book).await?;
    Ok(Json(RateList { items }))
}
