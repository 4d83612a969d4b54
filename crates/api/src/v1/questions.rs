//! 質問: one office asks another about an entry of their 精算書.

use super::roles::named;
use crate::{
    Api,
    actor::{Actor, id_of},
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, Query, read},
    problem::Problem,
    record::made,
};
use app::access::questions::{self as access, Question};
use axum::{extract::State, response::Response};
use domain::{
    calendar::Instant,
    id::{EntryId, OfficeId},
    masters::Masters,
    text::{Code, Note},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct QuestionsQuestion {
    /// この事業所との質問だけ
    #[param(value_type = Option<Code>)]
    pub with: Option<Code>,
    /// true なら、終わったものも
    #[serde(default)]
    pub all: bool,
}

/// A new question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskBody {
    /// Who is asked.
    pub with: Code,
    /// The entry it is about.
    pub entry: EntryId,
    /// The question.
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    pub text: Note,
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// The answer.
    #[schema(value_type = String, min_length = 1, max_length = 1000)]
    pub text: Note,
}

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionView {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub by: Code,
    /// Who is asked.
    pub to: Code,
    /// The entry it is about.
    pub entry: EntryId,
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// When it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Instant>,
    /// Who asked is done with it.
    pub is_closed: bool,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionsView {
    /// The newest first.
    pub items: Vec<QuestionView>,
}

fn view(masters: &Masters, question: &Question) -> Option<QuestionView> {
    let code = |office: OfficeId| Some(masters.office(office)?.code.clone());
    let (answer, answered_at) = question.answer.clone().unzip();
    Some(QuestionView {
        id: question.id,
        by: code(question.by)?,
        to: code(question.to)?,
        entry: question.entry,
        text: question.text.clone(),
        asked_at: question.asked_at,
        answer,
        answered_at,
        is_closed: question.is_closed,
    })
}

async fn own(api: &Api, actor: &Actor, office: &Code) -> Result<OfficeId, Problem> {
    actor
        .own_office(api, office)
        .await?
        .ok_or_else(Problem::not_found)
}

/// 精算書の質問の一覧を見る
///
/// この事業所がした質問と、された質問。新しい順に 500件まで。
#[utoipa::path(get, path = "/v1/offices/{office}/questions", operation_id = "list_questions", tag = "申し出",
    params(("office" = Code, Path, description = "事業所のコード"), QuestionsQuestion),
    responses((status = 200, description = "一覧", body = QuestionsView)))]
pub async fn list(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    Query(asked): Query<QuestionsQuestion>,
) -> Result<axum::Json<QuestionsView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let code = asked.with.as_ref();
    let with = named(&api, |masters| {
        Some(code.map(|code| masters.office_by_code(code).map(|office| office.id)))
    })
    .await?;
    let found = match with {
        // nobody of that name asked anything
        Some(None) => Vec::new(),
        with => access::questions(&api.book, office, with.flatten(), !asked.all).await?,
    };
    let items = named(&api, |masters| {
        found.iter().map(|question| view(masters, question)).collect()
    })
    .await?;
    Ok(axum::Json(QuestionsView { items }))
}

/// 精算書の行について質問する
///
/// 両方の事業所がかかわる伝票について、相手に聞きます。確認や支払いは止まりません。
#[utoipa::path(post, path = "/v1/offices/{office}/questions", operation_id = "ask_question", tag = "申し出",
    params(("office" = Code, Path, description = "事業所のコード")), request_body = AskBody,
    responses((status = 201, description = "質問", body = QuestionView),
        (status = 200, description = "前に聞いています(同じキー、同じ内容)", body = QuestionView,
            headers(("Idempotency-Replayed" = String, description = "true: 同じ要求が、前に来ています")))))]
pub async fn ask(
    State(api): State<Api>,
    actor: Actor,
    Params(office): Params<Code>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let asked: AskBody = read(body)?;
    let office = own(&api, &actor, &office).await?;
    let with = named(&api, |masters| {
        Some(masters.office_by_code(&asked.with).map(|office| office.id))
    })
    .await?;
    let with = with.ok_or_else(Problem::not_found)?;
    let id = id_of(&actor, "question", &key);
    let who = (&actor.viewer, &actor.caller);
    let (question, is_new) =
        access::ask(&api.book, who, (office, with), asked.entry, &asked.text, id).await?;
    let view = named(&api, |masters| view(masters, &question)).await?;
    Ok(made(is_new, view))
}

/// 質問に答える
///
/// 聞かれた事業所が、1回答えます。続きは、新しい質問にします。
#[utoipa::path(post, path = "/v1/offices/{office}/questions/{id}/answer", operation_id = "answer_question", tag = "申し出",
    params(("office" = Code, Path, description = "答える事業所のコード"), ("id" = Uuid, Path, description = "質問の ID")),
    request_body = AnswerBody,
    responses((status = 200, description = "答えたあとの質問", body = QuestionView)))]
pub async fn answer(
    State(api): State<Api>,
    actor: Actor,
    Params((office, id)): Params<(Code, Uuid)>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<QuestionView>, Problem> {
    let said: AnswerBody = read(body)?;
    let office = own(&api, &actor, &office).await?;
    let question = access::answer(&api.book, &actor.caller, office, id, &said.text).await?;
    Ok(axum::Json(named(&api, |masters| view(masters, &question)).await?))
}

/// 質問を終わりにする
///
/// 聞いた事業所が、わかったとき、または聞く必要がなくなったときに。
#[utoipa::path(post, path = "/v1/offices/{office}/questions/{id}/close", operation_id = "close_question", tag = "申し出",
    params(("office" = Code, Path, description = "聞いた事業所のコード"), ("id" = Uuid, Path, description = "質問の ID")),
    responses((status = 200, description = "終わった質問", body = QuestionView)))]
pub async fn close(
    State(api): State<Api>,
    actor: Actor,
    Params((office, id)): Params<(Code, Uuid)>,
) -> Result<axum::Json<QuestionView>, Problem> {
    let office = own(&api, &actor, &office).await?;
    let question = access::close(&api.book, &actor.caller, office, id).await?;
    Ok(axum::Json(named(&api, |masters| view(masters, &question)).await?))
}
