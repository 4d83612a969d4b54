//! What is counted of recording, for whoever watches over the program: how many acts of which kind ended how. Counts
//! hold kinds and outcomes, never whose acts they were; where nobody asks for them they cost nothing.

use super::{Answer, Lane, Unaccepted};
use metrics::counter;

/// Acts that were answered, by `kind` and `outcome`.
pub const ACTS: &str = "yokoito_acts_total";
/// Jobs that were not taken, by `lane` and `reason`.
pub const UNACCEPTED: &str = "yokoito_jobs_not_accepted_total";

pub(super) fn answered(kind: &'static str, answer: &Answer) {
    counter!(ACTS, "kind" => kind, "outcome" => outcome(answer)).increment(1);
}

pub(super) fn unaccepted(lane: Lane, why: Unaccepted) {
    counter!(UNACCEPTED, "lane" => lane.name(), "reason" => why.code()).increment(1);
}

fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Recorded(..) => "recorded",
        Answer::Already(..) => "already",
        Answer::Refused(_) => "refused",
        Answer::NotRecorded => "not_recorded",
        Answer::Changed => "changed",
        Answer::Failed(_) => "failed",
    }
}
