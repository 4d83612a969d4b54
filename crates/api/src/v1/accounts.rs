//! 会計担当者のために: the journal of an office as its accounting program takes it, and the 就労支援事業 statement.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::{
    access::settings::setting,
    journal_file::{JournalLikes, list},
    table::{Encoded, to_csv, to_csv_cp932, to_xlsx},
    views::{
        journal::{Journal, JournalQuestion, TaxStyle, journal},
        production::{ProductionStatement, production_statement},
    },
};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{calendar::Day, text::Code};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// How many characters CP932 has not.
pub const REPLACED: &str = "yokoito-replaced";

/// As what the journal is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JournalFormat {
    /// For programs.
    #[default]
    Json,
    /// For accounting programs.
    Csv,
    /// For Excel.
    Xlsx,
}

/// In which letters a CSV is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum JournalEncoding {
    /// With its mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// As older programs read it.
    #[serde(rename = "cp932")]
    Cp932,
}

/// Which journal.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// はじめの日(帳簿の日)
    #[param(value_type = Day)]
    pub from: Day,
    /// 終わりの日(この日をふくむ)
    #[param(value_type = Day)]
    pub to: Day,
    /// inclusive=税込(書かなければこれ)、exclusive=税抜(税を仮受・仮払消費税の行に分ける)
    #[serde(default)]
    #[param(value_type = Option<TaxStyle>)]
    pub tax: TaxStyle,
    /// true: 摘要に、自分の備考も書く。書かなければ、伝票の種類だけ
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    pub notes: bool,
    /// json(書かなければこれ)、csv、xlsx。csv と xlsx の列と名前は、仕訳データの設定による
    #[serde(default)]
    #[param(inline, value_type = Option<JournalFormat>)]
    pub format: JournalFormat,
    /// csv の文字コード。utf-8(書かなければこれ)か cp932
    #[serde(default)]
    #[param(inline, value_type = Option<JournalEncoding>)]
    pub encoding: JournalEncoding,
}

/// A time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// はじめの日(帳簿の日)
    #[param(value_type = Day)]
    pub from: Day,
    /// 終わりの日(この日をふくむ)
    #[param(value_type = Day)]
    pub to: Day,
}

fn in_order(from: Day, to: Day) -> Result<(Day, Day), Problem> {
    if from > to {
        let detail = "from は to より前の日にしてください。";
        return Err(Problem::bad_request("query-wrong", detail).at("?from"));
    }
    Ok((from, to))
}

/// 仕訳データを出す
///
/// 会計ソフトに入れるための仕訳帳。伝票1枚の行は同じ伝票番号で、借方と貸方の合計が合います。期間の合計は残高試算表と一致します。
/// CP932 にない文字は「〓」にして、その数を見出し Yokoito-Replaced に書きます。
#[utoipa::path(get, path = "/v1/offices/{office}/journal", operation_id = "journal", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), Asked),
    responses((status = 200, description = "仕訳データ",
        headers(("Yokoito-Replaced" = u64, description = "CP932 になくて「〓」にした文字の種類の数。cp932 のときだけ")),
        content((Journal = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn lines(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let own = actor.own_office(&api, &office).await?;
    let own = own.ok_or_else(Problem::not_found)?;
    let question = JournalQuestion {
        days: in_order(asked.from, asked.to)?,
        tax: asked.tax,
        notes: asked.notes,
    };
    let found = journal(&api.book, &actor.viewer, own, question).await?;
    actor.register(&api, "journal", office.as_ref()).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    if asked.format == JournalFormat::Json {
        return Ok(Json(found).into_response());
    }
    let likes: JournalLikes = setting(&api.book, own).await?;
    let list = list(&found, &likes);
    let (bytes, kind, replaced) = match (asked.format, asked.encoding) {
        (JournalFormat::Xlsx, _) => {
            let too_many = |error: app::table::TableError| {
                Problem::new(StatusCode::CONFLICT, error.code(), error.to_string())
            };
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            (to_xlsx(&list).map_err(too_many)?, kind, None)
        }
        (_, JournalEncoding::Utf8) => (to_csv(&list), "text/csv; charset=utf-8", None),
        (_, JournalEncoding::Cp932) => {
            let Encoded { bytes, lacking } = to_csv_cp932(&list);
            (bytes, "text/csv; charset=shift_jis", Some(lacking.len()))
        }
    };
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment"),
    );
    if let Some(replaced) = replaced {
        headers.insert(HeaderName::from_static(REPLACED), HeaderValue::from(replaced));
    }
    Ok(answer)
}

/// 就労支援事業の収支を見る
///
/// 作業種別ごとの収益と費用、期首と期末の棚卸高(ロットの原価。わからないロットは合計に入れず、名前を出します)、消費税の集計。
/// 登録のない相手からの仕入は、その日の経過措置の割合で、控除できる税額を出します。
#[utoipa::path(get, path = "/v1/offices/{office}/production-statement", operation_id = "production_statement",
    tag = "見る", params(("office" = Code, Path, description = "事業所のコード"), Days),
    responses((status = 200, description = "収支", body = ProductionStatement)))]
pub async fn production(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<Days>,
) -> Result<Json<ProductionStatement>, Problem> {
    let own = actor.own_office(&api, &office).await?;
    let own = own.ok_or_else(Problem::not_found)?;
    let days = in_order(asked.from, asked.to)?;
    let found = production_statement(&api.book, &actor.viewer, own, days).await?;
    actor
        .register(&api, "production_statement", office.as_ref())
        .await?;
    found.map(Json).ok_or_else(Problem::not_found)
}
