//! Debts that are paid or given up, on both sides where both are in the book.

use super::{cash::usual_purse, goods::paid};
use crate::{
    plan::Plan,
    world::{TODAY, rate},
};
use domain::{
    account::{Account, AccountKind, Class},
    tax::TaxCategory,
};
use serde_json::Value;

/// A debt by name: the account, and whether the acting office owes it.
fn debt(name: &str) -> (AccountKind, bool) {
    match name {
        "payable" => (AccountKind::Payable, true),
        "receivable" => (AccountKind::Receivable, false),
        "consignment_deposit" => (AccountKind::ConsignmentDeposit, true),
        "consignment_receivable" => (AccountKind::ConsignmentReceivable, false),
        "owed_for_others" => (AccountKind::OwedForOthers, true),
        "paid_for_others" => (AccountKind::PaidForOthers, false),
        "internal_payable" => (AccountKind::Internal, true),
        "internal_receivable" => (AccountKind::Internal, false),
        "cashless" => (AccountKind::CashlessReceivable, false),
        "unpaid_wages" => (AccountKind::UnpaidWages, true),
        other => panic!("debt {other}"),
    }
}

/// Whose books a debt stands in: office and account.
type Side = Option<(usize, Account)>;

/// Debtor and creditor; a partner's side stands in no book.
fn sides(plan: &mut Plan<'_>, stated: &Value) -> Option<(Side, Side)> {
    let office = plan.by?;
    let name = stated["what"].as_str().unwrap_or_default();
    let (kind, ours) = debt(name);
    let ids = plan.model.ids.clone();
    let unit = ids.unit(office, false);
    let party = (stated["partner"].as_str(), stated["with_office"].as_str());
    let fits = match name {
        "unpaid_wages" => party == (None, None),
        "internal_payable" | "internal_receivable" => party.0.is_none() && party.1.is_some(),
        "cashless" => party.0.is_some() && party.1.is_none(),
        _ => party.0.is_some() != party.1.is_some(),
    };
    if !fits {
        plan.no("malformed");
        return None;
    }
    let (account, other) = match party {
        (Some(code), _) => match ids.partner(office, code) {
            None => {
                plan.no("partner-unknown");
                return None;
            }
            Some(partner) => (Account::with(unit, kind, partner), None),
        },
        (None, Some(_)) => {
            let other = plan.other(&stated["with_office"])?;
            if kind == AccountKind::Internal && !Plan::same_corporation(office, other) {
                plan.no("not-same-corporation");
            }
            let mirror = match kind {
                AccountKind::Payable => AccountKind::Receivable,
                AccountKind::Receivable => AccountKind::Payable,
                AccountKind::ConsignmentDeposit => AccountKind::ConsignmentReceivable,
                AccountKind::ConsignmentReceivable => AccountKind::ConsignmentDeposit,
                AccountKind::OwedForOthers => AccountKind::PaidForOthers,
                AccountKind::PaidForOthers => AccountKind::OwedForOthers,
                kind => kind,
            };
            (
                ids.with(office, kind, other),
                Some((other, ids.with(other, mirror, office))),
            )
        }
        (None, None) => (Account::plain(unit, kind), None),
    };
    let own = Some((office, account));
    Some(if ours { (own, other) } else { (other, own) })
}

/// Refuses more than is owed on the day booked on and today.
fn not_more_than_owed(plan: &mut Plan<'_>, account: &Account, yen: i128) {
    for day in [plan.book_on, TODAY.max(plan.book_on)] {
        let mirrored = plan
            .mirror
            .postings
            .iter()
            .filter(|posting| posting.account == *account);
        let mirrored: i128 = mirrored.map(|posting| i128::from(posting.yen)).sum();
        let balance = plan.model.balance(account, day) + mirrored;
        let owed = if account.kind.class() == Class::Liability {
            -balance
        } else {
            balance
        };
        if yen > owed {
            plan.no("more-than-owed");
        }
    }
}

pub fn pay(plan: &mut Plan<'_>, act: &Value) {
    let yen = i128::from(act["yen"].as_i64().unwrap_or_default());
    if yen <= 0 {
        plan.no("amount-not-positive");
    }
    let Some((debtor, creditor)) = sides(plan, &act["clears"]) else {
        return;
    };
    for (stated, side) in [(&act["from"], debtor), (&act["into"], creditor)] {
        if !stated.is_null() && side.is_none() {
            plan.no("malformed");
        }
    }
    let fee = &act["fee"];
    let fee_yen = i128::from(fee["yen"].as_i64().unwrap_or_default());
    if !fee.is_null() && fee_yen <= 0 {
        plan.no("amount-not-positive");
    }
    if fee["bearer"] == "payee" && fee_yen > yen {
        plan.no("amount-too-large");
    }
    let what = act["clears"]["what"].as_str().unwrap_or_default();
    if let (Some((_, account)), "unpaid_wages") = (debtor, what) {
        not_more_than_owed(plan, &account, yen);
    }
    for (side, stated, bearer, sign) in [
        (debtor, &act["from"], "payer", 1),
        (creditor, &act["into"], "payee", -1),
    ] {
        let Some((office, account)) = side else { continue };
        let purse = if stated.is_null() {
            usual_purse(plan, office, false)
        } else {
            paid(plan, office, false, stated, false)
        };
        let Some(purse) = purse else { continue };
        plan.owe(account, sign * yen);
        plan.owe(purse, -sign * yen);
        if fee["bearer"] == bearer {
            let kind = if what == "cashless" {
                AccountKind::CommissionPaid
            } else {
                AccountKind::BankFee
            };
            plan.post(
                Account::plain(account.unit, kind),
                rate(TaxCategory::Standard),
                fee_yen,
            );
            plan.owe(purse, -fee_yen);
        }
    }
}

pub fn write_off(plan: &mut Plan<'_>, act: &Value) {
    plan.reason_is_due(act);
    let yen = i128::from(act["yen"].as_i64().unwrap_or_default());
    if yen <= 0 {
        plan.no("amount-not-positive");
    }
    let what = act["debt"]["what"].as_str().unwrap_or_default();
    if ["unpaid_wages", "internal_payable", "internal_receivable"].contains(&what) {
        plan.no("account-wrong");
    }
    let Some((debtor, creditor)) = sides(plan, &act["debt"]) else {
        return;
    };
    let other = &act["debt"]["with_office"];
    if !other.is_null()
        && !act["agreed"]
            .as_array()
            .is_some_and(|agreed| agreed.contains(other))
    {
        plan.no("not-agreed");
    }
    for (side, kind, sign) in [
        (creditor, AccountKind::BadDebt, -1),
        (debtor, AccountKind::OtherIncome, 1),
    ] {
        let Some((_, account)) = side else { continue };
        not_more_than_owed(plan, &account, yen);
        plan.owe(account, sign * yen);
        plan.owe(Account::plain(account.unit, kind), -sign * yen);
    }
}
