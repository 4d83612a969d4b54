//! 申し出: an act that waits beside the book for another office's yes. It has no effect until then; when the last yes has
//! come it is recorded with the list of those who agreed, by the one path that records anything.
//!
//! [`propose`] → [`answer`] by each office whose yes is needed → [`Answered::ToRecord`] → the caller records → [`done`].
//! Between the last yes and the entry the program may stop: the same answer again, or [`to_record`], gives the act again,
//! and its key keeps it from being recorded twice.

mod act;
mod form;

pub use form::{Party, Proposal, Said, State};

use super::{AccessRefused, Caller};
use crate::Book;
use domain::{
    calendar::{Day, business_day},
    command::Command,
    id::{Acting, EntryId, NetworkId, OfficeId},
    masters::Masters,
    text::Note,
};
use std::collections::BTreeSet;
use store::{
    StoreError,
    access::Proposed,
    entity::{proposal, proposal_party},
};
use uuid::Uuid;

/// Kinds of acts that may need another office's yes.
pub const PROPOSED: &[&str] = &[
    "agreement",
    "open",
    "receive",
    "write_off",
    "confirm",
    "net",
    "reverse",
    "correct",
    "return",
    "dispose",
];
/// Of these, what tells another office of a difference in its goods: staff who unpack them may.
const DIFFERENCES: &[&str] = &["receive", "return", "dispose"];

/// What an answer led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered {
    /// Others have still to answer.
    Waiting(Proposal),
    /// One office said no: it is over.
    Contested(Proposal),
    /// All said yes: the act is to be recorded now, with those who agreed; then [`done`].
    ToRecord(Proposal, Box<Command>),
}

/// Proposes an act of an office that the caller manages, or of a network that they coordinate, to the offices whose yes
/// it needs. What the act itself says of who agreed is dropped: only answers count. The same id again with the same
/// content gives the proposal as it is now; the answer says whether it is a new one.
///
/// # Errors
/// [`AccessRefused`].
pub async fn propose(
    book: &Book,
    caller: &Caller,
    mut command: Command,
    needs: &BTreeSet<OfficeId>,
    due_on: Day,
    id: Uuid,
) -> Result<(Proposal, bool), AccessRefused> {
    let (store, now) = (book.store(), book.outside().clock.now());
    let masters = store.masters().await?;
    let acting = command.acting(&masters).map_err(AccessRefused::Act)?;
    if !may_propose(caller, acting, command.act.kind()) {
        return Err(AccessRefused::NotAllowed);
    }
    act::forget_agreed(&mut command.act);
    // who proposes has agreed
    let needs: BTreeSet<OfficeId> = needs
        .iter()
        .copied()
        .filter(|need| acting.office() != Some(*need))
        .collect();
    if needs.is_empty() {
        return Err(AccessRefused::NobodyToAsk);
    }
    if needs.iter().any(|need| masters.office(*need).is_none()) {
        return Err(AccessRefused::OfficeUnknown);
    }
    let new = proposal::Model {
        id,
        acting: acting.to_string(),
        key: command.head.key.as_str().to_owned(),
        kind: command.act.kind().to_owned(),
        command: command.to_value().to_string(),
        made_by: caller.person(),
        made_at: now.millis(),
        due_on: due_on.as_number(),
        state: State::OPEN.to_owned(),
        entry: None,
        closed_at: None,
    };
    let there = store.proposal(id).await?;
    if there.is_none() && due_on < business_day(now) {
        return Err(AccessRefused::DuePast);
    }
    let waiting = |need: &OfficeId| proposal_party::Model {
        proposal: id,
        office: need.0,
        answer: None,
        person: None,
        at: None,
        note: None,
    };
    let proposed = Proposed {
        parties: needs.iter().map(waiting).collect(),
        proposal: new.clone(),
    };
    let change = store.change_access().await?;
    if change.add_proposal(proposed.clone()).await? {
        change.commit().await?;
        return Ok((Proposal::read(proposed, business_day(now))?, true));
    }
    drop(change);
    let there = store.proposal(id).await?.ok_or(AccessRefused::KeyReused)?;
    let is_same = there.proposal.acting == new.acting
        && there.proposal.command == new.command
        && there.proposal.made_by == new.made_by
        && there.proposal.due_on == new.due_on
        && there.parties.iter().map(|party| OfficeId(party.office)).eq(needs);
    if is_same {
        Ok((Proposal::read(there, business_day(now))?, false))
    } else {
        Err(AccessRefused::KeyReused)
    }
}

/// What arrived and what did not is told by whoever unpacks it; what binds an office by its managers.
fn may_propose(caller: &Caller, acting: Acting, kind: &str) -> bool {
    let rights = &caller.rights;
    match acting {
        Acting::Office(office) if DIFFERENCES.contains(&kind) => rights.records_for(office),
        Acting::Office(office) => rights.manages(office),
        Acting::Network(network) => !rights.only_reads && rights.networks.contains(&network),
        Acting::Keeper => false,
    }
}

/// A proposal; who may see it is for who calls this.
///
/// # Errors
/// As any statement.
pub async fn proposal(book: &Book, id: Uuid) -> Result<Option<Proposal>, StoreError> {
    let today = business_day(book.outside().clock.now());
    let there = book.store().proposal(id).await?;
    there.map(|there| Proposal::read(there, today)).transpose()
}

/// Which proposals are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that wait for an answer or for being recorded, expired ones too.
    Open,
    /// All.
    All,
}

/// Proposals by or to these offices, and by these networks, the newest first.
///
/// # Errors
/// As any statement.
pub async fn proposals(
    book: &Book,
    offices: &BTreeSet<OfficeId>,
    networks: &BTreeSet<NetworkId>,
    which: Which,
    limit: u64,
) -> Result<Vec<Proposal>, StoreError> {
    let today = business_day(book.outside().clock.now());
    let bodies = offices.iter().map(|office| Acting::Office(*office));
    let bodies = bodies.chain(networks.iter().map(|network| Acting::Network(*network)));
    let bodies: Vec<String> = bodies.map(|acting| acting.to_string()).collect();
    let offices: Vec<Uuid> = offices.iter().map(|office| office.0).collect();
    let found = book
        .store()
        .proposals(&bodies, &offices, which == Which::Open, limit)
        .await?;
    let read = found.into_iter().map(|there| Proposal::read(there, today));
    read.collect()
}

/// Answers for an office that the caller manages. The same answer again leads to the same.
///
/// # Errors
/// [`AccessRefused`].
pub async fn answer(
    book: &Book,
    caller: &Caller,
    office: OfficeId,
    id: Uuid,
    said: Said,
    note: Option<Note>,
) -> Result<Answered, AccessRefused> {
    if !caller.rights.manages(office) {
        return Err(AccessRefused::NotAllowed);
    }
    let now = book.outside().clock.now();
    let masters = book.store().masters().await?;
    let change = book.store().change_access().await?;
    let mut there = change.lock_proposal(id).await?.ok_or(AccessRefused::NotFound)?;
    let before = Proposal::read(there.clone(), business_day(now))?;
    let party = there.parties.iter_mut().find(|party| party.office == office.0);
    let party = party.ok_or(AccessRefused::NotFound)?;
    match (&party.answer, before.state) {
        (Some(earlier), _) if earlier == said.name() => return answered(before, &masters),
        (_, State::Done(_) | State::Contested | State::Withdrawn) => {
            return Err(AccessRefused::ProposalClosed);
        }
        (Some(_), _) => return Err(AccessRefused::AlreadyAnswered),
        (None, State::Expired) => return Err(AccessRefused::ProposalExpired),
        (None, State::Open | State::Agreed) => {}
    }
    party.answer = Some(said.name().to_owned());
    party.person = Some(caller.person());
    party.at = Some(now.millis());
    party.note = note.map(String::from);
    change.answer_proposal(party.clone()).await?;
    if said == Said::Contested {
        change.close_proposal(id, State::CONTESTED, now.millis()).await?;
        State::CONTESTED.clone_into(&mut there.proposal.state);
        there.proposal.closed_at = Some(now.millis());
    }
    change.commit().await?;
    answered(Proposal::read(there, business_day(now))?, &masters)
}

fn answered(proposal: Proposal, masters: &Masters) -> Result<Answered, AccessRefused> {
    Ok(match proposal.state {
        State::Contested => Answered::Contested(proposal),
        State::Agreed => {
            let command = act::agreed(&proposal, masters)?;
            Answered::ToRecord(proposal, Box::new(command))
        }
        State::Done(_) | State::Withdrawn => return Err(AccessRefused::ProposalClosed),
        State::Open | State::Expired => Answered::Waiting(proposal),
    })
}

/// The act of a proposal to which all said yes and which is not recorded yet.
///
/// # Errors
/// [`AccessRefused`].
pub async fn to_record(book: &Book, id: Uuid) -> Result<Option<Command>, AccessRefused> {
    let there = proposal(book, id).await?.ok_or(AccessRefused::NotFound)?;
    if there.state != State::Agreed {
        return Ok(None);
    }
    let masters = book.store().masters().await?;
    act::agreed(&there, &masters).map(Some)
}

/// Takes a proposal back, by who may propose for the same body. One that was taken back stays so.
///
/// # Errors
/// [`AccessRefused`].
pub async fn withdraw(book: &Book, caller: &Caller, id: Uuid) -> Result<(), AccessRefused> {
    let there = proposal(book, id).await?.ok_or(AccessRefused::NotFound)?;
    if !may_propose(caller, there.acting, there.command.act.kind()) {
        return Err(AccessRefused::NotFound);
    }
    let now = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    if change.close_proposal(id, State::WITHDRAWN, now).await? {
        return Ok(change.commit().await?);
    }
    drop(change);
    match proposal(book, id).await?.map(|there| there.state) {
        Some(State::Withdrawn) => Ok(()),
        _ => Err(AccessRefused::ProposalClosed),
    }
}

/// Notes that the act of a proposal was recorded, also of one that was withdrawn at the same moment: what is in the book
/// is in the book.
///
/// # Errors
/// [`AccessRefused::ProposalClosed`] when it became another entry.
pub async fn done(book: &Book, id: Uuid, entry: EntryId) -> Result<(), AccessRefused> {
    let now = book.outside().clock.now().millis();
    let change = book.store().change_access().await?;
    if change.finish_proposal(id, entry.0, now).await? {
        return Ok(change.commit().await?);
    }
    drop(change);
    match proposal(book, id).await?.map(|there| there.state) {
        Some(State::Done(there)) if there == entry => Ok(()),
        Some(_) => Err(AccessRefused::ProposalClosed),
        None => Err(AccessRefused::NotFound),
    }
}
