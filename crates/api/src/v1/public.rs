//! What everybody may read: the lot behind the QR of a label.

use crate::{Api, actor::sender, extract::Params, problem::Problem};
use app::{
    access::look_at_public,
    views::public_lot::{PublicLot, public_lot},
};
use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::HeaderMap,
};
use std::net::SocketAddr;

/// ラベルのQRの先を見る
///
/// だれでも見られます。品物と作ったところの名前、期限、アレルゲン、中に入っている品物だけで、数・値段・買った人はありません。
/// code は、ラベルのQRのアドレスの /l/ のあとです。ロット番号だけでは見られません。
#[utoipa::path(get, path = "/v1/public/lots/{code}", operation_id = "public_lot", tag = "見る",
    params(("code" = String, Path, description = "QRのアドレスの /l/ のあと", max_length = 128)),
    responses((status = 200, description = "ロット", body = PublicLot)))]
pub async fn lot(
    State(api): State<Api>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Params(code): Params<String>,
) -> Result<Json<PublicLot>, Problem> {
    look_at_public(&api.book, sender(&api, peer, &headers))?;
    let code = code.parse().map_err(|()| Problem::not_found())?;
    let found = public_lot(&api.book, &code).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
