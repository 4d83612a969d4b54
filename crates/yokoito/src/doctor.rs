//! `yokoito doctor`: what is wrong, what to do next, which entries and backups are good. It never writes.

use crate::{arguments, place::Place, table::thousands};
use anyhow::Context;
use app::{
    doctor::{
        Advice, BackupVerdict, Diagnosis, ExaminedBackup, ExaminedHead, HeadVerdict, Question, Urgency,
        advise, examine,
    },
    viewer::AtTheMachine,
};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// How the files of backups end.
const ENDINGS: [&str; 2] = [".jsonl", ".jsonl.gz"];

/// Runs it.
pub async fn run(arguments: &arguments::Doctor, place: &Place) -> anyhow::Result<ExitCode> {
    let question = question(arguments, place)?;
    let found = examine(&place.database, AtTheMachine, &question).await;
    let advice = advise(&found);
    print(&mut io::stdout().lock(), &found, &advice)?;
    let is_healthy = advice.iter().all(|advice| advice.urgency == Urgency::Note);
    Ok(if is_healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn question(arguments: &arguments::Doctor, place: &Place) -> anyhow::Result<Question> {
    let head = arguments.head.as_ref().map(|path| {
        let problem = || {
            format!(
                "{} を読めません。ファイルの場所を確かめてください。",
                path.display()
            )
        };
        let note = fs::read_to_string(path).with_context(problem)?;
        anyhow::Ok((path.clone(), note))
    });
    let mut backups = arguments.backup.clone();
    if let Some(folder) = &arguments.backups {
        let problem = || {
            format!(
                "フォルダー「{}」を開けません。場所を確かめてください。",
                folder.display()
            )
        };
        backups.extend(backups_in(folder).with_context(problem)?);
    }
    Ok(Question {
        key: place.key.clone(),
        head: head.transpose()?,
        backups,
    })
}

/// Files in a folder that are backups by their names, in the order of these.
fn backups_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_file() && ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn print(output: &mut impl Write, found: &Diagnosis, advice: &[Advice]) -> io::Result<()> {
    let size = found
        .size
        .map(|size| format!("(伝票{}枚)", thousands(&size.to_string())));
    writeln!(output, "帳簿  {}{}", found.place, size.unwrap_or_default())?;
    for advice in advice {
        let urgency = match advice.urgency {
            Urgency::Now => "急ぎ",
            Urgency::Soon => "早めに",
            Urgency::Note => "参考",
        };
        writeln!(output)?;
        for (n, sentence) in advice.found.iter().enumerate() {
            if n == 0 {
                writeln!(output, "【{urgency}】{sentence}")?;
            } else {
                writeln!(output, "    {sentence}")?;
            }
        }
        for (n, step) in advice.next.iter().enumerate() {
            writeln!(output, "  {}. {step}", n + 1)?;
        }
    }
    if let Some(safety) = &found.safety {
        list(output, "伝票の無事", safety.sentences())?;
    }
    list(output, "控えた証明", found.heads.iter().map(head))?;
    list(output, "バックアップ", found.backups.iter().map(backup))?;
    writeln!(output)?;
    let of = |urgency| advice.iter().filter(|advice| advice.urgency == urgency).count();
    match (of(Urgency::Now), of(Urgency::Soon)) {
        (0, 0) => writeln!(output, "✔ 帳簿は健康です。急いですることはありません。"),
        (0, soon) => writeln!(output, "早めにすることが{soon}件あります。"),
        (now, 0) => writeln!(
            output,
            "急いですることが{now}件あります。上から順にしてください。"
        ),
        (now, soon) => writeln!(
            output,
            "急いですることが{now}件、早めにすることが{soon}件あります。上から順にしてください。"
        ),
    }
}

fn list(output: &mut impl Write, title: &str, lines: impl IntoIterator<Item = String>) -> io::Result<()> {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        writeln!(output, "\n{title}")?;
    }
    lines.try_for_each(|line| writeln!(output, "  {line}"))
}

fn head(head: &ExaminedHead) -> String {
    let count = |size: u64| thousands(&size.to_string());
    let (mark, verdict) = match &head.verdict {
        HeadVerdict::Continued { size } => ("✔", format!("{}枚まで。帳簿はその続きです", count(*size))),
        HeadVerdict::RolledBack { size, have } => (
            "✘",
            format!("{}枚まで。帳簿には{}枚しかありません", count(*size), count(*have)),
        ),
        HeadVerdict::Rewritten { size } => (
            "✘",
            format!("{}枚まで。帳簿はその続きではありません", count(*size)),
        ),
        HeadVerdict::Unknown { size } => (
            "?",
            format!("{}枚まで。帳簿が壊れていて、比べられません", count(*size)),
        ),
        HeadVerdict::Distrusted(_) => ("✘", "信じられません".to_owned()),
        HeadVerdict::OtherBook(_) => ("−", "別の帳簿のものです".to_owned()),
    };
    format!("{mark} {} — {verdict}", head.place)
}

fn backup(backup: &ExaminedBackup) -> String {
    let (mark, verdict) = match &backup.verdict {
        BackupVerdict::Good {
            size,
            last_recorded_at,
            borne_out,
        } => {
            let size = thousands(&size.to_string());
            let last = last_recorded_at.map(|at| format!("、最後の記録 {}", at.in_tokyo()));
            let fits = if *borne_out {
                "。この帳簿の記録と合います"
            } else {
                "。中は無事です(帳簿と比べるものがありません)"
            };
            ("✔", format!("伝票{size}枚{}{fits}", last.unwrap_or_default()))
        }
        BackupVerdict::Unusable(_) => ("✘", "使えません".to_owned()),
        BackupVerdict::OtherBook(_) => ("−", "別の帳簿のものです".to_owned()),
        BackupVerdict::Contradicts { signed: true, .. } => ("✘", "署名した証明と合いません".to_owned()),
        BackupVerdict::Contradicts { .. } => ("✘", "帳簿と合いません".to_owned()),
    };
    format!("{mark} {} — {verdict}", backup.path.display())
}
