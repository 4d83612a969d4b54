//! 入金・支払: a debt is cleared, wholly or in part, with the fee of the transfer where there is one.

use super::{name_of, purse};
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
use app::views::{
    money::{DebtLine, Purse},
    open_items::{OpenItem, Wanted},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{acts::debt::DebtKind, id::OfficeId, money::Yen, text::Code};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "money/pay.html")]
struct PayPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    /// As a form names it.
    debt: String,
    /// The debt as it stands now; nothing where it was cleared meanwhile.
    line: Option<DebtLine>,
    /// The office itself pays.
    pays: bool,
    /// What of it is open.
    open: Vec<OpenItem>,
    /// The one that is paid, as a form names it; what is due first without one.
    item: String,
    /// Paying more than is owed is meant.
    ahead: bool,
    purses: Vec<Purse>,
    purse: String,
    yen: String,
    fee: String,
    bearer: String,
    note: String,
}

/// Which debt.
#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    debt: String,
    #[serde(default)]
    item: String,
}

impl PayPage {
    /// The chosen item, while it is open.
    fn chosen(&self) -> Option<&OpenItem> {
        self.open.iter().find(|item| name_of_item(item) == self.item)
    }
}

/// The form, filled in with the whole of the debt, or of what is paid of it.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (form, wrong) = (Form::default(), Wrong::default());
    let mut page = page_of(&api, &asked, &visitor, (office, &code), &which.debt, &form, wrong).await?;
    page.item = which.item;
    let whole = page.line.as_ref().map(|line| line.yen);
    let owed = page
        .chosen()
        .map_or(whole, |item| Some(item.open))
        .map(Yen::get)
        .filter(|yen| *yen > 0);
    page.yen = owed.map(|yen| yen.to_string()).unwrap_or_default();
    Ok(page::shown(&asked, &page))
}

/// Paid.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let (clears, what) = read(form.get("debt")).ok_or_else(PageError::not_found)?;
    let typed = whole(&tidied(form.get("yen")));
    let mut fields = json!({"clears": clears, "yen": typed});
    // the book itself looks: a colleague may have paid it a moment ago
    if form.typed("ahead").is_none() {
        fields["not_ahead"] = true.into();
    }
    // of the form alone: the same press again is the same act
    if let Some((all, entry)) = form.typed("item").and_then(item_named) {
        let yen = typed.as_i64().map_or(all, |yen| yen.min(all));
        fields["items"] = json!([{"entry": entry, "yen": yen}]);
    }
    let side = if what.is_ours() { "from" } else { "into" };
    if let Some(chosen) = purse::of_name(form.get("purse")) {
        fields[side] = chosen;
    }
    if let Some(fee) = form.typed("fee").map(tidied).filter(|fee| fee != "0") {
        fields["fee"] = json!({"yen": whole(&fee), "bearer": form.get("bearer")});
    }
    let paid = act("pay", code.as_str(), &form, fields);
    let to = format!("/o/{code}/money");
    let wrong = match record::save(&api, &visitor, paid, What::Paid, &to).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let here = (office, &code);
    let page = page_of(&api, &asked, &visitor, here, form.get("debt"), &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

/// The debt of its name, as the act takes it.
pub fn read(name: &str) -> Option<(Value, DebtKind)> {
    let (name, is_welfare) = match name.strip_suffix(" welfare") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let mut words = name.split(' ');
    let what: DebtKind = serde_json::from_value(words.next()?.into()).ok()?;
    let mut clears = json!({"what": what});
    if is_welfare {
        clears["section"] = "welfare".into();
    }
    if let (Some(side), Some(code)) = (words.next(), words.next()) {
        let side = match side {
            "office" => "with_office",
            "partner" => "partner",
            _ => return None,
        };
        clears[side] = code.into();
    }
    Some((clears, what))
}

/// An item as it stands in a form: all of it in yen, the office that recorded it, its key.
pub fn name_of_item(item: &OpenItem) -> String {
    let office = item
        .reference
        .office
        .as_ref()
        .map(Code::as_str)
        .unwrap_or_default();
    format!("{} {office} {}", item.yen.get(), item.reference.key)
}

/// All of it in yen, and the entry as an act names it.
fn item_named(name: &str) -> Option<(i64, Value)> {
    let mut words = name.splitn(3, ' ');
    let (yen, office, key) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
    Some((yen, json!({"office": office, "key": key})))
}

/// What of a debt is open.
async fn open_of(api: &Api, visitor: &Visitor, code: &Code, debt: &str) -> Result<Vec<OpenItem>, PageError> {
    let debts = super::open::of(api, visitor, code, &Wanted::default()).await?;
    let found = debts.into_iter().find(|of| name_of(&of.debt) == debt);
    Ok(found.map(|of| of.items).unwrap_or_default())
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    debt: &str,
    form: &Form,
    wrong: Wrong,
) -> Result<PayPage, PageError> {
    let (_, what) = read(debt).ok_or_else(PageError::not_found)?;
    let money = super::of(api, visitor, office, code.as_str()).await?;
    Ok(PayPage {
        open: open_of(api, visitor, code, debt).await?,
        item: form.get("item").to_owned(),
        ahead: form.typed("ahead").is_some(),
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        debt: debt.to_owned(),
        line: money.debts.into_iter().find(|line| name_of(line) == debt),
        pays: what.is_ours(),
        purses: money.purses,
        purse: form.get("purse").to_owned(),
        yen: form.get("yen").to_owned(),
        fee: form.get("fee").to_owned(),
        bearer: form.typed("bearer").unwrap_or("payer").to_owned(),
        note: form.get("note").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_named_and_found_again() {
        let entry = json!({"office": "a", "key": "2026 06 bill"});
        assert_eq!(item_named("33000 a 2026 06 bill"), Some((33_000, entry)));
        assert_eq!(item_named("a bill"), None);
        assert_eq!(item_named(""), None);
    }

    #[test]
    fn a_debt_is_named_and_found_again() {
        let partner = json!({"what": "receivable", "partner": "tane"});
        assert_eq!(
            read("receivable partner tane"),
            Some((partner, DebtKind::Receivable))
        );
        let wages = json!({"what": "unpaid_wages"});
        assert_eq!(read("unpaid_wages"), Some((wages, DebtKind::UnpaidWages)));
        let welfare = json!({"what": "payable", "section": "welfare", "partner": "tane"});
        assert_eq!(
            read("payable partner tane welfare"),
            Some((welfare, DebtKind::Payable))
        );
        assert_eq!(read("receivable nobody x"), None);
        assert_eq!(read("magic"), None);
    }
}
