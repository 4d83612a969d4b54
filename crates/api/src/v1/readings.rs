//! 閲覧記録: who read an office's dealings as a coordinator.

use super::{people::moment, roles::named};
use crate::{Api, actor::Actor, extract::Query, problem::Problem};
use app::access::register;
use axum::{Json, extract::State};
use domain::{
    calendar::Instant,
    id::{NetworkId, OfficeId},
    text::Code,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Readings of a page at most.
const PAGE: u64 = 200;

/// Which readings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReadingsQuestion {
    /// この番号よりあとの記録
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub after: Option<i64>,
}

/// A reading.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingView {
    /// Its number, in the order of writing.
    pub no: i64,
    /// When.
    pub at: Instant,
    /// Who: the account's id.
    pub person: Uuid,
    /// Whose dealings.
    pub office: Code,
    /// For which network.
    pub network: Code,
    /// Which operation.
    pub operation: String,
    /// What was asked for.
    pub subject: String,
}

/// A page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadingsView {
    /// Oldest first.
    pub items: Vec<ReadingView>,
}

/// 閲覧記録を見る
///
/// 連絡会のコーディネーターが、あなたの事業所の取引をいつ読んだか。
#[utoipa::path(get, path = "/v1/readings", operation_id = "list_readings", tag = "見る", params(ReadingsQuestion),
    responses((status = 200, description = "閲覧記録", body = ReadingsView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Query(asked): Query<ReadingsQuestion>,
) -> Result<Json<ReadingsView>, Problem> {
    let offices: Vec<OfficeId> = actor.rights().offices.iter().copied().collect();
    let noted = register::readings_of(&api.book, &offices, asked.after.unwrap_or(0), PAGE).await?;
    let items = named(&api, |masters| {
        let code = |id: OfficeId| masters.office(id).map(|office| office.code.clone());
        let network = |id: NetworkId| masters.network(id).map(|network| network.code.clone());
        noted
            .iter()
            .map(|noted| {
                Some(ReadingView {
                    no: noted.no,
                    at: moment(noted.at),
                    person: noted.reading.person,
                    office: code(noted.reading.office)?,
                    network: network(noted.reading.network)?,
                    operation: noted.reading.operation.clone(),
                    subject: noted.reading.subject.clone(),
                })
            })
            .collect()
    })
    .await?;
    Ok(Json(ReadingsView { items }))
}
