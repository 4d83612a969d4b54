//! 売る: at the end of the day or at the counter, how many of each were sold, and how they were paid.

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
use app::views::{
    names::Named,
    on_sale::{OnSale, customers, on_sale},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "selling/sell.html")]
struct SellPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    /// Who pays later; empty for cash.
    partner: String,
    customers: Vec<Named>,
    rows: Vec<Row<OnSale>>,
}

impl SellPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
    ) -> Result<SellPage, PageError> {
        let goods = on_sale(&api.book, visitor.viewer(), office).await?;
        let row = |goods: OnSale| {
            let owner = goods.owner.as_ref().map_or("", |owner| owner.code.as_str());
            let name = format!("{owner}/{}", goods.reference);
            Row::new(goods, &name, "")
        };
        Ok(SellPage {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            wrong: Wrong::default(),
            key: new_key(api),
            supplied_on: today(api),
            partner: String::new(),
            customers: customers(&api.book, visitor.viewer(), office).await?,
            rows: goods.into_iter().map(row).collect(),
        })
    }
}

/// The grid.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = SellPage::new(&api, &asked, &visitor, office).await?;
    Ok(page::shown(&asked, &page))
}

/// Sold.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut page = SellPage::new(&api, &asked, &visitor, office).await?;
    let sent = form.filled("sold/");
    // whose goods they are, and which product: `/a/carrot` its own, `a/a/craft` consigned by a
    let line = |(name, typed): &(&str, &str)| {
        let (owner, product) = name.split_once('/').unwrap_or(("", name));
        let mut line = json!({"product": product, "quantity": tidied(typed)});
        if !owner.is_empty() {
            line["owner"] = owner.into();
        }
        line
    };
    let lines: Vec<Value> = sent.iter().map(line).collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。売れた数を入れてください。")
    } else {
        let mut fields = json!({"lines": lines});
        if let Some(partner) = form.typed("partner") {
            fields["paid"] = json!({"by": "on_account", "partner": partner});
        }
        let sale = act("sell", code.as_str(), &form, fields);
        match record::save(&api, &visitor, sale, What::Sold, &format!("/o/{code}/sell")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    tell(&mut page.rows, &sent, &wrong, "lines");
    page.wrong = wrong;
    form.get("key").clone_into(&mut page.key);
    form.get("supplied_on").clone_into(&mut page.supplied_on);
    form.get("partner").clone_into(&mut page.partner);
    Ok(page::shown_again(&asked, &page))
}
