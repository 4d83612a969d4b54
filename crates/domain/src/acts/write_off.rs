//! write_off 貸倒・免除: a debt is given up, on both sides where both are in the book.
//!
//! The loss is posted 対象外: relief of consumption tax on a bad debt is claimed in the tax return, by the original's rate.

use super::{
    Rules,
    debt::{Debt, DebtKind},
};
use crate::{
    account::{Account, AccountKind},
    draft::Draft,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// A debt given up, with a reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteOff {
    /// The debt.
    pub debt: Debt,
    /// By how much it becomes smaller; never more than is owed.
    pub yen: Yen,
    /// The other office's yes, where the debt is with an office of the book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Code>,
}

impl Rules for WriteOff {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        draft.reason_is_due()?;
        if !self.yen.is_positive() {
            return refuse("yen", Why::AmountNotPositive);
        }
        self.check_kind()?;
        let sides = self.debt.sides(draft, "debt")?;
        if let Some(other) = self
            .debt
            .with_office
            .as_ref()
            .filter(|other| !self.agreed.contains(other))
        {
            let code = other.to_string();
            return refuse("agreed", Why::NotAgreed { code });
        }
        for side in [sides.creditor, sides.debtor].into_iter().flatten() {
            draft.not_more_than_owed("yen", side.account, self.yen)?;
        }
        if let Some(creditor) = sides.creditor {
            let loss = Account::plain(creditor.account.unit, AccountKind::BadDebt);
            draft.post(loss, self.yen);
            draft.post(creditor.account, self.yen.negated());
        }
        if let Some(debtor) = sides.debtor {
            let gain = Account::plain(debtor.account.unit, AccountKind::OtherIncome);
            draft.post(debtor.account, self.yen);
            draft.post(gain, self.yen.negated());
        }
        Ok(())
    }
}

impl WriteOff {
    /// Wages and deposits are owed to people and authorities and are paid; 内部勘定 are settled within the corporation.
    fn check_kind(&self) -> Result<(), Refusal> {
        match self.debt.what {
            DebtKind::UnpaidWages
            | DebtKind::DepositHeld
            | DebtKind::InternalPayable
            | DebtKind::InternalReceivable => {
                let kind = self.debt.what.account().label();
                Err(Refusal::at("debt.what", Why::AccountWrong { kind }))
            }
            _ => Ok(()),
        }
    }
}
