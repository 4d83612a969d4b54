//! 開始残高: what an office brings along when it joins, also in the middle of a year. Four steps, each an entry of its own that can be
//! left out, repeated and taken back: goods, money, debts with other offices (which those confirm), earlier wages.

mod debts;
mod goods;
mod money;
mod wages;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{self, act, day_of, key_of},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::text::Code;
use serde_json::Value;

/// All pages of the opening.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/open", get(begin))
        .route("/o/{office}/open/goods", get(goods::show).post(goods::save))
        .route("/o/{office}/open/money", get(money::show).post(money::save))
        .route("/o/{office}/open/debts", get(debts::show).post(debts::save))
        .route("/o/{office}/open/wages", get(wages::show).post(wages::save))
}

/// The steps, by their address and name.
pub const STEPS: [(&str, &str); 4] = [
    ("goods", "在庫"),
    ("money", "お金と取引先"),
    ("debts", "ほかの事業所との貸し借り"),
    ("wages", "前の工賃と積立金"),
];

/// What every step has around its own fields.
pub struct Step {
    /// What is wrong.
    pub wrong: Wrong,
    /// Key of the entry.
    pub key: String,
    /// Day of the opening.
    pub supplied_on: String,
    /// Its place among the steps, from 0.
    pub at: usize,
}

impl Step {
    fn new(api: &Api, (form, wrong, at): (&Form, Wrong, usize)) -> Step {
        Step {
            wrong,
            key: key_of(api, form),
            supplied_on: day_of(api, form),
            at,
        }
    }

    /// The steps, as the page lists them.
    #[expect(clippy::unused_self, reason = "templates ask the step")]
    pub fn all(&self) -> &'static [(&'static str, &'static str)] {
        &STEPS
    }

    /// Address of the next step; home after the last.
    pub fn next(&self, shell: &Shell) -> String {
        next(self.at, &shell.here(""))
    }
}

/// Address of the step after one.
fn next(at: usize, office: &str) -> String {
    match STEPS.get(at + 1) {
        Some((step, _)) => format!("{office}/open/{step}"),
        None => office.to_owned(),
    }
}

async fn begin(
    State(api): State<Api>,
    Path(office): Path<String>,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (_, code) = visitor.office(&api, &office).await?;
    Ok(Redirect::to(&format!("/o/{code}/open/goods")).into_response())
}

/// Records a step: to the next one, or what is wrong.
async fn save(
    api: &Api,
    visitor: &Visitor,
    code: &Code,
    form: &Form,
    (fields, at): (Value, usize),
) -> Result<Result<Response, Wrong>, PageError> {
    let open = act("open", code.as_str(), form, fields);
    let to = next(at, &format!("/o/{code}"));
    record::save(api, visitor, open, What::Opened, &to).await
}

/// The page again, with what is wrong in it.
fn again(asked: &Asked, page: &impl askama::Template) -> Response {
    page::shown_again(asked, page)
}
