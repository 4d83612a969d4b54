//! Free texts of entries.

use super::TEMPLATE;
use clap::Args;
use domain::{acts::erase_text::Which, refs::EntryPointer, text::Note};

/// `yokoito text`.
#[derive(Args, Debug)]
pub struct Text {
    /// What about texts.
    #[command(subcommand)]
    pub subcommand: TextSubcommand,
}

/// What can be done to texts.
#[derive(Debug, clap::Subcommand)]
pub enum TextSubcommand {
    /// 伝票のメモや理由を消す。元には戻せない
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito text erase [オプション] --reason TEXT ENTRY",
        after_help = "例:\n  \
            yokoito text erase 12 --reason 利用者の名前が書かれていた\n  \
            yokoito text erase hinata/s-0605 --only note --reason 病名が書かれていた\n\n\
            消せるのは、書かれた文だけです。品物とお金の記録は消えません。\n\
            いつ、なぜ消したかは、新しい伝票として残ります。理由には、消した内容を書かないでください。\n\
            これより前に作ったバックアップや書き出したファイルには、文が残っています。不要なものは捨ててください。\n\
            PostgreSQL では、サーバーの記録(WAL)や複製にもしばらく残ることがあります。"
    )]
    Erase(Erase),
}

/// `yokoito text erase`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Erase {
    /// 伝票の番号(0番から。verify などに出る番号)、ID、または「事業所のコード/キー」
    #[arg(value_name = "ENTRY")]
    pub entry: EntryPointer,
    /// なぜ消すのか(消した内容は書かない)
    #[arg(long, value_name = "TEXT")]
    pub reason: Note,
    /// note ならメモだけ、reason なら理由だけを消す。書かなければ両方
    #[arg(long, value_name = "WHICH", value_parser = which)]
    pub only: Option<Which>,
}

fn which(text: &str) -> Result<Which, String> {
    match text {
        "note" | "メモ" => Ok(Which::Note),
        "reason" | "理由" => Ok(Which::Reason),
        _ => Err("note(メモ)か reason(理由)を書いてください。".to_owned()),
    }
}
