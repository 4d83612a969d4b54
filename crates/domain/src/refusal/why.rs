//! The reasons, each with its code and sentence in one table.

use crate::{
    acts::Act,
    calendar::{Day, Month},
};
use std::fmt;

/// An act that has to be undone first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterAct {
    /// Kind of act.
    pub kind: String,
    /// Its key.
    pub key: String,
    /// Its day.
    pub book_on: Day,
    /// Its position in the log.
    pub seq: u64,
}

impl fmt::Display for LaterAct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.book_on, Act::label(&self.kind), self.key)
    }
}

fn list(acts: &[LaterAct]) -> String {
    acts.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("、")
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident : $type:ty),* $(,)? })? => $code:literal, $sentence:literal $(, $arg:expr)*;)+) => {
        /// Why the book says no.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "field names say what they hold; the sentence beside each reason is its documentation")]
        pub enum Why {
            $($(#[$doc])* #[doc = $sentence] $name $({ $($field: $type),* })?,)+
        }

        impl Why {
            /// Stable code for machines.
            pub const fn code(&self) -> &'static str {
                match self { $(Why::$name $({ $($field: _),* })? => $code,)+ }
            }

            /// All codes.
            pub const CODES: &'static [&'static str] = &[$($code),+];
        }

        impl fmt::Display for Why {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Why::$name $({ $($field),* })? => write!(f, $sentence $(, $arg)*),)+ }
            }
        }
    };
}

reasons! {
    // form
    Malformed { problem: String } => "malformed", "{problem}";
    UnknownKind { kind: String } => "unknown-kind", "「{kind}」という種類の伝票はありません。kind を確かめてください。";
    UnknownFormat { format: u64 } => "unknown-format", "形式の版 {format} は読めません。プログラムを新しくするか、format を 1 にしてください。";
    KeyReused => "key-reused", "この key は、内容のちがう別の伝票ですでに使われています。新しい key をつけてください。";
    ReasonMissing => "reason-missing", "理由(reason)を書いてください。";
    NoLines => "no-lines", "明細が1行もありません。1行以上書いてください。";
    TooManyLines { limit: usize } => "too-many-lines", "明細が多すぎます。{limit}行までに分けてください。";
    LineTwice => "line-twice", "同じものが2行にあります。1行にまとめてください。";
    // time
    DateInFuture { day: Day, today: Day } => "date-in-future", "{day} はまだ来ていません。今日({today})までの日付にしてください。";
    DateBeforeOriginal { day: Day, original: Day } => "date-before-original", "もとの伝票の日付({original})より前の日付({day})にはできません。";
    MonthClosed { month: Month } => "month-closed", "{month} はすでに締めています。訂正は、開いている月の伝票として記録してください。";
    MonthNotOver { month: Month } => "month-not-over", "{month} はまだ終わっていません。月が終わってから締めてください。";
    MonthsNotInOrder { month: Month, expected: Month } => "months-not-in-order", "{month} の前に {expected} を締めてください。";
    NoOpenDay => "no-open-day", "かかわる事業所の月がすべて締まっていて、記録できる日がありません。";
    PeriodEndsBeforeStart => "period-ends-before-start", "期間の終わりが始まりより前です。日付を確かめてください。";
    // who
    ActingUnknown { code: String } => "acting-unknown", "「{code}」という事業所は台帳にありません。先に事業所を登録してください。";
    OfficeNeeded => "office-needed", "この伝票には、記録する事業所(office)が必要です。";
    OfficeUnknown { code: String } => "office-unknown", "「{code}」という事業所は台帳にありません。コードを確かめてください。";
    OnlyKeeper => "only-keeper", "これは台帳の管理者だけが記録できます。";
    SameOffice => "same-office", "相手は自分とは別の事業所にしてください。";
    NotSameCorporation => "not-same-corporation", "これは同じ法人の事業所どうしの伝票です。";
    NotAParty => "not-a-party", "この伝票にかかわりのない事業所です。";
    PartnerUnknown { code: String } => "partner-unknown", "「{code}」という取引先は台帳にありません。先に取引先を登録してください。";
    CorporationUnknown { code: String } => "corporation-unknown", "「{code}」という法人は台帳にありません。";
    NetworkUnknown { code: String } => "network-unknown", "「{code}」という連絡会は台帳にありません。";
    // master data
    CodeTaken { code: String } => "code-taken", "「{code}」はすでに使われています。別のコードにしてください。";
    FixedForEver { what: &'static str } => "fixed-for-ever", "{what}はあとから変えられません。新しいコードで登録してください。";
    ProductUnknown { code: String } => "product-unknown", "「{code}」という品目は台帳にありません。先に品目を登録してください。";
    UnitUnsound => "unit-unsound", "単位の定義が正しくありません。小数は6桁まで、入数は1以上にしてください。";
    RecipeUnknown { code: String } => "recipe-unknown", "「{code}」というレシピは台帳にありません。";
    CashPlaceUnknown { code: String } => "cash-place-unknown", "「{code}」という現金・預金の置き場は台帳にありません。";
    NoCashPlace => "no-cash-place", "現金・預金の置き場がまだありません。先に登録してください。";
    RegistrationMalformed => "registration-malformed", "登録番号は T のあとに数字13桁です。";
    RateOverlaps => "rate-overlaps", "同じ区分の税率の期間が重なっています。前の税率に終わりの日を書いてください。";
    NoRate { day: Day } => "no-rate", "{day} の税率が台帳にありません。運用者に、税率の登録を頼んでください。";
    AgreementUnknown { code: String } => "agreement-unknown", "「{code}」という取り決めは台帳にありません。";
    AgreementMissing => "agreement-missing", "この相手との取り決めがありません。先に取り決めを登録してください。";
    AgreementEnded { day: Day } => "agreement-ended", "取り決めは {day} で終わっています。新しく預けることはできません。";
    AgreementUnsound { problem: &'static str } => "agreement-unsound", "取り決めの内容が足りません: {problem}";
    NotAgreed { code: String } => "not-agreed", "「{code}」の同意(agreed)がありません。両方の事業所の同意が必要です。";
    // goods
    LotNotOfOffice { code: String } => "lot-not-of-office", "「{code}」は、この事業所が作ったロットでも、この事業所の品目でもありません。番号を確かめてください。";
    SaidAlready => "said-already", "このロットについては、もうそのように記録してあります。ロットのページで確かめてください。";
    LotUnknown { code: String } => "lot-unknown", "「{code}」というロットはここにありません。番号を確かめてください。";
    LotCodeTaken { code: String } => "lot-code-taken", "ロット番号「{code}」はすでに使われています。別の番号にしてください。";
    LotNotOfProduct { code: String } => "lot-not-of-product", "ロット「{code}」はこの品目ではありません。";
    LotIsItsOwnIngredient { code: String } => "lot-is-its-own-ingredient", "ロット「{code}」を自分自身の材料にはできません。";
    QuantityWrong { problem: String } => "quantity-wrong", "{problem}";
    NotEnough { lot: String, place: &'static str, have: String, wanted: String, day: Day } => "not-enough", "{day} の終わりに、{place}のロット「{lot}」が足りなくなります(あるのは {have}、必要なのは {wanted})。数量か日付を確かめてください。";
    NoneThere { product: String, place: &'static str } => "none-there", "{place}に「{product}」がありません。先に入荷か生産を記録してください。";
    NeverThere { lot: String } => "never-there", "ロット「{lot}」はこの棚に置かれたことがありません。番号を確かめてください。";
    SharesDoNotAddUp { used: String, shared: String } => "shares-do-not-add-up", "材料の使用量({used})と、できた品への割り振り({shared})が合いません。";
    NoWeight => "no-weight", "できた品への割り振りの重みが、すべて0です。1つは1以上にしてください。";
    BestBeforeWrong => "best-before-wrong", "期限が製造日より前か、時刻が24時を超えています。";
    // transfers
    EntryUnknown { key: String } => "entry-unknown", "「{key}」という伝票は見つかりません。key を確かめてください。";
    WrongKindOfEntry { key: String, kind: String } => "wrong-kind-of-entry", "「{key}」は {kind} の伝票なので、ここでは使えません。";
    MoreThanInTransit { lot: String, have: String, wanted: String } => "more-than-in-transit", "配送中のロット「{lot}」は {have} です。{wanted} は受け取れません。多く届いた分は surplus に書いてください。";
    NotInShipment { lot: String } => "not-in-shipment", "ロット「{lot}」はこの出荷にありません。";
    MoreThanOriginal { lot: String } => "more-than-original", "もとの伝票より多くは返品できません(「{lot}」)。数量と、もとの伝票を確かめてください。";
    NeverSold { lot: String } => "never-sold", "ロット「{lot}」は、ここで販売されたことがありません。番号を確かめてください。";
    // money
    NoPrice { product: String } => "no-price", "「{product}」の値段が決まっていません。unit_price を書くか、先に値段を登録してください。";
    AmountNotPositive => "amount-not-positive", "金額は1円以上にしてください。";
    AmountNegative => "amount-negative", "金額は0円以上にしてください。";
    DiscountTooLarge { full: i64, off: i64 } => "discount-too-large", "値引({off}円)が、もとの金額({full}円)より大きくなっています。値引を確かめてください。";
    NoCostPrice { product: String } => "no-cost-price", "「{product}」の仕入値(消化仕入)が決まっていません。先に cost の値段を登録するか、取り決めに掛け率を書いてください。";
    MoreThanOriginalAmount { left: i64, amount: i64 } => "more-than-original-amount", "もとの伝票のこの税率の残りは {left}円です。{amount}円は多すぎます。";
    AmountTooLarge => "amount-too-large", "金額が大きすぎます。桁を確かめてください。";
    AmountsDoNotAddUp { expected: i64, found: i64 } => "amounts-do-not-add-up", "合計が合いません({expected}円のはずが {found}円)。";
    AccountWrong { kind: &'static str } => "account-wrong", "勘定「{kind}」はここでは使えません。";
    MoreThanOwed { owed: i64, amount: i64 } => "more-than-owed", "残高は {owed}円です。{amount}円は多すぎます。前に支払っていないか、金額を確かめてください。";
    NotThisDebt { key: String } => "not-this-debt", "伝票「{key}」は、この相手との、この債務・債権の伝票ではありません。相手か、伝票を確かめてください。";
    MoreThanItem { key: String, of: i64, amount: i64 } => "more-than-item", "伝票「{key}」は {of}円です。{amount}円は多すぎます。残りは、伝票を書かずに支払ってください(古いものから消し込みます)。";
    ClearedTwice { key: String } => "cleared-twice", "伝票「{key}」が2回書かれています。1つにまとめてください。";
    NetDiffers { code: String } => "net-differs", "「{code}」の、もらう分から払う分を引いた金額が、相殺の前とあとでちがいます。残る分(remain)を確かめてください。";
    NetGrows { code: String } => "net-grows", "「{code}」に残る分(remain)が、相殺する分(clears)より多くなっています。金額を確かめてください。";
    NetChanged => "net-changed", "相殺する貸し借りが、もうそれだけ残っていません。案のあとで支払や取り消しがあったようです。新しい案を作って、もう一度申し出てください。";
    SettledAlready => "settled-already", "この期間はすでに精算しています。あとの分は次の期間で精算してください。";
    PeriodNotOver { to: Day, day: Day } => "period-not-over", "{day} には、{to} までの期間がまだ終わっていません。期間が終わってから精算してください。";
    NothingToSettle => "nothing-to-settle", "この期間に精算するものがありません。";
    StatementNotInOrder { expected: Day } => "statement-not-in-order", "前の精算書の次の日({expected})から始めてください。";
    StatementChanged { stated: i64, found: i64 } => "statement-changed", "申し出のあとで、取引が記録されています(差引残高は {stated}円のはずが、いまは {found}円)。精算書を見直して、もう一度申し出てください。";
    StatementFrozen => "statement-frozen", "確認ずみの精算書は直せません。取り消してから、確認し直してください。";
    // papers
    DocumentStands => "document-stands", "発行した書類は取り消せません。直したものを、新しい番号で発行してください(replaces に、もとの書類を書きます)。";
    DocumentDiffers { what: &'static str } => "document-differs", "書類の{what}が、台帳とちがいます。下書きを作り直してください。";
    NotBetween { key: String } => "not-between", "伝票「{key}」は、この相手との売上ではありません。相手か、伝票を確かめてください。";
    IssuedAlready { key: String } => "issued-already", "伝票「{key}」の書類は、すでに発行しています。直すときは、もとの書類を replaces に書いてください。";
    GoodsApart { owner: String, lacks: String } => "goods-apart", "「{owner}」の品は、登録番号のある書類に書けません。{lacks} 登録番号のない、もう1枚の書類(goods を others)に書いてください。";
    GoodsOnFirst => "goods-on-first", "この品は、1枚目の書類に書きます。もう1枚の書類(goods が others)には、1枚目に書けない預かり品だけを書いてください。";
    PersonDaysStated { month: Month } => "person-days-stated", "{month} の延べ利用者数と開所日数は、すでに記録されています。2回目からは金額だけを書いてください。";
    PersonDaysMissing { month: Month } => "person-days-missing", "{month} の延べ利用者数と開所日数を書いてください。";
    NoPersonDays { month: Month } => "no-person-days", "{month} の延べ利用者数が0なのに、工賃があります。延べ利用者数か工賃を確かめてください。";
    OpenDaysWrong { month: Month } => "open-days-wrong", "開所日数が {month} の日数より多いか、利用者がいるのに0になっています。確かめてください。";
    WagesDayWrong { last: Day } => "wages-day-wrong", "工賃は、働いた月の末日({last})の日付(supplied_on)で記録してください。";
    NoSuchCoin { yen: u32 } => "no-such-coin", "{yen}円という硬貨・紙幣はありません。金種を確かめてください。";
    SamePlace => "same-place", "出す置き場と入れる置き場が同じです。別の置き場にしてください。";
    DenominationsDoNotAddUp { counted: i64, stated: i64 } => "denominations-do-not-add-up", "金種の合計({counted}円)と数えた金額({stated}円)が合いません。数え直してください。";
    // corrections
    ReversedAlready => "reversed-already", "この伝票はすでに取り消されています。";
    CannotBeReversed { kind: String } => "cannot-be-reversed", "{kind} の伝票は取り消せません。新しい内容で登録し直してください。";
    MustGoFirst { acts: Vec<LaterAct> } => "must-go-first", "あとの伝票が、これを使っています。先に次の伝票を取り消してください: {}", list(acts);
    NothingToErase => "nothing-to-erase", "この伝票に、消せる文(メモ・理由)はありません。伝票の番号を確かめてください。";
    ErasedAlready => "erased-already", "この伝票の文(メモ・理由)は、すでに消されています。";
    ErasedForGood => "erased-for-good", "消した文は残っていないので、文の消去は取り消しも訂正もできません。";
    CorrectionOfOtherKind { kind: String } => "correction-of-other-kind", "正しい内容は、もとと同じ種類({kind})で書いてください。";
    // the book itself, when a rule has been broken inside: never the user's fault
    Unbalanced => "unbalanced", "借方と貸方が合いません。プログラムの誤りです。管理者に知らせてください。";
    Broken { what: &'static str } => "broken", "台帳の内部で誤りが起きました({what})。管理者に知らせてください。";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_kebab_case() {
        let unique: BTreeSet<_> = Why::CODES.iter().collect();
        assert_eq!(unique.len(), Why::CODES.len());
        for code in Why::CODES {
            assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
        }
    }

    #[test]
    fn a_sentence_names_what_must_go_first() {
        let act = LaterAct {
            kind: "ship".into(),
            key: "s-1".into(),
            book_on: "2026-06-02".parse().unwrap(),
            seq: 4,
        };
        let why = Why::MustGoFirst { acts: vec![act] };
        assert!(why.to_string().ends_with("2026-06-02 出荷 (s-1)"), "{why}");
        assert_eq!(why.code(), "must-go-first");
    }
}
