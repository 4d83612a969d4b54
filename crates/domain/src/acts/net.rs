//! net 相殺: claims of several offices on one another are set off in one entry, and what remains is owed anew.
//!
//! Of every bookkeeping unit, claims less debts stay what they were: 就労支援事業 and 福祉事業 of one office are kept apart,
//! so nothing is set off between them. No unit owes or is owed more afterwards than was cleared, so no debt comes out of
//! nothing; and every office that is touched has said yes, the acting one by acting.

use super::{Rules, debt::is_production};
use crate::{
    account::{Account, AccountKind, BookUnit, Section},
    draft::Draft,
    id::OfficeId,
    money::Yen,
    refusal::{Refusal, Stop, Why, refuse},
    text::Code,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of each list at most: a network of 400 offices with ten pairs each.
pub const LINES: usize = 4_000;

/// Claims set off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Net {
    /// What is cleared, wholly or in part.
    pub clears: Vec<SetOff>,
    /// What is owed anew: 売掛金, within one corporation 内部勘定.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remain: Vec<Remainder>,
    /// The offices that said yes: all that a line names, but for the acting one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agreed: Vec<Code>,
}

/// A claim that becomes smaller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetOff {
    /// Who is owed.
    pub creditor: Code,
    /// Who owes.
    pub debtor: Code,
    /// As what it stands in the creditor's books.
    pub what: ClaimKind,
    /// In which books of the creditor.
    #[serde(default, skip_serializing_if = "is_production")]
    pub section: Section,
    /// In which books of the debtor.
    #[serde(default, skip_serializing_if = "is_production")]
    pub their_section: Section,
    /// By how much; never more than stands.
    pub yen: Yen,
}

/// A claim that is owed anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Remainder {
    /// Who is owed.
    pub creditor: Code,
    /// Who owes.
    pub debtor: Code,
    /// In which books of the creditor.
    #[serde(default, skip_serializing_if = "is_production")]
    pub section: Section,
    /// In which books of the debtor.
    #[serde(default, skip_serializing_if = "is_production")]
    pub their_section: Section,
    /// How much.
    pub yen: Yen,
}

/// Claims between offices of the book, as the creditor calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// 売掛金.
    Receivable,
    /// 委託売掛金.
    ConsignmentReceivable,
    /// 立替金.
    PaidForOthers,
    /// 内部勘定.
    InternalReceivable,
}

impl ClaimKind {
    /// All of them.
    pub const ALL: [ClaimKind; 4] = [
        ClaimKind::Receivable,
        ClaimKind::ConsignmentReceivable,
        ClaimKind::PaidForOthers,
        ClaimKind::InternalReceivable,
    ];

    /// The creditor's account and the debtor's.
    pub const fn accounts(self) -> (AccountKind, AccountKind) {
        match self {
            ClaimKind::Receivable => (AccountKind::Receivable, AccountKind::Payable),
            ClaimKind::ConsignmentReceivable => (
                AccountKind::ConsignmentReceivable,
                AccountKind::ConsignmentDeposit,
            ),
            ClaimKind::PaidForOthers => (AccountKind::PaidForOthers, AccountKind::OwedForOthers),
            ClaimKind::InternalReceivable => (AccountKind::Internal, AccountKind::Internal),
        }
    }
}

impl Net {
    /// Codes of all offices that a line names.
    pub fn touched(&self) -> BTreeSet<&Code> {
        let cleared = self.clears.iter().map(|line| [&line.creditor, &line.debtor]);
        let remaining = self.remain.iter().map(|line| [&line.creditor, &line.debtor]);
        cleared.chain(remaining).flatten().collect()
    }

    /// The lines that name one of these offices: what an office may see of it.
    #[must_use]
    pub fn lines_of(&self, offices: &BTreeSet<&Code>) -> Net {
        let is_theirs =
            |creditor: &Code, debtor: &Code| offices.contains(creditor) || offices.contains(debtor);
        let mut own = self.clone();
        own.clears.retain(|line| is_theirs(&line.creditor, &line.debtor));
        own.remain.retain(|line| is_theirs(&line.creditor, &line.debtor));
        own
    }
}

/// A claim with both sides' accounts.
struct Claim {
    creditor: Account,
    debtor: Account,
    yen: Yen,
}

/// What a unit is cleared of, and what it has and owes anew.
#[derive(Default)]
struct Turnover {
    claims_cleared: i128,
    debts_cleared: i128,
    claims_anew: i128,
    debts_anew: i128,
}

impl Rules for Net {
    fn decide(&self, draft: &mut Draft<'_>) -> Result<(), Stop> {
        if self.clears.is_empty() {
            return refuse("clears", Why::NoLines);
        }
        for (field, count) in [("clears", self.clears.len()), ("remain", self.remain.len())] {
            if count > LINES {
                return refuse(field, Why::TooManyLines { limit: LINES });
            }
        }
        let cleared = self.cleared(draft)?;
        let anew = self.anew(draft)?;
        self.all_agreed(draft)?;
        nothing_is_won_or_lost(draft, &cleared, &anew)?;
        they_stand(draft, &cleared)?;
        // one posting an account, however many lines it has
        let mut sums: BTreeMap<Account, i128> = BTreeMap::new();
        for (claims, sign) in [(&cleared, -1), (&anew, 1)] {
            for claim in claims {
                let yen = sign * i128::from(claim.yen.get());
                *sums.entry(claim.creditor).or_default() += yen;
                *sums.entry(claim.debtor).or_default() -= yen;
            }
        }
        for (account, sum) in sums {
            let yen = Yen::from_i128(sum).map_err(|_| Refusal::at("clears", Why::AmountTooLarge))?;
            draft.post(account, yen);
        }
        Ok(())
    }
}

impl Net {
    fn cleared(&self, draft: &mut Draft<'_>) -> Result<Vec<Claim>, Refusal> {
        let mut claims = Vec::with_capacity(self.clears.len());
        let mut seen = BTreeSet::new();
        for (n, line) in self.clears.iter().enumerate() {
            let field = format!("clears[{n}]");
            let pair = (&line.creditor, &line.debtor);
            let (creditor, debtor) = offices(draft, &field, pair, line.yen)?;
            let (claim, debt) = line.what.accounts();
            let claim = Claim {
                creditor: Account::with(BookUnit::Office(creditor, line.section), claim, debtor),
                debtor: Account::with(BookUnit::Office(debtor, line.their_section), debt, creditor),
                yen: line.yen,
            };
            if !seen.insert((claim.creditor, claim.debtor)) {
                return Err(Refusal::at(field, Why::LineTwice));
            }
            claims.push(claim);
        }
        Ok(claims)
    }

    fn anew(&self, draft: &mut Draft<'_>) -> Result<Vec<Claim>, Refusal> {
        let mut claims = Vec::with_capacity(self.remain.len());
        let mut seen = BTreeSet::new();
        for (n, line) in self.remain.iter().enumerate() {
            let field = format!("remain[{n}]");
            let pair = (&line.creditor, &line.debtor);
            let (creditor, debtor) = offices(draft, &field, pair, line.yen)?;
            let what = if draft.same_corporation(creditor, debtor) {
                ClaimKind::InternalReceivable
            } else {
                ClaimKind::Receivable
            };
            let (claim, debt) = what.accounts();
            let claim = Claim {
                creditor: Account::with(BookUnit::Office(creditor, line.section), claim, debtor),
                debtor: Account::with(BookUnit::Office(debtor, line.their_section), debt, creditor),
                yen: line.yen,
            };
            if !seen.insert((claim.creditor, claim.debtor)) {
                return Err(Refusal::at(field, Why::LineTwice));
            }
            claims.push(claim);
        }
        Ok(claims)
    }

    fn all_agreed(&self, draft: &Draft<'_>) -> Result<(), Refusal> {
        let agreed: BTreeSet<&Code> = self.agreed.iter().collect();
        let is_acting = |code: &Code| {
            let office = draft.masters().office_by_code(code).map(|office| office.id);
            office.is_some() && office == draft.acting().office()
        };
        let mut silent = self.touched().into_iter();
        match silent.find(|code| !agreed.contains(*code) && !is_acting(code)) {
            Some(code) => {
                let code = code.to_string();
                Err(Refusal::at("agreed", Why::NotAgreed { code }))
            }
            None => Ok(()),
        }
    }
}

/// Of every unit claims less debts stay what they were, and none owes or is owed more than was cleared.
fn nothing_is_won_or_lost(draft: &Draft<'_>, cleared: &[Claim], anew: &[Claim]) -> Result<(), Refusal> {
    let mut units: BTreeMap<BookUnit, Turnover> = BTreeMap::new();
    for claim in cleared {
        let yen = i128::from(claim.yen.get());
        units.entry(claim.creditor.unit).or_default().claims_cleared += yen;
        units.entry(claim.debtor.unit).or_default().debts_cleared += yen;
    }
    for claim in anew {
        let yen = i128::from(claim.yen.get());
        units.entry(claim.creditor.unit).or_default().claims_anew += yen;
        units.entry(claim.debtor.unit).or_default().debts_anew += yen;
    }
    let code = |unit: &BookUnit| {
        let office = unit.office().and_then(|office| draft.masters().office(office));
        office.map(|office| office.code.to_string()).unwrap_or_default()
    };
    for (unit, sums) in &units {
        let before = sums.claims_cleared - sums.debts_cleared;
        if before != sums.claims_anew - sums.debts_anew {
            return Err(Refusal::at("remain", Why::NetDiffers { code: code(unit) }));
        }
        if sums.claims_anew > sums.claims_cleared {
            return Err(Refusal::at("remain", Why::NetGrows { code: code(unit) }));
        }
    }
    Ok(())
}

/// Both offices of a line. An office acts in what it is a party of; what is between others is a network's to propose.
fn offices(
    draft: &mut Draft<'_>,
    field: &str,
    (creditor, debtor): (&Code, &Code),
    yen: Yen,
) -> Result<(OfficeId, OfficeId), Refusal> {
    let creditor = draft.office_of(&format!("{field}.creditor"), creditor)?;
    let debtor = draft.office_of(&format!("{field}.debtor"), debtor)?;
    if creditor == debtor {
        return Err(Refusal::at(format!("{field}.debtor"), Why::SameOffice));
    }
    if let Some(acting) = draft.acting().office()
        && ![creditor, debtor].contains(&acting)
    {
        return Err(Refusal::at(field, Why::NotAParty));
    }
    if !yen.is_positive() {
        return Err(Refusal::at(format!("{field}.yen"), Why::AmountNotPositive));
    }
    Ok((creditor, debtor))
}

/// Refuses to clear more than stands on either side. How much stands is not said: whoever hears the refusal need not be
/// a party of that claim.
fn they_stand(draft: &Draft<'_>, cleared: &[Claim]) -> Result<(), Stop> {
    let mut claims: BTreeMap<Account, i128> = BTreeMap::new();
    let mut debts: BTreeMap<Account, i128> = BTreeMap::new();
    for claim in cleared {
        *claims.entry(claim.creditor).or_default() += i128::from(claim.yen.get());
        *debts.entry(claim.debtor).or_default() += i128::from(claim.yen.get());
    }
    // all missing balances are asked for at once
    draft.want_balances(claims.keys().chain(debts.keys()))?;
    for (accounts, sign) in [(claims, 1), (debts, -1)] {
        for (account, yen) in accounts {
            for day in draft.days_of_debts() {
                let stands = sign * i128::from(draft.balance(account, day)?.get());
                if yen > stands {
                    return refuse("clears", Why::NetChanged);
                }
            }
        }
    }
    Ok(())
}
