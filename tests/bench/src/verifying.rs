//! `yokoito verify` as a process: how many entries a second, and how its memory grows with the book.

use crate::{
    books::{self, Contents},
    child,
    figures::{Goal, Line, a_second, ratios},
    place::{Engine, Places},
    progress,
};

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// Books, smallest first.
    pub books: Vec<Contents>,
    /// Rounds.
    pub rounds: usize,
}

/// What was measured in a book, round by round.
#[derive(Default)]
struct Verified {
    entries: usize,
    a_second: Vec<f64>,
    memory: Vec<f64>,
}

/// Measures.
pub async fn run(places: &Places, plan: &Plan) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for engine in &plan.engines {
        lines.extend(on(places, plan, *engine).await?);
    }
    Ok(lines)
}

async fn on(places: &Places, plan: &Plan, engine: Engine) -> anyhow::Result<Vec<Line>> {
    let mut books = Vec::new();
    for contents in &plan.books {
        let verified = Verified {
            entries: books::acts(places, *contents)?,
            ..Verified::default()
        };
        books.push((books::kept(places, engine, *contents).await?, verified));
    }
    for round in 0..plan.rounds {
        for (place, verified) in &mut books {
            progress::say(&format!(
                "verify, {engine}, {} entries, round {}",
                verified.entries,
                round + 1
            ));
            let finished = child::run(&["verify", "--database", &place.url])?;
            verified.a_second.push(a_second(verified.entries, finished.time));
            verified.memory.push(finished.mebibytes());
        }
    }
    let line = |what: String, unit, rounds, goal| Line {
        group: "verify",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    };
    let mut lines = Vec::new();
    let mut first: Option<Vec<f64>> = None;
    for (_, verified) in books {
        let entries = verified.entries;
        let goal = (engine == Engine::Postgres).then_some(Goal::AtLeast(50_000.0));
        lines.push(line(
            format!("{entries} entries"),
            "entries/s",
            verified.a_second,
            goal,
        ));
        lines.push(line(
            format!("{entries} entries, peak memory"),
            "MiB",
            verified.memory.clone(),
            None,
        ));
        match &first {
            None => first = Some(verified.memory),
            Some(first) => {
                let growth = ratios(&verified.memory, first);
                lines.push(line(
                    format!("{entries} entries, peak over that of the smaller book"),
                    "×",
                    growth,
                    Some(Goal::AtMost(1.25)),
                ));
            }
        }
    }
    Ok(lines)
}
