//! The writer: two bounded lanes in front of one task. It takes what is waiting as a batch, decides it in memory under
//! the head's lock, writes it in a few statements, commits, and only then answers.
//!
//! What people send goes before what programs send in bulk: an import takes small steps while somebody is at the till.

mod batch;
pub mod counted;
mod failure;
mod lanes;
mod restore;
mod tries;

use crate::{
    outside::Outside,
    views::masters::{Subject, version},
};
use domain::{command::Command, decide::Decided, id::EntryId, masters::Masters, refusal::Refusal};
use lanes::{Lanes, Queued, Work};
use std::{future::Future, sync::Arc};
use store::{Identity, Store, WriterState};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Jobs of people that may wait. When the lane is full, callers are told to come back.
const PEOPLE: usize = 1_024;
/// Jobs of imports that may wait; each is many acts.
const BULK: usize = 16;
/// Chunks of entries that may wait to be restored.
const CHUNKS: usize = 2;
/// New acts of one all-or-nothing group; into an empty book any number.
pub const GROUP_LIMIT: usize = 5_000;

/// Who sends a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for the answer.
    People,
    /// An import, or another program that sends many acts.
    Bulk,
}

impl Lane {
    /// Both, people's first.
    pub const ALL: [Lane; 2] = [Lane::People, Lane::Bulk];

    /// In one word, for figures.
    pub fn name(self) -> &'static str {
        match self {
            Lane::People => "people",
            Lane::Bulk => "bulk",
        }
    }
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Recorded: its entry and position.
    Recorded(EntryId, u64),
    /// The same act had been recorded under this key.
    Already(EntryId, u64),
    /// The rules say no.
    Refused(Refusal),
    /// All or nothing: another act of the group was refused, so this one was not recorded.
    NotRecorded,
    /// The thing was not, or no longer, as its sender had seen it.
    Changed,
    /// It could not be done. Nothing of it was recorded, unless the code is `outcome-unknown`: then only sending it
    /// again under the same key tells.
    Failed(Failure),
}

/// Why something could not be done, in a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Stable code.
    pub code: &'static str,
    /// Sentence for people.
    pub sentence: String,
}

/// Commands that are recorded in order.
pub struct Job {
    /// The commands.
    pub commands: Vec<Command>,
    /// All or nothing.
    pub atomic: bool,
    /// Account that records (an id, never a name).
    pub recorder: String,
    /// How the first command's thing must be for it to be recorded; nothing for whichever way it is.
    pub expects: Vec<Expected>,
}

/// A thing of the master data as somebody saw it before changing it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The thing.
    pub subject: Subject,
    /// Its version then; none when it was not there.
    pub version: Option<String>,
}

impl Expected {
    fn holds(&self, masters: &Masters) -> bool {
        version(masters, &self.subject) == self.version
    }
}

/// What is handed to a restoring, in order.
pub enum Restoring {
    /// Entries that follow each other, checked.
    Entries(Vec<Decided>),
    /// All were handed over: only now they are kept, and the book becomes the one that was copied. The copy of an empty
    /// book may have no identity.
    End(Option<Box<Identity>>),
}

/// Where entries are handed over, and the future that says what became of them.
pub struct Restore<F> {
    /// Takes the entries. Dropped without [`Restoring::End`], nothing is kept.
    pub entries: mpsc::Sender<Restoring>,
    /// The outcome.
    pub outcome: F,
}

/// The handle to the writer; clones share one task.
#[derive(Clone)]
pub struct Writer {
    people: mpsc::Sender<Queued>,
    bulk: mpsc::Sender<Queued>,
    closing: Arc<Notify>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// The lane is full, or the writer has been closed. Nothing was taken; the same may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unaccepted {
    /// Too many are waiting.
    #[error("いま混み合っています。少し待ってから、もう一度送ってください。")]
    Busy,
    /// The program is closing.
    #[error("プログラムを終了しています。あとでもう一度送ってください。")]
    Closed,
}

impl Unaccepted {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Unaccepted::Busy => "busy",
            Unaccepted::Closed => "closing",
        }
    }
}

impl Writer {
    /// Starts the task. What the state keeps in mind changes the speed, no answer.
    pub fn start(store: Store, outside: Arc<Outside>, state: WriterState) -> Writer {
        let (people, waiting_people) = mpsc::channel(PEOPLE);
        let (bulk, waiting_bulk) = mpsc::channel(BULK);
        let closing = Arc::new(Notify::new());
        let lanes = Lanes::new(waiting_people, waiting_bulk, Arc::clone(&closing));
        let task = tokio::spawn(run(batch::Recording::new(store, outside, state), lanes));
        Writer {
            people,
            bulk,
            closing,
            task: Arc::new(Mutex::new(Some(task))),
        }
    }

    fn lane(&self, lane: Lane) -> &mpsc::Sender<Queued> {
        match lane {
            Lane::People => &self.people,
            Lane::Bulk => &self.bulk,
        }
    }

    /// Jobs that wait in a lane and have not been looked at yet.
    pub fn waiting(&self, lane: Lane) -> usize {
        let lane = self.lane(lane);
        lane.max_capacity().saturating_sub(lane.capacity())
    }

    /// Records commands of a person and waits for the answers, one per command. Waits for room in the lane.
    pub async fn record(&self, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        self.submit(Lane::People, job).await?.await
    }

    /// Queues commands, waiting for room. The answers come with the future: who submits several jobs before awaiting
    /// the first keeps their order.
    pub async fn submit(
        &self,
        lane: Lane,
        job: Job,
    ) -> Result<impl Future<Output = Result<Vec<Answer>, Unaccepted>> + use<>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        let sent = self.lane(lane).send(Queued::Acts(job, answer)).await;
        sent.map_err(|_| Unaccepted::Closed)?;
        Ok(async move { answered.await.map_err(|_| Unaccepted::Closed) })
    }

    /// Like [`Writer::submit`] and waiting, but a full lane is [`Unaccepted::Busy`] at once.
    pub async fn try_record(&self, lane: Lane, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(lane, Queued::Acts(job, answer))?;
        answered.await.map_err(|_| Unaccepted::Closed)
    }

    fn hand_in(&self, lane: Lane, queued: Queued) -> Result<(), Unaccepted> {
        let handed = self.lane(lane).try_send(queued).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unaccepted::Busy,
            mpsc::error::TrySendError::Closed(_) => Unaccepted::Closed,
        });
        handed.inspect_err(|why| counted::unaccepted(lane, *why))
    }

    /// What would become of commands if they were recorded one after the other now. They are decided like any others,
    /// each on its own and knowing of those before it, and nothing is kept. [`Answer::Recorded`] is what would be recorded.
    /// As many as a group may have; a full lane is [`Unaccepted::Busy`] at once.
    pub async fn try_out(&self, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        self.hand_in(Lane::Bulk, Queued::Trial(job, answer))?;
        answered.await.map_err(|_| Unaccepted::Closed)
    }

    /// Begins to write entries of another book, verbatim, into this one, which has to be empty. All or nothing; nobody
    /// else records until it has ended.
    pub async fn restore(
        &self,
    ) -> Result<Restore<impl Future<Output = Result<Result<(), Failure>, Unaccepted>> + use<>>, Unaccepted>
    {
        let (entries, input) = mpsc::channel(CHUNKS);
        let (answer, answered) = oneshot::channel();
        let sent = self.bulk.send(Queued::Restore((input, answer))).await;
        sent.map_err(|_| Unaccepted::Closed)?;
        let outcome = async move { answered.await.map_err(|_| Unaccepted::Closed) };
        Ok(Restore { entries, outcome })
    }

    /// Ends the task after what was accepted has been answered. Later callers are told that it is closed.
    pub async fn drain(&self) {
        self.closing.notify_one();
        let handle = self.task.lock().await.take();
        if let Some(handle) = handle {
            // a panic of the task has been answered to its callers as a closed lane
            drop(handle.await);
        }
    }
}

/// The task. A caller that hangs up cancels nothing: the answer is dropped, the entry stays.
async fn run(mut recording: batch::Recording, mut lanes: Lanes) {
    while let Some(work) = lanes.next().await {
        match work {
            Work::Restore((input, answer)) => drop(answer.send(recording.restore(input).await)),
            Work::Group => {
                let answers = recording.record_group(&lanes.items()).await;
                lanes.answer(answers);
            }
            Work::Trial => {
                let answers = recording.try_out(&lanes.items()).await;
                lanes.answer(answers);
            }
            Work::Each => {
                let answers = recording
                    .record_each(&lanes.items(), |deciding| lanes.is_time(deciding))
                    .await;
                lanes.answer(answers);
            }
        }
    }
}
