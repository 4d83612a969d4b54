//! Claims set off between offices: every office's net stays what it was, no debt is larger than what was cleared.

use crate::{
    plan::Plan,
    world::{self, OFFICES, TODAY},
};
use domain::account::{Account, AccountKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Creditor, debtor, the creditor's account and the debtor's, yen.
type Claim = (usize, usize, Account, Account, i128);

pub fn net(plan: &mut Plan<'_>, act: &Value) {
    let cleared = claims(plan, &act["clears"]);
    if cleared.is_empty() && act["clears"].as_array().is_none_or(Vec::is_empty) {
        plan.no("no-lines");
    }
    let anew = claims(plan, &act["remain"]);
    agreed(plan, act);
    // by office: claims cleared, debts cleared, claims anew, debts anew
    let mut sums: BTreeMap<usize, [i128; 4]> = BTreeMap::new();
    for (list, at) in [(&cleared, 0), (&anew, 2)] {
        for (creditor, debtor, _, _, yen) in list {
            sums.entry(*creditor).or_default()[at] += yen;
            sums.entry(*debtor).or_default()[at + 1] += yen;
        }
    }
    for [claims, debts, claims_anew, debts_anew] in sums.values() {
        if claims - debts != claims_anew - debts_anew {
            plan.no("net-differs");
        }
        if claims_anew > claims {
            plan.no("net-grows");
        }
    }
    stand(plan, &cleared);
    let mut totals: BTreeMap<Account, i128> = BTreeMap::new();
    for (list, sign) in [(&cleared, -1), (&anew, 1)] {
        for (_, _, claim, debt, yen) in list {
            *totals.entry(*claim).or_default() += sign * yen;
            *totals.entry(*debt).or_default() -= sign * yen;
        }
    }
    for (account, yen) in totals {
        plan.owe(account, yen);
    }
}

/// Lines of one of the lists; those that remain have no kind of their own.
fn claims(plan: &mut Plan<'_>, lines: &Value) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    for line in lines.as_array().into_iter().flatten() {
        let named = |name: &str| line[name].as_str().and_then(world::office);
        let (Some(creditor), Some(debtor)) = (named("creditor"), named("debtor")) else {
            plan.no("office-unknown");
            continue;
        };
        plan.touched.extend([creditor, debtor]);
        if creditor == debtor {
            plan.no("same-office");
            continue;
        }
        if !plan.by.is_some_and(|by| [creditor, debtor].contains(&by)) {
            plan.no("not-a-party");
        }
        let yen = i128::from(line["yen"].as_i64().unwrap_or_default());
        if yen <= 0 {
            plan.no("amount-not-positive");
        }
        let (claim, debt) = match line["what"].as_str() {
            Some("receivable") => (AccountKind::Receivable, AccountKind::Payable),
            Some("consignment_receivable") => (
                AccountKind::ConsignmentReceivable,
                AccountKind::ConsignmentDeposit,
            ),
            Some("paid_for_others") => (AccountKind::PaidForOthers, AccountKind::OwedForOthers),
            Some("internal_receivable") => (AccountKind::Internal, AccountKind::Internal),
            Some(other) => panic!("claim {other}"),
            None if Plan::same_corporation(creditor, debtor) => {
                (AccountKind::Internal, AccountKind::Internal)
            }
            None => (AccountKind::Receivable, AccountKind::Payable),
        };
        let ids = &plan.model.ids;
        let (claim, debt) = (
            ids.with(creditor, claim, debtor),
            ids.with(debtor, debt, creditor),
        );
        if claims
            .iter()
            .any(|(_, _, known, other, _)| (known, other) == (&claim, &debt))
        {
            plan.no("line-twice");
        }
        claims.push((creditor, debtor, claim, debt, yen));
    }
    claims
}

/// All that a line names have said yes, the acting office by acting.
fn agreed(plan: &mut Plan<'_>, act: &Value) {
    let said: BTreeSet<&str> = (act["agreed"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    let lines = ["clears", "remain"].map(|name| act[name].as_array().into_iter().flatten());
    let named = (lines.into_iter().flatten()).flat_map(|line| [&line["creditor"], &line["debtor"]]);
    let silent = named
        .filter_map(Value::as_str)
        .any(|code| !said.contains(code) && plan.by.is_none_or(|by| OFFICES[by] != code));
    if silent {
        plan.no("not-agreed");
    }
}

/// No more is cleared than stands on either side, on the day booked on and today.
fn stand(plan: &mut Plan<'_>, cleared: &[Claim]) {
    let mut claims: BTreeMap<Account, i128> = BTreeMap::new();
    let mut debts: BTreeMap<Account, i128> = BTreeMap::new();
    for (_, _, claim, debt, yen) in cleared {
        *claims.entry(*claim).or_default() += yen;
        *debts.entry(*debt).or_default() += yen;
    }
    for (accounts, sign) in [(claims, 1), (debts, -1)] {
        for (account, yen) in accounts {
            for day in [plan.book_on, TODAY.max(plan.book_on)] {
                let mirrored = plan.mirror.postings.iter();
                let mirrored = mirrored.filter(|posting| posting.account == account);
                let mirrored: i128 = mirrored.map(|posting| i128::from(posting.yen)).sum();
                if yen > sign * (plan.model.balance(&account, day) + mirrored) {
                    plan.no("net-changed");
                }
            }
        }
    }
}
