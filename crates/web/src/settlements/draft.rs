//! The statement in the making: it changes with the book until both have agreed. One button settles the commission and asks the
//! other office; whoever is asked says yes or no here.

use super::show::Paper;
use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    qr::Qr,
    record::key_of,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    access::{
        proposals::{Proposal, State as Stands},
        questions::questions,
    },
    propose,
    settlement_request::{self, Request},
    views::settlement::{SettlementView, Which, partners, settlement, settlements},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{
    acts::Act,
    calendar::{Day, business_day},
    id::{Acting, OfficeId},
    money::Yen,
    text::{Code, Key},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "settlements/draft.html")]
struct DraftPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    paper: Paper,
    /// Whether its last day is over.
    is_over: bool,
    /// First day; to choose only for a first statement.
    from: Day,
    is_first: bool,
    /// A question for a yes that waits.
    waiting: Option<Waiting>,
}

/// A confirmation that waits for an answer.
struct Waiting {
    id: uuid::Uuid,
    by_us: bool,
    due_on: Day,
    to: Day,
    /// What it says, as the reader's office sees it.
    balance: Yen,
    /// The book has changed since it was asked.
    is_stale: bool,
}

/// Of which days.
#[derive(Default, Deserialize)]
pub struct Days {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// What a page of a statement shows besides it.
pub async fn with_what(api: &Api, office: OfficeId, view: SettlementView) -> Result<Paper, PageError> {
    let code: Code = view
        .counterparty
        .office
        .code
        .parse()
        .map_err(|_| PageError::not_found())?;
    let other = api
        .book
        .with_masters_of_now(|masters| masters.office_by_code(&code).map(|known| known.id))
        .await?;
    let asked = questions(&api.book, office, other, true).await?;
    let mut sums = vec![("前回の残り", view.opening)];
    sums.extend(view.changes.iter().map(|change| (change.label, change.yen)));
    sums.push(("差引残高", view.closing));
    let head = format!("{} {}", view.log_size, view.log_root);
    Ok(Paper {
        qr: Qr::small(&head),
        head,
        sums,
        asked: asked
            .into_iter()
            .map(|question| question.entry.to_string())
            .collect(),
        view,
    })
}

/// As the book is now.
pub async fn show(
    State(api): State<Api>,
    Path((office, with)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    Query(days): Query<Days>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let with: Code = with.parse().map_err(|_| PageError::not_found())?;
    let (wrong, form) = (Wrong::default(), Form::default());
    let page = page_of(
        &api,
        &asked,
        &visitor,
        (office, &code),
        &with,
        &days,
        (wrong, &form),
    )
    .await?;
    Ok(page::shown(&asked, &page))
}

/// Settles, and asks the other office.
pub async fn request(
    State(api): State<Api>,
    Path((office, with)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let with: Code = with.parse().map_err(|_| PageError::not_found())?;
    let days = Days {
        from: form.get("from").to_owned(),
        to: form.get("to").to_owned(),
    };
    let outcome = match (days.from.parse(), days.to.parse(), form.get("key").parse::<Key>()) {
        (Ok(from), Ok(to), Ok(key)) => {
            let request = Request {
                office: code.clone(),
                with: with.clone(),
                from,
                to,
                due_on: form.get("due_on").parse().ok(),
                id: id_of_person(visitor.caller().person(), "settlement", &key),
                key,
            };
            let (viewer, caller) = (visitor.viewer(), visitor.caller());
            let outcome = settlement_request::request(&api.book, viewer, caller, request).await;
            outcome.map_err(Problem::from).map_err(Wrong::of)
        }
        _ => return Err(PageError::not_found()),
    };
    let wrong = match outcome {
        Ok((_, is_new)) => {
            let said = Said::new(if is_new { What::Proposed } else { What::Already });
            return Ok(page::done(&format!("/o/{code}/settlements/{with}"), &said));
        }
        Err(wrong) => wrong?,
    };
    let page = page_of(
        &api,
        &asked,
        &visitor,
        (office, &code),
        &with,
        &days,
        (wrong, &form),
    )
    .await?;
    Ok(page::shown_again(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    with: &Code,
    days: &Days,
    (wrong, form): (Wrong, &Form),
) -> Result<DraftPage, PageError> {
    let today = business_day(api.book.outside().clock.now());
    let member = visitor.as_member();
    let list = settlements(&api.book, &member, code, with).await?;
    let list = list.ok_or_else(PageError::not_found)?;
    let to: Day = days.to.parse().ok().or(list.next_to).unwrap_or(today);
    let typed = days.from.parse().unwrap_or_else(|_| to.month().first_day());
    let from = list.next_from.unwrap_or(typed);
    let view = settlement(&api.book, &member, code, with, Which::Next(Some(from), to)).await?;
    let view = view.ok_or_else(PageError::not_found)?;
    let partner = partners(&api.book, &member, code).await?.unwrap_or_default();
    let partner = partner.into_iter().find(|of| of.office.code == with.as_str());
    let waiting = match partner.and_then(|of| of.asked) {
        Some(asked) => {
            let found = propose::seen(&api.book, &visitor.caller().rights, asked.proposal).await;
            found
                .ok()
                .and_then(|proposal| Waiting::of(&proposal, office, &view))
        }
        None => None,
    };
    Ok(DraftPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        is_over: to <= today,
        is_first: list.next_from.is_none(),
        from,
        waiting,
        paper: with_what(api, office, view).await?,
    })
}

impl Waiting {
    fn of(proposal: &Proposal, office: OfficeId, view: &SettlementView) -> Option<Waiting> {
        let Act::Confirm(confirm) = &proposal.command.act else {
            return None;
        };
        if !matches!(proposal.state, Stands::Open | Stands::Agreed) {
            return None;
        }
        let by_us = proposal.acting == Acting::Office(office);
        let balance = if by_us {
            confirm.balance
        } else {
            confirm.balance.negated()
        };
        Some(Waiting {
            id: proposal.id,
            by_us,
            due_on: proposal.due_on,
            to: confirm.to,
            balance,
            is_stale: confirm.to != view.to || balance != view.closing,
        })
    }
}
