//! Recording: from a body to a command, to the one path that records, and its answer as a receipt.

use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, BULK_LIMIT, IdempotencyKey, Json, read},
    problem::Problem,
};
use app::{
    record::{How, NotRecorded, Recorded, many},
    views::masters::Subject,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    command::Command,
    id::EntryId,
    refs::EntryPointer,
    refusal::{Refusal, Why},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// Acts of one bulk at most.
pub const BULK_ACTS: usize = 5_000;
/// Marks an answer to something that had been recorded before.
const REPLAYED: &str = "idempotency-replayed";

/// What was recorded.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// Id of the entry.
    pub entry: EntryId,
    /// Position in the log, from 0.
    pub seq: u64,
}

/// Many acts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// All or nothing.
    #[serde(default)]
    pub atomic: bool,
    /// Only try them out.
    #[serde(default)]
    pub dry_run: bool,
    /// The acts in order, each with its `kind` and `key`.
    #[schema(min_items = 1, max_items = 5000)]
    pub acts: Vec<Value>,
}

/// What became of each act.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkAnswers {
    /// In the order of the acts.
    pub answers: Vec<BulkAnswer>,
}

/// What became of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is recorded.
    Recorded,
    /// It would be recorded.
    Accepted,
    /// It had been recorded under this key before.
    Already,
    /// It was refused.
    Refused,
    /// All or nothing: another act was refused.
    NotRecorded,
    /// It could not be done; send it again under the same key.
    Failed,
}

/// What became of an act.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkAnswer {
    /// In one word.
    pub outcome: Outcome,
    /// The entry, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// Records one act of a kind.
pub async fn act(
    kind: &'static str,
    State(api): State<Api>,
    actor: Actor,
    key: IdempotencyKey,
    headers: HeaderMap,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Response, Problem> {
    let command = command(kind, &key, body)?;
    let expects = expected(&headers, &command)?;
    let Recorded { entry, seq, is_new } =
        app::record::record(&api.book, &actor.viewer, command, expects).await?;
    let receipt = Receipt { entry, seq };
    let location = format!("/v1/entries/{}", receipt.entry);
    let whole = if wants_whole(&headers) {
        let pointer = EntryPointer::Id(receipt.entry);
        let whole = app::views::entry::entry_at(&api.book, &actor.viewer, &pointer).await?;
        actor.register(&api, kind, &receipt.entry.to_string()).await?;
        whole
    } else {
        None
    };
    // it is recorded, whatever of it its sender may read
    let mut answer = match whole {
        Some(whole) => made(is_new, whole),
        None => made(is_new, receipt),
    };
    if let Ok(location) = HeaderValue::from_str(&location) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

/// The answer to a write under a key: it made something, or it had been made before.
pub fn made(is_new: bool, what: impl Serialize) -> Response {
    if is_new {
        return (StatusCode::CREATED, axum::Json(what)).into_response();
    }
    let mut answer = axum::Json(what).into_response();
    answer
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    answer
}

/// 伝票をまとめて記録する
///
/// Records many acts, each on its own or all or nothing.
#[utoipa::path(post, path = "/v1/acts", operation_id = "record_many", tag = "まとめて", request_body = Bulk,
    description = "全部か無か(atomic)、または1件ずつ。答えは acts と同じ順に、1件に1つ。5,000件、8MB まで。\
        dry_run なら、記録せずに、記録したらどうなるかだけを答えます。",
    responses((status = 200, description = "それぞれの結果", body = BulkAnswers)))]
pub async fn bulk(
    State(api): State<Api>,
    actor: Actor,
    Json(body): Json<BULK_LIMIT>,
) -> Result<axum::Json<BulkAnswers>, Problem> {
    let bulk: Bulk = read(body)?;
    if bulk.acts.is_empty() || bulk.acts.len() > BULK_ACTS {
        let detail = format!("acts は1件以上{BULK_ACTS}件までにしてください。");
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many-acts", detail);
        return Err(problem.at("/acts"));
    }
    let acts = bulk.acts.into_iter().map(Command::from_value).collect();
    let how = match (bulk.dry_run, bulk.atomic) {
        (true, _) => How::Trial,
        (false, true) => How::AllOrNothing,
        (false, false) => How::Each,
    };
    let became = many(&api.book, &actor.viewer, acts, how).await?;
    let answers = became.into_iter().map(|became| answer(became, how)).collect();
    Ok(axum::Json(BulkAnswers { answers }))
}

/// What is told of one of many acts.
pub fn answer(became: Result<Recorded, NotRecorded>, how: How) -> BulkAnswer {
    let (outcome, receipt, problem) = match became {
        // nothing of a trial has an entry yet
        Ok(recorded) if recorded.is_new && how == How::Trial => (Outcome::Accepted, None, None),
        Ok(Recorded { entry, seq, is_new }) => {
            let outcome = if is_new {
                Outcome::Recorded
            } else {
                Outcome::Already
            };
            (outcome, Some(Receipt { entry, seq }), None)
        }
        Err(NotRecorded::WithOthers) => (Outcome::NotRecorded, None, None),
        Err(error @ NotRecorded::Failed(_)) => (Outcome::Failed, None, Some(error.into())),
        Err(error) => (Outcome::Refused, None, Some(error.into())),
    };
    BulkAnswer {
        outcome,
        receipt,
        problem,
    }
}

/// The body with what the address and the header say.
fn command(kind: &str, IdempotencyKey(key): &IdempotencyKey, body: Value) -> Result<Command, Problem> {
    let Value::Object(mut fields) = body else {
        return Err(Refusal::at(
            "",
            Why::Malformed {
                problem: "本文は { } で囲んだ JSON にしてください。".to_owned(),
            },
        )
        .into());
    };
    for (name, instead) in [
        ("kind", "種類は URL で決まります。"),
        ("key", "見出し Idempotency-Key に書きます。"),
        ("format", "いまは版が1つだけです。"),
    ] {
        if fields.contains_key(name) {
            let problem = format!("ここに「{name}」は書けません。{instead}");
            return Err(Refusal::at(name, Why::Malformed { problem }).into());
        }
    }
    fields.insert("kind".to_owned(), kind.into());
    fields.insert("key".to_owned(), key.as_ref().into());
    Ok(Command::from_value(Value::Object(fields))?)
}

/// `Prefer: return=representation` (RFC 7240): the whole entry instead of its receipt.
fn wants_whole(headers: &HeaderMap) -> bool {
    let prefers = headers.get_all("prefer").iter();
    prefers
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .any(|preference| preference.trim().eq_ignore_ascii_case("return=representation"))
}

/// `If-Match`, `If-None-Match: *`: what the thing must be like when its new version is recorded.
fn expected(headers: &HeaderMap, command: &Command) -> Result<Vec<app::writer::Expected>, Problem> {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let (if_match, if_none) = (text(header::IF_MATCH), text(header::IF_NONE_MATCH));
    if if_match.is_none() && if_none.is_none() {
        return Ok(Vec::new());
    }
    let wrong = |detail: &str| Problem::bad_request("precondition-wrong", detail);
    let subject = Subject::of(command).ok_or_else(|| {
        wrong("If-Match と If-None-Match は、台帳(品目・取引先など)を変えるときに使います。")
    })?;
    let version = match (if_match, if_none) {
        (Some(tag), None) => Some(
            tag.strip_prefix('"')
                .and_then(|tag| tag.strip_suffix('"'))
                .ok_or_else(|| wrong("If-Match には、読んだときの ETag をそのまま書いてください。"))?
                .to_owned(),
        ),
        (None, Some("*")) => None,
        _ => {
            return Err(wrong(
                "If-Match: \"ETag\" か If-None-Match: * のどちらかを書いてください。",
            ));
        }
    };
    Ok(vec![app::writer::Expected { subject, version }])
}
