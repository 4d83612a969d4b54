//! 貸倒・免除: a debt is given up, with a reason. What stands in another office's books too takes its yes: then it is proposed.

use super::{name_of, of, pay};
use crate::{
    agreements::due_on,
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    record::{self, act, day_of, key_of},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{propose::propose, views::money::DebtLine};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{command::Command, id::OfficeId};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "money/write_off.html")]
struct WriteOffPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    debt: String,
    /// The debt as it stands now; nothing where it was cleared meanwhile.
    line: Option<DebtLine>,
    yen: String,
    reason: String,
}

/// Which debt.
#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    debt: String,
}

/// The form, filled in with the whole of the debt.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (form, here) = (Form::default(), (office, code.as_str()));
    let mut page = page_of(
        &api,
        &asked,
        &visitor,
        here,
        &which.debt,
        (&form, Wrong::default()),
    )
    .await?;
    let owed = page
        .line
        .as_ref()
        .map(|line| line.yen.get())
        .filter(|yen| *yen > 0);
    page.yen = owed.map(|yen| yen.to_string()).unwrap_or_default();
    Ok(page::shown(&asked, &page))
}

/// Given up, or proposed to the other office.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (debt, _) = pay::read(form.get("debt")).ok_or_else(PageError::not_found)?;
    let is_office = debt.get("with_office").is_some();
    let fields = json!({"debt": debt, "yen": whole(&tidied(form.get("yen")))});
    let given_up = act("write_off", code.as_str(), &form, fields);
    let to = format!("/o/{code}/money");
    let wrong = if is_office {
        match proposed(&api, &visitor, given_up).await {
            Ok(is_new) => {
                let what = if is_new { What::Proposed } else { What::Already };
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    } else {
        match record::save(&api, &visitor, given_up, What::WrittenOff, &to).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let here = (office, code.as_str());
    let page = page_of(&api, &asked, &visitor, here, form.get("debt"), (&form, wrong)).await?;
    Ok(page::shown_again(&asked, &page))
}

/// Whether it is a new proposal.
async fn proposed(api: &Api, visitor: &Visitor, act: Value) -> Result<bool, Problem> {
    let command = Command::from_value(act)?;
    let caller = visitor.caller();
    let id = id_of_person(caller.person(), "proposal", &command.head.key);
    let (_, is_new) = propose(&api.book, visitor.viewer(), caller, command, due_on(api), id).await?;
    Ok(is_new)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    debt: &str,
    (form, wrong): (&Form, Wrong),
) -> Result<WriteOffPage, PageError> {
    pay::read(debt).ok_or_else(PageError::not_found)?;
    let found = of(api, visitor, office, code).await?.debts;
    Ok(WriteOffPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        debt: debt.to_owned(),
        line: found.into_iter().find(|line| name_of(line) == debt),
        yen: form.get("yen").to_owned(),
        reason: form.get("reason").to_owned(),
    })
}
