//! 申し出 from beginning to end: proposed by those who may, answered, and with the last yes recorded by the one path that
//! records anything. The API and the pages both come this way.
//!
//! Differences of goods come this way too: what of a shipment is missing or goes back (`receive`), and what was placed on a
//! shelf and did not come (`return` or `dispose` of the shop).

use crate::{
    Book,
    access::{
        AccessRefused, Caller,
        authority::{self, NotAllowed},
        proposals::{self, Answered, Proposal, Said, State},
        rights::Rights,
        undone::undone,
    },
    record::{NotRecorded, record, record_agreed},
    viewer::Viewer,
};
use domain::{
    acts::Act,
    calendar::{Day, business_day},
    command::Command,
    id::{Acting, OfficeId},
    text::Note,
};
use store::StoreError;
use uuid::Uuid;

/// Why something was not proposed, answered or recorded.
#[derive(Debug)]
pub enum NotProposed {
    /// The act is not theirs to propose.
    NotAllowed(NotAllowed),
    /// The proposal is not there, over, or not theirs.
    Access(AccessRefused),
    /// The yes is kept, but the book's rules say no to the act: its proposer has to put it right.
    YesKept(NotRecorded),
    /// All said yes, but it could not be recorded now.
    NotRecorded(NotRecorded),
}

macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for NotProposed {
            fn from(error: $error) -> NotProposed {
                NotProposed::$variant(error)
            }
        }
    )+};
}

from! {
    NotAllowed => NotAllowed,
    AccessRefused => Access,
    NotRecorded => NotRecorded,
}

impl From<StoreError> for NotProposed {
    fn from(error: StoreError) -> NotProposed {
        NotProposed::Access(error.into())
    }
}

/// Proposes an act to the offices whose yes it takes. The same id again with the same content gives the proposal as it is
/// now; the answer says whether it is a new one.
///
/// # Errors
/// [`NotProposed`].
pub async fn propose(
    book: &Book,
    viewer: &Viewer,
    caller: &Caller,
    command: Command,
    due_on: Day,
    id: Uuid,
) -> Result<(Proposal, bool), NotProposed> {
    let undone = undone(book, &command).await?;
    let today = business_day(book.outside().clock.now());
    let needs = book
        .with_masters_of_now(|masters| {
            let gate = viewer.gate(masters);
            authority::may_propose(&caller.rights, gate, &command, undone.as_ref(), today)
        })
        .await??;
    viewer.take_read();
    Ok(proposals::propose(book, caller, command, &needs, due_on, id).await?)
}

/// A proposal that somebody may see: their office or network proposed it, or is asked for its yes. Who is asked sees of a
/// netting of many what concerns them.
///
/// # Errors
/// [`AccessRefused::NotFound`], or as any statement.
pub async fn seen(book: &Book, rights: &Rights, id: Uuid) -> Result<Proposal, AccessRefused> {
    let found = proposals::proposal(book, id)
        .await?
        .ok_or(AccessRefused::NotFound)?;
    let mut parties = found.parties.iter();
    let is_party = parties.any(|party| rights.offices.contains(&party.office));
    let is_own = match found.acting {
        Acting::Office(office) => rights.offices.contains(&office),
        Acting::Network(network) => rights.networks.contains(&network),
        Acting::Keeper => false,
    };
    if is_own {
        Ok(found)
    } else if is_party {
        let masters = book.moment().await?.masters;
        Ok(found.to_party(rights, &masters))
    } else {
        Err(AccessRefused::NotFound)
    }
}

/// Answers for an office; the last yes records the act. The proposal as it is then.
///
/// # Errors
/// [`NotProposed`].
pub async fn answer(
    book: &Book,
    viewer: &Viewer,
    caller: &Caller,
    office: OfficeId,
    id: Uuid,
    said: Said,
    note: Option<Note>,
) -> Result<Proposal, NotProposed> {
    seen(book, &caller.rights, id).await?;
    if let Answered::ToRecord(_, command) = proposals::answer(book, caller, office, id, said, note).await? {
        // under the proposal's own key, so that it is never recorded twice
        let recorded = record_agreed(book, viewer, *command, Vec::new()).await;
        let recorded = recorded.map_err(|error| match error {
            error @ NotRecorded::Refused(_) => NotProposed::YesKept(error),
            error => error.into(),
        })?;
        proposals::done(book, id, recorded.entry).await?;
    }
    Ok(seen(book, &caller.rights, id).await?)
}

/// Records a difference of goods after nobody answered in time: the bearer is the agreement's and the price the listed one,
/// whatever the proposal said. For the office that proposed it.
///
/// # Errors
/// [`AccessRefused::StillTime`] before the days are over, and others.
pub async fn settle_overdue(
    book: &Book,
    viewer: &Viewer,
    caller: &Caller,
    id: Uuid,
) -> Result<Proposal, NotProposed> {
    let found = seen(book, &caller.rights, id).await?;
    let Acting::Office(office) = found.acting else {
        return Err(AccessRefused::NotFound.into());
    };
    let mut command = found.command.clone();
    if !is_difference(&command.act) {
        return Err(AccessRefused::NotFound.into());
    }
    if !caller.rights.records_for(office) {
        return Err(AccessRefused::NotAllowed.into());
    }
    match found.state {
        State::Expired | State::Done(_) => {}
        State::Open | State::Agreed => return Err(AccessRefused::StillTime.into()),
        State::Contested | State::Withdrawn => return Err(AccessRefused::ProposalClosed.into()),
    }
    by_the_agreement(&mut command.act);
    let recorded = record(book, viewer, command, Vec::new()).await?;
    proposals::done(book, id, recorded.entry).await?;
    Ok(seen(book, &caller.rights, id).await?)
}

/// Whether a proposed act is a difference of goods, which is settled without an answer once the days for it are over.
pub fn is_difference(act: &Act) -> bool {
    matches!(act, Act::Receive(_) | Act::GiveBack(_) | Act::Dispose(_))
}

/// Without what only a yes could have changed.
fn by_the_agreement(act: &mut Act) {
    match act {
        Act::Receive(receive) => {
            for line in &mut receive.lines {
                line.bearer = None;
            }
        }
        Act::Dispose(dispose) => {
            for line in &mut dispose.lines {
                line.unit_price = None;
            }
        }
        _ => {}
    }
}
