//! 未入金・未払い: what is open of each debt, what is overdue first, with the way to pay just that.

use super::{name_of, pay::name_of_item};
use crate::{
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::open_items::{OpenDebt, OpenItem, Wanted, open_items};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{money::Yen, text::Code};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "money/open.html")]
struct OpenPage {
    shell: Shell,
    debts: Vec<OpenDebt>,
    overdue_only: bool,
    paid_too: bool,
}

impl OpenPage {
    /// What is overdue of what the office is owed, and of what it owes.
    fn overdue(&self, ours: bool) -> Yen {
        let of = self.debts.iter().filter(|of| of.debt.is_ours == ours);
        Yen::sum(of.map(|of| of.overdue)).unwrap_or_default()
    }
}

/// Address of the form that pays an item of a debt.
pub fn pays(shell: &Shell, debt: &OpenDebt, item: &OpenItem) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("debt", &name_of(&debt.debt));
    query.append_pair("item", &name_of_item(item));
    format!("{}?{}", shell.here("/money/pay"), query.finish())
}

/// Which items.
#[derive(Default, Deserialize)]
pub(super) struct Asks {
    #[serde(default)]
    with: String,
    #[serde(default)]
    show: String,
}

pub(super) async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(asks): Query<Asks>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let wanted = Wanted {
        with: asks.with.parse().ok(),
        overdue_only: asks.show == "overdue",
        paid_too: asks.show == "all",
        what: None,
    };
    let page = OpenPage {
        debts: of(&api, &visitor, &code, &wanted).await?,
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        overdue_only: wanted.overdue_only,
        paid_too: wanted.paid_too,
    };
    Ok(page::shown(&asked, &page))
}

/// Open items of an office, as the visitor may see them.
pub(super) async fn of(
    api: &Api,
    visitor: &Visitor,
    office: &Code,
    wanted: &Wanted,
) -> Result<Vec<OpenDebt>, PageError> {
    let found = open_items(&api.book, visitor.viewer(), office, wanted).await?;
    visitor.register(api, "open_items", office.as_str()).await?;
    found.ok_or_else(PageError::not_found)
}
