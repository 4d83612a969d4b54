//! Money without goods: costs, income from work, wages, cash.

use super::goods::{category, lines, paid};
use crate::{
    plan::Plan,
    world::{last_day, rate},
};
use domain::{
    account::{Account, AccountKind, Class},
    tax::{TaxCategory, TaxRate},
};
use serde_json::Value;
use std::collections::BTreeSet;

/// The items that histories spend on.
fn item(name: &str) -> AccountKind {
    match name {
        "supplies" => AccountKind::Supplies,
        "utilities" => AccountKind::Utilities,
        "insurance" => AccountKind::Insurance,
        "depreciation" => AccountKind::Depreciation,
        "welfare_food" => AccountKind::WelfareFood,
        "taxes_dues" => AccountKind::TaxesDues,
        "wages" => AccountKind::Wages,
        "sales" => AccountKind::Sales,
        other => panic!("item {other}"),
    }
}

/// The tax class of an item where none is stated.
fn usual_tax(item: AccountKind) -> TaxCategory {
    match item {
        AccountKind::Insurance => TaxCategory::NonTaxable,
        AccountKind::WelfareFood => TaxCategory::Reduced,
        AccountKind::TaxesDues | AccountKind::Depreciation => TaxCategory::OutOfScope,
        _ => TaxCategory::Standard,
    }
}

pub fn spend(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let item = item(act["item"].as_str().unwrap_or_default());
    let welfare = act["section"] == "welfare";
    let is_expense = item.class() == Class::Expense && item != AccountKind::Wages;
    if !is_expense || item == AccountKind::WelfareFood && !welfare {
        plan.no("account-wrong");
    }
    if let Some(code) = act["supplier"].as_str()
        && plan.model.ids.partner(office, code).is_none()
    {
        plan.no("partner-unknown");
    }
    if !act["for_lot"].is_null()
        && let Some(lot) = plan.lot_named(&act["for_lot"])
    {
        let us = plan.model.ids.party(office);
        let lot = plan.lot(lot);
        let passed = lot
            .places
            .keys()
            .any(|place| place.owner == us || place.holder == us);
        if !passed && lot.maker != office {
            plan.no("lot-unknown");
        }
    }
    let mut amounts: Vec<(TaxCategory, i64)> = Vec::new();
    if let Some(yen) = act["yen"].as_i64() {
        amounts.push((act["category"].as_str().map_or(usual_tax(item), category), yen));
    } else {
        for line in lines(plan, act, "lines") {
            let tax = category(line["category"].as_str().unwrap_or_default());
            if amounts.iter().any(|(other, _)| *other == tax) {
                plan.no("line-twice");
            }
            amounts.push((tax, line["yen"].as_i64().unwrap_or_default()));
        }
    }
    let unit = plan.model.ids.unit(office, welfare);
    let mut total = 0;
    for (tax, yen) in amounts {
        if yen <= 0 {
            plan.no("amount-not-positive");
        }
        plan.post(Account::plain(unit, item), rate(tax), i128::from(yen));
        total += i128::from(yen);
    }
    if item == AccountKind::Depreciation {
        if !act["paid"].is_null() || !act["paid_by_office"].is_null() {
            plan.no("malformed");
        }
        return plan.owe(Account::plain(unit, AccountKind::AccumulatedDepreciation), -total);
    }
    if act["paid_by_office"].is_null() {
        if let Some(account) = paid(plan, office, welfare, &act["paid"], false) {
            plan.owe(account, -total);
        }
        return;
    }
    if !act["paid"].is_null() {
        plan.no("malformed");
    }
    // 立替: the other office's claim on us
    let Some(payer) = plan.other(&act["paid_by_office"]) else {
        return;
    };
    let Some(purse) = paid(plan, payer, false, &act["paid_from"], false) else {
        return;
    };
    let (claim, debt) = if Plan::same_corporation(office, payer) {
        (AccountKind::Internal, AccountKind::Internal)
    } else {
        (AccountKind::PaidForOthers, AccountKind::OwedForOthers)
    };
    let ids = &plan.model.ids;
    plan.owe(Account::with(unit, debt, ids.party(payer)), -total);
    plan.owe(ids.with(payer, claim, office), total);
    plan.owe(purse, -total);
}

pub fn earn(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let partner = act["partner"].as_str();
    let found = partner.and_then(|code| plan.model.ids.partner(office, code));
    if partner.is_some() && found.is_none() {
        plan.no("partner-unknown");
    }
    let unit = plan.model.ids.unit(office, false);
    let claim = if !act["paid"].is_null() {
        paid(plan, office, false, &act["paid"], true)
    } else if partner.is_none() {
        plan.no("malformed");
        None
    } else {
        found.map(|partner| Account::with(unit, AccountKind::Receivable, partner))
    };
    let mut total = 0;
    for line in lines(plan, act, "lines") {
        let yen = line["yen"].as_i64().unwrap_or_default();
        if yen <= 0 {
            plan.no("amount-not-positive");
        }
        let tax = rate(line["category"].as_str().map_or(TaxCategory::Standard, category));
        plan.post(
            Account::plain(unit, AccountKind::ServiceIncome),
            tax,
            -i128::from(yen),
        );
        total += i128::from(yen);
    }
    if let Some(claim) = claim {
        plan.owe(claim, total);
    }
}

/// Service types for which the month's person-days are stated, with whether there were any.
fn stated(plan: &Plan<'_>, office: usize, month: &str) -> Vec<(String, bool)> {
    let model = plan.model;
    let holds = model.records.iter().enumerate().filter(|(n, record)| {
        record.reversed_by.is_none()
            && Some(*n) != plan.replaces
            && record.kind != "reverse"
            && record.by == Some(office)
            && record.act["attendance"].is_array()
            && record.act["month"] == month
    });
    holds.flat_map(|(_, record)| attendance(&record.act)).collect()
}

fn attendance(act: &Value) -> Vec<(String, bool)> {
    let rows = act["attendance"].as_array().into_iter().flatten();
    rows.map(|row| (row["service"].to_string(), row["person_days"].as_i64() > Some(0)))
        .collect()
}

pub fn record_wages(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let month = act["month"].as_str().unwrap_or_default();
    let number: i32 = month.replace('-', "").parse().expect("a month");
    if plan.day != last_day(number) {
        plan.no("wages-day-wrong");
    }
    let amounts = act["amounts"].as_array().map_or(&[][..], Vec::as_slice);
    let here = attendance(act);
    if here.is_empty() && amounts.is_empty() {
        plan.no("no-lines");
    }
    let mut known = stated(plan, office, month);
    if here
        .iter()
        .any(|(service, _)| known.iter().any(|(other, _)| other == service))
    {
        plan.no("person-days-stated");
    }
    let once: BTreeSet<&String> = here.iter().map(|(service, _)| service).collect();
    if once.len() < here.len() {
        plan.no("line-twice");
    }
    for row in act["attendance"].as_array().into_iter().flatten() {
        let open = row["open_days"].as_i64().unwrap_or_default();
        if open > i64::from(last_day(number) % 100) || open == 0 && row["person_days"].as_i64() > Some(0) {
            plan.no("open-days-wrong");
        }
    }
    known.extend(here);
    let (mut total, ids) = (0, plan.model.ids.clone());
    for amount in amounts {
        let yen = amount["yen"].as_i64().unwrap_or_default();
        if yen <= 0 {
            plan.no("amount-not-positive");
        }
        let service = amount["service"].to_string();
        match known.iter().find(|(other, _)| *other == service) {
            None => plan.no("person-days-missing"),
            Some((_, false)) => plan.no("no-person-days"),
            Some(_) => {}
        }
        total += i128::from(yen);
        plan.owe(ids.plain(office, AccountKind::Wages), i128::from(yen));
    }
    plan.owe(ids.plain(office, AccountKind::UnpaidWages), -total);
}

fn cash_place(plan: &mut Plan<'_>, office: usize, code: &Value) -> Option<Account> {
    let Some(code) = code.as_str() else {
        plan.no("malformed");
        return None;
    };
    let Some((place, kind)) = plan.model.ids.cash(office, code) else {
        plan.no("cash-place-unknown");
        return None;
    };
    Some(Account::cash(plan.model.ids.unit(office, false), kind, place))
}

/// The bank account of an office, else its cash box.
pub fn usual_purse(plan: &Plan<'_>, office: usize, welfare: bool) -> Option<Account> {
    let ids = &plan.model.ids;
    let unit = ids.unit(office, welfare);
    let purse = |kind| {
        ids.usual(office, kind)
            .map(|place| Account::cash(unit, kind, place))
    };
    purse(AccountKind::Bank).or_else(|| purse(AccountKind::Cash))
}

pub fn move_money(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let yen = i128::from(act["yen"].as_i64().unwrap_or_default());
    if yen <= 0 {
        plan.no("amount-not-positive");
    }
    let ids = plan.model.ids.clone();
    if act["head"] == true {
        let (place, out) = match (&act["from"], &act["to"]) {
            (from, Value::Null) => (cash_place(plan, office, from), yen),
            (Value::Null, to) => (cash_place(plan, office, to), -yen),
            _ => return plan.no("malformed"),
        };
        let Some(place) = place else { return };
        let head = ids.head(office);
        let unit = domain::account::BookUnit::Head(head);
        plan.owe(Account::with(place.unit, AccountKind::Internal, head), out);
        plan.owe(place, -out);
        plan.owe(
            Account::with(unit, AccountKind::Internal, ids.party(office)),
            -out,
        );
        return plan.owe(Account::plain(unit, AccountKind::Retained), out);
    }
    let Some(code) = act["to_office"].as_str() else {
        let (from, to) = (
            cash_place(plan, office, &act["from"]),
            cash_place(plan, office, &act["to"]),
        );
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        if from == to {
            plan.no("same-place");
        }
        plan.owe(to, yen);
        return plan.owe(from, -yen);
    };
    let Some(other) = plan.other(&code.into()) else {
        return;
    };
    if !Plan::same_corporation(office, other) {
        plan.no("not-same-corporation");
    }
    let from = cash_place(plan, office, &act["from"]);
    let to = if act["to"].is_null() {
        usual_purse(plan, other, false)
    } else {
        cash_place(plan, other, &act["to"])
    };
    let (Some(from), Some(to)) = (from, to) else {
        return;
    };
    plan.owe(ids.with(office, AccountKind::Internal, other), yen);
    plan.owe(from, -yen);
    plan.owe(to, yen);
    plan.owe(ids.with(other, AccountKind::Internal, office), -yen);
}

pub fn count_cash(plan: &mut Plan<'_>, act: &Value) {
    let office = plan.by.expect("an office");
    let counted = i128::from(act["counted"].as_i64().unwrap_or_default());
    if counted < 0 {
        plan.no("amount-negative");
    }
    let Some(place) = cash_place(plan, office, &act["place"]) else {
        return;
    };
    if place.kind == AccountKind::Bank {
        return plan.no("account-wrong");
    }
    // both sections spend out of one box
    let ids = &plan.model.ids;
    let sections = [false, true].map(|welfare| Account {
        unit: ids.unit(office, welfare),
        ..place
    });
    let booked: i128 = sections.iter().map(|account| balance(plan, account)).sum();
    let found = counted - booked;
    if found != 0 {
        plan.reason_is_due(act);
        let short = ids.plain(office, AccountKind::CashOverShort);
        plan.post(place, TaxRate::OUT_OF_SCOPE, found);
        plan.owe(short, -found);
    }
}

/// What the book says at the end of the day counted, without any version of what is put right.
fn balance(plan: &Plan<'_>, account: &Account) -> i128 {
    let model = plan.model;
    let all = model.balance(account, plan.day);
    let Some(first) = plan.first else { return all };
    let versions = model
        .records
        .iter()
        .enumerate()
        .filter(|(n, record)| *n == first || record.first == first);
    let postings = versions
        .filter(|(_, record)| record.book_on <= plan.day)
        .flat_map(|(_, record)| &record.whole.postings);
    all - postings
        .filter(|posting| posting.account == *account)
        .map(|posting| i128::from(posting.yen))
        .sum::<i128>()
}
