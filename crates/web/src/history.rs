//! 履歴: every entry of an office in a sentence, and the way to take it back.

pub mod allowance;
pub mod amounts;
pub mod correct;
pub mod sentence;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{act, key_of, record, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    entries::{Question, entries},
    entry::{EntryView, MovementView, entry_at},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{acts::Act, calendar::Day, id::EntryId, id::OfficeId, refs::EntryPointer, text::Code};
use sentence::{at, sentence};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

/// Entries of a page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "history/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    from: String,
    to: String,
    next: Option<u64>,
}

impl ListPage {
    /// The same question for the file.
    fn asked(&self) -> String {
        let mut asked = form_urlencoded::Serializer::new(String::new());
        asked.append_pair("from", &self.from).append_pair("to", &self.to);
        format!("?{}", asked.finish())
    }
}

/// An entry in a sentence.
struct Row {
    id: EntryId,
    day: Day,
    at: String,
    sentence: String,
    /// Why it counts for a later day.
    later: Option<String>,
    is_undone: bool,
    /// More was sold than the book had there.
    is_ahead: bool,
}

impl From<&EntryView> for Row {
    fn from(entry: &EntryView) -> Row {
        Row {
            id: entry.id,
            day: entry.supplied_on,
            at: at(entry),
            sentence: sentence(entry),
            later: entry.counted_later.as_ref().map(|later| later.sentence.clone()),
            is_undone: entry.reversed_by.is_some(),
            is_ahead: entry.movements.iter().any(|movement| movement.ahead_of_count),
        }
    }
}

#[derive(Template)]
#[template(path = "history/entry.html")]
struct EntryPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    row: Row,
    entry: EntryView,
    /// The office recorded it itself, and it still holds.
    can_undo: bool,
    /// It has numbers that can be put right.
    can_correct: bool,
    /// What has to be taken back before, where it was tried.
    must_go_first: Vec<Row>,
    /// There is a delivery note of it.
    has_note: bool,
    reason: String,
}

impl EntryPage {
    /// Money can be taken off it.
    fn can_allow(&self) -> bool {
        let office = self.shell.office.as_ref();
        office.is_some_and(|office| allowance::can_allow(&self.entry, &office.code))
    }
}

/// Which entries.
#[derive(Default, Deserialize)]
pub struct Asking {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    before: Option<u64>,
}

/// The list, newest first.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(asking): Query<Asking>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let question = Question {
        office: Some(code),
        supplied: (asking.from.parse().ok(), asking.to.parse().ok()),
        before: asking.before,
        limit: PAGE,
        ..Question::default()
    };
    let found = entries(&api.book, visitor.viewer(), &question).await?;
    visitor.register(&api, "entries", "").await?;
    let page = ListPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        rows: found.entries.iter().map(Row::from).collect(),
        from: asking.from,
        to: asking.to,
        next: found.next,
    };
    Ok(page::shown(&asked, &page))
}

/// One entry.
pub async fn show(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = found(&api, &visitor, entry).await?;
    let page = page_of(
        &api,
        &asked,
        &visitor,
        (office, &code),
        entry,
        Wrong::default(),
        &Form::default(),
    )
    .await?;
    Ok(page::shown(&asked, &page))
}

/// Takes an entry back.
pub async fn undo(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = found(&api, &visitor, entry).await?;
    let own = entry.own.as_ref().filter(|_| entry.acting.code == code.as_str());
    let own = own.ok_or_else(PageError::not_found)?;
    let reason = [form.get("other_reason"), form.get("reason")];
    let reason = reason
        .into_iter()
        .find(|reason| !reason.is_empty())
        .unwrap_or("まちがえて記録した");
    let mut reversal = act(
        "reverse",
        code.as_str(),
        &form,
        json!({"entry": {"key": own.key}}),
    );
    reversal["reason"] = reason.into();
    reversal["supplied_on"] = today(&api).into();
    match record(&api, &visitor, reversal).await {
        Ok(recorded) => {
            let what = if recorded.is_new {
                What::Undone
            } else {
                What::Already
            };
            Ok(page::done(&format!("/o/{code}/entries"), &Said::new(what)))
        }
        Err(problem) => {
            let wrong = Wrong::of(problem)?;
            let page = page_of(&api, &asked, &visitor, (office, &code), entry, wrong, &form).await?;
            Ok(page::shown_again(&asked, &page))
        }
    }
}

async fn found(api: &Api, visitor: &Visitor, entry: Uuid) -> Result<EntryView, PageError> {
    let pointer = EntryPointer::Id(EntryId(entry));
    let found = entry_at(&api.book, visitor.viewer(), &pointer).await?;
    visitor.register(api, "entry", &entry.to_string()).await?;
    found.ok_or_else(PageError::not_found)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    entry: EntryView,
    wrong: Wrong,
    form: &Form,
) -> Result<EntryPage, PageError> {
    let is_own = entry.own.is_some() && entry.acting.code == code.as_str();
    let mut must_go_first = Vec::new();
    for seq in wrong.must_go_first.iter().rev() {
        let pointer = EntryPointer::Position(*seq);
        let later = entry_at(&api.book, visitor.viewer(), &pointer).await?;
        must_go_first.extend(later.as_ref().map(Row::from));
    }
    visitor.register(api, "entry", &entry.id.to_string()).await?;
    Ok(EntryPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        row: Row::from(&entry),
        can_undo: is_own && entry.reversed_by.is_none() && !Act::is_master(&entry.kind),
        can_correct: correct::can_correct(&entry, code),
        must_go_first,
        has_note: has_note(&entry),
        entry,
        reason: form.get("other_reason").to_owned(),
    })
}

/// Goods went to another office: sent, or put on its shelf.
fn has_note(entry: &EntryView) -> bool {
    let leaves = |movement: &MovementView| {
        movement.from.place == "在庫" && matches!(movement.to.place, "配送中" | "委託棚")
    };
    matches!(entry.kind.as_str(), "ship" | "consign" | "correct") && entry.movements.iter().any(leaves)
}
