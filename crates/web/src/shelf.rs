//! 棚(委託): for the shop whose goods lie on its shelf, and to count them; for the producer what lies where, how it sells, to
//! place more and to take back. What is near its last day is marked, with the way to give it back, throw it away or sell it for
//! less; and what came in another number than was placed is told to its owner. These pages speak ふつう alone.

pub mod arrived;
mod count;
mod lot;
mod place;
pub mod words;

use crate::{
    error::PageError,
    masters::{MastersPage, Press, Table, TableRow, day},
    page::Asked,
    shell::Shell,
    visitor::Visitor,
};
use api::Api;
use app::views::{
    names::Named,
    shelf::{Placement, ShelfView, SoldAhead, shelf},
    stock::StockLine,
};
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use domain::{
    calendar::{Day, business_day},
    id::OfficeId,
    text::Code,
};

/// All pages of the shelf.
pub fn routes() -> Router<Api> {
    Router::new()
        .route("/o/{office}/shelf", get(show))
        .route("/o/{office}/shelf/of/{owner}", get(count::show).post(count::save))
        .route(
            "/o/{office}/shelf/of/{owner}/arrived",
            get(arrived::show).post(arrived::save),
        )
        .route(
            "/o/{office}/shelf/of/{owner}/lots/{lot}",
            get(lot::show).post(lot::save),
        )
        .route("/o/{office}/consign", get(place::show).post(place::save))
        .route(
            "/o/{office}/shelf/at/{shop}",
            get(place::back).post(place::take_back),
        )
}

/// A lot on a shelf: with the day marked, and what there is to do about it.
fn row(of: &Named, line: &StockLine, today: Day, presses: Vec<Press>) -> TableRow {
    TableRow {
        cells: vec![
            line.product.name.clone(),
            of.name.clone(),
            line.lot.clone(),
            format!("{} {}", line.quantity.normalize(), line.unit),
            words::until(line.best_before, today),
        ],
        presses,
        ..TableRow::default()
    }
}

/// What the shop can do about a lot: all of it by its name, what presses by a button.
fn here_row(code: &Code, line: &StockLine, today: Day) -> TableRow {
    let page = format!("/o/{code}/shelf/of/{}/lots/{}", line.owner.code, line.lot);
    let mut ways = Vec::new();
    if words::is_near(line.best_before, today) {
        let about = format!("{} {}", line.product.name, line.lot);
        for (what, label) in [("return", "返す"), ("dispose", "捨てる"), ("sell", "値下げ")] {
            ways.push(Press::way(format!("{page}#{what}-heading"), label, &about));
        }
    }
    TableRow {
        link: Some(page),
        ..row(&line.owner, line, today, ways)
    }
}

/// What its owner can do about a lot on another's shelf.
fn elsewhere_row(code: &Code, line: &StockLine, today: Day) -> TableRow {
    let mut ways = Vec::new();
    if words::is_near(line.best_before, today) {
        let page = format!("/o/{code}/shelf/at/{}", line.holder.code);
        let about = format!("{} {}", line.product.name, line.lot);
        ways.push(Press::way(page, "引き取る", &about));
    }
    row(&line.holder, line, today, ways)
}

/// What others placed here lately.
fn placed_rows(code: &Code, placed: &[Placement]) -> Vec<TableRow> {
    let here = placed.iter().filter(|one| one.shop.code == code.as_str());
    let rows = here.flat_map(|one| {
        let page = format!("/o/{code}/shelf/of/{}/arrived", one.owner.code);
        one.lines.iter().map(move |line| TableRow {
            cells: vec![
                line.product.name.clone(),
                one.owner.name.clone(),
                line.lot.clone(),
                day(one.placed_on),
                format!("{} {}", line.placed.normalize(), line.unit),
                format!("{} {}", line.there.normalize(), line.unit),
            ],
            presses: vec![Press::way(
                page.clone(),
                "届いた数がちがう",
                &format!("{} {}", line.product.name, line.lot),
            )],
            ..TableRow::default()
        })
    });
    rows.collect()
}

/// 数える前に売れた分.
fn ahead_rows(code: &Code, ahead: &[SoldAhead]) -> Vec<TableRow> {
    let row = |one: &SoldAhead| TableRow {
        cells: vec![
            one.product.name.clone(),
            one.owner.name.clone(),
            one.shop.name.clone(),
            one.lot.clone(),
            day(one.sold_on),
            format!("{} {}", one.quantity.normalize(), one.unit),
        ],
        link: Some(format!("/o/{code}/entries/{}", one.entry.0)),
        ..TableRow::default()
    };
    ahead.iter().map(row).collect()
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
        placed,
        ahead,
        terms: _,
    } = shelf(&api.book, visitor.viewer(), office).await?;
    let today = business_day(api.book.outside().clock.now());
    let shell = Shell::of_office(api, asked, visitor, office).await?;
    let mut page = MastersPage::new(shell, "棚(委託)");
    page.back = Some((format!("/o/{code}"), "ホーム".to_owned()));
    if here.is_empty() && elsewhere.is_empty() && sold.is_empty() && ahead.is_empty() {
        "いま、棚には何もありません。".clone_into(&mut page.text);
    }
    page.tables
        .push(arrived::open_differences(api, visitor, (office, code.as_str())).await?);
    page.tables.push(Table {
        caption: "数える前に売れた分(帳簿になかったもの。棚卸で数えると合います)".to_owned(),
        heads: vec!["品目", "持ち主", "店", "ロット", "売れた日", "数"],
        rows: ahead_rows(code, &ahead),
    });
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
        heads: vec!["品目", "店", "ロット", "数", "期限", "すること"],
        rows: (elsewhere.iter())
            .map(|line| elsewhere_row(code, line, today))
            .collect(),
    });
    page.tables.push(Table {
        caption: "うちの棚にある、ほかの事業所のもの".to_owned(),
        heads: vec!["品目", "持ち主", "ロット", "数", "期限", "すること"],
        rows: (here.iter()).map(|line| here_row(code, line, today)).collect(),
    });
    page.tables.push(Table {
        caption: "この2週間に、ほかの事業所が棚に置いたもの".to_owned(),
        heads: vec![
            "品目",
            "持ち主",
            "ロット",
            "置いた日",
            "置いた数",
            "いまの数",
            "すること",
        ],
        rows: placed_rows(code, &placed),
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
    let short = ahead.iter().filter(|one| one.shop.code == code.as_str());
    for owner in each(short.map(|one| &one.owner)) {
        let name = format!("{}のものを棚卸する", owner.name);
        page.ways
            .push((format!("/o/{code}/count?of={}", owner.code), name));
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
