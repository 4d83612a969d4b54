//! 納品書 and 受領書 on one A4, one over the other, with a line to cut along: who receives keeps the upper half and gives back the
//! lower one.

use super::{Leaf, Paper, leaves, void};
use crate::{
    error::PageError,
    page::{self, Asked},
    visitor::Visitor,
};
use api::Api;
use app::views::paper::{DeliveredAs, DeliveryNote, PaperLine, delivery_note, total};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{id::EntryId, money::Yen};
use uuid::Uuid;

/// Lines on half an A4.
const ROWS: usize = 7;

#[derive(Template)]
#[template(path = "papers/delivery_note.html")]
struct NotePage {
    paper: Paper,
    note: DeliveryNote,
    void: Option<String>,
    is_consignment: bool,
    total: Option<Yen>,
}

impl NotePage {
    fn leaves(&self) -> Vec<Leaf<'_, PaperLine>> {
        leaves(&self.note.lines, ROWS)
    }
}

/// The paper of a shipment or a consignment.
pub async fn show(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let note = delivery_note(&api.book, visitor.viewer(), EntryId(entry)).await?;
    visitor
        .register(&api, "delivery-note", &entry.to_string())
        .await?;
    let note = note.ok_or_else(PageError::not_found)?;
    let back = format!("/o/{code}/entries/{entry}");
    let page = NotePage {
        paper: Paper::new(&api, &asked, &visitor, office, ("納品書・受領書", back)).await?,
        void: void(note.standing),
        is_consignment: note.delivered_as == DeliveredAs::Consignment,
        total: total(&note.lines),
        note,
    };
    Ok(page::shown(&asked, &page))
}
