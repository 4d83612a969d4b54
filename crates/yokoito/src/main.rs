//! The program `yokoito`: one subcommand, one file. Here is what they share: the arguments are read, the subcommand
//! runs, and what it says becomes an exit code.
//!
//! A subcommand is `pub async fn run(arguments, place) -> anyhow::Result<ExitCode>`:
//! - exit code 0: done; 1: done, but something is refused or wrong; 2 (any error): it could not run;
//! - its sentences go to stdout by `writeln!` to a locked stdout with `?`, never by `println!`, which panics when the
//!   reader has gone away (`yokoito stock | head`);
//! - an error's outermost sentence is Japanese and says what to do; its causes follow in a second line.

mod arguments;
mod backup;
mod balances;
mod demo;
mod doctor;
mod export;
mod import;
mod log;
mod openapi;
mod people;
mod place;
mod progress;
mod restore;
mod serve;
mod stock;
mod table;
mod text;
mod trace;
mod usage;
mod verify;

use arguments::{Arguments, Subcommand};
use std::{
    io::{self, Write},
    process::ExitCode,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match usage::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match run(arguments).await {
        Ok(code) => code,
        Err(error) if reader_has_gone(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // nowhere left to say that even this could not be said
            drop(say(&error));
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let place = place::Place {
        database: arguments.database,
        key: arguments.key,
    };
    match arguments.subcommand {
        Subcommand::Demo => demo::run(&place).await,
        Subcommand::Import(arguments) => import::run(arguments, &place).await,
        Subcommand::Export(arguments) => export::run(&arguments, &place).await,
        Subcommand::Backup(arguments) => backup::run(&arguments, &place).await,
        Subcommand::Restore(arguments) => restore::run(&arguments, &place).await,
        Subcommand::Text(arguments) => text::run(arguments, &place).await,
        Subcommand::Verify(arguments) => verify::run(&arguments, &place).await,
        Subcommand::Doctor(arguments) => doctor::run(&arguments, &place).await,
        Subcommand::Serve(arguments) => serve::run(arguments, &place).await,
        Subcommand::People(arguments) => people::run(arguments, &place).await,
        Subcommand::Openapi => openapi::run(),
        Subcommand::Log(arguments) => log::run(&arguments, &place).await,
        Subcommand::Trace(arguments) => trace::run(&arguments, &place).await,
        Subcommand::Stock(arguments) => stock::run(&arguments, &place).await,
        Subcommand::Balances(arguments) => balances::run(&arguments, &place).await,
    }
}

/// One sentence, then what caused it.
fn say(error: &anyhow::Error) -> io::Result<()> {
    let mut output = io::stderr().lock();
    writeln!(output, "{error}")?;
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string().replace('\n', " ");
        // drivers repeat the words of what they wrap
        if !causes.iter().any(|said| said.contains(&cause)) {
            causes.push(cause);
        }
    }
    if causes.is_empty() {
        Ok(())
    } else {
        writeln!(output, "原因: {}", causes.join(" ← "))
    }
}

/// `yokoito … | head`: whoever read our output has enough.
fn reader_has_gone(error: &anyhow::Error) -> bool {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
