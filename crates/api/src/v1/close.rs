//! 締め: what is still open in a month, of an office and of all members of a network. Closing itself is the act `close`.

use crate::{Api, actor::Actor, extract::Params, problem::Problem};
use app::views::close::{CloseCheck, NetworkCloses, close_check, network_closes};
use axum::{Json, extract::State};
use domain::{calendar::Month, text::Code};

/// 月を締める前に確かめる
///
/// まだ終わっていないこと(届いていない出荷、帳簿より多く出た品、現金のちがい、返事を待つ申し出、精算していない取り決め)。
/// `stops` が true のものがあると締められません。ほかは注意で、締めることはできます。
#[utoipa::path(get, path = "/v1/offices/{office}/closes/{month}/check", operation_id = "close_check", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), ("month" = Month, Path, description = "締める月")),
    responses((status = 200, description = "確かめた結果", body = CloseCheck)))]
pub async fn check(
    State(api): State<Api>,
    actor: Actor,
    Params((office, month)): Params<(Code, Month)>,
) -> Result<Json<CloseCheck>, Problem> {
    let found = close_check(&api.book, &actor.viewer, &office, month).await?;
    actor.register(&api, "close_check", office.as_ref()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

/// 連絡会の締めの様子を見る
///
/// 参加している事業所ごとに、どの月まで締めたか、まだ終わっていないことがいくつあるか。コーディネーターだけに見えます。
/// まとめて締めるには、`POST /v1/acts` に、事業所ごとの締め(`of`)を並べて送ります。
#[utoipa::path(get, path = "/v1/networks/{network}/closes/{month}", operation_id = "network_closes", tag = "見る",
    params(("network" = Code, Path, description = "連絡会のコード"), ("month" = Month, Path, description = "締める月")),
    responses((status = 200, description = "事業所ごとの様子", body = NetworkCloses)))]
pub async fn of_network(
    State(api): State<Api>,
    actor: Actor,
    Params((network, month)): Params<(Code, Month)>,
) -> Result<Json<NetworkCloses>, Problem> {
    let found = network_closes(&api.book, &actor.viewer, &network, month).await?;
    actor.register(&api, "network_closes", network.as_ref()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
