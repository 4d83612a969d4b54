//! 納品: to whom, then how much of each lot that is there; the first to expire first.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::{Row, tell},
    number::tidied,
    page::{self, Asked},
    record::{self, act, new_key, today},
    said::What,
    shell::Shell,
    stock::lots::{LotThere, in_store},
    visitor::Visitor,
};
use api::Api;
use app::views::{
    names::Named,
    orders::{OpenOrder, open_orders, order_to},
    usual,
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::id::{EntryId, OfficeId};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "deliveries/ship.html")]
struct ShipPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    note: String,
    to: Option<Named>,
    receivers: Vec<Named>,
    /// The order that is filled.
    order: Option<OpenOrder>,
    /// Orders that nothing was sent for yet.
    orders: Vec<OpenOrder>,
    rows: Vec<Row<LotThere>>,
}

/// To whom, or for which order.
#[derive(Default, Deserialize)]
pub struct To {
    #[serde(default)]
    to: String,
    #[serde(default)]
    order: Option<Uuid>,
}

/// The choice of the receiver, or the form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(question): Query<To>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let receivers = usual::receivers(&api.book, visitor.viewer(), office).await?;
    let order = ordered(&api, &visitor, office, code.as_str(), question.order).await?;
    let wanted_by = order
        .as_ref()
        .map_or(question.to.as_str(), |order| order.by.code.as_str());
    let to = receivers.iter().find(|named| named.code == wanted_by).cloned();
    let mut rows = match &to {
        Some(_) => in_store(&api, &visitor, (office, code.as_str())).await?,
        None => Vec::new(),
    };
    if let Some(order) = &order {
        fill(&mut rows, order);
    }
    let page = ShipPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(&api),
        supplied_on: today(&api),
        note: String::new(),
        orders: orders(&api, &visitor, office, code.as_str()).await?,
        to,
        receivers,
        order,
        rows,
    };
    Ok(page::shown(&asked, &page))
}

/// Sent.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut rows = in_store(&api, &visitor, (office, code.as_str())).await?;
    let sent = form.filled("ship/");
    let line = |(lot, typed): &(&str, &str)| json!({"lot": lot, "quantity": tidied(typed)});
    let lines: Vec<Value> = sent.iter().map(line).collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。届けるものの数を入れてください。")
    } else {
        let mut fields = json!({"to": form.get("to"), "lines": lines});
        if let Ok(order) = form.get("order").parse() {
            // also one that was filled meanwhile: pressing twice sends the same
            let named = order_to(&api.book, visitor.viewer(), office, EntryId(order)).await?;
            fields["order"] = json!(named.ok_or_else(PageError::not_found)?);
        }
        let shipment = act("ship", code.as_str(), &form, fields);
        match record::save(&api, &visitor, shipment, What::Shipped, &format!("/o/{code}")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    tell(&mut rows, &sent, &wrong, "lines");
    again(
        &api,
        &asked,
        &visitor,
        (office, code.as_str()),
        &form,
        wrong,
        rows,
    )
    .await
}

async fn again(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    form: &Form,
    wrong: Wrong,
    rows: Vec<Row<LotThere>>,
) -> Result<Response, PageError> {
    let receivers = usual::receivers(&api.book, visitor.viewer(), office).await?;
    let page = ShipPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: form.get("key").to_owned(),
        supplied_on: form.get("supplied_on").to_owned(),
        note: form.get("note").to_owned(),
        to: receivers
            .iter()
            .find(|named| named.code == form.get("to"))
            .cloned(),
        receivers,
        order: ordered(api, visitor, office, code, form.get("order").parse().ok()).await?,
        orders: orders(api, visitor, office, code).await?,
        rows,
    };
    Ok(page::shown_again(asked, &page))
}

/// Orders to an office that nothing was sent for yet.
async fn orders(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    code: &str,
) -> Result<Vec<OpenOrder>, PageError> {
    let open = open_orders(&api.book, visitor.viewer(), office).await?;
    Ok(open
        .into_iter()
        .filter(|order| order.wanted.from.code == code)
        .collect())
}

/// One of them.
async fn ordered(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    code: &str,
    order: Option<Uuid>,
) -> Result<Option<OpenOrder>, PageError> {
    let Some(id) = order else {
        return Ok(None);
    };
    let open = orders(api, visitor, office, code).await?;
    Ok(open.into_iter().find(|order| order.order.0 == id))
}

/// What is wanted, out of the lots that are there, the first to expire first.
fn fill(rows: &mut [Row<LotThere>], order: &OpenOrder) {
    for line in &order.wanted.lines {
        let mut wanted = line.quantity;
        for row in rows
            .iter_mut()
            .filter(|row| row.of.line.product.code == line.product.code)
        {
            let taken = wanted.min(row.of.line.quantity);
            if taken > Decimal::ZERO {
                row.cell.typed = taken.normalize().to_string();
                wanted -= taken;
            }
        }
    }
}
