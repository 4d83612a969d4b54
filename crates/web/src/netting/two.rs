//! 2つの事業所の相殺, proposed by the manager of one to the other.

use super::{Side, fewer, plan_of, proposed, sides};
use crate::{
    agreements::due_on,
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::key_of,
    shell::{Shell, office_name},
    visitor::Visitor,
};
use api::Api;
use app::{
    netting::Between,
    views::{money::money, names::Named, netting::NettingView},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::OfficeId, masters::Masters, text::Code};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "netting/two.html")]
struct TwoPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    other: Named,
    plan: NettingView,
    due_on: String,
}

impl TwoPage {
    fn sides(&self) -> [Side<'_>; 2] {
        sides(&self.plan)
    }

    fn fewer(&self) -> String {
        fewer(&self.plan)
    }

    /// Whether something would become less.
    fn is_less(&self) -> bool {
        self.plan.offices.iter().any(|office| office.touched)
    }
}

#[derive(Template)]
#[template(path = "netting/choose.html")]
struct ChoosePage {
    shell: Shell,
    /// Offices that owe and are owed at once.
    both: Vec<Named>,
}

/// With whom there is something to set off.
pub async fn choose(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let mut ways: BTreeMap<Named, [bool; 2]> = BTreeMap::new();
    for debt in money(&api.book, &visitor.as_member(), office).await?.debts {
        if let Some(with) = debt.with.filter(|_| debt.is_office && debt.yen.is_positive()) {
            let [owes, is_owed] = ways.entry(with).or_default();
            *owes |= debt.is_ours;
            *is_owed |= !debt.is_ours;
        }
    }
    let both = ways.into_iter().filter(|(_, ways)| ways.iter().all(|way| *way));
    let page = ChoosePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        both: both.map(|(with, _)| with).collect(),
    };
    Ok(page::shown(&asked, &page))
}

/// The plan.
pub async fn show(
    State(api): State<Api>,
    Path((office, other)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (form, wrong) = (Form::default(), Wrong::default());
    let page = page_of(&api, &asked, &visitor, (office, &code), &other, &form, wrong).await?;
    Ok(page::shown(&asked, &page))
}

/// Proposes it.
pub async fn propose(
    State(api): State<Api>,
    Path((office, other)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let to = format!("/o/{code}/money");
    let outcome = proposed(&api, &visitor, between(&code, &other)?, &form, &to).await?;
    let wrong = match outcome {
        Ok(done) => return Ok(done),
        Err(problem) => Wrong::of(problem)?,
    };
    let page = page_of(&api, &asked, &visitor, (office, &code), &other, &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

fn between(office: &Code, other: &str) -> Result<Between, PageError> {
    Ok(Between::Two {
        office: office.clone(),
        other: other.parse().map_err(|_| PageError::not_found())?,
    })
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    other: &str,
    form: &Form,
    wrong: Wrong,
) -> Result<TwoPage, PageError> {
    let plan = plan_of(api, visitor, &between(code, other)?).await?.view;
    // as it is called also where nothing stands between the two
    let with: Code = other.parse().map_err(|_| PageError::not_found())?;
    let known = |masters: &Masters| masters.office_by_code(&with).map(|office| office.id);
    let with = api.book.with_masters_of_now(known).await?;
    let named = office_name(api, with.ok_or_else(PageError::not_found)?).await?;
    let key = if wrong.is_some() {
        key_of(api, &Form::default())
    } else {
        key_of(api, form)
    };
    Ok(TwoPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key,
        other: Named::new(other, named.name),
        plan,
        due_on: form
            .typed("due_on")
            .map_or_else(|| due_on(api).to_string(), str::to_owned),
    })
}
