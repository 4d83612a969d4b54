//! What people wait while an import runs: some of them record a sale now and then.

use super::Plan;
use crate::{
    books,
    figures::{Goal, Line, ms, quantile},
    place::{Engine, Places},
    product, progress, world,
};
use anyhow::{Context, ensure};
use app::import::Options;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{io::BufReader, task::JoinSet};

/// People who record.
const PEOPLE: usize = 4;
/// Lots each of them sells from.
const LOTS: usize = 20;
/// Pause after each sale.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) async fn run(places: &Places, plan: &Plan, engine: Engine) -> anyhow::Result<Vec<Line>> {
    let (mut p50, mut p99, mut most) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..plan.rounds {
        progress::say(&format!(
            "people while an import runs, {engine}, round {}",
            round + 1
        ));
        let latencies = round_of(places, plan, engine).await?;
        p50.push(quantile(&latencies, 500));
        p99.push(quantile(&latencies, 990));
        most.push(quantile(&latencies, 1000));
    }
    let line = |what: &str, rounds, goal| Line {
        group: "import",
        what: format!("{PEOPLE} people while an import runs, {what}"),
        engine: engine.to_string(),
        unit: "ms",
        rounds,
        goal,
    };
    Ok(vec![
        line("p50", p50, None),
        line("p99", p99, Some(Goal::AtMost(200.0))),
        line("most", most, None),
    ])
}

async fn round_of(places: &Places, plan: &Plan, engine: Engine) -> anyhow::Result<Vec<f64>> {
    let place = places.fresh(engine, "import_people").await?;
    let book = product::open(&place).await?;
    product::record_all(&book, &world::masters(PEOPLE)).await?;
    product::record_all(&book, &world::tills(PEOPLE, LOTS)).await?;
    let file = tokio::fs::File::open(books::acts_file(places, plan.each)?).await?;
    let over = Arc::new(AtomicBool::new(false));
    let mut people = JoinSet::new();
    for person in 0..PEOPLE {
        let (book, over) = (book.clone(), Arc::clone(&over));
        people.spawn(async move {
            let mut latencies = Vec::new();
            for n in 0.. {
                let act = world::sale(person, n % LOTS, &format!("person-{person}-{n}"));
                let sent = Instant::now();
                product::record(&book, &act.to_string(), "till").await?;
                latencies.push(ms(sent.elapsed()));
                tokio::time::sleep(PAUSE).await;
                if over.load(Ordering::Relaxed) {
                    break;
                }
            }
            anyhow::Ok(latencies)
        });
    }
    let input = BufReader::with_capacity(256 << 10, file);
    let import = async {
        let outcome = app::import::import(&book, input, Options::default(), &mut ()).await?;
        ensure!(outcome.is_whole(), "{outcome:?}");
        Ok(())
    };
    // an import that goes on longer has been watched long enough
    let imported = tokio::time::timeout(plan.people, import).await;
    over.store(true, Ordering::Relaxed);
    imported.unwrap_or(Ok(()))?;
    let mut latencies = Vec::new();
    while let Some(person) = people.join_next().await {
        latencies.extend(person.context("a person")??);
    }
    book.close().await?;
    place.remove().await?;
    Ok(latencies)
}
