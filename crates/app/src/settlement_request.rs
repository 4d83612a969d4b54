//! 精算書の確認をたのむ: what is still to settle for the period is settled, dated on its last day; then the other office is asked
//! whether the balance is right. One step for the API and the pages.

use crate::{
    Book,
    access::{Caller, proposals::Proposal},
    propose::{NotProposed, propose},
    record::{NotRecorded, record},
    viewer::Viewer,
    views::{
        ViewError,
        settlement::{SettlementView, Which, settlement},
    },
};
use domain::{
    calendar::{Day, business_day},
    command::Command,
    refusal::Refusal,
    text::{Code, Key},
};
use serde_json::json;
use uuid::Uuid;

/// Days for an answer, where nothing else is stated.
const ANSWER_DAYS: u64 = 7;
/// Refusals after which the statement is what it is: there is nothing to take, or it was taken meanwhile.
const NOTHING_LEFT: [&str; 2] = ["nothing-to-settle", "settled-already"];

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who asks.
    pub office: Code,
    /// Who is asked.
    pub with: Code,
    /// First day of a first statement; later ones begin after the one before.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Last day for an answer; a week from today when missing.
    pub due_on: Option<Day>,
    /// Sent again under the same key it is asked once.
    pub key: Key,
    /// Id of the proposal.
    pub id: Uuid,
}

/// Why it was not asked.
#[derive(Debug)]
pub enum NotAsked {
    /// There is no such pair for the one who asks.
    NotFound,
    /// The book could not be read.
    View(ViewError),
    /// What is to settle was refused.
    NotSettled(NotRecorded),
    /// The question was.
    NotProposed(NotProposed),
    /// The request is not sound.
    Act(Refusal),
}

macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for NotAsked {
            fn from(error: $error) -> NotAsked {
                NotAsked::$variant(error)
            }
        }
    )+};
}

from! {
    ViewError => View,
    NotProposed => NotProposed,
    Refusal => Act,
}

/// Settles what is open and asks. The proposal, and whether it is a new one.
///
/// # Errors
/// [`NotAsked`]. What was settled before something went wrong stays settled, and the same request goes on from there.
pub async fn request(
    book: &Book,
    viewer: &Viewer,
    caller: &Caller,
    request: Request,
) -> Result<(Proposal, bool), NotAsked> {
    let before = seen(book, viewer, &request).await?;
    for agreement in &before.unsettled {
        let act = json!({
            "kind": "settle", "office": request.office, "key": format!("{}.{agreement}", request.id.simple()),
            "supplied_on": request.to, "agreement": agreement, "from": before.from, "to": before.to,
        });
        match record(book, viewer, Command::from_value(act)?, Vec::new()).await {
            Ok(_) => {}
            Err(NotRecorded::Refused(refusal)) if NOTHING_LEFT.contains(&refusal.code()) => {}
            Err(error) => return Err(NotAsked::NotSettled(error)),
        }
    }
    let now = seen(book, viewer, &request).await?;
    let today = business_day(book.outside().clock.now());
    let act = json!({
        "kind": "confirm", "office": request.office, "key": request.key.as_ref(), "supplied_on": today,
        "with": request.with, "from": now.from, "to": now.to, "balance": now.closing, "agreed": [],
    });
    let due_on = request
        .due_on
        .or_else(|| today.days_later(ANSWER_DAYS))
        .unwrap_or(today);
    let command = Command::from_value(act)?;
    Ok(propose(book, viewer, caller, command, due_on, request.id).await?)
}

async fn seen(book: &Book, viewer: &Viewer, request: &Request) -> Result<SettlementView, NotAsked> {
    let which = Which::Next(Some(request.from), request.to);
    let view = settlement(book, viewer, &request.office, &request.with, which).await?;
    view.ok_or(NotAsked::NotFound)
}
