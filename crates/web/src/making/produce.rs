//! 今日の生産: the usual products in a grid, and only how much of each is typed.

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
use app::views::usual::{self, UsualProduct};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "making/produce.html")]
struct ProducePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    note: String,
    rows: Vec<Row>,
}

/// A product, and how much of it was made.
struct Row {
    product: UsualProduct,
    typed: String,
    wrong: Option<String>,
}

impl ProducePage {
    /// What the office makes.
    fn made(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.product.is_made).collect()
    }

    /// What it else has names for.
    fn others(&self) -> Vec<&Row> {
        self.rows.iter().filter(|row| !row.product.is_made).collect()
    }

    /// Something was typed there.
    fn is_others_open(&self) -> bool {
        self.others().iter().any(|row| !row.typed.is_empty()) || self.made().is_empty()
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
    let page = ProducePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong: Wrong::default(),
        key: new_key(&api),
        supplied_on: today(&api),
        note: String::new(),
        rows: rows(&api, &visitor, office, &Form::default()).await?,
    };
    Ok(page::shown(&asked, &page))
}

/// What was made.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut rows = rows(&api, &visitor, office, &form).await?;
    let filled: Vec<usize> = (0..rows.len()).filter(|n| !rows[*n].typed.is_empty()).collect();
    let line = |n: &usize| json!({"product": rows[*n].product.code, "quantity": tidied(&rows[*n].typed)});
    let lines: Vec<Value> = filled.iter().map(line).collect();
    let outcome = if lines.is_empty() {
        Err(Wrong::whole(
            "数が1つも入っていません。作ったものの数を入れてください。",
        ))
    } else {
        let made = act("produce", code.as_str(), &form, json!({"lines": lines}));
        match record(&api, &visitor, made).await {
            Ok(recorded) => Ok(recorded),
            Err(problem) => Err(Wrong::of(problem)?),
        }
    };
    let wrong = match outcome {
        Ok(recorded) => {
            let what = if recorded.is_new {
                What::Produced
            } else {
                What::Already
            };
            let to = format!("/o/{code}/produce");
            return Ok(page::done(&to, &Said::of(what, recorded.entry.0)));
        }
        Err(wrong) => wrong,
    };
    for (line, n) in filled.into_iter().enumerate() {
        rows[n].wrong = wrong.of_field(&format!("lines/{line}")).map(str::to_owned);
    }
    let page = ProducePage {
        shell: Shell::of_office(&api, &asked, &visitor, office).await?,
        wrong,
        key: form.get("key").to_owned(),
        supplied_on: form.get("supplied_on").to_owned(),
        note: form.get("note").to_owned(),
        rows,
    };
    Ok(page::shown_again(&asked, &page))
}

async fn rows(api: &Api, visitor: &Visitor, office: OfficeId, form: &Form) -> Result<Vec<Row>, PageError> {
    let products = usual::products(&api.book, visitor.viewer(), office).await?;
    let row = |product: UsualProduct| Row {
        typed: form.get(&format!("made/{}", product.code)).to_owned(),
        product,
        wrong: None,
    };
    Ok(products.into_iter().map(row).collect())
}
