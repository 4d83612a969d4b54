//! What is asked of the book.

use clap::Args;

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
