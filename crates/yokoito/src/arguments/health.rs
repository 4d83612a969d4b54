//! Whether the book is well.

use clap::Args;
use std::path::PathBuf;

/// `yokoito verify`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Verify {
    /// 前に控えた証明(log checkpoint の出力)。帳簿がその続きであることを確かめる
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
}

/// `yokoito doctor`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Doctor {
    /// 前に控えた証明(log checkpoint の出力)。帳簿がその続きであることも確かめる
    #[arg(long, value_name = "FILE")]
    pub head: Option<PathBuf>,
    /// 調べるバックアップのファイル。何度でも書ける
    #[arg(long, value_name = "FILE")]
    pub backup: Vec<PathBuf>,
    /// バックアップのあるフォルダー(名前が .jsonl か .jsonl.gz で終わるものを調べる)
    #[arg(long, value_name = "DIR")]
    pub backups: Option<PathBuf>,
}
