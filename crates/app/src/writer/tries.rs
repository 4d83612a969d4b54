//! A batch is tried again: when something passed or was lost, and once when nothing was heard for long.

use super::{
    Answer,
    batch::{Item, Mode, Recording},
    failure::{Remedy, Trouble},
};
use domain::id::EntryId;
use futures_util::FutureExt;
use std::{
    collections::HashSet,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// So long a batch is tried again when the connection is lost or another program is in the way.
const PATIENCE: Duration = Duration::from_secs(20);
/// So long one try may take, and so much longer for each of its commands. Far more than any takes: this is for a server
/// or a network that has fallen silent without closing the connection, which would hold up everybody without end.
const SILENCE: Duration = Duration::from_secs(30);
const SILENCE_PER_COMMAND: Duration = Duration::from_millis(20);
/// Pauses between tries grow up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl Recording {
    /// `unheard`: entries of commits whose outcome was never heard.
    pub(super) async fn with_retries(
        &mut self,
        items: &[Item<'_>],
        mode: Mode<'_>,
        unheard: &mut HashSet<EntryId>,
    ) -> Result<Vec<Answer>, Trouble> {
        let mut begun = Instant::now();
        let mut pause = Duration::from_millis(20);
        let commands = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let longest = SILENCE + SILENCE_PER_COMMAND * commands;
        let mut is_silent = false;
        loop {
            let attempt = AssertUnwindSafe(self.attempt(items, mode, unheard)).catch_unwind();
            let trouble = match timeout(longest, attempt).await {
                Ok(Ok(Ok(mut answers))) => {
                    for answer in &mut answers {
                        found_again(answer, unheard);
                    }
                    return Ok(answers);
                }
                Ok(Ok(Err(error))) => Trouble::Store(error),
                Ok(Err(_)) => Trouble::Panic,
                Err(_) => Trouble::Silence,
            };
            // once more with all patience: over a new connection the server may well answer, and know of a commit
            if matches!(trouble, Trouble::Silence) && !is_silent {
                is_silent = true;
                begun = Instant::now();
            }
            if trouble.remedy() != Remedy::Again || begun.elapsed() + pause > PATIENCE {
                tracing::error!(%trouble, "the batch was given up");
                return Err(trouble);
            }
            tracing::warn!(%trouble, "the batch is tried again");
            tokio::time::sleep(pause).await;
            pause = (pause * 3).min(LONGEST_PAUSE);
        }
    }
}

/// A commit whose answer was lost did happen: to its caller it is new, to the first one if the same was sent twice.
fn found_again(answer: &mut Answer, unheard: &mut HashSet<EntryId>) {
    match *answer {
        Answer::Already(id, seq) if unheard.remove(&id) => *answer = Answer::Recorded(id, seq),
        // it did not happen then, but now
        Answer::Recorded(id, _) => drop(unheard.remove(&id)),
        _ => {}
    }
}
