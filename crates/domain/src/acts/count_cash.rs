//! count_cash 現金実査: what lies in a cash box or till at the end of the day; what the book lacks or has too much of goes
//! to 現金過不足.

use super::{Rules, means::cash_account};
use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    draft::Draft,
    masters::CashPlaceKind,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Coins and notes of Japan in yen (通貨の単位及び貨幣の発行等に関する法律, 日本銀行法).
pub(crate) const COINS_AND_NOTES: [u32; 10] = [1, 5, 10, 50, 100, 500, 1_000, 2_000, 5_000, 10_000];

/// A count of cash at the end of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CountCash {
    /// Cash box or till of the acting office.
    pub place: Code,
    /// What was counted; nought is a count too.
    pub counted: Yen,
    /// 金種: how many of each coin and note, by its yen.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(schema_with = crate::schema::denominations))]
    pub denominations: BTreeMap<u32, u32>,
}

impl Rules for CountCash {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let office = draft.office()?;
        if self.counted < Yen::ZERO {
            return refuse("counted", Why::AmountNegative);
        }
        self.check_denominations()?;
        let (place, kind) = draft.cash_place("place", CashPlaceKind::Cash, Some(&self.place))?;
        if kind == CashPlaceKind::Bank {
            let kind = AccountKind::Bank.label();
            return refuse("place", Why::AccountWrong { kind });
        }
        // both sections spend out of one box: it is counted as a whole
        let mut booked = Yen::ZERO;
        for section in [Section::Production, Section::Welfare] {
            let account = Account::cash(BookUnit::Office(office, section), cash_account(kind), place);
            let balance = draft.balance(account, draft.supplied_on())?;
            booked = booked
                .checked_add(balance)
                .map_err(|_| Refusal::at("", Why::AmountTooLarge))?;
        }
        let found = self
            .counted
            .checked_sub(booked)
            .map_err(|_| Refusal::at("counted", Why::AmountTooLarge))?;
        if found.is_zero() {
            return Ok(());
        }
        draft.reason_is_due()?;
        let unit = BookUnit::production(office);
        draft.post(Account::cash(unit, cash_account(kind), place), found);
        draft.post(Account::plain(unit, AccountKind::CashOverShort), found.negated());
        Ok(())
    }
}

impl CountCash {
    fn check_denominations(&self) -> Result<(), Refusal> {
        if self.denominations.is_empty() {
            return Ok(());
        }
        let mut counted: i64 = 0;
        for (yen, count) in &self.denominations {
            if !COINS_AND_NOTES.contains(yen) {
                return Err(Refusal::at(
                    format!("denominations.{yen}"),
                    Why::NoSuchCoin { yen: *yen },
                ));
            }
            // at most 10 × 10,000 × 2^32: far below the range of i64
            counted = counted.saturating_add(i64::from(*yen) * i64::from(*count));
        }
        let stated = self.counted.get();
        if counted != stated {
            return Err(Refusal::at(
                "denominations",
                Why::DenominationsDoNotAddUp { counted, stated },
            ));
        }
        Ok(())
    }
}
