//! 在庫: what lies in the store on the day of the opening, a lot for each product.

use super::{Step, again, save as record};
use crate::{
    error::PageError,
    form::{Form, Wrong},
    number::{tidied, whole},
    page::{self, Asked},
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

/// Its place among the steps.
const AT: usize = 0;

#[derive(Template)]
#[template(path = "opening/goods.html")]
struct GoodsPage {
    shell: Shell,
    step: Step,
    rows: Vec<Row>,
}

struct Row {
    product: UsualProduct,
    quantity: String,
    best_before: String,
    cost: String,
    wrong: Option<String>,
}

/// The form.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, _) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, office, &Form::default(), Wrong::default()).await?;
    Ok(page::shown(&asked, &page))
}

/// The goods.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let goods: Vec<Value> = form
        .rows("goods/")
        .into_iter()
        .map(|row| line(&form, row))
        .collect();
    let wrong = if goods.is_empty() {
        Wrong::whole("数が1つも入っていません。在庫がないときは「とばす」を押してください。")
    } else {
        let fields = json!({"goods": goods});
        match record(&api, &visitor, &code, &form, (fields, AT)).await? {
            Ok(done) => return Ok(done),
            Err(wrong) => wrong,
        }
    };
    let page = page_of(&api, &asked, &visitor, office, &form, wrong).await?;
    Ok(again(&asked, &page))
}

fn line(form: &Form, product: &str) -> Value {
    let typed = |what: &str| form.get(&format!("goods/{product}/{what}"));
    let mut line = json!({"product": product, "quantity": tidied(typed("quantity"))});
    if !typed("best_before").is_empty() {
        line["lot"] = json!({"best_before": {"day": typed("best_before")}});
    }
    if !typed("cost").is_empty() {
        line["cost"] = whole(&tidied(typed("cost")));
    }
    line
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    office: OfficeId,
    form: &Form,
    wrong: Wrong,
) -> Result<GoodsPage, PageError> {
    let products = usual::products(&api.book, visitor.viewer(), office).await?;
    let sent = form.rows("goods/");
    let row = |product: UsualProduct| {
        let typed = |what: &str| form.get(&format!("goods/{}/{what}", product.code)).to_owned();
        let at = sent.iter().position(|row| *row == product.code);
        Row {
            quantity: typed("quantity"),
            best_before: typed("best_before"),
            cost: typed("cost"),
            wrong: at.and_then(|at| Some(wrong.of_field(&format!("goods/{at}"))?.to_owned())),
            product,
        }
    };
    Ok(GoodsPage {
        rows: products.into_iter().map(row).collect(),
        shell: Shell::of_office(api, asked, visitor, office).await?,
        step: Step::new(api, (form, wrong, AT)),
    })
}
