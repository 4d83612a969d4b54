//! Import of many acts through the writer's bulk lane, by the program itself, beside the same rows loaded without any
//! rules: COPY on PostgreSQL, one big transaction of prepared multi-row inserts on SQLite.

mod copy;
mod people;
mod transaction;

use crate::{
    books::{self, Contents},
    child,
    figures::{Goal, Line, a_second, ratios},
    place::{Engine, Place, Places},
    progress,
};
use anyhow::Context;
use std::time::Duration;

/// Tables as they are loaded: what others refer to first. The head, the book's row and the list of migrations are not
/// loaded: one row each.
const TABLES: [&str; 17] = [
    "party",
    "product",
    "entry",
    "entry_text",
    "entry_office",
    "entry_ref",
    "lot",
    "lot_amendment",
    "place",
    "account",
    "movement",
    "posting",
    "link",
    "stock",
    "balance",
    "balance_month",
    "log_tile",
];

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// The file that is imported in each round.
    pub each: Contents,
    /// The file that is imported once; the book is kept for the other groups.
    pub once: Option<Contents>,
    /// Rounds.
    pub rounds: usize,
    /// Whether the baselines run too.
    pub baselines: bool,
    /// How long people record while an import runs, a round.
    pub people: Duration,
}

/// An import and the load of its rows.
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    theirs: Vec<f64>,
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
    let mut lines = Vec::new();
    let mut pair = Pair::default();
    for round in 0..plan.rounds {
        progress::say(&format!(
            "import, {engine}, {} acts, round {}",
            plan.each.acts,
            round + 1
        ));
        let place = places.fresh(engine, "import_ours").await?;
        let imported = books::import(places, &place, plan.each)?;
        pair.ours.push(a_second(imported.acts, imported.finished.time));
        if plan.baselines {
            let time = load(places, &place).await?;
            pair.theirs.push(a_second(imported.acts, time));
        }
        place.remove().await?;
    }
    lines.extend(table(engine, books::acts(places, plan.each)?, &pair));
    if let Some(contents) = plan.once {
        progress::say(&format!("import, {engine}, {} acts", contents.acts));
        let (place, imported) = books::build(places, engine, contents).await?;
        let acts = imported.acts;
        let mut pair = Pair::default();
        pair.ours.push(a_second(imported.acts, imported.finished.time));
        if plan.baselines {
            pair.theirs
                .push(a_second(imported.acts, load(places, &place).await?));
        }
        lines.extend(table(engine, acts, &pair));
        lines.extend(memory(engine, acts, &imported.finished));
    }
    lines.extend(people::run(places, plan, engine).await?);
    Ok(lines)
}

fn table(engine: Engine, acts: usize, pair: &Pair) -> Vec<Line> {
    let line = |what: String, unit, rounds, goal| Line {
        group: "import",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    };
    let (name, goal) = match engine {
        Engine::Postgres => ("COPY", 0.3),
        Engine::Sqlite => ("one transaction", 0.35),
    };
    let mut lines = vec![line(format!("{acts} acts"), "acts/s", pair.ours.clone(), None)];
    if !pair.theirs.is_empty() {
        lines.push(line(
            format!("{acts} acts, {name} of the same rows"),
            "acts/s",
            pair.theirs.clone(),
            None,
        ));
        let ratios = ratios(&pair.ours, &pair.theirs);
        lines.push(line(
            format!("{acts} acts: ours over {name}"),
            "×",
            ratios,
            Some(Goal::AtLeast(goal)),
        ));
    }
    lines
}

/// Peak memory, and how much of it was reached in the first quarter: a flat one is reached early.
fn memory(engine: Engine, acts: usize, finished: &child::Finished) -> Vec<Line> {
    let line = |what: String, unit, figure, goal| Line {
        group: "import",
        what,
        engine: engine.to_string(),
        unit,
        rounds: vec![figure],
        goal: Some(goal),
    };
    vec![
        line(
            format!("{acts} acts, peak memory"),
            "MiB",
            finished.mebibytes(),
            Goal::AtMost(200.0),
        ),
        line(
            format!("{acts} acts, peak over that of the first quarter"),
            "×",
            finished.growth_after_quarter(),
            Goal::AtMost(1.25),
        ),
    ]
}

/// Loads the rows of a book into a new one without rules, and says how long that took.
async fn load(places: &Places, from: &Place) -> anyhow::Result<Duration> {
    let to = places.fresh(from.engine, "import_load").await?;
    crate::product::open(&to).await?.close().await?;
    let time = match from.engine {
        Engine::Postgres => copy::load(&places.cache, from, &to).await,
        Engine::Sqlite => transaction::load(from, &to).await,
    };
    let time = time.with_context(|| format!("{} into {}", from.name, to.name))?;
    to.remove().await?;
    Ok(time)
}
