//! Files of acts and copies of the book.

use clap::Args;
use std::path::PathBuf;

/// `yokoito import`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Import {
    /// 取り込むファイル。- は標準入力
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 全部か無か: 1行でも受け付けられなければ、何も記録しない(空の帳簿でなければ5,000行まで)
    #[arg(long)]
    pub atomic: bool,
    /// Appends `line seq` of every answered line to a file, for the tests that kill the program.
    #[arg(long, value_name = "FILE", hide = true)]
    pub report: Option<PathBuf>,
}

/// `yokoito export`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Export {
    /// 記録のままではなく、伝票(入力したときの形)で書き出す
    #[arg(long)]
    pub acts: bool,
}

/// `yokoito backup`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Backup {
    /// 作るファイル。名前の終わりが .gz なら圧縮する
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 同じ名前のファイルがあれば、書き終えてから置きかえる
    #[arg(long)]
    pub replace: bool,
}

/// `yokoito restore`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Restore {
    /// 戻すバックアップ
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 別に控えた証明(log checkpoint の出力)。これより古いバックアップ、合わないバックアップを断る
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
    /// 署名された証明より古いバックアップでも戻す(あとの伝票はなくなります)
    #[arg(long)]
    pub older: bool,
    /// 全部を読んで、戻せるかどうかだけを確かめる。何も書かない
    #[arg(long)]
    pub check: bool,
}
