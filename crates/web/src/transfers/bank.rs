//! 振込の設定: the office's own account and those of its partners; by its manager.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::settings::{set, setting},
    bank_likes::BankLikes,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    id::OfficeId,
    text::Code,
    transfer::{AccountType, BankAccount},
};
use serde::Deserialize;

/// Fields of an account: name, label, hint, most letters.
const FIELDS: [(&str, &str, &str, usize); 6] = [
    ("bank", "銀行コード", "数字4桁", 4),
    (
        "bank_name",
        "銀行の名前(カナ)",
        "書かなくてもよい。15文字まで",
        30,
    ),
    ("branch", "支店コード", "数字3桁", 3),
    (
        "branch_name",
        "支店の名前(カナ)",
        "書かなくてもよい。15文字まで",
        30,
    ),
    ("number", "口座番号", "数字7桁。短いときは前に0をつけます", 7),
    (
        "holder",
        "名義(カナ)",
        "団体の名前。通帳のとおりに。「が」は2文字と数えて30文字まで",
        60,
    ),
];

/// A field with what is typed.
struct Control {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    most: usize,
    value: String,
}

#[derive(Template)]
#[template(path = "transfers/bank.html")]
struct BankPage {
    shell: Shell,
    wrong: Wrong,
    /// Code of the partner whose account this is; empty for the office's own.
    partner: String,
    controls: Vec<Control>,
    is_current: bool,
    consignor: String,
    /// Partners with an account.
    known: Vec<String>,
}

/// Whose account.
#[derive(Default, Deserialize)]
pub struct Whose {
    #[serde(default)]
    partner: String,
}

/// As it is.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(
        &api,
        &asked,
        &visitor,
        office,
        &whose.partner,
        None,
        Wrong::default(),
    )
    .await?;
    Ok(page::shown(&asked, &page))
}

/// As it is to be.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let outcome = saved(&api, &visitor, office, &form).await;
    let wrong = match outcome {
        Ok(()) => {
            return Ok(page::done(
                &format!("/o/{code}/transfers"),
                &Said::new(What::Liked),
            ));
        }
        Err(problem) => Wrong::of(problem)?,
    };
    let partner = form.get("partner");
    let page = page_of(&api, &asked, &visitor, office, partner, Some(&form), wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

async fn saved(api: &Api, visitor: &Visitor, office: OfficeId, form: &Form) -> Result<(), Problem> {
    if !visitor.caller().rights.manages(office) {
        return Err(app::access::AccessRefused::NotAllowed.into());
    }
    let mut likes: BankLikes = setting(&api.book, office).await?;
    let is_empty = FIELDS.iter().all(|(name, ..)| form.typed(name).is_none());
    let account = if is_empty { None } else { Some(account(form)?) };
    match form.typed("partner") {
        None => {
            likes.account = account;
            let consignor = form.typed("consignor").map(str::parse).transpose();
            likes.consignor = consignor.map_err(|sentence: &str| wrong("consignor", sentence))?;
        }
        Some(partner) => {
            let code: Code = partner
                .parse()
                .map_err(|error| wrong("partner", &format!("{error}")))?;
            match account {
                Some(account) => drop(likes.partners.insert(code, account)),
                None => drop(likes.partners.remove(&code)),
            }
        }
    }
    Ok(set(&api.book, visitor.caller(), office, &likes).await?)
}

fn wrong(field: &str, sentence: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "setting-wrong", sentence).at(format!("/{field}"))
}

/// The account of a form, or what is wrong with it.
fn account(form: &Form) -> Result<BankAccount, Problem> {
    fn read<T: std::str::FromStr>(form: &Form, name: &str) -> Result<T, Problem>
    where
        T::Err: std::fmt::Display,
    {
        form.get(name)
            .parse()
            .map_err(|error: T::Err| wrong(name, &error.to_string()))
    }
    let optional = |name: &str| form.typed(name).map(|_| read(form, name)).transpose();
    let account = BankAccount {
        bank: read(form, "bank")?,
        bank_name: optional("bank_name")?,
        branch: read(form, "branch")?,
        branch_name: optional("branch_name")?,
        account_type: if form.get("account_type") == "current" {
            AccountType::Current
        } else {
            AccountType::Ordinary
        },
        number: read(form, "number")?,
        holder: read(form, "holder")?,
    };
    account
        .check()
        .map_err(|(field, sentence)| wrong(field, &sentence))?;
    Ok(account)
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    partner: &str,
    form: Option<&Form>,
    wrong: Wrong,
) -> Result<BankPage, PageError> {
    let likes: BankLikes = setting(&api.book, office).await?;
    let code: Option<Code> = partner.parse().ok();
    let there = match &code {
        None => likes.account.as_ref(),
        Some(code) => likes.partners.get(code),
    };
    let known = |name: &str| {
        let account = there?;
        Some(match name {
            "bank" => account.bank.to_string(),
            "bank_name" => account.bank_name.as_ref()?.to_string(),
            "branch" => account.branch.to_string(),
            "branch_name" => account.branch_name.as_ref()?.to_string(),
            "number" => account.number.to_string(),
            _ => account.holder.to_string(),
        })
    };
    let value = |name: &str| match form {
        Some(form) => form.get(name).to_owned(),
        None => known(name).unwrap_or_default(),
    };
    let controls = FIELDS.map(|(name, label, hint, most)| Control {
        name,
        label,
        hint,
        most,
        value: value(name),
    });
    let is_current = match form {
        Some(form) => form.get("account_type") == "current",
        None => there.is_some_and(|account| account.account_type == AccountType::Current),
    };
    let consignor = match form {
        Some(form) => form.get("consignor").to_owned(),
        None => likes
            .consignor
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    Ok(BankPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        partner: partner.to_owned(),
        controls: controls.into(),
        is_current,
        consignor,
        known: likes.partners.keys().map(ToString::to_string).collect(),
    })
}
