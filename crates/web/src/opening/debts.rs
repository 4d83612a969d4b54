//! ほかの事業所との貸し借り: what two offices of the book owe each other. Both books say the same, so the other office has to confirm
//! it: it is a proposal, one for each office.

use super::{Step, again};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    record::act,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    propose::propose,
    views::{names::Named, usual},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{calendar::business_day, command::Command, id::OfficeId, text::Code};
use serde_json::json;

/// Its place among the steps.
const AT: usize = 2;
/// Days that the other office has to confirm.
const DAYS: u64 = 14;

#[derive(Template)]
#[template(path = "opening/debts.html")]
struct DebtsPage {
    shell: Shell,
    step: Step,
    offices: Vec<Named>,
    with: String,
    owes: String,
    owed: String,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, office, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Proposed to the other office.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut lines = Vec::new();
    for (name, account, sign) in [("owes", "receivable", ""), ("owed", "payable", "-")] {
        if let Some(typed) = form.typed(name) {
            let yen = whole(&format!("{sign}{}", tidied(typed)));
            lines.push(json!({"account": account, "with_office": form.get("with"), "yen": yen}));
        }
    }
    let wrong = if lines.is_empty() {
        Wrong::whole("金額が入っていません。貸し借りがないときは「とばす」を押してください。")
    } else {
        // more than one office: the same step again
        let to = format!("/o/{code}/open/debts");
        match proposed(&api, &visitor, &code, &form, json!({"balances": lines})).await {
            Ok(is_new) => {
                let what = if is_new { What::Proposed } else { What::Already };
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    };
    let page = page_of(&api, &asked, &visitor, office, &form, wrong).await?;
    Ok(again(&asked, &page))
}

async fn proposed(
    api: &Api,
    visitor: &Visitor,
    code: &Code,
    form: &Form,
    fields: serde_json::Value,
) -> Result<bool, Problem> {
    let command = Command::from_value(act("open", code.as_str(), form, fields))?;
    let today = business_day(api.book.outside().clock.now());
    let due_on = command
        .head
        .supplied_on
        .days_later(DAYS)
        .unwrap_or(today)
        .max(today);
    let id = id_of_person(visitor.caller().person(), "proposal", &command.head.key);
    let (viewer, caller) = (visitor.viewer(), visitor.caller());
    let (_, is_new) = propose(&api.book, viewer, caller, command, due_on, id).await?;
    Ok(is_new)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    wrong: Wrong,
) -> Result<DebtsPage, PageError> {
    Ok(DebtsPage {
        offices: usual::receivers(&api.book, visitor.viewer(), office).await?,
        shell: Shell::of_office(api, asked, visitor, office).await?,
        step: Step::new(api, (form, wrong, AT)),
        with: form.get("with").to_owned(),
        owes: form.get("owes").to_owned(),
        owed: form.get("owed").to_owned(),
    })
}
