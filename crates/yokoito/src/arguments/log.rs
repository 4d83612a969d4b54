//! The log and its proofs.

use super::TEMPLATE;
use app::proof::PartChoice;
use clap::Args;
use domain::{refs::EntryPointer, text::Code};
use std::path::PathBuf;

/// `yokoito log`.
#[derive(Args, Debug)]
pub struct Log {
    /// What about the log.
    #[command(subcommand)]
    pub subcommand: LogSubcommand,
}

/// What can be asked of the log.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum LogSubcommand {
    /// 伝票の数とハッシュを表示する
    #[command(help_template = TEMPLATE, override_usage = "yokoito log head [オプション]")]
    Head,
    /// 署名した証明を作り、表示する
    #[command(help_template = TEMPLATE, override_usage = "yokoito log checkpoint [オプション]")]
    Checkpoint,
    /// 伝票が帳簿にあることの証明を作る(標準出力へ)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito log prove [オプション] ENTRY",
        after_help = "例:\n  \
            yokoito log prove 12 > 証明.json                 伝票のすべてを見せる証明\n  \
            yokoito log prove kitchen/r-0605 --for farm      事業所 farm に見せてよい部分だけを見せる証明\n  \
            yokoito log prove 12 --part shared --part record 共通の部分と、記録の時刻だけを見せる証明\n\n\
            受け取った人は「yokoito log check 証明.json --public-key 公開鍵」で、帳簿なしで確かめられます。\n\
            見せない部分は、ソルトつきのハッシュだけが入ります。"
    )]
    Prove(Prove),
    /// 前の証明から今までに、記録が変えられていないことの証明を作る(標準出力へ)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito log consistency [オプション] OLD [NEW]",
        after_help = "例:\n  \
            yokoito log consistency 5月末.txt > 続き.json     5月末に控えた証明から今まで\n  \
            yokoito log consistency 1200 1565                1,200枚目までと1,565枚目まで\n\n\
            終了コード: 0 証明した、1 帳簿は控えた証明の続きではない、2 作れなかった"
    )]
    Consistency(Consistency),
    /// 証明を、ファイルと公開鍵だけで確かめる(帳簿は使いません)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito log check [オプション] FILE",
        after_help = "例:\n  \
            yokoito log check 証明.json --public-key 公開鍵.txt\n\n\
            公開鍵は、帳簿の管理者に「yokoito log key」の出力をもらってください。証明とは別の道で受け取ると安全です。\n\
            終了コード: 0 証明された、1 証明されない、2 調べられなかった"
    )]
    Check(Check),
    /// 帳簿の公開鍵を表示する(証明を確かめる人に渡す)
    #[command(help_template = TEMPLATE, override_usage = "yokoito log key [オプション]")]
    Key,
}

/// `yokoito log prove`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Prove {
    /// 伝票の番号(0番から。verify などに出る番号)、ID、または「事業所のコード/キー」
    #[arg(value_name = "ENTRY")]
    pub entry: EntryPointer,
    /// この事業所(コード)に見せてよい部分だけを見せる: 共通の部分、その事業所の仕訳、自分で記録した伝票なら入力の内容
    #[arg(long = "for", value_name = "OFFICE", conflicts_with = "part")]
    pub office: Option<Code>,
    /// 見せる部分(何度でも書ける): shared 共通、acting 入力の内容、record 記録者と時刻、office:コード 事業所の仕訳、head:コード 本部の仕訳
    #[arg(long, value_name = "PART")]
    pub part: Vec<PartChoice>,
    /// はじめの N 枚までの証明にする。書かなければ今ある全部
    #[arg(long, value_name = "N")]
    pub size: Option<u64>,
}

/// `yokoito log consistency`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Consistency {
    /// 前の証明のファイル(log checkpoint の出力)、または枚数
    #[arg(value_name = "OLD")]
    pub old: String,
    /// 後の証明のファイル、または枚数。書かなければ今
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
}

/// `yokoito log check`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Check {
    /// 証明のファイル(log prove・log consistency・log checkpoint の出力)。- は標準入力
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 帳簿の公開鍵(log key の出力)、またはそれを入れたファイル。何度でも書ける
    #[arg(long, value_name = "KEY|FILE")]
    pub public_key: Vec<String>,
}
