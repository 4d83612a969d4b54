//! earn 役務: income from work without goods (cleaning, 内職, 施設外就労).

use super::{
    Rules,
    means::{Direction, Means},
};
use crate::{
    account::{Account, AccountKind, BookUnit},
    draft::{Amount, Draft},
    money::Yen,
    quantity::{QuantityError, StatedQuantity},
    refusal::{Refusal, Stop, Why, refuse},
    tax::{PriceBasis, TaxCategory},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Work done for somebody outside the book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Earn {
    /// Who it was done for; 一般客 for private customers who paid at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Code>,
    /// How it is paid; on account of the partner when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Means>,
    /// What was earned.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 500))]
    pub lines: Vec<EarnLine>,
}

/// Income of one kind of work and tax class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EarnLine {
    /// 作業種別.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Code>,
    /// Tax class; 標準税率 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<TaxCategory>,
    /// Tax-inclusive.
    pub yen: Yen,
    /// Hours worked, of all together; for the office's own figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<StatedQuantity>,
    /// Pieces, times or square metres; for the office's own figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<StatedQuantity>,
}

impl Rules for Earn {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        let unit = BookUnit::production(draft.office()?);
        draft.lines_are_sound("lines", self.lines.len())?;
        let amounts = (self.lines.iter().enumerate())
            .map(|(n, line)| line.amount(draft, &format!("lines[{n}]")))
            .collect::<Result<Vec<Amount>, Refusal>>()?;
        let amounts = Amount::gather(amounts)?;
        let claim = self.claim(draft, unit)?;
        draft.post(claim, Amount::total(&amounts)?);
        for amount in &amounts {
            draft.post_amount(Account::plain(unit, AccountKind::ServiceIncome), amount, true);
        }
        Ok(())
    }
}

impl Earn {
    fn claim(&self, draft: &Draft<'_>, unit: BookUnit) -> Result<Account, Stop> {
        if let Some(partner) = &self.partner {
            draft.partner("partner", Some(partner))?;
        }
        match (&self.paid, &self.partner) {
            (Some(means), _) => Ok(means.account(draft, "paid", unit, Direction::In)?),
            (None, Some(partner)) => {
                let partner = draft.partner("partner", Some(partner))?;
                Ok(Account::with(unit, AccountKind::Receivable, partner))
            }
            (None, None) => {
                let problem = "だれの仕事か(partner)、どう受け取ったか(paid)の、どちらかを書いてください。";
                refuse(
                    "partner",
                    Why::Malformed {
                        problem: problem.to_owned(),
                    },
                )
            }
        }
    }
}

impl EarnLine {
    fn amount(&self, draft: &Draft<'_>, field: &str) -> Result<Amount, Refusal> {
        if !self.yen.is_positive() {
            return Err(Refusal::at(format!("{field}.yen"), Why::AmountNotPositive));
        }
        for (name, stated) in [("hours", &self.hours), ("count", &self.count)] {
            let positive =
                |stated: &StatedQuantity| stated.amount.is_sign_positive() && !stated.amount.is_zero();
            if !stated.as_ref().is_none_or(positive) {
                let problem = QuantityError::NotPositive.to_string();
                return Err(Refusal::at(
                    format!("{field}.{name}"),
                    Why::QuantityWrong { problem },
                ));
            }
        }
        Ok(Amount {
            yen: self.yen,
            tax: draft.rate(self.category.unwrap_or(TaxCategory::Standard))?,
            basis: PriceBasis::Inclusive,
            work: self.work.clone(),
        })
    }
}
