//! まとめて記録する: many acts of somebody who came in over the network, each past who may, in the order in which they came.
//! The API's bulk, a file that is taken in, and the taking back of a group come this way.

use super::{NotRecorded, Recorded, authorize, recorder, told};
use crate::{
    Book,
    access::authority::Made,
    viewer::Viewer,
    writer::{Answer, Job, Lane, Unaccepted},
};
use domain::{command::Command, refusal::Refusal};

/// How many acts are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Each on its own.
    Each,
    /// All or nothing.
    AllOrNothing,
    /// Each on its own, and nothing is kept: what would become of them.
    Trial,
}

/// Records many acts, or tries them out. An answer each, in their order; in a trial [`Recorded`] is what would be recorded.
///
/// # Errors
/// [`Unaccepted`].
pub async fn many(
    book: &Book,
    viewer: &Viewer,
    acts: Vec<Result<Command, Refusal>>,
    how: How,
) -> Result<Vec<Result<Recorded, NotRecorded>>, Unaccepted> {
    let mut made = Made::default();
    let mut allowed: Vec<Result<Command, NotRecorded>> = Vec::with_capacity(acts.len());
    for act in acts {
        allowed.push(match act {
            Err(refusal) => Err(refusal.into()),
            Ok(command) => match authorize(book, viewer, &command, &made).await {
                Ok(()) => {
                    made.add(&command.act);
                    Ok(command)
                }
                Err(error) => Err(error),
            },
        });
    }
    let stops = how == How::AllOrNothing && allowed.iter().any(Result::is_err);
    let commands: Vec<Command> = if stops {
        Vec::new()
    } else {
        allowed
            .iter()
            .filter_map(|act| act.as_ref().ok())
            .cloned()
            .collect()
    };
    let answers = answers(book, viewer, commands, how).await?;
    let mut answers = answers.into_iter();
    let mut became = Vec::with_capacity(allowed.len());
    for act in allowed {
        became.push(match act {
            Err(error) => Err(error),
            Ok(command) => match answers.next().unwrap_or(Answer::NotRecorded) {
                Answer::Recorded(entry, seq) => Ok(Recorded {
                    entry,
                    seq,
                    is_new: true,
                }),
                Answer::Already(entry, seq) => Ok(Recorded {
                    entry,
                    seq,
                    is_new: false,
                }),
                Answer::NotRecorded => Err(NotRecorded::WithOthers),
                other => Err(told(book, viewer, &command, other).await),
            },
        });
    }
    Ok(became)
}

async fn answers(
    book: &Book,
    viewer: &Viewer,
    commands: Vec<Command>,
    how: How,
) -> Result<Vec<Answer>, Unaccepted> {
    if commands.is_empty() {
        return Ok(Vec::new());
    }
    let job = Job {
        commands,
        atomic: how == How::AllOrNothing,
        recorder: recorder(viewer),
        expects: Vec::new(),
    };
    match how {
        How::Trial => book.writer().try_out(job).await,
        How::Each | How::AllOrNothing => book.writer().try_record(Lane::Bulk, job).await,
    }
}
