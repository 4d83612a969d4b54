//! 仕入: goods bought from a partner, a lot for each product of the slip; paid at once, or owed by the supplier's invoice.

use super::{purse, spend::partners, theirs};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
    record::{self, act, day_of, key_of},
    said::What,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    money::Purse,
    names::Named,
    usual::{self, UsualProduct},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::id::OfficeId;
use serde_json::{Value, json};

/// What the goods are for, as the act names it.
const PURPOSES: &[(&str, &str)] = &[
    ("material", "材料"),
    ("merchandise", "商品(そのまま売る)"),
    ("supplies", "消耗品"),
    ("welfare", "福祉事業で使うもの(給食など)"),
];

#[derive(Template)]
#[template(path = "money/purchase.html")]
struct PurchasePage {
    shell: Shell,
    wrong: Wrong,
    key: String,
    supplied_on: String,
    rows: Vec<Row>,
    partners: Vec<Named>,
    purses: Vec<Purse>,
    purposes: &'static [(&'static str, &'static str)],
    supplier: String,
    purpose: String,
    basis: String,
    /// `later`, or a purse.
    paid: String,
    number: String,
    due_on: String,
    note: String,
}

struct Row {
    product: UsualProduct,
    quantity: String,
    amount: String,
    best_before: String,
    wrong: Option<String>,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let here = (office, code.as_str());
    let page = page_of(&api, &asked, &visitor, here, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// Bought.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let lines: Vec<Value> = form
        .rows("goods/")
        .into_iter()
        .map(|row| line(&form, row))
        .collect();
    let wrong = if lines.is_empty() {
        Wrong::whole("数が1つも入っていません。買ったものの数と金額を入れてください。")
    } else {
        let supplier = form.get("supplier");
        let mut fields = json!({"supplier": supplier, "lines": lines, "purpose": form.get("purpose"),
            "basis": form.get("basis")});
        fields["paid"] = if form.get("paid") == "later" {
            json!({"by": "on_account", "partner": supplier})
        } else {
            purse::of_name(form.get("paid")).unwrap_or_else(|| json!({"by": "cash"}))
        };
        if let Some(invoice) = theirs::invoice(&form) {
            fields["invoice"] = invoice;
        }
        let purchase = act("purchase", code.as_str(), &form, fields);
        let to = format!("/o/{code}/money");
        match record::save(&api, &visitor, purchase, What::Bought, &to).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let page = page_of(&api, &asked, &visitor, (office, code.as_str()), &form, wrong).await?;
    Ok(page::shown_again(&asked, &page))
}

fn line(form: &Form, product: &str) -> Value {
    let typed = |what: &str| form.get(&format!("goods/{product}/{what}"));
    let mut line = json!({"product": product, "quantity": tidied(typed("quantity")),
        "amount": whole(&tidied(typed("amount")))});
    if !typed("best_before").is_empty() {
        line["lot"] = json!({"best_before": {"day": typed("best_before")}});
    }
    line
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &str),
    form: &Form,
    wrong: Wrong,
) -> Result<PurchasePage, PageError> {
    let mut products = usual::products(&api.book, visitor.viewer(), office).await?;
    // what the office buys comes first
    products.sort_by_key(|product| product.is_made);
    let sent = form.rows("goods/");
    let row = |product: UsualProduct| {
        let typed = |what: &str| form.get(&format!("goods/{}/{what}", product.code)).to_owned();
        let at = sent.iter().position(|row| *row == product.code);
        Row {
            quantity: typed("quantity"),
            amount: typed("amount"),
            best_before: typed("best_before"),
            wrong: at.and_then(|at| Some(wrong.of_field(&format!("lines/{at}"))?.to_owned())),
            product,
        }
    };
    let rows = products.into_iter().map(row).collect();
    let purses = super::of(api, visitor, office, code).await?.purses;
    Ok(PurchasePage {
        shell: Shell::of_office(api, asked, visitor, office).await?,
        wrong,
        key: key_of(api, form),
        supplied_on: day_of(api, form),
        rows,
        partners: partners(api, visitor, code).await?,
        purses,
        purposes: PURPOSES,
        supplier: form.get("supplier").to_owned(),
        purpose: form.typed("purpose").unwrap_or("material").to_owned(),
        basis: form.typed("basis").unwrap_or("inclusive").to_owned(),
        paid: form.typed("paid").unwrap_or("later").to_owned(),
        number: form.get("number").to_owned(),
        due_on: form.get("due_on").to_owned(),
        note: form.get("note").to_owned(),
    })
}
