//! `yokoito openapi`: the description of the API, as it is committed.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub fn run() -> anyhow::Result<ExitCode> {
    let document = serde_json::to_string_pretty(&api::openapi::document())?;
    writeln!(io::stdout().lock(), "{document}")?;
    Ok(ExitCode::SUCCESS)
}
