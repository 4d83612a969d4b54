//! Where money of an office lies: a cash box or a bank account, named or the usual one.

use super::means::cash_account;
use crate::{
    account::{Account, BookUnit},
    draft::Draft,
    id::OfficeId,
    masters::CashPlaceKind,
    refusal::Refusal,
    text::Code,
};
use serde::{Deserialize, Serialize};

/// As in `{"by": "bank"}` or `{"by": "cash", "place": "kinko"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum Purse {
    /// 現金: a cash place or till; the office's first when none is named.
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
}

impl Purse {
    /// The account of this purse in a unit of an office.
    pub fn account(
        &self,
        draft: &Draft<'_>,
        field: &str,
        office: OfficeId,
        unit: BookUnit,
    ) -> Result<Account, Refusal> {
        let (kind, code) = match self {
            Purse::Cash { place } => (CashPlaceKind::Cash, place),
            Purse::Bank { place } => (CashPlaceKind::Bank, place),
        };
        let field = format!("{field}.place");
        let (place, kind) = draft.cash_place_of(&field, office, kind, code.as_ref())?;
        Ok(Account::cash(unit, cash_account(kind), place))
    }
}

/// The account of a purse; where none is stated the office's bank account, else its cash box.
pub fn purse_or_usual(
    stated: Option<&Purse>,
    draft: &Draft<'_>,
    field: &str,
    office: OfficeId,
    unit: BookUnit,
) -> Result<Account, Refusal> {
    if let Some(purse) = stated {
        return purse.account(draft, field, office, unit);
    }
    let (place, kind) = draft
        .cash_place_of(field, office, CashPlaceKind::Bank, None)
        .or_else(|_| draft.cash_place_of(field, office, CashPlaceKind::Cash, None))?;
    Ok(Account::cash(unit, cash_account(kind), place))
}
