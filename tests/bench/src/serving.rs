//! The server over HTTP, a process of its own on the same machine as its clients: acts a second beside the baselines of
//! `recording`, what readers wait in a large book, and how much memory it takes.

mod client;
mod pages;
mod people;
mod reading;
pub mod server;

use crate::{
    books::Contents,
    figures::{Goal, Line, median, quantile, ratios},
    place::{Engine, Place, Places},
    progress,
    recording::{
        self, Run,
        baseline::{self, Kind},
        drive,
        tills::{self, Tills},
    },
    world,
};
use client::Client;
use server::Server;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// As acts are recorded within the process.
    pub recording: recording::Plan,
    /// Book that is read.
    pub book: Contents,
}

/// What the server may take, in MiB.
const MEMORY: f64 = 100.0;

/// Measures.
pub async fn run(places: &Places, plan: &Plan) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for engine in &plan.recording.engines {
        lines.extend(acts(places, &plan.recording, *engine).await?);
        lines.extend(reading::run(places, plan, *engine).await?);
        lines.extend(pages::run(places, plan, *engine).await?);
    }
    Ok(lines)
}

/// The baseline of an engine and how many times its speed ours should be at 64 connections.
fn baseline(engine: Engine) -> (Kind, f64) {
    match engine {
        Engine::Postgres => (Kind::B0, 0.8),
        Engine::Sqlite => (Kind::Single, 1.2),
    }
}

fn line(engine: Engine, what: String, unit: &'static str, rounds: Vec<f64>, goal: Option<Goal>) -> Line {
    Line {
        group: "serving",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    }
}

async fn acts(places: &Places, plan: &recording::Plan, engine: Engine) -> anyhow::Result<Vec<Line>> {
    let ours = tills::made(places, plan, engine, "serving_ours").await?;
    let (kind, goal) = baseline(engine);
    let theirs = tills::made(places, plan, engine, kind.schema()).await?;
    let their_tills = Tills::read(&theirs, plan).await?;
    let offices: Vec<String> = (0..plan.offices).map(world::office).collect();
    let tokens = people::tokens(&ours, &offices).await?;
    let server = Server::start_new(places, &ours)?;
    let (mut lines, mut run) = (Vec::new(), 0);
    for connections in &plan.recorders {
        let (mut ours, mut base) = (Vec::new(), Vec::new());
        for round in 0..plan.rounds {
            progress::say(&format!(
                "serving, {engine}, {connections} connections, round {}",
                round + 1
            ));
            run += 1;
            ours.push(record(&server, plan, &tokens, *connections, run).await?);
            if plan.baselines {
                base.push(baseline::run(&theirs, kind, &their_tills, *connections, plan.time).await?);
            }
        }
        lines.extend(table(engine, *connections, &ours, &base, (kind, goal)));
    }
    let memory = Some(Goal::AtMost(MEMORY));
    lines.push(line(
        engine,
        "most memory of the server, acts".to_owned(),
        "MiB",
        vec![server.mebibytes()?],
        memory,
    ));
    server.stop()?;
    remove([ours, theirs]).await?;
    Ok(lines)
}

async fn remove(places: [Place; 2]) -> anyhow::Result<()> {
    for place in places {
        place.remove().await?;
    }
    Ok(())
}

/// Clients that send an act, wait for its answer and send the next, each on a connection of its own.
async fn record(
    server: &Server,
    plan: &recording::Plan,
    tokens: &[String],
    connections: usize,
    run: usize,
) -> anyhow::Result<Run> {
    let mut clients = Vec::new();
    for recorder in 0..connections {
        let token = tokens.get(recorder % tokens.len()).cloned().unwrap_or_default();
        let client = Client::connect(server.address, &token).await?;
        clients.push(Arc::new(Mutex::new(client)));
    }
    drive(connections, plan.time, |recorder| {
        let (client, mut n) = (clients.get(recorder).cloned(), 0);
        let (offices, lots) = (plan.offices, plan.lots);
        move || {
            n += 1;
            let client = client.clone();
            let key = format!("s{run}-{recorder}-{n}");
            let mut body = world::sale(recorder % offices, (n + recorder) % lots, &key);
            if let Some(fields) = body.as_object_mut() {
                fields.remove("kind");
                fields.remove("key");
            }
            async move {
                let Some(client) = client else {
                    anyhow::bail!("no client {recorder}");
                };
                client
                    .lock()
                    .await
                    .post("/v1/sales", &key, body.to_string())
                    .await
            }
        }
    })
    .await
}

fn table(
    engine: Engine,
    connections: usize,
    ours: &[Run],
    base: &[Run],
    (kind, goal): (Kind, f64),
) -> Vec<Line> {
    let speeds = |runs: &[Run]| runs.iter().map(|run| run.acts_a_second).collect::<Vec<f64>>();
    let latency = |of_1000| {
        let of_run = |run: &Run| quantile(&run.latencies, of_1000);
        ours.iter().map(of_run).collect::<Vec<f64>>()
    };
    let what = format!("{connections} connections");
    let mut lines = vec![
        line(engine, what.clone(), "acts/s", speeds(ours), None),
        line(engine, format!("{what}, p50"), "ms", latency(500), None),
        line(engine, format!("{what}, p99"), "ms", latency(990), None),
    ];
    if !base.is_empty() {
        let name = kind.name();
        let goal = (connections == 64).then_some(Goal::AtLeast(goal));
        let clients = format!("{connections} clients, {name}");
        lines.push(line(engine, clients, "acts/s", speeds(base), None));
        let over = format!("{connections}: ours over {name}");
        lines.push(line(
            engine,
            over,
            "×",
            ratios(&speeds(ours), &speeds(base)),
            goal,
        ));
    }
    progress::say(&format!(
        "    {:.0} acts/s, p50 {:.2} ms, p99 {:.2} ms; {:.0} acts/s",
        median(&speeds(ours)),
        median(&latency(500)),
        median(&latency(990)),
        median(&speeds(base)),
    ));
    lines
}
