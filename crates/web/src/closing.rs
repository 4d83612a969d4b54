//! 締め: what is still open in a month, and the button that ends it. A month is closed by the office's manager, or for all
//! members of a network by its coordinator.

mod network;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    page::{self, Asked},
    record::{self, act, key_of},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::close::{CloseCheck, PointTarget, TargetKind, close_check, said};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use domain::{
    calendar::{Month, business_day},
    id::OfficeId,
    masters::Masters,
    text::Code,
};
use serde::Deserialize;
use serde_json::json;

/// The pages of closing.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/close", get(show).post(close))
        .route("/n/{network}/close", get(network::show).post(network::close))
}

#[derive(Template)]
#[template(path = "closing/office.html")]
struct ClosePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    check: CloseCheck,
    /// The first day that is open after this month.
    next: String,
}

impl ClosePage {
    fn month(&self) -> String {
        said(self.check.month)
    }

    /// The page where a point is seen to.
    fn to(&self, target: &PointTarget) -> String {
        let name = &target.name;
        let page = match target.kind {
            TargetKind::Entry => format!("/entries/{name}"),
            TargetKind::Delivery => format!("/receive/{name}"),
            TargetKind::Lot => format!("/lots/{name}"),
            TargetKind::CashPlace => format!("/money/count?place={name}"),
            TargetKind::Proposal => format!("/proposals/{name}"),
            TargetKind::Agreement => "/money".to_owned(),
        };
        self.shell.here(&page)
    }
}

/// A month as templates have it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
pub fn called(month: &Month) -> String {
    said(*month)
}

/// Which month.
#[derive(Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    month: String,
}

/// What is open in the month, and what was closed before.
async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let month = match which.month.parse() {
        Ok(month) => month,
        Err(_) => next_to_close(&api, Some(office)).await?,
    };
    let (wrong, form) = (Wrong::default(), Form::default());
    let page = page_of(&api, &asked, &visitor, (office, &code), month, wrong, &form).await?;
    Ok(page::shown(&asked, &page))
}

/// Closes it.
async fn close(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let month: Month = form.get("month").parse().map_err(|_| PageError::not_found())?;
    let mut closing = act("close", code.as_str(), &form, json!({"month": month.to_string()}));
    closing["supplied_on"] = record::today(&api).into();
    let to = format!("/o/{code}/close");
    let wrong = match record::save(&api, &visitor, closing, What::Closed, &to).await? {
        Ok(done) => return Ok(done),
        Err(wrong) => wrong,
    };
    let page = page_of(&api, &asked, &visitor, (office, &code), month, wrong, &form).await?;
    Ok(page::shown_again(&asked, &page))
}

/// The month that comes next: after the last closed one, else the one before today's.
async fn next_to_close(api: &Api, office: Option<OfficeId>) -> Result<Month, PageError> {
    let today = business_day(api.book.outside().clock.now()).month();
    let last = today.prev().unwrap_or(today);
    let of = |masters: &Masters| office.and_then(|office| masters.closed_through(office));
    let closed = api.book.with_masters_of_now(of).await?;
    Ok(closed.and_then(Month::next).unwrap_or(last))
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    month: Month,
    wrong: Wrong,
    form: &Form,
) -> Result<ClosePage, PageError> {
    let check = close_check(&api.book, &visitor.as_member(), code, month).await?;
    let check = check.ok_or_else(PageError::not_found)?;
    let next = month
        .next()
        .map(|next| format!("{}月1日", next.number()))
        .unwrap_or_default();
    Ok(ClosePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        check,
        next,
    })
}
