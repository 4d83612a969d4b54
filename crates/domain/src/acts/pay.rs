//! pay 支払・入金: a debt is cleared with money, on both sides where both are in the book. More than is owed becomes an
//! advance (the debt's sign turns), except for unpaid wages and where the payer says that it must not.
//!
//! 消込: a payment may say which sales, purchases or papers it is for. What says nothing clears the oldest first
//! ([`crate::clearing`]).

mod cleared;

pub use cleared::ClearedItem;

use super::{
    Rules,
    debt::{Debt, DebtKind, Side},
    purse::{Purse, purse_or_usual},
};
use crate::{
    account::{Account, AccountKind},
    draft::Draft,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, TaxCategory},
};
use serde::{Deserialize, Serialize};

/// A payment, recorded by the office that pays or by the one that is paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// The debt.
    pub clears: Debt,
    /// By how much the debt becomes smaller.
    pub yen: Yen,
    /// Out of which purse of the payer; its bank account, else its cash box, when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Purse>,
    /// Into which purse of the payee; its bank account, else its cash box, when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<Purse>,
    /// 振込手数料, or the fee a card company keeps back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// 消込: what it is for, at most `yen` together; the oldest first when missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_items = 500))]
    pub items: Vec<ClearedItem>,
    /// Refuse to pay more than is owed, so that nothing is paid twice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_ahead: bool,
}

/// What the transfer costs, tax included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TransferFee))]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Yen.
    pub yen: Yen,
    /// Who bears it.
    pub bearer: FeeBearer,
    /// Tax class by contract (card fees may be 非課税); 標準税率 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TaxCategory>,
}

/// Who bears a fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FeeBearer {
    /// The payer pays it on top.
    Payer,
    /// It is kept back from what the payee receives.
    Payee,
}

impl Rules for Pay {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if !self.yen.is_positive() {
            return refuse("yen", Why::AmountNotPositive);
        }
        let sides = self.clears.sides(draft, "clears")?;
        self.check_purses(sides.debtor, sides.creditor)?;
        self.check_fee()?;
        let own = if self.clears.what.is_ours() {
            sides.debtor
        } else {
            sides.creditor
        };
        if let Some(side) = own {
            if self.not_ahead || self.clears.what == DebtKind::UnpaidWages {
                draft.not_more_than_owed("yen", side.account, self.yen)?;
            }
            cleared::refer(draft, &self.items, side, self.clears.what.is_ours(), self.yen)?;
        }
        if let Some(payer) = sides.debtor {
            let purse = purse_of(draft, "from", self.from.as_ref(), payer)?;
            let fee = self.post_fee(draft, payer, FeeBearer::Payer)?;
            let out = self
                .yen
                .checked_add(fee)
                .map_err(|_| Refusal::at("yen", Why::AmountTooLarge))?;
            draft.post(payer.account, self.yen);
            draft.post(purse, out.negated());
        }
        if let Some(payee) = sides.creditor {
            let purse = purse_of(draft, "into", self.into.as_ref(), payee)?;
            let fee = self.post_fee(draft, payee, FeeBearer::Payee)?;
            let received = self
                .yen
                .checked_sub(fee)
                .map_err(|_| Refusal::at("yen", Why::AmountTooLarge))?;
            draft.post(purse, received);
            draft.post(payee.account, self.yen.negated());
        }
        Ok(())
    }
}

impl Pay {
    /// A partner's purse is in no book.
    fn check_purses(&self, payer: Option<Side>, payee: Option<Side>) -> Result<(), Refusal> {
        for (field, stated, side) in [("from", &self.from, payer), ("into", &self.into, payee)] {
            if stated.is_some() && side.is_none() {
                let problem = "相手の事業所が台帳にないので、ここは書けません。消してください。".to_owned();
                return Err(Refusal::at(field, Why::Malformed { problem }));
            }
        }
        Ok(())
    }

    fn check_fee(&self) -> Result<(), Refusal> {
        match self.fee {
            Some(fee) if !fee.yen.is_positive() => Err(Refusal::at("fee.yen", Why::AmountNotPositive)),
            Some(fee) if fee.bearer == FeeBearer::Payee && fee.yen > self.yen => {
                Err(Refusal::at("fee.yen", Why::AmountTooLarge))
            }
            _ => Ok(()),
        }
    }

    /// The fee as an expense of the side that bears it; nought for the other side.
    fn post_fee(&self, draft: &mut Draft<'_>, side: Side, bearer: FeeBearer) -> Result<Yen, Refusal> {
        let Some(fee) = self.fee.filter(|fee| fee.bearer == bearer) else {
            return Ok(Yen::ZERO);
        };
        let expense = match self.clears.what {
            DebtKind::Cashless => AccountKind::CommissionPaid,
            _ => AccountKind::BankFee,
        };
        let tax = draft.rate(fee.category.unwrap_or(TaxCategory::Standard))?;
        let account = Account::plain(side.account.unit, expense);
        draft.post_as(account, fee.yen, tax, Some(PriceBasis::Inclusive), None);
        Ok(fee.yen)
    }
}

fn purse_of(draft: &Draft<'_>, field: &str, stated: Option<&Purse>, side: Side) -> Result<Account, Refusal> {
    purse_or_usual(stated, draft, field, side.office, side.account.unit)
}
