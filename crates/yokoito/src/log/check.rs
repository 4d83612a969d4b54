//! `yokoito log check`: a proof against a public key. No book is opened and none is made: who checks has neither.

use super::shown;
use crate::arguments::Check;
use anyhow::{Context, anyhow, bail};
use domain::{
    log::VerifierKey,
    proof::{self, FILE_LIMIT},
};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    process::ExitCode,
};

/// Runs it.
pub fn run(arguments: &Check) -> anyhow::Result<ExitCode> {
    if arguments.public_key.is_empty() {
        bail!(
            "帳簿の公開鍵を --public-key で指定してください。鍵がなければ、だれの証明か分かりません。公開鍵は、帳簿の管理者に「yokoito log key」の出力をもらってください。"
        );
    }
    let mut keys = Vec::new();
    for given in &arguments.public_key {
        keys.extend(public_keys(given)?);
    }
    let bytes = read(&arguments.file)?;
    let mut output = io::stdout().lock();
    let text = String::from_utf8_lossy(&bytes);
    match proof::check(&text, &keys) {
        Ok(proved) => {
            for line in shown::lines(&proved) {
                writeln!(output, "{line}")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            writeln!(output, "✘ 証明されません: {why}")?;
            writeln!(
                output,
                "このファイルの中身は信じないでください。証明をくれた人に、もう一度出してもらってください。"
            )?;
            Ok(ExitCode::from(1))
        }
    }
}

/// Keys as typed, or one a line in a file.
fn public_keys(given: &str) -> anyhow::Result<Vec<VerifierKey>> {
    let as_typed = match given.parse::<VerifierKey>() {
        Ok(key) => return Ok(vec![key]),
        Err(error) => error,
    };
    if !Path::new(given).exists() {
        let problem = "--public-key が公開鍵でも、ファイルでもありません。「yokoito log key」の出力か、それを入れたファイルを指定してください。";
        return Err(anyhow!(as_typed).context(problem));
    }
    let problem = || {
        format!(
            "{given} を公開鍵として読めません。「yokoito log key」の出力を、1行に1つ入れたファイルを指定してください。"
        )
    };
    let text = read(Path::new(given))?;
    let text = String::from_utf8(text).with_context(problem)?;
    let keys = (text.lines())
        .filter(|line| !line.trim().is_empty())
        .map(str::parse)
        .collect::<Result<Vec<VerifierKey>, _>>()
        .with_context(problem)?;
    if keys.is_empty() {
        bail!(problem());
    }
    Ok(keys)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let problem = || {
        format!(
            "{} を読めません。ファイルの場所を確かめてください。",
            path.display()
        )
    };
    let mut bytes = Vec::new();
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).with_context(problem)?)
    };
    // one byte more than a proof may have: so that one which is too long is seen to be
    input
        .take(FILE_LIMIT as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(problem)?;
    Ok(bytes)
}
