//! お金: what is in the cash box and at the bank, who owes and whom one owes; and what is done with it: counted, moved, paid,
//! spent.

mod count;
mod days;
mod earn;
mod journal;
mod moving;
pub mod open;
pub mod pay;
mod production;
mod purchase;
mod purse;
pub mod spend;
mod theirs;
mod write_off;

use crate::{
    error::PageError,
    page::{self, Asked},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::money::{DebtLine, Money, Purse, money};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use domain::{account::Section, acts::debt::DebtKind, id::OfficeId, text::Code};

/// All pages of money.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/money", get(show))
        .route("/o/{office}/money/journal", get(journal::show))
        .route(
            "/o/{office}/money/journal/columns",
            get(journal::columns).post(journal::set_columns),
        )
        .route("/o/{office}/money/journal/{name}", get(journal::file))
        .route("/o/{office}/money/production", get(production::show))
        .route("/o/{office}/money/count", get(count::show).post(count::save))
        .route("/o/{office}/money/move", get(moving::show).post(moving::save))
        .route("/o/{office}/money/pay", get(pay::show).post(pay::save))
        .route("/o/{office}/money/earn", get(earn::show).post(earn::save))
        .route("/o/{office}/money/open", get(open::show))
        .route(
            "/o/{office}/money/write-off",
            get(write_off::show).post(write_off::save),
        )
        .route(
            "/o/{office}/money/purchase",
            get(purchase::show).post(purchase::save),
        )
        .route("/o/{office}/money/spend", get(spend::show).post(spend::save))
}

pub use days::Days;
pub use production::of_production;

#[derive(Template)]
#[template(path = "money/money.html")]
struct MoneyPage {
    shell: Shell,
    purses: Vec<Purse>,
    /// What the office is owed.
    claims: Vec<DebtLine>,
    /// What it owes.
    debts: Vec<DebtLine>,
}

/// What there is.
async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let Money { purses, debts } = of(&api, &visitor, office, code.as_str()).await?;
    let (debts, claims) = debts.into_iter().partition(|debt| debt.is_ours);
    let page = MoneyPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        purses,
        claims,
        debts,
    };
    Ok(page::shown(&asked, &page))
}

/// Money of the office, as the visitor may see it.
async fn of(api: &Api, visitor: &Visitor, office: OfficeId, code: &str) -> Result<Money, PageError> {
    let money = money(&api.book, visitor.viewer(), office).await?;
    visitor.register(api, "money", code).await?;
    Ok(money)
}

/// What stands between an office and another one of the book, of both.
pub async fn debts_with(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    with: &Code,
) -> Result<Vec<DebtLine>, PageError> {
    let money = money(&api.book, &visitor.as_member(), office).await?;
    let is_with =
        |debt: &DebtLine| debt.is_office && debt.with.as_ref().is_some_and(|of| of.code == with.as_str());
    Ok(money.debts.into_iter().filter(is_with).collect())
}

/// Whether a debt can be given up: wages and deposits are owed to people and authorities, 内部勘定 are settled within the corporation.
pub fn can_be_given_up(debt: &DebtLine) -> bool {
    let stays = matches!(
        debt.what,
        DebtKind::UnpaidWages
            | DebtKind::DepositHeld
            | DebtKind::InternalPayable
            | DebtKind::InternalReceivable
    );
    !stays && debt.yen.is_positive()
}

/// The debt as it stands in an address and in a form: `receivable partner tane`, `payable partner tane welfare`,
/// `unpaid_wages`.
pub fn name_of(debt: &DebtLine) -> String {
    let what = serde_json::to_value(debt.what).ok();
    let what = what
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let mut name = what.to_owned();
    if let Some(with) = &debt.with {
        let side = if debt.is_office { "office" } else { "partner" };
        name = format!("{name} {side} {}", with.code);
    }
    if debt.section == Section::Welfare {
        name += " welfare";
    }
    name
}
