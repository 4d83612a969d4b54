//! `yokoito log`: the head of the log, and the signed head to be kept elsewhere.

use crate::{
    arguments::{Log, LogSubcommand},
    place::Place,
};
use app::{key, log};
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &Log, place: &Place) -> anyhow::Result<ExitCode> {
    let book = place.open_existing().await?;
    let text = match arguments.subcommand {
        LogSubcommand::Head => {
            let head = log::head(&book).await?;
            format!("伝票の数  {}\nハッシュ  {}\n", head.size, head.root)
        }
        LogSubcommand::Checkpoint => {
            let path = key::path(&book, &place.database, place.key.as_deref()).await?;
            log::checkpoint(&book, &key::open(&book, &path).await?).await?
        }
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    book.close().await?;
    Ok(ExitCode::SUCCESS)
}
