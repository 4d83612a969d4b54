//! 記録の証明: the signed head of the log, and proofs that stand on it.

use crate::{
    Api,
    actor::Actor,
    extract::{Params, Query},
    problem::Problem,
};
use app::{
    log::{self, LogError},
    proof::{self, Disclosure, HeadChoice, ProofError},
};
use axum::{Json, extract::State, http::StatusCode};
use domain::{id::EntryId, log::BookKey, refs::EntryPointer};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The head of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeadView {
    /// Entries in the log.
    pub size: u64,
    /// Root of the Merkle tree, hex.
    pub root: String,
    /// The signed note of this head.
    pub note: String,
}

/// A file with a proof.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProofView {
    /// The file, as `yokoito log check` reads it.
    pub proof: String,
}

/// Between which heads.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Sizes {
    /// 前に控えた先頭の伝票枚数
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub from: u64,
    /// あとの先頭の伝票枚数。書かなければ、いま
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub to: Option<u64>,
}

/// 記録の先頭を見る
///
/// 帳簿全体の伝票の枚数と、その全部を代表するハッシュに、帳簿の鍵で署名したもの。控えておけば、あとで書き換えがないことを確かめられます。
#[utoipa::path(get, path = "/v1/log/head", operation_id = "log_head", tag = "証明",
    responses((status = 200, description = "先頭", body = HeadView)))]
pub async fn head(State(api): State<Api>, _actor: Actor) -> Result<Json<HeadView>, Problem> {
    let key = key(&api)?;
    let head = log::head(&api.book).await?;
    let note = log::checkpoint_for_reading(&api.book, key, head.size).await?;
    Ok(Json(HeadView {
        size: head.size,
        root: head.root.to_string(),
        note,
    }))
}

/// 伝票が記録にあることの証明を取り出す
///
/// 見える部分だけをふくみます。ほかの事業所の部分は、ハッシュだけです。
#[utoipa::path(get, path = "/v1/entries/{entry}/proof", operation_id = "inclusion_proof", tag = "証明",
    params(("entry" = EntryId, Path, description = "伝票の ID")),
    responses((status = 200, description = "証明", body = ProofView)))]
pub async fn inclusion(
    State(api): State<Api>,
    actor: Actor,
    Params(entry): Params<EntryId>,
) -> Result<Json<ProofView>, Problem> {
    let pointer = EntryPointer::Id(entry);
    let proof = proof::of_entry(
        &api.book,
        &actor.viewer,
        key(&api)?,
        &pointer,
        &Disclosure::All,
        None,
    )
    .await?;
    actor
        .register(&api, "inclusion_proof", &entry.to_string())
        .await?;
    Ok(Json(ProofView { proof }))
}

/// 記録が書き換えられていないことの証明を取り出す
///
/// 前に控えた先頭が、いまの記録のはじめの部分であること。
#[utoipa::path(get, path = "/v1/log/consistency", operation_id = "consistency_proof", tag = "証明", params(Sizes),
    responses((status = 200, description = "証明", body = ProofView)))]
pub async fn consistency(
    State(api): State<Api>,
    actor: Actor,
    Query(sizes): Query<Sizes>,
) -> Result<Json<ProofView>, Problem> {
    let to = sizes.to.map(HeadChoice::Size);
    let from = HeadChoice::Size(sizes.from);
    let proof = proof::of_consistency(&api.book, &actor.viewer, key(&api)?, &from, to.as_ref()).await?;
    Ok(Json(ProofView { proof }))
}

fn key(api: &Api) -> Result<&BookKey, Problem> {
    api.key.as_deref().ok_or_else(|| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no-book-key",
            "帳簿の鍵がないので、署名できません。管理者に知らせてください。",
        )
    })
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Problem {
        match error {
            LogError::Store(error) => error.into(),
            LogError::TooShort { .. } | LogError::Proof(_) => {
                let detail = "その枚数の記録はありません。log/head の size までにしてください。";
                Problem::bad_request("log-too-short", detail)
            }
            LogError::Note(_) | LogError::Key(_) | LogError::OtherBook(_) => Problem::internal(),
        }
    }
}

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Problem {
        match error {
            ProofError::Log(error) => error.into(),
            ProofError::NoEntry(_) | ProofError::NoSuchCode(_) | ProofError::NotInvolved { .. } => {
                Problem::not_found()
            }
            ProofError::Beyond { .. } => {
                Problem::bad_request("log-too-short", "その枚数の記録に、この伝票は入っていません。")
            }
            ProofError::NotContinued(_) | ProofError::Damaged(_) => {
                tracing::error!("a proof could not be made");
                Problem::internal()
            }
        }
    }
}
