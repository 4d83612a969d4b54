//! 正しい数に直す: an entry with other numbers, as one correction. The entry that was wrong stays where it is.

use super::{
    amounts::{self, Amount},
    found,
};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::{self, act, new_key},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::entry::EntryView;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{acts::Act, text::Code};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "history/correct.html")]
struct CorrectPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    entry: EntryView,
    sentence: String,
    rows: Vec<Row>,
    reason: String,
}

/// An amount, what was typed, and what is wrong with it.
struct Row {
    of: Amount,
    typed: String,
    wrong: Option<String>,
}

/// Whether the numbers of an entry can be put right on a page: the office's own act with amounts in it, that still holds.
pub(super) fn can_correct(entry: &EntryView, code: &Code) -> bool {
    let is_own = entry.own.is_some() && entry.acting.code == code.as_str();
    let act = amounts::act_of(entry);
    let has_amounts = act.is_some_and(|(kind, act)| {
        !Act::is_master(&kind) && kind != "reverse" && !amounts::amounts(&entry.movements, &act).is_empty()
    });
    is_own && entry.reversed_by.is_none() && has_amounts
}

/// The numbers as they were recorded.
pub async fn show(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = found(&api, &visitor, entry).await?;
    let (_, act) = correctable(&entry, &code)?;
    let rows = amounts::amounts(&entry.movements, &act).into_iter();
    let rows = rows.map(|of| Row {
        typed: of.recorded.clone(),
        wrong: None,
        of,
    });
    let page = CorrectPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(&api),
        sentence: super::sentence(&entry),
        rows: rows.collect(),
        reason: String::new(),
        entry,
    };
    Ok(page::shown(&asked, &page))
}

/// Put right.
pub async fn save(
    State(api): State<Api>,
    Path((office, entry)): Path<(String, Uuid)>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let entry = found(&api, &visitor, entry).await?;
    // also one that was put right meanwhile: pressing twice sends the same
    let (kind, recorded) = amounts::act_of(&entry).ok_or_else(PageError::not_found)?;
    let own = entry.own.as_ref().filter(|_| entry.acting.code == code.as_str());
    let own = own.ok_or_else(PageError::not_found)?;
    let all = amounts::amounts(&entry.movements, &recorded);
    let right = right_version(&recorded, &all, &form);
    let odd = |amount: &Amount| {
        let typed = form.get(&format!("amount/{}", amount.place));
        let is_number = typed.is_empty() || tidied(typed).parse::<Decimal>().is_ok();
        (!is_number).then(|| format!("「{typed}」は数字ではありません。数字で入れてください。"))
    };
    let wrong = if all.iter().any(|amount| odd(amount).is_some()) {
        Wrong::whole("数字でないところがあります。直して、もう一度送ってください。")
    } else if right == recorded {
        Wrong::whole("どの数も変わっていません。正しい数を入れてください。")
    } else {
        let mut right = right;
        right["kind"] = kind.as_str().into();
        let mut correction = act(
            "correct",
            code.as_str(),
            &form,
            json!({"entry": {"key": own.key}, "right": right}),
        );
        correction["supplied_on"] = record::today(&api).into();
        let to = format!("/o/{code}/entries");
        match record::save(&api, &visitor, correction, What::Corrected, &to).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let rows = all.into_iter().map(|of| Row {
        typed: form.get(&format!("amount/{}", of.place)).to_owned(),
        wrong: odd(&of).or_else(|| Some(wrong.of_field(&format!("right/{}", of.place))?.to_owned())),
        of,
    });
    let page = CorrectPage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        key: form.get("key").to_owned(),
        sentence: super::sentence(&entry),
        rows: rows.collect(),
        reason: form.get("reason").to_owned(),
        entry,
        wrong,
    };
    Ok(page::shown_again(&asked, &page))
}

fn correctable(entry: &EntryView, code: &Code) -> Result<(String, Value), PageError> {
    let act = amounts::act_of(entry).filter(|_| can_correct(entry, code));
    act.ok_or_else(PageError::not_found)
}

/// The act with the numbers of the form. A line whose quantity is emptied or nought goes out, as long as another one is left.
fn right_version(recorded: &Value, all: &[Amount], form: &Form) -> Value {
    let mut right = recorded.clone();
    let mut gone: Vec<&str> = Vec::new();
    for amount in all {
        let typed = tidied(form.get(&format!("amount/{}", amount.place)));
        if typed == amount.recorded {
            continue;
        }
        let is_nothing = typed.is_empty() || typed.chars().all(|digit| digit == '0');
        if is_nothing && amount.place.ends_with("/quantity") {
            gone.push(&amount.place);
        }
        amounts::put(&mut right, &amount.place, &typed);
    }
    // from the last line to the first: the places of those before stay
    gone.sort_by_key(|place| std::cmp::Reverse(line_of(place)));
    for place in gone {
        amounts::take_out(&mut right, place);
    }
    right
}

fn line_of(place: &str) -> usize {
    let mut steps = place.rsplit('/');
    steps.find_map(|step| step.parse().ok()).unwrap_or_default()
}
