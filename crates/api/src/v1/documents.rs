//! 書類: those of an office, one of them, and what would stand on the next one. Issuing it is an act (`/v1/documents`).

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::views::document::{
    DocumentView, DocumentsView, DraftAsked, DraftError, Wanted, document, documents, draft,
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{
    acts::issue::{DocumentForm, DocumentGoods, Issue},
    calendar::Day,
    id::EntryId,
    money::Yen,
    tax::PriceBasis,
    text::Code,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Documents of a page, where nothing else is asked.
const PAGE: u32 = 50;
/// Documents of a page at most.
const MOST: u32 = 200;

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DocumentsQuestion {
    /// この種類だけ
    #[param(inline)]
    pub form: Option<DocumentForm>,
    /// この相手(事業所か取引先のコード)だけ
    #[param(value_type = Option<Code>)]
    pub with: Option<Code>,
    /// 発行した日がこの日から
    #[param(value_type = Option<Day>)]
    pub from: Option<Day>,
    /// 発行した日がこの日まで
    #[param(value_type = Option<Day>)]
    pub to: Option<Day>,
    /// 書類の番号(`2026-0012`)
    #[param(max_length = 40)]
    pub number: Option<String>,
    /// 税込の合計(円)
    #[param(value_type = Option<Yen>)]
    pub gross: Option<Yen>,
    /// 前の答えの next
    pub before: Option<u64>,
    /// 1ページの件数(1〜200、書かなければ 50)
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// What would stand on the next one.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DraftQuestion {
    /// 書類の種類
    #[param(inline)]
    pub form: DocumentForm,
    /// own=自分の品と、媒介者交付特例で自分の登録番号で書ける預かり品(書かなければこれ)、others=それ以外の預かり品だけの、登録番号のないもう1枚
    #[param(inline)]
    pub goods: Option<DocumentGoods>,
    /// 相手の事業所のコード
    #[param(value_type = Option<Code>)]
    pub with_office: Option<Code>,
    /// 相手の取引先のコード
    #[param(value_type = Option<Code>)]
    pub partner: Option<Code>,
    /// 取引の日がこの日から
    #[param(value_type = Day)]
    pub from: Day,
    /// 取引の日がこの日まで
    #[param(value_type = Day)]
    pub to: Day,
    /// 内税か外税か。書かなければ、取引に多いほう
    #[param(inline)]
    pub basis: Option<PriceBasis>,
    /// この伝票だけ(領収書など)
    #[param(value_type = Option<EntryId>)]
    pub entry: Option<EntryId>,
    /// 差し替える書類の伝票
    #[param(value_type = Option<EntryId>)]
    pub replaces: Option<EntryId>,
}

/// What would be issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentDraftView {
    /// The act as it can be recorded, without key and day.
    pub paper: Issue,
    /// All of it with tax.
    pub gross: Yen,
    /// What to know before it is issued.
    pub warnings: Vec<String>,
    /// Percent that the buyer may deduct, where the seller is not registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deductible_percent: Option<u8>,
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Problem {
        let unprocessable = |code: &'static str, error: &DraftError| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, error.to_string())
        };
        match error {
            DraftError::View(error) => error.into(),
            DraftError::NotFound => Problem::not_found(),
            DraftError::NothingToBill => unprocessable("nothing-to-bill", &error),
            DraftError::OnSecond => unprocessable("goods-on-second", &error),
            DraftError::OnFirst => unprocessable("goods-on-first", &error),
            DraftError::TooLarge => unprocessable("amount-too-large", &error),
        }
    }
}

/// 書類の一覧を見る
///
/// この事業所が発行した書類と、この事業所あての書類。新しい順。
#[utoipa::path(get, path = "/v1/offices/{office}/documents", operation_id = "office_documents", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), DocumentsQuestion),
    responses((status = 200, description = "書類の一覧", body = DocumentsView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<DocumentsQuestion>,
) -> Result<Json<DocumentsView>, Problem> {
    let wanted = Wanted {
        form: asked.form,
        with: asked.with,
        days: (asked.from, asked.to),
        number: asked.number,
        gross: asked.gross,
        before: asked.before,
        limit: asked.limit.unwrap_or(PAGE).clamp(1, MOST),
    };
    let found = documents(&api.book, &actor.viewer, &office, &wanted).await?;
    actor.register(&api, "documents", office.as_str()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

/// 書類を見る
///
/// 発行したときの内容のまま。名前や品名をあとで変えても、書類は変わりません。相手の事業所も見られます。
#[utoipa::path(get, path = "/v1/offices/{office}/documents/{id}", operation_id = "office_document", tag = "見る",
    params(("office" = Code, Path, description = "事業所のコード"), ("id" = EntryId, Path, description = "書類の伝票の ID")),
    responses((status = 200, description = "書類", body = DocumentView)))]
pub async fn get(
    State(api): State<Api>,
    actor: Actor,
    Params((office, id)): Params<(Code, EntryId)>,
) -> Result<Json<DocumentView>, Problem> {
    let found = document(&api.book, &actor.viewer, &office, id).await?;
    actor.register(&api, "document", &id.to_string()).await?;
    found.map(Json).ok_or_else(Problem::not_found)
}

/// 書類の下書きを作る
///
/// 期間の、まだ書類にしていない取引から。答えの `paper` に日付とキーを足すと、`/v1/documents` でそのまま発行できます。何も記録しません。
#[utoipa::path(get, path = "/v1/offices/{office}/document-drafts", operation_id = "draft_document", tag = "見る",
    params(("office" = Code, Path, description = "発行する事業所のコード"), DraftQuestion),
    responses((status = 200, description = "下書き", body = DocumentDraftView)))]
pub async fn draft_of(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<DraftQuestion>,
) -> Result<Json<DocumentDraftView>, Problem> {
    let asked = DraftAsked {
        form: asked.form,
        goods: asked.goods.unwrap_or_default(),
        with_office: asked.with_office,
        partner: asked.partner,
        from: asked.from,
        to: asked.to,
        basis: asked.basis,
        entry: asked.entry,
        replaces: asked.replaces,
    };
    let found = draft(&api.book, &actor.viewer, &office, &asked).await;
    actor.register(&api, "document_draft", office.as_str()).await?;
    let found = found?;
    Ok(Json(DocumentDraftView {
        paper: found.paper,
        gross: found.gross,
        warnings: found.warnings,
        deductible_percent: found.deductible_percent,
    }))
}
