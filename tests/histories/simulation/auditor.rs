//! The auditor: holds each answer against the model, in the order that the book gave the acts.

use super::{Tally, clients::Client, count, incarnation::Program};
use crate::{
    generate,
    model::body,
    predict::{Expected, expect},
    replay::{Outcome, Replay, masters},
    step::Step,
};
use acceptance::world::outside;
use app::{
    Book,
    export::content_root,
    verify::verify,
    viewer::AtTheMachine,
    writer::{Answer, Job},
};
use domain::{canonical, command::Command, entry::TextRole, log, refusal::Refusal};
use serde_json::Value;
use std::collections::BTreeMap;

/// Model and rules side by side; what the book answers must be what they say.
pub struct Auditor {
    replay: Replay,
    programs: usize,
}

/// A refusal that no state of the book has explained yet.
struct Open<'a> {
    act: &'a Value,
    command: &'a Command,
    refusal: &'a Refusal,
}

impl Auditor {
    /// Of a book that so many programs have open.
    pub fn new(programs: usize) -> Auditor {
        Auditor {
            replay: Replay::new(),
            programs,
        }
    }

    /// The world's master data go into the book.
    pub async fn begin(&self, program: &Program) -> Result<(), String> {
        let job = Job {
            commands: masters().collect(),
            atomic: false,
            recorder: "test".into(),
            expects: Vec::new(),
        };
        let answers = program
            .writer()
            .record(job)
            .await
            .map_err(|why| why.to_string())?;
        let refused = answers
            .iter()
            .find(|answer| !matches!(answer, Answer::Recorded(..)));
        refused.map_or(Ok(()), |answer| Err(format!("the world: {answer:?}")))
    }

    /// The acts that steps mean now. What cannot even be read is settled at once: model and book have the same reader.
    pub fn acts(&mut self, steps: &[&Step]) -> Vec<(Value, Command)> {
        let mut acts: Vec<(Value, Command)> = Vec::new();
        for step in steps {
            let act = generate::act(&mut self.replay.model, step);
            // of two that differ in a note only, either may be the one that is kept
            let is_same = |other: &Value| body(other) == body(&act) && *other != act;
            if acts.iter().any(|(other, _)| is_same(other)) {
                continue;
            }
            match Command::from_value(act.clone()) {
                Ok(command) => acts.push((act, command)),
                Err(_) => self
                    .replay
                    .take(&act)
                    .unwrap_or_else(|why| panic!("{act}\n{why}")),
            }
        }
        acts
    }

    /// Holds what clients were answered at the same time against what is known.
    pub fn hear(&mut self, clients: &[Client], tally: &mut Tally) -> Result<(), String> {
        let before = self.replay.book.entries().len() as u64;
        let mut new: BTreeMap<u64, &Value> = BTreeMap::new();
        let mut open = Vec::new();
        let mut known = Vec::new();
        for client in clients {
            group_is_whole(client)?;
            for (n, ((act, command), answer)) in client.acts.iter().zip(&client.answers).enumerate() {
                match answer {
                    Answer::Recorded(_, seq) | Answer::Already(_, seq) if *seq >= before => {
                        let other = new.insert(*seq, act);
                        if let Some(other) = other.filter(|other| body(other) != body(act)) {
                            return Err(format!("both are at {seq}:\n{act}\n{other}"));
                        }
                    }
                    Answer::Already(_, seq) => known.push((act, *seq)),
                    Answer::Refused(refusal) => {
                        count(tally, "refused");
                        // what came before in its group and was undone would have to be undone here too
                        if !client.atomic || n == 0 {
                            open.push(Open {
                                act,
                                command,
                                refusal,
                            });
                        }
                    }
                    Answer::NotRecorded if client.atomic => {}
                    answer => return Err(format!("{act}\n{answer:?}, and the log had {before} entries")),
                }
            }
        }
        recorded_once(clients, self.programs, &new)?;
        self.explain(&mut open)?;
        for (n, (seq, act)) in new.into_iter().enumerate() {
            if seq != before + n as u64 {
                return Err(format!(
                    "entry {} is nobody's; the next is\n{act}",
                    before + n as u64
                ));
            }
            let taken = self.replay.take(act);
            taken.map_err(|why| self.replay.told(act, &why))?;
            match self.replay.sent.last() {
                Some((_, Outcome::Recorded(at))) if *at == seq => count(tally, "recorded"),
                outcome => return Err(format!("{act}\nis at {seq}; the model: {outcome:?}")),
            }
            self.explain(&mut open)?;
        }
        for (act, seq) in known {
            count(tally, "sent again");
            match expect(&self.replay.model, act) {
                Expected::Already(at) if at == seq => {}
                _ => return Err(format!("{act}\nis said to be at {seq}")),
            }
        }
        match open.first() {
            None => Ok(()),
            Some(Open { act, refusal, .. }) => {
                let why = format!(
                    "refused ({}): {refusal}, and at no moment it had to be",
                    refusal.code()
                );
                Err(self.replay.told(act, &why))
            }
        }
    }

    /// Refusals that the book as it is now explains are settled.
    fn explain(&mut self, open: &mut Vec<Open<'_>>) -> Result<(), String> {
        let mut rest = Vec::new();
        for one in open.drain(..) {
            if self.replay.would_refuse(one.act, one.command, one.refusal)? {
                // it may be sent again
                self.replay.model.sent.push(one.act.clone());
            } else {
                rest.push(one);
            }
        }
        *open = rest;
        Ok(())
    }

    /// The book as a whole: it holds what the acts say and nothing else, and all nine invariants.
    pub async fn end(&self, url: &str) -> Result<(), String> {
        self.replay.fold()?;
        let url = url.parse().map_err(|why: store::UrlError| why.to_string())?;
        let book = Book::open(&url, outside(0))
            .await
            .map_err(|why| why.to_string())?;
        let leaves: Vec<log::Hash> = (self.replay.book.entries().iter())
            .map(|entry| log::leaf_hash(&canonical::content_hash(entry)))
            .collect();
        let root = content_root(&book).await.map_err(|why| why.to_string())?;
        if root != log::root_of(&leaves) {
            return Err("the book does not hold what was answered".to_owned());
        }
        for record in &self.replay.model.records {
            let kept = book.store().kept_texts(record.id).await;
            let kept = kept.map_err(|why| why.to_string())?;
            let wanted = record.texts.iter().map(|text| match *text {
                "note" => TextRole::Note,
                _ => TextRole::Reason,
            });
            if kept != wanted.collect::<Vec<_>>() {
                return Err(format!("texts kept of {record:?}: {kept:?}"));
            }
        }
        let verified = verify(&book, AtTheMachine, None)
            .await
            .map_err(|why| why.to_string())?;
        let findings: Vec<String> = verified
            .findings()
            .map(|finding| verified.sentence(finding))
            .collect();
        book.close().await.map_err(|why| why.to_string())?;
        if findings.is_empty() {
            Ok(())
        } else {
            Err(findings.join("\n"))
        }
    }
}

/// Of a group all acts are recorded, one after the other, or none.
fn group_is_whole(client: &Client) -> Result<(), String> {
    let positions: Vec<u64> = client
        .answers
        .iter()
        .filter_map(|answer| match answer {
            Answer::Recorded(_, seq) => Some(*seq),
            _ => None,
        })
        .collect();
    let stopped = client
        .answers
        .iter()
        .any(|answer| matches!(answer, Answer::Refused(_) | Answer::NotRecorded));
    if client.atomic && stopped && !positions.is_empty() {
        return Err(format!("half a group: {:?}", client.answers));
    }
    let follow = positions.windows(2).all(|two| two[0] + 1 == two[1]);
    if client.atomic && !follow {
        return Err(format!("a group in pieces: {:?}", client.answers));
    }
    Ok(())
}

/// An entry is new to one client at most of each program. A program whose commit was never heard of cannot tell its own
/// entry from the same one of another program.
fn recorded_once(clients: &[Client], programs: usize, new: &BTreeMap<u64, &Value>) -> Result<(), String> {
    for (seq, act) in new {
        for program in 0..programs {
            let its = clients
                .iter()
                .filter(|client| client.program % programs == program);
            let answers = its.flat_map(|client| &client.answers);
            let times = answers
                .filter(|answer| matches!(answer, Answer::Recorded(_, at) if at == seq))
                .count();
            if times > 1 {
                return Err(format!("new to {times} clients:\n{act}"));
            }
        }
    }
    Ok(())
}
