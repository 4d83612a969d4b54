//! `yokoito export`.

use crate::{arguments, place::Place};
use std::process::ExitCode;

/// Runs it.
pub async fn run(_arguments: &arguments::Export, place: &Place) -> anyhow::Result<ExitCode> {
    let book = place.open().await?;
    book.close().await?;
    Ok(ExitCode::SUCCESS)
}
