//! What readers of a large book wait over HTTP, one question after the other on one connection, everything warm.

use super::{Client, MEMORY, Plan, Server, line, people};
use crate::{
    books,
    figures::{Goal, Line, median, ms, quantile},
    place::{Engine, Places},
    probe, progress, world,
};
use anyhow::ensure;
use std::time::{Duration, Instant};

/// Milliseconds that one of a hundred may wait.
const P99: f64 = 20.0;

/// Yen from and to: what every delivery comes to, what its lines come to, and what nothing comes to, so that all is looked
/// through.
const SOUGHT: [(u32, u32); 3] = [(10_000, 12_000), (3_000, 4_000), (1_000_000, 2_000_000)];

/// A kind of question, and its addresses in turn.
struct Question {
    name: &'static str,
    paths: Vec<String>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

pub(super) async fn run(places: &Places, plan: &Plan, engine: Engine) -> anyhow::Result<Vec<Line>> {
    let place = books::kept(places, engine, plan.book).await?;
    let movements = place.number("SELECT COUNT(*) FROM movement").await?;
    // the kitchen that the traced lots are of, and the farm that it buys from
    let (farm, kitchen) = (world::office(0), world::office(5));
    let tokens = people::tokens(&place, &[kitchen]).await?;
    let server = Server::start(places, &place)?;
    let mut client = Client::connect(server.address, &tokens.concat()).await?;
    let traced = probe::bento_lots(&plan.book.shape);
    let mut questions = [
        question("stock page", vec!["/v1/stock".to_owned()]),
        question(
            "lot trace",
            traced.iter().map(|lot| format!("/v1/lots/{lot}/trace")).collect(),
        ),
        question(
            "entries by counterparty and amount",
            SOUGHT.iter().map(|sought| search(&farm, *sought)).collect(),
        ),
    ];
    for round in 0..plan.recording.rounds {
        progress::say(&format!("serving, {engine}, reading, round {}", round + 1));
        for question in &mut questions {
            let latencies = ask(&mut client, &question.paths, plan.recording.time).await?;
            question.p50.push(quantile(&latencies, 500));
            question.p99.push(quantile(&latencies, 990));
        }
    }
    let mut lines = Vec::new();
    for question in questions {
        let Question { name, p50, p99, .. } = question;
        let what = format!("{name} among {movements} movements");
        progress::say(&format!(
            "    {name}: p50 {:.2} p99 {:.2} ms",
            median(&p50),
            median(&p99)
        ));
        lines.push(line(engine, format!("{what}, p50"), "ms", p50, None));
        let goal = Some(Goal::AtMost(P99));
        lines.push(line(engine, format!("{what}, p99"), "ms", p99, goal));
    }
    let memory = Some(Goal::AtMost(MEMORY));
    let most = vec![server.mebibytes()?];
    let what = "most memory of the server, reading".to_owned();
    lines.push(line(engine, what, "MiB", most, memory));
    server.stop()?;
    Ok(lines)
}

fn question(name: &'static str, paths: Vec<String>) -> Question {
    Question {
        name,
        paths,
        p50: Vec::new(),
        p99: Vec::new(),
    }
}

fn search(counterparty: &str, (from, to): (u32, u32)) -> String {
    format!("/v1/entries?counterparty={counterparty}&yen_from={from}&yen_to={to}")
}

/// Asks for the addresses in turn for some time, once each unmeasured before.
pub(super) async fn ask(client: &mut Client, paths: &[String], time: Duration) -> anyhow::Result<Vec<f64>> {
    let mut largest = 0;
    for path in paths {
        largest = largest.max(client.get(path).await?.len());
    }
    ensure!(largest > 1_000, "nothing is found: {paths:?}");
    let (mut latencies, begun) = (Vec::new(), Instant::now());
    for path in paths.iter().cycle() {
        let asked = Instant::now();
        client.get(path).await?;
        latencies.push(ms(asked.elapsed()));
        if begun.elapsed() >= time {
            break;
        }
    }
    Ok(latencies)
}
