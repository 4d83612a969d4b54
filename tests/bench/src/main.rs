//! The stopwatch: what README.md of this folder describes, measured in one run and written as one table.
//!
//! A group of measures is a file: it takes a plan (what, how large, how often) and gives lines of the table. A later
//! group is added here and in `arguments`.

mod arguments;
mod books;
mod child;
mod closing;
mod figures;
mod import;
mod machine;
mod mix;
mod netting;
mod place;
mod probe;
mod product;
mod progress;
mod reading;
mod recording;
mod serving;
mod size;
mod table;
mod verifying;
mod world;

use anyhow::Context;
use arguments::{Arguments, Group};
use clap::Parser;
use place::Places;
use std::{
    fs,
    io::{self, Write},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    fs::create_dir_all(&arguments.cache).context("the folder of the books")?;
    let places = Places {
        cache: arguments.cache.canonicalize()?,
        server: arguments.server.clone(),
    };
    if arguments.prepare_server {
        return places.prepare_server().await;
    }
    let machine = machine::described(&places, &arguments.engines()).await?;
    let mut lines = Vec::new();
    if arguments.wants(Group::Recording) {
        lines.extend(recording::run(&places, &arguments.recording()).await?);
    }
    if arguments.wants(Group::Serving) {
        lines.extend(serving::run(&places, &arguments.serving()).await?);
    }
    if arguments.wants(Group::Import) {
        lines.extend(import::run(&places, &arguments.import()).await?);
    }
    if arguments.wants(Group::Reading) {
        lines.extend(reading::run(&places, &arguments.reading()).await?);
    }
    if arguments.wants(Group::Verify) {
        lines.extend(verifying::run(&places, &arguments.verifying()).await?);
    }
    if arguments.wants(Group::Closing) {
        lines.extend(closing::run(&places, &arguments.closing()).await?);
    }
    if arguments.wants(Group::Netting) {
        lines.extend(netting::run(arguments.netting())?);
    }
    if arguments.wants(Group::Size) {
        lines.extend(size::run(&places, &arguments.size()).await?);
    }
    let content = format!("{machine}\n{}", table::markdown(&lines)?);
    writeln!(io::stdout().lock(), "{content}")?;
    if let Some(page) = &arguments.results {
        table::keep(page, &content)?;
    }
    Ok(())
}
