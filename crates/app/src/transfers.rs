//! 振込: what an office has to pay, to which accounts, and the file for its bank. Another office's account is shown to whom
//! owes it money, as on an invoice; nobody else sees it. The payments are recorded by the act `pay`, after the file was sent.

use crate::{
    Book,
    access::settings::setting,
    bank_likes::BankLikes,
    table::{Cell, List},
    viewer::Viewer,
    views::{
        ViewError,
        money::{DebtLine, money},
        names::Named,
    },
};
use domain::{
    account::Section,
    acts::debt::DebtKind,
    calendar::{Day, business_day},
    id::OfficeId,
    masters::Masters,
    money::{Yen, YenOverflow},
    statement::{last_closing, pay_on},
    text::Code,
    transfer::{BankAccount, ConsignorCode, Transfer, TransferError, TransferSheet},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What there is to pay by bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransfersView {
    /// Today.
    pub day: Day,
    /// The office's own account, where it has said which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<BankAccount>,
    /// 委託者コード.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consignor: Option<ConsignorCode>,
    /// Debts, by payee.
    pub items: Vec<TransferItem>,
}

/// A debt that can be paid by bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransferItem {
    /// As an act names it.
    pub what: DebtKind,
    /// 勘定科目.
    pub label: &'static str,
    /// In whose books of the office it stands.
    pub section: Section,
    /// To whom.
    pub with: Named,
    /// That is an office of the book; else a partner.
    pub is_office: bool,
    /// What is owed now.
    pub yen: Yen,
    /// What the form begins with: all of it, nothing where it is carried over.
    pub proposed: Yen,
    /// By when, where the two agreed on a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_by: Option<Day>,
    /// Less than this is carried over, as the two agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_below: Option<Yen>,
    /// To which account; nothing where the payee, or for a partner the office, has not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
}

/// What is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOrder {
    /// The day the bank pays, today or later.
    pub on: Day,
    /// Of which debts how much.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<TransferOrderLine>,
}

/// Of a debt so much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOrderLine {
    /// As an act names it.
    pub what: DebtKind,
    /// In whose books of the office it stands.
    #[serde(default)]
    pub section: Section,
    /// The office of the book that is paid.
    #[serde(default)]
    pub with_office: Option<Code>,
    /// The partner that is paid.
    #[serde(default)]
    pub partner: Option<Code>,
    /// How much, up to what is owed.
    pub yen: Yen,
}

impl TransferOrderLine {
    fn is_of(&self, item: &TransferItem) -> bool {
        let code = if item.is_office {
            &self.with_office
        } else {
            &self.partner
        };
        let other = if item.is_office {
            &self.partner
        } else {
            &self.with_office
        };
        other.is_none()
            && code.as_ref().is_some_and(|code| code.as_str() == item.with.code)
            && self.what == item.what
            && self.section == item.section
    }
}

/// Payments as they go to the bank: one for each payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Out of which account.
    pub from: BankAccount,
    /// 委託者コード.
    pub consignor: Option<ConsignorCode>,
    /// The day the bank pays.
    pub on: Day,
    /// Whom, where to, how much.
    pub payments: Vec<(Named, BankAccount, Yen)>,
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoTransfer {
    /// The office has not said which its account is.
    OwnAccountMissing,
    /// Banks take no file without.
    ConsignorMissing,
    /// A payee's account is not known.
    PayeeMissing {
        /// Which line.
        line: usize,
        /// Whose.
        name: String,
        /// It has to say so itself; else the office does.
        is_office: bool,
    },
    /// Nothing of that name is owed.
    NotOwed {
        /// Which line.
        line: usize,
    },
    /// The same debt twice.
    Twice {
        /// Which line.
        line: usize,
    },
    /// More than is owed, or nothing.
    Amount {
        /// Which line.
        line: usize,
        /// What is owed.
        owed: Yen,
    },
    /// The bank pays on a day that is over.
    DayPast,
    /// The file itself.
    File(TransferError),
}

impl NoTransfer {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NoTransfer::OwnAccountMissing => "own-account-missing",
            NoTransfer::ConsignorMissing => "consignor-missing",
            NoTransfer::PayeeMissing { .. } => "payee-account-missing",
            NoTransfer::NotOwed { .. } => "not-owed",
            NoTransfer::Twice { .. } => "line-twice",
            NoTransfer::Amount { .. } => "transfer-amount-wrong",
            NoTransfer::DayPast => "transfer-day-past",
            NoTransfer::File(_) => "transfer-file-wrong",
        }
    }

    /// The field it is about, as a JSON pointer.
    pub fn pointer(&self) -> Option<String> {
        match self {
            NoTransfer::PayeeMissing { line, .. }
            | NoTransfer::NotOwed { line }
            | NoTransfer::Twice { line } => Some(format!("/lines/{line}")),
            NoTransfer::Amount { line, .. } => Some(format!("/lines/{line}/yen")),
            NoTransfer::DayPast => Some("/on".to_owned()),
            NoTransfer::OwnAccountMissing | NoTransfer::ConsignorMissing | NoTransfer::File(_) => None,
        }
    }

    /// Sentence for people.
    pub fn sentence(&self) -> String {
        match self {
            NoTransfer::OwnAccountMissing => {
                "この事業所の口座が、まだ登録されていません。管理者が、振込の設定で登録してください。".to_owned()
            }
            NoTransfer::ConsignorMissing => {
                "委託者コードが、まだ登録されていません。銀行に確かめて、管理者が振込の設定で登録してください。".to_owned()
            }
            NoTransfer::PayeeMissing {
                name,
                is_office: true,
                ..
            } => format!(
                "「{name}」の口座がわかりません。「{name}」の管理者に、振込の設定で登録してもらってください。"
            ),
            NoTransfer::PayeeMissing { name, .. } => {
                format!("「{name}」の口座がわかりません。管理者が、振込の設定で登録してください。")
            }
            NoTransfer::NotOwed { .. } => {
                "この相手に払うものは、いまありません。一覧を開き直して、選び直してください。".to_owned()
            }
            NoTransfer::Twice { .. } => "同じものが2行にあります。1行にまとめてください。".to_owned(),
            NoTransfer::Amount { owed, .. } => {
                format!("金額は、1円から {owed}円(いまの残り)までにしてください。")
            }
            NoTransfer::DayPast => "振り込む日は、今日からあとの日にしてください。".to_owned(),
            NoTransfer::File(error) => error.to_string(),
        }
    }
}

/// What an office has to pay, to those who record for it; `None` for all others, coordinators too.
///
/// # Errors
/// [`ViewError`].
pub async fn transfers(
    book: &Book,
    viewer: &Viewer,
    office: OfficeId,
) -> Result<Option<TransfersView>, ViewError> {
    if viewer
        .rights()
        .is_some_and(|rights| !rights.offices.contains(&office))
    {
        return Ok(None);
    }
    let day = business_day(book.outside().clock.now());
    let own: BankLikes = setting(book, office).await?;
    let debts = money(book, viewer, office).await?.debts;
    let masters = book.moment().await?.masters;
    let mut items = Vec::new();
    for debt in debts {
        let is_payable = matches!(
            debt.what,
            DebtKind::Payable
                | DebtKind::ConsignmentDeposit
                | DebtKind::OwedForOthers
                | DebtKind::InternalPayable
        );
        if !is_payable || !debt.yen.is_positive() {
            continue;
        }
        items.extend(item(book, &masters, office, &own, debt, day).await?);
    }
    items.sort_by(|one: &TransferItem, other| {
        (&one.with, one.label, one.section).cmp(&(&other.with, other.label, other.section))
    });
    Ok(Some(TransfersView {
        day,
        from: own.account,
        consignor: own.consignor,
        items,
    }))
}

async fn item(
    book: &Book,
    masters: &Masters,
    own: OfficeId,
    likes: &BankLikes,
    debt: DebtLine,
    day: Day,
) -> Result<Option<TransferItem>, ViewError> {
    let Some(with) = debt.with else {
        return Ok(None);
    };
    let code: Option<Code> = with.code.parse().ok();
    let payee = code.as_ref().filter(|_| debt.is_office);
    let payee = payee
        .and_then(|code| masters.office_by_code(code))
        .map(|office| office.id);
    let (account, agreed) = match payee {
        // it is owed money, so it has said where to
        Some(office) => (
            setting::<BankLikes>(book, office).await?.account,
            agreed(masters, (own, office), day),
        ),
        None => (
            code.and_then(|code| likes.partners.get(&code).cloned()),
            (None, None),
        ),
    };
    let (pay_by, carry_below) = agreed;
    let is_carried = carry_below.is_some_and(|below| debt.yen < below);
    Ok(Some(TransferItem {
        what: debt.what,
        label: debt.label,
        section: debt.section,
        with,
        is_office: debt.is_office,
        yen: debt.yen,
        proposed: if is_carried { Yen::ZERO } else { debt.yen },
        pay_by,
        carry_below: carry_below.filter(|_| is_carried),
        account,
    }))
}

/// What two offices agreed on paying: by when for the last period that is over, and below what it is carried over.
fn agreed(masters: &Masters, (own, other): (OfficeId, OfficeId), day: Day) -> (Option<Day>, Option<Yen>) {
    let between = masters.agreements().filter(|agreement| {
        let pair = [agreement.producer, agreement.other];
        pair.contains(&own) && pair.contains(&other)
    });
    let (mut pay_by, mut carry_below) = (None, None);
    for agreement in between {
        let Some(terms) = agreement.terms.on(day) else {
            continue;
        };
        let closed = last_closing(terms.closing_day, day);
        let by = closed.and_then(|closed| pay_on(terms, closed));
        pay_by = [pay_by, by].into_iter().flatten().min();
        carry_below = [carry_below, terms.carry_below].into_iter().flatten().min();
    }
    (pay_by, carry_below)
}

/// The payments of an order, each checked against what is owed now. One payee gets one payment.
///
/// # Errors
/// [`NoTransfer`].
pub fn prepared(view: &TransfersView, order: &TransferOrder) -> Result<Prepared, NoTransfer> {
    let from = view.from.clone().ok_or(NoTransfer::OwnAccountMissing)?;
    if order.lines.is_empty() {
        return Err(NoTransfer::File(TransferError::Nothing));
    }
    if order.on < view.day {
        return Err(NoTransfer::DayPast);
    }
    let mut payments: BTreeMap<(bool, &Named), (BankAccount, Vec<Yen>)> = BTreeMap::new();
    for (line, wanted) in order.lines.iter().enumerate() {
        let item = view.items.iter().find(|item| wanted.is_of(item));
        let item = item.ok_or(NoTransfer::NotOwed { line })?;
        if order.lines.iter().take(line).any(|earlier| earlier.is_of(item)) {
            return Err(NoTransfer::Twice { line });
        }
        if !wanted.yen.is_positive() || wanted.yen > item.yen {
            let owed = item.yen;
            return Err(NoTransfer::Amount { line, owed });
        }
        let account = item.account.clone().ok_or_else(|| NoTransfer::PayeeMissing {
            line,
            name: item.with.name.clone(),
            is_office: item.is_office,
        })?;
        let payment = payments.entry((item.is_office, &item.with));
        payment.or_insert((account, Vec::new())).1.push(wanted.yen);
    }
    let payments = payments.into_iter().map(|((_, with), (account, yen))| {
        let sum = Yen::sum(yen).map_err(|_: YenOverflow| NoTransfer::File(TransferError::TooMany))?;
        Ok((with.clone(), account, sum))
    });
    Ok(Prepared {
        from,
        consignor: view.consignor.clone(),
        on: order.on,
        payments: payments.collect::<Result<_, NoTransfer>>()?,
    })
}

impl Prepared {
    /// 総合振込.
    ///
    /// # Errors
    /// [`NoTransfer`].
    pub fn zengin(&self) -> Result<Vec<u8>, NoTransfer> {
        let transfers = self.payments.iter().map(|(_, to, yen)| Transfer {
            to: to.clone(),
            yen: *yen,
        });
        let sheet = TransferSheet {
            consignor: self.consignor.clone().ok_or(NoTransfer::ConsignorMissing)?,
            from: self.from.clone(),
            on: self.on,
            transfers: transfers.collect(),
        };
        sheet.file().map_err(NoTransfer::File)
    }

    /// As a list, for banks that take no such file and for whoever types it in.
    pub fn list(&self) -> List {
        let headings = [
            "振込日",
            "相手",
            "銀行コード",
            "銀行名",
            "支店コード",
            "支店名",
            "種目",
            "口座番号",
            "受取人名",
            "金額",
        ];
        let name = |name: &Option<domain::transfer::BankKana>| {
            Cell::text(name.as_ref().map(ToString::to_string).unwrap_or_default())
        };
        let row = |(with, to, yen): &(Named, BankAccount, Yen)| {
            vec![
                Cell::Day(self.on),
                Cell::text(with.name.as_str()),
                Cell::text(to.bank.as_str()),
                name(&to.bank_name),
                Cell::text(to.branch.as_str()),
                name(&to.branch_name),
                Cell::text(to.account_type.label()),
                Cell::text(to.number.as_str()),
                Cell::text(to.holder.as_str()),
                Cell::Number(yen.get().into()),
            ]
        };
        List {
            name: "振込".to_owned(),
            headings: headings.map(str::to_owned).to_vec(),
            rows: self.payments.iter().map(row).collect(),
        }
    }
}
