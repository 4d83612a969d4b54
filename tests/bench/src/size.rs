//! Size on disk of an act, time until the program has opened a book, size of the program.

use crate::{
    books::{self, Contents},
    child,
    figures::{Line, median, ms},
    place::{Engine, Places},
    progress,
};
use std::fs;

/// Starts of one figure.
const STARTS: usize = 10;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// The book.
    pub book: Contents,
    /// Rounds.
    pub rounds: usize,
}

/// Measures.
#[expect(clippy::cast_precision_loss, reason = "bytes far below 2^52")]
pub async fn run(places: &Places, plan: &Plan) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let line = |what: String, engine: String, unit, rounds| Line {
        group: "size",
        what,
        engine,
        unit,
        rounds,
        goal: None,
    };
    let acts = books::acts(places, plan.book)?;
    for engine in &plan.engines {
        let place = books::kept(places, *engine, plan.book).await?;
        progress::say(&format!("size and start, {engine}"));
        let bytes = place.bytes().await? as f64 / acts as f64;
        lines.push(line(
            format!("on disk, of {acts} acts"),
            engine.to_string(),
            "bytes/act",
            vec![bytes],
        ));
        let mut starts = Vec::new();
        for _ in 0..plan.rounds {
            let times = (0..STARTS).map(|_| child::time(&["log", "head", "--database", &place.url]).map(ms));
            starts.push(median(&times.collect::<Result<Vec<f64>, _>>()?));
        }
        lines.push(line(
            format!("start to end of `yokoito log head`, {acts} acts"),
            engine.to_string(),
            "ms",
            starts,
        ));
    }
    let program = fs::metadata(child::program()?)?.len() as f64 / 1024.0 / 1024.0;
    lines.push(line(
        "the program `yokoito`".to_owned(),
        "both".to_owned(),
        "MiB",
        vec![program],
    ));
    Ok(lines)
}
