//! 注文書, for the FAX: to whom, for which day, how much of what.

use super::{Leaf, Paper, leaves, void};
use crate::{
    error::PageError,
    page::{self, Asked},
    visitor::Visitor,
};
use api::Api;
use app::views::paper::{OrderForm, PaperLine, order_form, total};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::EntryId, money::Yen};
use uuid::Uuid;

/// Lines on an A4.
const ROWS: usize = 20;

#[derive(Template)]
#[template(path = "papers/order_form.html")]
struct OrderFormPage {
    paper: Paper,
    order: OrderForm,
    void: Option<String>,
    total: Option<Yen>,
}

impl OrderFormPage {
    fn leaves(&self) -> Vec<Leaf<'_, PaperLine>> {
        leaves(&self.order.lines, ROWS)
    }
}

/// The paper of an order.
pub async fn show(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let order = order_form(&api.book, visitor.viewer(), EntryId(entry)).await?;
    visitor.register(&api, "order-form", &entry.to_string()).await?;
    let order = order.ok_or_else(PageError::not_found)?;
    let back = format!("/o/{code}/entries/{entry}");
    let page = OrderFormPage {
        paper: Paper::new(&api, &asked, &visitor, office, ("注文書", back)).await?,
        void: void(order.standing),
        total: total(&order.lines),
        order,
    };
    Ok(page::shown(&asked, &page))
}
