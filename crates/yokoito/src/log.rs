//! `yokoito log`: the head of the log, the signed head to be kept elsewhere, and proofs for outsiders.

mod check;
mod shown;

use crate::{
    arguments::{Consistency, Log, LogSubcommand, Prove},
    backup,
    place::Place,
};
use anyhow::Context;
use app::{
    Book, key, log,
    proof::{self, Disclosure, HeadChoice, ProofError},
    viewer::Viewer,
};
use std::{
    fs,
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &Log, place: &Place) -> anyhow::Result<ExitCode> {
    if let LogSubcommand::Check(arguments) = &arguments.subcommand {
        return check::run(arguments);
    }
    let book = place.open_existing().await?;
    let answer = answer(&arguments.subcommand, &book, place).await;
    book.close().await?;
    match answer {
        Ok(text) => {
            io::stdout().lock().write_all(text.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) if matches!(error.downcast_ref(), Some(ProofError::NotContinued(_))) => {
            writeln!(io::stderr().lock(), "{error}")?;
            Ok(ExitCode::from(1))
        }
        Err(error) => Err(error),
    }
}

async fn answer(subcommand: &LogSubcommand, book: &Book, place: &Place) -> anyhow::Result<String> {
    Ok(match subcommand {
        LogSubcommand::Head => {
            let head = log::head(book).await?;
            format!("伝票の数  {}\nハッシュ  {}\n", head.size, head.root)
        }
        LogSubcommand::Checkpoint => {
            let path = key::path(book, &place.database, place.key.as_deref()).await?;
            let key = key::open(book, &path).await?;
            let note = log::checkpoint(book, &key).await?;
            backup::keep_head(book, &path, &note).await?;
            note
        }
        LogSubcommand::Prove(arguments) => {
            let Prove {
                entry,
                office,
                part,
                size,
            } = arguments;
            let disclosure = match office {
                Some(office) => Disclosure::Office(office.clone()),
                None if part.is_empty() => Disclosure::All,
                None => Disclosure::Parts(part.clone()),
            };
            let (key, _) = place.signing_key(book).await?;
            proof::of_entry(book, &Viewer::Keeper, &key, entry, &disclosure, *size).await?
        }
        LogSubcommand::Consistency(Consistency { old, new }) => {
            let (old, new) = (head(old)?, new.as_deref().map(head).transpose()?);
            let (key, _) = place.signing_key(book).await?;
            proof::of_consistency(book, &Viewer::Keeper, &key, &old, new.as_ref()).await?
        }
        LogSubcommand::Key => {
            let mut keys = log::public_keys(book.store()).await?;
            if keys.is_empty() {
                keys.push(place.signing_key(book).await?.0.public());
            }
            let lines: Vec<String> = keys.iter().map(ToString::to_string).collect();
            lines.join("\n") + "\n"
        }
        LogSubcommand::Check(_) => String::new(),
    })
}

/// A head as typed: a number of entries, or a file with a signed note.
fn head(text: &str) -> anyhow::Result<HeadChoice> {
    if let Ok(size) = text.parse() {
        return Ok(HeadChoice::Size(size));
    }
    let problem = || {
        format!(
            "{text} を読めません。枚数か、証明のファイル(yokoito log checkpoint の出力)を書いてください。"
        )
    };
    fs::read_to_string(text)
        .map(HeadChoice::Note)
        .with_context(problem)
}
