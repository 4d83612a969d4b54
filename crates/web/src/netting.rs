//! 相殺: what would be left of what offices owe each other, shown before and after; who stays out; and the proposal to all
//! whom it touches. A coordinator does it for a network, a manager with one other office.

mod network;
mod two;

use crate::{
    agreements::due_on,
    error::PageError,
    form::Form,
    page,
    said::{Said, What},
    shell::OfficeName,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    access::proposals::{Proposal, Said as Answer, State as Stands},
    netting::{Between, ProposeNetting, planned, propose_netting},
    views::netting::NettingView,
};
use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use domain::{
    acts::net::Net,
    calendar::Day,
    masters::Masters,
    money::Yen,
    text::{Code, Key},
};

/// The pages of netting.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/n/{network}/netting", get(network::show).post(network::propose))
        .route("/n/{network}/netting/{id}/withdraw", post(network::withdraw))
        .route("/o/{office}/netting", get(two::choose))
        .route("/o/{office}/netting/{other}", get(two::show).post(two::propose))
}

/// Both sides of a plan as one table each.
pub struct Side<'a> {
    /// What it is called.
    pub caption: &'static str,
    /// The payments.
    pub side: &'a app::views::netting::NettingSide,
}

/// 前 and あと.
pub fn sides(plan: &NettingView) -> [Side<'_>; 2] {
    [
        Side {
            caption: "いまの貸し借り",
            side: &plan.before,
        },
        Side {
            caption: "相殺のあと",
            side: &plan.after,
        },
    ]
}

/// 「振込 37件 → 9件」
pub fn fewer(plan: &NettingView) -> String {
    format!("振込 {}件 → {}件", plan.before.payments, plan.after.payments)
}

/// The plan of now, written into the register where it was read as a coordinator.
async fn plan_of(
    api: &Api,
    visitor: &Visitor,
    between: &Between,
) -> Result<app::views::netting::Planned, PageError> {
    let found = planned(&api.book, visitor.viewer(), between).await;
    visitor.register(api, "netting", &between.subject()).await?;
    Ok(found.map_err(Problem::from)?)
}

/// Proposes the plan that was seen.
async fn proposed(
    api: &Api,
    visitor: &Visitor,
    between: Between,
    form: &Form,
    to: &str,
) -> Result<Result<Response, Problem>, PageError> {
    let plan = plan_of(api, visitor, &between).await?;
    let key: Key = form.get("key").parse().map_err(|_| PageError::not_found())?;
    let asked = ProposeNetting {
        between,
        version: form.typed("version").map(str::to_owned),
        due_on: form.get("due_on").parse().unwrap_or_else(|_| due_on(api)),
        id: id_of_person(visitor.caller().person(), "proposal", &key),
        key,
    };
    let outcome = propose_netting(&api.book, visitor.viewer(), visitor.caller(), asked, plan).await;
    Ok(match outcome {
        Ok((_, is_new)) => {
            let what = if is_new {
                What::ProposedToAll
            } else {
                What::Already
            };
            Ok(page::done(to, &Said::new(what)))
        }
        Err(error) => Err(error.into()),
    })
}

/// A proposal of a netting in a line.
pub struct ProposedLine {
    /// Its id.
    pub id: uuid::Uuid,
    /// How it stands.
    pub state: &'static str,
    /// Last day for an answer.
    pub due_on: Day,
    /// Names of who has not answered yet.
    pub waiting: Vec<String>,
    /// Codes and names of who said no.
    pub refused: Vec<(String, String)>,
    /// It can still be taken back.
    pub is_open: bool,
}

impl ProposedLine {
    /// Of a proposal, as it stands on a day.
    pub fn of(masters: &Masters, proposal: &Proposal, today: Day) -> ProposedLine {
        let name = |office| {
            let known = masters.office(office);
            let code = known.map_or_else(String::new, |known| known.code.to_string());
            (code, masters.party_name(office.into(), today))
        };
        let said = |said: Option<Answer>| {
            let parties = proposal.parties.iter();
            parties
                .filter(move |party| party.said == said)
                .map(|party| name(party.office))
        };
        ProposedLine {
            id: proposal.id,
            state: match proposal.state {
                Stands::Open => "返事待ち",
                Stands::Expired => "返事の期限が過ぎました",
                Stands::Agreed => "全員が同意しましたが、記録できていません",
                Stands::Done(_) => "記録しました",
                Stands::Contested => "同意されませんでした",
                Stands::Withdrawn => "取り下げられました",
            },
            due_on: proposal.due_on,
            waiting: said(None).map(|(_, name)| name).collect(),
            refused: said(Some(Answer::Contested)).collect(),
            is_open: matches!(proposal.state, Stands::Open | Stands::Expired | Stands::Agreed),
        }
    }
}

/// What a netting changes for an office: for the page of a proposal.
pub struct Change {
    /// 「A農園 からもらう分」, name and words by turns.
    pub what: Vec<(OfficeName, &'static str)>,
    /// It is newly owed; else it becomes less.
    pub is_new: bool,
    /// By how much.
    pub yen: Yen,
}

/// The lines of an office.
pub fn changes(net: &Net, office: &Code, name: impl Fn(&Code) -> OfficeName) -> Vec<Change> {
    let line = |creditor: &Code, debtor: &Code, yen: Yen, is_new: bool| {
        let what = if creditor == office {
            vec![(name(debtor), "からもらう分")]
        } else if debtor == office {
            vec![(name(creditor), "に払う分")]
        } else {
            vec![(name(debtor), "が"), (name(creditor), "に払う分")]
        };
        Change { what, is_new, yen }
    };
    let cleared = net.clears.iter();
    let cleared = cleared.map(|of| line(&of.creditor, &of.debtor, of.yen, false));
    let anew = net.remain.iter();
    cleared
        .chain(anew.map(|of| line(&of.creditor, &of.debtor, of.yen, true)))
        .collect()
}
