//! From a form to the book: the act as the API takes it, by the one path that records.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page,
    said::{Said, What},
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::record::Recorded;
use axum::response::Response;
use domain::{calendar::business_day, command::Command};
use serde_json::Value;

/// A key for a form that is shown now: pressing twice, or sending again, records once.
pub fn new_key(api: &Api) -> String {
    let seed = api.book.outside().random.seed();
    format!("page-{}", hex::encode(&seed[..12]))
}

/// The key of a form: the one it came with, or a new one for one that is shown for the first time.
pub fn key_of(api: &Api, form: &Form) -> String {
    form.typed("key").map_or_else(|| new_key(api), str::to_owned)
}

/// The day of a form: as it was typed, else today.
pub fn day_of(api: &Api, form: &Form) -> String {
    form.typed("supplied_on")
        .map_or_else(|| today(api), str::to_owned)
}

/// Today, as the office counts days.
pub fn today(api: &Api) -> String {
    business_day(api.book.outside().clock.now()).to_string()
}

/// The act of a form: what every act has, around its own fields.
pub fn act(kind: &str, office: &str, form: &Form, mut fields: Value) -> Value {
    if let Value::Object(fields) = &mut fields {
        for (name, value) in [("kind", kind), ("office", office), ("key", form.get("key"))] {
            fields.insert(name.to_owned(), value.into());
        }
        for name in ["supplied_on", "note", "reason"] {
            if let Some(typed) = form.typed(name) {
                fields.insert(name.to_owned(), typed.into());
            }
        }
    }
    fields
}

/// Records an act: to a page that says so, or what is wrong with it.
pub async fn save(
    api: &Api,
    visitor: &Visitor,
    act: Value,
    what: What,
    to: &str,
) -> Result<Result<Response, Wrong>, PageError> {
    match record(api, visitor, act).await {
        Ok(recorded) => {
            let what = if recorded.is_new { what } else { What::Already };
            Ok(Ok(page::done(to, &Said::of(what, recorded.entry.0))))
        }
        Err(problem) => Ok(Err(Wrong::of(problem)?)),
    }
}

/// Records an act.
pub async fn record(api: &Api, visitor: &Visitor, act: Value) -> Result<Recorded, Problem> {
    let command = Command::from_value(act)?;
    Ok(app::record::record(&api.book, visitor.viewer(), command, Vec::new()).await?)
}
