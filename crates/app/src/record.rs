//! 記録する: an act of somebody who came in over the network, past who may, to the writer. The API and the pages come this
//! way, so that both refuse the same in the same words. A sender who hangs up cancels nothing: the writer's task goes on.

mod many;

pub use many::{How, many};

use crate::{
    Book,
    access::{
        authority::{self, Made, NotAllowed},
        undone::undone,
        veil,
    },
    viewer::Viewer,
    views::ViewError,
    writer::{Answer, Expected, Failure, Job, Lane, Unaccepted},
};
use domain::{
    calendar::business_day,
    command::{ActingRef, Command},
    id::EntryId,
    masters::Masters,
    refusal::Refusal,
};
use store::StoreError;

/// An entry in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub entry: EntryId,
    /// Position in the log.
    pub seq: u64,
    /// Whether it is recorded now; else it was there before, under the same key.
    pub is_new: bool,
}

/// Why an act is not recorded.
#[derive(Debug)]
pub enum NotRecorded {
    /// It is not theirs to record.
    NotAllowed(NotAllowed),
    /// The rules say no.
    Refused(Refusal),
    /// It could not be done; the same under the same key is safe.
    Failed(Failure),
    /// Somebody changed the thing meanwhile.
    Changed,
    /// All or nothing: another act was refused.
    WithOthers,
    /// The writer takes nothing now.
    Unaccepted(Unaccepted),
    /// The book cannot be read.
    View(ViewError),
    /// A fault of the program.
    Internal,
}

/// Each error under its own name.
macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for NotRecorded {
            fn from(error: $error) -> NotRecorded {
                NotRecorded::$variant(error)
            }
        }
    )+};
}

from! {
    NotAllowed => NotAllowed,
    Refusal => Refused,
    Failure => Failed,
    Unaccepted => Unaccepted,
    ViewError => View,
}

impl From<StoreError> for NotRecorded {
    fn from(error: StoreError) -> NotRecorded {
        NotRecorded::View(error.into())
    }
}

/// The account that records, as it stands in entries: an id, never a name. Nothing for the keeper, who does not come this
/// way.
pub fn recorder(viewer: &Viewer) -> String {
    let person = viewer.rights().map(|rights| rights.person);
    person.unwrap_or_default().hyphenated().to_string()
}

/// Whether the viewer may record an act, with what was made before it in the same bulk. Master data as last read answer
/// yes at once; before a no they are read anew, and for acts of a network always, since a stay in it ends.
///
/// # Errors
/// [`NotRecorded::NotAllowed`] and others.
pub async fn authorize(
    book: &Book,
    viewer: &Viewer,
    command: &Command,
    made: &Made,
) -> Result<(), NotRecorded> {
    let today = business_day(book.outside().clock.now());
    let ask = |masters: &Masters| {
        let gate = viewer.gate(masters);
        authority::viewer_may_record(viewer, gate, command, made, today)
    };
    match command.head.acting {
        ActingRef::Network(_) => book.with_masters_of_now(ask).await?,
        ActingRef::Office(_) | ActingRef::Keeper => book.with_masters(ask).await?,
    }?;
    if let Some(rights) = viewer.rights()
        && let Some(undone) = undone(book, command).await?
    {
        let ask = |masters: &Masters| authority::may_undo(rights, viewer.gate(masters), command, &undone);
        book.with_masters(ask).await??;
    }
    // deciding is no reading
    viewer.take_read();
    Ok(())
}

/// Records one act of somebody who may, if the thing it changes is still as they saw it.
///
/// # Errors
/// [`NotRecorded`].
pub async fn record(
    book: &Book,
    viewer: &Viewer,
    command: Command,
    expects: Vec<Expected>,
) -> Result<Recorded, NotRecorded> {
    authorize(book, viewer, &command, &Made::default()).await?;
    record_agreed(book, viewer, command, expects).await
}

/// Records one act of which it is known already that it may be recorded: all whose yes it takes have said so.
///
/// # Errors
/// [`NotRecorded`].
pub async fn record_agreed(
    book: &Book,
    viewer: &Viewer,
    command: Command,
    expects: Vec<Expected>,
) -> Result<Recorded, NotRecorded> {
    let job = Job {
        commands: vec![command.clone()],
        atomic: false,
        recorder: recorder(viewer),
        expects,
    };
    let answers = book.writer().try_record(Lane::People, job).await?;
    match answers.into_iter().next() {
        Some(Answer::Recorded(entry, seq)) => Ok(Recorded {
            entry,
            seq,
            is_new: true,
        }),
        Some(Answer::Already(entry, seq)) => Ok(Recorded {
            entry,
            seq,
            is_new: false,
        }),
        Some(other) => Err(told(book, viewer, &command, other).await),
        None => Err(NotRecorded::Internal),
    }
}

/// What an answer that records nothing tells the one who sent it: of what they may not know, that it is not there.
pub async fn told(book: &Book, viewer: &Viewer, command: &Command, answer: Answer) -> NotRecorded {
    match answer {
        Answer::Refused(refusal) => {
            let told = veil::told(book, viewer, command, refusal).await;
            viewer.take_read();
            told.map_or_else(NotRecorded::View, NotRecorded::Refused)
        }
        Answer::Failed(failure) => NotRecorded::Failed(failure),
        Answer::Changed => NotRecorded::Changed,
        Answer::NotRecorded | Answer::Recorded(..) | Answer::Already(..) => NotRecorded::Internal,
    }
}
