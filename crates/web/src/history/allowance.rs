//! 値引: money off a sale or a delivery afterwards, from the page of its entry. No goods move.

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
use app::views::{entry::EntryView, names::Named, reference_of};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    account::{AccountKind, Class},
    id::OfficeId,
    tax::TaxCategory,
    text::Code,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Tax classes of an original, as the act names them.
const CATEGORIES: [(TaxCategory, &str, &str); 4] = [
    (TaxCategory::Reduced, "reduced", "軽減税率の分"),
    (TaxCategory::Standard, "standard", "標準税率の分"),
    (TaxCategory::NonTaxable, "non_taxable", "非課税の分"),
    (TaxCategory::OutOfScope, "out_of_scope", "対象外の分(法人の中)"),
];

#[derive(Template)]
#[template(path = "history/allowance.html")]
struct AllowancePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    entry: EntryView,
    /// Tax classes that the original has.
    categories: Vec<(&'static str, &'static str)>,
    /// Owners whose goods the shop sold.
    owners: Vec<Named>,
    category: String,
    owner: String,
    yen: String,
    reason: String,
}

/// Whether money can be taken off an entry: a sale by the office itself, or a delivery between it and another one.
pub fn can_allow(entry: &EntryView, code: &str) -> bool {
    let holds = entry.reversed_by.is_none() && !entry.postings.is_empty();
    match kind_of(entry) {
        "sell" => holds && entry.acting.code == code,
        "receive" => holds,
        _ => false,
    }
}

/// The kind of act that holds: of a correction that of its right version.
fn kind_of(entry: &EntryView) -> &str {
    let own = entry.own.as_ref().filter(|_| entry.kind == "correct");
    let right = own.and_then(|own| own.act["right"]["kind"].as_str());
    right.unwrap_or(&entry.kind)
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = super::found(&api, &visitor, entry).await?;
    let typed = (&Form::default(), Wrong::default());
    let page = page_of(&api, &asked, &visitor, (office, &code), entry, typed).await?;
    Ok(page::shown(&asked, &page))
}

/// Taken off.
pub async fn save(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = super::found(&api, &visitor, entry).await?;
    let reference = reference_of(&api.book, visitor.viewer(), office, entry.id).await?;
    let reference = reference.ok_or_else(PageError::not_found)?;
    let mut line = json!({"category": form.get("category"), "yen": whole(&tidied(form.get("yen")))});
    if let Some(owner) = form.typed("owner") {
        line["owner"] = owner.into();
    }
    let original = if kind_of(&entry) == "sell" {
        "sale"
    } else {
        "receipt"
    };
    let mut fields: Value = json!({"lines": [line]});
    fields[original] = json!(reference);
    let allowed = act("allowance", code.as_str(), &form, fields);
    let to = format!("/o/{code}/entries/{}", entry.id);
    let wrong = match record::save(&api, &visitor, allowed, What::Allowed, &to).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let page = page_of(&api, &asked, &visitor, (office, &code), entry, (&form, wrong)).await?;
    Ok(page::shown_again(&asked, &page))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    entry: EntryView,
    (form, wrong): (&Form, Wrong),
) -> Result<AllowancePage, PageError> {
    if !can_allow(&entry, code.as_str()) {
        return Err(PageError::not_found());
    }
    let owners: Vec<Named> = (entry.postings.iter())
        .filter(|posting| posting.account == AccountKind::ConsignmentDeposit)
        .filter_map(|posting| posting.party.clone())
        .collect();
    // the class of another owner's goods stands in that owner's books
    let has = |category: TaxCategory| {
        !owners.is_empty()
            || entry.postings.iter().any(|posting| {
                posting.tax.category == category
                    && matches!(posting.account.class(), Class::Income | Class::Expense)
            })
    };
    let categories = CATEGORIES.into_iter().filter(|(category, ..)| has(*category));
    Ok(AllowancePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        categories: categories.map(|(_, name, label)| (name, label)).collect(),
        owners,
        entry,
        category: form.get("category").to_owned(),
        owner: form.get("owner").to_owned(),
        yen: form.get("yen").to_owned(),
        reason: form.get("reason").to_owned(),
    })
}
