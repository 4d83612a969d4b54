//! What a page says after something was done (「記録しました」), with the way to take it back. It waits in a cookie for the
//! next page: a word of the table and ids, never a text, so that nobody can make a page say something.

use uuid::Uuid;

/// Something to say once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    what: What,
    /// Entry that it is about.
    pub entry: Option<Uuid>,
}

macro_rules! what {
    ($($name:ident, $word:literal, $sentence:literal;)+) => {
        /// What can be said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum What {
            $(#[doc = $sentence] $name,)+
        }

        impl What {
            /// All of them.
            pub const ALL: &[What] = &[$(What::$name),+];

            const fn word(self) -> &'static str {
                match self {
                    $(What::$name => $word,)+
                }
            }

            /// The sentence.
            pub const fn sentence(self) -> &'static str {
                match self {
                    $(What::$name => $sentence,)+
                }
            }
        }
    };
}

what! {
    Produced, "produced", "作ったものを記録しました。";
    Processed, "processed", "加工を記録しました。";
    Ordered, "ordered", "注文しました。";
    Sold, "sold", "売上を記録しました。";
    Shipped, "shipped", "納品を記録しました。";
    Received, "received", "受け取りを記録しました。";
    ReceivedInPart, "received-in-part", "受け取った分を記録しました。残りは配送中のままです。";
    Liked, "liked", "設定を保存しました。";
    Labelled, "labelled", "食品表示を記録しました。";
    Disowned, "disowned", "申し立てを記録しました。";
    Owned, "owned", "申し立てを取り下げました。";
    TakenIn, "taken-in", "ファイルの内容を記録しました。";
    Placed, "placed", "棚に置いたものを記録しました。";
    TakenBack, "taken-back", "棚から返したものを記録しました。";
    ShelfCounted, "shelf-counted", "数えたものから、売上・返品・廃棄を記録しました。";
    Ended, "ended", "終えました。";
    Registered, "registered", "登録しました。";
    Changed, "changed", "変えました。";
    Filled, "filled", "見本の連絡会を入れました。";
    PasswordSet, "password-set", "新しいパスワードにしました。";
    RoleTaken, "role-taken", "役割が増えました。";
    CardStopped, "card-stopped", "カードを止めました。";
    AccountShut, "account-shut", "アカウントを止めました。";
    AccountOpened, "account-opened", "アカウントを、また使えるようにしました。";
    Undone, "undone", "取り消しました。";
    Corrected, "corrected", "正しい数に直しました。";
    Used, "used", "使ったものを記録しました。";
    Disposed, "disposed", "捨てたものを記録しました。";
    Lost, "lost", "なくなった分を記録しました。";
    Counted, "counted", "数えた数を記録しました。";
    CashCounted, "cash-counted", "現金を数えました。";
    MoneyMoved, "money-moved", "お金を移しました。";
    Paid, "paid", "入金・支払を記録しました。";
    Earned, "earned", "役務の収入を記録しました。";
    WrittenOff, "written-off", "貸倒・免除を記録しました。";
    Allowed, "allowed", "値引を記録しました。";
    Bought, "bought", "仕入を記録しました。";
    Spent, "spent", "経費を記録しました。";
    Closed, "closed", "この月を締めました。";
    Opened, "opened", "開始残高を記録しました。";
    Proposed, "proposed", "相手に申し出ました。返事を待っています。";
    ProposedToAll, "proposed-to-all", "かかわる事業所に申し出ました。全員の返事を待っています。";
    ReceivedNotTold, "received-not-told", "受け取った分は記録しました。ちがいはまだ伝えていません。もう一度送ってください。";
    ReceivedAndAsked, "received-and-asked", "受け取った分を記録し、ちがいを相手に伝えました。";
    Issued, "issued", "書類を発行しました。";
    Asked, "asked", "質問を送りました。";
    Answered, "answered", "返事をしました。";
    QuestionClosed, "question-closed", "質問を終わりにしました。";
    Agreed, "agreed", "同意しました。伝票に記録しました。";
    Contested, "contested", "同意しないと答えました。";
    Withdrawn, "withdrawn", "申し出を取り下げました。";
    Saved, "saved", "保存しました。";
    Already, "already", "前に記録してあります。二重にはなっていません。";
    Joined, "joined", "アカウントができました。ログインしてください。";
    LoggedOut, "logged-out", "ログアウトしました。";
}

impl Said {
    /// Name of the cookie.
    pub const COOKIE: &str = "yokoito_said";

    /// To be said on the next page.
    pub fn new(what: What) -> Said {
        Said { what, entry: None }
    }

    /// About an entry, which can be taken back.
    pub fn of(what: What, entry: Uuid) -> Said {
        Said {
            what,
            entry: Some(entry),
        }
    }

    /// What.
    pub fn sentence(&self) -> &'static str {
        self.what.sentence()
    }

    /// As it stands in the cookie.
    pub fn written(&self) -> String {
        match self.entry {
            Some(entry) => format!("{}.{}", self.what.word(), entry.simple()),
            None => self.what.word().to_owned(),
        }
    }

    /// As it was written; none for anything else.
    pub fn read(text: &str) -> Option<Said> {
        let (word, entry) = text.split_once('.').unwrap_or((text, ""));
        let what = What::ALL.iter().copied().find(|what| what.word() == word)?;
        let entry = match entry {
            "" => None,
            entry => Some(Uuid::try_parse(entry).ok()?),
        };
        Some(Said { what, entry })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        for what in What::ALL {
            for said in [Said::new(*what), Said::of(*what, Uuid::from_u128(7))] {
                assert_eq!(Said::read(&said.written()), Some(said));
            }
        }
        for other in ["", "hello", "produced.x", "<b>", "produced.<b>"] {
            assert_eq!(Said::read(other), None, "{other}");
        }
    }
}
