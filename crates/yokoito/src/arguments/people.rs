//! People who come in over the network.

use super::TEMPLATE;
use clap::Args;
use domain::text::Code;

/// `yokoito people`.
#[derive(Args, Debug)]
pub struct People {
    /// What about people.
    #[command(subcommand)]
    pub subcommand: PeopleSubcommand,
}

/// What the keeper can do about people.
#[derive(Debug, clap::Subcommand)]
pub enum PeopleSubcommand {
    /// 入れる人と、その役割を表示する
    #[command(help_template = TEMPLATE, override_usage = "yokoito people list [オプション]")]
    List,
    /// 招待の合言葉を作る。1回だけ、7日のあいだ使える
    #[command(
        help_template = TEMPLATE,
        override_usage = "yokoito people invite [オプション] --role ROLE [--of CODE]",
        after_help = "例:\n  \
            yokoito people invite --role operator                運用者\n  \
            yokoito people invite --role manager --of kitchen    事業所 kitchen の管理者\n  \
            yokoito people invite --role coordinator --of minami 連絡会 minami のコーディネーター\n\n\
            合言葉は表示されるだけで、どこにも残りません。本人に、ほかの人に見えない方法で渡してください。"
    )]
    Invite(Invite),
}

/// `yokoito people invite`.
#[derive(Args, Debug)]
#[command(next_help_heading = "引数とオプション")]
pub struct Invite {
    /// 役割: operator 運用者、manager 管理者、staff 職員、coordinator 連絡会のコーディネーター
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub role: RoleName,
    /// 事業所のコード(coordinator なら連絡会のコード)
    #[arg(long, value_name = "CODE")]
    pub of: Option<Code>,
}

/// A role, without what it is held of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleName {
    /// 運用者.
    Operator,
    /// 管理者.
    Manager,
    /// 職員.
    Staff,
    /// 連絡会のコーディネーター.
    Coordinator,
}

fn role(text: &str) -> Result<RoleName, String> {
    match text {
        "operator" | "運用者" => Ok(RoleName::Operator),
        "manager" | "管理者" => Ok(RoleName::Manager),
        "staff" | "職員" => Ok(RoleName::Staff),
        "coordinator" | "コーディネーター" => Ok(RoleName::Coordinator),
        _ => Err(
            "operator(運用者)、manager(管理者)、staff(職員)、coordinator(連絡会のコーディネーター)のどれかを書いてください。"
                .to_owned(),
        ),
    }
}
