//! 売る: at the end of the day or at the counter, how many of each were sold, and how they were paid.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::tidied,
    page::{self, Asked},
    record::{act, new_key, record, today},
    said::{Said, What},
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
    rows: Vec<Row>,
}

/// A product, and how much of it was sold.
struct Row {
    goods: OnSale,
    typed: String,
    wrong: Option<String>,
}

impl Row {
    /// Name of its control: by what it is, not by its place in the list, since others sell meanwhile.
    fn name(&self) -> String {
        let owner = self.goods.owner.as_ref().map_or("", |owner| owner.code.as_str());
        format!("sold/{owner}/{}", self.goods.reference)
    }
}

impl SellPage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        office: OfficeId,
    ) -> Result<SellPage, PageError> {
        let goods = on_sale(&api.book, visitor.viewer(), office).await?;
        let row = |goods| Row {
            goods,
            typed: String::new(),
            wrong: None,
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
    for row in &mut page.rows {
        let name = row.name();
        form.get(&name).clone_into(&mut row.typed);
    }
    let filled: Vec<usize> = (0..page.rows.len())
        .filter(|n| !page.rows[*n].typed.is_empty())
        .collect();
    let line = |n: &usize| {
        let Row { goods, typed, .. } = &page.rows[*n];
        let mut line = json!({"product": goods.reference, "quantity": tidied(typed)});
        if let Some(owner) = &goods.owner {
            line["owner"] = owner.code.clone().into();
        }
        line
    };
    let lines: Vec<Value> = filled.iter().map(line).collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。売れた数を入れてください。")
    } else {
        let mut fields = json!({"lines": lines});
        if let Some(partner) = form.typed("partner") {
            fields["paid"] = json!({"by": "on_account", "partner": partner});
        }
        match record(&api, &visitor, act("sell", code.as_str(), &form, fields)).await {
            Ok(recorded) => {
                let what = if recorded.is_new {
                    What::Sold
                } else {
                    What::Already
                };
                return Ok(page::done(
                    &format!("/o/{code}/sell"),
                    &Said::of(what, recorded.entry.0),
                ));
            }
            Err(problem) => Wrong::of(problem)?,
        }
    };
    for (line, n) in filled.into_iter().enumerate() {
        page.rows[n].wrong = wrong.of_field(&format!("lines/{line}")).map(str::to_owned);
    }
    page.wrong = wrong;
    form.get("key").clone_into(&mut page.key);
    form.get("supplied_on").clone_into(&mut page.supplied_on);
    form.get("partner").clone_into(&mut page.partner);
    Ok(page::shown_again(&asked, &page))
}
