//! お金を移す: between the office's own cash boxes, tills and bank accounts, or to and from the head office.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    record::{self, act, day_of, key_of},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::money::Purse;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
use serde_json::json;

/// The head office, as a form names it.
const HEAD: &str = "head";

#[derive(Template)]
#[template(path = "money/move.html")]
struct MovePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    purses: Vec<Purse>,
    from: String,
    to: String,
    yen: String,
    note: String,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let here = (office, code.as_str());
    let page = page_of(&api, &asked, &visitor, here, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Moved.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut fields = json!({"yen": whole(&tidied(form.get("yen")))});
    for side in ["from", "to"] {
        match form.get(side) {
            HEAD => fields["head"] = true.into(),
            place => fields[side] = place.into(),
        }
    }
    let moved = act("move_money", code.as_str(), &form, fields);
    let to = format!("/o/{code}/money");
    let wrong = match record::save(&api, &visitor, moved, What::MoneyMoved, &to).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let page = page_of(&api, &asked, &visitor, (office, code.as_str()), &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    form: &Form,
    wrong: Wrong,
) -> Result<MovePage, PageError> {
    Ok(MovePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        purses: super::of(api, visitor, office, code).await?.purses,
        from: form.get("from").to_owned(),
        to: form.get("to").to_owned(),
        yen: form.get("yen").to_owned(),
        note: form.get("note").to_owned(),
    })
}
