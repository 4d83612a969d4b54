//! 役務: income from work without goods (cleaning, 内職, work outside), paid at once or owed by the client.

use super::{purse, spend::partners};
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
use app::views::{money::Purse, names::Named};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
use serde_json::json;

/// Tax classes of work, as the act names them.
const CATEGORIES: &[(&str, &str)] = &[
    ("standard", "標準税率"),
    ("non_taxable", "非課税"),
    ("out_of_scope", "対象外"),
];

#[derive(Template)]
#[template(path = "money/earn.html")]
struct EarnPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    partners: Vec<Named>,
    purses: Vec<Purse>,
    categories: &'static [(&'static str, &'static str)],
    partner: String,
    yen: String,
    /// `later`, or a purse.
    paid: String,
    category: String,
    work: String,
    hours: String,
    count: String,
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

/// Earned.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut line = json!({"yen": whole(&tidied(form.get("yen")))});
    for name in ["work", "category"] {
        if let Some(typed) = form.typed(name) {
            line[name] = typed.into();
        }
    }
    for name in ["hours", "count"] {
        if let Some(typed) = form.typed(name) {
            line[name] = tidied(typed).into();
        }
    }
    let mut fields = json!({"lines": [line]});
    if let Some(partner) = form.typed("partner") {
        fields["partner"] = partner.into();
    }
    if form.get("paid") != "later" {
        fields["paid"] = purse::of_name(form.get("paid")).unwrap_or_else(|| json!({"by": "cash"}));
    }
    let earned = act("earn", code.as_str(), &form, fields);
    let to = format!("/o/{code}/money");
    let wrong = match record::save(&api, &visitor, earned, What::Earned, &to).await? {
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
) -> Result<EarnPage, PageError> {
    let typed = |name: &str| form.get(name).to_owned();
    Ok(EarnPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        partners: partners(api, visitor, code).await?,
        purses: super::of(api, visitor, office, code).await?.purses,
        categories: CATEGORIES,
        partner: typed("partner"),
        yen: typed("yen"),
        paid: form.typed("paid").unwrap_or("later").to_owned(),
        category: form.typed("category").unwrap_or("standard").to_owned(),
        work: typed("work"),
        hours: typed("hours"),
        count: typed("count"),
        note: typed("note"),
    })
}
