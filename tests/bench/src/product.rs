//! The product as it is measured: a book opened, acts recorded through its queue.

use crate::place::Place;
use anyhow::{Context, anyhow};
use app::{
    Book,
    outside::{NotBefore, Outside, SystemRandomness},
    writer::{Answer, Job},
};
use domain::{calendar::Instant, command::Command};
use serde_json::Value;
use std::sync::Arc;

/// Acts handed over at once where the speed is not what is measured.
const AT_ONCE: usize = 500;

/// Opens a book, making it where there is none. The clock is the machine's, but never before the world's days.
pub async fn open(place: &Place) -> anyhow::Result<Book> {
    let outside = Outside {
        clock: Arc::new(NotBefore(Instant::from_rfc3339("2026-04-01T00:00:00Z")?)),
        random: Arc::new(SystemRandomness),
    };
    let url = place.url.parse()?;
    Book::open(&url, outside)
        .await
        .with_context(|| format!("{} cannot be opened", place.url))
}

/// Records acts, in order; all must be new.
pub async fn record_all(book: &Book, acts: &[Value]) -> anyhow::Result<()> {
    for some in acts.chunks(AT_ONCE) {
        let commands = some.iter().map(|act| parse(&act.to_string()));
        let job = Job {
            commands: commands.collect::<Result<_, _>>()?,
            atomic: false,
            recorder: "bench".to_owned(),
            expects: Vec::new(),
        };
        for (act, answer) in some.iter().zip(book.writer().record(job).await?) {
            is_new(&answer).with_context(|| act.to_string())?;
        }
    }
    Ok(())
}

/// Records one act, as a till does: one job, and the answer awaited.
pub async fn record(book: &Book, line: &str, recorder: &str) -> anyhow::Result<()> {
    let job = Job {
        commands: vec![parse(line)?],
        atomic: false,
        recorder: recorder.to_owned(),
        expects: Vec::new(),
    };
    let answers = book.writer().record(job).await?;
    answers.iter().try_for_each(is_new)
}

fn parse(line: &str) -> anyhow::Result<Command> {
    Command::parse(line).map_err(|refusal| anyhow!("{refusal:?}: {line}"))
}

fn is_new(answer: &Answer) -> anyhow::Result<()> {
    match answer {
        Answer::Recorded(..) => Ok(()),
        other => Err(anyhow!("not recorded: {other:?}")),
    }
}
