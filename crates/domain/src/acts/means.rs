//! How money changes hands: cash, bank, on account, cashless, out of an advance.

use crate::{
    account::{Account, AccountKind, BookUnit},
    draft::Draft,
    masters::CashPlaceKind,
    refusal::Refusal,
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Means of payment, as in `{"by": "cash"}` or `{"by": "on_account", "partner": "city-hall"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum Means {
    /// 現金: into or out of a cash place or till; the office's first when none is named.
    Cash {
        /// Cash place or till.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Code>,
    },
    /// 預金.
    Bank {
        /// Account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<Code>,
    },
    /// 掛け: a debt with a partner outside the book.
    OnAccount {
        /// Who owes or is owed.
        partner: Code,
    },
    /// キャッシュレス: the card company owes it.
    Cashless {
        /// The brand's company, a partner.
        partner: Code,
    },
    /// 前受金・前払金: out of what was paid before.
    Advance {
        /// With whom.
        partner: Code,
    },
}

impl Default for Means {
    fn default() -> Self {
        Means::Cash { place: None }
    }
}

/// Which way the money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// We receive it, or are owed it.
    In,
    /// We pay it, or owe it.
    Out,
}

impl Means {
    /// The account that takes the other side of a sale or purchase of the acting office.
    pub fn account(
        &self,
        draft: &Draft<'_>,
        field: &str,
        unit: BookUnit,
        direction: Direction,
    ) -> Result<Account, Refusal> {
        let at = |name: &str| format!("{field}.{name}");
        let partner = |code: &Code| draft.partner(&at("partner"), Some(code));
        Ok(match (self, direction) {
            (Means::Cash { place }, _) => {
                let (place, kind) = draft.cash_place(&at("place"), CashPlaceKind::Cash, place.as_ref())?;
                Account::cash(unit, cash_account(kind), place)
            }
            (Means::Bank { place }, _) => {
                let (place, kind) = draft.cash_place(&at("place"), CashPlaceKind::Bank, place.as_ref())?;
                Account::cash(unit, cash_account(kind), place)
            }
            (Means::OnAccount { partner: code }, Direction::In) => {
                Account::with(unit, AccountKind::Receivable, partner(code)?)
            }
            (Means::Cashless { partner: code }, Direction::In) => {
                Account::with(unit, AccountKind::CashlessReceivable, partner(code)?)
            }
            // paid by card: owed to the card company
            (Means::OnAccount { partner: code } | Means::Cashless { partner: code }, Direction::Out) => {
                Account::with(unit, AccountKind::Payable, partner(code)?)
            }
            (Means::Advance { partner: code }, Direction::In) => {
                Account::with(unit, AccountKind::AdvanceReceived, partner(code)?)
            }
            (Means::Advance { partner: code }, Direction::Out) => {
                Account::with(unit, AccountKind::AdvancePaid, partner(code)?)
            }
        })
    }
}

/// The account kind of a cash place.
pub const fn cash_account(kind: CashPlaceKind) -> AccountKind {
    match kind {
        CashPlaceKind::Cash => AccountKind::Cash,
        CashPlaceKind::Bank => AccountKind::Bank,
        CashPlaceKind::Till => AccountKind::TillCash,
    }
}
