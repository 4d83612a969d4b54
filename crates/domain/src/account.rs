//! 勘定: the closed list of account kinds, each with its class, counterparty and mirror.

use crate::id::{CashPlaceId, CorporationId, OfficeId, PartyId};
use serde::{Deserialize, Serialize};

/// Section of an office whose books are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Section {
    /// 就労支援事業.
    #[default]
    Production = 1,
    /// 福祉事業.
    Welfare = 2,
}

impl Section {
    /// For people.
    pub const fn label(self) -> &'static str {
        match self {
            Section::Production => "就労支援事業",
            Section::Welfare => "福祉事業",
        }
    }
}

/// 会計単位: its postings in an entry sum to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookUnit {
    /// A section of an office.
    Office(OfficeId, Section),
    /// 本部 of a corporation.
    Head(CorporationId),
}

impl BookUnit {
    /// 就労支援事業 of an office.
    pub const fn production(office: OfficeId) -> BookUnit {
        BookUnit::Office(office, Section::Production)
    }

    /// The office, where the unit is one of an office.
    pub const fn office(self) -> Option<OfficeId> {
        match self {
            BookUnit::Office(office, _) => Some(office),
            BookUnit::Head(_) => None,
        }
    }
}

/// Where a kind stands in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// 資産.
    Asset,
    /// 負債.
    Liability,
    /// 純資産.
    Equity,
    /// 収益.
    Income,
    /// 費用.
    Expense,
}

/// What stands on the other side of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counterparty {
    /// Nobody.
    None,
    /// An office of the book or a partner.
    Party,
    /// A cash or bank place.
    CashPlace,
}

macro_rules! account_kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $class:ident, $counterparty:ident, $mirror:expr, $label:literal;)+) => {
        /// Kinds of accounts. Numbers are written into canonical bytes and rows: kinds may be added, never changed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        #[repr(u8)]
        pub enum AccountKind {
            $($(#[$doc])* #[doc = $label] $name = $number,)+
        }

        impl AccountKind {
            /// All kinds.
            pub const ALL: &'static [AccountKind] = &[$(AccountKind::$name),+];

            /// Where it stands in the books.
            pub const fn class(self) -> Class {
                match self { $(AccountKind::$name => Class::$class,)+ }
            }

            /// What stands on the other side.
            pub const fn counterparty(self) -> Counterparty {
                match self { $(AccountKind::$name => Counterparty::$counterparty,)+ }
            }

            /// The kind under which another office of the book keeps the same debt; invariant 4.
            pub fn mirror(self) -> Option<AccountKind> {
                use AccountKind::*;
                match self { $($name => $mirror,)+ }
            }

            /// For people: 勘定科目.
            pub const fn label(self) -> &'static str {
                match self { $(AccountKind::$name => $label,)+ }
            }
        }
    };
}

account_kinds! {
    Cash = 1, Asset, CashPlace, None, "現金";
    Bank = 2, Asset, CashPlace, None, "預金";
    TillCash = 3, Asset, CashPlace, None, "レジ現金";
    Receivable = 10, Asset, Party, Some(Payable), "売掛金";
    ConsignmentReceivable = 11, Asset, Party, Some(ConsignmentDeposit), "委託売掛金";
    CashlessReceivable = 12, Asset, Party, None, "キャッシュレス未収金";
    VoucherReceivable = 13, Asset, Party, None, "金券未収金";
    PaidForOthers = 14, Asset, Party, Some(OwedForOthers), "立替金";
    PrepaidExpense = 15, Asset, None, None, "前払費用";
    AdvancePaid = 16, Asset, Party, Some(AdvanceReceived), "前払金";
    ReserveAsset = 17, Asset, None, None, "積立資産";
    AccumulatedDepreciation = 18, Asset, None, None, "減価償却累計額";
    Payable = 30, Liability, Party, Some(Receivable), "買掛金";
    ConsignmentDeposit = 31, Liability, Party, Some(ConsignmentReceivable), "受託預り金";
    OwedForOthers = 32, Liability, Party, Some(PaidForOthers), "立替未払金";
    AdvanceReceived = 33, Liability, Party, Some(AdvancePaid), "前受金";
    UnpaidWages = 34, Liability, None, None, "未払工賃";
    DepositHeld = 35, Liability, None, None, "預り金";
    TicketLiability = 36, Liability, None, None, "前受金(回数券・食券)";
    Internal = 40, Asset, Party, Some(Internal), "内部勘定";
    OpeningBalance = 50, Equity, None, None, "開始残高";
    WageReserve = 51, Equity, None, None, "工賃変動積立金";
    EquipmentReserve = 52, Equity, None, None, "設備等整備積立金";
    Retained = 53, Equity, None, None, "次期繰越活動増減差額";
    Sales = 60, Income, None, None, "売上高";
    ServiceIncome = 61, Income, None, None, "役務収入";
    CommissionIncome = 62, Income, None, None, "受託手数料";
    InternalIncome = 63, Income, None, None, "内部売上";
    CompensationIncome = 64, Income, None, None, "補償金収入";
    FeeIncome = 65, Income, None, None, "出店料・窓口手数料収入";
    OtherIncome = 66, Income, None, None, "雑収入";
    ReserveRelease = 67, Income, None, None, "積立金取崩";
    Materials = 80, Expense, None, None, "材料費";
    Merchandise = 81, Expense, None, None, "商品仕入";
    Outsourcing = 82, Expense, None, None, "外注加工費";
    Wages = 83, Expense, None, None, "利用者工賃";
    StaffCost = 84, Expense, None, None, "指導員等人件費";
    InternalExpense = 85, Expense, None, None, "内部仕入";
    WelfareFood = 86, Expense, None, None, "給食費(福祉)";
    CommissionPaid = 90, Expense, None, None, "支払手数料";
    StallFee = 91, Expense, None, None, "出店料";
    PackingShipping = 92, Expense, None, None, "荷造運賃";
    Advertising = 93, Expense, None, None, "受注活動費";
    BankFee = 94, Expense, None, None, "振込手数料";
    BadDebt = 95, Expense, None, None, "貸倒損失";
    CompensationPaid = 96, Expense, None, None, "弁償金";
    CashOverShort = 97, Expense, None, None, "現金過不足";
    ConsumptionTax = 98, Expense, None, None, "消費税納付";
    Supplies = 100, Expense, None, None, "消耗品費";
    Equipment = 101, Expense, None, None, "器具什器費";
    Utilities = 102, Expense, None, None, "水道光熱費";
    Fuel = 103, Expense, None, None, "燃料費";
    Repairs = 104, Expense, None, None, "修繕費";
    Communication = 105, Expense, None, None, "通信運搬費";
    Travel = 106, Expense, None, None, "旅費交通費";
    Printing = 107, Expense, None, None, "印刷製本費";
    Meeting = 108, Expense, None, None, "会議費";
    Insurance = 109, Expense, None, None, "損害保険料";
    Rent = 110, Expense, None, None, "賃借料";
    Books = 111, Expense, None, None, "図書・教育費";
    TaxesDues = 112, Expense, None, None, "租税公課";
    Depreciation = 113, Expense, None, None, "減価償却費";
    WelfareBenefit = 114, Expense, None, None, "福利厚生費";
    Miscellaneous = 115, Expense, None, None, "雑費";
    ReserveTransfer = 116, Expense, None, None, "積立金積立";
}

impl AccountKind {
    /// The number in rows and bytes.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From the number.
    pub fn from_number(number: u8) -> Option<AccountKind> {
        AccountKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.number() == number)
    }
}

/// 勘定: unit × kind × counterparty × cash place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// Whose books.
    pub unit: BookUnit,
    /// Kind.
    pub kind: AccountKind,
    /// Office of the book or partner, where the kind has one.
    pub party: Option<PartyId>,
    /// Cash or bank place, where the kind has one.
    pub cash_place: Option<CashPlaceId>,
}

impl Account {
    /// An account without a counterparty.
    pub const fn plain(unit: BookUnit, kind: AccountKind) -> Account {
        Account {
            unit,
            kind,
            party: None,
            cash_place: None,
        }
    }

    /// An account with an office or partner.
    pub fn with(unit: BookUnit, kind: AccountKind, party: impl Into<PartyId>) -> Account {
        Account {
            unit,
            kind,
            party: Some(party.into()),
            cash_place: None,
        }
    }

    /// Cash, bank or till.
    pub const fn cash(unit: BookUnit, kind: AccountKind, place: CashPlaceId) -> Account {
        Account {
            unit,
            kind,
            party: None,
            cash_place: Some(place),
        }
    }

    /// Whether counterparty and cash place are there exactly where the kind wants them.
    pub const fn is_sound(&self) -> bool {
        match self.kind.counterparty() {
            Counterparty::None => self.party.is_none() && self.cash_place.is_none(),
            Counterparty::Party => self.party.is_some() && self.cash_place.is_none(),
            Counterparty::CashPlace => self.party.is_none() && self.cash_place.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_are_unique_and_read_back() {
        let numbers: BTreeSet<u8> = AccountKind::ALL.iter().map(|kind| kind.number()).collect();
        assert_eq!(numbers.len(), AccountKind::ALL.len());
        for kind in AccountKind::ALL {
            assert_eq!(AccountKind::from_number(kind.number()), Some(*kind));
        }
    }

    #[test]
    fn mirrors_are_mutual_and_between_parties() {
        for kind in AccountKind::ALL {
            if let Some(mirror) = kind.mirror() {
                assert_eq!(mirror.mirror(), Some(*kind), "{kind:?}");
                assert_eq!(kind.counterparty(), Counterparty::Party, "{kind:?}");
            }
        }
    }
}
