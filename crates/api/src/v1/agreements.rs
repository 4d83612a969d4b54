//! 取り決めの試算: terms in yen for both, as the pages show them before they are proposed.

use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, Json, Params, read},
    problem::Problem,
};
use app::views::both::{Asked, BothView, both};
use axum::extract::State;
use domain::{masters::AgreementTerms, money::Yen, tax::TaxCategory, text::Code};
use serde::Deserialize;
use utoipa::ToSchema;

/// Terms, and a price to look at them by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementPreview {
    /// The terms.
    pub terms: AgreementTerms,
    /// What a customer pays, tax included; 1,000 when missing.
    #[serde(default)]
    pub price: Option<Yen>,
    /// Tax class of the goods.
    #[serde(default)]
    pub tax: Option<TaxCategory>,
    /// Cost price of a 消化仕入型 without a 掛け率.
    #[serde(default)]
    pub cost: Option<Yen>,
}

/// 取り決めを円で見る
///
/// 取り決める前に、ある値段がつくり手と売り手のそれぞれいくらになるかを出します。何も記録しません。
#[utoipa::path(post, path = "/v1/offices/{office}/agreement-previews", operation_id = "preview_agreement", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = AgreementPreview,
    responses((status = 200, description = "両方の円", body = BothView)))]
pub async fn preview(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<BothView>, Problem> {
    let asked: AgreementPreview = read(body)?;
    let office = actor.own_office(&api, &office).await?;
    office.ok_or_else(Problem::not_found)?;
    let at = Asked {
        price: asked.price.unwrap_or(Asked::USUAL.price),
        tax: asked.tax.unwrap_or(Asked::USUAL.tax),
        cost: asked.cost,
    };
    if at.price < Yen::ZERO || at.cost.is_some_and(|cost| cost < Yen::ZERO) {
        let detail = "値段は0円以上にしてください。";
        return Err(Problem::bad_request("price-negative", detail).at("/price"));
    }
    Ok(axum::Json(both(&api.book, &asked.terms, &at).await?))
}
