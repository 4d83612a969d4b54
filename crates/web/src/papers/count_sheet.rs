//! 棚卸表: what lies here, to be counted by hand. Quantities of the book are not on it: who reads them first counts them again.

use super::{Leaf, Paper, leaves};
use crate::{
    error::PageError,
    page::{self, Asked},
    visitor::Visitor,
};
use api::Api;
use app::views::stock::{StockLine, stock};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::calendar::{Day, business_day};

/// Lines on an A4.
const ROWS: usize = 22;
/// Empty ones for what the book does not know of.
const UNKNOWN: usize = 4;

#[derive(Template)]
#[template(path = "papers/count_sheet.html")]
struct CountSheetPage {
    paper: Paper,
    today: Day,
    /// Lots, then rows for what is found and in no book.
    lines: Vec<Option<StockLine>>,
}

impl CountSheetPage {
    fn leaves(&self) -> Vec<Leaf<'_, Option<StockLine>>> {
        leaves(&self.lines, ROWS)
    }
}

/// The paper of today.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let rows = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
    visitor.register(&api, "count-sheet", code.as_ref()).await?;
    let is_here = |line: &StockLine| {
        line.holder.code == code.as_str() && (line.place == "在庫" || line.place == "委託棚")
    };
    let here = rows.into_iter().filter(is_here).map(Some);
    let page = CountSheetPage {
        paper: Paper::new(
            &api,
            &asked,
            &visitor,
            office,
            ("棚卸表", format!("/o/{code}/stock")),
        )
        .await?,
        today: business_day(api.book.outside().clock.now()),
        lines: here.chain(std::iter::repeat_n(None, UNKNOWN)).collect(),
    };
    Ok(page::shown(&asked, &page))
}
