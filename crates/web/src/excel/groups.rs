//! What was recorded together: a file that was taken in, looked at and taken back as a whole.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    history::sentence::sentence,
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    groups::{self, Group, NotUndone},
    views::entries::{PAGE, Question, entries},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    acts::Act,
    calendar::Day,
    id::{EntryId, GroupId, OfficeId},
    text::{Code, Note},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Reasons that are listed.
const LISTED: usize = 20;

#[derive(Template)]
#[template(path = "excel/group.html")]
struct GroupPage {
    shell: Shell,
    wrong: Wrong,
    /// What stands in the way, and how many entries it keeps.
    in_the_way: Vec<(String, usize)>,
    label: &'static str,
    is_of_products: bool,
    group: Group,
    at: String,
    rows: Vec<Row>,
    reason: String,
}

struct Row {
    id: EntryId,
    day: Day,
    sentence: String,
    is_undone: bool,
}

impl GroupPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        (office, code): (OfficeId, Code),
        group: GroupId,
    ) -> Result<GroupPage, PageError> {
        let found = groups::group(&api.book, visitor.viewer(), office, group).await?;
        let found = found.ok_or_else(PageError::not_found)?;
        let question = Question {
            office: Some(code),
            group: Some(group),
            limit: PAGE,
            ..Question::default()
        };
        let shown = entries(&api.book, visitor.viewer(), &question).await?;
        let rows = shown.entries.iter().map(|entry| Row {
            id: entry.id,
            day: entry.supplied_on,
            sentence: sentence(entry),
            is_undone: entry.reversed_by.is_some(),
        });
        let at = found.recorded_at.in_tokyo();
        Ok(GroupPage {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            wrong: Wrong::default(),
            in_the_way: Vec::new(),
            label: Act::label(&found.kind),
            is_of_products: Act::is_master(&found.kind),
            at,
            rows: rows.collect(),
            group: found,
            reason: String::new(),
        })
    }
}

/// The group.
pub async fn show(
    State(api): State<Api>,
    Path((office, group)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let of = visitor.office(&api, &office).await?;
    let page = GroupPage::new(&api, &asked, &visitor, of, GroupId(group)).await?;
    Ok(page::shown(&asked, &page))
}

/// Takes all of it back.
pub async fn undo(
    State(api): State<Api>,
    Path((office, group)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let typed = form.typed("other_reason").or_else(|| form.typed("reason"));
    let typed = typed.unwrap_or("まちがえて取りこんだ");
    let (group, to) = (GroupId(group), format!("/o/{code}/groups/{group}"));
    let refused = match typed.parse::<Note>() {
        Err(error) => Err((Wrong::whole(&error.to_string()), Vec::new())),
        Ok(reason) => match groups::undo(&api.book, visitor.viewer(), office, group, &reason).await {
            Ok(undone) => Ok(undone.iter().any(|undone| undone.is_new)),
            Err(error) => Err(told(error)?),
        },
    };
    match refused {
        Ok(is_new) => {
            let what = if is_new { What::Undone } else { What::Already };
            Ok(page::done(&to, &Said::new(what)))
        }
        Err((wrong, in_the_way)) => {
            let mut page = GroupPage::new(&api, &asked, &visitor, (office, code), group).await?;
            (page.wrong, page.in_the_way) = (wrong, in_the_way);
            form.get("other_reason").clone_into(&mut page.reason);
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// Why it was not taken back: a sentence, and what stands in the way, each once with how many entries it keeps.
fn told(error: NotUndone) -> Result<(Wrong, Vec<(String, usize)>), PageError> {
    match error {
        NotUndone::NoSuchGroup => Err(PageError::not_found()),
        NotUndone::NothingLeft => {
            let sentence =
                "取り消せる記録が残っていません。もう取り消してあるか、消せない新しい品目だけです。";
            Ok((Wrong::whole(sentence), Vec::new()))
        }
        NotUndone::NotRecorded(error) => Ok((Wrong::of(error.into())?, Vec::new())),
        NotUndone::Refused(refused) => {
            let mut counted: BTreeMap<String, usize> = BTreeMap::new();
            let count = refused.len();
            for (_, error) in refused {
                let problem: Problem = error.into();
                *counted.entry(problem.detail).or_default() += 1;
            }
            let sentence = format!("{count}件が取り消せないので、1件も取り消していません。");
            Ok((
                Wrong::whole(&sentence),
                counted.into_iter().take(LISTED).collect(),
            ))
        }
    }
}
