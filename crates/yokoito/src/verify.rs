//! `yokoito verify`: nine lines with ✔ or ✘, and under a ✘ what is wrong.

use crate::{arguments, place::Place};
use anyhow::Context;
use app::{
    verify::{Verified, verify},
    viewer::AtTheMachine,
};
use std::{
    fs,
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &arguments::Verify, place: &Place) -> anyhow::Result<ExitCode> {
    let head = arguments.head.as_ref().map(|file| {
        let problem = || {
            format!(
                "{} を読めません。ファイルの場所を確かめてください。",
                file.display()
            )
        };
        fs::read_to_string(file).with_context(problem)
    });
    let head = head.transpose()?;
    let book = place.open_existing().await?;
    let verified = verify(&book, AtTheMachine, head.as_deref()).await?;
    print(&mut io::stdout().lock(), &verified)?;
    book.close().await?;
    Ok(if verified.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The nine lines and what was found.
pub fn print(output: &mut impl Write, verified: &Verified) -> io::Result<()> {
    for line in verified.lines() {
        let (number, label) = (line.invariant.number(), line.invariant.label());
        if line.count == 0 {
            writeln!(output, "✔ {number} {label}")?;
            continue;
        }
        writeln!(output, "✘ {number} {label} — 誤り {}件", line.count)?;
        for finding in &line.findings {
            writeln!(output, "    {}", verified.sentence(finding))?;
        }
        let more = line.count.saturating_sub(line.findings.len() as u64);
        if more > 0 {
            writeln!(output, "    ほか{more}件")?;
        }
    }
    let size = verified.size();
    if verified.is_clean() {
        writeln!(output, "伝票{size}枚を調べました。帳簿は正しい状態です。")
    } else {
        writeln!(
            output,
            "伝票{size}枚を調べました。誤りがあります。この帳簿への記録を止め、正しかった時の控え(バックアップ)と比べてください。"
        )
    }
}
