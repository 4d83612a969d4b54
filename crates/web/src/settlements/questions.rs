//! 質問: about a line of a statement, asked, answered and closed.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::key_of,
    said::{Said, What},
    shell::{Shell, office_name},
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    access::{
        AccessRefused,
        questions::{self as access, Question},
    },
    views::entry::{EntryView, entry_at},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    calendar::{Day, business_day},
    id::{EntryId, OfficeId},
    refs::EntryPointer,
    text::{Code, Key, Note},
};
use uuid::Uuid;

/// A question on a page.
pub struct Line {
    pub id: Uuid,
    pub by: String,
    pub to: String,
    pub entry: EntryId,
    pub text: String,
    pub asked_on: Day,
    pub answer: Option<String>,
    pub is_closed: bool,
    /// This office asked.
    pub is_own: bool,
}

impl Line {
    /// Whether this office has something to do about it: to answer, or to read the answer.
    pub fn waits(&self) -> bool {
        !self.is_closed && self.is_own == self.answer.is_some()
    }
}

#[derive(Template)]
#[template(path = "settlements/questions.html")]
struct QuestionsPage {
    shell: Shell,
    wrong: Wrong,
    /// Which one the wrong thing is about, and what was typed.
    typed: Option<(Uuid, String)>,
    lines: Vec<Line>,
}

impl QuestionsPage {
    /// What was typed into the answer to a question.
    fn typed(&self, id: &Uuid) -> &str {
        let of = self.typed.as_ref().filter(|(typed, _)| typed == id);
        of.map_or("", |(_, text)| text.as_str())
    }
}

#[derive(Template)]
#[template(path = "settlements/ask.html")]
struct AskPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    with: String,
    entry: EntryView,
    typed: String,
}

async fn line(api: &Api, office: OfficeId, question: Question) -> Result<Line, PageError> {
    Ok(Line {
        id: question.id,
        by: office_name(api, question.by).await?.name,
        to: office_name(api, question.to).await?.name,
        entry: question.entry,
        text: question.text,
        asked_on: business_day(question.asked_at),
        answer: question.answer.map(|(answer, _)| answer),
        is_closed: question.is_closed,
        is_own: question.by == office,
    })
}

/// Questions about which this office has something to do; for the home page too.
pub async fn open_lines(api: &Api, office: OfficeId) -> Result<Vec<Line>, PageError> {
    let mut lines = Vec::new();
    for question in access::questions(&api.book, office, None, true).await? {
        lines.push(line(api, office, question).await?);
    }
    lines.retain(Line::waits);
    Ok(lines)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    (wrong, typed): (Wrong, Option<(Uuid, String)>),
) -> Result<QuestionsPage, PageError> {
    let mut lines = Vec::new();
    for question in access::questions(&api.book, office, None, false).await? {
        lines.push(line(api, office, question).await?);
    }
    // what there is to do comes first
    lines.sort_by_key(|line| (line.is_closed, !line.waits()));
    Ok(QuestionsPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        typed,
        lines,
    })
}

/// All of the office.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, office, (Wrong::default(), None)).await?;
    Ok(page::shown(&asked, &page))
}

/// To ask about an entry.
pub async fn form(
    State(api): State<Api>,
    Path((office, entry, with)): Path<(String, Uuid, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let empty = (Wrong::default(), &Form::default());
    let page = ask_page(&api, &asked, &visitor, office, (EntryId(entry), &with), empty).await?;
    Ok(page::shown(&asked, &page))
}

async fn ask_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    (entry, with): (EntryId, &str),
    (wrong, form): (Wrong, &Form),
) -> Result<AskPage, PageError> {
    let found = entry_at(&api.book, &visitor.as_member(), &EntryPointer::Id(entry)).await?;
    let other = other(api, with).await?;
    Ok(AskPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        with: office_name(api, other).await?.name,
        entry: found.ok_or_else(PageError::not_found)?,
        typed: form.get("text").to_owned(),
    })
}

async fn other(api: &Api, with: &str) -> Result<OfficeId, PageError> {
    let code: Code = with.parse().map_err(|_| PageError::not_found())?;
    let found = api
        .book
        .with_masters_of_now(|masters| masters.office_by_code(&code).map(|office| office.id))
        .await?;
    found.ok_or_else(PageError::not_found)
}

/// Asks.
pub async fn ask(
    State(api): State<Api>,
    Path((office, entry, with)): Path<(String, Uuid, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let to = other(&api, &with).await?;
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let wrong = match form.get("text").parse::<Note>() {
        Err(_) => Wrong::whole("質問を、1000字までで書いてください。"),
        Ok(text) => {
            let id = id_of_person(visitor.caller().person(), "question", &key);
            let who = (visitor.viewer(), visitor.caller());
            let done = access::ask(&api.book, who, (office, to), EntryId(entry), &text, id).await;
            match done {
                Ok((_, is_new)) => {
                    let said = Said::new(if is_new { What::Asked } else { What::Already });
                    return Ok(page::done(&format!("/o/{code}/questions"), &said));
                }
                Err(error) => Wrong::of(Problem::from(error))?,
            }
        }
    };
    let page = ask_page(
        &api,
        &asked,
        &visitor,
        office,
        (EntryId(entry), &with),
        (wrong, &form),
    )
    .await?;
    Ok(page::shown_again(&asked, &page))
}

/// Answers one.
pub async fn answer(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let wrong = match form.get("text").parse::<Note>() {
        Err(_) => Wrong::whole("返事を、1000字までで書いてください。"),
        Ok(text) => {
            let done = access::answer(&api.book, visitor.caller(), office, id, &text).await;
            match said(done, &code, What::Answered) {
                Ok(done) => return Ok(done),
                Err(error) => Wrong::of(Problem::from(error))?,
            }
        }
    };
    let typed = Some((id, form.get("text").to_owned()));
    let page = page_of(&api, &asked, &visitor, office, (wrong, typed)).await?;
    Ok(page::shown_again(&asked, &page))
}

/// Closes one.
pub async fn close(
    State(api): State<Api>,
    Path((office, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let done = access::close(&api.book, visitor.caller(), office, id).await;
    let wrong = match said(done, &code, What::QuestionClosed) {
        Ok(done) => return Ok(done),
        Err(error) => Wrong::of(Problem::from(error))?,
    };
    let page = page_of(&api, &asked, &visitor, office, (wrong, None)).await?;
    Ok(page::shown_again(&asked, &page))
}

fn said(done: Result<Question, AccessRefused>, code: &Code, what: What) -> Result<Response, AccessRefused> {
    done.map(|_| page::done(&format!("/o/{code}/questions"), &Said::new(what)))
}
