//! Month end of a whole network: every pair of offices is settled, has its statement read and agreed on; then one statement after
//! the other is read, as two clerks do.

mod month;

use crate::{
    child,
    figures::{Goal, Line, ms, quantile},
    place::{Engine, Place, Places},
    product, progress,
    world::{act, office},
};
use anyhow::{Context, ensure};
use app::{
    Book,
    viewer::Viewer,
    views::settlement::{SettlementView, Which, settlement},
};
use domain::{calendar::Day, text::Code};
use month::{FIRST_OF_MONTH, LAST_DAY, Pair, Size};
use serde_json::json;
use std::{
    fs::File,
    io::{BufWriter, Write},
    time::{Duration, Instant},
};

/// Readers at a time: as many as a small server has cores.
const READERS: usize = 2;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Engines.
    pub engines: Vec<Engine>,
    /// Offices, shops of each, sales of each pair.
    pub size: (usize, usize, usize),
    /// Rounds of reading. The month is closed once: it cannot be closed again.
    pub rounds: usize,
    /// Time of one figure of reading.
    pub time: Duration,
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
    let (offices, shops, sales) = plan.size;
    let size = Size {
        offices,
        shops,
        sales,
    };
    let pairs: Vec<Pair> = size.pairs().collect();
    let dealings = pairs.len() * sales;
    let what = format!("{offices} offices, {} pairs, {dealings} dealings", pairs.len());
    progress::say(&format!("closing, {engine}: building a book of {what}"));
    let place = built(places, engine, size).await?;
    let book = product::open(&place).await?;
    progress::say(&format!("closing, {engine}: closing the month"));
    let begun = Instant::now();
    let settles: Vec<_> = pairs.iter().map(|pair| settle(*pair)).collect();
    product::record_all(&book, &settles).await?;
    let settled = begun.elapsed();
    let drafts = read_all(
        &book,
        &pairs,
        Which::Next(Some(day(FIRST_OF_MONTH)?), day(LAST_DAY)?),
    )
    .await?;
    let read = begun.elapsed();
    for view in &drafts {
        ensure!(
            view.closing.get() == size.owed() && view.unsettled.is_empty(),
            "{view:?}"
        );
    }
    let confirms: Vec<_> = pairs.iter().map(|pair| confirm(*pair, size.owed())).collect();
    product::record_all(&book, &confirms).await?;
    let closed = begun.elapsed();
    progress::say(&format!(
        "    settled {:.1} s, statements {:.1} s, agreed on {:.1} s",
        settled.as_secs_f64(),
        read.saturating_sub(settled).as_secs_f64(),
        closed.saturating_sub(read).as_secs_f64()
    ));
    let mut page = Vec::new();
    for _ in 0..plan.rounds {
        let latencies = one_by_one(&book, &pairs, plan.time).await?;
        page.push(quantile(&latencies, 950));
    }
    book.close().await?;
    place.remove().await?;
    let line = |what: String, unit, rounds, goal| Line {
        group: "closing",
        what,
        engine: engine.to_string(),
        unit,
        rounds,
        goal,
    };
    let seconds = |time: Duration| vec![time.as_secs_f64()];
    Ok(vec![
        line(
            format!("all pairs settled, read and agreed on: {what}"),
            "s",
            seconds(closed),
            Some(Goal::AtMost(60.0)),
        ),
        line(
            "of that, statements of all pairs read".to_owned(),
            "s",
            seconds(read.saturating_sub(settled)),
            None,
        ),
        line(
            format!("a statement of {} lines, p95", sales + 1),
            "ms",
            page,
            Some(Goal::AtMost(100.0)),
        ),
    ])
}

/// The book of the month, by the program's import.
async fn built(places: &Places, engine: Engine, size: Size) -> anyhow::Result<Place> {
    let Size {
        offices,
        shops,
        sales,
    } = size;
    let path = places
        .cache
        .join(format!("month_{offices}_{shops}_{sales}.jsonl"));
    let mut file = BufWriter::new(File::create(&path)?);
    let acts = size.write(&mut file)?;
    file.flush()?;
    drop(file);
    let place = places.fresh(engine, "month").await?;
    crate::serving::server::forget_key(places, &place)?;
    let file = path.to_str().context("a path in UTF-8")?;
    let finished = child::run(&["import", file, "--database", &place.url])?;
    let recorded: String = finished.output.chars().filter(char::is_ascii_digit).collect();
    ensure!(recorded == acts.to_string(), "{acts} acts: {}", finished.output);
    std::fs::remove_file(path)?;
    Ok(place)
}

fn day(text: &str) -> anyhow::Result<Day> {
    Ok(text.parse()?)
}

fn settle(pair: Pair) -> serde_json::Value {
    let fields = json!({"agreement": pair.agreement(), "from": FIRST_OF_MONTH, "to": LAST_DAY});
    let key = format!("settle-{}", pair.agreement());
    act("settle", &office(pair.shop), &key, LAST_DAY, fields)
}

fn confirm(pair: Pair, balance: i64) -> serde_json::Value {
    let shop = office(pair.shop);
    let fields =
        json!({"with": shop, "from": FIRST_OF_MONTH, "to": LAST_DAY, "balance": balance, "agreed": [shop]});
    let key = format!("confirm-{}", pair.agreement());
    act("confirm", &office(pair.producer), &key, "2025-07-01", fields)
}

async fn statement(book: &Book, pair: Pair, which: Which) -> anyhow::Result<SettlementView> {
    let (producer, shop): (Code, Code) = (office(pair.producer).parse()?, office(pair.shop).parse()?);
    let view = settlement(book, &Viewer::Keeper, &producer, &shop, which).await?;
    view.context("a statement")
}

/// All of them, by some readers.
async fn read_all(book: &Book, pairs: &[Pair], which: Which) -> anyhow::Result<Vec<SettlementView>> {
    let share = pairs.len().div_ceil(READERS).max(1);
    let readers = pairs.chunks(share).map(|some| {
        let (book, some) = (book.clone(), some.to_vec());
        tokio::spawn(async move {
            let mut views = Vec::with_capacity(some.len());
            for pair in some {
                views.push(statement(&book, pair, which).await?);
            }
            anyhow::Ok(views)
        })
    });
    let mut views = Vec::new();
    for reader in readers.collect::<Vec<_>>() {
        views.extend(reader.await??);
    }
    Ok(views)
}

/// Milliseconds of each that was read in some time.
async fn one_by_one(book: &Book, pairs: &[Pair], time: Duration) -> anyhow::Result<Vec<f64>> {
    let (mut latencies, begun) = (Vec::new(), Instant::now());
    for pair in pairs.iter().cycle() {
        let asked = Instant::now();
        let view = statement(book, *pair, Which::Number(1)).await?;
        latencies.push(ms(asked.elapsed()));
        ensure!(view.number == Some(1), "{view:?}");
        if begun.elapsed() >= time {
            break;
        }
    }
    Ok(latencies)
}
