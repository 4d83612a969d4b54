//! What a 精算書 shows.

use crate::views::names::Named;
use domain::{
    calendar::Day,
    id::EntryId,
    money::{UnitPrice, Yen},
    registration::RegistrationNumber,
    tax::{PriceBasis, RateTotal},
    text::Code,
};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A 精算書 as one of the two sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementView {
    /// From whose side.
    pub office: SettlementParty,
    /// The other side.
    pub counterparty: SettlementParty,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Its number, once both have agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// When both had agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed_on: Option<Day>,
    /// It was taken back after both had agreed.
    pub is_taken_back: bool,
    /// What stood before: above nought is owed to the office.
    pub opening: Yen,
    /// Goods on the shelves of either side, product by product.
    pub goods: Vec<SettlementGoods>,
    /// Gross sales of both sides, per rate.
    pub sold: Vec<SettlementSold>,
    /// Commissions of both sides, with the tax in them.
    pub charged: Vec<SettlementCharged>,
    /// What changed by each matter.
    pub changes: Vec<SettlementChange>,
    /// Entry by entry.
    pub lines: Vec<SettlementLine>,
    /// What stands at the end: above nought is owed to the office.
    pub closing: Yen,
    /// Who pays whom, how much, by when; nothing where the two are even.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<SettlementPayment>,
    /// Agreements of the two with sales in the period that are still to be settled (commission, tax on top).
    pub unsettled: Vec<Code>,
    /// Size of the log that the statement was read at.
    pub log_size: u64,
    /// Root of the log at that size: who has it can prove that nothing under it was changed.
    pub log_root: String,
}

/// A product on a shelf. Opening + delivered + found − sold − returned − lost = closing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementGoods {
    /// Whose goods.
    pub owner: Named,
    /// On whose shelf.
    pub shop: Named,
    /// Product.
    pub product: Named,
    /// Unit of the quantities.
    pub unit: String,
    /// Price per unit that the agreement, else the price list has on the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub unit_price: Option<UnitPrice>,
    /// 軽減税率 as it is taken away, on the last day.
    pub reduced: bool,
    /// 前回の残り.
    pub opening: Decimal,
    /// 納品.
    pub delivered: Decimal,
    /// 売れた数, less what customers brought back.
    pub sold: Decimal,
    /// 返品, taken back by its owner.
    pub returned: Decimal,
    /// 廃棄・紛失.
    pub lost: Decimal,
    /// 数え直しで増えた数.
    pub found: Decimal,
    /// 残り.
    pub closing: Decimal,
}

/// What there is to pay by a 精算書.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementPayment {
    /// Who pays.
    pub payer: Named,
    /// Whom.
    pub payee: Named,
    /// How much.
    pub yen: Yen,
    /// Last day, where one was agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Day>,
    /// 繰越: below this many yen it is carried to the next statement, so nothing has to be paid now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carried_below: Option<Yen>,
    /// What was paid or set off since, up to the sum.
    pub paid: Yen,
    /// What is still to pay.
    pub open: Yen,
}

/// An office with which there is something to settle.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementPartner {
    /// The other office.
    pub office: Named,
    /// What stands today: above nought is owed to this side.
    pub balance: Yen,
    /// The last statement that holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<SettlementHeading>,
    /// Last day of the next one, once its period is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_to: Option<Day>,
    /// A 確認 that was asked for and is not answered yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<SettlementAsked>,
    /// Questions that are not closed.
    pub questions: u32,
}

/// A 確認 that waits.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementAsked {
    /// The proposal.
    pub proposal: Uuid,
    /// Its last day.
    pub to: Day,
    /// Whether this office asked; else it is to answer.
    pub by_us: bool,
}

/// A side of a 精算書.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementParty {
    /// The office.
    pub office: Named,
    /// Its corporation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporation: Option<String>,
    /// 登録番号, where it has one on the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub registration: Option<RegistrationNumber>,
}

/// What a side sold.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementSold {
    /// Who.
    pub seller: Named,
    /// 内税 or 外税 prices.
    pub basis: PriceBasis,
    /// Per rate, rounded once.
    pub rates: Vec<RateTotal>,
}

/// What a side took as commission.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementCharged {
    /// Who took it.
    pub by: Named,
    /// Per rate.
    pub rates: Vec<RateTotal>,
}

/// What changed by a matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettlementChange {
    /// 売上, 支払 …
    pub label: &'static str,
    /// Above nought in the office's favour.
    pub yen: Yen,
}

/// An entry of a 精算書.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementLine {
    /// The entry.
    pub entry: EntryId,
    /// Its number.
    pub seq: u64,
    /// Kind of act, for people.
    pub act: &'static str,
    /// Goods of the two in it, with quantities; nothing where no goods moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods: Option<String>,
    /// 売上, 支払 …
    pub matter: &'static str,
    /// Day of supply.
    pub supplied_on: Day,
    /// Day it counts for.
    pub book_on: Day,
    /// Of an earlier period, recorded after its statement.
    pub is_late: bool,
    /// Above nought in the office's favour.
    pub yen: Yen,
}

/// A 精算書 that both agreed on, in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementHeading {
    /// Its number among the two offices'.
    pub number: u64,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// What stood at the end: above nought was owed to the office.
    pub closing: Yen,
    /// It was taken back.
    pub is_taken_back: bool,
}

/// Statements of a pair, and the days of the next one.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SettlementList {
    /// The newest first.
    pub statements: Vec<SettlementHeading>,
    /// First day of the next one; none before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_from: Option<Day>,
    /// Last day of the next one, by the agreements' closing day; none while its period is not over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_to: Option<Day>,
}
