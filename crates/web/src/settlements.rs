//! 精算: with whom there is something to settle, the statement in the making, those that both agreed on, questions about a line.
//! Both offices see the same numbers; these pages speak ふつう alone.

mod draft;
mod questions;
mod show;

pub use questions::{Line as QuestionLine, open_lines as open_questions};

use crate::{error::PageError, page, page::Asked, shell::Shell, visitor::Visitor};
use api::Api;
use app::views::settlement::{SettlementList, SettlementPartner, partners, settlements};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use domain::{
    money::Yen,
    tax::{RateTotal, TaxCategory},
    text::Code,
};

/// All pages of settlements.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/settlements", get(list))
        .route("/o/{office}/settlements/{with}", get(pair))
        .route(
            "/o/{office}/settlements/{with}/next",
            get(draft::show).post(draft::request),
        )
        .route("/o/{office}/settlements/{with}/{number}", get(show::show))
        .route("/o/{office}/questions", get(questions::list))
        .route(
            "/o/{office}/questions/about/{entry}/{with}",
            get(questions::form).post(questions::ask),
        )
        .route("/o/{office}/questions/{id}/answer", post(questions::answer))
        .route("/o/{office}/questions/{id}/close", post(questions::close))
}

#[derive(Template)]
#[template(path = "settlements/list.html")]
struct ListPage {
    shell: Shell,
    partners: Vec<SettlementPartner>,
}

#[derive(Template)]
#[template(path = "settlements/pair.html")]
struct PairPage {
    shell: Shell,
    with: SettlementPartner,
    list: SettlementList,
}

/// What stands, as it is said: who gets and who gives.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
pub fn stands(yen: &Yen) -> String {
    match yen.cmp(&Yen::ZERO) {
        std::cmp::Ordering::Greater => format!("受け取る {yen}円"),
        std::cmp::Ordering::Less => format!("払う {}円", yen.negated()),
        std::cmp::Ordering::Equal => "0円".to_owned(),
    }
}

async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let page = ListPage {
        partners: of_office(&api, &visitor, &code).await?,
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
    };
    Ok(page::shown(&asked, &page))
}

async fn of_office(api: &Api, visitor: &Visitor, code: &Code) -> Result<Vec<SettlementPartner>, PageError> {
    let found = partners(&api.book, &visitor.as_member(), code).await?;
    found.ok_or_else(PageError::not_found)
}

async fn pair(
    State(api): State<Api>,
    Path((office, with)): Path<(String, String)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let with: Code = with.parse().map_err(|_| PageError::not_found())?;
    let found = of_office(&api, &visitor, &code).await?;
    let partner = found.into_iter().find(|of| of.office.code == with.as_str());
    let list = settlements(&api.book, &visitor.as_member(), &code, &with).await?;
    let page = PairPage {
        with: partner.ok_or_else(PageError::not_found)?,
        list: list.ok_or_else(PageError::not_found)?,
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
    };
    Ok(page::shown(&asked, &page))
}

/// A rate as it stands beside a sum.
pub fn rate_of(total: &RateTotal) -> String {
    let percent = total.rate.percent;
    match total.rate.category {
        TaxCategory::Standard => format!("{percent}%"),
        TaxCategory::Reduced => format!("{percent}%(軽減税率)"),
        TaxCategory::NonTaxable => "非課税".to_owned(),
        TaxCategory::OutOfScope => "対象外".to_owned(),
    }
}
