//! 就労支援事業の収支: revenue and cost of an office by kind of work, its stock at what the lots cost, and the consumption tax
//! per rate. Sums of the same postings as the trial balance; nothing is guessed where the book does not know.

mod inventory;
mod tax;

pub use inventory::{Inventory, InventoryLine};
pub use tax::{Registration, TaxRow};

use super::{
    ViewError, journal,
    names::{self, Named},
};
use crate::{Book, viewer::Viewer};
use domain::{
    account::{AccountKind, BookUnit, Class, Section},
    calendar::Day,
    id::OfficeId,
    money::{Yen, YenOverflow},
    text::Code,
};
use serde::Serialize;
use std::collections::BTreeMap;
use store::LedgerLine;
use utoipa::ToSchema;

/// Revenue and cost of 就労支援事業 over a time.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProductionStatement {
    /// Whose.
    pub office: Named,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// By kind of work; what was recorded without one comes first.
    pub works: Vec<WorkStatement>,
    /// 収益 of all kinds of work.
    pub revenue: Yen,
    /// 費用 of all kinds of work, stock left aside.
    pub cost: Yen,
    /// 期首: stock before the first day.
    pub opening: Inventory,
    /// 期末: stock at the end of the last day.
    pub closing: Inventory,
    /// Consumption tax per rate, of both sections.
    pub tax: Vec<TaxRow>,
}

/// A kind of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkStatement {
    /// 作業種別.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<String>,
    /// Accounts, revenue first.
    pub lines: Vec<WorkLine>,
    /// 収益.
    pub revenue: Yen,
    /// 費用.
    pub cost: Yen,
}

/// An account of a kind of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WorkLine {
    /// Kind.
    pub account: AccountKind,
    /// 勘定科目.
    pub label: &'static str,
    /// Line of the 就労支援事業 statement that it belongs to.
    pub heading: &'static str,
    /// Above nought as the account usually stands.
    pub yen: Yen,
    /// 内部取引.
    pub is_internal: bool,
}

/// The line of the statement (domain rules: 就労支援事業明細書) that an account belongs to.
const fn heading(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::InternalIncome | AccountKind::InternalExpense => "内部取引",
        AccountKind::Materials | AccountKind::Merchandise => "材料費",
        AccountKind::Wages => "利用者工賃",
        AccountKind::StaffCost => "労務費(指導員等)",
        AccountKind::Outsourcing => "外注加工費",
        AccountKind::CommissionPaid | AccountKind::StallFee | AccountKind::BankFee => "手数料",
        _ => match kind.class() {
            Class::Income => "就労支援事業収益",
            Class::Expense | Class::Asset | Class::Liability | Class::Equity => "経費",
        },
    }
}

/// The statement of an office, to those who may see its books.
///
/// # Errors
/// [`ViewError::Store`]; [`ViewError::Broken`] for sums beyond all bounds.
pub async fn production_statement(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
    (from, to): (Day, Day),
) -> Result<Option<ProductionStatement>, ViewError> {
    let moment = book.moment().await?;
    let gate = viewer.gate(&moment.masters);
    if !gate.sees_books(BookUnit::production(office), to) {
        return Ok(None);
    }
    let from = gate.sees_since(office, to).map_or(from, |since| from.max(since));
    let ledger = moment.snapshot.ledger(office, (from, to)).await?;
    let works = works(&ledger).map_err(beyond)?;
    let opening = match from.pred() {
        Some(before) => inventory::on(&moment, gate, office, before).await?,
        None => Inventory::default(),
    };
    Ok(Some(ProductionStatement {
        office: names::party(&moment.masters, office.into(), to),
        from,
        to,
        revenue: Yen::sum(works.iter().map(|work| work.revenue)).map_err(beyond)?,
        cost: Yen::sum(works.iter().map(|work| work.cost)).map_err(beyond)?,
        works,
        opening,
        closing: inventory::on(&moment, gate, office, to).await?,
        tax: tax::rows(&moment, office, &ledger).await?,
    }))
}

fn works(ledger: &[LedgerLine]) -> Result<Vec<WorkStatement>, YenOverflow> {
    let mut sums: BTreeMap<Option<Code>, BTreeMap<AccountKind, Yen>> = BTreeMap::new();
    for line in ledger {
        let is_production = matches!(line.account.unit, BookUnit::Office(_, Section::Production));
        let yen = match line.account.kind.class() {
            Class::Income => line.yen.negated(),
            Class::Expense => line.yen,
            Class::Asset | Class::Liability | Class::Equity => continue,
        };
        if is_production {
            let of_work = sums.entry(line.work.clone()).or_default();
            let sum = of_work.entry(line.account.kind).or_default();
            *sum = sum.checked_add(yen)?;
        }
    }
    sums.into_iter()
        .map(|(work, accounts)| {
            let of = |class: Class| {
                let of_class = accounts.iter().filter(|(kind, _)| kind.class() == class);
                Yen::sum(of_class.map(|(_, yen)| *yen))
            };
            Ok(WorkStatement {
                work: work.map(|work| work.to_string()),
                revenue: of(Class::Income)?,
                cost: of(Class::Expense)?,
                lines: accounts
                    .iter()
                    .filter(|(_, yen)| !yen.is_zero())
                    .map(|(kind, yen)| WorkLine {
                        account: *kind,
                        label: kind.label(),
                        heading: heading(*kind),
                        yen: *yen,
                        is_internal: journal::is_internal(*kind),
                    })
                    .collect(),
            })
        })
        .collect()
}

fn beyond(_: YenOverflow) -> ViewError {
    ViewError::Broken { what: "金額" }
}
