//! Why somebody was not let in, or something was not done.

use super::password::PasswordRefused;
use crate::writer::Failure;
use domain::{refusal::Refusal, text::TextError};
use std::time::Duration;
use store::StoreError;

/// The one error of access. Each has a sentence for people and a stable code.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AccessRefused {
    /// A token cannot do this.
    #[error("この操作は、ログインした人だけができます。トークンではなく、ログインして操作してください。")]
    NeedsLogin,
    /// A card cannot do this.
    #[error("カードで入った端末では、できません。ログイン名とパスワードでログインして、操作してください。")]
    NeedsPassword,
    /// No role allows it.
    #[error("この操作をする権限がありません。事業所の管理者か、運用者に頼んでください。")]
    NotAllowed,
    /// Not there, or not theirs to see.
    #[error("見つかりません。番号を確かめてください。")]
    NotFound,
    /// The same id with other content.
    #[error("同じキーで、ちがう内容が送られています。内容を変えるときは、新しいキーで送ってください。")]
    KeyReused,
    /// No such invitation.
    #[error(
        "この招待のリンクは使えません。リンクを最後まで写したか確かめ、だめなら招待をもう一度頼んでください。"
    )]
    InvitationUnknown,
    /// Somebody has come in by it.
    #[error("この招待は、もう使われています。ログインするか、招待をもう一度頼んでください。")]
    InvitationUsed,
    /// Too late, or withdrawn.
    #[error("この招待は、期限が切れたか、取り消されています。招待をもう一度頼んでください。")]
    InvitationExpired,
    /// No such link for another password.
    #[error(
        "このリンクは使えません。リンクを最後まで写したか確かめ、だめなら、パスワードの設定し直しをもう一度頼んでください。"
    )]
    ResetUnknown,
    /// It was used.
    #[error("このリンクは、もう使われています。新しいパスワードでログインしてください。")]
    ResetUsed,
    /// Too late, or another one was made after it.
    #[error(
        "このリンクは、期限が切れたか、使えなくなっています。パスワードの設定し直しをもう一度頼んでください。"
    )]
    ResetExpired,
    /// Their own.
    #[error("自分のパスワードは、「パスワードを変える」で変えてください。")]
    OwnPassword,
    /// Nobody comes in by a password there.
    #[error("このアカウントはカードで入るので、パスワードがありません。新しいカードを作ってください。")]
    NoPassword,
    /// The account is shut.
    #[error("このアカウントは止めてあります。先に、運用者が使えるようにしてください。")]
    AccountShut,
    /// The sample is for an empty book.
    #[error("この帳簿には、もう記録があります。見本は、何も記録していない帳簿にだけ入れられます。")]
    BookNotEmpty,
    /// The sample's days lie ahead of the clock.
    #[error(
        "この機械の時計が遅れています(見本は2026年7月まで)。時計を合わせてから、もう一度押してください。"
    )]
    ClockBehind,
    /// Not a word for an account.
    #[error("ログイン名に{0}")]
    Login(TextError),
    /// Somebody has this word.
    #[error("このログイン名は、もう使われています。別のログイン名にしてください。")]
    LoginTaken,
    /// Not a password to be relied on.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Not the present password.
    #[error("いまのパスワードがちがいます。確かめて、もう一度入力してください。")]
    WrongPassword,
    /// Too many wrong ones.
    #[error("試した回数が多すぎます。{}分ほど待ってから、もう一度試してください。", minutes(*retry_after))]
    TooManyTries {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Nobody could let anybody in any more.
    #[error("最後の運用者なので、外せません。先に別の人を運用者に招待してください。")]
    LastOperator,
    /// Nobody of the office could let anybody in any more.
    #[error(
        "この事業所の最後の管理者なので、外せません。先に別の人を管理者に招待するか、運用者に頼んでください。"
    )]
    LastManager,
    /// No such office.
    #[error("その事業所は帳簿にありません。事業所の登録を確かめてください。")]
    OfficeUnknown,
    /// No such network.
    #[error("その連絡会は帳簿にありません。連絡会の登録を確かめてください。")]
    NetworkUnknown,
    /// A token for an office of others.
    #[error("トークンには、自分の事業所だけを選べます。選び直してください。")]
    NotYourOffice,
    /// Would never count.
    #[error("期限が過ぎた日時です。これからの日時にしてください。")]
    ExpiryPast,
    /// Nobody's yes is needed.
    #[error("返事を待つ相手がいません。申し出ではなく、そのまま記録してください。")]
    NobodyToAsk,
    /// Would have expired.
    #[error("返事の期限が過ぎています。今日か、これからの日にしてください。")]
    DuePast,
    /// It had been answered, withdrawn or recorded.
    #[error("この申し出は、もう終わっています。")]
    ProposalClosed,
    /// Somebody can still answer.
    #[error("まだ返事の期限の前です。期限が過ぎるまで待つか、相手と話してください。")]
    StillTime,
    /// Nobody answered in time.
    #[error("この申し出は、返事の期限が過ぎています。もう一度申し出てもらってください。")]
    ProposalExpired,
    /// The other way round before.
    #[error(
        "この申し出には、もう別の返事をしています。変えたいときは、申し出た相手に取り下げてもらってください。"
    )]
    AlreadyAnswered,
    /// It has another answer, or whoever asked is done with it.
    #[error("この質問には、もう返事があるか、終わっています。続きは、新しい質問にしてください。")]
    QuestionClosed,
    /// What is proposed is not sound.
    #[error("{}", .0.sentence())]
    Act(Refusal),
    /// Nothing in it.
    #[error("ファイルが空です。選び直してください。")]
    EvidenceEmpty,
    /// Over 5 MiB.
    #[error("ファイルが大きすぎます(5MBまで)。写真なら小さくして、もう一度送ってください。")]
    EvidenceTooLarge,
    /// None of the kinds that are kept.
    #[error("この種類のファイルは置けません。PDF・JPEG・PNG・WebP・CSV・テキストのどれかにしてください。")]
    EvidenceKind,
    /// It says that it is what it is not.
    #[error("ファイルの中身が、種類({0})と合いません。元のファイルを確かめて、もう一度送ってください。")]
    EvidenceNotThatKind(&'static str),
    /// Over 20,000 bytes.
    #[error("設定が長すぎます。短くして、もう一度保存してください。")]
    SettingTooLarge,
    /// The program is closing.
    #[error("プログラムを終了しています。あとでもう一度送ってください。")]
    Closing,
    /// The book could not be written.
    #[error("{}", .0.sentence)]
    Failed(Failure),
    /// A fault of the program.
    #[error(
        "処理できませんでした(プログラムの誤りです)。同じ操作で繰り返すときは、管理者に知らせてください。"
    )]
    Internal,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whole minutes, at least one.
fn minutes(time: Duration) -> u64 {
    time.as_secs().div_ceil(60).max(1)
}

impl AccessRefused {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AccessRefused::NeedsLogin => "needs-login",
            AccessRefused::NeedsPassword => "needs-password",
            AccessRefused::NotAllowed => "not-allowed",
            AccessRefused::NotFound => "not-found",
            AccessRefused::KeyReused => "key-reused",
            AccessRefused::InvitationUnknown => "invitation-unknown",
            AccessRefused::InvitationUsed => "invitation-used",
            AccessRefused::InvitationExpired => "invitation-expired",
            AccessRefused::ResetUnknown => "reset-unknown",
            AccessRefused::ResetUsed => "reset-used",
            AccessRefused::ResetExpired => "reset-expired",
            AccessRefused::OwnPassword => "own-password",
            AccessRefused::NoPassword => "no-password",
            AccessRefused::AccountShut => "account-shut",
            AccessRefused::BookNotEmpty => "book-not-empty",
            AccessRefused::ClockBehind => "clock-behind",
            AccessRefused::Failed(failure) => failure.code,
            AccessRefused::Login(_) => "login-malformed",
            AccessRefused::LoginTaken => "login-taken",
            AccessRefused::Password(refused) => refused.code(),
            AccessRefused::WrongPassword => "wrong-password",
            AccessRefused::TooManyTries { .. } => "too-many-tries",
            AccessRefused::LastOperator => "last-operator",
            AccessRefused::LastManager => "last-manager",
            AccessRefused::OfficeUnknown => "office-unknown",
            AccessRefused::NetworkUnknown => "network-unknown",
            AccessRefused::NotYourOffice => "not-your-office",
            AccessRefused::ExpiryPast => "expiry-past",
            AccessRefused::NobodyToAsk => "nobody-to-ask",
            AccessRefused::DuePast => "due-past",
            AccessRefused::ProposalClosed => "proposal-closed",
            AccessRefused::StillTime => "still-time",
            AccessRefused::ProposalExpired => "proposal-expired",
            AccessRefused::AlreadyAnswered => "already-answered",
            AccessRefused::QuestionClosed => "question-closed",
            AccessRefused::Act(refusal) => refusal.code(),
            AccessRefused::EvidenceEmpty => "evidence-empty",
            AccessRefused::EvidenceTooLarge => "evidence-too-large",
            AccessRefused::EvidenceKind => "evidence-kind",
            AccessRefused::EvidenceNotThatKind(_) => "evidence-not-that-kind",
            AccessRefused::SettingTooLarge => "setting-too-large",
            AccessRefused::Closing => "closing",
            AccessRefused::Internal => "internal",
            AccessRefused::Store(error) => Failure::from(error).code,
        }
    }
}
