//! 連絡会の相殺, for its coordinators.

use super::{ProposedLine, Side, fewer, plan_of, proposed, sides};
use crate::{
    agreements::due_on,
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::key_of,
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::proposals::{Which, proposals, withdraw as take_back},
    netting::Between,
    propose,
    views::netting::{NettingOffice, NettingView},
};
use askama::Template;
use axum::{
    extract::{Path, RawQuery, State},
    response::Response,
};
use domain::{calendar::business_day, masters::Masters, text::Code};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Proposals that are looked through, and those that are shown.
const MANY: u64 = 200;
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "netting/network.html")]
struct NetworkPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    network: String,
    plan: NettingView,
    due_on: String,
    proposals: Vec<ProposedLine>,
}

impl NetworkPage {
    fn sides(&self) -> [Side<'_>; 2] {
        sides(&self.plan)
    }

    fn fewer(&self) -> String {
        fewer(&self.plan)
    }

    fn out(&self) -> Vec<&NettingOffice> {
        self.plan
            .offices
            .iter()
            .filter(|office| office.stays_out)
            .collect()
    }

    fn touched(&self) -> usize {
        self.plan.offices.iter().filter(|office| office.touched).count()
    }
}

/// Offices that stay out, by a form or an address.
fn stay_out(form: &Form) -> BTreeSet<Code> {
    let named = form.all().filter(|(name, _)| *name == "stay_out");
    named.filter_map(|(_, code)| code.parse().ok()).collect()
}

fn between(network: &str, form: &Form) -> Result<Between, PageError> {
    Ok(Between::Members {
        network: network.parse().map_err(|_| PageError::not_found())?,
        stay_out: stay_out(form),
    })
}

/// The plan.
pub async fn show(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let form = Form::of_query(query.as_deref().unwrap_or_default());
    let page = page_of(&api, &asked, &visitor, &network, &form, Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Proposes it to all whom it touches.
pub async fn propose(
    State(api): State<Api>,
    Path(network): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let to = format!("/n/{network}/netting");
    let outcome = proposed(&api, &visitor, between(&network, &form)?, &form, &to).await?;
    let wrong = match outcome {
        Ok(done) => return Ok(done),
        Err(problem) => Wrong::of(problem)?,
    };
    let page = page_of(&api, &asked, &visitor, &network, &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

/// Takes a proposal back.
pub async fn withdraw(
    State(api): State<Api>,
    Path((network, id)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    propose::seen(&api.book, &visitor.caller().rights, id)
        .await
        .map_err(|_| PageError::not_found())?;
    let outcome = take_back(&api.book, visitor.caller(), id).await;
    let wrong = match outcome.map_err(Problem::from) {
        Ok(()) => {
            let to = format!("/n/{network}/netting");
            return Ok(page::done(&to, &Said::new(What::Withdrawn)));
        }
        Err(problem) => Wrong::of(problem)?,
    };
    let page = page_of(&api, &asked, &visitor, &network, &Form::default(), wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    network: &str,
    form: &Form,
    wrong: Wrong,
) -> Result<NetworkPage, PageError> {
    let plan = plan_of(api, visitor, &between(network, form)?).await?.view;
    let today = business_day(api.book.outside().clock.now());
    let code: Code = network.parse().map_err(|_| PageError::not_found())?;
    let id = |masters: &Masters| masters.network_by_code(&code).map(|network| network.id).ok_or(());
    let id = api
        .book
        .with_masters(id)
        .await?
        .map_err(|()| PageError::not_found())?;
    let found = proposals(
        &api.book,
        &BTreeSet::new(),
        &BTreeSet::from([id]),
        Which::All,
        MANY,
    )
    .await?;
    let lines = |masters: &Masters| {
        let nettings = found
            .iter()
            .filter(|proposal| proposal.command.act.kind() == "net");
        let lines = nettings
            .take(SHOWN)
            .map(|proposal| ProposedLine::of(masters, proposal, today));
        Ok::<Vec<ProposedLine>, ()>(lines.collect())
    };
    let lines = api.book.with_masters(lines).await?.unwrap_or_default();
    // a plan that was refused is shown anew, under a new key
    let key = if wrong.is_some() {
        key_of(api, &Form::default())
    } else {
        key_of(api, form)
    };
    Ok(NetworkPage {
        shell: Shell::of(asked),
        wrong,
        key,
        network: network.to_owned(),
        plan,
        due_on: form
            .typed("due_on")
            .map_or_else(|| due_on(api).to_string(), str::to_owned),
        proposals: lines,
    })
}
