//! The writer: a bounded queue in front of one task. It takes what is waiting as a batch, decides it in memory under
//! the head's lock, writes it in a few statements, commits, and only then answers.

mod batch;
mod failure;

use crate::outside::Outside;
use domain::{command::Command, id::EntryId, refusal::Refusal};
use std::sync::Arc;
use store::Store;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Jobs that may wait. When the queue is full, callers are told to come back.
const QUEUE: usize = 1_024;
/// Acts of one batch.
const BATCH_ACTS: usize = 512;
/// Acts of one all-or-nothing group.
pub const GROUP_LIMIT: usize = 5_000;

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
    /// It could not be done; nothing of it was recorded.
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

/// Commands that are recorded together, in order.
pub struct Job {
    /// The commands.
    pub commands: Vec<Command>,
    /// All or nothing.
    pub atomic: bool,
    /// Account that records (an id, never a name).
    pub recorder: String,
}

struct Queued {
    job: Job,
    answer: oneshot::Sender<Vec<Answer>>,
}

/// The handle to the writer; clones share one task.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Queued>,
    closing: Arc<Notify>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// The queue is full, or the writer has been closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unaccepted {
    /// Too many are waiting.
    #[error("いま混み合っています。少し待ってから、もう一度送ってください。")]
    Busy,
    /// The program is closing.
    #[error("プログラムを終了しています。あとでもう一度送ってください。")]
    Closed,
}

impl Writer {
    /// Starts the task.
    pub fn start(store: Store, outside: Arc<Outside>) -> Writer {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let closing = Arc::new(Notify::new());
        let task = tokio::spawn(run(store, outside, waiting, Arc::clone(&closing)));
        Writer {
            queue,
            closing,
            task: Arc::new(Mutex::new(Some(task))),
        }
    }

    /// Records commands and waits for the answers, one per command. Waits for room in the queue.
    pub async fn record(&self, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Queued { job, answer }).await.map_err(|_| Unaccepted::Closed)?;
        answered.await.map_err(|_| Unaccepted::Closed)
    }

    /// Like [`Writer::record`], but a full queue is [`Unaccepted::Busy`] at once.
    pub async fn try_record(&self, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Queued { job, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unaccepted::Busy,
            mpsc::error::TrySendError::Closed(_) => Unaccepted::Closed,
        })?;
        answered.await.map_err(|_| Unaccepted::Closed)
    }

    /// Ends the task after what was accepted has been answered. Later callers are told that it is closed.
    pub async fn drain(&self) {
        self.closing.notify_one();
        let handle = self.task.lock().await.take();
        if let Some(handle) = handle {
            // a panic of the task has been answered to its callers as a closed queue
            drop(handle.await);
        }
    }
}

/// The task. A caller that hangs up cancels nothing: the answer is dropped, the entry stays.
async fn run(
    store: Store,
    outside: Arc<Outside>,
    mut waiting: mpsc::Receiver<Queued>,
    closing: Arc<Notify>,
) {
    let mut recording = batch::Recording::new(store, outside);
    loop {
        let first = tokio::select! {
            biased;
            () = closing.notified() => {
                // nothing new is accepted; what waits is still received
                waiting.close();
                continue;
            }
            first = waiting.recv() => first,
        };
        let Some(first) = first else { return };
        let mut acts = first.job.commands.len();
        let mut taken = vec![first];
        while acts < BATCH_ACTS
            && let Ok(next) = waiting.try_recv()
        {
            acts += next.job.commands.len();
            taken.push(next);
        }
        let (jobs, answers): (Vec<Job>, Vec<_>) = taken.into_iter().map(|queued| (queued.job, queued.answer)).unzip();
        for (answer, answered) in answers.into_iter().zip(recording.record(&jobs).await) {
            drop(answer.send(answered));
        }
    }
}
