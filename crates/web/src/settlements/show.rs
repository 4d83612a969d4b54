//! A statement that both agreed on: to read, to pay, to print, with the head of the log as text and QR.

use super::draft::with_what;
use crate::{
    error::PageError,
    money::{debts_with, name_of},
    page::{self, Asked},
    qr::Qr,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    money::DebtLine,
    settlement::{SettlementParty, SettlementView, Which, settlement},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::OfficeId, text::Code};

/// What a statement looks like, in the making or agreed on.
pub struct Paper {
    pub view: SettlementView,
    /// Opening, changes and closing, in words and yen.
    pub sums: Vec<(&'static str, domain::money::Yen)>,
    /// The head of the log, for a reader that compares.
    pub head: String,
    pub qr: Option<Qr>,
    /// Lines that somebody asked about, by the entry.
    pub asked: Vec<String>,
}

impl Paper {
    /// Our side first.
    pub fn sides(&self) -> [&SettlementParty; 2] {
        [&self.view.office, &self.view.counterparty]
    }

    /// Whether somebody asked about this line.
    pub fn is_asked(&self, entry: &domain::id::EntryId) -> bool {
        self.asked.contains(&entry.to_string())
    }
}

#[derive(Template)]
#[template(path = "settlements/show.html")]
struct ShowPage {
    shell: Shell,
    paper: Paper,
    /// What stands between the two now, each with the way to pay.
    debts: Vec<(DebtLine, String)>,
}

/// The frozen one.
pub async fn show(
    State(api): State<Api>,
    Path((office, with, number)): Path<(String, String, u64)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let with: Code = with.parse().map_err(|_| PageError::not_found())?;
    let which = Which::Number(number);
    let view = settlement(&api.book, &visitor.as_member(), &code, &with, which).await?;
    let view = view.ok_or_else(PageError::not_found)?;
    let page = ShowPage {
        debts: to_pay(&api, &visitor, office, &with).await?,
        paper: with_what(&api, office, view).await?,
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
    };
    Ok(page::shown(&asked, &page))
}

/// What stands between the two now, with the name of each debt in an address.
async fn to_pay(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    with: &Code,
) -> Result<Vec<(DebtLine, String)>, PageError> {
    let debts = debts_with(api, visitor, office, with).await?;
    let named = debts.into_iter().map(|debt| {
        let name = name_of(&debt);
        (debt, name)
    });
    Ok(named.collect())
}
