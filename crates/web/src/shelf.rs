//! 棚(委託): for the shop whose goods lie on its shelf, and to count them; for the producer what lies where, how it sells, to
//! place more and to take back. These pages speak ふつう alone.

mod count;
mod place;

use crate::{
    error::PageError,
    masters::{MastersPage, Table, TableRow, day},
    page::Asked,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    names::Named,
    shelf::{ShelfView, shelf},
    stock::StockLine,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use domain::{id::OfficeId, text::Code};

/// All pages of the shelf.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/shelf", get(show))
        .route("/o/{office}/shelf/of/{owner}", get(count::show).post(count::save))
        .route("/o/{office}/consign", get(place::show).post(place::save))
        .route(
            "/o/{office}/shelf/at/{shop}",
            get(place::back).post(place::take_back),
        )
}

fn row(of: &Named, line: &StockLine) -> TableRow {
    TableRow {
        cells: vec![
            line.product.name.clone(),
            of.name.clone(),
            line.lot.clone(),
            format!("{} {}", line.quantity.normalize(), line.unit),
            line.best_before.map_or("なし".to_owned(), |until| day(until.day)),
        ],
        ..TableRow::default()
    }
}

/// Offices in a list, each once.
fn each<'a>(of: impl Iterator<Item = &'a Named>) -> Vec<Named> {
    let mut all: Vec<Named> = of.cloned().collect();
    all.sort();
    all.dedup();
    all
}

async fn page_of(
    api: &Api,
    asked: &Asked,
    visitor: &Visitor,
    (office, code): (OfficeId, &Code),
) -> Result<MastersPage, PageError> {
    let ShelfView {
        here,
        elsewhere,
        sold,
    } = shelf(&api.book, visitor.viewer(), office).await?;
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let mut page = MastersPage::new(shell, "棚(委託)");
    page.back = Some((format!("/o/{code}"), "ホーム".to_owned()));
    if here.is_empty() && elsewhere.is_empty() && sold.is_empty() {
        "いま、棚には何もありません。".clone_into(&mut page.text);
    }
    page.tables.push(Table {
        caption: "よく売れています(この7日)".to_owned(),
        heads: vec!["品目", "店", "売れた数", "残り", ""],
        rows: sold
            .iter()
            .map(|of| TableRow {
                cells: vec![
                    of.product.name.clone(),
                    of.shop.name.clone(),
                    format!("{} {}", of.sold.normalize(), of.unit),
                    format!("{} {}", of.left.normalize(), of.unit),
                    if of.refill {
                        "足しませんか".to_owned()
                    } else {
                        String::new()
                    },
                ],
                ..TableRow::default()
            })
            .collect(),
    });
    page.tables.push(Table {
        caption: "ほかの事業所の棚にある、うちのもの".to_owned(),
        heads: vec!["品目", "店", "ロット", "数", "期限"],
        rows: elsewhere.iter().map(|line| row(&line.holder, line)).collect(),
    });
    page.tables.push(Table {
        caption: "うちの棚にある、ほかの事業所のもの".to_owned(),
        heads: vec!["品目", "持ち主", "ロット", "数", "期限"],
        rows: here.iter().map(|line| row(&line.owner, line)).collect(),
    });
    page.ways
        .push((format!("/o/{code}/consign"), "置きに行く".to_owned()));
    for shop in each(elsewhere.iter().map(|line| &line.holder)) {
        let name = format!("{}から引き取る", shop.name);
        page.ways
            .push((format!("/o/{code}/shelf/at/{}", shop.code), name));
    }
    for owner in each(here.iter().map(|line| &line.owner)) {
        let name = format!("{}のものを数える", owner.name);
        page.ways
            .push((format!("/o/{code}/shelf/of/{}", owner.code), name));
    }
    Ok(page)
}

async fn show(
    State(api): State<Api>,
    Path(office): Path<String>,
    asked: Asked,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let (office, code) = visitor.office(&api, &office).await?;
    let page = page_of(&api, &asked, &visitor, (office, &code)).await?;
    Ok(page.answer(&asked))
}
