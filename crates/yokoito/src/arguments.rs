//! The command line in Japanese: what `--help` shows.

use app::proof::PartChoice;
use clap::{Args, Parser};
use domain::{
    acts::erase_text::Which,
    refs::EntryPointer,
    text::{Code, Note},
};
use std::path::PathBuf;
use store::DatabaseUrl;

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

/// `yokoito trace`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Trace {
    /// ロット番号
    #[arg(value_name = "LOT")]
    pub lot: String,
    /// 行き先をたどる
    #[arg(long)]
    pub forward: bool,
    /// ロットのうち、この数量だけをたどる(例: 40)。書かなければ全部
    #[arg(long, value_name = "QUANTITY")]
    pub quantity: Option<String>,
    /// 何段先までたどるか。書かなければ100段
    #[arg(long, value_name = "N")]
    pub levels: Option<usize>,
    /// JSON で出力する
    #[arg(long)]
    pub json: bool,
}

/// `yokoito stock`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Stock {
    /// この日の終わりの在庫(例: 2026-06-30)。書かなければ最新
    #[arg(long, value_name = "DAY")]
    pub day: Option<String>,
    /// この事業所(コード)にあるもの、この事業所のものだけ
    #[arg(long, value_name = "OFFICE")]
    pub office: Option<String>,
    /// JSON で出力する
    #[arg(long)]
    pub json: bool,
}

/// `yokoito balances`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Balances {
    /// この日の終わりの残高(収益と費用は4月から)。書かなければ今日
    #[arg(long, value_name = "DAY")]
    pub day: Option<String>,
    /// この月の終わりの残高(収益と費用はこの月の分)。例: 2026-06
    #[arg(long, value_name = "MONTH")]
    pub month: Option<String>,
    /// この事業所(コード)だけ
    #[arg(long, value_name = "OFFICE")]
    pub office: Option<String>,
    /// 売掛・買掛などの貸し借りと、工賃だけ
    #[arg(long)]
    pub debts: bool,
    /// JSON で出力する
    #[arg(long)]
    pub json: bool,
}

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
