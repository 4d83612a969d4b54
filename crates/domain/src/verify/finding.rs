//! What may be wrong, and with what.

use crate::{
    account::{Account, BookUnit},
    calendar::Day,
    entry::Entry,
    id::LotId,
    log::TileId,
    place::Place,
};

/// What is always true of a book. The numbers are those of DESIGN §2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Invariant {
    /// Over all places the movements of a lot sum to zero.
    Conserved = 1,
    /// No inner place is below zero at the end of any day.
    NeverNegative = 2,
    /// Every unit balances in every entry.
    Balanced = 3,
    /// Debts between offices of the book are mirrored.
    Mirrored = 4,
    /// A lot is born once, links form no circle and account for every quantity used.
    BornOnce = 5,
    /// Rows and sums equal the fold of the entries.
    Projected = 6,
    /// The same key is one entry.
    OneKey = 7,
    /// The log's head is the Merkle root of the leaves.
    Logged = 8,
    /// Sharing a sum loses no yen.
    Shared = 9,
}

impl Invariant {
    /// All nine, in order.
    pub const ALL: [Invariant; 9] = [
        Invariant::Conserved,
        Invariant::NeverNegative,
        Invariant::Balanced,
        Invariant::Mirrored,
        Invariant::BornOnce,
        Invariant::Projected,
        Invariant::OneKey,
        Invariant::Logged,
        Invariant::Shared,
    ];

    /// 1 to 9.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Invariant::Conserved => "品物は移るだけで、増えも減りもしない",
            Invariant::NeverNegative => "在庫は、どの日の終わりにも0を下回らない",
            Invariant::Balanced => "どの伝票も、会計単位ごとに貸借が合う",
            Invariant::Mirrored => "事業所どうしの貸し借りは、両方の帳簿で等しい",
            Invariant::BornOnce => "ロットは一度だけ生まれ、使った量はすべて行き先がある",
            Invariant::Projected => "表の行と集計は、伝票のとおりである",
            Invariant::OneKey => "同じキーの伝票は、1枚だけである",
            Invariant::Logged => "伝票は、記録の証明(ログ)のとおりで、欠けも書き換えもない",
            Invariant::Shared => "分けた金額は、1円も失われない",
        }
    }
}

/// An entry by what people know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryName {
    /// Position in the log, from 0.
    pub seq: u64,
    /// Kind of act.
    pub kind: String,
    /// Key of the acting body.
    pub key: String,
}

impl From<&Entry> for EntryName {
    fn from(entry: &Entry) -> EntryName {
        EntryName {
            seq: entry.seq,
            kind: entry.kind.clone(),
            key: entry.key.to_string(),
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An entry.
    Entry(EntryName),
    /// A position of the log where no entry can be read.
    Position(u64),
    /// Positions of the log without entries: first and last.
    Positions(u64, u64),
    /// A lot, by its code where that is known.
    Lot(LotId, Option<String>),
    /// A place.
    Place(Place),
    /// An account.
    Account(Account),
    /// A bookkeeping unit.
    Unit(BookUnit),
    /// A tile of the log.
    Tile(TileId),
    /// A row by its numbers, as the table has them.
    Row(String),
    /// A checkpoint of this size.
    Checkpoint(u64),
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// 1: a quantity that is not above nought.
    #[error("移した量が0以下です")]
    NothingMoved,
    /// 1: from a place to itself.
    #[error("同じ置き場から同じ置き場へ移しています")]
    MovesNowhere,
    /// 1: a lot at all places together.
    #[error("すべての置き場の在庫を足すと0になるはずが、{sum}です(最小単位)")]
    NotConserved {
        /// What they sum to, in smallest steps.
        sum: i128,
    },
    /// 2.
    #[error("{day}の終わりに、在庫が{quantity}になります(最小単位)")]
    BelowZero {
        /// The first day that ends below nought.
        day: Day,
        /// What is left then, in smallest steps.
        quantity: i128,
    },
    /// 3.
    #[error("貸借が{sum}円合いません")]
    Unbalanced {
        /// What the unit's postings sum to.
        sum: i128,
    },
    /// 3: counterparty or cash place missing or too many.
    #[error("勘定の相手先・置き場が、勘定科目に合いません")]
    UnsoundAccount,
    /// 4.
    #[error("相手の事業所の帳簿と{difference}円ちがいます")]
    NotMirrored {
        /// Own side and mirror together; nought when mirrored.
        difference: i128,
    },
    /// 5: a second birth.
    #[error("同じロットが二度生まれています")]
    BornTwice,
    /// 5: goods that move, or facts that change, before the birth.
    #[error("まだ生まれていないロットを動かしています")]
    NotBorn,
    /// 5.
    #[error("使った量は{used}、行き先の合計は{linked}です(最小単位)")]
    LinksDiffer {
        /// Net quantity moved to 使用 in the entry.
        used: i128,
        /// Net quantity of its links.
        linked: i128,
    },
    /// 5: a link of nought, or a negative one outside a mirror.
    #[error("ロットのつながりの量が正しくありません")]
    LinkQuantity,
    /// 5.
    #[error("使った量より多く取り消されています")]
    TakenBackMore,
    /// 5.
    #[error("ロットが、めぐりめぐって自分の材料になっています")]
    Circle,
    /// 6: a column of a row.
    #[error("表 {table} の {column} が、伝票とちがいます")]
    Differs {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// 6: an entry, or a part of it, without its row.
    #[error("表 {table} に、あるはずの行がありません")]
    RowMissing {
        /// Table.
        table: &'static str,
    },
    /// 6: a row that belongs to no entry.
    #[error("表 {table} に、どの伝票のものでもない行があります")]
    RowWithoutEntry {
        /// Table.
        table: &'static str,
    },
    /// 6: rows that do not fit their columns.
    #[error("表 {table} を読めません({problem})")]
    RowUnreadable {
        /// Table.
        table: &'static str,
        /// What the driver said.
        problem: String,
    },
    /// 7: the id is not the one that follows from acting body and key.
    #[error("伝票のIDが、記録した事業所とキーから決まるIDとちがいます")]
    WrongId,
    /// 7.
    #[error("同じIDの伝票が2枚以上あります")]
    TwoEntries,
    /// 7.
    #[error("同じ伝票が二度取り消されています")]
    ReversedTwice,
    /// 8: canonical bytes that are none.
    #[error("伝票の記録を読めません({0})")]
    Unreadable(String),
    /// 8.
    #[error("伝票の記録、そのハッシュ、またはソルトが書き換えられています")]
    LeafDiffers,
    /// 8.
    #[error("伝票がありません")]
    EntryMissing,
    /// 8.
    #[error("{at}番目のハッシュが、伝票から計算したものとちがうか、ありません")]
    TileDiffers {
        /// Which of the tile, from 0.
        at: usize,
    },
    /// 8.
    #[error("重なった行、または伝票の数を超えた行があります")]
    TileOverlaps,
    /// 8: a column of the head row.
    #[error("ログの先頭の {column} が、伝票から計算したものとちがいます")]
    HeadDiffers {
        /// Column of `log_head`.
        column: &'static str,
    },
    /// 8: a free text that is not the one sealed; an erased one is none.
    #[error("メモ・理由の文が書き換えられています")]
    TextDiffers,
    /// 8: a free text that an entry erased.
    #[error("消したはずのメモ・理由の文が、残っているか、書き戻されています")]
    TextNotErased,
    /// 8: the row of the book itself, or of a key.
    #[error("表 {table} の行がないか、正しくありません")]
    BookDamaged {
        /// `book` or `book_key`.
        table: &'static str,
    },
    /// 8.
    #[error("署名した証明を読めません({0})")]
    CheckpointUnreadable(String),
    /// 8.
    #[error("別の帳簿({0})の証明です")]
    CheckpointOfOther(String),
    /// 8: the log is shorter than the checkpoint says.
    #[error("証明には{size}枚とありますが、帳簿には{have}枚しかありません。帳簿が前の状態に戻されています")]
    RolledBack {
        /// Size of the checkpoint.
        size: u64,
        /// Size of the log.
        have: u64,
    },
    /// 8: the log has another root at that size.
    #[error("証明した{size}枚目までの記録が、そのあと書き換えられています")]
    Rewritten {
        /// Size of the checkpoint.
        size: u64,
    },
    /// 9.
    #[error("伝票全体の金額を足すと0になるはずが、{sum}円です")]
    YenLost {
        /// What all postings sum to.
        sum: i128,
    },
    /// 9.
    #[error("帳簿全体の残高を足すと0になるはずが、{sum}円です")]
    BookDoesNotCancel {
        /// What all balances sum to.
        sum: i128,
    },
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which of the nine.
    pub invariant: Invariant,
    /// With what, the most telling first.
    pub about: Vec<Subject>,
    /// What.
    pub problem: Problem,
}

impl Finding {
    /// A finding.
    pub fn new(invariant: Invariant, about: impl IntoIterator<Item = Subject>, problem: Problem) -> Finding {
        Finding {
            invariant,
            about: about.into_iter().collect(),
            problem,
        }
    }
}
