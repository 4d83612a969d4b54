//! `yokoito export`: the book on stdout.

use crate::{arguments, place::Place};
use app::export;
use std::process::ExitCode;
use tokio::io::BufWriter;

/// What is written at once.
const BUFFER: usize = 256 << 10;

/// Runs it.
pub async fn run(arguments: &arguments::Export, place: &Place) -> anyhow::Result<ExitCode> {
    let book = place.open_existing().await?;
    let output = BufWriter::with_capacity(BUFFER, tokio::io::stdout());
    if arguments.acts {
        export::export_acts(&book, output).await?;
    } else {
        export::export_entries(&book, output).await?;
    }
    book.close().await?;
    Ok(ExitCode::SUCCESS)
}
