//! `yokoito text erase`: the single exception to "nothing is deleted".

use crate::{
    arguments::{Erase, Text, TextSubcommand},
    place::Place,
    table::thousands,
};
use app::texts::{self, Erased};
use domain::entry::TextRole;
use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: Text, place: &Place) -> anyhow::Result<ExitCode> {
    let TextSubcommand::Erase(Erase { entry, reason, only }) = arguments.subcommand;
    let book = place.open_existing().await?;
    let erased = texts::erase(&book, &entry, only, reason).await;
    book.close().await?;
    print(&mut io::stdout().lock(), &erased?)?;
    Ok(ExitCode::SUCCESS)
}

fn print(output: &mut impl Write, erased: &Erased) -> io::Result<()> {
    let names = erased.roles.iter().map(|role| match role {
        TextRole::Note => "メモ",
        TextRole::Reason => "理由",
    });
    writeln!(
        output,
        "消しました: 伝票{}番({} {})の{}。この消去は、伝票{}番として記録しました。",
        thousands(&erased.of.to_string()),
        erased.label,
        erased.key,
        names.collect::<Vec<_>>().join("・"),
        thousands(&erased.seq.to_string()),
    )?;
    if !erased.is_scrubbed {
        writeln!(
            output,
            "ほかのプログラムが帳簿を読んでいるため、ファイルの中の跡をまだ消しきれていません。そのプログラムを終了すると消えます。"
        )?;
    }
    writeln!(
        output,
        "これより前に作ったバックアップや書き出したファイルには、文が残っています。不要なものは捨ててください。"
    )
}
