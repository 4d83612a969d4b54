//! 棚卸: a blind count, product by product, then its differences to the book with a reason, then the entry. The count is read from
//! the form alone; what the book says is looked up only to show the difference.

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::{Row, tell},
    number::tidied,
    page::{self, Asked},
    record::{self, act, day_of, key_of, today},
    said::What,
    shell::Shell,
    stock::lots::owners_on_shelf,
    visitor::Visitor,
};
use api::Api;
use app::views::{names::Named, stock::stock, usual};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
    routing::get,
};
use domain::{calendar::Day, id::OfficeId};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The page.
pub fn routes() -> Router<Api> {
    Router::new().route("/o/{office}/count", get(show).post(save))
}

#[derive(Template)]
#[template(path = "counting/count.html")]
struct CountPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    of: Option<Named>,
    owners: Vec<Named>,
    rows: Vec<Row<Counted>>,
    /// Own products of which nothing is there by the book.
    others: Vec<Row<Counted>>,
}

#[derive(Template)]
#[template(path = "counting/differences.html")]
struct DifferencesPage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    of: String,
    reason: String,
    /// All that was counted, as it was typed, by its control.
    sent: Vec<(String, String)>,
    differences: Vec<Difference>,
    agree: usize,
}

/// A product that is counted.
#[derive(Clone, Debug)]
struct Counted {
    product: Named,
    unit: String,
    /// By the book; shown only after the count.
    there: Decimal,
}

/// Another number than the book's.
struct Difference {
    product: Named,
    unit: String,
    counted: Decimal,
    there: Decimal,
}

impl Difference {
    fn more(&self) -> Decimal {
        self.counted - self.there
    }
}

/// Whose goods.
#[derive(Default, Deserialize)]
struct Whose {
    #[serde(default)]
    of: String,
}

async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let form = Form::default();
    let page = count_page(&api, &asked, &visitor, (office, code.as_str()), &whose.of, &form).await?;
    Ok(page::shown(&asked, &page))
}

/// The count, or the count with the reason for its differences.
async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let here = (office, code.as_str());
    let (sent, found) = (form.filled("count/"), found(&form));
    let wrong = if sent.is_empty() && found.is_empty() {
        Wrong::whole("数が1つも入っていません。数えた数を入れてください。")
    } else {
        let day = form.get("supplied_on").parse().ok();
        let there = by_the_book(&api, &visitor, here, form.get("of"), day).await?;
        let all = sent.iter().chain(&found);
        let read: Vec<(&str, String)> = all.map(|(product, typed)| (*product, tidied(typed))).collect();
        let differences: Vec<Difference> = read
            .iter()
            .filter_map(|(product, typed)| difference(there.get(*product)?, typed))
            .collect();
        // a difference is told before it is booked
        if form.typed("reason").is_none() && !differences.is_empty() && are_numbers(&read) {
            let page =
                differences_page(&api, &asked, &visitor, office, &form, (differences, read.len())).await?;
            return Ok(page::shown(&asked, &page));
        }
        let count = act("count", code.as_str(), &form, fields(&form, &sent, &found));
        match record::save(&api, &visitor, count, What::Counted, &format!("/o/{code}/stock")).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let mut page = count_page(&api, &asked, &visitor, here, form.get("of"), &form).await?;
    tell(&mut page.rows, &sent, &wrong, "lines");
    tell(&mut page.others, &found, &wrong, "unknown");
    page.wrong = wrong;
    Ok(page::shown_again(&asked, &page))
}

fn are_numbers(read: &[(&str, String)]) -> bool {
    read.iter().all(|(_, typed)| typed.parse::<Decimal>().is_ok())
}

fn difference(counted: &Counted, typed: &str) -> Option<Difference> {
    let number: Decimal = typed.parse().ok()?;
    (number != counted.there).then(|| Difference {
        product: counted.product.clone(),
        unit: counted.unit.clone(),
        counted: number,
        there: counted.there,
    })
}

/// Goods of which nothing was there by the book. None of them is what the book says already.
fn found(form: &Form) -> Vec<(&str, &str)> {
    let mut found = form.filled("found/");
    found.retain(|(_, typed)| tidied(typed).chars().any(|digit| digit != '0'));
    found
}

/// The act. Goods of which nothing was there by the book are of an unknown lot.
fn fields(form: &Form, sent: &[(&str, &str)], found: &[(&str, &str)]) -> Value {
    let line = |(product, typed): &(&str, &str)| json!({"product": product, "counted": tidied(typed)});
    let goods = |(product, typed): &(&str, &str)| json!({"product": product, "quantity": tidied(typed)});
    let lines: Vec<Value> = sent.iter().map(line).collect();
    let unknown: Vec<Value> = found.iter().map(goods).collect();
    let mut fields = json!({"lines": lines, "unknown": unknown});
    if let Some(owner) = form.typed("of") {
        fields["shelf_of"] = owner.into();
    }
    fields
}

async fn count_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    of: &str,
    form: &Form,
) -> Result<CountPage, PageError> {
    let owners = owners_on_shelf(api, visitor, (office, code)).await?;
    let day = form.get("supplied_on").parse().ok();
    let there = by_the_book(api, visitor, (office, code), of, day).await?;
    let row = |(name, counted): (&String, &Counted)| Row::new(counted.clone(), name, "");
    let is_there = |counted: &Counted| !counted.there.is_zero();
    let (here, others): (Vec<_>, Vec<_>) = there.iter().partition(|(_, counted)| is_there(counted));
    Ok(CountPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong: Wrong::default(),
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        of: owners.iter().find(|owner| owner.code == of).cloned(),
        owners,
        rows: here.into_iter().map(row).collect(),
        others: others.into_iter().map(row).collect(),
    })
}

async fn differences_page(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    (differences, counted): (Vec<Difference>, usize),
) -> Result<DifferencesPage, PageError> {
    let mut sent = Vec::new();
    for grid in ["count/", "found/"] {
        for (product, typed) in form.filled(grid) {
            sent.push((format!("{grid}{product}"), typed.to_owned()));
        }
    }
    Ok(DifferencesPage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong: Wrong::default(),
        key: form.get("key").to_owned(),
        supplied_on: form.get("supplied_on").to_owned(),
        of: form.get("of").to_owned(),
        reason: String::new(),
        sent,
        agree: counted - differences.len(),
        differences,
    })
}

/// What lies there by the book at the end of a day, by the product as an act names it; of the own store also products of which
/// nothing is there.
async fn by_the_book(
    api: &Api,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    of: &str,
    day: Option<Day>,
) -> Result<BTreeMap<String, Counted>, PageError> {
    let today = today(api).parse().ok();
    let day = day.filter(|day| Some(*day) < today);
    let lines = stock(&api.book, visitor.viewer(), day, Some(office)).await?.rows;
    visitor.register(api, "stock", code).await?;
    let mut there: BTreeMap<String, Counted> = BTreeMap::new();
    if of.is_empty() {
        for product in usual::products(&api.book, visitor.viewer(), office).await? {
            let name = format!("{code}/{}", product.code);
            let counted = Counted {
                product: product.named,
                unit: product.unit,
                there: Decimal::ZERO,
            };
            there.insert(name, counted);
        }
    }
    let (place, owner) = if of.is_empty() {
        ("在庫", code)
    } else {
        ("委託棚", of)
    };
    let is_counted = |place_of: &str, holder: &str, owner_of: &str| {
        place_of == place && holder == code && owner_of == owner
    };
    for line in lines {
        if !is_counted(line.place, &line.holder.code, &line.owner.code) {
            continue;
        }
        let counted = there.entry(line.product.code.clone()).or_insert_with(|| Counted {
            product: line.product.clone(),
            unit: line.unit.clone(),
            there: Decimal::ZERO,
        });
        counted.there += line.quantity;
    }
    Ok(there)
}
