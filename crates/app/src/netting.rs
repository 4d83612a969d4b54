//! 相殺を申し出る: the plan of the moment becomes a proposal to every office that it touches. With the last yes one entry is
//! recorded; when what it clears no longer stands then, it is refused and a fresh plan is made.

use crate::{
    Book,
    access::{
        Caller, authority,
        proposals::{Proposal, proposal},
    },
    propose::{self, NotProposed},
    viewer::Viewer,
    views::{
        ViewError,
        netting::{Planned, plan_of_network, plan_of_two},
    },
};
use domain::{
    calendar::{Day, business_day},
    command::Command,
    masters::Masters,
    refusal::Refusal,
    text::{Code, Key},
};
use serde_json::json;
use std::collections::BTreeSet;
use store::StoreError;
use uuid::Uuid;

/// Between whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Between {
    /// The members of a network, without those who stay out.
    Members {
        /// 連絡会.
        network: Code,
        /// Offices that stay out.
        stay_out: BTreeSet<Code>,
    },
    /// An office and another one.
    Two {
        /// Which proposes.
        office: Code,
        /// Which is asked.
        other: Code,
    },
}

impl Between {
    /// As it stands in the register of readings.
    pub fn subject(&self) -> String {
        match self {
            Between::Members { network, .. } => network.to_string(),
            Between::Two { office, other } => format!("{office}/{other}"),
        }
    }
}

/// What is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposeNetting {
    /// Between whom.
    pub between: Between,
    /// The plan that was seen; whichever there is where nothing was seen.
    pub version: Option<String>,
    /// Last day for an answer.
    pub due_on: Day,
    /// Under which key it will be recorded.
    pub key: Key,
    /// The proposal's id.
    pub id: Uuid,
}

/// Why nothing was proposed.
#[derive(Debug)]
pub enum NoNetting {
    /// There is no such network or office for them.
    NotFound,
    /// Nothing would become less.
    NothingToNet,
    /// Something was recorded since the plan was seen.
    Changed,
    /// The book cannot be read.
    View(ViewError),
    /// The act cannot be made.
    Refused(Refusal),
    /// It was not proposed.
    NotProposed(NotProposed),
}

macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for NoNetting {
            fn from(error: $error) -> NoNetting {
                NoNetting::$variant(error)
            }
        }
    )+};
}

from! {
    ViewError => View,
    Refusal => Refused,
    NotProposed => NotProposed,
}

impl From<StoreError> for NoNetting {
    fn from(error: StoreError) -> NoNetting {
        NoNetting::View(error.into())
    }
}

/// The plan of now. Whose books were opened for it to a coordinator is written down before anything is answered.
///
/// # Errors
/// [`NoNetting::NotFound`], [`NoNetting::View`].
pub async fn planned(book: &Book, viewer: &Viewer, between: &Between) -> Result<Planned, NoNetting> {
    let planned = match between {
        Between::Members { network, stay_out } => plan_of_network(book, viewer, network, stay_out).await?,
        Between::Two { office, other } => plan_of_two(book, viewer, office, other).await?,
    };
    planned.ok_or(NoNetting::NotFound)
}

/// A netting that this person has proposed under an id: a request that was sent again.
async fn proposed(book: &Book, caller: &Caller, id: Uuid) -> Result<Option<Proposal>, StoreError> {
    let there = proposal(book, id).await?;
    Ok(there.filter(|there| there.made_by == caller.person() && there.command.act.kind() == "net"))
}

/// Proposes a plan. The same id again is the proposal as it is, whatever has been recorded since; the answer says whether
/// it is a new one.
///
/// # Errors
/// [`NoNetting`].
pub async fn propose_netting(
    book: &Book,
    viewer: &Viewer,
    caller: &Caller,
    asked: ProposeNetting,
    planned: Planned,
) -> Result<(Proposal, bool), NoNetting> {
    let ProposeNetting {
        between,
        version,
        due_on,
        key,
        id,
    } = asked;
    if let Some(there) = proposed(book, caller, id).await? {
        return Ok((there, false));
    }
    let Planned { view, net } = planned;
    let today = business_day(book.outside().clock.now());
    let by = match &between {
        Between::Members { network, .. } => ("acting_network", network),
        Between::Two { office, .. } => ("office", office),
    };
    let mut act = json!(net);
    act["kind"] = "net".into();
    act[by.0] = by.1.as_str().into();
    act["key"] = key.as_ref().into();
    act["supplied_on"] = today.to_string().into();
    let command = Command::from_value(act)?;
    // who may is asked before what there is to propose
    let may = |masters: &Masters| {
        let gate = viewer.gate(masters);
        authority::may_propose(&caller.rights, gate, &command, None, today)
    };
    book.with_masters_of_now(may).await?.map_err(NotProposed::from)?;
    if version.is_some_and(|seen| seen != view.version) {
        return Err(NoNetting::Changed);
    }
    if net.clears.is_empty() {
        return Err(NoNetting::NothingToNet);
    }
    Ok(propose::propose(book, viewer, caller, command, due_on, id).await?)
}
