//! What waits for the writer, and what of it makes the next batch.

use super::{Answer, Failure, GROUP_LIMIT, Job, Restoring, batch::Item, counted};
use futures_util::FutureExt;
use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Notify, mpsc, oneshot};

/// Acts of a batch of people.
const PEOPLE_ACTS: usize = 512;
/// Acts of a batch of bulk while nobody else waits.
const BULK_ACTS: usize = 2_000;
/// Acts of bulk that go along with people's, so that an import goes on while the till is busy.
const BULK_BESIDE_PEOPLE: usize = 64;
/// So long a batch decides; what is left of it makes the next one.
const DECIDING: Duration = Duration::from_millis(50);
/// So long a whole batch of bulk should take, because a person who comes meanwhile waits for it.
const BULK_TIME: Duration = Duration::from_millis(80);
/// Batches of people after which a group that waits in the bulk lane has its turn.
const PATIENCE: u32 = 8;

/// Entries verbatim as they are handed over, and who waits for the outcome.
pub(super) type Restore = (mpsc::Receiver<Restoring>, oneshot::Sender<Result<(), Failure>>);

/// What is sent through a lane.
pub(super) enum Queued {
    Acts(Job, oneshot::Sender<Vec<Answer>>),
    /// To be decided, not to be kept.
    Trial(Job, oneshot::Sender<Vec<Answer>>),
    Restore(Restore),
}

/// What the writer does next.
pub(super) enum Work {
    /// Commands one by one: [`Lanes::items`].
    Each,
    /// Commands that are all or nothing: [`Lanes::items`].
    Group,
    /// Commands that are only tried out: [`Lanes::items`].
    Trial,
    /// Entries verbatim.
    Restore(Restore),
}

/// A job that has been taken from its lane, with the answers so far.
struct Open {
    job: Job,
    /// Nothing of it is kept.
    is_trial: bool,
    answers: Vec<Answer>,
    answer: oneshot::Sender<Vec<Answer>>,
}

impl Open {
    fn left(&self) -> usize {
        self.job.commands.len() - self.answers.len()
    }

    /// Whether it makes a batch of its own.
    fn is_alone(&self) -> bool {
        self.job.atomic || self.is_trial
    }

    /// As what it is done.
    fn work(&self) -> Work {
        match (self.is_trial, self.job.atomic) {
            (true, _) => Work::Trial,
            (false, true) => Work::Group,
            (false, false) => Work::Each,
        }
    }
}

/// One lane: what has been taken from it, in order, and what still waits.
struct Side {
    waiting: mpsc::Receiver<Queued>,
    open: VecDeque<Open>,
    /// Taken from the lane behind the open jobs.
    restore: Option<Restore>,
    /// Commands of the open jobs, from the first on, that are in the batch.
    chosen: usize,
}

impl Side {
    fn new(waiting: mpsc::Receiver<Queued>) -> Side {
        Side {
            waiting,
            open: VecDeque::new(),
            restore: None,
            chosen: 0,
        }
    }

    fn put(&mut self, queued: Queued) {
        let (job, answer, is_trial) = match queued {
            Queued::Acts(job, answer) => (job, answer, false),
            Queued::Trial(job, answer) => (job, answer, true),
            Queued::Restore(restore) => {
                self.restore = Some(restore);
                return;
            }
        };
        if job.commands.is_empty() {
            drop(answer.send(Vec::new()));
        } else {
            let answers = Vec::with_capacity(job.commands.len());
            self.open.push_back(Open {
                job,
                is_trial,
                answers,
                answer,
            });
        }
    }

    fn is_idle(&self) -> bool {
        self.open.is_empty() && self.restore.is_none()
    }

    /// Takes what waits until there are so many acts, or something that has to be done alone.
    fn take(&mut self, acts: usize) {
        let mut taken: usize = self.open.iter().map(Open::left).sum();
        while taken < acts
            && self.restore.is_none()
            && let Ok(queued) = self.waiting.try_recv()
        {
            if let Queued::Acts(job, _) | Queued::Trial(job, _) = &queued {
                taken += job.commands.len();
            }
            self.put(queued);
        }
    }

    /// Chooses the first job where it makes a batch of its own: all or nothing, or only tried out.
    fn choose_alone(&mut self) -> Option<Work> {
        let first = self.open.front().filter(|open| open.is_alone())?;
        self.chosen = first.left();
        Some(first.work())
    }

    fn is_alone(&self) -> bool {
        self.open.front().is_some_and(Open::is_alone)
    }

    /// Chooses single commands up to the next job that makes a batch of its own.
    fn choose(&mut self, acts: usize) {
        let singles = self.open.iter().take_while(|open| !open.is_alone());
        self.chosen = singles.map(Open::left).sum::<usize>().min(acts);
    }

    fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let items = self.open.iter().flat_map(|open| {
            let commands = open.job.commands.iter().skip(open.answers.len());
            let answered = open.answers.len();
            commands.enumerate().map(move |(n, command)| Item {
                command,
                recorder: &open.job.recorder,
                expects: if answered + n == 0 { &open.job.expects } else { &[] },
            })
        });
        items.take(self.chosen)
    }

    /// Puts answers to the chosen commands, as far as there are any; jobs that are whole are answered.
    fn answer(&mut self, answers: &mut impl Iterator<Item = Answer>) {
        for _ in 0..self.chosen {
            let Some(open) = self.open.front_mut() else { break };
            let Some(answer) = answers.next() else { break };
            if let Some(command) = open.job.commands.get(open.answers.len())
                && !open.is_trial
            {
                counted::answered(command.act.kind(), &answer);
            }
            open.answers.push(answer);
            if open.left() == 0
                && let Some(done) = self.open.pop_front()
            {
                // who has hung up does not want to know
                drop(done.answer.send(done.answers));
            }
        }
        self.chosen = 0;
    }
}

/// Both lanes as the writer's task sees them.
pub(super) struct Lanes {
    people: Side,
    bulk: Side,
    closing: Arc<Notify>,
    /// Acts of the next batch of bulk: as many as can be done in [`BULK_TIME`] at the speed of the last ones.
    bulk_acts: usize,
    /// Batches of people since bulk had its turn.
    passed: u32,
    begun: Instant,
}

impl Lanes {
    pub fn new(people: mpsc::Receiver<Queued>, bulk: mpsc::Receiver<Queued>, closing: Arc<Notify>) -> Lanes {
        Lanes {
            people: Side::new(people),
            bulk: Side::new(bulk),
            closing,
            bulk_acts: PEOPLE_ACTS,
            passed: 0,
            begun: Instant::now(),
        }
    }

    /// Waits for work; none when the lanes are closed and empty.
    pub async fn next(&mut self) -> Option<Work> {
        // asked each time: lanes that never get empty are closed all the same
        if self.closing.notified().now_or_never().is_some() {
            self.close();
        }
        if self.people.is_idle() && self.bulk.is_idle() {
            self.wait().await?;
        }
        self.people.take(PEOPLE_ACTS);
        // those whose answers have just been sent are about to send their next act: together they make one flush
        let mut waiting = 0;
        while self.people.open.len() > waiting {
            waiting = self.people.open.len();
            tokio::task::yield_now().await;
            self.people.take(PEOPLE_ACTS);
        }
        self.bulk.take(self.bulk_acts);
        self.begun = Instant::now();
        Some(self.choose())
    }

    /// Nothing new is accepted; what waits is still received.
    fn close(&mut self) {
        self.people.waiting.close();
        self.bulk.waiting.close();
    }

    async fn wait(&mut self) -> Option<()> {
        let (mut no_people, mut no_bulk) = (false, false);
        while !(no_people && no_bulk) {
            tokio::select! {
                biased;
                () = self.closing.notified() => self.close(),
                first = self.people.waiting.recv(), if !no_people => match first {
                    Some(first) => { self.people.put(first); return Some(()); }
                    None => no_people = true,
                },
                first = self.bulk.waiting.recv(), if !no_bulk => match first {
                    Some(first) => { self.bulk.put(first); return Some(()); }
                    None => no_bulk = true,
                },
            }
        }
        None
    }

    fn choose(&mut self) -> Work {
        let bulk_is_due = self.passed >= PATIENCE && !self.bulk.is_idle();
        if !self.people.open.is_empty() && !bulk_is_due {
            self.passed += 1;
            if let Some(work) = self.people.choose_alone() {
                return work;
            }
            self.people.choose(PEOPLE_ACTS);
            if !self.bulk.open.is_empty() && !self.bulk.is_alone() {
                self.passed = 0;
                self.bulk.choose(BULK_BESIDE_PEOPLE);
            }
            return Work::Each;
        }
        self.passed = 0;
        if let Some(work) = self.bulk.choose_alone() {
            return work;
        }
        if self.bulk.open.is_empty()
            && let Some(restore) = self.bulk.restore.take()
        {
            return Work::Restore(restore);
        }
        self.bulk.choose(self.bulk_acts);
        Work::Each
    }

    /// The commands of the batch, people's first.
    pub fn items(&self) -> Vec<Item<'_>> {
        self.people.items().chain(self.bulk.items()).collect()
    }

    /// Whether a batch of single commands should end with those that have been decided, for so long by now. What went
    /// before, waiting for the lock and loading, is shared by all that are decided after it.
    pub fn is_time(&self, deciding: Duration) -> bool {
        let people_wait = self.people.chosen == 0 && !self.people.waiting.is_empty();
        people_wait || (self.people.chosen > 0 && deciding > DECIDING)
    }

    /// Hands the answers out. Commands without one stay first in their lane.
    pub fn answer(&mut self, answers: Vec<Answer>) {
        if self.people.chosen == 0 && !self.bulk.is_alone() {
            self.learn(answers.len());
        }
        let mut answers = answers.into_iter();
        self.people.answer(&mut answers);
        self.bulk.answer(&mut answers);
    }

    /// How many acts of bulk make a batch, from how long the last one took.
    fn learn(&mut self, done: usize) {
        let taken = self.begun.elapsed();
        if taken > BULK_TIME {
            self.bulk_acts = (done * 2 / 3).max(BULK_BESIDE_PEOPLE);
        } else if done == self.bulk_acts && taken < BULK_TIME * 2 / 3 {
            self.bulk_acts = (done * 3 / 2).min(BULK_ACTS);
        }
    }
}

const _: () = assert!(GROUP_LIMIT >= BULK_ACTS);
