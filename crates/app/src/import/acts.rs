//! Acts, one a line: read, gathered into jobs, handed to the writer in order, answers matched to lines again.

use super::{ImportError, Listener, Options, Outcome, Progress, RefusedLine, refused};
use crate::{
    Book,
    lines::{Line, Lines},
    writer::{Answer, Failure, Job, Lane, Unaccepted},
};
use domain::command::Command;
use std::{collections::VecDeque, pin::Pin};
use tokio::io::AsyncBufRead;

/// Account that records what is imported.
const RECORDER: &str = "import";
/// Acts of one job, and bytes of their lines, which wait in memory for the answers.
const JOB_ACTS: usize = 500;
const JOB_BYTES: usize = 4 << 20;
/// Jobs on their way, so that reading goes on while the writer waits for the disk.
const IN_FLIGHT: usize = 2;

/// A line of a job.
enum Slot {
    /// Its act is with the writer; the text is kept to show the value that was refused.
    Sent(u64, String),
    /// Refused before the writer saw it; told in its turn.
    Refused(RefusedLine),
}

type Answers = Pin<Box<dyn Future<Output = Result<Vec<Answer>, Unaccepted>> + Send>>;

#[derive(Default)]
struct Gathered {
    slots: Vec<Slot>,
    commands: Vec<Command>,
    bytes: usize,
    refused: bool,
}

impl Gathered {
    fn take(&mut self, line: Line) {
        let number = line.number;
        self.slots.push(match refused::parse(line) {
            Ok((command, text)) => {
                self.commands.push(command);
                self.bytes += text.len();
                Slot::Sent(number, text)
            }
            Err(refused) => {
                self.refused = true;
                Slot::Refused(refused)
            }
        });
    }

    fn is_full(&self) -> bool {
        self.slots.len() >= JOB_ACTS || self.bytes >= JOB_BYTES
    }
}

struct Flight {
    slots: Vec<Slot>,
    answers: Answers,
    read: Progress,
}

struct Acts<'a, L> {
    book: &'a Book,
    listener: &'a mut L,
    atomic: bool,
    in_flight: VecDeque<Flight>,
    outcome: Outcome,
    /// Why nothing more can be recorded.
    stopped: Option<Failure>,
}

pub(super) async fn import<L: Listener>(
    book: &Book,
    first: Line,
    mut lines: Lines<impl AsyncBufRead + Unpin + Send>,
    options: Options,
    listener: &mut L,
) -> Result<Outcome, ImportError> {
    let mut acts = Acts {
        book,
        listener,
        atomic: options.atomic,
        in_flight: VecDeque::new(),
        outcome: Outcome::default(),
        stopped: None,
    };
    let read = acts.read_all(first, &mut lines).await;
    // what is with the writer is answered, whatever came in between
    while let Some(flight) = acts.in_flight.pop_front() {
        acts.land(flight).await?;
    }
    read?;
    match acts.stopped {
        None => Ok(acts.outcome),
        Some(failure) => Err(ImportError::Stopped {
            failure,
            outcome: acts.outcome,
        }),
    }
}

impl<L: Listener> Acts<'_, L> {
    async fn read_all(
        &mut self,
        first: Line,
        lines: &mut Lines<impl AsyncBufRead + Unpin + Send>,
    ) -> Result<(), ImportError> {
        let mut gathered = Gathered::default();
        let mut next = Some(first);
        while let Some(line) = next {
            gathered.take(line);
            if gathered.is_full() && !self.atomic {
                self.send(std::mem::take(&mut gathered), lines.read()).await?;
                if self.stopped.is_some() {
                    return Ok(());
                }
            }
            next = lines.next().await.map_err(ImportError::Input)?;
        }
        self.send(gathered, lines.read()).await
    }

    async fn send(&mut self, gathered: Gathered, read: Progress) -> Result<(), ImportError> {
        let Gathered { slots, commands, .. } = gathered;
        let answers: Answers = if commands.is_empty() {
            Box::pin(async { Ok(Vec::new()) })
        } else if self.atomic && gathered.refused {
            let answers = vec![Answer::NotRecorded; commands.len()];
            Box::pin(async { Ok(answers) })
        } else {
            let job = Job {
                commands,
                atomic: self.atomic,
                recorder: RECORDER.to_owned(),
                expects: Vec::new(),
            };
            Box::pin(self.book.writer().submit(Lane::Bulk, job).await?)
        };
        self.in_flight.push_back(Flight { slots, answers, read });
        while self.in_flight.len() > IN_FLIGHT {
            if let Some(flight) = self.in_flight.pop_front() {
                self.land(flight).await?;
            }
        }
        Ok(())
    }

    /// Waits for a job's answers and tells them, line by line.
    async fn land(&mut self, flight: Flight) -> Result<(), ImportError> {
        let mut answers = flight.answers.await?.into_iter();
        for slot in flight.slots {
            match slot {
                Slot::Refused(refused) => self.refuse(&refused),
                Slot::Sent(line, text) => match answers.next() {
                    Some(answer) => self.tell(line, &text, answer),
                    None => return Err(Unaccepted::Closed.into()),
                },
            }
        }
        self.listener.progress(flight.read);
        Ok(())
    }

    fn tell(&mut self, line: u64, text: &str, answer: Answer) {
        match answer {
            Answer::Recorded(_, seq) => {
                self.outcome.recorded += 1;
                self.listener.recorded(line, seq);
            }
            Answer::Already(_, seq) => {
                self.outcome.already += 1;
                self.listener.recorded(line, seq);
            }
            // it may only be missing what the lines before would have brought; the next import decides it anew
            Answer::Refused(_) if self.stopped.is_some() => self.outcome.not_recorded += 1,
            Answer::Refused(refusal) => self.refuse(&RefusedLine::of(line, text, &refusal)),
            Answer::NotRecorded | Answer::Changed => self.outcome.not_recorded += 1,
            // one act that cannot be taken does not keep the others out; a book that cannot be written does
            Answer::Failed(failure) if failure.code == "internal" => {
                self.refuse(&RefusedLine::failed(line, &failure));
            }
            Answer::Failed(failure) => {
                self.outcome.not_recorded += 1;
                self.stopped.get_or_insert(failure);
            }
        }
    }

    fn refuse(&mut self, refused: &RefusedLine) {
        self.outcome.refused += 1;
        self.listener.refused(refused);
    }
}
