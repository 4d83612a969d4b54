//! The stopwatch: what README.md of this folder describes, measured in one run and written as one table.

mod figures;
mod place;
mod product;
mod progress;
mod recording;
mod world;

use clap::Parser;
use place::{Engine, Places};
use std::{path::PathBuf, time::Duration};

/// Measures the book beside fixed baselines.
#[derive(Parser)]
struct Arguments {
    /// Groups of measures; all when none is named.
    groups: Vec<String>,
    /// Only on this engine.
    #[arg(long)]
    engine: Option<Engine>,
    /// Numbers of recorders.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    recorders: Vec<usize>,
    /// Seconds of one figure of recording.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Rounds.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Without the baselines.
    #[arg(long)]
    alone: bool,
    /// Folder for books.
    #[arg(long, default_value = "target/bench-cache")]
    cache: PathBuf,
    /// URL of the server.
    #[arg(long, env = place::SERVER)]
    server: Option<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.cache)?;
    let places = Places {
        cache: arguments.cache.canonicalize()?,
        server: arguments.server.clone(),
    };
    let engines = arguments
        .engine
        .map_or_else(|| vec![Engine::Postgres, Engine::Sqlite], |engine| vec![engine]);
    let plan = recording::Plan {
        engines,
        recorders: arguments.recorders,
        time: Duration::from_secs(arguments.seconds),
        rounds: arguments.rounds,
        baselines: !arguments.alone,
    };
    for line in recording::run(&places, &plan).await? {
        println!("{line:?}");
    }
    Ok(())
}
