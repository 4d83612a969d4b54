//! 今日の生産: the usual products in a grid, and only how much of each is typed.

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
    rows: Vec<Row<UsualProduct>>,
}

impl ProducePage {
    /// What the office makes.
    fn made(&self) -> Vec<&Row<UsualProduct>> {
        self.rows.iter().filter(|row| row.of.is_made).collect()
    }

    /// What it else has names for.
    fn others(&self) -> Vec<&Row<UsualProduct>> {
        self.rows.iter().filter(|row| !row.of.is_made).collect()
    }

    /// Something was typed there.
    fn is_others_open(&self) -> bool {
        self.others().iter().any(|row| !row.cell.typed.is_empty()) || self.made().is_empty()
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
        rows: rows(&api, &visitor, office).await?,
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
    let mut rows = rows(&api, &visitor, office).await?;
    let sent = form.filled("made/");
    let line = |(product, typed): &(&str, &str)| json!({"product": product, "quantity": tidied(typed)});
    let lines: Vec<Value> = sent.iter().map(line).collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。作ったものの数を入れてください。")
    } else {
        let made = act("produce", code.as_str(), &form, json!({"lines": lines}));
        match record::save(
            &api,
            &visitor,
            made,
            What::Produced,
            &format!("/o/{code}/produce"),
        )
        .await?
        {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    tell(&mut rows, &sent, &wrong, "lines");
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

async fn rows(api: &Api, visitor: &Visitor, office: OfficeId) -> Result<Vec<Row<UsualProduct>>, PageError> {
    let products = usual::products(&api.book, visitor.viewer(), office).await?;
    let row = |product: UsualProduct| {
        let code = product.code.clone();
        Row::new(product, &code, "")
    };
    Ok(products.into_iter().map(row).collect())
}
