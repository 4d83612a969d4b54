//! Which debt an act clears: what it is, and with whom.

use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    draft::Draft,
    id::OfficeId,
    refusal::{Refusal, Why},
    text::Code,
};
use serde::{Deserialize, Serialize};

/// Debts and claims, as the acting office sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DebtKind {
    /// 買掛金: we owe.
    Payable,
    /// 売掛金: we are owed.
    Receivable,
    /// 受託預り金: we sold goods of another and owe what they brought.
    ConsignmentDeposit,
    /// 委託売掛金: another sold our goods.
    ConsignmentReceivable,
    /// 立替未払金: another paid for us.
    OwedForOthers,
    /// 立替金: we paid for another.
    PaidForOthers,
    /// 内部勘定: we owe an office of our corporation.
    InternalPayable,
    /// 内部勘定: an office of our corporation owes us.
    InternalReceivable,
    /// キャッシュレス未収金: the card company owes us.
    Cashless,
    /// 金券未収金: the issuer owes us.
    Voucher,
    /// 未払工賃.
    UnpaidWages,
    /// 預り金.
    DepositHeld,
}

/// What stands on the other side of a kind of debt.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Allows {
    OfficeOrPartner,
    Office,
    Partner,
    Nobody,
}

impl DebtKind {
    /// The account.
    pub const fn account(self) -> AccountKind {
        match self {
            DebtKind::Payable => AccountKind::Payable,
            DebtKind::Receivable => AccountKind::Receivable,
            DebtKind::ConsignmentDeposit => AccountKind::ConsignmentDeposit,
            DebtKind::ConsignmentReceivable => AccountKind::ConsignmentReceivable,
            DebtKind::OwedForOthers => AccountKind::OwedForOthers,
            DebtKind::PaidForOthers => AccountKind::PaidForOthers,
            DebtKind::InternalPayable | DebtKind::InternalReceivable => AccountKind::Internal,
            DebtKind::Cashless => AccountKind::CashlessReceivable,
            DebtKind::Voucher => AccountKind::VoucherReceivable,
            DebtKind::UnpaidWages => AccountKind::UnpaidWages,
            DebtKind::DepositHeld => AccountKind::DepositHeld,
        }
    }

    /// Whether the acting office is the one who owes.
    pub const fn is_ours(self) -> bool {
        matches!(
            self,
            DebtKind::Payable
                | DebtKind::ConsignmentDeposit
                | DebtKind::OwedForOthers
                | DebtKind::InternalPayable
                | DebtKind::UnpaidWages
                | DebtKind::DepositHeld
        )
    }

    const fn allows(self) -> Allows {
        match self {
            DebtKind::InternalPayable | DebtKind::InternalReceivable => Allows::Office,
            DebtKind::Cashless | DebtKind::Voucher => Allows::Partner,
            DebtKind::UnpaidWages | DebtKind::DepositHeld => Allows::Nobody,
            _ => Allows::OfficeOrPartner,
        }
    }
}

/// A debt, as in `{"what": "payable", "partner": "tane"}` or `{"what": "receivable", "with_office": "b"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Debt {
    /// What.
    pub what: DebtKind,
    /// The partner on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<Code>,
    /// The office of the book on the other side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_office: Option<Code>,
    /// In whose books of the acting office it stands.
    #[serde(default, skip_serializing_if = "is_production")]
    pub section: Section,
    /// In whose books of the other office it stands.
    #[serde(default, skip_serializing_if = "is_production")]
    pub their_section: Section,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
pub(super) fn is_production(section: &Section) -> bool {
    *section == Section::Production
}

/// A side of a debt that stands in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Whose side.
    pub office: OfficeId,
    /// The account of the debt.
    pub account: Account,
}

/// Both sides of a debt; a partner's side stands in no book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Who owes.
    pub debtor: Option<Side>,
    /// Who is owed.
    pub creditor: Option<Side>,
}

impl Debt {
    /// The accounts on both sides.
    pub fn sides(&self, draft: &mut Draft<'_>, field: &str) -> Result<Sides, Refusal> {
        let acting = draft.office()?;
        let unit = BookUnit::Office(acting, self.section);
        let kind = self.what.account();
        self.check_party(field)?;
        let (account, other) = match (&self.partner, &self.with_office) {
            (Some(partner), _) => {
                let partner = draft.partner(&format!("{field}.partner"), Some(partner))?;
                (Account::with(unit, kind, partner), None)
            }
            (None, Some(code)) => {
                let field = format!("{field}.with_office");
                let other = draft.other_office(&field, code)?;
                if kind == AccountKind::Internal && !draft.same_corporation(acting, other) {
                    return Err(Refusal::at(field, Why::NotSameCorporation));
                }
                let theirs = BookUnit::Office(other, self.their_section);
                let mirror = kind.mirror().map(|mirror| Side {
                    office: other,
                    account: Account::with(theirs, mirror, acting),
                });
                (Account::with(unit, kind, other), mirror)
            }
            (None, None) => (Account::plain(unit, kind), None),
        };
        let own = Some(Side {
            office: acting,
            account,
        });
        Ok(if self.what.is_ours() {
            Sides {
                debtor: own,
                creditor: other,
            }
        } else {
            Sides {
                debtor: other,
                creditor: own,
            }
        })
    }

    fn check_party(&self, field: &str) -> Result<(), Refusal> {
        let malformed = |name: &str, problem: &str| {
            let problem = problem.to_owned();
            Err(Refusal::at(format!("{field}.{name}"), Why::Malformed { problem }))
        };
        let allows = self.what.allows();
        match (&self.partner, &self.with_office) {
            (Some(_), Some(_)) => malformed(
                "partner",
                "partner か with_office の、どちらか1つを書いてください。",
            ),
            (None, None) if allows == Allows::Nobody => Ok(()),
            (None, None) if allows == Allows::Office => {
                malformed("with_office", "相手の事業所を書いてください。")
            }
            (None, None) => malformed("partner", "相手(partner か with_office)を書いてください。"),
            (Some(_), None) if !matches!(allows, Allows::Partner | Allows::OfficeOrPartner) => malformed(
                "partner",
                "この種類には取引先を書けません。what を確かめてください。",
            ),
            (None, Some(_)) if !matches!(allows, Allows::Office | Allows::OfficeOrPartner) => malformed(
                "with_office",
                "この種類には相手の事業所を書けません。what を確かめてください。",
            ),
            _ => Ok(()),
        }
    }
}
