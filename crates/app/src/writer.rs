//! The writer: a bounded queue in front of one task. It takes what is waiting as a batch, decides it in memory under
//! the head's lock, writes it in a few statements, commits, and only then answers.

mod batch;
mod failure;
mod restore;

use crate::outside::Outside;
use domain::{command::Command, decide::Decided, id::EntryId, refusal::Refusal};
use std::{future::Future, sync::Arc};
use store::{Identity, Store};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Jobs that may wait. When the queue is full, callers are told to come back.
const QUEUE: usize = 1_024;
/// Acts of one batch.
const BATCH_ACTS: usize = 512;
/// Chunks of entries that may wait to be restored.
const CHUNKS: usize = 2;
/// New acts of one all-or-nothing group; into an empty book any number.
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

enum Queued {
    Acts(Job, oneshot::Sender<Vec<Answer>>),
    Restore(mpsc::Receiver<Restoring>, oneshot::Sender<Result<(), Failure>>),
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
        self.submit(job).await?.await
    }

    /// Queues commands, waiting for room. The answers come with the future: who submits several jobs before awaiting
    /// the first keeps their order.
    pub async fn submit(
        &self,
        job: Job,
    ) -> Result<impl Future<Output = Result<Vec<Answer>, Unaccepted>> + use<>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        let sent = self.queue.send(Queued::Acts(job, answer)).await;
        sent.map_err(|_| Unaccepted::Closed)?;
        Ok(async move { answered.await.map_err(|_| Unaccepted::Closed) })
    }

    /// Like [`Writer::record`], but a full queue is [`Unaccepted::Busy`] at once.
    pub async fn try_record(&self, job: Job) -> Result<Vec<Answer>, Unaccepted> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Queued::Acts(job, answer))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Unaccepted::Busy,
                mpsc::error::TrySendError::Closed(_) => Unaccepted::Closed,
            })?;
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
        let sent = self.queue.send(Queued::Restore(input, answer)).await;
        sent.map_err(|_| Unaccepted::Closed)?;
        let outcome = async move { answered.await.map_err(|_| Unaccepted::Closed) };
        Ok(Restore { entries, outcome })
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
async fn run(store: Store, outside: Arc<Outside>, mut waiting: mpsc::Receiver<Queued>, closing: Arc<Notify>) {
    let mut recording = batch::Recording::new(store, outside);
    // what was received while a batch was gathered that it does not belong to
    let mut next: Option<Queued> = None;
    loop {
        let first = if next.is_some() {
            next.take()
        } else {
            tokio::select! {
                biased;
                () = closing.notified() => {
                    // nothing new is accepted; what waits is still received
                    waiting.close();
                    continue;
                }
                first = waiting.recv() => first,
            }
        };
        match first {
            None => return,
            Some(Queued::Restore(input, answer)) => drop(answer.send(recording.restore(input).await)),
            Some(Queued::Acts(job, answer)) => {
                let mut acts = job.commands.len();
                let (mut jobs, mut answers) = (vec![job], vec![answer]);
                while acts < BATCH_ACTS
                    && let Ok(more) = waiting.try_recv()
                {
                    match more {
                        Queued::Acts(job, answer) => {
                            acts += job.commands.len();
                            jobs.push(job);
                            answers.push(answer);
                        }
                        restore @ Queued::Restore(..) => {
                            next = Some(restore);
                            break;
                        }
                    }
                }
                for (answer, answered) in answers.into_iter().zip(recording.record(&jobs).await) {
                    drop(answer.send(answered));
                }
            }
        }
    }
}
