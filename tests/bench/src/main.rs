//! The stopwatch: what README.md of this folder describes, measured in one run and written as one table.

mod books;
mod child;
mod figures;
mod import;
mod mix;
mod place;
mod probe;
mod product;
mod progress;
mod recording;
mod world;

use clap::{Parser, ValueEnum};
use place::{Engine, Places};
use std::{path::PathBuf, time::Duration};

/// A group of measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Acts recorded a second.
    Recording,
    /// Import of many acts.
    Import,
}

/// Measures the book beside fixed baselines.
#[derive(Parser)]
struct Arguments {
    /// Groups of measures; all when none is named.
    groups: Vec<Group>,
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
    /// Acts of an import of each round.
    #[arg(long, default_value_t = 100_000)]
    acts: usize,
    /// Acts of the import that is done once; 0: none.
    #[arg(long, default_value_t = 1_000_000)]
    full: usize,
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
    let time = Duration::from_secs(arguments.seconds);
    let mut lines = Vec::new();
    let wanted = |group| arguments.groups.is_empty() || arguments.groups.contains(&group);
    if wanted(Group::Recording) {
        let plan = recording::Plan {
            engines: engines.clone(),
            recorders: arguments.recorders.clone(),
            time,
            rounds: arguments.rounds,
            baselines: !arguments.alone,
        };
        lines.extend(recording::run(&places, &plan).await?);
    }
    if wanted(Group::Import) {
        let plan = import::Plan {
            engines: engines.clone(),
            acts: arguments.acts,
            full: Some(arguments.full).filter(|acts| *acts > 0),
            rounds: arguments.rounds,
            baselines: !arguments.alone,
            people: time * 2,
        };
        lines.extend(import::run(&places, &plan).await?);
    }
    for line in lines {
        println!("{line:?}");
    }
    Ok(())
}
