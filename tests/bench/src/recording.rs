//! Acts recorded a second: recorders that send one act, wait for the answer, and send the next. Beside it the baselines,
//! in the same tables, begun from the same book, one after the other in each round.

pub mod baseline;
pub mod tills;

use crate::{
    figures::{Goal, Line, a_second, median, ms, quantile, ratios},
    place::{Engine, Places},
    product, progress, world,
};
use anyhow::Context;
use baseline::Kind;
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Part of the time that is not counted: connections, plans and caches are made.
const WARMING: u32 = 5;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// Offices, each with a till.
    pub offices: usize,
    /// Lots that each sells from.
    pub lots: usize,
    /// Numbers of recorders.
    pub recorders: Vec<usize>,
    /// Time of one figure.
    pub time: Duration,
    /// Rounds.
    pub rounds: usize,
    /// Whether the baselines run too.
    pub baselines: bool,
}

/// What one run of some recorders gave.
pub struct Run {
    /// How many.
    pub acts_a_second: f64,
    /// Milliseconds of each act.
    pub latencies: Vec<f64>,
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
    let kinds: &[Kind] = match engine {
        _ if !plan.baselines => &[],
        Engine::Postgres => &[Kind::B0, Kind::B1],
        Engine::Sqlite => &[Kind::Single],
    };
    let ours = tills::made(places, plan, engine, "recording_ours").await?;
    let mut theirs = Vec::new();
    for kind in kinds {
        let place = tills::made(places, plan, engine, kind.schema()).await?;
        theirs.push((*kind, tills::Tills::read(&place, plan).await?, place));
    }
    let book = product::open(&ours).await?;
    let mut lines = Vec::new();
    let mut sold = 0;
    for recorders in &plan.recorders {
        let mut runs = Vec::new();
        let mut baselines: Vec<Vec<Run>> = theirs.iter().map(|_| Vec::new()).collect();
        for round in 0..plan.rounds {
            progress::say(&format!(
                "recording, {engine}, {recorders} recorders, round {}",
                round + 1
            ));
            sold += 1;
            runs.push(product_run(&book, plan, *recorders, sold).await?);
            for ((kind, tills, place), runs) in theirs.iter().zip(&mut baselines) {
                runs.push(baseline::run(place, *kind, tills, *recorders, plan.time).await?);
            }
        }
        let theirs: Vec<(Kind, Vec<Run>)> = theirs.iter().map(|(kind, ..)| *kind).zip(baselines).collect();
        lines.extend(table(engine, *recorders, &runs, &theirs));
    }
    book.close().await?;
    for place in theirs.iter().map(|(_, _, place)| place).chain([&ours]) {
        place.remove().await?;
    }
    Ok(lines)
}

fn table(engine: Engine, recorders: usize, ours: &[Run], theirs: &[(Kind, Vec<Run>)]) -> Vec<Line> {
    let line = |what: String, unit, rounds, goal| Line {
        group: "recording",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    };
    let speeds = |runs: &[Run]| runs.iter().map(|run| run.acts_a_second).collect::<Vec<f64>>();
    let latency = |runs: &[Run], of_1000| {
        let of_run = |run: &Run| quantile(&run.latencies, of_1000);
        runs.iter().map(of_run).collect::<Vec<f64>>()
    };
    let many = recorders == 64;
    let p50 = (recorders == 1).then_some(Goal::AtMost(3.0));
    let p99 = many.then_some(Goal::AtMost(50.0));
    let mut lines = vec![
        line(format!("{recorders} recorders"), "acts/s", speeds(ours), None),
        line(
            format!("{recorders} recorders, p50"),
            "ms",
            latency(ours, 500),
            p50,
        ),
        line(
            format!("{recorders} recorders, p99"),
            "ms",
            latency(ours, 990),
            p99,
        ),
    ];
    for (kind, runs) in theirs {
        let name = kind.name();
        lines.push(line(
            format!("{recorders} clients, {name}"),
            "acts/s",
            speeds(runs),
            None,
        ));
        let goal = many.then_some(Goal::AtLeast(kind.goal()));
        let ratios = ratios(&speeds(ours), &speeds(runs));
        lines.push(line(format!("{recorders}: ours over {name}"), "×", ratios, goal));
    }
    progress::say(&format!(
        "    {:.0} acts/s, p50 {:.2} ms, p99 {:.2} ms; {}",
        median(&speeds(ours)),
        median(&latency(ours, 500)),
        median(&latency(ours, 990)),
        theirs
            .iter()
            .map(|(kind, runs)| format!("{} {:.0} acts/s", kind.name(), median(&speeds(runs))))
            .collect::<Vec<_>>()
            .join(", "),
    ));
    lines
}

/// Recorders on the product's queue. `run` makes the keys of this run new ones.
async fn product_run(book: &app::Book, plan: &Plan, recorders: usize, run: usize) -> anyhow::Result<Run> {
    let (offices, lots) = (plan.offices, plan.lots);
    drive(recorders, plan.time, |recorder| {
        let (book, mut n) = (book.clone(), 0);
        move || {
            n += 1;
            let (book, key) = (book.clone(), format!("r{run}-{recorder}-{n}"));
            let act = world::sale(recorder % offices, (n + recorder) % lots, &key);
            async move { product::record(&book, &act.to_string(), "till").await }
        }
    })
    .await
}

/// Lets recorders work for some time, each in a task of its own, one act after the other.
pub async fn drive<R, A, F>(recorders: usize, time: Duration, recorder: R) -> anyhow::Result<Run>
where
    R: Fn(usize) -> A,
    A: FnMut() -> F + Send + 'static,
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let begun = Instant::now() + time / WARMING;
    let end = begun + time;
    let mut tasks = JoinSet::new();
    for n in 0..recorders {
        let mut act = recorder(n);
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let sent = Instant::now();
                // at least one is measured, however slow the machine
                if sent >= end && !latencies.is_empty() {
                    return anyhow::Ok(latencies);
                }
                act().await?;
                if sent >= begun {
                    latencies.push(ms(sent.elapsed()));
                }
            }
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        latencies.extend(done.context("a recorder")??);
    }
    Ok(Run {
        acts_a_second: a_second(latencies.len(), begun.elapsed()),
        latencies,
    })
}
