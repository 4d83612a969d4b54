//! 伝票: one, and the search.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::{
    entries::{self, EntriesView, Question},
    entry::{EntryView, entry_at},
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use domain::{
    acts::Act,
    calendar::Day,
    id::{EntryId, GroupId},
    refs::{EntryPointer, ProductRef},
    text::{Code, LotCode},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Entries of a page when nobody says how many.
const USUAL: u32 = 50;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct EntriesQuestion {
    /// この事業所にかかわる伝票だけ
    #[param(value_type = Option<Code>)]
    pub office: Option<Code>,
    /// 伝票の種類。いくつかあるときは , で区切ります
    pub kind: Option<String>,
    /// 取引の日がこの日から
    #[param(value_type = Option<Day>)]
    pub supplied_from: Option<Day>,
    /// 取引の日がこの日まで
    #[param(value_type = Option<Day>)]
    pub supplied_to: Option<Day>,
    /// 帳簿の日がこの日から
    #[param(value_type = Option<Day>)]
    pub book_from: Option<Day>,
    /// 帳簿の日がこの日まで
    #[param(value_type = Option<Day>)]
    pub book_to: Option<Day>,
    /// 相手の事業所か取引先のコード
    #[param(value_type = Option<Code>)]
    pub counterparty: Option<Code>,
    /// 仕訳1行の金額(円、符号なし)がこれ以上
    #[param(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub yen_from: Option<i64>,
    /// 仕訳1行の金額(円、符号なし)がこれ以下
    #[param(minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub yen_to: Option<i64>,
    /// 動いた品目。「事業所のコード/品目のコード」。office を書けば品目のコードだけでもよい
    #[param(value_type = Option<ProductRef>)]
    pub product: Option<ProductRef>,
    /// 動いたロットの番号
    #[param(value_type = Option<LotCode>)]
    pub lot: Option<LotCode>,
    /// いっしょに記録された伝票だけ(group の番号)。自分の事業所が記録したものにかぎります
    #[param(value_type = Option<GroupId>)]
    pub group: Option<GroupId>,
    /// 前のページの Link(rel="next")にある値。その続きから
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub before: Option<u64>,
    /// 1ページの件数
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// 伝票をさがす
///
/// 日付・金額・相手・品目・種類を、自由に組み合わせて(優良な電子帳簿の検索要件)。新しい順。続きは Link 見出しの rel="next"。
#[utoipa::path(get, path = "/v1/entries", operation_id = "entries", tag = "見る", params(EntriesQuestion),
    responses((status = 200, description = "伝票", body = EntriesView,
        headers(("Link" = Option<String>, description = "次のページ(rel=\"next\")。最後のページにはありません")))))]
pub async fn search(
    State(api): State<Api>,
    actor: Actor,
    uri: Uri,
    Query(asked): Query<EntriesQuestion>,
) -> Result<Response, Problem> {
    let kinds = asked.kind.as_deref().unwrap_or_default().split(',');
    let kinds: Vec<String> = kinds.filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
    page(&api, &actor, &uri, asked, kinds).await
}

/// The entries of one kind: the list of an act's resource.
pub async fn of_kind(
    kind: &'static str,
    State(api): State<Api>,
    actor: Actor,
    uri: Uri,
    Query(asked): Query<EntriesQuestion>,
) -> Result<Response, Problem> {
    if asked.kind.is_some() {
        let detail = "ここでは kind を書けません。種類は URL で決まります。";
        return Err(Problem::bad_request("query-wrong", detail).at("?kind"));
    }
    page(&api, &actor, &uri, asked, vec![kind.to_owned()]).await
}

async fn page(
    api: &Api,
    actor: &Actor,
    uri: &Uri,
    asked: EntriesQuestion,
    kinds: Vec<String>,
) -> Result<Response, Problem> {
    let wrong = |name: &str, detail: &str| Problem::bad_request("query-wrong", detail).at(format!("?{name}"));
    if kinds
        .iter()
        .any(|kind| Act::KINDS.iter().all(|(known, _)| known != kind))
    {
        return Err(wrong(
            "kind",
            "知らない種類の伝票です。つづりを確かめてください。",
        ));
    }
    let limit = asked.limit.unwrap_or(USUAL);
    if limit == 0 || limit > entries::PAGE {
        return Err(wrong("limit", "limit は1から200までにしてください。"));
    }
    if asked
        .product
        .as_ref()
        .is_some_and(|product| product.office.is_none())
        && asked.office.is_none()
    {
        return Err(wrong(
            "product",
            "product は「事業所のコード/品目のコード」で書くか、office といっしょに書いてください。",
        ));
    }
    let question = Question {
        office: asked.office,
        kinds,
        supplied: (asked.supplied_from, asked.supplied_to),
        booked: (asked.book_from, asked.book_to),
        counterparty: asked.counterparty,
        yen: (asked.yen_from, asked.yen_to),
        product: asked.product,
        lot: asked.lot,
        group: asked.group,
        before: asked.before.map(|before| before.min(i64::MAX.unsigned_abs())),
        limit,
    };
    let view: EntriesView = entries::entries(&api.book, &actor.viewer, &question).await?;
    actor
        .register(api, "entries", uri.query().unwrap_or_default())
        .await?;
    let next = view.next.and_then(|before| next_page(uri, before));
    let mut answer = Json(view).into_response();
    if let Some(next) = next {
        answer.headers_mut().insert(header::LINK, next);
    }
    Ok(answer)
}

/// The same question from the next entry on.
fn next_page(uri: &Uri, before: u64) -> Option<HeaderValue> {
    let query = uri.query().unwrap_or_default();
    let mut next = form_urlencoded::Serializer::new(String::new());
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "before");
    next.extend_pairs(kept).append_pair("before", &before.to_string());
    HeaderValue::from_str(&format!("<{}?{}>; rel=\"next\"", uri.path(), next.finish())).ok()
}

/// 伝票を1枚見る
///
/// 見えるのは、自分の事業所にかかわる部分だけです。相手の事業所の仕訳は見えません。
#[utoipa::path(get, path = "/v1/entries/{entry}", operation_id = "entry", tag = "見る",
    params(("entry" = EntryId, Path, description = "伝票の ID")),
    responses((status = 200, description = "伝票", body = EntryView)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params(entry): Params<EntryId>,
) -> Result<Json<EntryView>, Problem> {
    let view = entry_at(&api.book, &actor.viewer, &EntryPointer::Id(entry)).await?;
    actor.register(&api, "entry", &entry.to_string()).await?;
    view.map(Json).ok_or_else(Problem::not_found)
}
