//! Trace and recall in books of several sizes with lots of the same shape, everything warm. A book is read by one reader,
//! one question after the other, as the program asks them.

use crate::{
    books::{self, Contents},
    figures::{Goal, Line, median, ms, quantile, ratios},
    place::{Engine, Place, Places},
    probe::{self, Shape},
    product, progress,
};
use anyhow::ensure;
use app::{
    Book,
    viewer::Viewer,
    views::trace::{Question, trace},
};
use domain::{text::LotCode, trace::Direction};
use std::time::{Duration, Instant};

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// Books, smallest first.
    pub books: Vec<Contents>,
    /// Rounds.
    pub rounds: usize,
    /// Time of one figure.
    pub time: Duration,
}

/// A book and what was measured in it, round by round.
struct Read {
    book: Book,
    movements: i64,
    trace: Asked,
    recall: Asked,
}

/// Milliseconds of each round's answers.
#[derive(Default)]
struct Asked {
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Asked {
    fn add(&mut self, latencies: &[f64]) {
        self.p50.push(quantile(latencies, 500));
        self.p99.push(quantile(latencies, 990));
    }
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
    let mut all = Vec::new();
    for contents in &plan.books {
        let place = books::kept(places, engine, *contents).await?;
        all.push(Read {
            movements: movements(&place).await?,
            book: product::open(&place).await?,
            trace: Asked::default(),
            recall: Asked::default(),
        });
    }
    let shape = plan.books.first().map_or(Shape::FULL, |contents| contents.shape);
    let bentos = probe::bento_lots(&shape);
    let recalled = [probe::RECALLED_LOT.to_owned()];
    for round in 0..plan.rounds {
        progress::say(&format!("reading, {engine}, round {}", round + 1));
        for read in &mut all {
            let (back, on) = (Direction::Backward, Direction::Forward);
            let book = &read.book;
            read.trace
                .add(&ask(book, &bentos, back, shape.tree(), plan.time).await?);
            read.recall
                .add(&ask(book, &recalled, on, shape.recalled(), plan.time).await?);
        }
    }
    let mut lines = Vec::new();
    for (name, lots, limit, asked) in [
        (
            "trace",
            shape.tree(),
            10.0,
            (|read: &Read| &read.trace) as fn(&Read) -> &Asked,
        ),
        ("recall", shape.recalled(), 50.0, |read: &Read| &read.recall),
    ] {
        lines.extend(table(engine, name, lots, limit, &all, asked));
    }
    for read in all {
        read.book.close().await?;
    }
    Ok(lines)
}

fn table(
    engine: Engine,
    name: &str,
    lots: usize,
    limit: f64,
    all: &[Read],
    asked: fn(&Read) -> &Asked,
) -> Vec<Line> {
    let line = |what: String, unit, rounds, goal| Line {
        group: "reading",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    };
    let mut lines = Vec::new();
    for read in all {
        let what = format!("{name} of {lots} lots among {} movements", read.movements);
        let asked = asked(read);
        // a recall is measured by the thousand lots, where it has more than a thousand
        let limit = limit * (lots_in_thousands(lots)).max(1.0);
        lines.push(line(format!("{what}, p50"), "ms", asked.p50.clone(), None));
        lines.push(line(
            format!("{what}, p99"),
            "ms",
            asked.p99.clone(),
            Some(Goal::AtMost(limit)),
        ));
    }
    if let [first, others @ ..] = all {
        for read in others {
            let what = format!("{name}: {} over {} movements", read.movements, first.movements);
            let growth = ratios(&asked(read).p50, &asked(first).p50);
            lines.push(line(what, "×", growth, Some(Goal::AtMost(1.5))));
        }
    }
    let told = all.iter().map(|read| {
        let asked = asked(read);
        format!("p50 {:.2} p99 {:.2} ms", median(&asked.p50), median(&asked.p99))
    });
    progress::say(&format!("    {name}: {}", told.collect::<Vec<_>>().join("; ")));
    lines
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn lots_in_thousands(lots: usize) -> f64 {
    lots as f64 / 1e3
}

/// Asks for the lots in turn for some time, once unmeasured before.
async fn ask(
    book: &Book,
    lots: &[String],
    direction: Direction,
    expected: usize,
    time: Duration,
) -> anyhow::Result<Vec<f64>> {
    let mut latencies = Vec::new();
    let mut begun = None;
    for n in 0.. {
        let Some(lot) = lots.get(n % lots.len()) else {
            break;
        };
        let question = Question::new(lot.parse::<LotCode>()?, direction);
        let asked = Instant::now();
        let tree = trace(book, &Viewer::Keeper, &question).await?;
        if let Some(begun) = begun {
            latencies.push(ms(asked.elapsed()));
            if asked.duration_since(begun) >= time {
                break;
            }
        }
        ensure!(
            tree.steps.len() == expected,
            "{lot}: {} lots, not {expected}",
            tree.steps.len()
        );
        if n + 1 == lots.len() {
            begun = Some(Instant::now());
        }
    }
    Ok(latencies)
}

async fn movements(place: &Place) -> anyhow::Result<i64> {
    place.number("SELECT COUNT(*) FROM movement").await
}
