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
use api::Api;
use app::views::deliveries::{Delivery, deliveries};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
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
        self.wrong.of_field(&format!("lines/{n}"))
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
    let delivery = one(&api, &visitor, office, code.as_str(), shipment).await?;
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
    let delivery = one(&api, &visitor, office, code.as_str(), shipment).await?;
    let mut fields = json!({"shipment": delivery.named});
    let is_whole = form.get("all") == "yes";
    if is_whole {
        fields["all"] = true.into();
    } else {
        fields["lines"] = lines(&delivery, &form).into();
    }
    let received = act("receive", code.as_str(), &form, fields);
    match record_act(&api, &visitor, received).await {
        Ok(recorded) => {
            let left = deliveries(&api.book, visitor.viewer(), office).await?;
            let is_left = left.iter().any(|left| left.shipment == delivery.shipment);
            let what = match (recorded.is_new, is_left) {
                (false, _) => What::Already,
                (true, true) => What::ReceivedInPart,
                (true, false) => What::Received,
            };
            Ok(page::done(
                &format!("/o/{code}"),
                &Said::of(what, recorded.entry.0),
            ))
        }
        Err(problem) => {
            let typed = (0..delivery.lines.len()).map(|n| {
                if is_whole {
                    [delivery.lines[n].quantity.to_string(), String::new()]
                } else {
                    ["accepted", "rejected"].map(|what| form.get(&format!("lines/{n}/{what}")).to_owned())
                }
            });
            let page = ReceivePage {
                shell: Shell::of_office(&api, &asked, &visitor, office).await?,
                wrong: Wrong::of(problem)?,
                key: form.get("key").to_owned(),
                supplied_on: form.get("supplied_on").to_owned(),
                reason: form.get("reason").to_owned(),
                typed: typed.collect(),
                delivery,
            };
            Ok(page::shown_again(&asked, &page))
        }
    }
}

/// A line for each lot, also where nothing was typed, so that a refusal finds its row. What neither arrived nor went back is
/// not said: it stays on its way.
fn lines(delivery: &Delivery, form: &Form) -> Vec<Value> {
    let line = |(n, line): (usize, &app::views::deliveries::DeliveryLine)| {
        let mut fields = json!({"lot": line.lot});
        for what in ["accepted", "rejected"] {
            let typed = tidied(form.get(&format!("lines/{n}/{what}")));
            if !typed.is_empty() {
                fields[what] = typed.into();
            }
        }
        fields
    };
    delivery.lines.iter().enumerate().map(line).collect()
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

async fn one(
    api: &Api,
    visitor: &Visitor,
    office: OfficeId,
    code: &str,
    shipment: Uuid,
) -> Result<Delivery, PageError> {
    let all = coming(api, visitor, office, code).await?;
    let found = all.into_iter().find(|delivery| delivery.shipment.0 == shipment);
    found.ok_or_else(PageError::not_found)
}
