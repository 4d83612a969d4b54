//! 注文: from whom, for which day, how much of what they sell; and what others have ordered here.

pub mod deadline;
pub mod weekly;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::{Row, tell},
    number::tidied,
    page::{self, Asked},
    record::{self, act, new_key, today},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::order_deadline::Deadline;
use app::views::{
    names::Named,
    orders::{OpenOrder, open_orders},
    usual::{self, OfferedProduct},
};
use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use domain::{calendar::business_day, id::OfficeId};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "orders/order.html")]
struct OrderPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    wanted_on: String,
    to: Option<Named>,
    makers: Vec<Named>,
    rows: Vec<Row<OfferedProduct>>,
    /// Until when the maker takes orders.
    deadline: Option<Deadline>,
    /// The day is past it, which has to be said.
    is_late: bool,
    /// What was ordered and not sent yet.
    open: Vec<OpenOrder>,
}

/// From whom.
#[derive(Default, Deserialize)]
pub struct To {
    #[serde(default)]
    pub to: String,
}

impl OrderPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        (office, code): (OfficeId, &str),
        to: &str,
    ) -> Result<OrderPage, PageError> {
        let viewer = visitor.viewer();
        let makers = usual::makers(&api.book, viewer, office).await?;
        let to = makers.iter().find(|named| named.code == to).cloned();
        let offered = match &to {
            Some(to) => usual::offered(&api.book, viewer, office, &to.code).await?,
            None => Vec::new(),
        };
        let deadline = match &to {
            Some(to) => usual::deadline(&api.book, viewer, office, &to.code).await?,
            None => None,
        };
        let open = open_orders(&api.book, viewer, office).await?;
        let tomorrow = business_day(api.book.outside().clock.now()).succ();
        let row = |product: OfferedProduct| {
            let code = product.code.clone();
            Row::new(product, &code, "")
        };
        Ok(OrderPage {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            wrong: Wrong::default(),
            key: new_key(api),
            wanted_on: tomorrow.map_or_else(|| today(api), |day| day.to_string()),
            to,
            makers,
            deadline,
            is_late: false,
            rows: offered.into_iter().map(row).collect(),
            open: open.into_iter().filter(|order| order.by.code == code).collect(),
        })
    }
}

/// The choice of the maker, or the form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(question): Query<To>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let page = OrderPage::new(&api, &asked, &visitor, (office, code.as_str()), &question.to).await?;
    Ok(page::shown(&asked, &page))
}

/// Ordered.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut page = OrderPage::new(&api, &asked, &visitor, (office, code.as_str()), form.get("to")).await?;
    let sent = form.filled("want/");
    let line = |(product, typed): &(&str, &str)| json!({"product": product, "quantity": tidied(typed)});
    let lines: Vec<Value> = sent.iter().map(line).collect();
    let (now, day) = (api.book.outside().clock.now(), form.get("wanted_on").parse().ok());
    let is_over = |deadline: Deadline| day.is_some_and(|day| deadline.is_over(now, day));
    page.is_late = page.deadline.is_some_and(is_over) && form.get("late") != "yes";
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。注文する数を入れてください。")
    } else if page.is_late {
        Wrong::whole("注文の締切を過ぎています。相手に確かめてから「確かめました」を選んで送ってください。")
    } else {
        let fields = json!({"to": form.get("to"), "wanted_on": form.get("wanted_on"), "lines": lines});
        let mut order = act("order", code.as_str(), &form, fields);
        order["supplied_on"] = today(&api).into();
        match record::save(&api, &visitor, order, What::Ordered, &format!("/o/{code}")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    tell(&mut page.rows, &sent, &wrong, "lines");
    page.wrong = wrong;
    form.get("key").clone_into(&mut page.key);
    form.get("wanted_on").clone_into(&mut page.wanted_on);
    Ok(page::shown_again(&asked, &page))
}
