//! 伝票: one immutable record of the book. Movements of goods, postings of money, links of lots.

use crate::{
    account::{Account, BookUnit},
    calendar::{Day, Instant},
    id::{Acting, AgreementId, EntryId, GroupId, LotId, OfficeId},
    lot::Lot,
    money::Yen,
    place::Place,
    quantity::Quantity,
    tax::{PriceBasis, TaxRate},
    text::{Code, Key},
};
use std::collections::BTreeSet;

/// A lot moves from a place to a place. Quantity above nought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Which lot.
    pub lot: LotId,
    /// From where.
    pub from: Place,
    /// To where.
    pub to: Place,
    /// How much, above nought.
    pub quantity: Quantity,
    /// The lot was chosen by rule (earliest expiry), not scanned.
    pub assumed: bool,
}

/// Yen on an account: debit +, credit −, never nought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Signed yen.
    pub yen: Yen,
    /// Tax class and rate as used.
    pub tax: TaxRate,
    /// 内税 or 外税, where the posting carries a price.
    pub basis: Option<PriceBasis>,
    /// 作業種別: kind of work, where recorded.
    pub work: Option<Code>,
}

/// Of the input lot this much went into the output lot. In a mirror the quantity is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// What went in.
    pub input: LotId,
    /// What came out.
    pub output: LotId,
    /// Input quantity in smallest steps of the input's unit; negative in a mirror; never nought.
    pub quantity: i64,
}

/// A lot's birth, or (in a correction) an amendment of its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Birth {
    /// The facts.
    pub lot: Lot,
    /// The lot was born before; these facts hold from now on.
    pub amends: bool,
}

/// In which role an entry refers to another one or to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ReferenceRole {
    /// 注文.
    Order = 1,
    /// 出荷.
    Shipment = 2,
    /// The sale or receipt that an allowance or return is about, the paper that another one replaces.
    Original = 3,
    /// 催事.
    Event = 4,
    /// 請負.
    Job = 5,
    /// 書類.
    Document = 6,
    /// 精算書.
    Statement = 7,
    /// What is mirrored.
    Reverses = 8,
    /// The entry's own number in a series without gaps: [`Numbered`](crate::numbered::Numbered).
    Number = 9,
    /// 消込: what a payment is for.
    Cleared = 10,
}

impl ReferenceRole {
    /// All roles.
    pub const ALL: [ReferenceRole; 10] = [
        ReferenceRole::Order,
        ReferenceRole::Shipment,
        ReferenceRole::Original,
        ReferenceRole::Event,
        ReferenceRole::Job,
        ReferenceRole::Document,
        ReferenceRole::Statement,
        ReferenceRole::Reverses,
        ReferenceRole::Number,
        ReferenceRole::Cleared,
    ];

    /// The number in rows and bytes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number.
    pub fn from_number(number: u8) -> Option<ReferenceRole> {
        ReferenceRole::ALL
            .into_iter()
            .find(|role| role.number() == number)
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            ReferenceRole::Order => "注文",
            ReferenceRole::Shipment => "出荷",
            ReferenceRole::Original => "もとの伝票",
            ReferenceRole::Event => "催事",
            ReferenceRole::Job => "請負",
            ReferenceRole::Document => "書類",
            ReferenceRole::Statement => "精算書",
            ReferenceRole::Reverses => "取り消す伝票",
            ReferenceRole::Number => "番号",
            ReferenceRole::Cleared => "支払の対象",
        }
    }
}

/// A reference of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// As what.
    pub role: ReferenceRole,
    /// The entry, event, job or document.
    pub id: uuid::Uuid,
}

/// What a free text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum TextRole {
    /// メモ.
    Note = 1,
    /// 理由.
    Reason = 2,
}

impl TextRole {
    /// The number in rows and bytes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number.
    pub fn from_number(number: u8) -> Option<TextRole> {
        [TextRole::Note, TextRole::Reason]
            .into_iter()
            .find(|role| role.number() == number)
    }

    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            TextRole::Note => "メモ",
            TextRole::Reason => "理由",
        }
    }
}

/// The salted commitment of a free text; the text itself stands beside the book and can be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSeal {
    /// What text.
    pub role: TextRole,
    /// SHA-256 of salt and text.
    pub commitment: [u8; 32],
}

/// The whole entry, as hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Position in the log, from 0.
    pub seq: u64,
    /// Id, derived from the acting body and its key.
    pub id: EntryId,
    /// Kind of act: `produce`, `ship` … An old program keeps kinds it does not know.
    pub kind: String,
    /// Version of the payload's form.
    pub format: u16,
    /// Day of supply: rate, agreement, price, document.
    pub supplied_on: Day,
    /// Day it counts for stock, balances and month.
    pub book_on: Day,
    /// Who acts.
    pub acting: Acting,
    /// Idempotency key of the acting body.
    pub key: Key,
    /// Import or bulk it came with.
    pub group: Option<GroupId>,
    /// Agreement whose terms were used.
    pub agreement: Option<AgreementId>,
    /// Order, shipment, original …
    pub references: Vec<Reference>,
    /// The entry this one mirrors (a reversal or a correction).
    pub reverses: Option<EntryId>,
    /// Lots that are born, or whose facts are amended.
    pub births: Vec<Birth>,
    /// Goods.
    pub movements: Vec<Movement>,
    /// Lots into lots.
    pub links: Vec<Link>,
    /// Money.
    pub postings: Vec<Posting>,
    /// SHA-256 of evidence files.
    pub evidence: Vec<[u8; 32]>,
    /// Commitments of free texts.
    pub texts: Vec<TextSeal>,
    /// The act as canonical JSON, without free texts.
    pub payload: Vec<u8>,
    /// Account that recorded it (an id, never a name).
    pub recorder: String,
    /// When the server recorded it.
    pub recorded_at: Instant,
    /// All offices the entry touches, sorted: they see the shared part. Masters touch their owner.
    pub offices: BTreeSet<OfficeId>,
}

impl Entry {
    /// The bookkeeping units that have postings here, each once, in order.
    pub fn units(&self) -> BTreeSet<BookUnit> {
        self.postings.iter().map(|posting| posting.account.unit).collect()
    }

    /// Units whose postings do not sum to zero: empty for every entry of the book (invariant 3).
    pub fn unbalanced(&self) -> Vec<BookUnit> {
        let sums = self
            .postings
            .iter()
            .fold(std::collections::BTreeMap::new(), |mut sums, posting| {
                *sums.entry(posting.account.unit).or_insert(0_i128) += i128::from(posting.yen.get());
                sums
            });
        sums.into_iter()
            .filter(|(_, sum)| *sum != 0)
            .map(|(unit, _)| unit)
            .collect()
    }
}
