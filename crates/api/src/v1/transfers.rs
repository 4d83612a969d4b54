//! 振込: what an office has to pay by bank, and the file for its bank. The payments themselves are recorded by the act `pay`,
//! many at once by `POST /v1/acts`.

use super::settings::{own, wrong};
use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, Json, Params, read},
    problem::Problem,
};
use app::{
    access::settings::{set, setting},
    bank_likes::BankLikes,
    table::{to_csv, to_csv_cp932},
    transfers::{NoTransfer, TransferOrder, TransfersView, prepared, transfers},
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::text::Code;
use serde::Deserialize;
use utoipa::ToSchema;

/// Which file.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferFormat {
    /// 全銀 総合振込.
    Zengin,
    /// CSV in UTF-8.
    Csv,
    /// CSV in CP932.
    CsvCp932,
}

/// A file that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferFile {
    /// Which.
    pub format: TransferFormat,
    /// What is to be paid.
    pub order: TransferOrder,
}

impl From<NoTransfer> for Problem {
    fn from(error: NoTransfer) -> Problem {
        let problem = Problem::new(StatusCode::CONFLICT, error.code(), error.sentence());
        match error.pointer() {
            Some(pointer) => problem.at(pointer),
            None => problem,
        }
    }
}

/// 振り込むものを見る
///
/// いま払うもの(買掛金・受託預り金・立替未払金・法人内の未払い)と、相手の口座、取り決めた支払日。取り決めで繰り越す少額のものは、
/// `proposed` が0です。ほかの事業所の口座は、その事業所に払うものがあるときだけ見えます。
#[utoipa::path(get, path = "/v1/offices/{office}/transfers", operation_id = "transfers", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "振り込むもの", body = TransfersView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<TransfersView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let view = transfers(&api.book, &actor.viewer, office).await?;
    view.map(axum::Json).ok_or_else(Problem::not_found)
}

/// 振込のファイルを作る
///
/// 銀行に送るファイルです。zengin は全銀協の総合振込(120バイト、JIS の半角カナ、改行 CRLF)、csv と `csv_cp932` は一覧です。相手1つに1件に
/// まとめます。何も記録されません。銀行に送ったあとで、支払(pay)を `POST /v1/acts` でまとめて記録します。
#[utoipa::path(post, path = "/v1/offices/{office}/transfers/file", operation_id = "transfer_file", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = TransferFile,
    responses((status = 200, description = "ファイル", body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn file(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let office = own(&api, &actor, &office).await?;
    let asked: TransferFile = read(body)?;
    let view = transfers(&api.book, &actor.viewer, office).await?;
    let view = view.ok_or_else(Problem::not_found)?;
    let ready = prepared(&view, &asked.order).map_err(|error| Problem::from(error).within("/order"))?;
    let (bytes, end) = match asked.format {
        TransferFormat::Zengin => (ready.zengin()?, "txt"),
        TransferFormat::Csv => (to_csv(&ready.list()), "csv"),
        TransferFormat::CsvCp932 => (to_csv_cp932(&ready.list()).bytes, "csv"),
    };
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    let called = format!("attachment; filename=\"furikomi-{}.{end}\"", asked.order.on);
    if let Ok(called) = HeaderValue::from_str(&called) {
        headers.insert(header::CONTENT_DISPOSITION, called);
    }
    Ok(answer)
}

/// 振込の設定を見る
///
/// この事業所の口座、委託者コード、取引先の口座。
#[utoipa::path(get, path = "/v1/offices/{office}/settings/bank", operation_id = "get_bank_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "設定", body = BankLikes)))]
pub async fn bank(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<BankLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(axum::Json(setting(&api.book, office).await?))
}

/// 振込の設定を決める
///
/// 事業所の管理者が決めます。口座は、団体のものだけを書きます(個人の口座は書きません)。書かない項目は、なしになります。
#[utoipa::path(put, path = "/v1/offices/{office}/settings/bank", operation_id = "set_bank_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = BankLikes,
    responses((status = 200, description = "決めた設定", body = BankLikes)))]
pub async fn set_bank(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<BankLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    // where money goes is for whoever may bind the office
    if !actor.rights().manages(office) {
        return Err(app::access::AccessRefused::NotAllowed.into());
    }
    let likes: BankLikes = read(body)?;
    likes.check().map_err(|(field, detail)| wrong(&field, &detail))?;
    set(&api.book, &actor.caller, office, &likes).await?;
    Ok(axum::Json(likes))
}
