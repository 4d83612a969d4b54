//! A batch: facts fetched in bulk, commands decided one after the other in memory, rows written at the end. One refusal
//! never stops the others; an error of the store rolls the whole batch back.

use super::{
    Answer, Expected, GROUP_LIMIT,
    failure::{Remedy, panicked},
};
use crate::outside::Outside;
use domain::{
    apply::apply_act,
    calendar::Instant,
    command::Command,
    decide::{Context, Decided, Decision, decide},
    facts::{Facts, Need},
    id::EntryId,
    refusal::{Refusal, Stop, Why},
};
use std::{
    collections::{BTreeSet, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{self, Duration},
};
use store::{Batch, Identity, Store, StoreError, WriterState};

/// Rounds of bulk fetching before the batch; what is still missing then is fetched where it is met.
const FETCH_ROUNDS: usize = 8;
/// Rounds of one decision, far more than any act needs.
const DECIDE_ROUNDS: usize = 10_000;

pub(super) struct Recording {
    pub(super) store: Store,
    outside: Arc<Outside>,
    pub(super) state: WriterState,
}

/// A command of a batch.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub command: &'a Command,
    pub recorder: &'a str,
    pub expects: &'a [Expected],
}

/// How a batch is taken.
#[derive(Clone, Copy)]
pub(super) enum Mode<'a> {
    /// Each on its own; ends with those that have been decided when it is time, which is asked with how long deciding
    /// has taken.
    Each(&'a (dyn Fn(Duration) -> bool + Sync)),
    /// All or nothing.
    Group,
    /// Each on its own, and nothing is kept.
    Trial,
}

impl Recording {
    pub fn new(store: Store, outside: Arc<Outside>, state: WriterState) -> Recording {
        Recording {
            store,
            outside,
            state,
        }
    }

    /// Records commands each on its own. Halved around a command that the store cannot take, until it stands alone.
    /// Answers the first of them, at least one: those that were decided when it was time.
    pub async fn record_each(
        &mut self,
        items: &[Item<'_>],
        is_time: impl Fn(Duration) -> bool + Sync,
    ) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(items.len());
        let mut unheard = HashSet::new();
        let mut ranges = vec![(0, items.len())];
        while let Some((from, to)) = ranges.pop() {
            let part = items.get(from..to).unwrap_or_default();
            match self.with_retries(part, Mode::Each(&is_time), &mut unheard).await {
                Ok(some) => {
                    let is_all = some.len() == part.len();
                    answers.extend(some);
                    if !is_all {
                        break;
                    }
                }
                Err(trouble) if trouble.remedy() == Remedy::Halve && part.len() > 1 => {
                    let middle = from + part.len() / 2;
                    ranges.push((middle, to));
                    ranges.push((from, middle));
                }
                Err(trouble) => {
                    answers.extend(part.iter().map(|_| Answer::Failed(trouble.failure(&unheard))));
                }
            }
        }
        answers
    }

    /// Records all commands or none.
    pub async fn record_group(&mut self, items: &[Item<'_>]) -> Vec<Answer> {
        let mut unheard = HashSet::new();
        match self.with_retries(items, Mode::Group, &mut unheard).await {
            Ok(answers) => answers,
            Err(trouble) => {
                let failure = trouble.failure(&unheard);
                items.iter().map(|_| Answer::Failed(failure.clone())).collect()
            }
        }
    }

    /// What would become of commands, each on its own, one after the other.
    pub async fn try_out(&mut self, items: &[Item<'_>]) -> Vec<Answer> {
        match self.with_retries(items, Mode::Trial, &mut HashSet::new()).await {
            Ok(answers) => answers,
            Err(trouble) => {
                let failure = trouble.failure(&HashSet::new());
                items.iter().map(|_| Answer::Failed(failure.clone())).collect()
            }
        }
    }

    pub(super) async fn attempt(
        &mut self,
        items: &[Item<'_>],
        mode: Mode<'_>,
        unheard: &mut HashSet<EntryId>,
    ) -> Result<Vec<Answer>, StoreError> {
        let Recording {
            store,
            outside,
            state,
        } = self;
        let mut batch = store.begin_batch(state).await?;
        if batch.size() == 0 && batch.book_id().await?.is_none() {
            let identity = Identity {
                book: crate::new_book(outside),
                keys: Vec::new(),
                checkpoints: Vec::new(),
            };
            batch.identify(identity).await?;
        }
        fetch(&batch, items, outside, state).await?;
        let mut answers = Vec::with_capacity(items.len());
        let mut pending: Vec<Decided> = Vec::new();
        let mut last = batch.last_recorded_at();
        // an empty book has nobody who would have to wait for a large group
        let limit = match mode {
            Mode::Group | Mode::Trial if batch.size() > 0 => GROUP_LIMIT,
            _ => usize::MAX,
        };
        let mut new = 0;
        let mut flushes = 0_u32;
        let deciding = time::Instant::now();
        for (n, item) in items.iter().enumerate() {
            // after a commit that was not heard of, all of its commands are looked up together, however late it is
            if n > 0
                && unheard.is_empty()
                && let Mode::Each(is_time) = mode
                && is_time(deciding.elapsed())
            {
                break;
            }
            let context = context(outside, item, &mut last);
            let flushed = flushes;
            let decision = decide_one(
                &mut batch,
                item.command,
                &context,
                state,
                &mut pending,
                &mut flushes,
            )
            .await?;
            // what was recorded meanwhile tells more of what the others will ask for: an office, its products
            if flushes > flushed && flushes.is_power_of_two() && pending.is_empty() {
                fetch(&batch, items.get(n + 1..).unwrap_or_default(), outside, state).await?;
            }
            let masters = &state.facts().masters;
            let answer = match decision {
                // asked only of what is new: a retry is answered as the first time
                Ok(Decision::New(_)) if !item.expects.iter().all(|expected| expected.holds(masters)) => {
                    Answer::Changed
                }
                Ok(Decision::New(_)) if new == limit => {
                    Answer::Refused(Refusal::at("", Why::TooManyLines { limit: GROUP_LIMIT }))
                }
                Ok(Decision::New(decided)) => {
                    new += 1;
                    let answer = Answer::Recorded(decided.entry.id, decided.entry.seq);
                    let entry = Arc::new(decided.entry.clone());
                    apply_act(
                        state.facts_mut(),
                        &entry,
                        Some(&item.command.act),
                        decided.body_hash,
                    );
                    pending.push(*decided);
                    answer
                }
                Ok(Decision::Already(id, seq)) => Answer::Already(id, seq),
                Err(answer) => answer,
            };
            let stops = matches!(
                answer,
                Answer::Refused(_) | Answer::Failed(_) | Answer::NotRecorded | Answer::Changed
            );
            answers.push(answer);
            if stops && matches!(mode, Mode::Group) {
                batch.roll_back(state).await?;
                return Ok(none_recorded(answers, items.len()));
            }
        }
        if matches!(mode, Mode::Trial) {
            batch.roll_back(state).await?;
            return Ok(answers);
        }
        batch.write(&pending, state).await?;
        // until it is heard of; the answer may never come
        unheard.extend(answers.iter().filter_map(recorded));
        match batch.commit(state).await {
            Ok(()) => Ok(answers),
            Err(error) => {
                if undoes_commit(&error) {
                    for id in answers.iter().filter_map(recorded) {
                        unheard.remove(&id);
                    }
                }
                Err(error)
            }
        }
    }
}

/// Whether an error of a commit is the engine's word that nothing was kept. After any other nobody knows.
fn undoes_commit(error: &StoreError) -> bool {
    match error {
        StoreError::DiskFull { .. }
        | StoreError::Locked { .. }
        | StoreError::Conflict { .. }
        | StoreError::Retry { .. }
        | StoreError::Moved => true,
        StoreError::Unavailable { .. }
        | StoreError::Corrupt { .. }
        | StoreError::Newer { .. }
        | StoreError::Driver { .. } => false,
    }
}

/// Of a group in which one was refused, the others are not recorded.
fn none_recorded(mut answers: Vec<Answer>, count: usize) -> Vec<Answer> {
    for answer in &mut answers {
        if matches!(answer, Answer::Recorded(..)) {
            *answer = Answer::NotRecorded;
        }
    }
    answers.resize(count, Answer::NotRecorded);
    answers
}

fn recorded(answer: &Answer) -> Option<EntryId> {
    match answer {
        Answer::Recorded(id, _) => Some(*id),
        _ => None,
    }
}

/// Recorded now, but never before the last entry; one look at the clock per command.
fn context(outside: &Outside, item: &Item<'_>, last: &mut i64) -> Context {
    let now = outside.clock.now().millis().max(*last);
    *last = now;
    Context {
        now: Instant::from_millis(now).unwrap_or(Instant::EPOCH),
        recorder: item.recorder.to_owned(),
        seed: outside.random.seed(),
    }
}

/// Looks what the commands will ask for and loads it in bulk. Decides nothing: what an earlier command of the batch
/// changes is not known yet.
async fn fetch(
    batch: &Batch,
    items: &[Item<'_>],
    outside: &Outside,
    state: &mut WriterState,
) -> Result<(), StoreError> {
    let now = outside.clock.now();
    let mut open: Vec<&Item> = items.iter().collect();
    for _ in 0..FETCH_ROUNDS {
        let mut needs: BTreeSet<Need> = BTreeSet::new();
        open.retain(|item| {
            let context = Context {
                now,
                recorder: String::new(),
                seed: [0; 32],
            };
            match try_decide(item.command, state.facts(), &context) {
                // answers hold only until the next entry: they are asked for when it is the command's turn
                Ok(Err(Stop::Need(more))) => {
                    let more = more.into_iter().filter(|need| !matches!(need, Need::Answer(_)));
                    let before = needs.len();
                    needs.extend(more);
                    needs.len() > before || !needs.is_empty()
                }
                _ => false,
            }
        });
        if needs.is_empty() {
            break;
        }
        batch.load(&needs.into_iter().collect::<Vec<_>>(), state).await?;
    }
    Ok(())
}

type Tried = Result<Result<Decision, Stop>, ()>;

/// A decision with a panic caught: a fault in one act must not take the writer down.
fn try_decide(command: &Command, facts: &Facts, context: &Context) -> Tried {
    catch_unwind(AssertUnwindSafe(|| decide(command, facts, context))).map_err(|_| ())
}

/// Decides one command, loading what it misses. What has been decided before it is written first, so that what is
/// loaded knows of it.
async fn decide_one(
    batch: &mut Batch,
    command: &Command,
    context: &Context,
    state: &mut WriterState,
    pending: &mut Vec<Decided>,
    flushes: &mut u32,
) -> Result<Result<Decision, Answer>, StoreError> {
    for _ in 0..DECIDE_ROUNDS {
        match try_decide(command, state.facts(), context) {
            Err(()) => return Ok(Err(Answer::Failed(panicked()))),
            Ok(Ok(decision)) => return Ok(Ok(decision)),
            Ok(Err(Stop::Refused(refusal))) => return Ok(Err(Answer::Refused(*refusal))),
            Ok(Err(Stop::Need(needs))) => {
                if !pending.is_empty() {
                    batch.write(pending, state).await?;
                    pending.clear();
                    *flushes += 1;
                }
                batch.load(&needs, state).await?;
            }
        }
    }
    Ok(Err(Answer::Refused(Refusal::at(
        "",
        Why::Broken { what: "needs" },
    ))))
}
