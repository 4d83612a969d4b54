//! 設定: how an office likes its papers and labels. What pages print is made from them; a program may print likewise.

use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, Json, Params, read},
    problem::Problem,
};
use app::{
    access::settings::{set, setting},
    journal_file::JournalLikes,
    office_likes::{LabelLikes, PaperLikes},
    order_deadline::{Deadline, OrderLikes},
};
use axum::{extract::State, http::StatusCode};
use domain::{id::OfficeId, text::Code};

pub(super) async fn own(api: &Api, actor: &Actor, office: &Code) -> Result<OfficeId, Problem> {
    let found = actor.own_office(api, office).await?;
    found.ok_or_else(Problem::not_found)
}

pub(super) fn wrong(pointer: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "setting-wrong", detail).at(pointer)
}

/// 書類の設定を見る
///
/// 日付の書き方、印の枠、事業所の印の場所、納品書の控え。まだ決めていなければ、ふつうの設定です。
#[utoipa::path(get, path = "/v1/offices/{office}/settings/papers", operation_id = "get_paper_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "設定", body = PaperLikes)))]
pub async fn papers(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<PaperLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(axum::Json(setting(&api.book, office).await?))
}

/// 書類の設定を決める
///
/// 書かない項目は、ふつうの設定になります。
#[utoipa::path(put, path = "/v1/offices/{office}/settings/papers", operation_id = "set_paper_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = PaperLikes,
    responses((status = 200, description = "決めた設定", body = PaperLikes)))]
pub async fn set_papers(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<PaperLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let likes: PaperLikes = read(body)?;
    if likes.stamps.len() > PaperLikes::STAMPS {
        return Err(wrong("/stamps", "印の枠は4つまでにしてください。"));
    }
    set(&api.book, &actor.caller, office, &likes).await?;
    Ok(axum::Json(likes))
}

/// ラベルの設定を見る
///
/// 前に使った用紙、印刷するもの、プリンターの位置のずれ。
#[utoipa::path(get, path = "/v1/offices/{office}/settings/labels", operation_id = "get_label_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "設定", body = LabelLikes)))]
pub async fn labels(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<LabelLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(axum::Json(setting(&api.book, office).await?))
}

/// ラベルの設定を決める
///
/// 書かない項目は、ふつうの設定になります。
#[utoipa::path(put, path = "/v1/offices/{office}/settings/labels", operation_id = "set_label_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = LabelLikes,
    responses((status = 200, description = "決めた設定", body = LabelLikes)))]
pub async fn set_labels(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<LabelLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let likes: LabelLikes = read(body)?;
    if !likes.is_sound() {
        return Err(wrong(
            "/right",
            "位置のずれは、-20 から 20 までの整数にしてください。",
        ));
    }
    set(&api.book, &actor.caller, office, &likes).await?;
    Ok(axum::Json(likes))
}

/// 注文の締切を見る
///
/// 注文を受ける事業所が決めた締切。決めていなければ、いつでも受けます。
#[utoipa::path(get, path = "/v1/offices/{office}/settings/orders", operation_id = "get_order_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "設定", body = OrderLikes)))]
pub async fn orders(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<OrderLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(axum::Json(setting(&api.book, office).await?))
}

/// 注文の締切を決める
///
/// 締切を過ぎた注文は、断られません。注文する側のページに、過ぎていることが出ます。
#[utoipa::path(put, path = "/v1/offices/{office}/settings/orders", operation_id = "set_order_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = OrderLikes,
    responses((status = 200, description = "決めた設定", body = OrderLikes)))]
pub async fn set_orders(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<OrderLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let likes: OrderLikes = read(body)?;
    if !likes.deadline.is_none_or(Deadline::is_sound) {
        return Err(wrong("/deadline", "締切は、0〜30日前の 0〜24時にしてください。"));
    }
    set(&api.book, &actor.caller, office, &likes).await?;
    Ok(axum::Json(likes))
}

/// 仕訳データの設定を見る
///
/// 会計ソフトに入れるファイルの列、科目と税区分の名前。決めていなければ、ふつうの設定です。
#[utoipa::path(get, path = "/v1/offices/{office}/settings/journal", operation_id = "get_journal_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")),
    responses((status = 200, description = "設定", body = JournalLikes)))]
pub async fn journal(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
) -> Result<axum::Json<JournalLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    Ok(axum::Json(setting(&api.book, office).await?))
}

/// 仕訳データの設定を決める
///
/// 書かない項目は、ふつうの設定になります。
#[utoipa::path(put, path = "/v1/offices/{office}/settings/journal", operation_id = "set_journal_settings", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = JournalLikes,
    responses((status = 200, description = "決めた設定", body = JournalLikes)))]
pub async fn set_journal(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<JournalLikes>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let likes: JournalLikes = read(body)?;
    likes.check().map_err(|(field, detail)| wrong(field, &detail))?;
    set(&api.book, &actor.caller, office, &likes).await?;
    Ok(axum::Json(likes))
}
