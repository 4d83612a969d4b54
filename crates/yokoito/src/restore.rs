//! `yokoito restore`: a backup into an empty place, or only whether that could be done.

use crate::{arguments, backup::warning, place::Place, progress::Entries, table::thousands, verify};
use app::{
    backup::{self, Examined, Request, Restored, Summary},
    last_head,
    outside::Outside,
};
use domain::calendar::business_day;
use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &arguments::Restore, place: &Place) -> anyhow::Result<ExitCode> {
    let request = Request {
        file: &arguments.file,
        place: &place.database,
        key: place.key.as_deref(),
        head: arguments.head.as_deref(),
        older: arguments.older,
    };
    if arguments.check {
        return check(&request).await;
    }
    let bar = Entries::new("読んでいます");
    let restored = backup::restore(&request, Outside::system(), |done, all| bar.reached(done, all)).await;
    drop(bar);
    let restored = restored?;
    print(&mut io::stdout().lock(), &restored)?;
    heads(&restored)?;
    Ok(if restored.verified.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

async fn check(request: &Request<'_>) -> anyhow::Result<ExitCode> {
    let bar = Entries::new("読んでいます");
    let examined = backup::examine(request, |done, all| bar.reached(done, all)).await;
    drop(bar);
    let mut output = io::stdout().lock();
    match examined {
        Ok(examined) => {
            writeln!(output, "このバックアップは戻せます: {}", what(&examined.summary))?;
            lost(&mut output, &examined)?;
            if examined.summary.signature().is_none() {
                writeln!(
                    output,
                    "署名された証明はありません(export で書き出したものです)。"
                )?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) if error.is_about_backup() => {
            writeln!(output, "{error}")?;
            Ok(ExitCode::from(1))
        }
        Err(error) => Err(error.into()),
    }
}

fn what(summary: &Summary) -> String {
    let last = summary.last_recorded_at.map(business_day);
    let last = last.map(|day| format!("、最後の記録 {day}")).unwrap_or_default();
    format!("伝票{}枚{last}", thousands(&summary.head.size.to_string()))
}

fn lost(output: &mut impl Write, examined: &Examined) -> io::Result<()> {
    match examined.missing() {
        0 => Ok(()),
        missing => writeln!(
            output,
            "署名された証明にあって、このバックアップにない伝票: 少なくとも{}枚",
            thousands(&missing.to_string())
        ),
    }
}

fn print(output: &mut impl Write, restored: &Restored) -> io::Result<()> {
    writeln!(output, "戻しました: {}", what(&restored.backup.summary))?;
    lost(output, &restored.backup)?;
    for path in &restored.given_up {
        writeln!(
            output,
            "なくなった伝票までの証明は「{}」に残しました。",
            path.display()
        )?;
    }
    if let Some(key) = restored.backup.key.as_deref().filter(|key| !key.exists()) {
        writeln!(
            output,
            "鍵のファイル「{}」がありません。もとの鍵の控えがあれば、そこに置いてください。なければ、次に証明を作るときに新しい鍵を作ります。",
            key.display()
        )?;
    }
    verify::print(output, &restored.verified)
}

/// The restored book stands, whatever becomes of the last known head.
fn heads(restored: &Restored) -> io::Result<()> {
    let path = restored.backup.key.as_deref().map(last_head::path);
    let path = path.as_deref().unwrap_or(Path::new(""));
    let problem = match &restored.head {
        None => None,
        Some(Ok(kept)) => warning(kept, path),
        Some(Err(error)) => Some(format!(
            "注意: 最新の証明を「{}」に控えられません。({error})",
            path.display()
        )),
    };
    match problem {
        None => Ok(()),
        Some(problem) => writeln!(io::stderr().lock(), "{problem}"),
    }
}
