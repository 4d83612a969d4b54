//! Clients: each has acts to send and does not stop before it has an answer that settles them.

use super::{Tally, count, incarnation::Program};
use app::writer::{Answer, Job, Unaccepted};
use domain::command::Command;
use rand::{RngExt as _, rngs::StdRng, seq::SliceRandom as _};
use serde_json::Value;
use std::time::Duration;

/// Tries before a client gives up, and the simulation with it.
const TRIES: usize = 2_000;

/// Acts sent together, and what was answered in the end.
pub struct Client {
    /// The acts as written, and as read.
    pub acts: Vec<(Value, Command)>,
    /// All or nothing.
    pub atomic: bool,
    /// Which of the programs it sends to, as long as there are several.
    pub program: usize,
    /// One for each act.
    pub answers: Vec<Answer>,
}

impl Client {
    /// Spreads acts over clients. Some send in groups; some of what is sent is sent by several at once.
    pub fn of(acts: Vec<(Value, Command)>, random: &mut StdRng, tally: &mut Tally) -> Vec<Client> {
        let mut clients = Vec::new();
        let mut acts = acts.into_iter();
        while acts.len() > 0 {
            let group = random.random_bool(0.1);
            let many = if group { random.random_range(2..=4) } else { 1 };
            let acts: Vec<_> = acts.by_ref().take(many).collect();
            let copies = 1 + usize::from(random.random_bool(0.2)) + usize::from(random.random_bool(0.05));
            if group {
                count(tally, "all or nothing");
            }
            for copy in 0..copies {
                if copy > 0 {
                    count(tally, "sent twice");
                }
                clients.push(Client {
                    acts: acts.clone(),
                    atomic: group,
                    program: random.random_range(0..2),
                    answers: Vec::new(),
                });
            }
        }
        clients.shuffle(random);
        clients
    }

    fn job(&self) -> Job {
        Job {
            commands: self.acts.iter().map(|(_, command)| command.clone()).collect(),
            atomic: self.atomic,
            recorder: "test".into(),
            expects: Vec::new(),
        }
    }

    /// Sends until each act is settled. Returns the failures that were answered on the way.
    pub async fn send(&mut self, program: impl Fn(usize) -> Program) -> Vec<&'static str> {
        let mut failures = Vec::new();
        for _ in 0..TRIES {
            let answers = program(self.program).writer().record(self.job()).await;
            let answers = match answers {
                Ok(answers) => answers,
                Err(why @ (Unaccepted::Busy | Unaccepted::Closed)) => {
                    failures.push(why.code());
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                }
            };
            assert_eq!(answers.len(), self.acts.len(), "an answer for each act");
            let failed = answers.iter().find_map(|answer| match answer {
                Answer::Failed(failure) => Some(failure.code),
                _ => None,
            });
            if self.answers.is_empty() {
                self.answers = answers;
            } else {
                // what was settled before stays so, also when it is sent once more with the rest
                for (old, new) in self.answers.iter_mut().zip(answers) {
                    if matches!(old, Answer::Failed(_) | Answer::NotRecorded) {
                        *old = new;
                    }
                }
            }
            match failed {
                None => return failures,
                Some(code) => failures.push(code),
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("no end of failures: {:?}", &failures[failures.len() - 10..]);
    }
}
