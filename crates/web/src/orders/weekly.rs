//! 曜日ごとの注文: the same every week, for weeks ahead: one order for each day of delivery, all or nothing, taken back together.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::{act, key_of, today},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, actor::id_of_person, problem::Problem};
use app::{
    order_deadline::Deadline,
    record::{How, NotRecorded, many},
    views::{
        names::Named,
        usual::{self, OfferedProduct},
    },
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{
    calendar::{Day, business_day},
    command::Command,
    id::OfficeId,
    text::{Code, Key},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Weeks ahead at most.
const WEEKS: u64 = 12;
/// Days of the week, Monday first.
const WEEKDAYS: [char; 7] = ['月', '火', '水', '木', '金', '土', '日'];

#[derive(Template)]
#[template(path = "orders/weekly.html")]
struct WeeklyPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    to: Named,
    from: String,
    weeks: String,
    deadline: Option<Deadline>,
    /// Some day is past the deadline, which has to be said.
    is_late: bool,
    weekdays: [char; 7],
    rows: Vec<Row>,
}

/// A product, what was typed for each weekday, and what is wrong with it.
struct Row {
    product: OfferedProduct,
    typed: Vec<String>,
    wrong: Option<String>,
}

/// A day of delivery, and products with how much of each is wanted on it.
type OfDay<'a> = (Day, Vec<(&'a str, String)>);

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(question): Query<super::To>,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let form = Form::default();
    let page = page_of(
        &api,
        &asked,
        &visitor,
        office,
        &question.to,
        &form,
        Wrong::default(),
    )
    .await?;
    Ok(page::shown(&asked, &page))
}

/// Ordered, all of it or nothing.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let deadline = usual::deadline(&api.book, visitor.viewer(), office, form.get("to")).await?;
    let days = days(&form);
    let now = api.book.outside().clock.now();
    let is_over = |day: &Day| deadline.is_some_and(|deadline| deadline.is_over(now, *day));
    let is_late = days.iter().any(|(day, _)| is_over(day)) && form.get("late") != "yes";
    let (wrong, is_late) = if days.is_empty() {
        let sentence = "数と、何週間分かを入れてください。過ぎた日の分は注文できません。";
        (Wrong::whole(sentence), false)
    } else if is_late {
        let sentence =
            "注文の締切を過ぎた日があります。相手に確かめてから「確かめました」を選んで送ってください。";
        (Wrong::whole(sentence), true)
    } else {
        match ordered(&api, &visitor, &code, &form, &days).await {
            Ok((group, is_new)) => {
                let what = if is_new { What::Ordered } else { What::Already };
                let to = format!("/o/{code}/groups/{group}");
                return Ok(page::done(&to, &Said::new(what)));
            }
            Err(problem) => (Wrong::of(problem)?, false),
        }
    };
    let mut page = page_of(&api, &asked, &visitor, office, form.get("to"), &form, wrong).await?;
    page.is_late = is_late;
    Ok(page::shown_again(&asked, &page))
}

/// Records an order for each day; the number of the group, and whether it is new.
async fn ordered(
    api: &Api,
    visitor: &Visitor,
    code: &Code,
    form: &Form,
    days: &[OfDay<'_>],
) -> Result<(Uuid, bool), Problem> {
    let wrong_key = |_| Problem::bad_request("form-unreadable", "ページを開き直してください。");
    let key: Key = form.get("key").parse().map_err(wrong_key)?;
    let group = id_of_person(visitor.caller().person(), "group", &key);
    let order = |(day, wanted): &OfDay<'_>| {
        let line = |(product, many): &(&str, String)| json!({"product": product, "quantity": many});
        let lines: Vec<Value> = wanted.iter().map(line).collect();
        let fields = json!({"to": form.get("to"), "wanted_on": day, "lines": lines});
        let mut order = act("order", code.as_str(), form, fields);
        order["key"] = format!("{key}-{day}").into();
        order["group"] = group.to_string().into();
        order["supplied_on"] = today(api).into();
        Command::from_value(order)
    };
    let acts = days.iter().map(order).collect();
    let answers = many(&api.book, visitor.viewer(), acts, How::AllOrNothing).await;
    let answers = answers.map_err(NotRecorded::from)?;
    let mut is_new = false;
    let mut others = None;
    for answer in answers {
        match answer {
            Ok(recorded) => is_new |= recorded.is_new,
            // what another one was refused for is what there is to tell
            Err(NotRecorded::WithOthers) => others = Some(NotRecorded::WithOthers),
            Err(error) => return Err(error.into()),
        }
    }
    others.map_or(Ok((group, is_new)), |error| Err(error.into()))
}

/// Days of delivery that are not over, each with what is wanted on it: by the form alone, and by what day it is.
fn days(form: &Form) -> Vec<OfDay<'_>> {
    let from: Option<Day> = form.get("from").parse().ok();
    let weeks: Option<u64> = tidied(form.get("weeks")).parse().ok();
    let (Some(from), Some(weeks)) = (from, weeks) else {
        return Vec::new();
    };
    let wanted: Vec<(usize, &str, String)> = form
        .filled("want/")
        .into_iter()
        .filter_map(|(name, typed)| {
            let (weekday, product) = name.split_once('/')?;
            Some((weekday.parse().ok()?, product, tidied(typed)))
        })
        .collect();
    let mut days = Vec::new();
    for later in 0..weeks.min(WEEKS) * 7 {
        let Some(day) = from.days_later(later) else {
            break;
        };
        let of_day = wanted
            .iter()
            .filter(|(weekday, ..)| WEEKDAYS.get(*weekday) == Some(&day.weekday()));
        let of_day: Vec<(&str, String)> = of_day
            .map(|(_, product, many)| (*product, many.clone()))
            .collect();
        if !of_day.is_empty() {
            days.push((day, of_day));
        }
    }
    days
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    to: &str,
    form: &Form,
    wrong: Wrong,
) -> Result<WeeklyPage, PageError> {
    let viewer = visitor.viewer();
    let makers = usual::makers(&api.book, viewer, office).await?;
    let to = makers.into_iter().find(|named| named.code == to);
    let to = to.ok_or_else(PageError::not_found)?;
    let row = |product: OfferedProduct| {
        let typed = |weekday: usize| form.get(&format!("want/{weekday}/{}", product.code)).to_owned();
        Row {
            typed: (0..WEEKDAYS.len()).map(typed).collect(),
            wrong: odd(form, &product.code),
            product,
        }
    };
    let offered = usual::offered(&api.book, viewer, office, &to.code).await?;
    let tomorrow = business_day(api.book.outside().clock.now()).succ();
    Ok(WeeklyPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        from: match form.typed("from") {
            Some(typed) => typed.to_owned(),
            None => tomorrow.map_or_else(|| today(api), |day| day.to_string()),
        },
        weeks: form.typed("weeks").unwrap_or("4").to_owned(),
        deadline: usual::deadline(&api.book, viewer, office, &to.code).await?,
        is_late: false,
        weekdays: WEEKDAYS,
        rows: offered.into_iter().map(row).collect(),
        to,
    })
}

/// What was typed for a product and is no number.
fn odd(form: &Form, product: &str) -> Option<String> {
    let weekdays = 0..WEEKDAYS.len();
    let mut typed = weekdays.map(|weekday| form.get(&format!("want/{weekday}/{product}")));
    let odd = typed.find(|typed| {
        let tidied = tidied(typed);
        !tidied.is_empty() && tidied.parse::<rust_decimal::Decimal>().is_err()
    });
    odd.map(|typed| format!("「{typed}」は数字ではありません。数字で入れてください。"))
}
