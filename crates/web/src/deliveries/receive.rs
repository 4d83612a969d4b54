//! 受け取り: all of it in one tap, or with another number and a reason. What is not received stays on its way, visible to
//! both.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::{act, new_key, record as record_act, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::views::deliveries::{Delivery, DeliveryLine, deliveries, shipment_to};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::id::{EntryId, OfficeId};
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "deliveries/receive_list.html")]
struct ListPage {
    shell: Shell,
    deliveries: Vec<(Delivery, String)>,
    supplied_on: String,
}

#[derive(Template)]
#[template(path = "deliveries/receive.html")]
struct ReceivePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    reason: String,
    delivery: Delivery,
    /// What was typed for each lot: arrived, sent back.
    typed: Vec<[String; 2]>,
    /// What is wrong with each.
    told: Vec<Option<String>>,
}

impl ReceivePage {
    /// What was typed into a line: arrived, sent back.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn typed_at(&self, line: &usize, which: usize) -> &str {
        self.typed.get(*line).map_or("", |typed| typed[which].as_str())
    }

    /// What is wrong with a line.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand over references")]
    fn wrong_line(&self, n: &usize) -> Option<&str> {
        self.told.get(*n)?.as_deref()
    }
}

/// What is on its way here.
pub async fn list(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let coming = coming(&api, &visitor, office, code.as_str()).await?;
    let page = ListPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        deliveries: coming
            .into_iter()
            .map(|delivery| (delivery, new_key(&api)))
            .collect(),
        supplied_on: today(&api),
    };
    Ok(page::shown(&asked, &page))
}

/// One shipment, lot by lot.
pub async fn show(
    State(api): State<Api>,
    Path((office, shipment)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let delivery = found(&api, &visitor, office, code.as_str(), EntryId(shipment)).await?;
    let delivery = delivery.ok_or_else(PageError::not_found)?;
    let typed = delivery
        .lines
        .iter()
        .map(|line| [line.quantity.to_string(), String::new()]);
    let page = ReceivePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(&api),
        supplied_on: today(&api),
        reason: String::new(),
        typed: typed.collect(),
        told: Vec::new(),
        delivery,
    };
    Ok(page::shown(&asked, &page))
}

/// Arrived: all of it, or what was counted.
pub async fn record(
    State(api): State<Api>,
    Path((office, shipment)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let shipment = EntryId(shipment);
    // also one that was received meanwhile: pressing twice sends the same
    let named = shipment_to(&api.book, visitor.viewer(), office, shipment).await?;
    let mut fields = json!({"shipment": named.ok_or_else(PageError::not_found)?});
    let is_whole = form.get("all") == "yes";
    let sent = lots(&form);
    let outcome = if is_whole {
        fields["all"] = true.into();
        record_act(&api, &visitor, act("receive", code.as_str(), &form, fields)).await
    } else if sent.is_empty() {
        let detail = "数が1つも入っていません。受け取る数を入れてください。";
        Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "nothing-typed",
            detail,
        ))
    } else {
        fields["lines"] = lines(&sent, &form).into();
        record_act(&api, &visitor, act("receive", code.as_str(), &form, fields)).await
    };
    let problem = match outcome {
        Ok(recorded) => {
            let left = deliveries(&api.book, visitor.viewer(), office).await?;
            let is_left = left.iter().any(|left| left.shipment == shipment);
            let what = match (recorded.is_new, is_left) {
                (false, _) => What::Already,
                (true, true) => What::ReceivedInPart,
                (true, false) => What::Received,
            };
            let to = format!("/o/{code}");
            return Ok(page::done(&to, &Said::of(what, recorded.entry.0)));
        }
        Err(problem) => problem,
    };
    let Some(delivery) = found(&api, &visitor, office, code.as_str(), shipment).await? else {
        // somebody else has received the rest; the sentence says what there is to do
        return Err(problem.into());
    };
    let typed = |line: &DeliveryLine| {
        if is_whole {
            [line.quantity.to_string(), String::new()]
        } else {
            TYPED.map(|what| form.get(&format!("lots/{}/{what}", line.lot)).to_owned())
        }
    };
    let wrong = Wrong::of(problem)?;
    let told = |line: &DeliveryLine| {
        let at = sent.iter().position(|lot| *lot == line.lot)?;
        Some(wrong.of_field(&format!("lines/{at}"))?.to_owned())
    };
    let page = ReceivePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        key: form.get("key").to_owned(),
        supplied_on: form.get("supplied_on").to_owned(),
        reason: form.get("reason").to_owned(),
        typed: delivery.lines.iter().map(typed).collect(),
        told: delivery.lines.iter().map(told).collect(),
        wrong,
        delivery,
    };
    Ok(page::shown_again(&asked, &page))
}

/// What is typed for each lot: what arrived, what goes back.
const TYPED: [&str; 2] = ["accepted", "rejected"];

/// Lots for which something was typed, in the order of the page.
fn lots(form: &Form) -> Vec<&str> {
    let mut lots: Vec<&str> = Vec::new();
    for (name, _) in form.filled("lots/") {
        let lot = name.split_once('/').map_or(name, |(lot, _)| lot);
        if !lots.contains(&lot) {
            lots.push(lot);
        }
    }
    lots
}

/// A line for each of them. What neither arrived nor went back is not said: it stays on its way.
fn lines(lots: &[&str], form: &Form) -> Vec<Value> {
    let line = |lot: &&str| {
        let mut fields = json!({"lot": lot});
        for what in TYPED {
            let typed = tidied(form.get(&format!("lots/{lot}/{what}")));
            if !typed.is_empty() {
                fields[what] = typed.into();
            }
        }
        fields
    };
    lots.iter().map(line).collect()
}

async fn coming(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    code: &str,
) -> Result<Vec<Delivery>, PageError> {
    let all = deliveries(&api.book, visitor.viewer(), office).await?;
    Ok(all
        .into_iter()
        .filter(|delivery| delivery.to.code == code)
        .collect())
}

async fn found(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    code: &str,
    shipment: EntryId,
) -> Result<Option<Delivery>, PageError> {
    let all = coming(api, visitor, office, code).await?;
    Ok(all.into_iter().find(|delivery| delivery.shipment == shipment))
}
