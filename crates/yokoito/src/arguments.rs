//! The command line in Japanese: what `--help` shows.

mod files;
mod health;
mod log;
mod people;
mod serve;
mod text;
mod views;

use clap::Parser;
pub use files::{Backup, Export, Import, Restore};
pub use health::{Doctor, Verify};
pub use log::{Check, Consistency, Log, LogSubcommand, Prove};
pub use people::{Invite, People, PeopleSubcommand, RoleName};
pub use serve::Serve;
use std::path::PathBuf;
use store::DatabaseUrl;
pub use text::{Erase, Text, TextSubcommand};
pub use views::{Balances, Stock, Trace};

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}\n";

/// 横糸 — 就労支援事業所の品物とお金を、ひとつの帳簿に記録します。
#[derive(Debug, Parser)]
#[command(
    name = "yokoito",
    version,
    help_template = TEMPLATE,
    override_usage = "yokoito [オプション] サブコマンド",
    subcommand_help_heading = "サブコマンド",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    next_help_heading = "共通のオプション",
    after_help = "例:\n  \
        yokoito demo                          見本の帳簿をつくり、一か月分を記録して見せる\n  \
        yokoito import 6月.jsonl              伝票のファイルを取り込む\n  \
        yokoito trace B-0615-1                弁当のロットを畑までたどる\n  \
        yokoito verify                        帳簿に誤りや改ざんがないか調べる\n\n\
        くわしくは「yokoito サブコマンド --help」を見てください。"
)]
pub struct Arguments {
    /// 帳簿の場所。sqlite://ファイル名(なければ作ります)か postgres://利用者@サーバー/データベース?schema=名前
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "YOKOITO_DATABASE",
        hide_env = true,
        default_value = "sqlite://yokoito.db",
        hide_default_value = true
    )]
    pub database: DatabaseUrl,

    /// 記録の証明に署名する鍵のファイル(ふつうは帳簿のファイルの隣に作ります)
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "YOKOITO_KEY",
        hide_env = true
    )]
    pub key: Option<PathBuf>,

    /// この説明を表示する
    #[arg(short, long, global = true, action = clap::ArgAction::Help)]
    help: Option<bool>,

    /// 版を表示する
    #[arg(short = 'V', long, action = clap::ArgAction::Version)]
    version: Option<bool>,

    /// What to do.
    #[command(subcommand)]
    pub subcommand: Subcommand,
}

/// What the program can do.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// 見本の帳簿をつくり、一か月分を記録して見せる
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito demo [オプション]",
        after_help = "同じ帳簿でもう一度動かしても、何も変わりません。"
    )]
    Demo,
    /// サーバーとして動く(API。ほかのプログラムや表計算、レジから使います)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito serve [オプション]",
        after_help = "例:\n  \
            yokoito serve                                  この機械だけで(http://127.0.0.1:8080)\n  \
            yokoito serve --listen 0.0.0.0:443 --cert 証明書.pem --cert-key 鍵.pem   HTTPS で外へ\n  \
            yokoito serve --backup-to /控え                 毎日バックアップを作り、14個残す\n\n\
            はじめに、設定のためのリンクを1回だけ表示します。API の説明は /docs にあります。\n\
            止めるときは Ctrl+C。受け付けた分を記録し終えてから止まります。"
    )]
    Serve(Serve),
    /// サーバーに入れる人を調べ、招待する(締め出されたときのために)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito people サブコマンド",
        subcommand_help_heading = "サブコマンド",
        disable_help_subcommand = true,
        after_help = "例:\n  \
            yokoito people list\n  \
            yokoito people invite --role manager --of kitchen"
    )]
    People(People),
    /// API の説明(OpenAPI 3.1)を書き出す
    #[command(help_template = TEMPLATE, override_usage = "yokoito openapi")]
    Openapi,
    /// 伝票のファイル(JSON Lines、1行に1枚)を取り込む
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito import [オプション] FILE",
        after_help = "例:\n  \
            yokoito import 6月.jsonl              1行ずつ確かめて記録する\n  \
            yokoito import --atomic 6月.jsonl     1行でも受け付けられなければ、何も記録しない\n  \
            yokoito export | yokoito import - --database sqlite://写し.db   帳簿を丸ごと写す\n\n\
            受け付けられなかった行は、行番号と理由を表示します。同じファイルを二度取り込んでも、二重にはなりません。\n\
            終了コード: 0 すべて記録済み、1 受け付けられない行があった、2 取り込めなかった"
    )]
    Import(Import),
    /// 帳簿を丸ごと JSON Lines で書き出す(標準出力へ)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito export [オプション]",
        after_help = "例:\n  \
            yokoito export > 帳簿.jsonl           控えをとる(import で空の帳簿に戻せます)\n  \
            yokoito export --acts > 伝票.jsonl    伝票として書き出す(import で記録し直せます)"
    )]
    Export(Export),
    /// 帳簿のバックアップをファイルに作る(記録を続けたままでよい)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito backup [オプション] FILE",
        after_help = "例:\n  \
            yokoito backup 帳簿-0630.jsonl        そのまま読める形で\n  \
            yokoito backup 帳簿-0630.jsonl.gz     圧縮して(大きさは約4分の1)\n\n\
            ファイルは、全部を書き終えてディスクに収まったときに、その名前になります。途中で止まっても、半端な\n\
            ファイルは残りません。最新の証明は、鍵の隣(帳簿名.head)にも控えます。\n\
            鍵のファイルはバックアップに入りません。別に控えておいてください。"
    )]
    Backup(Backup),
    /// バックアップを、空の場所に戻す
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito restore [オプション] FILE",
        after_help = "例:\n  \
            yokoito restore 帳簿-0630.jsonl --database sqlite://戻した帳簿.db\n  \
            yokoito restore --check 帳簿-0630.jsonl    戻せるかどうかだけ確かめる\n\n\
            どちらの種類の帳簿(sqlite、postgres)のバックアップも、どちらにも戻せます。すでにある帳簿には上書きしません。\n\
            署名された証明より古いバックアップは、なくなる枚数を知らせて断ります。\n\
            終了コード: 0 戻した(戻せる)、1 戻したが誤りがある(そのままでは戻せない)、2 戻せなかった"
    )]
    Restore(Restore),
    /// 帳簿に誤りや改ざんがないか調べる
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito verify [オプション]",
        after_help = "例:\n  \
            yokoito verify\n  \
            yokoito verify --head 5月末.txt       前に控えた証明と比べる\n\n\
            終了コード: 0 正しい、1 誤りがある、2 調べられなかった"
    )]
    Verify(Verify),
    /// 伝票に書かれた文(メモ・理由)を消す
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito text サブコマンド",
        subcommand_help_heading = "サブコマンド",
        disable_help_subcommand = true,
        after_help = "例:\n  yokoito text erase hinata/s-0605 --reason 利用者の名前が書かれていた"
    )]
    Text(Text),
    /// 帳簿の具合を調べ、次に何をすればよいかを知らせる(何も書きません)
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito doctor [オプション]",
        after_help = "例:\n  \
            yokoito doctor\n  \
            yokoito doctor --backups /控え --head 5月末.txt   どのバックアップを戻せばよいかも調べる\n\n\
            壊れた帳簿でも動きます。帳簿にも、鍵にも、そばのファイルにも、何も書きません。\n\
            終了コード: 0 健康、1 することがある、2 調べられなかった"
    )]
    Doctor(Doctor),
    /// ロットを、つくったところまで(--forward なら行き先まで)たどる
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito trace [オプション] LOT",
        after_help = "例:\n  \
            yokoito trace B-0615-1                何からできているか\n  \
            yokoito trace A-0601 --forward        どこへ行ったか(回収のときに)"
    )]
    Trace(Trace),
    /// 在庫を表示する
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito stock [オプション]",
        after_help = "例:\n  yokoito stock --day 2026-06-30"
    )]
    Stock(Stock),
    /// 事業所ごとの残高(売掛金・買掛金など)を表示する
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito balances [オプション]",
        after_help = "例:\n  \
            yokoito balances --month 2026-06 --debts   6月末の貸し借りと、6月の工賃"
    )]
    Balances(Balances),
    /// 記録の証明(帳簿の先頭)を表示し、署名する
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito log サブコマンド",
        subcommand_help_heading = "サブコマンド",
        disable_help_subcommand = true,
        after_help = "例:\n  \
            yokoito log checkpoint > 5月末.txt    控えておき、あとで verify --head で比べる\n  \
            yokoito log prove kitchen/r-0605 --for farm > 証明.json   農園に渡す証明を作る\n  \
            yokoito log check 証明.json --public-key 公開鍵.txt       帳簿なしで証明を確かめる"
    )]
    Log(Log),
}
