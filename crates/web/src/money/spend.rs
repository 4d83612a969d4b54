//! 経費: a cost without goods, paid out of a purse or owed to a partner.

use super::{purse, theirs};
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
use app::views::{masters, money::Purse, names::Named};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{account::AccountKind, acts::spend::Spend, id::OfficeId};
use serde_json::json;

/// Tax classes, as the act names them; the usual one of the item when none is chosen.
const CATEGORIES: &[(&str, &str)] = &[
    ("", "科目のいつもの区分"),
    ("standard", "標準税率"),
    ("reduced", "軽減税率"),
    ("non_taxable", "非課税"),
    ("out_of_scope", "対象外"),
];

#[derive(Template)]
#[template(path = "money/spend.html")]
struct SpendPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    items: Vec<(String, &'static str)>,
    categories: &'static [(&'static str, &'static str)],
    purses: Vec<Purse>,
    partners: Vec<Named>,
    item: String,
    yen: String,
    category: String,
    section: String,
    paid: String,
    number: String,
    due_on: String,
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

/// Spent.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut fields = json!({"item": form.get("item"), "yen": whole(&tidied(form.get("yen")))});
    for name in ["category", "section"] {
        if let Some(chosen) = form.typed(name) {
            fields[name] = chosen.into();
        }
    }
    if let Some(paid) = purse::of_name(form.get("paid")) {
        // whoever is owed was the supplier
        if let Some(partner) = paid.get("partner") {
            fields["supplier"] = partner.clone();
        }
        fields["paid"] = paid;
    }
    if let Some(invoice) = theirs::invoice(&form) {
        fields["invoice"] = invoice;
    }
    let spent = act("spend", code.as_str(), &form, fields);
    let to = format!("/o/{code}/money");
    let wrong = match record::save(&api, &visitor, spent, What::Spent, &to).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let page = page_of(&api, &asked, &visitor, (office, code.as_str()), &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

/// An account as an act names it.
fn name(item: AccountKind) -> String {
    let name = serde_json::to_value(item).ok();
    let name = name.as_ref().and_then(serde_json::Value::as_str);
    name.unwrap_or_default().to_owned()
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    form: &Form,
    wrong: Wrong,
) -> Result<SpendPage, PageError> {
    let purses = super::of(api, visitor, office, code).await?.purses;
    // cash first: what a clerk has in hand
    let usual = purses.first().map(purse::name_of).unwrap_or_default();
    Ok(SpendPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        items: Spend::items().map(|item| (name(item), item.label())).collect(),
        categories: CATEGORIES,
        purses,
        partners: partners(api, visitor, code).await?,
        item: form.get("item").to_owned(),
        yen: form.get("yen").to_owned(),
        category: form.get("category").to_owned(),
        section: form.typed("section").unwrap_or("production").to_owned(),
        paid: form.typed("paid").map_or(usual, str::to_owned),
        number: form.get("number").to_owned(),
        due_on: form.get("due_on").to_owned(),
        note: form.get("note").to_owned(),
    })
}

/// Partners of the office and of the whole book, by name.
pub async fn partners(api: &Api, visitor: &Visitor, code: &str) -> Result<Vec<Named>, PageError> {
    let all = masters::partners(&api.book, visitor.viewer(), None).await?;
    visitor.register(api, "partners", code).await?;
    let is_own = |office: &Option<Named>| office.as_ref().is_none_or(|office| office.code == code);
    let mut own: Vec<Named> = all
        .into_iter()
        .filter(|partner| is_own(&partner.thing.office))
        .map(|partner| {
            let name = partner.thing.rows.last().map(|row| row.name.to_string());
            Named::new(partner.thing.code.as_str(), name.unwrap_or_default())
        })
        .collect();
    own.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(own)
}
