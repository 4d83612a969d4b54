//! A proposal as it is read.

use domain::{
    calendar::Day,
    command::Command,
    id::{Acting, EntryId, OfficeId},
};
use store::{StoreError, access::Proposed, entity::proposal_party};
use uuid::Uuid;

/// An act that waits for a yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its id.
    pub id: Uuid,
    /// Who acts.
    pub acting: Acting,
    /// The act; of who agreed it says nothing yet.
    pub command: Command,
    /// Who proposed: the account's id.
    pub made_by: Uuid,
    /// UTC milliseconds.
    pub made_at: i64,
    /// Last day for an answer.
    pub due_on: Day,
    /// How it stands today.
    pub state: State,
    /// UTC milliseconds, when it is over.
    pub closed_at: Option<i64>,
    /// Whose yes is needed, by id.
    pub parties: Vec<Party>,
}

/// How a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for answers.
    Open,
    /// Waited for answers until its last day.
    Expired,
    /// All said yes; to be recorded.
    Agreed,
    /// Recorded.
    Done(EntryId),
    /// Somebody said no.
    Contested,
    /// Taken back.
    Withdrawn,
}

impl State {
    pub(super) const OPEN: &'static str = "open";
    pub(super) const CONTESTED: &'static str = "contested";
    pub(super) const WITHDRAWN: &'static str = "withdrawn";
}

/// What an office said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Yes.
    Agreed,
    /// No.
    Contested,
}

impl Said {
    /// As it is stored.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Said::Agreed => "agreed",
            Said::Contested => "contested",
        }
    }

    fn stored(name: &str) -> Result<Said, StoreError> {
        [Said::Agreed, Said::Contested]
            .into_iter()
            .find(|said| said.name() == name)
            .ok_or_else(|| StoreError::corrupt("proposal_party.answer"))
    }
}

/// An office whose yes is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The office.
    pub office: OfficeId,
    /// What it said.
    pub said: Option<Said>,
    /// Who said it: the account's id.
    pub person: Option<Uuid>,
    /// UTC milliseconds.
    pub at: Option<i64>,
    /// Why.
    pub note: Option<String>,
}

impl Party {
    /// Whether it said yes.
    pub fn has_agreed(&self) -> bool {
        self.said == Some(Said::Agreed)
    }

    fn read(row: proposal_party::Model) -> Result<Party, StoreError> {
        Ok(Party {
            office: OfficeId(row.office),
            said: row.answer.as_deref().map(Said::stored).transpose()?,
            person: row.person,
            at: row.at,
            note: row.note,
        })
    }
}

impl Proposal {
    pub(super) fn read(Proposed { proposal, parties }: Proposed, today: Day) -> Result<Proposal, StoreError> {
        let damaged = |what| StoreError::corrupt(format!("proposal.{what}"));
        let command = serde_json::from_str(&proposal.command).map_err(|_| damaged("command"))?;
        let due_on = Day::from_number(proposal.due_on).map_err(|_| damaged("due_on"))?;
        let parties: Result<Vec<Party>, _> = parties.into_iter().map(Party::read).collect();
        let parties = parties?;
        let state = match (proposal.state.as_str(), proposal.entry) {
            ("done", Some(entry)) => State::Done(EntryId(entry)),
            (State::CONTESTED, _) => State::Contested,
            (State::WITHDRAWN, _) => State::Withdrawn,
            (State::OPEN, _) if parties.iter().all(Party::has_agreed) => State::Agreed,
            (State::OPEN, _) if due_on < today => State::Expired,
            (State::OPEN, _) => State::Open,
            _ => return Err(damaged("state")),
        };
        Ok(Proposal {
            id: proposal.id,
            acting: Acting::parse(&proposal.acting).ok_or_else(|| damaged("acting"))?,
            command: Command::from_value(command).map_err(|_| damaged("command"))?,
            made_by: proposal.made_by,
            made_at: proposal.made_at,
            due_on,
            state,
            closed_at: proposal.closed_at,
            parties,
        })
    }
}
