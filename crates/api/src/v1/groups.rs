//! まとまり: what was recorded together, taken back together.

use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, Json, Params, read},
    problem::{FieldProblem, Problem},
    record::{BulkAnswers, answer},
};
use app::{
    groups::{NotUndone, undo},
    record::How,
};
use axum::{Json as Answer, extract::State, http::StatusCode};
use domain::{
    id::GroupId,
    text::{Code, Note},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Who takes a group back, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupReversal {
    /// Office that recorded the group.
    #[schema(value_type = Code)]
    pub office: Code,
    /// Why.
    #[schema(value_type = Note)]
    pub reason: Note,
}

/// まとまりを取り消す
///
/// いっしょに記録した伝票(group の番号が同じもの)を、新しいほうから全部取り消します。全部か無か。キーは伝票から決まるので、
/// 二度送っても二重にはなりません。品目は取り消せないので、前の内容に戻します(新しい品目は残ります)。
#[utoipa::path(post, path = "/v1/groups/{group}/reversals", operation_id = "reverse_group", tag = "まとめて",
    params(("group" = GroupId, Path, description = "一括登録の番号")), request_body = GroupReversal,
    responses((status = 200, description = "取り消した伝票ごとの結果。新しい順", body = BulkAnswers)))]
pub async fn reverse(
    State(api): State<Api>,
    actor: Actor,
    Params(group): Params<GroupId>,
    Json(body): Json<ACT_LIMIT>,
) -> Result<Answer<BulkAnswers>, Problem> {
    let GroupReversal { office, reason } = read(body)?;
    let office = actor.own_office(&api, &office).await?;
    let office = office.ok_or_else(Problem::not_found)?;
    let undone = undo(&api.book, &actor.viewer, office, group, &reason).await;
    let undone = undone.map_err(problem)?;
    let answers = undone
        .into_iter()
        .map(|undone| answer(Ok(undone), How::AllOrNothing));
    Ok(Answer(BulkAnswers {
        answers: answers.collect(),
    }))
}

fn problem(error: NotUndone) -> Problem {
    let conflict = |code, detail| Problem::new(StatusCode::CONFLICT, code, detail);
    match error {
        NotUndone::NoSuchGroup => Problem::not_found(),
        NotUndone::NotRecorded(error) => error.into(),
        NotUndone::NothingLeft => {
            let detail = "取り消せる伝票が残っていません。もう取り消してあるか、消せない新しい品目だけです。";
            conflict("nothing-to-undo", detail.to_owned())
        }
        NotUndone::Refused(refused) => {
            let detail = format!("{}件が取り消せないので、1件も取り消していません。", refused.len());
            let mut problem = conflict("group-kept", detail);
            for (entry, why) in refused {
                let why: Problem = why.into();
                problem.errors.push(FieldProblem {
                    pointer: format!("/v1/entries/{entry}"),
                    code: why.code,
                    detail: why.detail,
                });
            }
            problem
        }
    }
}
