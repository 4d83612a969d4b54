//! What takes back or puts right an earlier act.

use super::{dispatch, goods::entry_named, names_only, open_day};
use crate::{
    model::{Effect, Model, Move, Posting, Record},
    plan::Plan,
};
use serde_json::Value;

fn inverse(held: &Effect) -> Effect {
    Effect {
        moves: held
            .moves
            .iter()
            .map(|one| Move {
                from: one.to,
                to: one.from,
                ..*one
            })
            .collect(),
        postings: held
            .postings
            .iter()
            .map(|one| Posting {
                yen: -one.yen,
                ..*one
            })
            .collect(),
        links: held
            .links
            .iter()
            .map(|(input, output, steps)| (*input, *output, -steps))
            .collect(),
    }
}

/// Acts that say they take something back of a sale or receipt, and hold.
pub fn followers(model: &Model, first: usize) -> Vec<usize> {
    let names = |record: &Record| {
        let named = [&record.act["sale"], &record.act["receipt"]]
            .into_iter()
            .find(|named| !named.is_null());
        named.and_then(|named| model.record(record.by, named["key"].as_str()?))
    };
    let follows = |n: &usize| {
        let record = &model.records[*n];
        record.kind != "reverse"
            && record.reversed_by.is_none()
            && model.records[record.first].kind == "return"
            && names(record).is_some_and(|named| model.records[named].first == first)
    };
    (0..model.records.len()).filter(follows).collect()
}

/// Acts after a record that move one of these lots and hold.
fn uses(model: &Model, target: &Record, lots: &[usize]) -> bool {
    model.records.iter().any(|record| {
        record.seq > target.seq
            && record.kind != "reverse"
            && record.reversed_by.is_none()
            && record.whole.moves.iter().any(|one| lots.contains(&one.lot))
    })
}

/// What reversal and correction have in common; the record they mean.
fn target(plan: &mut Plan<'_>, act: &Value) -> Option<usize> {
    plan.reason_is_due(act);
    let target = entry_named(plan, &act["entry"])?;
    let model = plan.model;
    let record = &model.records[target];
    if names_only(&record.kind) {
        plan.no("cannot-be-reversed");
        return None;
    }
    if record.kind == "erase_text" {
        plan.no("erased-for-good");
        return None;
    }
    if plan.day < record.day {
        plan.no("date-before-original");
    }
    if plan.by.is_some() && plan.by != record.by {
        plan.no("not-a-party");
    }
    if record.reversed_by.is_some() || record.kind == "reverse" {
        plan.no("reversed-already");
    }
    if !followers(model, record.first).is_empty() {
        plan.no("must-go-first");
    }
    plan.touched.extend(&record.offices);
    plan.replaces = Some(target);
    plan.mirror = inverse(&record.held);
    plan.day = record.day;
    plan.book_on = open_day(model, &plan.touched, record.book_on);
    Some(target)
}

pub fn reverse(plan: &mut Plan<'_>, act: &Value) {
    let Some(target) = target(plan, act) else { return };
    let record = &plan.model.records[target];
    if uses(plan.model, record, &record.births) {
        plan.no("must-go-first");
    }
}

pub fn correct(plan: &mut Plan<'_>, act: &Value) {
    let Some(target) = target(plan, act) else { return };
    let first = plan.model.records[target].first;
    let kind = plan.model.records[first].kind.clone();
    if act["right"]["kind"] != *kind || kind == "reverse" {
        return plan.no("correction-of-other-kind");
    }
    plan.first = Some(first);
    plan.shipment = plan.model.records[first].id.0;
    let right = with_reason(&act["right"], &act["reason"]);
    dispatch(plan, &kind, &right);
}

pub fn erase_text(plan: &mut Plan<'_>, act: &Value) {
    if plan.by.is_some() {
        plan.no("only-keeper");
    }
    plan.reason_is_due(act);
    let Some(target) = entry_named(plan, &act["entry"]) else {
        return;
    };
    let record = &plan.model.records[target];
    let only = act["only"].as_str();
    let is_meant = |text: &&'static str| only.is_none_or(|only| only == *text);
    if !record.written.iter().any(&is_meant) {
        plan.no("nothing-to-erase");
    } else if !record.texts.iter().any(is_meant) {
        plan.no("erased-already");
    }
    plan.touched.extend(record.by);
}

/// The reason of a correction is the reason of its right version.
fn with_reason(right: &Value, reason: &Value) -> Value {
    let mut right = right.clone();
    right["reason"] = reason.clone();
    right
}
