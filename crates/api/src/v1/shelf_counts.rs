//! 棚の数え: what is left on the shelf says what was sold.

use crate::{
    Api,
    actor::Actor,
    extract::{ACT_LIMIT, IdempotencyKey, Json, Params, read},
    problem::Problem,
    record::Receipt,
};
use app::{
    record::How,
    shelf_count::{Counted, CountedLine, NotCounted, ShelfCount, plan, record},
};
use axum::{extract::State, http::StatusCode};
use domain::{
    calendar::Day,
    id::GroupId,
    text::{Code, Note},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A count.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfCountBody {
    /// Whose goods.
    pub owner: Code,
    /// Day of the count.
    pub supplied_on: Day,
    /// Only work it out.
    #[serde(default)]
    pub dry_run: bool,
    /// Why something was lost.
    #[serde(default)]
    pub reason: Option<Note>,
    /// What was counted.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<ShelfCountLine>,
}

/// A product that was counted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShelfCountLine {
    /// As an act names it.
    pub product: String,
    /// What the book had.
    #[serde(default)]
    pub there: Option<Decimal>,
    /// What is left.
    pub left: Decimal,
    /// What was lost.
    #[serde(default)]
    pub lost: Decimal,
    /// What goes back.
    #[serde(default)]
    pub returned: Decimal,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
pub struct ShelfCountView {
    /// By product.
    pub lines: Vec<CountedLine>,
    /// Number of the group.
    pub group: GroupId,
    /// Entries; none of a trial.
    pub receipts: Vec<Receipt>,
}

impl From<NotCounted> for Problem {
    fn from(error: NotCounted) -> Problem {
        match error {
            NotCounted::Wrong(line, code, sentence) => {
                let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence);
                match line {
                    Some(n) => problem.at(format!("/lines/{n}")),
                    None => problem.at("/reason"),
                }
            }
            NotCounted::View(error) => error.into(),
            NotCounted::Unaccepted(error) => error.into(),
            NotCounted::NotRecorded(error) => (*error).into(),
        }
    }
}

/// 棚を数えて売上を出す
///
/// 置いた数 − 残り − 返す − こわれた = 売れた数。売上・返品・廃棄を、1つのまとまりとして全部か無かで記録します。
#[utoipa::path(post, path = "/v1/offices/{office}/shelf-counts", operation_id = "count_shelf", tag = "まとめて",
    description = "dry_run なら、売れた数を出すだけで、記録しません。there(数えたときの帳簿の数)を書くと、そのあとで変わっていれば断ります。\
        まちがえたときは、答えの group の番号で、まとめて取り消せます。",
    params(("office" = Code, Path, description = "店の事業所のコード")), request_body = ShelfCountBody,
    responses((status = 200, description = "売れた数と、記録した伝票", body = ShelfCountView)))]
pub async fn count(
    State(api): State<Api>,
    actor: Actor,
    Params(code): Params<Code>,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<ACT_LIMIT>,
) -> Result<axum::Json<ShelfCountView>, Problem> {
    let office = actor.own_office(&api, &code).await?;
    let office = office.ok_or_else(Problem::not_found)?;
    let asked: ShelfCountBody = read(body)?;
    let line = |line: ShelfCountLine| Counted {
        product: line.product,
        there: line.there,
        left: line.left,
        lost: line.lost,
        returned: line.returned,
    };
    let count = ShelfCount {
        owner: asked.owner,
        supplied_on: asked.supplied_on,
        key,
        reason: asked.reason,
        lines: asked.lines.into_iter().map(line).collect(),
    };
    let plan = plan(&api.book, &actor.viewer, (office, &code), &count).await?;
    let how = if asked.dry_run {
        How::Trial
    } else {
        How::AllOrNothing
    };
    let recorded = record(&api.book, &actor.viewer, &plan, how).await?;
    let receipts = recorded
        .into_iter()
        .filter(|one| how != How::Trial || !one.is_new);
    Ok(axum::Json(ShelfCountView {
        receipts: receipts
            .map(|one| Receipt {
                entry: one.entry,
                seq: one.seq,
            })
            .collect(),
        lines: plan.lines,
        group: plan.group,
    }))
}
