//! 受け取り: all of it in one tap, or with another number and a reason. A difference is proposed to the sender; until both agree
//! it stays on its way, visible to both.

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
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    access::proposals::{State as Stands, Which, proposals},
    propose::propose,
    views::{
        deliveries::{Delivery, DeliveryLine, OF_DELIVERIES, days_to_answer, deliveries, shipment_to},
        entry::entry_at,
    },
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    acts::Act,
    calendar::{Day, business_day},
    command::{ActingRef, Command},
    id::{EntryId, OfficeId},
    refs::{EntryPointer, EntryRef},
    text::Code,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::BTreeSet;
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
    comes_later: bool,
    /// More came than was sent, which has to be said.
    is_more: bool,
    /// Differences that the sender was asked about before.
    asked: Vec<AskedAbout>,
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
        comes_later: false,
        is_more: false,
        asked: asked_about(&api, &visitor, EntryId(shipment)).await?,
        typed: typed.collect(),
        told: Vec::new(),
        delivery,
    };
    Ok(page::shown(&asked, &page))
}

/// Arrived: all of it, or what was counted. What was accepted is recorded at once; what goes back or is missing is told to the
/// sender, and stays on its way until both say the same.
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
    let named = named.ok_or_else(PageError::not_found)?;
    let counted = Counted::of(&form);
    let problem = match sent(&api, &visitor, (office, &code), &form, &named, &counted).await {
        Ok(Sent { entry, is_new, told }) => {
            let left = deliveries(&api.book, visitor.viewer(), office).await?;
            let is_left = left.iter().any(|left| left.shipment == shipment);
            let what = match (is_new, told, is_left) {
                (_, Told::NotYet, _) => What::ReceivedNotTold,
                (false, ..) => What::Already,
                (true, Told::Asked, _) if entry.is_none() => What::Proposed,
                (true, Told::Asked, _) => What::ReceivedAndAsked,
                (true, Told::Nothing, true) => What::ReceivedInPart,
                (true, Told::Nothing, false) => What::Received,
            };
            let said = entry.map_or_else(|| Said::new(what), |entry| Said::of(what, entry.0));
            let to = match told {
                // where the rest is told again
                Told::NotYet => format!("/o/{code}/receive/{}", shipment.0),
                Told::Nothing | Told::Asked => format!("/o/{code}"),
            };
            return Ok(page::done(&to, &said));
        }
        Err(problem) => problem,
    };
    let Some(delivery) = found(&api, &visitor, office, code.as_str(), shipment).await? else {
        // somebody else has received the rest; the sentence says what there is to do
        return Err(problem.into());
    };
    let typed = |line: &DeliveryLine| {
        if counted.is_whole {
            [line.quantity.to_string(), String::new()]
        } else {
            TYPED.map(|what| form.get(&format!("lots/{}/{what}", line.lot)).to_owned())
        }
    };
    let wrong = Wrong::of(problem)?;
    let told = |line: &DeliveryLine| Some(counted.wrong_of(&wrong, &line.lot)?.to_owned());
    let page = ReceivePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        key: form.get("key").to_owned(),
        supplied_on: form.get("supplied_on").to_owned(),
        reason: form.get("reason").to_owned(),
        comes_later: counted.comes_later,
        is_more: counted
            .lines()
            .0
            .iter()
            .any(|(_, line)| line.get("surplus").is_some()),
        typed: delivery.lines.iter().map(typed).collect(),
        told: delivery.lines.iter().map(told).collect(),
        asked: asked_about(&api, &visitor, shipment).await?,
        wrong,
        delivery,
    };
    Ok(page::shown_again(&asked, &page))
}

/// What became of a form.
struct Sent {
    /// What was accepted.
    entry: Option<EntryId>,
    /// Something of it is new.
    is_new: bool,
    told: Told,
}

/// What the sender was told of a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// There is none.
    Nothing,
    /// The sender is asked.
    Asked,
    /// It could not be told now.
    NotYet,
}

/// Records what was accepted and asks about the rest.
async fn sent(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
    form: &Form,
    named: &EntryRef,
    counted: &Counted<'_>,
) -> Result<Sent, Problem> {
    let of = |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "nothing-typed", detail);
    if counted.is_whole {
        let fields = json!({"shipment": named, "all": true});
        let recorded = record_act(api, visitor, act("receive", code.as_str(), form, fields)).await?;
        return Ok(Sent {
            entry: Some(recorded.entry),
            is_new: recorded.is_new,
            told: Told::Nothing,
        });
    }
    let (accepted, differences) = counted.lines();
    if accepted.is_empty() && differences.is_empty() {
        return Err(of("数が1つも入っていません。受け取る数を入れてください。"));
    }
    let more = |(_, line): &(&str, Value)| line.get("surplus").is_some();
    if let Some(at) = accepted.iter().position(more)
        && form.get("more") != "yes"
    {
        let detail = "送られた数より多いです。数を確かめて、本当に多いときは「送られた数より多く届いた」を選んでください。";
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "more-than-sent", detail);
        return Err(problem.at(format!("/lines/{at}/accepted")));
    }
    if !differences.is_empty() && form.typed("reason").is_none() {
        let detail = "送られた数とちがいます。ちがいの理由を書いてください。";
        return Err(of(detail).at("/reason"));
    }
    let mut recorded = (None, false);
    if !accepted.is_empty() {
        let lines: Vec<Value> = accepted.into_iter().map(|(_, line)| line).collect();
        let fields = json!({"shipment": named, "lines": lines});
        let receipt = record_act(api, visitor, act("receive", code.as_str(), form, fields)).await?;
        recorded = (Some(receipt.entry), receipt.is_new);
    }
    if differences.is_empty() {
        return Ok(Sent {
            entry: recorded.0,
            is_new: recorded.1,
            told: Told::Nothing,
        });
    }
    let lines: Vec<Value> = differences.into_iter().map(|(_, line)| line).collect();
    let fields = json!({"shipment": named, "lines": lines});
    let mut difference = act("receive", code.as_str(), form, fields);
    let key = format!("{}-rest", form.get("key"));
    difference["key"] = key.as_str().into();
    let command = Command::from_value(difference)?;
    let (arrived_on, seller) = (command.head.supplied_on, named.office.as_ref());
    let days = match seller {
        Some(seller) => {
            let viewer = visitor.viewer();
            days_to_answer(&api.book, viewer, OF_DELIVERIES, (office, seller), arrived_on).await?
        }
        None => 0,
    };
    let today = business_day(api.book.outside().clock.now());
    let due_on = arrived_on
        .days_later(u64::from(days))
        .unwrap_or(arrived_on)
        .max(today);
    let id = id_of_person(visitor.caller().person(), "proposal", &command.head.key);
    let proposed = propose(&api.book, visitor.viewer(), visitor.caller(), command, due_on, id).await;
    match proposed {
        Ok((_, is_new)) => Ok(Sent {
            entry: recorded.0,
            is_new: recorded.1 || is_new,
            told: Told::Asked,
        }),
        // what was accepted is in the book: only the rest can be sent again
        Err(_) if recorded.0.is_some() => Ok(Sent {
            entry: recorded.0,
            is_new: recorded.1,
            told: Told::NotYet,
        }),
        Err(error) => Err(error.into()),
    }
}

/// Lines of an act, each with its lot.
type Lines<'a> = Vec<(&'a str, Value)>;

/// What a form says of each lot: how much was sent, arrived, goes back.
struct Counted<'a> {
    is_whole: bool,
    /// What did not arrive is still on its way: nobody is asked about it yet.
    comes_later: bool,
    lots: Vec<(&'a str, [String; 3])>,
}

/// What is typed for each lot: what arrived, what goes back.
const TYPED: [&str; 2] = ["accepted", "rejected"];

impl<'a> Counted<'a> {
    fn of(form: &'a Form) -> Counted<'a> {
        let mut lots: Vec<(&str, [String; 3])> = Vec::new();
        for (name, _) in form.filled("lots/") {
            let lot = name.split_once('/').map_or(name, |(lot, _)| lot);
            if lots.iter().all(|(known, _)| *known != lot) {
                let typed = ["sent", "accepted", "rejected"];
                let typed = typed.map(|what| tidied(form.get(&format!("lots/{lot}/{what}"))));
                lots.push((lot, typed));
            }
        }
        Counted {
            is_whole: form.get("all") == "yes",
            comes_later: form.get("rest") == "later",
            lots,
        }
    }

    /// Lines of what is accepted, and lines of what goes back or is missing, each with its lot. What is no number is left to
    /// the rules to refuse.
    fn lines(&self) -> (Lines<'a>, Lines<'a>) {
        let (mut accepted, mut differences) = (Vec::new(), Vec::new());
        for (lot, [sent, arrived, back]) in &self.lots {
            let number = |typed: &str| match typed {
                "" => Some(Decimal::ZERO),
                typed => typed.parse::<Decimal>().ok(),
            };
            let (Some(sent), Some(come), Some(returned)) = (number(sent), number(arrived), number(back))
            else {
                let mut line = json!({"lot": lot, "accepted": arrived});
                if !back.is_empty() {
                    line["rejected"] = back.as_str().into();
                }
                accepted.push((*lot, line));
                continue;
            };
            // a form that does not say how much was sent says nothing of what is missing
            let sent = if sent.is_zero() { come + returned } else { sent };
            let (taken, more) = (come.min(sent), (come - sent).max(Decimal::ZERO));
            let missing = (sent - come - returned).max(Decimal::ZERO);
            let mut line = json!({"lot": lot});
            for (what, much) in [("accepted", taken), ("surplus", more)] {
                if !much.is_zero() {
                    line[what] = much.normalize().to_string().into();
                }
            }
            if !come.is_zero() {
                accepted.push((*lot, line));
            }
            let mut line = json!({"lot": lot});
            let missing = if self.comes_later { Decimal::ZERO } else { missing };
            for (what, much) in [("rejected", returned), ("missing", missing)] {
                if !much.is_zero() {
                    line[what] = much.normalize().to_string().into();
                }
            }
            if line.as_object().is_some_and(|line| line.len() > 1) {
                differences.push((*lot, line));
            }
        }
        (accepted, differences)
    }

    /// What is wrong with a lot's line, of either act.
    fn wrong_of<'w>(&self, wrong: &'w Wrong, lot: &str) -> Option<&'w str> {
        let (accepted, differences) = self.lines();
        let at = |lines: &[(&str, Value)]| lines.iter().position(|(known, _)| *known == lot);
        let of_accepted = at(&accepted).and_then(|at| wrong.of_field(&format!("lines/{at}")));
        of_accepted.or_else(|| wrong.of_field(&format!("act/lines/{}", at(&differences)?)))
    }
}

/// A difference about which the sender was asked.
struct AskedAbout {
    id: Uuid,
    due_on: Day,
    is_overdue: bool,
}

/// Differences of a shipment that wait for the sender's answer, or for which the days are over.
async fn asked_about(api: &Api, visitor: &Visitor, shipment: EntryId) -> Result<Vec<AskedAbout>, PageError> {
    let rights = &visitor.caller().rights;
    let open = proposals(&api.book, &rights.offices, &BTreeSet::new(), Which::Open, 200).await?;
    let mut about = Vec::new();
    for proposal in open {
        let Act::Receive(receive) = &proposal.command.act else {
            continue;
        };
        let pointed = EntryPointer::Key {
            acting: receive
                .shipment
                .office
                .clone()
                .map_or(ActingRef::Keeper, ActingRef::Office),
            key: receive.shipment.key.clone(),
        };
        let of = entry_at(&api.book, visitor.viewer(), &pointed).await?;
        if of.is_some_and(|of| of.id == shipment) {
            about.push(AskedAbout {
                id: proposal.id,
                due_on: proposal.due_on,
                is_overdue: proposal.state == Stands::Expired,
            });
        }
    }
    visitor.register(api, "proposals", "").await?;
    Ok(about)
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
