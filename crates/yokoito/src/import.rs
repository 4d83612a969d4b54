//! `yokoito import`: reports the refused lines as they come, then how many are in the book.

use crate::{arguments, place::Place};
use anyhow::{Context, anyhow};
use app::import::{self, Listener, Options, Outcome, Progress, RefusedLine};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::ExitCode,
    time::Instant,
};
use tokio::io::{AsyncBufRead, BufReader};

/// What is read from the file at once.
const BUFFER: usize = 256 << 10;

/// Runs it.
pub async fn run(arguments: arguments::Import, place: &Place) -> anyhow::Result<ExitCode> {
    // the file first: a mistyped name makes no empty book
    let (input, length) = open(&arguments.file).await?;
    let report = arguments.report.as_deref().map(appended).transpose()?;
    let book = place.open().await?;
    let mut shown = Shown {
        bar: bar(length),
        begun: Instant::now(),
        report,
        answered: String::new(),
        unreported: None,
    };
    let options = Options {
        atomic: arguments.atomic,
    };
    let result = import::import(&book, input, options, &mut shown).await;
    shown.bar.finish_and_clear();
    book.close().await?;
    if let Some(error) = shown.unreported {
        return Err(error).context("答えを --report のファイルに書けませんでした。");
    }
    let outcome = result?;
    write_summary(&outcome, arguments.atomic)?;
    Ok(if outcome.is_whole() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

async fn open(file: &Path) -> anyhow::Result<(Box<dyn AsyncBufRead + Unpin + Send>, Option<u64>)> {
    if file == Path::new("-") {
        return Ok((
            Box::new(BufReader::with_capacity(BUFFER, tokio::io::stdin())),
            None,
        ));
    }
    let unread = || {
        format!(
            "ファイル「{}」を開けません。名前と場所、読む権限を確かめてください。",
            file.display()
        )
    };
    let opened = tokio::fs::File::open(file).await.with_context(unread)?;
    let metadata = opened.metadata().await.with_context(unread)?;
    if metadata.is_dir() {
        return Err(anyhow!(
            "「{}」はフォルダーです。取り込むファイルを指定してください。",
            file.display()
        ));
    }
    let length = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(BufReader::with_capacity(BUFFER, opened)), length))
}

fn appended(file: &Path) -> anyhow::Result<fs::File> {
    let opened = fs::OpenOptions::new().create(true).append(true).open(file);
    opened.with_context(|| format!("「{}」に書けません。", file.display()))
}

/// Drawn on stderr, and only on a terminal.
fn bar(length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (
            ProgressBar::new(length),
            "取り込み中 [{bar:30}] {percent}% {msg} 残り {eta}",
        ),
        None => (ProgressBar::new_spinner(), "取り込み中 {spinner} {msg}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("=> "))
}

/// What a person at the terminal sees.
struct Shown {
    bar: ProgressBar,
    begun: Instant,
    report: Option<fs::File>,
    /// For the report, until the job they belong to has been told.
    answered: String,
    /// Why the report is not whole.
    unreported: Option<io::Error>,
}

impl Shown {
    /// What a job was answered goes to the report in one piece, as soon as it is known.
    fn report(&mut self) {
        if let Some(report) = &mut self.report
            && let Err(error) = report.write_all(self.answered.as_bytes())
        {
            self.unreported.get_or_insert(error);
        }
        self.answered.clear();
    }
}

impl Listener for Shown {
    fn progress(&mut self, progress: Progress) {
        self.report();
        self.bar.set_position(progress.bytes);
        let millis = u64::try_from(self.begun.elapsed().as_millis())
            .unwrap_or(u64::MAX)
            .max(1);
        let rate = progress.lines.saturating_mul(1_000) / millis;
        self.bar
            .set_message(format!("{}行({}行/秒)", grouped(progress.lines), grouped(rate)));
    }

    fn refused(&mut self, line: &RefusedLine) {
        // a reader that has gone away does not stop the import
        self.bar.suspend(|| drop(writeln!(io::stdout().lock(), "{line}")));
    }

    fn recorded(&mut self, line: u64, seq: u64) {
        if self.report.is_some() {
            self.answered += &(format!("{line} {seq}") + "\n");
        }
    }
}

/// `1,480`: people read figures in threes.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn write_summary(outcome: &Outcome, atomic: bool) -> io::Result<()> {
    let Outcome {
        recorded,
        already,
        refused,
        not_recorded,
    } = *outcome;
    let mut parts = vec![format!("記録 {}件", grouped(recorded))];
    for (count, label) in [
        (already, "すでに記録済み"),
        (refused, "受け付けられない行"),
        (not_recorded, "記録しなかった行"),
    ] {
        if count > 0 {
            parts.push(format!("{label} {}件", grouped(count)));
        }
    }
    let mut output = io::stdout().lock();
    writeln!(output, "取り込みました: {}", parts.join("、"))?;
    if atomic && !outcome.is_whole() {
        writeln!(
            output,
            "受け付けられない行があったので、何も記録していません。直して、もう一度取り込んでください。"
        )?;
    } else if refused > 0 {
        writeln!(
            output,
            "受け付けられない行だけ直して、同じファイルをもう一度取り込めます。二重にはなりません。"
        )?;
    }
    Ok(())
}
