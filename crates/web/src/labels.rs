//! ラベル: choose lots and how many, the sheet, where on it to begin; then a page that a browser prints onto the labels. Where the
//! cells lie stands in a sheet of styles made from data ([`sheet`]).

mod content;
mod facts;
mod fits;
mod print;
mod sheet;

use crate::{
    error::PageError,
    form::{Form, Wrong},
    grid::Row,
    page::{self, Asked, Site},
    shell::Shell,
    visitor::Visitor,
};
use api::{Api, problem::Problem};
use app::{
    access::settings::{set, setting},
    office_likes::{LabelForm, LabelLikes},
    views::stock::{StockLine, stock},
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::id::OfficeId;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use sheet::{SHEETS, Sheet};

/// Labels of one printing.
const MOST: usize = 1_000;

/// Addresses of labels.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/labels", get(show).post(save))
        .route("/o/{office}/labels/print", get(print::labels))
        .route("/o/{office}/labels/calibrate", get(print::calibration))
        .route("/o/{office}/labels/facts", get(facts::list))
        .route(
            "/o/{office}/labels/facts/{product}",
            get(facts::show).post(facts::save),
        )
        .route("/labels/sheet.css", get(print::styles))
}

#[derive(Template)]
#[template(path = "labels/choose.html")]
struct ChoosePage {
    shell: Shell,
    wrong: Wrong,
    likes: LabelLikes,
    start: String,
    rows: Vec<Row<StockLine>>,
    /// Where the QR leads.
    base: String,
}

impl ChoosePage {
    async fn new(
        api: &Api,
        asked: &Asked,
        visitor: &Visitor,
        site: &Site,
        (office, code): (OfficeId, &str),
    ) -> Result<ChoosePage, PageError> {
        let lines = stock(&api.book, visitor.viewer(), None, Some(office)).await?.rows;
        let is_here =
            |line: &StockLine| line.holder.code == code && (line.place == "在庫" || line.place == "委託棚");
        let row = |line: StockLine| {
            let lot = line.lot.clone();
            Row::new(line, &lot, "")
        };
        Ok(ChoosePage {
            shell: Shell::of_office(api, asked, visitor, office).await?,
            wrong: Wrong::default(),
            likes: setting(&api.book, office).await?,
            start: "1".to_owned(),
            rows: lines.into_iter().filter(is_here).map(row).collect(),
            base: site.base(api),
        })
    }

    fn sheets(&self) -> impl Iterator<Item = (&'static Sheet, bool)> {
        let chosen = Sheet::of(self.likes.sheet);
        SHEETS.iter().map(move |sheet| (sheet, sheet == chosen))
    }

    fn forms(&self) -> [(&'static str, &'static str, bool); 3] {
        FORMS.map(|(name, words, form)| (name, words, form == self.likes.form))
    }
}

const FORMS: [(&str, &str, LabelForm); 3] = [
    ("price", "値札(品名・値段・作ったところ・QR)", LabelForm::Price),
    ("food", "食品表示(法律で決まった項目・QR)", LabelForm::Food),
    ("box", "箱の札(品名・ロット・QR)", LabelForm::Box),
];

/// Which lot to begin with.
#[derive(Default, Deserialize)]
pub struct Asking {
    #[serde(default)]
    lot: String,
}

/// The choice, with as many copies as there are pieces.
pub async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    site: Site,
    Query(asking): Query<Asking>,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let mut page = ChoosePage::new(&api, &asked, &visitor, &site, (office, code.as_str())).await?;
    visitor.register(&api, "labels", code.as_ref()).await?;
    for row in page.rows.iter_mut().filter(|row| row.of.lot == asking.lot) {
        let pieces = row.of.quantity.floor().to_usize().unwrap_or_default();
        row.cell.typed = pieces.clamp(1, MOST).to_string();
    }
    Ok(page::shown(&asked, &page))
}

/// Remembers the sheet and goes to what is printed.
pub async fn save(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
    site: Site,
    form: Form,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let wrong = match print::Order::of(&form) {
        Ok(order) => match set(&api.book, visitor.caller(), office, &order.likes).await {
            Ok(()) => return Ok(Redirect::to(&order.address(code.as_str())).into_response()),
            Err(refused) => Wrong::of(Problem::from(refused))?,
        },
        Err(wrong) => wrong,
    };
    let mut page = ChoosePage::new(&api, &asked, &visitor, &site, (office, code.as_str())).await?;
    visitor.register(&api, "labels", code.as_ref()).await?;
    page.likes = print::likes(&form).0;
    form.get("start").clone_into(&mut page.start);
    for row in &mut page.rows {
        form.get(&format!("copies/{}", row.name))
            .clone_into(&mut row.cell.typed);
    }
    page.wrong = wrong;
    Ok(page::shown_again(&asked, &page))
}
