//! Whose goods a paper is about. A shop's own goods, and those of owners for whom it may write its own number (媒介者交付特例,
//! 消費税法施行令 第70条の12), stand on one paper; all other goods that it sold for their owners stand on a second one, without
//! a number. So no number is ever claimed for goods of somebody who has none.

use super::DocumentForm;
use crate::{
    account::{AccountKind, Class},
    acts::{Act, original::act_in},
    calendar::Day,
    command::entry_id,
    decide::act_of,
    entry::{Entry, Posting, ReferenceRole},
    id::{EntryId, OfficeId, PartyId},
    masters::Masters,
    money::{Yen, YenOverflow},
    tax::{PriceBasis, TaxRate},
    text::{Code, Name},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which goods of its sales a paper is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentGoods {
    /// The issuer's own, and those for whose owners it may write its own number.
    #[default]
    Own,
    /// What it sold for all other owners; without a number.
    Others,
}

impl DocumentGoods {
    /// Not written then, so that older papers keep their bytes.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
    pub(super) fn is_own(&self) -> bool {
        *self == DocumentGoods::Own
    }
}

/// Whose goods a line is about, as it stands on the paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnerOnPaper {
    /// The office.
    pub office: Code,
    /// Its name on the day of the paper.
    pub name: Name,
}

/// What is summed up in a line of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Whose goods; none for the seller's own.
    pub owner: Option<OfficeId>,
    /// 内税 or 外税.
    pub basis: PriceBasis,
    /// Class and rate.
    pub rate: TaxRate,
}

/// Sums by share, above nought for what was sold.
pub type Shares = BTreeMap<Share, Yen>;

/// Adds to one share.
///
/// # Errors
/// When the sum leaves the range of [`Yen`].
pub fn add(shares: &mut Shares, share: Share, yen: Yen) -> Result<(), YenOverflow> {
    let sum = shares.entry(share).or_default();
    *sum = sum.checked_add(yen)?;
    Ok(())
}

/// Whether a paper of the seller to the buyer is about an entry with these postings: the seller has a claim on the buyer for what
/// it sold, or (for a receipt) was paid at once. What a shop sold for its owner was sold to customers, so it is no sale between
/// the two; the commission on it is one.
pub fn is_between(
    postings: &[Posting],
    seller: OfficeId,
    buyer: Option<PartyId>,
    form: DocumentForm,
) -> bool {
    let is_charged = takes_commission(postings, seller);
    let mut own = postings
        .iter()
        .filter(|p| p.account.unit.office() == Some(seller));
    own.any(|posting| {
        let account = posting.account;
        let is_claim = match account.kind {
            AccountKind::ConsignmentReceivable => false,
            AccountKind::ConsignmentDeposit => is_charged,
            kind => matches!(kind.class(), Class::Asset | Class::Liability),
        };
        // a card company pays, but the customer has bought
        let is_paid = account.cash_place.is_some() || account.kind == AccountKind::CashlessReceivable;
        let owes = is_claim && buyer.is_some() && account.party == buyer;
        owes || (form == DocumentForm::Receipt && is_paid)
    })
}

fn takes_commission(postings: &[Posting], office: OfficeId) -> bool {
    let mut own = postings.iter().map(|posting| posting.account);
    own.any(|account| account.unit.office() == Some(office) && account.kind == AccountKind::CommissionIncome)
}

/// What a seller took in an entry with these postings: its own income, and what it sold in the name of owners (手数料型). What
/// others sold for the seller is on their papers; 消化仕入型 goods are the shop's own sale to the customer.
///
/// # Errors
/// When a sum leaves the range of [`Yen`].
pub fn income(postings: &[Posting], seller: OfficeId) -> Result<Shares, YenOverflow> {
    let on = |office: OfficeId, kind: AccountKind| {
        (postings.iter().map(|posting| posting.account))
            .filter(move |account| account.unit.office() == Some(office) && account.kind == kind)
    };
    let is_charged = takes_commission(postings, seller);
    let deposits = on(seller, AccountKind::ConsignmentDeposit).filter(|_| !is_charged);
    let through: BTreeSet<OfficeId> = deposits
        .filter_map(|account| account.party)
        .map(|party| OfficeId(party.0))
        .collect();
    // its sales through a shop, which also makes up for discounts: only that is between the two
    let by_others = on(seller, AccountKind::ConsignmentReceivable).next().is_some()
        && on(seller, AccountKind::CommissionPaid).next().is_none();
    let mut shares = Shares::new();
    for posting in postings {
        let (account, Some(basis)) = (posting.account, posting.basis) else {
            continue;
        };
        let is_sale = account.kind == AccountKind::Sales;
        let owner = match account.unit.office() {
            Some(office) if office == seller => {
                if account.kind.class() != Class::Income || (is_sale && by_others) {
                    continue;
                }
                None
            }
            Some(office) if is_sale && through.contains(&office) => Some(office),
            _ => continue,
        };
        let share = Share {
            owner,
            basis,
            rate: posting.tax,
        };
        add(&mut shares, share, posting.yen.negated())?;
    }
    shares.retain(|_, yen| !yen.is_zero());
    Ok(shares)
}

/// What is left of shares when papers have some already.
///
/// # Errors
/// When a sum leaves the range of [`Yen`].
pub fn left(mut shares: Shares, issued: &Shares) -> Result<Shares, YenOverflow> {
    for (share, yen) in issued {
        add(&mut shares, *share, yen.negated())?;
    }
    shares.retain(|_, yen| !yen.is_zero());
    Ok(shares)
}

/// The sale that a return or allowance is about.
pub fn original_of(entry: &Entry) -> Option<EntryId> {
    let mut references = entry.references.iter();
    let original = references.find(|reference| reference.role == ReferenceRole::Original)?;
    Some(EntryId(original.id))
}

/// The day on which goods were sold to the customer: of what came back the day of its sale.
pub fn sold_on(entry: &Entry, original: Option<&Entry>) -> Day {
    if let Some(original) = original {
        return original.supplied_on;
    }
    let stated = match act_in(entry) {
        Some(Act::GiveBack(back)) => back.original_unknown.map(|unknown| unknown.supplied_on),
        _ => None,
    };
    stated.unwrap_or(entry.supplied_on)
}

/// What a paper has of each entry: which one, of whose goods, how much. Empty for an entry that is no paper.
pub fn lines_of(masters: &Masters, paper: &Entry) -> Vec<(EntryId, Share, Yen)> {
    let Some(Act::Issue(issue)) = act_of(paper) else {
        return Vec::new();
    };
    let lines = issue.lines.iter().filter_map(|line| {
        let acting = line.entry.acting(masters, paper.acting)?;
        let owner = match &line.owner {
            None => None,
            Some(owner) => Some(masters.office_by_code(&owner.office)?.id),
        };
        let share = Share {
            owner,
            basis: issue.basis,
            rate: line.rate,
        };
        Some((entry_id(acting, &line.entry.key), share, line.amount))
    });
    lines.collect()
}
