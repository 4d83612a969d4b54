//! `yokoito backup`: the book into a file.

use crate::{arguments, place::Place, progress::Entries, table::thousands};
use anyhow::Context;
use app::{
    Book, backup, key,
    last_head::{self, Kept},
};
use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

/// Runs it.
pub async fn run(arguments: &arguments::Backup, place: &Place) -> anyhow::Result<ExitCode> {
    let book = place.open_existing().await?;
    let path = key::path(&book, &place.database, place.key.as_deref()).await?;
    let key = key::open(&book, &path).await?;
    let bar = Entries::new("書いています");
    let written = backup::write(&book, &key, &arguments.file, arguments.replace, |done, all| {
        bar.reached(done, all);
    })
    .await;
    drop(bar);
    let written = written?;
    writeln!(
        io::stdout().lock(),
        "バックアップを作りました: {}(伝票{}枚)\n\
         鍵のファイル「{}」は入っていません。まだなら、別の場所に控えておいてください。",
        arguments.file.display(),
        thousands(&written.head.size.to_string()),
        path.display()
    )?;
    keep_head(&book, &path, &written.note).await?;
    book.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Keeps a signed head beside the key; says so on stderr when what is there speaks against it.
pub async fn keep_head(book: &Book, key: &Path, note: &str) -> anyhow::Result<()> {
    let path = last_head::path(key);
    let kept = last_head::keep(book, &path, note).await;
    let kept = kept.with_context(|| format!("最新の証明を「{}」に控えられません。", path.display()))?;
    if let Some(warning) = warning(&kept, &path) {
        writeln!(io::stderr().lock(), "{warning}")?;
    }
    Ok(())
}

/// What a person should hear about the file of the last known head.
pub fn warning(kept: &Kept, path: &Path) -> Option<String> {
    let path = path.display();
    match kept {
        Kept::Written => None,
        Kept::Ahead(size) => Some(format!(
            "注意: 「{path}」には{}枚までの署名された証明があり、この帳簿より先に進んでいます。帳簿が古い控えに戻されたかもしれません。まちがいでなければ、そのファイルを別の場所に移してください。",
            thousands(&size.to_string())
        )),
        Kept::Contradicts(size) => Some(format!(
            "注意: 「{path}」にある{}枚までの署名された証明と、この帳簿が合いません。帳簿が書きかえられたかもしれません。yokoito verify --head で確かめてください。",
            thousands(&size.to_string())
        )),
        Kept::Foreign => Some(format!(
            "注意: 「{path}」は、この帳簿の証明ではありません。最新の証明を控えられないので、そのファイルを別の場所に移してください。"
        )),
    }
}
