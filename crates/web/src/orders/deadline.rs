//! 注文の締切: until when this office takes orders, as others see it when they order.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    said::{Said, What},
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::{
    access::settings::{set, setting},
    order_deadline::{Deadline, OrderLikes},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

#[derive(Template)]
#[template(path = "orders/deadline.html")]
struct DeadlinePage {
    shell: Shell,
    wrong: Wrong,
    days_before: String,
    hour: String,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let likes: OrderLikes = setting(&api.book, office).await?;
    let number = |of: fn(Deadline) -> u8| likes.deadline.map(|set| of(set).to_string()).unwrap_or_default();
    let page = DeadlinePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        days_before: number(|set| set.days_before),
        hour: number(|set| set.hour),
    };
    Ok(page::shown(&asked, &page))
}

/// Set, or taken away where both are left empty.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let number = |name: &str| tidied(form.get(name)).parse::<u8>().ok();
    let is_empty = form.typed("days_before").is_none() && form.typed("hour").is_none();
    let stated = number("days_before").zip(number("hour"));
    let deadline = stated.map(|(days_before, hour)| Deadline { days_before, hour });
    let deadline = deadline.filter(|deadline| deadline.is_sound());
    let wrong = if deadline.is_some() || is_empty {
        let likes = OrderLikes { deadline };
        match set(&api.book, visitor.caller(), office, &likes).await {
            Ok(()) => return Ok(page::done(&format!("/o/{code}/order"), &Said::new(What::Saved))),
            Err(refused) => Wrong::of(refused.into())?,
        }
    } else {
        Wrong::whole("締切は、0〜30日前の 0〜24時で入れてください。締切をなくすときは、両方を空にします。")
    };
    let page = DeadlinePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong,
        days_before: form.get("days_before").to_owned(),
        hour: form.get("hour").to_owned(),
    };
    Ok(page::shown_again(&asked, &page))
}
