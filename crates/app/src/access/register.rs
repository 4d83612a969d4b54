//! 閲覧記録: each reading of an office's dealings by a coordinator is itself recorded, before it is answered, and shown to
//! the office.
//!
//! A lane of its own: one task writes what is waiting in one statement, so many readers share a commit, and none waits
//! for the writer of the book longer than a batch.

use super::AccessRefused;
use crate::Book;
use domain::id::{NetworkId, OfficeId};
use std::sync::{Mutex, PoisonError};
use store::{Store, StoreError, access::READINGS, entity::reading};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use uuid::Uuid;

/// Askers that may wait; the next one waits for room.
const WAITING: usize = 1_024;

/// A reading that is about to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Who reads: the account's id.
    pub person: Uuid,
    /// Whose dealings.
    pub office: OfficeId,
    /// For which network.
    pub network: NetworkId,
    /// Name of the operation, as the API has it.
    pub operation: String,
    /// What was asked for: codes, ids and days, never free text.
    pub subject: String,
}

/// A reading in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Its number, in the order of writing.
    pub no: i64,
    /// UTC milliseconds.
    pub at: i64,
    /// What was read, by whom.
    pub reading: Reading,
}

impl From<reading::Model> for Noted {
    fn from(row: reading::Model) -> Noted {
        Noted {
            no: row.no,
            at: row.at,
            reading: Reading {
                person: row.person,
                office: OfficeId(row.office),
                network: NetworkId(row.network),
                operation: row.operation,
                subject: row.subject,
            },
        }
    }
}

/// Notes readings. What was read may be answered only after this: else nothing was noted, or nobody knows.
///
/// # Errors
/// [`AccessRefused`].
pub async fn note(book: &Book, readings: Vec<Reading>) -> Result<(), AccessRefused> {
    let at = book.outside().clock.now().millis();
    let row = |reading: Reading| reading::Model {
        no: 0,
        at,
        person: reading.person,
        office: reading.office.0,
        network: reading.network.0,
        operation: reading.operation,
        subject: reading.subject,
    };
    let rows: Vec<reading::Model> = readings.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    book.access().register.note(rows).await
}

/// Readings of the dealings of offices after a number, in their order, at most so many.
///
/// # Errors
/// As any statement.
pub async fn readings_of(
    book: &Book,
    offices: &[OfficeId],
    after_no: i64,
    limit: u64,
) -> Result<Vec<Noted>, StoreError> {
    let mut found = Vec::new();
    for office in offices {
        found.extend(book.store().readings(office.0, after_no, limit).await?);
    }
    found.sort_by_key(|row| row.no);
    found.dedup_by_key(|row| row.no);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found.into_iter().map(Noted::from).collect())
}

type Waiting = (Vec<reading::Model>, oneshot::Sender<Result<(), StoreError>>);

/// The lane.
pub(super) struct Register {
    /// None when it is closed.
    lane: Mutex<Option<mpsc::Sender<Waiting>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Register {
    pub fn start(store: Store) -> Register {
        let (lane, waiting) = mpsc::channel(WAITING);
        Register {
            lane: Mutex::new(Some(lane)),
            task: tokio::sync::Mutex::new(Some(tokio::spawn(run(store, waiting)))),
        }
    }

    async fn note(&self, rows: Vec<reading::Model>) -> Result<(), AccessRefused> {
        let lane = self.lane.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let lane = lane.ok_or(AccessRefused::Closing)?;
        let (answer, answered) = oneshot::channel();
        let sent = lane.send((rows, answer)).await;
        sent.map_err(|_| AccessRefused::Closing)?;
        drop(lane);
        Ok(answered.await.map_err(|_| AccessRefused::Closing)??)
    }

    pub async fn drain(&self) {
        drop(self.lane.lock().unwrap_or_else(PoisonError::into_inner).take());
        let task = self.task.lock().await.take();
        if let Some(task) = task {
            // a panic of the task has been answered to its callers as a closed lane
            drop(task.await);
        }
    }
}

/// The task: what is waiting is one statement. Who hangs up is noted all the same.
async fn run(store: Store, mut lane: mpsc::Receiver<Waiting>) {
    while let Some(first) = lane.recv().await {
        let mut batch = vec![first];
        let mut rows: usize = batch.iter().map(|(rows, _)| rows.len()).sum();
        while rows < READINGS
            && let Ok(next) = lane.try_recv()
        {
            rows += next.0.len();
            batch.push(next);
        }
        write(&store, batch).await;
    }
}

async fn write(store: &Store, batch: Vec<Waiting>) {
    let all: Vec<reading::Model> = batch.iter().flat_map(|(rows, _)| rows.clone()).collect();
    let outcome = add(store, all).await;
    let is_alone = batch.len() == 1;
    for (rows, answer) in batch {
        let outcome = match &outcome {
            // one of them may be the cause: each by itself
            Err(StoreError::Conflict { .. } | StoreError::Driver { .. }) if !is_alone => {
                add(store, rows).await
            }
            outcome => outcome.clone(),
        };
        drop(answer.send(outcome));
    }
}

/// All or none of so many.
async fn add(store: &Store, rows: Vec<reading::Model>) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        store.add_readings(rows.by_ref().take(READINGS).collect()).await?;
    }
    Ok(())
}
